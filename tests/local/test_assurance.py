"""Levels of assurance: what combinations of methods are worth, and that what leads to a level gets there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.local.sign_in.assurance import Means, amr_of, level_of, methods_of, passkey_method
from cognito_auth.local.store.levels import Aim

FIRST: Final = ("pwd", "email_otp", "sms", "swk")
SECOND: Final = ("otp", "email_otp", "sms")
EVERY: Final = ("pwd", "otp", "sms", "email_otp", "swk", "hwk")

subsets = st.frozensets(st.sampled_from(EVERY))
means = st.builds(Means, first=st.frozensets(st.sampled_from(FIRST)), second=st.frozensets(st.sampled_from(SECOND)))
levels = st.integers(1, 4)


def worth(methods: Iterable[str]) -> int:
    """The level, told a second time."""
    has = set(methods)
    by_password = [level for method, level in (("otp", 4), ("sms", 3), ("email_otp", 3)) if {"pwd", method} <= has]
    alone = [level for method, level in (("swk", 3), ("hwk", 3), ("sms", 2), ("email_otp", 2), ("pwd", 1)) if method in has]
    return max([0, *by_password, *alone])


@pytest.mark.parametrize(
    ("methods", "level", "amr"),
    [
        ((), 0, ()),
        (("pwd",), 1, ("pwd",)),
        (("sms",), 2, ("sms",)),
        (("email_otp",), 2, ("email_otp",)),
        (("email_otp", "sms"), 2, ("email_otp", "sms", "mfa")),
        (("otp",), 0, ("otp",)),
        (("swk",), 3, ("swk",)),
        (("hwk", "pwd"), 3, ("hwk", "pwd", "mfa")),
        (("pwd", "sms"), 3, ("pwd", "sms", "mfa")),
        (("pwd", "otp"), 4, ("pwd", "otp", "mfa")),
        (("swk", "otp"), 3, ("swk", "otp", "mfa")),
    ],
)
def test_levels_and_methods(methods: tuple[str, ...], level: int, amr: tuple[str, ...]) -> None:
    assert level_of(methods) == level
    assert amr_of(methods) == amr
    assert methods_of(amr) == methods


def test_every_combination() -> None:
    for size in range(len(EVERY) + 1):
        for methods in combinations(EVERY, size):
            assert level_of(methods) == worth(methods)


@pytest.mark.parametrize(("attachment", "method"), [("platform", "swk"), ("cross-platform", "hwk"), (None, "swk"), ("", "swk")])
def test_passkeys(attachment: str | None, method: str) -> None:
    assert passkey_method(attachment) == method


def aim(proved: frozenset[str], target: int) -> Aim:
    return Aim(level=target, methods=tuple(proved))


def obtainable(able: Means, proved: frozenset[str]) -> frozenset[str]:
    """What can be asked for next: anything that opens a sign-in, and after a password the rest."""
    return (able.first | able.second if "pwd" in proved else able.first) - proved


@given(means, subsets, levels)
def test_a_level_can_be_reached_when_everything_one_has_reaches_it(able: Means, proved: frozenset[str], target: int) -> None:
    everything = proved
    while more := obtainable(able, everything):
        everything |= more
    assert able.suffice(aim(proved, target)) == (worth(everything) >= target)


@given(means, subsets, levels, st.data())
def test_whatever_is_chosen_leads_there(able: Means, proved: frozenset[str], target: int, data: st.DataObject) -> None:
    """No choice is a dead end, and none is in vain."""
    if not able.suffice(aim(proved, target)):
        assert able.leading(aim(proved, target)) == frozenset()
        return
    steps = 0
    while worth(proved) < target:
        choices = obtainable(able, proved) & able.leading(aim(proved, target))
        assert choices, "there is no way on"
        proved |= {data.draw(st.sampled_from(sorted(choices)))}
        steps += 1
    assert able.leading(aim(proved, target)) == frozenset()
    assert steps <= 2


@given(means, subsets, levels)
def test_what_leads_there_is_what_no_way_can_spare(able: Means, proved: frozenset[str], target: int) -> None:
    has = sorted((able.first | able.second) - proved)
    chosen = [frozenset(each) for size in range(len(has) + 1) for each in combinations(has, size)]
    possible = [each for each in chosen if each <= able.first or "pwd" in proved | each]
    ways = [each for each in possible if worth(proved | each) >= target]
    shortest = [way for way in ways if not any(other < way for other in ways)]
    assert able.leading(aim(proved, target)) == frozenset(method for way in shortest for method in way)
