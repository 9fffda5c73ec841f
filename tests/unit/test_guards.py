"""Requirements: what they let pass, why not, and what they advise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import AccessDenied
from cognito_auth.guards import Requirement, all_groups, any_group, group, person, scope, signed_in
from cognito_auth.user import User
from tests.support.users import user

NAMES: Final = ("a", "b", "c")
LEAVES: Final = st.one_of(
    st.sampled_from(NAMES).map(group), st.sampled_from(NAMES).map(scope), st.just(person()), st.just(signed_in())
)


def _combine(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    pairs = st.tuples(inner, inner)
    return pairs.map(lambda pair: pair[0] & pair[1]) | pairs.map(lambda pair: pair[0] | pair[1])


REQUIREMENTS: Final = st.recursive(LEAVES, _combine, max_leaves=8)
SOME: Final = st.frozensets(st.sampled_from(NAMES))
USERS: Final = st.builds(user, username=st.sampled_from(("ana", None)), groups=SOME, scopes=SOME)


def passes(requirement: Requirement, who: User) -> bool:
    return requirement.refusal(who) is None


@given(left=REQUIREMENTS, right=REQUIREMENTS, who=USERS)
def test_both_and_either(left: Requirement, right: Requirement, who: User) -> None:
    assert passes(left & right, who) == (passes(left, who) and passes(right, who))
    assert passes(left | right, who) == (passes(left, who) or passes(right, who))
    assert passes(left & left, who) == passes(left | left, who) == passes(left, who)


@given(requirement=REQUIREMENTS, who=USERS)
def test_the_scopes_in_the_advice_are_those_that_open(requirement: Requirement, who: User) -> None:
    refusal = requirement.refusal(who)
    if refusal is None:
        return

    def with_scopes(scopes: tuple[str, ...]) -> User:
        return user(username=who.username, groups=who.groups, scopes=who.scopes | set(scopes))

    assert bool(refusal.scopes) == passes(requirement, with_scopes(NAMES))
    assert len(set(refusal.scopes)) == len(refusal.scopes)
    if refusal.scopes:
        assert passes(requirement, with_scopes(refusal.scopes))


@given(requirement=REQUIREMENTS, who=USERS)
def test_check_gives_the_user_or_raises_the_refusal(requirement: Requirement, who: User) -> None:
    refusal = requirement.refusal(who)
    if refusal is None:
        assert requirement.check(who) is who
    else:
        with pytest.raises(AccessDenied) as caught:
            requirement.check(who)
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
        pytest.param(any_group("a", "b"), user(groups=["b"]), True, id="any"),
        pytest.param(any_group("a", "b"), user(groups=["c"]), False, id="any-of-none"),
        pytest.param(all_groups("a", "b"), user(groups=["a", "b", "c"]), True, id="all"),
        pytest.param(all_groups("a", "b"), user(groups=["a"]), False, id="not-all"),
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
    refusal = requirement.refusal(user())
    assert refusal is not None
    assert str(refusal) == reason
    assert refusal.scopes == scopes


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
    with pytest.raises(TypeError, match=r"& and \|"):
        misuse()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: group(""), id="empty-group"),
        pytest.param(lambda: group(" admin"), id="blank-before"),
        pytest.param(lambda: group("admin\n"), id="newline-after"),
        pytest.param(any_group, id="any-of-nothing"),
        pytest.param(all_groups, id="all-of-nothing"),
        pytest.param(lambda: any_group("a", ""), id="any-with-an-empty-one"),
        pytest.param(lambda: all_groups("", "a"), id="all-with-an-empty-one"),
        pytest.param(lambda: scope(""), id="empty-scope"),
        pytest.param(lambda: scope("read write"), id="two-scopes-in-one"),
        pytest.param(lambda: scope('a"'), id="quote"),
        pytest.param(lambda: scope("a\\"), id="backslash"),
        pytest.param(lambda: scope("a\r\nX: y"), id="header-injection"),
        pytest.param(lambda: scope("\xe4"), id="not-ascii"),
    ],
)
def test_names_that_nobody_can_have_are_refused(make: Callable[[], Requirement]) -> None:
    with pytest.raises(ValueError, match=r"group|scope"):
        make()


def test_requirements_are_values() -> None:
    assert group("a") & scope("b") == group("a") & scope("b")
    assert len({group("a"), group("a"), scope("a")}) == 2
    assert isinstance(group("a") | scope("b"), Requirement)
