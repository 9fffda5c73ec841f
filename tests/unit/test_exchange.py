"""Operations and key sets over HTTP: the request, what answers mean, and trying again."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import InitiateAuth, RespondToAuthChallenge
from cognito_auth.api.sign_up import SignUp, SignUpReply
from cognito_auth.api.structure import NoReply, Operation
from cognito_auth.api.users import AdminGetUser, AdminSetUserPassword
from cognito_auth.config import Settings
from cognito_auth.effects import Exchange, HttpResponse, Sign
from cognito_auth.errors import (
    CodeMismatch,
    CognitoAuthError,
    IncorrectCredentials,
    InternalError,
    KeysUnavailable,
    ProtocolError,
    ServiceError,
    TooManyRequests,
    TransportError,
)
from cognito_auth.exchange import API_MAX_BYTES, API_TIMEOUT, fetch_key_set, send, to_reply, to_request
from cognito_auth.retry import RetryPolicy
from cognito_auth.secret_hash import secret_hash
from tests.support.scripted import CLIENT_SECRET, CONFIDENTIAL, SETTINGS, Scripted

SIGN_UP: Final = SignUp(username="ana", password="secret")
REPLY: Final = {"UserConfirmed": True, "UserSub": "1"}
POLICY: Final = RetryPolicy()
HALF: Final = b"\x80"
"""Randomness by which every pause is half of what it can be at most."""


def answer(status: int, document: Any = None, *, body: bytes | None = None, **headers: str) -> HttpResponse:
    content = json.dumps(document).encode() if body is None else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, headers=named, body=content)


OK: Final = answer(200, REPLY)
THROTTLED: Final = answer(400, {"__type": "TooManyRequestsException", "message": "Rate exceeded"})
FAILED: Final = answer(500, {"__type": "InternalErrorException", "message": "oops"})


def test_request() -> None:
    request = to_request(SIGN_UP, CONFIDENTIAL)
    assert (request.method, request.url) == ("POST", "https://cognito-idp.eu-west-1.amazonaws.com/")
    assert request.headers == {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp",
        "Cache-Control": "no-store",
    }
    assert json.loads(request.body) == {
        "Username": "ana",
        "Password": "secret",
        "ClientId": "client1",
        "SecretHash": secret_hash("ana", "client1", CLIENT_SECRET),
    }


def test_the_endpoint_s_path_is_kept() -> None:
    settings = Settings(user_pool_id="eu-west-1_a", client_id="c", endpoint="http://localhost:1/cognito/")
    assert to_request(SIGN_UP, settings).url == "http://localhost:1/cognito/"


def test_one_exchange_within_its_bounds() -> None:
    driver = Scripted([OK])
    assert driver.run(send(SIGN_UP, POLICY)) == SignUpReply(user_confirmed=True, user_sub="1")
    assert driver.exchanges == [Exchange(request=to_request(SIGN_UP, SETTINGS), timeout=API_TIMEOUT, max_bytes=API_MAX_BYTES)]


@pytest.mark.parametrize(
    ("operation", "signed"), [(GetUser(access_token="a"), False), (AdminSetUserPassword(username="a", password="p"), True)]
)
def test_only_the_administrator_s_operations_are_signed(operation: Operation[Any], *, signed: bool) -> None:
    driver = Scripted([answer(200, {"Username": "a", "UserAttributes": []})])
    driver.run(send(operation, POLICY))
    assert any(isinstance(effect, Sign) for effect in driver.asked) == signed
    assert ("Authorization" in driver.exchanges[0].request.headers) == signed


def test_each_attempt_is_signed_anew() -> None:
    driver = Scripted([THROTTLED, answer(200, {"Username": "a"})])
    driver.run(send(AdminGetUser(username="a"), POLICY))
    assert sum(isinstance(effect, Sign) for effect in driver.asked) == 2


ERRORS: Final[dict[str, tuple[HttpResponse, type[CognitoAuthError], str]]] = {
    "plain": (answer(400, {"__type": "CodeMismatchException", "message": "no"}), CodeMismatch, "CodeMismatchException"),
    "namespace": (
        answer(400, {"__type": "com.amazonaws.cognito#CodeMismatchException", "message": "no"}),
        CodeMismatch,
        "CodeMismatchException",
    ),
    "suffix": (
        answer(400, {"__type": "CodeMismatchException:http://internal.amazon.com/coral/", "message": "no"}),
        CodeMismatch,
        "CodeMismatchException",
    ),
    "header": (answer(400, {}, x_amzn_errortype="CodeMismatchException"), CodeMismatch, "CodeMismatchException"),
    "header-suffix": (
        answer(400, body=b"", x_amzn_errortype="CodeMismatchException:http://internal.amazon.com/coral/"),
        CodeMismatch,
        "CodeMismatchException",
    ),
    "body-before-header": (
        answer(400, {"__type": "CodeMismatchException"}, x_amzn_errortype="InternalErrorException"),
        CodeMismatch,
        "CodeMismatchException",
    ),
    "refined-by-message": (
        answer(400, {"__type": "NotAuthorizedException", "message": "Incorrect username or password."}),
        IncorrectCredentials,
        "NotAuthorizedException",
    ),
    "refined-by-Message": (
        answer(400, {"__type": "NotAuthorizedException", "Message": "Incorrect username or password."}),
        IncorrectCredentials,
        "NotAuthorizedException",
    ),
    "refined-by-header": (
        answer(400, {"__type": "NotAuthorizedException"}, x_amzn_errormessage="Incorrect username or password."),
        IncorrectCredentials,
        "NotAuthorizedException",
    ),
    "unknown-code": (answer(400, {"__type": "RiddleException", "message": "why"}), ServiceError, "RiddleException"),
    "code-no-text": (answer(400, {"__type": ["CodeMismatchException"]}), ServiceError, "['CodeMismatchException']"),
    "500-without-code": (answer(500, body=b""), InternalError, "InternalErrorException"),
    "503-html": (answer(503, body=b"<html>"), InternalError, "InternalErrorException"),
    "502-no-object": (answer(502, ["bad"]), InternalError, "InternalErrorException"),
    "429-without-code": (answer(429, body=b"slow down"), TooManyRequests, "TooManyRequestsException"),
    "429-with-code": (answer(429, {"__type": "ThrottlingException"}), TooManyRequests, "ThrottlingException"),
}


@pytest.mark.parametrize(("response", "kind", "code"), ERRORS.values(), ids=ERRORS.keys())
def test_error_answers(response: HttpResponse, kind: type[ServiceError], code: str) -> None:
    with pytest.raises(CognitoAuthError) as caught:
        to_reply(SIGN_UP, response)
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, ServiceError)
    assert (error.aws_code, error.operation) == (code, "SignUp")


def test_the_request_id_is_kept_for_support() -> None:
    with pytest.raises(CodeMismatch) as caught:
        to_reply(SIGN_UP, answer(400, {"__type": "CodeMismatchException"}, x_amzn_requestid="r-1"))
    assert caught.value.request_id == "r-1"


NONSENSE: Final = {
    "redirect": answer(302, body=b"", location="https://elsewhere.example"),
    "created": answer(201, REPLY),
    "400-without-code": answer(400, {}),
    "404-html": answer(404, body=b"<html>"),
    "200-html": answer(200, body=b"<html>"),
    "200-null": answer(200, body=b"null"),
    "200-list": answer(200, []),
    "200-empty": answer(200, body=b""),
    "200-cut": answer(200, body=b'{"UserConfirmed": tr'),
    "200-not-utf-8": answer(200, body=b"\xff\xff"),
    "200-utf-16": answer(200, body=json.dumps(REPLY).encode("utf-16")),
    "200-deep": answer(200, body=b"[" * 100_000),
    "200-nan": answer(200, body=json.dumps(REPLY | {"x": float("nan")}).encode()),
    "200-half-a-character": answer(200, REPLY | {"Session": "\ud83d"}),
    "200-half-a-character-in-a-name": answer(200, REPLY | {"\ud83d": 1}),
    "200-half-a-character-unescaped": answer(200, body=json.dumps(REPLY | {"x": "?"}).encode().replace(b"?", b"\xed\xa0\xbd")),
    "200-number-of-many-digits": answer(200, body=b"9" * 10_000),
    "200-member-missing": answer(200, {"UserConfirmed": True}),
    "200-wrong-type": answer(200, {**REPLY, "UserSub": 1}),
}


@pytest.mark.parametrize("response", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense(response: HttpResponse) -> None:
    with pytest.raises(ProtocolError, match="SignUp"):
        to_reply(SIGN_UP, response)


@given(status=st.sampled_from([200, 400, 429, 500]), body=st.binary(max_size=30), type_=st.text(max_size=10))
def test_any_answer_at_all_is_a_reply_or_an_error_of_ours(status: int, body: bytes, type_: str) -> None:
    for content in (body, json.dumps({"__type": type_, "message": type_}).encode()):
        with pytest.raises(CognitoAuthError):
            to_reply(SIGN_UP, HttpResponse(status=status, headers={}, body=content))


def test_an_operation_without_a_reply_takes_any_object() -> None:
    operation = AdminSetUserPassword(username="ana", password="p")
    for response in (answer(200, body=b""), answer(200, {}), answer(200, {"more": 1})):
        assert to_reply(operation, response) == NoReply()


def test_a_throttled_request_is_sent_again() -> None:
    driver = Scripted([THROTTLED, THROTTLED, OK], random=HALF)
    driver.run(send(SIGN_UP, POLICY))
    assert len(driver.exchanges) == 3
    assert driver.pauses == pytest.approx([0.1, 0.2], rel=0.01)


def test_in_the_end_the_last_error_is_raised() -> None:
    driver = Scripted([THROTTLED, THROTTLED, THROTTLED])
    with pytest.raises(TooManyRequests):
        driver.run(send(SIGN_UP, POLICY))
    assert len(driver.exchanges) == POLICY.attempts


@pytest.mark.parametrize("failure", [FAILED, answer(502, body=b""), TransportError("reset")], ids=["500", "502", "reset"])
@pytest.mark.parametrize(
    ("operation", "attempts"),
    [
        pytest.param(SIGN_UP, 1, id="SignUp"),
        pytest.param(RespondToAuthChallenge(challenge_name="SMS_MFA"), 1, id="RespondToAuthChallenge"),
        pytest.param(InitiateAuth(auth_flow="USER_PASSWORD_AUTH"), 1, id="password"),
        pytest.param(InitiateAuth(auth_flow="USER_SRP_AUTH"), 3, id="srp"),
        pytest.param(GetUser(access_token="a"), 3, id="GetUser"),
    ],
)
def test_after_a_failure_only_what_is_harmless_is_sent_again(operation: Operation[Any], attempts: int, failure: object) -> None:
    driver = Scripted([failure] * attempts)
    with pytest.raises((InternalError, TransportError)):
        driver.run(send(operation, POLICY))
    assert len(driver.exchanges) == attempts


def test_no_attempt_starts_after_the_time_for_all_of_them() -> None:
    def slow(_: Exchange) -> HttpResponse:
        driver.now += 4.95
        return THROTTLED

    driver = Scripted([slow], random=HALF)
    with pytest.raises(TooManyRequests):
        driver.run(send(SIGN_UP, POLICY))
    assert driver.pauses == []


def test_all_attempts_together_are_over_when_the_time_of_one_is() -> None:
    """So that whoever holds a lock for a refresh is done before the lock is given to another."""

    def slow(_: Exchange) -> HttpResponse:
        driver.now += 2.0
        return THROTTLED

    driver = Scripted([slow, slow, OK], random=HALF)
    driver.run(send(SIGN_UP, POLICY))
    left = [exchange.timeout for exchange in driver.exchanges]
    assert left == pytest.approx([API_TIMEOUT, API_TIMEOUT - 2.1, API_TIMEOUT - 4.3], rel=0.01)


def test_a_policy_with_more_time_has_more_time() -> None:
    def slow(_: Exchange) -> HttpResponse:
        driver.now += API_TIMEOUT
        return THROTTLED

    driver = Scripted([slow, slow, OK], random=HALF)
    driver.run(send(SIGN_UP, RetryPolicy(total=25.0)))
    assert [exchange.timeout for exchange in driver.exchanges] == pytest.approx([API_TIMEOUT, API_TIMEOUT, 4.7], rel=0.01)


KEYS_URL: Final = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a/.well-known/jwks.json"


def test_key_set() -> None:
    driver = Scripted([answer(200, body=b'{"keys": []}')])
    assert driver.run(fetch_key_set(KEYS_URL)) == b'{"keys": []}'
    (exchange,) = driver.exchanges
    assert (exchange.request.method, exchange.request.url, exchange.request.body) == ("GET", KEYS_URL, b"")
    assert (exchange.timeout, exchange.max_bytes) == (3.0, 1 << 20)


@pytest.mark.parametrize(
    "failure",
    [answer(204, body=b""), answer(301, body=b""), answer(404, body=b"{}"), answer(500, body=b""), TransportError("reset")],
    ids=["204", "301", "404", "500", "reset"],
)
def test_a_key_set_that_cannot_be_had_is_asked_for_once(failure: object) -> None:
    driver = Scripted([failure])
    with pytest.raises(KeysUnavailable, match="key set"):
        driver.run(fetch_key_set(KEYS_URL))


@pytest.mark.parametrize(
    "url", ["http://keys.example.com/jwks.json", "ftp://localhost/", "https://user@keys.example.com", "https://[", "keys", ""]
)
def test_a_key_set_elsewhere_is_not_fetched(url: str) -> None:
    driver = Scripted()
    with pytest.raises(KeysUnavailable, match="https"):
        driver.run(fetch_key_set(url))
    assert driver.asked == []
