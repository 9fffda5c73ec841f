"""schemathesis against the OpenAPI document and the real server: no reply is a 5xx, and each is as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from cognito_auth.api.structure import members
from cognito_auth.local import LocalCognito
from cognito_auth.local.base.request import MAX_QUERY_LENGTH
from cognito_auth.local.http.server import running
from cognito_auth.local.operations import BY_NAME

from .support import SIGNED

_GENERAL: Final[Any] = checks
_OPENAPI: Final[Any] = openapi_checks
CHECKS: Final[list[Any]] = [
    _GENERAL.not_a_server_error,
    _OPENAPI.status_code_conformance,
    _OPENAPI.content_type_conformance,
    _OPENAPI.response_schema_conformance,
]
EXAMPLES: Final = 8
SMALL: Final = 8
"""How many parameters an operation may have for wrong values to be made quickly, too."""


class Fuzzed:
    """A server with a user and a group, its description, and the names by which a call gets beyond "not found"."""

    def __init__(self, cognito: LocalCognito, url: str) -> None:
        pool = cognito.first_pool()
        self.schema: Any = schemathesis.openapi.from_url(f"{url}/_local/openapi.json")
        self.known: Final = {"UserPoolId": pool.user_pool_id, "ClientId": pool.client_id}


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Fuzzed]:
    with closing(LocalCognito()) as cognito, running(cognito) as url:
        yield Fuzzed(cognito, url)


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"DeleteUserPool", "DeleteUserPoolClient"}))
def test_operation(fuzzed: Fuzzed, name: str) -> None:
    described = fuzzed.schema[f"/?Action={name}"]["GET"]
    strategy = described.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if len(members(BY_NAME[name][0])) <= SMALL:
        strategy |= described.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @seed(20260308)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
    )
    @given(strategy)
    def run(case: Any) -> None:
        made: dict[str, Any] = case.query or {}
        query = {field: value for field, value in made.items() if field != "X-Amz-Signature"}
        for given_names in ({}, fuzzed.known):  # as made, and again where the pool and the client are real
            case.query = query | {field: value for field, value in given_names.items() if field in query}
            assume(len(urlencode({field: json.dumps(value) for field, value in case.query.items()})) < MAX_QUERY_LENGTH)
            reply = case.call(headers={"Authorization": SIGNED})
            case.validate_response(reply, checks=CHECKS)

    run()
