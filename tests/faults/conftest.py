"""A key set's server, and the event loop of the tests that need one."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from .key_server import KeyServer


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def keys() -> Generator[KeyServer]:
    server = KeyServer()
    with server.running():
        yield server
