"""Measures side by side: every candidate takes a turn in every round, so that what slows the machine down slows all of them.

Only ratios within a round mean anything. A ratio comes with its spread: the median of all rounds, and the tenth and the
ninetieth of a hundred.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles
from time import perf_counter
from typing import Final, Self, TypeAlias

Turn: TypeAlias = Callable[[], float]
"""Does a candidate's work once, and gives what it took: seconds, or whatever the table's unit is."""

WARM_UP: Final = 2
"""Rounds that are not counted: code, caches and connections get ready in them."""


class Compared(StrEnum):
    """What a ratio says, or what stands in its place."""

    COST = "cost"
    """The candidate's share of what the base takes: less is better."""
    THROUGHPUT = "throughput"
    """How much of the base's work the candidate does in the same time: more is better."""
    DIFFERENCE = "difference"
    """No ratio: how much more than the base the candidate takes, in the table's unit. For a base that is a part of all."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio should be."""

    limit: float
    at_least: bool = False

    def is_met(self, ratio: float) -> bool:
        """Whether a ratio is on the right side of the limit."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.limit:g}"


def at_most(limit: float) -> Target:
    """A ratio that should not be greater."""
    return Target(limit)


def at_least(limit: float) -> Target:
    """A ratio that should not be less."""
    return Target(limit, at_least=True)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to measure. A note says what the reader has to know of it."""

    name: str
    turn: Turn
    target: Target | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """A median, and the values that a tenth of the rounds lies below, and above."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """The spread of at least two values."""
        deciles = quantiles(values, n=10, method="inclusive")
        return cls(median(values), deciles[0], deciles[-1])


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of a table."""

    name: str
    ratio: Spread
    took: float
    """The median, in the table's unit."""
    target: Target | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met, and else by how much it is missed."""
        if self.target is None:
            return ""
        ratio = self.ratio.middle
        return "met" if self.target.is_met(ratio) else f"missed by {abs(ratio - self.target.limit):.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was measured together; the first figure is the base, whose ratio is 1."""

    title: str
    compared: Compared
    unit: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a table shows beside ratios: its name, and how many of it are one of what turns give."""

    name: str
    scale: float


MICROSECONDS: Final = Unit(name="us", scale=1e6)
MILLISECONDS: Final = Unit(name="ms", scale=1e3)


def timed(work: Callable[[], object]) -> Turn:
    """A turn that does the work and gives the seconds that it took."""

    def turn() -> float:
        begin = perf_counter()
        work()
        return perf_counter() - begin

    return turn


def each(call: Callable[[str], object], items: Iterable[str], *, batch: int = 100) -> Turn:
    """A turn that makes the next ``batch`` calls, or one for each item where there are fewer, and gives the seconds of one.

    Each item is a string object of its own, as it would come out of a request. The items come round again. A batch is long
    enough for what the candidate before has left in the processor's caches not to matter.
    """
    ordered = tuple(items)
    batch = min(batch, len(ordered))
    position = 0

    def turn() -> float:
        nonlocal position
        mine = [item.encode().decode() for item in (ordered * 2)[position : position + batch]]
        position = (position + batch) % len(ordered)
        begin = perf_counter()
        for item in mine:
            call(item)
        return (perf_counter() - begin) / batch

    return turn


def side_by_side(
    title: str,
    candidates: Sequence[Candidate],
    *,
    rounds: int,
    unit: Unit = MICROSECONDS,
    compared: Compared = Compared.COST,
    notes: Iterable[str] = (),
) -> Table:
    """Measure the candidates, of which the first is the base. In each round the order moves on by one, so that nobody always
    comes after the same one."""
    took = take_turns(candidates, rounds=rounds)
    return table_of(title, candidates, took, unit=unit, compared=compared, notes=notes)


def take_turns(candidates: Sequence[Candidate], *, rounds: int) -> dict[str, list[float]]:
    """What each took in each round, by its name."""
    took: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    gc.collect()
    gc.freeze()  # so that to collect between rounds looks at what they left, and does not empty the processor's caches
    gc.disable()
    try:
        for number in range(rounds + WARM_UP):
            first = number % len(candidates)
            for candidate in (*candidates[first:], *candidates[:first]):
                seconds = candidate.turn()
                if number >= WARM_UP:
                    took[candidate.name].append(seconds)
            gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()
    return took


def table_of(
    title: str,
    candidates: Sequence[Candidate],
    took: Mapping[str, Sequence[float]],
    *,
    unit: Unit = MICROSECONDS,
    compared: Compared = Compared.COST,
    notes: Iterable[str] = (),
) -> Table:
    """What rounds say when they are compared in this way."""
    base = took[candidates[0].name]
    figures = tuple(_figure(candidate, took[candidate.name], base, compared, unit) for candidate in candidates)
    return Table(title=title, compared=compared, unit=unit.name, figures=figures, notes=tuple(notes))


def _figure(candidate: Candidate, mine: Sequence[float], base: Sequence[float], compared: Compared, unit: Unit) -> Figure:
    ratios = [_compare(ours, theirs, compared, unit) for ours, theirs in zip(mine, base, strict=True)]
    return Figure(candidate.name, Spread.of(ratios), median(mine) * unit.scale, candidate.target, candidate.note)


def _compare(ours: float, theirs: float, compared: Compared, unit: Unit) -> float:
    match compared:
        case Compared.COST:
            return ours / theirs
        case Compared.THROUGHPUT:
            return theirs / ours
        case Compared.DIFFERENCE:
            return (ours - theirs) * unit.scale
