"""An embedded pool on a real uvicorn, one for each file of tests that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from cognito_auth.local import LocalCognito
from cognito_auth.local.http.server import running


@pytest.fixture(scope="module")
def cognito() -> Iterator[LocalCognito]:
    with closing(LocalCognito()) as pool:
        yield pool


@pytest.fixture(scope="module")
def endpoint(cognito: LocalCognito) -> Iterator[str]:
    with running(cognito) as url:
        yield url


@pytest.fixture
def web(endpoint: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=endpoint) as client:
        yield client
