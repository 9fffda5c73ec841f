"""The benchmarks' arithmetic: what is a ratio, what is its spread, and that what is written down is what was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle, permutations

import pytest

from benchmarks.measuring import (
    MILLISECONDS,
    WARM_UP,
    Candidate,
    Compared,
    Figure,
    Spread,
    Table,
    at_least,
    at_most,
    each,
    side_by_side,
)
from benchmarks.reports import Curve, Grid, Line, Report, show


def taking(*seconds: float) -> Callable[[], float]:
    """A turn that says that it took this long, one after another."""
    return cycle(seconds).__next__


def table(compared: Compared = Compared.COST, *, target: float | None = None, at_least_it: bool = False) -> Table:
    wanted = None if target is None else (at_least if at_least_it else at_most)(target)
    candidates = [Candidate("base", taking(0.002, 0.004)), Candidate("other", taking(0.001, 0.002), wanted, "a note")]
    return side_by_side("Both", candidates, rounds=10, unit=MILLISECONDS, compared=compared)


def test_a_ratio_is_that_of_one_round() -> None:
    """The base's rounds differ by a factor of two; the ratio does not."""
    base, other = table().figures
    assert (base.ratio, other.ratio) == (Spread(1, 1, 1), Spread(0.5, 0.5, 0.5))
    assert (base.took, other.took) == (3.0, 1.5)


def test_throughput_is_the_inverse() -> None:
    assert table(Compared.THROUGHPUT).figures[1].ratio.middle == 2


@pytest.mark.parametrize(
    ("target", "at_least_it", "verdict"),
    [
        (0.5, False, "met"),
        (0.49, False, "missed by 0.01"),
        (0.5, True, "met"),
        (0.51, True, "missed by 0.01"),
        (None, False, ""),
    ],
)
def test_verdicts(target: float | None, verdict: str, *, at_least_it: bool) -> None:
    assert table(target=target, at_least_it=at_least_it).figures[1].verdict == verdict


def test_everybody_is_first_now_and_then() -> None:
    order: list[str] = []

    def named(name: str) -> Candidate:
        def turn() -> float:
            order.append(name)
            return 1.0

        return Candidate(name, turn)

    side_by_side("Order", [named("a"), named("b"), named("c")], rounds=3)
    rounds = ["".join(order[start : start + 3]) for start in range(0, len(order), 3)]
    assert len(rounds) == 3 + WARM_UP
    assert set(rounds) == {"abc", "bca", "cab"} < {"".join(each) for each in permutations("abc")}


def test_each_call_gets_the_next_item_as_an_object_of_its_own() -> None:
    items, seen = ("one", "two", "three"), list[str]()
    turn = each(seen.append, items, batch=2)
    for _ in range(3):
        assert turn() >= 0
    assert seen == ["one", "two", "three", "one", "two", "three"]
    assert not {id(item) for item in items} & {id(item) for item in seen}


REPORT = Report(
    name="sample",
    tables=(
        Table(
            title="A table",
            compared=Compared.COST,
            unit="us",
            figures=(Figure("base", Spread(1, 1, 1), 2.5), Figure("ours", Spread(0.5, 0.4, 0.6), 1.25, at_most(0.5), "n")),
            notes=("a note",),
        ),
    ),
    grids=(Grid(title="A grid", columns=("x",), rows=(("row", "1"),), notes=("so it is",)),),
    curves=(
        Curve(
            name="c",
            title="A curve",
            x="n",
            y="cost",
            lines=(Line(name="l", points=((1, 1.0), (10, 2.0))),),
            sentence="It bends.",
        ),
    ),
    skipped=("somebody: not installed",),
)


def test_what_is_written_down_is_what_was_found() -> None:
    assert Report.from_json(json.loads(json.dumps(REPORT.to_json()))) == REPORT


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    show(REPORT)
    printed = capsys.readouterr().out
    for word in (
        "A table",
        "0.400 - 0.600",
        "<= 0.5  met",
        "a note",
        "so it is",
        "A curve",
        "1: 1  10: 2",
        "somebody: not installed",
    ):
        assert word in printed
