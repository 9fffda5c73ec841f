"""Requirements: what they let pass, why not, and what they advise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import AccessDenied, InsufficientAuthentication
from cognito_auth.guards import (
    MFA_LEVELS,
    Moment,
    Requirement,
    all_groups,
    any_group,
    group,
    mfa,
    person,
    recent,
    scope,
    signed_in,
)
from cognito_auth.user import User
from tests.support.users import user

NAMES: Final = ("a", "b", "c")
LEVELS: Final = tuple(f"urn:cognito:loa:{level}" for level in range(1, 5))
NOW: Final = 1_800_000_000
LEEWAY: Final = 30
MOMENT: Final = Moment(now=NOW, leeway=LEEWAY)
AGES: Final = (0, 60, 300, 3600)
LEAVES: Final = st.one_of(
    st.sampled_from(NAMES).map(group),
    st.sampled_from(NAMES).map(scope),
    st.just(person()),
    st.just(signed_in()),
    st.sampled_from(AGES[1:]).map(lambda age: recent(max_age=age)),
    st.sampled_from((mfa(), mfa(acr_values=(LEVELS[3],)))),
)


def _combine(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    pairs = st.tuples(inner, inner)
    return pairs.map(lambda pair: pair[0] & pair[1]) | pairs.map(lambda pair: pair[0] | pair[1])


REQUIREMENTS: Final = st.recursive(LEAVES, _combine, max_leaves=8)
SOME: Final = st.frozensets(st.sampled_from(NAMES))
USERS: Final = st.builds(
    user,
    username=st.sampled_from(("ana", None)),
    groups=SOME,
    scopes=SOME,
    auth_time=st.sampled_from(AGES).map(lambda age: NOW - 2 * age),
    acr=st.sampled_from(LEVELS),
)


def passes(requirement: Requirement, who: User) -> bool:
    return requirement.refusal(who, MOMENT) is None


def like(who: User, **changes: Any) -> User:
    """The same user with some things changed."""
    same: dict[str, Any] = {"username": who.username, "groups": who.groups, "scopes": who.scopes}
    same |= {"auth_time": who.token.auth_time, "acr": who.token.acr}
    return user(**(same | changes))


@given(left=REQUIREMENTS, right=REQUIREMENTS, who=USERS)
def test_both_and_either(left: Requirement, right: Requirement, who: User) -> None:
    assert passes(left & right, who) == (passes(left, who) and passes(right, who))
    assert passes(left | right, who) == (passes(left, who) or passes(right, who))
    assert passes(left & left, who) == passes(left | left, who) == passes(left, who)


@given(requirement=REQUIREMENTS, who=USERS)
def test_the_scopes_in_the_advice_are_those_that_open(requirement: Requirement, who: User) -> None:
    refusal = requirement.refusal(who, MOMENT)
    if refusal is None:
        return

    def with_scopes(scopes: tuple[str, ...]) -> User:
        return like(who, scopes=who.scopes | set(scopes))

    assert bool(refusal.scopes) == passes(requirement, with_scopes(NAMES))
    assert len(set(refusal.scopes)) == len(refusal.scopes)
    if refusal.scopes:
        assert passes(requirement, with_scopes(refusal.scopes))


@given(requirement=REQUIREMENTS, who=USERS)
def test_another_sign_in_is_asked_for_where_it_opens_and_as_it_opens(requirement: Requirement, who: User) -> None:
    refusal = requirement.refusal(who, MOMENT)
    if refusal is None:
        return
    at_its_best = like(who, auth_time=NOW, acr=LEVELS[3])
    assert isinstance(refusal, InsufficientAuthentication) == passes(requirement, at_its_best)
    if isinstance(refusal, InsufficientAuthentication):
        assert refusal.max_age is not None or refusal.acr_values
        since = who.token.auth_time if refusal.max_age is None else NOW - refusal.max_age
        for level in refusal.acr_values or (who.token.acr,):
            assert passes(requirement, like(who, auth_time=since, acr=level))


@given(requirement=REQUIREMENTS, who=USERS)
def test_check_gives_the_user_or_raises_the_refusal(requirement: Requirement, who: User) -> None:
    refusal = requirement.refusal(who, MOMENT)
    if refusal is None:
        assert requirement.check(who, MOMENT) is who
    else:
        with pytest.raises(type(refusal)) as caught:
            requirement.check(who, MOMENT)
        assert str(caught.value) == str(refusal)


@pytest.mark.parametrize(
    ("requirement", "who", "passing"),
    [
        pytest.param(signed_in(), user(), True, id="everybody"),
        pytest.param(signed_in(), user(username=None), True, id="a-machine-is-signed-in"),
        pytest.param(person(), user(), True, id="person"),
        pytest.param(person(), user(username=None), False, id="machine"),
        pytest.param(group("admin"), user(groups=["admin"]), True, id="member"),
        pytest.param(group("admin"), user(groups=["Admin", "admins", "admin "]), False, id="names-are-exact"),
        pytest.param(group("admin"), user(scopes=["admin"]), False, id="a-scope-is-no-group"),
        pytest.param(scope("orders/read"), user(scopes=["orders/read"]), True, id="scope"),
        pytest.param(scope("orders/read"), user(scopes=["orders"]), False, id="part-of-a-scope"),
        pytest.param(scope("admin"), user(groups=["admin"]), False, id="a-group-is-no-scope"),
        pytest.param(group("a") | group("b") & scope("c"), user(groups=["a"]), True, id="and-binds-tighter-1"),
        pytest.param(group("a") | group("b") & scope("c"), user(groups=["b"]), False, id="and-binds-tighter-2"),
        pytest.param((group("a") | group("b")) & scope("c"), user(groups=["a"]), False, id="parentheses"),
    ],
)
def test_table(requirement: Requirement, who: User, *, passing: bool) -> None:
    assert passes(requirement, who) == passing


@pytest.mark.parametrize(
    ("requirement", "reason", "scopes"),
    [
        pytest.param(group("a"), "not a member of the group 'a'", (), id="group"),
        pytest.param(scope("a"), "the token lacks the scope 'a'", ("a",), id="scope"),
        pytest.param(
            scope("a") & scope("b"),
            "the token lacks the scope 'a', and the token lacks the scope 'b'",
            ("a", "b"),
            id="two-scopes",
        ),
        pytest.param(
            scope("a") & scope("a"),
            "the token lacks the scope 'a', and the token lacks the scope 'a'",
            ("a",),
            id="one-scope-twice",
        ),
        pytest.param(
            scope("a") | scope("b"),
            "the token lacks the scope 'a', and the token lacks the scope 'b'",
            ("a",),
            id="first-scope",
        ),
        pytest.param(
            group("a") & scope("b"),
            "not a member of the group 'a', and the token lacks the scope 'b'",
            (),
            id="scope-alone-does-not-open",
        ),
        pytest.param(
            group("a") & scope("x") | scope("b"),
            "not a member of the group 'a', and the token lacks the scope 'x', and the token lacks the scope 'b'",
            ("b",),
            id="the-branch-that-opens",
        ),
        pytest.param(signed_in() & scope("b"), "the token lacks the scope 'b'", ("b",), id="only-what-is-lacking"),
    ],
)
def test_reasons(requirement: Requirement, reason: str, scopes: tuple[str, ...]) -> None:
    refusal = requirement.refusal(user(), MOMENT)
    assert isinstance(refusal, AccessDenied)
    assert str(refusal) == reason
    assert refusal.scopes == scopes


OLD: Final = "the sign-in is older than 300 s"
WEAK: Final = "the sign-in had one factor, as far as is known"


@pytest.mark.parametrize(
    ("requirement", "reason"),
    [
        pytest.param(person(), "a machine's token; a person is wanted", id="person"),
        pytest.param(recent(max_age=300), OLD, id="recent"),
        pytest.param(mfa(), WEAK, id="mfa"),
        pytest.param(recent(max_age=300) & mfa(), f"{OLD}, and {WEAK}", id="both"),
        pytest.param(recent(max_age=300) | mfa(), f"{OLD}, and {WEAK}", id="either"),
        pytest.param(mfa() & group("a"), f"{WEAK}, and not a member of the group 'a'", id="both-and-one-is-lasting"),
    ],
)
def test_reasons_against_a_machine(requirement: Requirement, reason: str) -> None:
    assert str(requirement.refusal(user(username=None), MOMENT)) == reason


@pytest.mark.parametrize(
    ("ago", "passing"),
    [
        pytest.param(0, True, id="this moment"),
        pytest.param(300, True, id="just in time"),
        pytest.param(300 + LEEWAY, True, id="just in time by a clock that is fast"),
        pytest.param(301 + LEEWAY, False, id="too long ago"),
        pytest.param(-LEEWAY, True, id="in the future by a clock that is slow"),
        pytest.param(-LEEWAY - 1, False, id="in the future"),
        pytest.param(None, False, id="nobody knows"),
    ],
)
def test_recent(ago: int | None, *, passing: bool) -> None:
    who = user() if ago is None else user(auth_time=NOW - ago)
    assert passes(recent(max_age=300), who) == passing
    exactly = recent(max_age=300).refusal(who, Moment(now=NOW)) is None
    assert exactly == (ago in (0, 300))


@pytest.mark.parametrize(
    ("who", "passing"),
    [
        pytest.param(user(), False, id="nothing known"),
        pytest.param(user(username=None), False, id="a machine"),
        pytest.param(user(acr=LEVELS[0]), False, id="password"),
        pytest.param(user(acr=LEVELS[1]), False, id="a code alone"),
        pytest.param(user(acr=LEVELS[2]), True, id="password and code"),
        pytest.param(user(acr=LEVELS[3]), True, id="password and app"),
        pytest.param(user(acr="gold", amr=("pwd", "otp", "mfa")), False, id="a level of the pool's own"),
        pytest.param(user(acr=LEVELS[0], proofs=["SMS_MFA"]), False, id="the level decides over the session"),
        pytest.param(user(acr=LEVELS[3], amr=("pwd",)), True, id="the level decides over the methods"),
        pytest.param(user(amr=("pwd", "otp", "mfa")), True, id="methods"),
        pytest.param(user(amr=("pwd", "otp")), False, id="methods without the word"),
        pytest.param(user(amr=(), proofs=["SMS_MFA"]), False, id="no methods decide over the session"),
        pytest.param(user(proofs=["PASSWORD"]), False, id="session: password"),
        pytest.param(user(proofs=["PASSWORD", "SOFTWARE_TOKEN_MFA"]), True, id="session: app"),
        pytest.param(user(proofs=["SMS_MFA"]), True, id="session: text message"),
        pytest.param(user(proofs=["EMAIL_OTP"]), False, id="session: mail in place of a password"),
        pytest.param(user(proofs=["PASSWORD", "EMAIL_OTP"]), True, id="session: mail after a password"),
        pytest.param(user(proofs=["PASSWORD_SRP", "WEB_AUTHN"]), True, id="session: passkey after a password"),
        pytest.param(user(proofs=["WEB_AUTHN"]), False, id="session: passkey"),
        pytest.param(user(proofs=["EMAIL_OTP", "WEB_AUTHN"]), False, id="session: two ways without a password"),
        pytest.param(user(proofs=["PASSWORD", "SMS_OTP"]), False, id="session: what is no second factor"),
        pytest.param(
            user(proofs=["PASSWORD", "MFA_SETUP", "SELECT_MFA_TYPE", "CUSTOM_CHALLENGE", "DEVICE_SRP_AUTH"]),
            False,
            id="session: what proves nothing",
        ),
    ],
)
def test_mfa(who: User, *, passing: bool) -> None:
    assert passes(mfa(), who) == passing


def test_mfa_at_levels_of_the_pool_s_own() -> None:
    requirement = mfa(acr_values=("gold", "platinum"))
    assert [passes(requirement, user(acr=acr)) for acr in ("gold", "platinum", "silver", *LEVELS)] == [True] * 2 + [False] * 5
    refusal = requirement.refusal(user(), MOMENT)
    assert isinstance(refusal, InsufficientAuthentication)
    assert refusal.acr_values == ("gold", "platinum")


LONG_AGO: Final = user(groups=["in"], auth_time=NOW - 10_000, acr=LEVELS[0])


@pytest.mark.parametrize(
    ("requirement", "max_age", "acr_values"),
    [
        pytest.param(recent(max_age=300), 300, (), id="age"),
        pytest.param(mfa(), None, MFA_LEVELS, id="factors"),
        pytest.param(recent(max_age=300) & mfa(), 300, MFA_LEVELS, id="both"),
        pytest.param(mfa() & group("in") & recent(max_age=300), 300, MFA_LEVELS, id="both, and a group"),
        pytest.param(recent(max_age=300) & recent(max_age=60), 60, (), id="the lower age"),
        pytest.param(recent(max_age=60) & recent(max_age=300), 60, (), id="the lower age, told first"),
        pytest.param(recent(max_age=20_000) & mfa(), None, MFA_LEVELS, id="only what is missing"),
        pytest.param(mfa() & mfa(acr_values=(LEVELS[3],)), None, (LEVELS[3],), id="the levels of both"),
        pytest.param(mfa(acr_values=("gold",)) & mfa(), None, ("gold",), id="no level of both"),
        pytest.param(recent(max_age=300) | recent(max_age=60), 300, (), id="one branch suffices"),
        pytest.param(mfa() | recent(max_age=60), None, MFA_LEVELS, id="the first branch"),
        pytest.param(group("out") | recent(max_age=60), 60, (), id="the branch that opens"),
        pytest.param(scope("out") | mfa(), None, MFA_LEVELS, id="what the person can do"),
        pytest.param(group("out") & mfa() | recent(max_age=60), 60, (), id="the branch that signing in opens"),
        pytest.param((group("out") | mfa()) & recent(max_age=60), 60, MFA_LEVELS, id="parentheses"),
    ],
)
def test_what_is_missing(requirement: Requirement, max_age: int | None, acr_values: tuple[str, ...]) -> None:
    refusal = requirement.refusal(LONG_AGO, MOMENT)
    assert isinstance(refusal, InsufficientAuthentication)
    assert (refusal.max_age, refusal.acr_values) == (max_age, acr_values)


def test_scopes_are_told_beside_the_sign_in_where_either_opens() -> None:
    refusal = ((scope("a") | mfa()) & (scope("b") | recent(max_age=60))).refusal(LONG_AGO, MOMENT)
    assert isinstance(refusal, InsufficientAuthentication)
    assert (refusal.max_age, refusal.acr_values, refusal.scopes) == (60, MFA_LEVELS, ("a", "b"))


@pytest.mark.parametrize(
    ("requirement", "scopes"),
    [
        pytest.param(group("out") & recent(max_age=60), (), id="group and age"),
        pytest.param(mfa() & group("out"), (), id="factors and group"),
        pytest.param(scope("out") & recent(max_age=60), (), id="a scope alone does not open"),
        pytest.param(group("out") & mfa() | scope("out"), ("out",), id="the branch that a scope opens"),
        pytest.param((group("out") | scope("out")) & mfa(), (), id="parentheses"),
    ],
)
def test_nobody_signs_in_again_for_nothing(requirement: Requirement, scopes: tuple[str, ...]) -> None:
    refusal = requirement.refusal(LONG_AGO, MOMENT)
    assert isinstance(refusal, AccessDenied)
    assert refusal.scopes == scopes


@pytest.mark.parametrize("max_age", [0, -1, 1.5, True, "300", None])
def test_ages_that_cannot_be_are_refused(max_age: Any) -> None:
    with pytest.raises(ValueError, match="max_age") as caught:
        recent(max_age=max_age)
    assert str(caught.value) == f"max_age is {max_age!r}; it must be a whole number of seconds, at least 1"


def test_the_lowest_age() -> None:
    who = [user(auth_time=NOW - ago) for ago in (0, 1, 2)]
    assert [recent(max_age=1).refusal(one, Moment(now=NOW)) is None for one in who] == [True, True, False]


@pytest.mark.parametrize("acr_values", [(), ("",), ("two levels",), ("gold", 'a"'), ("a\r\nX: y",), "urn:cognito:loa:3"])
def test_levels_that_cannot_be_are_refused(acr_values: Any) -> None:
    with pytest.raises(ValueError, match="acr_values") as caught:
        mfa(acr_values=acr_values)
    assert str(caught.value) == f"acr_values is {acr_values!r}; it must list names without blank, quote or backslash"


@pytest.mark.parametrize(
    "misuse",
    [
        pytest.param(lambda: group("a") and group("b"), id="and"),
        pytest.param(lambda: group("a") or group("b"), id="or"),
        pytest.param(lambda: not group("a"), id="not"),
        pytest.param(lambda: bool(signed_in()), id="bool"),
    ],
)
def test_a_requirement_is_neither_true_nor_false(misuse: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as caught:
        misuse()
    assert str(caught.value) == "combine requirements with & and |, not with 'and' and 'or'"


NO_GROUP: Final = "a group needs a name without blanks around it, not {!r}"
NO_SCOPE: Final = "{!r} is no scope: one has printable ASCII characters, but no blank, quote or backslash"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda: group(""), NO_GROUP.format(""), id="empty-group"),
        pytest.param(lambda: group(" admin"), NO_GROUP.format(" admin"), id="blank-before"),
        pytest.param(lambda: group("admin\n"), NO_GROUP.format("admin\n"), id="newline-after"),
        pytest.param(any_group, "name at least one group", id="any-of-nothing"),
        pytest.param(all_groups, "name at least one group", id="all-of-nothing"),
        pytest.param(lambda: any_group("a", ""), NO_GROUP.format(""), id="any-with-an-empty-one"),
        pytest.param(lambda: all_groups("", "a"), NO_GROUP.format(""), id="all-with-an-empty-one"),
        pytest.param(lambda: scope(""), NO_SCOPE.format(""), id="empty-scope"),
        pytest.param(lambda: scope("read write"), NO_SCOPE.format("read write"), id="two-scopes-in-one"),
        pytest.param(lambda: scope('a"'), NO_SCOPE.format('a"'), id="quote"),
        pytest.param(lambda: scope("a\\"), NO_SCOPE.format("a\\"), id="backslash"),
        pytest.param(lambda: scope("a\r\nX: y"), NO_SCOPE.format("a\r\nX: y"), id="header-injection"),
        pytest.param(lambda: scope("\xe4"), NO_SCOPE.format("\xe4"), id="not-ascii"),
    ],
)
def test_names_that_nobody_can_have_are_refused(make: Callable[[], Requirement], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"group|scope") as caught:
        make()
    assert str(caught.value) == sentence


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_and_all_of_some_groups(count: int) -> None:
    names = NAMES[:count]
    for held in map(set, ("", "a", "b", "ab", "bc", "abc")):
        who = user(groups=held)
        assert passes(any_group(*names), who) == bool(held & set(names))
        assert passes(all_groups(*names), who) == (set(names) <= held)


def test_requirements_are_values() -> None:
    assert group("a") & scope("b") == group("a") & scope("b")
    assert len({group("a"), group("a"), scope("a")}) == 2
    assert isinstance(group("a") | scope("b"), Requirement)
