"""Servers that the journeys run against, one of each kind for a file of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from typing import Final

import httpx
import pytest

from tests.support.local_server import local_server

from . import journeys, triggers
from .drivers import Boto3, HttpTools, Ours
from .world import World

DRIVERS: Final[Mapping[str, Callable[[str], Boto3 | Ours]]] = {"boto3": Boto3, "client": Ours}
assert journeys.__all__  # they are filed by being imported


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A ``cognito-auth local`` process."""
    with local_server("--triggers", triggers.__name__) as server:
        yield server.endpoint


@pytest.fixture(scope="module")
def http(endpoint: str) -> Iterator[httpx.Client]:
    """For the server's tools."""
    with httpx.Client(base_url=endpoint) as client:
        yield client


@pytest.fixture(scope="module")
def worlds(endpoint: str, http: httpx.Client) -> Iterator[Mapping[str, World]]:
    """The server as each driver reaches it."""
    with ExitStack() as stack:
        apis = {name: stack.enter_context(closing(driver(endpoint))) for name, driver in DRIVERS.items()}
        yield {name: World(api=api, tools=HttpTools(http)) for name, api in apis.items()}
