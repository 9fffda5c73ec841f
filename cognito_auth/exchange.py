"""Operations and key sets over HTTP, still without I/O: what is sent, what an answer means, when to try again.

Source of the form: AWS JSON 1.1, https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from .api.raw import NamedOperation, name_of
from .api.structure import Operation, reply_type
from .api.wire import CONTENT_TYPE, TARGET_PREFIX, MalformedValue, from_wire, read_json, to_wire
from .completion import complete
from .config import Settings, is_trustworthy_url
from .effects import Configuration, Exchange, Flow, HttpRequest, HttpResponse, Monotonic, RandomBytes, Sign, Sleep, perform
from .errors import CognitoAuthError, KeysUnavailable, ProtocolError, TransportError, service_error
from .retry import RetryPolicy

R = TypeVar("R")

API_TIMEOUT: Final = 10.0
"""Seconds that an attempt of an operation may take, and all of them together, unless `RetryPolicy.total` is more."""
API_MAX_BYTES: Final = 1 << 20
KEY_SET_TIMEOUT: Final = 3.0
"""Seconds that fetching a key set may take."""
KEY_SET_MAX_BYTES: Final = 1 << 20


def send(operation: Operation[R], policy: RetryPolicy) -> Flow[R]:
    """Complete the operation from the settings, send it, and try again where ``policy`` allows.

    Raises the `ServiceError` that Cognito answers with, `TransportError` when no answer comes, `ProtocolError` when the
    answer makes no sense.
    """
    settings = yield from perform(Configuration())
    started = yield from perform(Monotonic())
    request = to_request(operation, settings)
    attempt, elapsed = 1, 0.0
    while True:
        try:
            signed = (yield from perform(Sign(request))) if operation.signed else request
            left = min(API_TIMEOUT, max(API_TIMEOUT, policy.total) - elapsed)
            response = yield from perform(Exchange(request=signed, timeout=left, max_bytes=API_MAX_BYTES))
            return to_reply(operation, response)
        except CognitoAuthError as error:
            chance = int.from_bytes((yield from perform(RandomBytes(4)))) / 2**32
            pause = policy.pause(error, operation, attempt, chance)
            elapsed = (yield from perform(Monotonic())) - started
            if pause is None or elapsed + pause > policy.total:
                raise
        yield from perform(Sleep(pause))
        attempt, elapsed = attempt + 1, elapsed + pause


def fetch_key_set(url: str) -> Flow[bytes]:
    """The body of the key set at ``url``; raises `KeysUnavailable` for anything but a 200 in time."""
    if not is_trustworthy_url(url):
        raise KeysUnavailable("the key set's address is neither https nor on this machine")
    request = HttpRequest(method="GET", url=url, headers={"Accept": "application/json"})
    try:
        response = yield from perform(Exchange(request=request, timeout=KEY_SET_TIMEOUT, max_bytes=KEY_SET_MAX_BYTES))
    except TransportError as error:
        raise KeysUnavailable(f"the key set cannot be fetched: {error}") from error
    if response.status != 200:
        doubt = "; is the user pool id right?" if response.status in (400, 404) else ""
        raise KeysUnavailable(f"the key set's address answered with status {response.status}{doubt}")
    return response.body


def to_request(operation: Operation[Any], settings: Settings) -> HttpRequest:
    """The HTTP request of an operation. Raises `TypeError` or `ValueError` for a `NamedOperation` that JSON cannot hold."""
    return HttpRequest(
        method="POST",
        url=f"{settings.endpoint}/",
        headers={
            "Content-Type": CONTENT_TYPE,
            "X-Amz-Target": TARGET_PREFIX + name_of(operation),
            "Cache-Control": "no-store",
        },
        body=json.dumps(_members(operation, settings), separators=(",", ":"), allow_nan=False).encode(),
    )


def to_reply(operation: Operation[R], response: HttpResponse) -> R:
    """The reply in an answer; raises the `ServiceError` that it stands for, or `ProtocolError`."""
    name = name_of(operation)
    document = _parse(response.body)
    if response.status != 200:
        raise _error(name, response, cast("dict[str, Any]", document) if isinstance(document, dict) else {})
    if document is None:
        raise ProtocolError(f"{name}: the reply is not JSON")
    if isinstance(operation, NamedOperation):
        if not isinstance(document, dict):
            raise ProtocolError(f"{name}: the reply is not an object")
        return cast(R, document)
    try:
        return cast(R, from_wire(cast(Any, reply_type(type(operation))), document))
    except MalformedValue as error:
        raise ProtocolError(f"{name}: {error}") from error


def _members(operation: Operation[Any], settings: Settings) -> Mapping[str, Any]:
    if isinstance(operation, NamedOperation):
        return dict(operation.members)
    return to_wire(complete(operation, settings))


def _parse(body: bytes) -> Any:
    """The JSON value of a body; an empty body is an empty object, and ``None`` is anything that is not JSON."""
    if not body:
        return {}
    try:
        return read_json(body)
    except ValueError:
        return None


def _error(operation: str, response: HttpResponse, document: Mapping[str, Any]) -> CognitoAuthError:
    headers = response.headers
    spelled = str(document.get("__type") or headers.get("x-amzn-errortype") or "")
    code = spelled.rpartition("#")[2].partition(":")[0]
    message = str(document.get("message") or document.get("Message") or headers.get("x-amzn-errormessage") or "")
    if not code:
        if response.status < 500 and response.status != 429:
            return ProtocolError(f"{operation}: status {response.status} without an error code")
        code = "TooManyRequestsException" if response.status == 429 else "InternalErrorException"
    return service_error(code, message, operation=operation, request_id=headers.get("x-amzn-requestid", ""))
