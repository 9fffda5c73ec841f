"""One server process for each file of client tests; each test signs up users of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.clients.node import Node, ready
from tests.support.local_server import Server, local_server

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with local_server() as running:
        yield running


@pytest.fixture(scope="session")
def node() -> Node:
    return ready()


@pytest.fixture(scope="session", autouse=True)
def dummy_credentials() -> Iterator[None]:
    """Credentials that sign but mean nothing, whatever the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _CREDENTIALS.items():
            patch.setenv(name, value)
        yield
