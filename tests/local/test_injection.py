"""Errors on demand: what is refused, how often, and what cannot be asked for; in the pool and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest

from cognito_auth.api import OPERATIONS
from cognito_auth.errors.codes import CODES
from cognito_auth.local import LocalCognito
from cognito_auth.local.base.request import Request
from cognito_auth.local.http import face
from cognito_auth.local.injection import GENERAL, MAX_TIMES
from tests.local.support import new_cognito, raw, refusal

THROTTLED: Final = "TooManyRequestsException"


@pytest.fixture
def cognito() -> LocalCognito:
    return new_cognito()


def create(cognito: LocalCognito, name: str = "refused") -> Any:
    return raw(cognito, "CreateUserPool", {"PoolName": name})


def test_as_often_as_asked_and_without_effect(cognito: LocalCognito) -> None:
    cognito.fail("CreateUserPool", THROTTLED, message="{later}", times=2)
    for _ in range(2):
        assert refusal(create, cognito) == "TooManyRequests: {later}"
    assert cognito.pools() == ()
    assert create(cognito)["UserPool"]["Id"] in cognito.pools()


def test_one_after_the_other_and_each_operation_for_itself(cognito: LocalCognito) -> None:
    cognito.fail("CreateUserPool", THROTTLED)
    cognito.fail("CreateUserPool", "LimitExceededException")
    cognito.fail("ListUserPools", "InternalErrorException")
    assert [refusal(create, cognito).partition(":")[0] for _ in range(2)] == ["TooManyRequests", "LimitExceeded"]
    create(cognito)
    assert refusal(raw, cognito, "ListUserPools", {}) == "InternalError: "


def test_before_the_request_is_looked_at(cognito: LocalCognito) -> None:
    cognito.fail("CreateUserPool", THROTTLED)
    reply = cognito.call("CreateUserPool", b"no JSON")
    assert (reply.status, json.loads(reply.body)["__type"]) == (400, THROTTLED)


@pytest.mark.parametrize(
    ("code", "status"),
    [("InternalErrorException", 500), ("InternalFailure", 500), ("ServiceUnavailable", 503), ("ThrottlingException", 400)],
)
def test_statuses(cognito: LocalCognito, code: str, status: int) -> None:
    cognito.fail("GetUser", code)
    assert cognito.call("GetUser", b"{}").status == status


@pytest.mark.parametrize(
    ("arguments", "times"),
    [
        pytest.param(("GetNobody", THROTTLED), 1, id="operation"),
        pytest.param(("ListUserPools", "UserNotFoundException"), 1, id="of-other-operations"),
        pytest.param(("GetUser", "NoException"), 1, id="code"),
        pytest.param(("GetUser", "TooManyRequests"), 1, id="no-suffix"),
        pytest.param(("GetUser", THROTTLED), 0, id="never"),
        pytest.param(("GetUser", THROTTLED), -1, id="negative"),
        pytest.param(("GetUser", THROTTLED), MAX_TIMES + 1, id="too-often"),
    ],
)
def test_what_cannot_be(cognito: LocalCognito, arguments: tuple[str, str], times: int) -> None:
    with pytest.raises(ValueError, match=r"GetNobody|is never refused|times is"):
        cognito.fail(*arguments, times=times)
    assert refusal(raw, cognito, "GetUser", {"AccessToken": "a.b.c"}) == "NotAuthorized: Invalid Access Token"


def test_the_number_that_waits_is_bounded(cognito: LocalCognito) -> None:
    for _ in range(1000):
        cognito.fail("GetUser", THROTTLED)
    with pytest.raises(ValueError, match="wait already"):
        cognito.fail("GetUser", THROTTLED)
    cognito.fail("GlobalSignOut", THROTTLED)


def test_general_codes_are_no_operations_own() -> None:
    assert not GENERAL & {code for operation in OPERATIONS.values() for code in operation.errors}
    assert GENERAL - {"IncompleteSignatureException", "InternalFailure", "RequestExpired"} <= CODES.keys()


def test_threads_share_what_was_asked_for(cognito: LocalCognito) -> None:
    cognito.fail("GetUser", THROTTLED, times=50)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(cognito.call, 80 * ["GetUser"], 80 * [b"{}"]))
    assert [json.loads(reply.body)["__type"] for reply in replies].count(THROTTLED) == 50


def post(cognito: LocalCognito, body: bytes, content_type: str = "application/json") -> tuple[int, Any]:
    headers = {"content-type": content_type}
    reply = face.respond(cognito, Request(method="POST", path="/_local/faults", headers=headers, body=body))
    return reply.status, json.loads(reply.body)


def test_over_http(cognito: LocalCognito) -> None:
    wanted = {"operation": "GetUser", "code": THROTTLED, "message": "Rate exceeded", "times": 2}
    assert post(cognito, json.dumps(wanted).encode()) == (200, wanted)
    shorter = {"operation": "GetUser", "code": "ForbiddenException"}
    assert post(cognito, json.dumps(shorter).encode()) == (200, {**shorter, "message": "", "times": 1})
    seen = [refusal(raw, cognito, "GetUser", {"AccessToken": "a.b.c"}) for _ in range(3)]
    assert seen == ["TooManyRequests: Rate exceeded"] * 2 + ["Forbidden: "]


REFUSED: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    "no-operation": lambda body: body.pop("operation"),
    "no-code": lambda body: body.pop("code"),
    "unknown-operation": lambda body: body.update(operation="GetNobody"),
    "unknown-code": lambda body: body.update(code="NoException"),
    "number-as-text": lambda body: body.update(times="1"),
    "number-as-boolean": lambda body: body.update(times=True),
    "number-with-fraction": lambda body: body.update(times=1.0),
    "never": lambda body: body.update(times=0),
    "message-null": lambda body: body.update(message=None),
    "more": lambda body: body.update(more=1),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_refused_over_http(cognito: LocalCognito, change: Callable[[dict[str, Any]], object]) -> None:
    body: dict[str, Any] = {"operation": "GetUser", "code": THROTTLED}
    change(body)
    status, document = post(cognito, json.dumps(body).encode())
    assert (status, document["error"]["code"]) == (400, "bad_request")
    assert refusal(raw, cognito, "GetUser", {"AccessToken": "a.b.c"}) == "NotAuthorized: Invalid Access Token"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_object_is_refused(cognito: LocalCognito, body: bytes) -> None:
    assert post(cognito, body)[0] == 400


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"]
)
def test_only_as_json(cognito: LocalCognito, content_type: str) -> None:
    body = json.dumps({"operation": "GetUser", "code": THROTTLED}).encode()
    assert post(cognito, body, content_type)[0] == 415
    assert refusal(raw, cognito, "GetUser", {"AccessToken": "a.b.c"}) == "NotAuthorized: Invalid Access Token"
