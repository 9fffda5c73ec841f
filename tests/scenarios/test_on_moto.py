"""The journeys by a program against a server that others wrote, moto's, on a real socket."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Final

import pytest
from moto.server import ThreadedMotoServer

from cognito_auth.errors import CognitoAuthError

from .by_flows import program
from .drivers import Drivers, blocking
from .journeys import JOURNEYS
from .moto_differs import MOTO_DIFFERS
from .stands import Moto
from .world import World

PATTERNS: Final = [pattern for patterns in MOTO_DIFFERS.values() for pattern in patterns]
DIFFERENT: Final = {name for pattern in PATTERNS for name in fnmatch.filter(JOURNEYS, pattern)}


@pytest.fixture(scope="module")
def moto() -> Iterator[World]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with closing(World(stand=Moto(f"http://{host}:{port}"))) as world:
        yield world
    server.stop()


@pytest.fixture(scope="module")
def drivers() -> Iterator[Drivers]:
    with closing(Drivers(blocking)) as made:
        yield made


@pytest.mark.parametrize("name", JOURNEYS)
def test_journeys(moto: World, drivers: Drivers, name: str, *, confidential: bool) -> None:
    journey = JOURNEYS[name]
    settings = moto.settings(journey.pool, confidential=confidential, rotating=journey.rotating, flows=journey.flows)
    person = program(moto, settings, drivers)
    if name not in DIFFERENT:
        journey.make(person)
        return
    with pytest.raises((AssertionError, CognitoAuthError, KeyError)):
        journey.make(person)


def test_the_table_is_about_journeys_that_there_are() -> None:
    assert [pattern for pattern in PATTERNS if not fnmatch.filter(JOURNEYS, pattern)] == []
    assert len(PATTERNS) == len(set(PATTERNS))
