"""One server process for each file of client tests; each test signs up users of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.local_server import Server, local_server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with local_server() as running:
        yield running


@pytest.fixture(autouse=True)
def dummy_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that sign but mean nothing, whatever the machine has."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
