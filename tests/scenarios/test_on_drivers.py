"""Every journey by a program, on every driver, for public and for confidential clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from .by_flows import program
from .drivers import Drivers, Make
from .journeys import JOURNEYS
from .world import World


@pytest.fixture(scope="session")
def drivers(make_driver: Make) -> Iterator[Drivers]:
    with closing(Drivers(make_driver)) as made:
        yield made


@pytest.mark.parametrize("name", JOURNEYS)
def test_journeys(world: World, drivers: Drivers, name: str, *, confidential: bool) -> None:
    journey = JOURNEYS[name]
    settings = world.settings(journey.pool, confidential=confidential, rotating=journey.rotating, flows=journey.flows)
    journey.make(program(world, settings, drivers))
