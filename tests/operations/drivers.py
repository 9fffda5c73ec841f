"""The ways in which a journey reaches a pool: boto3, and our client; both send to whatever endpoint they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import boto3
import botocore
import httpx
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.structure import Structure
from cognito_auth.api.wire import from_wire, to_wire
from cognito_auth.client import AwsCredentials, CognitoClient
from cognito_auth.client.common import Surroundings
from cognito_auth.config import Settings
from cognito_auth.errors import ServiceError
from cognito_auth.errors.codes import CODES, REFINEMENTS
from cognito_auth.retry import RetryPolicy
from cognito_auth.secret import Secret

from .api import Refused

REGION: Final = "us-east-1"
_NOWHERE: Final = f"{REGION}_nowhere"
_ONCE: Final = Surroundings(retry=RetryPolicy(attempts=1))
_CREDENTIALS: Final = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))


def method_name(operation: str) -> str:
    """What boto3 calls the operation."""
    made: Any = botocore
    return str(made.xform_name(operation))


class Boto3:
    """boto3, which takes replies apart by the service's own model."""

    def __init__(self, endpoint: str) -> None:
        made: Any = boto3
        self._client: Final = made.client(
            "cognito-idp",
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def call(self, operation: str, /, **members: Any) -> Mapping[str, Any]:
        method: Any = getattr(self._client, method_name(operation))
        try:
            reply = method(**members)
        except ClientError as error:
            answer: Any = error.response
            code: str = answer["Error"]["Code"]
            self._check(operation, code, error)
            raise Refused(code, answer["Error"]["Message"]) from error
        return {name: _plain(value) for name, value in reply.items() if name != "ResponseMetadata"}

    def close(self) -> None:
        self._client.close()

    def _check(self, operation: str, code: str, error: Exception) -> None:
        if code in OPERATIONS[operation].errors:
            modelled: type[Exception] = getattr(self._client.exceptions, code)
            assert isinstance(error, modelled), f"{operation}: {code} is {type(error).__name__}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in cast("dict[str, Any]", value).items()}
    return [_plain(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


class Ours:
    """Our client, from wire names to typed operations and back."""

    def __init__(self, endpoint: str, transport: httpx.BaseTransport | None = None) -> None:
        settings = Settings(user_pool_id=_NOWHERE, client_id="nobody", endpoint=endpoint)
        self._client: Final = CognitoClient(settings, credentials=_CREDENTIALS, surroundings=_ONCE, transport=transport)

    def call(self, operation: str, /, **members: Any) -> Mapping[str, Any]:
        kind = OPERATIONS[operation]
        try:
            reply = self._client.send(from_wire(kind, members))
        except ServiceError as error:
            _check(operation, error)
            raise Refused(error.aws_code, error.message) from error
        assert isinstance(reply, cast("type[Structure]", reply_type(kind)))
        return to_wire(reply)

    def close(self) -> None:
        self._client.close()


def _check(operation: str, error: ServiceError) -> None:
    """The error is of the class that the tables have for its code, or of one that they refine it to."""
    assert error.aws_code in CODES or error.aws_code not in OPERATIONS[operation].errors, error
    general = CODES.get(error.aws_code, ServiceError)
    known = {general, *(special for _, special in REFINEMENTS.get(general, ()))}
    assert type(error) in known, f"{operation}: {error.aws_code} is {type(error).__name__}"
    assert error.operation == operation


@dataclass(frozen=True, slots=True)
class HttpTools:
    """The ``/_local/`` tools of a server."""

    http: httpx.Client

    def code(self, user_pool_id: str, username: str) -> str:
        wanted = {"user_pool_id": user_pool_id, "username": username}
        messages: list[dict[str, str]] = self._get("outbox", wanted)["messages"]
        return messages[-1]["code"]

    def now(self) -> float:
        return float(self._get("clock", {})["now"])

    def move(self, seconds: float) -> None:
        self.http.post("/_local/clock", json={"move": seconds}).raise_for_status()

    def _get(self, name: str, parameters: Mapping[str, str]) -> Any:
        return self.http.get(f"/_local/{name}", params=parameters).raise_for_status().json()
