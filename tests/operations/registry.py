"""The journeys, by name, each with the operations that it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from cognito_auth.api import OPERATIONS

from .api import Refused
from .world import World

Steps: TypeAlias = Callable[[World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What is done and found, and which operations it is about; those that it merely uses are not among them."""

    name: str
    operations: frozenset[str]
    steps: Steps


JOURNEYS: Final[dict[str, Journey]] = {}


def journey(*operations: str) -> Callable[[Steps], Steps]:
    """File a function as a journey about these operations."""

    def file(steps: Steps) -> Steps:
        add(f"{steps.__module__.rpartition('.')[2]}.{steps.__name__}", operations, steps)
        return steps

    return file


def carry_out(name: str, world: World, *, differs: str | None = None) -> None:
    """Carry out a journey; one that ``differs`` for a reason must fail."""
    try:
        JOURNEYS[name].steps(world)
    except (AssertionError, LookupError, Refused, ValueError):
        if differs is None:
            raise
    else:
        assert differs is None, f"{name} succeeds, although {differs}"


def add(name: str, operations: tuple[str, ...], steps: Steps) -> None:
    """File a journey that is made and not written."""
    unknown = set(operations) - OPERATIONS.keys()
    if unknown or name in JOURNEYS:
        raise ValueError(f"{name}: {unknown or 'is there already'}")
    JOURNEYS[name] = Journey(name=name, operations=frozenset(operations), steps=steps)
