"""Age: when keys are fetched anew, and for how long they are trusted."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.effects import Background, Monotonic, Now
from cognito_auth.errors import KeysUnavailable, UnknownKey
from cognito_auth.tokens import KeyPolicy
from tests.support.drive import World, loaded, unreachable
from tests.support.tokens import jwk, key_set, token_of

DAY: Final = 24 * 3600.0


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


@pytest.mark.parametrize(("chance", "due"), [(0, 3600), (51, 3780), (255, 4500)])
def test_chance_puts_off_the_background_by_up_to_a_quarter(chance: int, due: float) -> None:
    world = World()
    world.chance = chance
    made, token = loaded(world), token_of()
    world.advance(due - 0.25)
    world.run(made.access_token(token))
    assert Background not in world.performed
    world.advance(0.25)
    world.run(made.access_token(token))
    assert Background in world.performed


def test_two_verifiers_of_one_pool_refresh_each_for_itself() -> None:
    world = World()
    both = [loaded(world), loaded(world)]
    world.advance(4500)
    world.answer = key_set(jwk("new"))
    world.run_all(*[made.access_token(token_of()) for made in both])
    world.settle()
    assert len(world.fetches) == 4
    for made in both:
        assert made.check_access_token(token_of("new"), world.now).username == "ana"


def test_the_background_is_called_jwks() -> None:
    """A thread has the name, and so has what is logged of a failure."""
    world = World()
    made = loaded(world)
    world.advance(4500)
    flow = made.access_token(token_of())
    effect = next(flow)
    while not isinstance(effect, Background):
        effect = flow.send(world.now if isinstance(effect, Now) else world.monotonic)
    assert effect.key[0] == "jwks"


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
