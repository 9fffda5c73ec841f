"""The journeys by our client against a server that others wrote, moto's, wherever it has the operations they are about.

moto sends nothing and takes any code; its time is the machine's and cannot be moved.
"""

from __future__ import annotations

import fnmatch
import logging
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.server import ThreadedMotoServer

from . import journeys
from .drivers import Ours, method_name
from .moto_differs import MOTO_DIFFERS
from .registry import JOURNEYS, carry_out
from .world import World

_RESPONSES: Final[Any] = CognitoIdpResponse
assert journeys.__all__  # they are filed by being imported


class MotoTools:
    """What stands in for an outbox and a clock."""

    def code(self, user_pool_id: str, username: str) -> str:
        """Any code is right."""
        del user_pool_id, username
        return "123456"

    def now(self) -> float:
        return time.time()

    def move(self, seconds: float) -> None:
        """Time goes its own way."""


def in_moto(operation: str) -> bool:
    """Whether moto answers the operation."""
    return method_name(operation) in vars(_RESPONSES)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with closing(Ours(f"http://{host}:{port}")) as api:
        yield World(api=api, tools=MotoTools())
    server.stop()


NAMES: Final = [name for name, journey in JOURNEYS.items() if all(map(in_moto, journey.operations))]


def listed(pattern: str) -> set[str]:
    """The journeys that an entry of the table stands for; one that an entry spells out is no other's."""
    spelled = {name for names in MOTO_DIFFERS.values() for name in names}
    return {pattern} if pattern in NAMES else set(fnmatch.filter(NAMES, pattern)) - spelled


REASONS: Final = {name: reason for reason, patterns in MOTO_DIFFERS.items() for pattern in patterns for name in listed(pattern)}


@pytest.mark.parametrize("name", NAMES)
def test_journeys(world: World, name: str) -> None:
    carry_out(name, world, differs=REASONS.get(name))


def test_the_table_is_about_journeys_that_run() -> None:
    patterns = [pattern for patterns in MOTO_DIFFERS.values() for pattern in patterns]
    assert [pattern for pattern in patterns if not listed(pattern)] == []
    assert len(patterns) == len(set(patterns))
