"""Verification over time: when keys are fetched, how long they are trusted, what is remembered and for how long."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest

from cognito_auth.config import Settings
from cognito_auth.effects import Background, FetchKeySet, Monotonic, Now, RandomBytes, Share
from cognito_auth.errors import KeysUnavailable, SignatureInvalid, TokenError, TokenExpired, TokenNotYetValid, UnknownKey
from cognito_auth.secret import MASK
from cognito_auth.tokens import AccessToken, IdToken, KeyPolicy, KeyWanted, TokenVerifier, VerifiedToken
from cognito_auth.tokens.jws import key_id
from cognito_auth.tokens.trust import Trust
from tests.support.drive import World, unreachable
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    NEW_ISSUER,
    NOW,
    POOL_ID,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    jwk,
    key_set,
    kid,
    private_key,
    signed,
    verifier,
)

DAY: Final = 24 * 3600.0


def token_of(name: str = "main", **changes: Any) -> str:
    """An access token that the named key signed, valid for a month."""
    claims = access_claims(exp=int(NOW + 30 * DAY), **changes)
    return signed(claims, header(kid=kid(name)), private_key(name))


def made_up_tokens(count: int) -> Iterator[str]:
    """Tokens that name keys that nobody has."""
    rest = token_of().partition(".")[2]
    for number in range(count):
        yield f"{base64url(compact(header(kid=kid(f'made-up-{number}'))))}.{rest}"


def memory_of(made: TokenVerifier) -> Trust:
    return made._ring.latest  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else


def loaded(world: World, **options: Any) -> TokenVerifier:
    made = verifier(**options)
    world.run(made.access_token(token_of()))
    return made


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
    def test_leaves_good_keys_where_they_are(self, answer: bytes | Exception) -> None:
        world = World()
        made = loaded(world)
        world.answer = answer
        world.advance(4500)
        assert world.run(made.access_token(token_of())).username == "ana"
        world.settle()
        assert [type(error) for error in world.logged] == [KeysUnavailable]
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


# Age


def test_keys_are_refetched_in_the_background_while_they_serve() -> None:
    world = World()
    made = loaded(world)
    world.advance(3599)
    world.run(made.access_token(token_of()))
    assert Background not in world.performed
    world.advance(901)
    world.answer = key_set(jwk("new"))
    for _ in range(10):
        assert world.run(made.access_token(token_of())).username == "ana"
    assert len(world.fetches) <= 2
    world.settle()
    assert len(world.fetches) == 2
    world.performed.clear()
    assert world.run(made.access_token(token_of("new"))).username == "ana"
    assert world.performed == [Now, Monotonic]


def test_a_failing_background_backs_off() -> None:
    world = World()
    made = loaded(world)
    world.answer, token = unreachable(), token_of()
    while world.monotonic < 1000 + DAY:
        world.advance(10)
        assert world.run(made.access_token(token)).username == "ana"
        world.settle()
    pauses = [later - earlier for earlier, later in zip(world.fetches[1:], world.fetches[2:], strict=False)]
    assert min(pauses) >= 60
    assert max(pauses) <= 750
    assert len(world.fetches) < 150


def test_a_withdrawn_key_goes_with_the_next_fetch() -> None:
    world = World()
    made = loaded(world)
    world.answer = key_set(jwk("new"))
    world.advance(4500)
    world.run(made.access_token(token_of()))
    world.settle()
    with pytest.raises(UnknownKey):
        world.run(made.access_token(token_of()))


def test_keys_are_trusted_for_a_day_without_the_issuer_and_not_for_ever() -> None:
    world = World()
    made = loaded(world)
    world.answer = unreachable()
    # The worst case: the issuer goes just before the keys were due, with the longest jitter.
    world.advance(1.25 * 3600 + DAY)
    assert world.run(made.access_token(token_of())).username == "ana"
    world.settle()
    world.advance(2 * 3600)
    for token in (token_of(), token_of(username="another")):
        with pytest.raises(KeysUnavailable):
            world.run(made.access_token(token))
    world.answer = key_set()
    world.advance(10)
    assert world.run(made.access_token(token_of())).username == "ana"


def test_age_is_counted_on_the_monotonic_clock() -> None:
    world = World()
    made = loaded(world)
    world.answer = unreachable()
    world.now += 20 * DAY
    assert world.run(made.access_token(token_of())).username == "ana"
    assert len(world.fetches) == 1


def test_policy_is_the_applications() -> None:
    world = World()
    made = loaded(world, policy=KeyPolicy(refresh_after=60, max_age=100, unknown_kid_interval=2))
    world.answer = unreachable()
    world.advance(99)
    assert world.run(made.access_token(token_of())).username == "ana"
    world.settle()
    world.advance(1)
    with pytest.raises(KeysUnavailable):
        world.run(made.access_token(token_of()))


# Time


@pytest.mark.parametrize("claim", ["iat", "nbf"])
@pytest.mark.parametrize(("skew", "passes"), [(29, True), (30, True), (31, False), (90, False), (3600, False)])
def test_a_clock_behind_cognitos(claim: str, skew: int, passes: bool) -> None:
    world, made = World(), verifier()
    token = signed(access_claims(**{claim: int(NOW) + skew}))
    if passes:
        assert world.run(made.access_token(token)).username == "ana"
    else:
        with pytest.raises(TokenNotYetValid, match=claim):
            world.run(made.access_token(token))


@pytest.mark.parametrize(("skew", "passes"), [(29, True), (30, False), (31, False), (90, False), (3600, False)])
def test_a_clock_ahead_of_cognitos(skew: int, passes: bool) -> None:
    world, made = World(), verifier()
    token = signed(access_claims(exp=int(NOW) - skew))
    if passes:
        assert world.run(made.access_token(token)).username == "ana"
    else:
        with pytest.raises(TokenExpired):
            world.run(made.access_token(token))


@pytest.mark.parametrize("leeway", [0, 60])
def test_leeway_is_the_applications(leeway: int) -> None:
    made = loaded(World(), leeway=leeway)
    assert made.check_access_token(signed(access_claims(exp=int(NOW) - leeway + 1)), NOW)
    with pytest.raises(TokenExpired):
        made.check_access_token(signed(access_claims(exp=int(NOW) - leeway)), NOW)


def test_a_clock_that_steps_back() -> None:
    world, made = World(), verifier()
    token = token_of()
    assert world.run(made.access_token(token)).username == "ana"
    world.now -= 3600
    with pytest.raises(TokenNotYetValid):
        world.run(made.access_token(token))
    world.now += 3600
    assert world.run(made.access_token(token)).username == "ana"


def test_a_clock_that_is_broken_lets_nobody_in() -> None:
    made = loaded(World())
    for token in (token_of(), token_of(username="another")):
        with pytest.raises(TokenExpired):
            made.check_access_token(token, float("nan"))


# Memory


def test_a_remembered_token_expires() -> None:
    made = loaded(World())
    token = signed(access_claims())
    first = made.check_access_token(token, NOW)
    assert made.check_access_token(token, NOW + 3629) is first
    with pytest.raises(TokenExpired):
        made.check_access_token(token, NOW + 3630)
    with pytest.raises(TokenExpired):
        made.check_access_token(token, NOW + DAY)


def test_a_remembered_token_is_compared_whole() -> None:
    """One that only ends like it is another token."""
    made = loaded(World())
    token = token_of()
    made.check_access_token(token, NOW)
    head, payload, proof = token.split(".")
    for other in (f"{head}.{payload[:-4]}AAAA.{proof}", f"{head}.{payload}.{'A' if proof[0] != 'A' else 'B'}{proof[1:]}"):
        with pytest.raises(SignatureInvalid):
            made.check_access_token(other, NOW)


def test_a_token_remembered_as_one_kind_is_not_the_other() -> None:
    made = loaded(World())
    access, identity = token_of(), signed(id_claims())
    made.check_access_token(access, NOW)
    made.check_id_token(identity, NOW)
    with pytest.raises(TokenError, match="this is an access token"):
        made.check_id_token(access, NOW)
    with pytest.raises(TokenError, match="this is an ID token"):
        made.check_access_token(identity, NOW)


def test_refused_tokens_are_not_remembered() -> None:
    made = loaded(World())
    early = signed(access_claims(iat=int(NOW) + 100))
    with pytest.raises(TokenNotYetValid):
        made.check_access_token(early, NOW)
    assert made.check_access_token(early, NOW + 100).username == "ana"


def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    made = loaded(World(), remember=3)
    tokens = [token_of(username=f"user-{number}") for number in range(5)]
    first = [made.check_access_token(token, NOW) for token in tokens]
    again = [made.check_access_token(token, NOW) for token in reversed(tokens)]
    assert [old is new for old, new in zip(reversed(first), again, strict=True)] == [True, True, True, False, False]


def test_remembering_can_be_switched_off() -> None:
    made = loaded(World(), remember=0)
    token = token_of()
    assert made.check_access_token(token, NOW) is not made.check_access_token(token, NOW)


def test_headers_are_bounded() -> None:
    """Whoever has a key can spell a header in any number of ways; that must not fill the memory."""
    world = World()
    made = loaded(world)
    spellings = [b"{%s" % (b" " * number) + b'"kid":"%s","alg":"RS256"}' % kid().encode() for number in range(150)]
    for spelling in spellings:
        assert made.check_access_token(signed(access_claims(), spelling), NOW).username == "ana"
    assert len(memory_of(made)._headers) == 100  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else


def test_a_new_key_set_forgets_what_the_old_one_proved() -> None:
    world = World(key_set(jwk(), jwk("second")))
    made = loaded(world)
    token = token_of("second")
    first = made.check_access_token(token, NOW)
    assert made.check_access_token(token, NOW) is first
    world.answer = key_set(jwk("second"))
    world.advance(4500)
    world.run(made.access_token(token_of()))
    world.settle()
    assert made.check_access_token(token, NOW) is not first
    with pytest.raises(KeyWanted):
        made.check_access_token(token_of(), NOW)


def test_the_same_key_set_forgets_nothing() -> None:
    world = World()
    made = loaded(world)
    token = token_of()
    first = made.check_access_token(token, NOW)
    world.advance(4500)
    world.run(made.access_token(token))
    world.settle()
    assert len(world.fetches) == 2
    assert made.check_access_token(token, NOW) is first


def test_a_key_that_changes_behind_its_name_is_a_new_key() -> None:
    world = World()
    made = loaded(world)
    token = token_of()
    made.check_access_token(token, NOW)
    world.answer = key_set(jwk("second", kid=kid()))
    world.advance(4500)
    world.run(made.access_token(token))
    world.settle()
    with pytest.raises(SignatureInvalid):
        made.check_access_token(token, NOW)


def test_many_threads_share_one_memory() -> None:
    world = World()
    made = loaded(world, remember=8)
    tokens = [token_of(username=f"user-{number}") for number in range(24)]
    surprises: list[object] = []

    def work(offset: int) -> None:
        for number in range(400):
            wanted = (number * 7 + offset) % len(tokens)
            try:
                name = made.check_access_token(tokens[wanted], NOW).username
            except Exception as error:  # an error in a thread would go unseen
                surprises.append(error)
            else:
                if name != f"user-{wanted}":
                    surprises.append(name)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert surprises == []
    assert len(memory_of(made)._proven) == 8  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else


# What comes out


@pytest.mark.parametrize("kind", [AccessToken, IdToken, VerifiedToken])
def test_nobody_else_makes_verified_tokens(kind: type[VerifiedToken]) -> None:
    with pytest.raises(TypeError, match="only a TokenVerifier"):
        kind()
    with pytest.raises(TypeError, match="only a TokenVerifier"):
        kind(claims=access_claims(), raw="x.y.z")


def test_verified_tokens_are_read_only() -> None:
    token = loaded(World()).check_id_token(signed(id_claims()), NOW)
    for attribute in ("sub", "groups", "claims", "raw", "email", "anything"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(token, attribute, "root")
        with pytest.raises((AttributeError, TypeError)):
            delattr(token, attribute)
    claims: Any = token.claims
    with pytest.raises(TypeError):
        claims["sub"] = "root"
    with pytest.raises(TypeError):
        claims["identities"][0]["userId"] = "2"
    assert isinstance(claims["identities"], tuple)
    assert isinstance(claims["cognito:groups"], tuple)
    assert claims == id_claims(**{"cognito:groups": ("admin",), "identities": claims["identities"]})


def test_verified_tokens_show_neither_themselves_nor_their_claims() -> None:
    token = loaded(World()).check_access_token(token_of(), NOW)
    assert MASK in repr(token)
    assert token.raw not in repr(token)
    assert "orders/read" not in repr(token)
    assert token.sub in repr(token)


def test_verified_tokens_are_values() -> None:
    world = World()
    first, second = loaded(world), loaded(world)
    token, other = token_of(), token_of(username="another")
    assert first.check_access_token(token, NOW) == second.check_access_token(token, NOW)
    assert len({first.check_access_token(token, NOW), second.check_access_token(token, NOW)}) == 1
    assert first.check_access_token(token, NOW) != first.check_access_token(other, NOW)


def test_verified_tokens_do_not_travel() -> None:
    token = loaded(World()).check_access_token(token_of(), NOW)
    with pytest.raises(TypeError):
        pickle.dumps(token)
    with pytest.raises(TypeError):
        copy.deepcopy(token)


def test_verifiers_show_no_state() -> None:
    made = loaded(World())
    assert "_ring" not in repr(made)
    assert made == verifier()


# Without flows


def test_a_check_without_keys_wants_one() -> None:
    with pytest.raises(KeyWanted) as raised:
        verifier().check_access_token(token_of(), NOW)
    assert raised.value.kid == kid()
    with pytest.raises(KeyWanted):
        verifier().check_id_token(signed(id_claims()), NOW)


def test_the_header_names_the_key() -> None:
    assert key_id(token_of().partition(".")[0].encode()) == kid()


# From settings


def test_for_settings_takes_both_issuers_and_the_client() -> None:
    made = TokenVerifier.for_settings(Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID))
    world = World()
    for issuer in (ISSUER, NEW_ISSUER):
        assert world.run(made.access_token(signed(access_claims(iss=issuer)))).issuer == issuer
    assert made.jwks_uri == f"{ISSUER}/.well-known/jwks.json"
    assert (made.leeway, made.max_token_bytes, made.remember) == (30, 16_384, 10_000)


def test_for_settings_takes_further_clients_and_options() -> None:
    settings = Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID)
    policy = KeyPolicy(refresh_after=60)
    made = TokenVerifier.for_settings(settings, client_ids=["other"], leeway=5, max_token_bytes=5000, remember=7, policy=policy)
    assert made.client_ids == {CLIENT_ID, "other"}
    assert (made.leeway, made.max_token_bytes, made.remember, made.policy) == (5, 5000, 7, policy)
    assert World().run(made.access_token(signed(access_claims(client_id="other")))).client_id == "other"


def test_a_token_without_a_name_for_its_session_is_no_worse() -> None:
    made = loaded(World())
    assert (
        made.check_access_token(signed(access_claims(jti=ABSENT, origin_jti=ABSENT, event_id=ABSENT)), NOW).origin_jti is None
    )
