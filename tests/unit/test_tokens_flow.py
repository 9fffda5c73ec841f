"""Verification with keys that have to be fetched: when they are, and what faults are survived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

import pytest

from cognito_auth.effects import Background, FetchKeySet, Flow, Monotonic, Now, RandomBytes, Share
from cognito_auth.errors import KeysUnavailable, TokenError, UnknownKey
from cognito_auth.tokens import KeyPolicy
from cognito_auth.tokens.keyring import KeyRing
from tests.support.drive import World, loaded, unreachable
from tests.support.tokens import (
    JWKS_URI,
    NOW,
    base64url,
    compact,
    header,
    id_claims,
    jwk,
    key_set,
    kid,
    signed,
    token_of,
    verifier,
)

DAY: Final = 24 * 3600.0


def made_up_tokens(count: int) -> Iterator[str]:
    """Tokens that name keys that nobody has."""
    rest = token_of().partition(".")[2]
    for number in range(count):
        yield f"{base64url(compact(header(kid=kid(f'made-up-{number}'))))}.{rest}"


def first_fetch(flow: Flow[Any], world: World) -> Flow[None]:
    """The flow that fetches, which a flow asks to be shared or to be run in the background; both are left there."""
    effect = next(flow)
    while not isinstance(effect, Share | Background):
        effect = flow.send(world.now if isinstance(effect, Now) else world.monotonic)
    return cast("Flow[None]", effect.flow())


def fetching(fetch: Flow[None], world: World) -> FetchKeySet:
    """What the flow that fetches asks for; it is left there."""
    effect = next(fetch)
    while not isinstance(effect, FetchKeySet):
        effect = fetch.send(world.monotonic if isinstance(effect, Monotonic) else b"\0")
    return effect


def abandon_while_fetching(flow: Flow[Any], world: World) -> None:
    fetch = first_fetch(flow, world)
    fetching(fetch, world)
    fetch.close()


# Fetching


def test_a_known_key_takes_two_clocks_and_nothing_else() -> None:
    world = World()
    made = loaded(world)
    for token in (token_of(), token_of(username="another")):
        world.performed.clear()
        world.run(made.access_token(token))
        assert world.performed == [Now, Monotonic]


def test_the_first_token_has_the_set_fetched() -> None:
    world = World()
    world.run(verifier().access_token(token_of()))
    fetch: list[Any] = [Share, Monotonic, RandomBytes, FetchKeySet, Monotonic]
    assert world.performed == [Now, Monotonic, *fetch, Now, Monotonic]


def test_the_set_is_fetched_from_where_the_settings_say() -> None:
    world, uri = World(), "https://keys.example/jwks.json"
    fetch = first_fetch(verifier(jwks_uri=uri).access_token(token_of()), world)
    assert fetching(fetch, world).url == uri


def test_id_tokens_are_verified_alike() -> None:
    assert World().run(verifier().id_token(signed(id_claims()))).username == "ana"


def test_two_hundred_first_requests_make_one_fetch() -> None:
    world, made = World(), verifier()
    outcomes = world.run_all(*[made.access_token(token_of(username=f"user-{number}")) for number in range(200)])
    assert [outcome.result().username for outcome in outcomes] == [f"user-{number}" for number in range(200)]
    assert len(world.fetches) == 1


def test_two_hundred_first_requests_fail_together() -> None:
    world, made = World(unreachable()), verifier()
    outcomes = world.run_all(*[made.access_token(token_of(username=f"user-{number}")) for number in range(200)])
    assert {type(outcome.error) for outcome in outcomes} == {KeysUnavailable}
    assert len(world.fetches) == 1


def test_two_verifiers_of_one_pool_do_not_take_each_others_keys() -> None:
    world, first, second = World(), verifier(), verifier()
    outcomes = world.run_all(first.access_token(token_of()), second.access_token(token_of()))
    assert all(outcome.result().username == "ana" for outcome in outcomes)


def test_a_new_key_is_accepted_at_once_and_by_one_fetch() -> None:
    world = World()
    made = loaded(world)
    world.answer = key_set(jwk(), jwk("new"))
    outcomes = world.run_all(*[made.access_token(token_of("new", username=f"user-{number}")) for number in range(50)])
    assert [outcome.result().username for outcome in outcomes] == [f"user-{number}" for number in range(50)]
    assert len(world.fetches) == 2
    assert world.run(made.access_token(token_of())).username == "ana"


def test_two_rotations_within_the_pause_are_both_accepted() -> None:
    world = World()
    made = loaded(world)
    for name in ("new", "newer"):
        world.answer = key_set(jwk(name))
        world.run(made.access_token(token_of(name)))
    assert len(world.fetches) == 3


def test_a_thousand_unknown_names_make_one_fetch_in_each_interval() -> None:
    world = World()
    made = loaded(world)
    for interval in (1, 2, 3):
        for token in made_up_tokens(1000):
            with pytest.raises(UnknownKey):
                world.run(made.access_token(token))
            world.advance(0.009)
        assert len(world.fetches) == 1 + interval
        assert world.run(made.access_token(token_of())).username == "ana"
        world.advance(1.0)


def test_a_thousand_unknown_names_at_once_make_one_fetch() -> None:
    world = World()
    made = loaded(world)
    outcomes = world.run_all(*[made.access_token(token) for token in made_up_tokens(1000)])
    assert {type(outcome.error) for outcome in outcomes} == {UnknownKey}
    assert len(world.fetches) == 2


def test_unknown_names_from_the_start_make_one_fetch() -> None:
    world, made = World(), verifier()
    for token in made_up_tokens(100):
        with pytest.raises(UnknownKey):
            world.run(made.access_token(token))
    assert len(world.fetches) == 1


def test_a_name_that_was_unknown_is_accepted_after_the_pause() -> None:
    world = World()
    made = loaded(world)
    with pytest.raises(UnknownKey):
        world.run(made.access_token(token_of("new")))
    world.answer = key_set(jwk("new"))
    world.advance(9.9)
    with pytest.raises(UnknownKey):
        world.run(made.access_token(token_of("new")))
    world.advance(0.1)
    assert world.run(made.access_token(token_of("new"))).username == "ana"


def test_within_the_pause_nobody_waits_for_anything() -> None:
    world = World()
    made = loaded(world)
    for token in made_up_tokens(2):
        world.performed.clear()
        with pytest.raises(UnknownKey):
            world.run(made.access_token(token))
    assert world.performed == [Now, Monotonic, Now, Monotonic]


def test_whoever_comes_late_finds_what_the_other_has_fetched() -> None:
    """A flow that wanted a fetch, and gets its turn when another has just made it, makes none."""
    world = World()
    made = loaded(world)
    world.answer = key_set(jwk(), jwk("new"))
    late = first_fetch(made.access_token(token_of("new", username="late")), world)
    world.run(made.access_token(token_of("new")))
    world.run(late)
    assert len(world.fetches) == 2


def test_a_background_that_comes_late_finds_what_another_has_fetched() -> None:
    world = World()
    made = loaded(world)
    world.advance(4500)
    late = first_fetch(made.access_token(token_of()), world)
    world.answer = key_set(jwk(), jwk("new"))
    world.run(made.access_token(token_of("new")))
    world.settle()
    fetches = len(world.fetches)
    world.run(late)
    assert len(world.fetches) == fetches


# Faults


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(unreachable(), id="unreachable"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="html"),
        pytest.param(b"{", id="garbage"),
        pytest.param(b'{"keys":[]}', id="no-keys"),
        pytest.param(key_set(jwk(use="enc")), id="no-usable-key"),
        pytest.param(key_set() + b" " * 1_000_001, id="oversized"),
    ],
)
class TestABadAnswer:
    def test_leaves_good_keys_where_they_are(self, answer: bytes | Exception, caplog: pytest.LogCaptureFixture) -> None:
        world = World()
        made = loaded(world)
        world.answer = answer
        world.advance(4500)
        assert world.run(made.access_token(token_of())).username == "ana"
        world.settle()
        assert world.logged == []
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        with pytest.raises(UnknownKey, match="the last attempt to fetch the set failed"):
            world.run(made.access_token(token_of("new")))
        assert world.run(made.access_token(token_of(username="another"))).username == "another"

    def test_at_the_start_is_no_word_on_the_token(self, answer: bytes | Exception) -> None:
        world, made = World(answer), verifier()
        for pause in (0, 0.5):
            world.advance(pause)
            with pytest.raises(KeysUnavailable) as raised:
                world.run(made.access_token(token_of()))
            assert raised.value.retry_after is not None
            assert 1 <= raised.value.retry_after <= 5
        assert len(world.fetches) == 1

    def test_at_the_start_heals_within_five_seconds(self, answer: bytes | Exception) -> None:
        world, made, token = World(answer), verifier(), token_of()
        for _ in range(600):
            with pytest.raises(KeysUnavailable):
                world.run(made.access_token(token))
            world.advance(1.0)
        assert len(world.fetches) == 600
        # Of five seconds, an attempt that began just before the recovery may take three to fail.
        world.answer = key_set()
        world.advance(2.0)
        assert world.run(made.access_token(token)).username == "ana"

    def test_refuses_a_strict_start(self, answer: bytes | Exception) -> None:
        world, made = World(answer), verifier()
        with pytest.raises(KeysUnavailable):
            world.run(made.load_keys())
        with pytest.raises(KeysUnavailable):
            world.run(made.load_keys())
        assert len(world.fetches) == 1


def test_with_keys_an_unknown_name_is_no_server_error_while_the_issuer_is_down() -> None:
    """Otherwise a stranger could turn a fault that nobody notices into one that everybody does."""
    world = World()
    made = loaded(world)
    world.answer = unreachable()
    for token in made_up_tokens(1000):
        with pytest.raises(UnknownKey, match="the last attempt to fetch the set failed"):
            world.run(made.access_token(token))
        world.advance(0.009)
    assert len(world.fetches) == 2
    world.answer = key_set()
    world.advance(1.0)
    for token in made_up_tokens(2):
        with pytest.raises(UnknownKey, match=r"set$"):
            world.run(made.access_token(token))


def test_hanging_up_does_not_have_the_issuer_asked_again() -> None:
    world = World()
    made = loaded(world)
    first, *others = made_up_tokens(100)
    abandon_while_fetching(made.access_token(first), world)
    for token in others:
        with pytest.raises(UnknownKey):
            world.run(made.access_token(token))
    assert len(world.fetches) == 1


def test_without_keys_another_takes_over_from_whoever_hangs_up() -> None:
    world, made = World(), verifier()
    abandon_while_fetching(made.access_token(token_of()), world)
    assert world.run(made.access_token(token_of())).username == "ana"


def test_any_error_of_a_fetch_makes_a_pause() -> None:
    world, made = World(ZeroDivisionError("a fault of the driver")), verifier()
    for expected in (ZeroDivisionError, KeysUnavailable):
        with pytest.raises(expected):
            world.run(made.access_token(token_of()))
    assert len(world.fetches) == 1


def test_without_keys_the_error_says_why() -> None:
    with pytest.raises(KeysUnavailable, match="no answer"):
        World(unreachable()).run(verifier().access_token(token_of()))


@pytest.mark.parametrize("monotonic", [0.0, 1e9])
def test_there_is_always_a_time_to_come_back(monotonic: float) -> None:
    refusal = KeyRing(JWKS_URI, policy=KeyPolicy(), remember=1).refusal("name", monotonic)
    assert refusal.retry_after == 1


def test_bad_tokens_are_told_apart_without_keys() -> None:
    world, made = World(unreachable()), verifier()
    with pytest.raises(TokenError):
        world.run(made.access_token("garbage"))
    assert world.fetches == []


def test_a_strict_start_loads_the_keys_once() -> None:
    world, made = World(), verifier()
    for _ in range(3):
        world.run(made.load_keys())
    assert made.check_access_token(token_of(), NOW).username == "ana"
    assert len(world.fetches) == 1


def test_a_strict_start_is_content_with_keys_that_are_due() -> None:
    world, made = World(), verifier()
    world.run(made.load_keys())
    world.answer = unreachable()
    world.advance(4500)
    world.run(made.load_keys())
