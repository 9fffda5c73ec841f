"""What is told of a bearer without a flow: only what the whole way tells as well, and nothing once anything has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.config import Settings
from cognito_auth.errors import CognitoAuthError
from cognito_auth.guards import Requirement, group, recent, scope, signed_in
from cognito_auth.secret import Secret
from cognito_auth.stores import MemoryStore
from cognito_auth.user import User
from cognito_auth.web import Request, WebAuth, WebOptions
from tests.support.drive import World, unreachable
from tests.support.tokens import CLIENT_ID, NOW, POOL_ID, access_claims, id_claims, jwk, key_set, signed

OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),))
TOKEN: Final = signed(access_claims())
BEARER: Final = f"Bearer {TOKEN}"
MONOTONIC: Final = World().monotonic
Known = Callable[..., User | None]


def known_to(world: World, **options: Any) -> WebAuth:
    """An application that has keys and has seen the token."""
    auth = WebAuth(Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID), replace(OPTIONS, **options))
    world.run(auth.verifier.access_token(TOKEN))
    return auth


def recalled(
    auth: WebAuth,
    authorization: str = BEARER,
    requirement: Requirement | None = None,
    *,
    now: float = NOW,
    monotonic: float = MONOTONIC,
) -> User | None:
    return auth.recall(authorization, signed_in() if requirement is None else requirement, now, monotonic)


@pytest.fixture(scope="module")
def auth() -> WebAuth:
    return known_to(World())


def test_who_was_verified_before_is_known(auth: WebAuth) -> None:
    user = recalled(auth)
    assert user is not None
    assert (user.token.raw, user.username, user.proofs) == (TOKEN, "ana", frozenset())


@pytest.mark.parametrize("authorization", [f"bearer {TOKEN}", f"BEARER   {TOKEN}  ", f"Bearer {TOKEN}\t"])
def test_spellings(auth: WebAuth, authorization: str) -> None:
    assert recalled(auth, authorization) is not None


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer{TOKEN}",
        f"Bearer\t{TOKEN}",
        f"Bearer {TOKEN}, Bearer {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {signed(access_claims(username='bob'))}",
        f"Bearer {signed(id_claims())}",
    ],
)
def test_nobody_else_is(auth: WebAuth, authorization: str) -> None:
    assert recalled(auth, authorization) is None


@pytest.mark.parametrize(
    ("requirement", "passes"),
    [
        (group("admin"), True),
        (group("nobody"), False),
        (scope("orders/read") & group("editors"), True),
        (recent(max_age=600), True),
        (recent(max_age=1), False),
    ],
)
def test_requirements(auth: WebAuth, requirement: Requirement, *, passes: bool) -> None:
    assert (recalled(auth, requirement=requirement) is not None) is passes


def test_the_leeway_of_a_requirement_is_the_verifiers(auth: WebAuth) -> None:
    """The sign-in is a minute old."""
    assert recalled(auth, requirement=recent(max_age=30)) is not None
    assert recalled(auth, requirement=recent(max_age=29)) is None


@pytest.mark.parametrize(("now", "known"), [(NOW - 91, False), (NOW - 90, True), (NOW + 3629, True), (NOW + 3630, False)])
def test_outside_its_time_nobody_is(auth: WebAuth, now: float, *, known: bool) -> None:
    assert (recalled(auth, now=now) is not None) is known


def test_keys_that_are_due_are_asked_for_first() -> None:
    world = World()
    auth = known_to(world)
    policy = auth.verifier.policy
    due, over = MONOTONIC + policy.refresh_after, MONOTONIC + policy.max_age
    assert recalled(auth, monotonic=due - 1) is not None
    assert recalled(auth, monotonic=due) is None, "the flow has them fetched meanwhile"
    assert recalled(auth, monotonic=over) is None


def test_keys_that_are_too_old_prove_nothing_though_the_next_attempt_is_later() -> None:
    world = World()
    auth = known_to(world)
    over = MONOTONIC + auth.verifier.policy.max_age
    world.answer, world.monotonic = unreachable(), over - 1
    world.run(auth.verifier.access_token(TOKEN))
    world.settle()
    assert recalled(auth, monotonic=over - 0.5) is not None, "after a failure, the pause lasts beyond their time"
    assert recalled(auth, monotonic=over) is None


def test_keys_that_changed_prove_nothing_any_more() -> None:
    world = World()
    auth = known_to(world)
    world.answer = key_set(jwk(), jwk("another"))
    world.monotonic += auth.verifier.policy.refresh_after * 1.25
    bob = signed(access_claims(username="bob"))
    world.run(auth.verifier.access_token(bob))  # has the new set fetched, and the old one serves on meanwhile
    world.settle()
    world.run(auth.verifier.access_token(bob))
    assert len(world.fetches) == 2
    assert recalled(auth, f"Bearer {bob}", monotonic=world.monotonic) is not None
    assert recalled(auth, monotonic=world.monotonic) is None, "what the old set proved went with it"


@pytest.mark.parametrize("options", [{"deliveries": ("cookie",)}, {"early_end": MemoryStore()}])
def test_where_more_is_to_be_asked_nobody_is(options: dict[str, Any]) -> None:
    assert recalled(known_to(World(), **options)) is None


def test_nobody_is_where_nothing_is_remembered() -> None:
    assert recalled(known_to(World(), remembered_tokens=0)) is None


def test_as_many_are_as_the_options_say() -> None:
    world = World()
    auth = known_to(world, remembered_tokens=2)
    others = [signed(access_claims(username=name)) for name in ("bob", "eve")]
    for token in others:
        world.run(auth.verifier.access_token(token))
    assert [recalled(auth, f"Bearer {token}") is not None for token in (TOKEN, *others)] == [False, True, True]


AUTHORIZATIONS: Final = st.one_of(
    st.sampled_from([BEARER, f"bearer {TOKEN}", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer  {TOKEN} "]),
    st.text(max_size=40).map(lambda text: f"Bearer {text}"),
    st.text(max_size=40),
)


@given(AUTHORIZATIONS, st.sampled_from([signed_in(), group("admin"), group("nobody"), recent(max_age=10)]))
def test_whoever_is_recalled_is_admitted_by_the_whole_way(authorization: str, requirement: Requirement) -> None:
    world = World()
    auth = known_to(world)
    user = recalled(auth, authorization, requirement)
    request = Request(method="GET", scheme="https", headers=(("authorization", authorization),))
    admitted: User | None = None
    try:
        admitted = world.run(auth.admit(world.run(auth.authenticate(request)), requirement))
    except CognitoAuthError:
        assert user is None
    assert user is None or user == admitted
