"""The estimate in the docs is what its constants and assumptions come to, and others are asked as often as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from benchmarks.asked import Asked, measure
from benchmarks.crowd import REFRESH
from benchmarks.estimate import LIFETIMES, ROWS, TABLES, Assumed, Load, Measured, Quotas, renewed, table

PAGE: Final = Path(__file__).parents[2] / "docs" / "capacity.md"
A_DAY: Final = 86_400


def test_the_page_has_the_tables_as_they_come_out() -> None:
    page = PAGE.read_text()
    assert renewed(page) == page
    for name in TABLES:
        assert page.count(table(name)) == 1


def test_rates_and_cores() -> None:
    load = Load(A_DAY, assumed=Assumed(peak=2))
    assert load.at_peak(10) == 20
    assert load.cores(10, 50_000) == 1


def test_who_is_there_at_once() -> None:
    assert Load(1440, assumed=Assumed(visits=2, visit=30, peak=1)).there == 60


@pytest.mark.parametrize(("minutes", "refreshes"), [(5, 12), (15, 6), (60, 3), (480, 3), (720, 2), (1440, 1)])
def test_expired_tokens_are_found_at_visits(minutes: float, refreshes: float) -> None:
    assert Assumed(visits=3, visit=20, lifetime=minutes).refreshes == refreshes


def test_lifetimes_are_those_that_cognito_allows() -> None:
    assert (min(LIFETIMES.values()), max(LIFETIMES.values())) == (5, 24 * 60)


@pytest.mark.parametrize(
    ("answers", "share"),
    [(1, 1.0), (3, 1.0), (4, 2.0)],
    ids=["one", "all that are allowed beside", "beyond"],
)
def test_answers_count_beyond_their_own_allowance(answers: float, share: float) -> None:
    assumed = Assumed(sign_ins=100, answers=answers, peak=1)
    assert Load(A_DAY, assumed=assumed, quotas=Quotas(user_authentication=100, answers=300)).authentication == share


def test_commands_are_all_that_a_day_brings() -> None:
    each = Measured(find=1, touch=10, renew=100, begin=1_000, end=10_000)
    did = Assumed(requests=50, visits=1, visit=20, lifetime=60, sign_ins=2, sign_outs=3, peak=1)
    assert Load(A_DAY, each, did).commands == 50 + 20 * 10 + 100 + 2_000 + 30_000


@pytest.mark.parametrize(
    ("name", "change", "times"),
    [
        ("guarded requests a second", {"requests": 200}, 2),
        ("sign-ins a second", {"sign_ins": 0.3}, 3),
        ("refreshes a second", {"peak": 8}, 2),
        ("sessions in Redis: GB", {"devices": 3}, 2),
    ],
)
def test_more_of_it_costs_more(name: str, change: Mapping[str, float], times: float) -> None:
    (value,) = (value for each, _, value in ROWS if each == name)
    assert value(Load(1e6, assumed=replace(Assumed(), **change))) == pytest.approx(times * value(Load(1e6)))


@pytest.fixture(scope="module", params=[False, True], ids=["", "early_end"])
def asked(request: pytest.FixtureRequest) -> tuple[int, dict[str, Asked]]:
    """What each request has to ask besides, and what each step asked for."""
    return Measured().standing if request.param else 0, measure(1, early_end=request.param)


def test_redis_is_asked_as_often_as_the_estimate_says(asked: tuple[int, dict[str, Asked]]) -> None:
    (standing, steps), each = asked, Measured()
    noted = 1 if standing else 0
    assert {name: step.commands for name, step in steps.items()} == {
        "guarded request": each.find + standing,
        "the first in a minute": each.find + each.touch + standing,
        "the first with an expired token": each.find + each.touch + each.renew + standing,
        "sign-in by SRP": each.begin,
        "sign-out": each.end + noted,
    }


def test_cognito_is_asked_as_often_as_the_estimate_says(asked: tuple[int, dict[str, Asked]]) -> None:
    _, steps = asked
    assert {name: step.calls for name, step in steps.items()} == {
        "guarded request": {},
        "the first in a minute": {},
        "the first with an expired token": {REFRESH: 1},
        "sign-in by SRP": {"InitiateAuth": 1, "RespondToAuthChallenge": 1},
        "sign-out": {"RevokeToken": 1},
    }
