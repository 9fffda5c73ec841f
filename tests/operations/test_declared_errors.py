"""Every declared error of every operation, brought about on demand, arrives in boto3 and in our client as its own class."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from cognito_auth.api import OPERATIONS

from .api import Api, Refused
from .conftest import DRIVERS
from .samples import sample
from .world import World


def seen(http: httpx.Client, api: Api, operation: str, code: str) -> tuple[str, str]:
    """Code and text of the refusal that the pool was told to give."""
    wanted = {"operation": operation, "code": code, "message": f"{operation} meets {code}"}
    http.post("/_local/faults", json=wanted).raise_for_status()
    try:
        api.call(operation, **sample(operation))
    except Refused as refused:
        return refused.code, refused.message
    raise AssertionError(f"{operation} was not refused with {code}")


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_declared_errors(http: httpx.Client, worlds: Mapping[str, World], operation: str, driver: str) -> None:
    api = worlds[driver].api
    for code in sorted(OPERATIONS[operation].errors):
        assert seen(http, api, operation, code) == (code, f"{operation} meets {code}")
