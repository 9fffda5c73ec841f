"""Errors as replies: status, code, a sentence that is safe to show, and headers."""

from __future__ import annotations

import json
import logging
import re
from typing import Final

import pytest

from cognito_auth import errors
from cognito_auth.errors import CognitoAuthError, service_error
from cognito_auth.sessions import SetCookie
from cognito_auth.web import Refused, refusal
from tests.support.classes import below

CANARY: Final = "canary-in-the-mine"
COOKIE: Final = SetCookie(name="a", value="b", max_age=0, secure=True)
POLICY: Final = "Password did not conform with policy: Password must have uppercase characters"


@pytest.mark.parametrize(
    ("error", "challenge"),
    [
        pytest.param(errors.NotSignedIn("none"), "Bearer", id="no-token-no-error-code"),
        pytest.param(
            errors.TokenMalformed("two parts"),
            'Bearer error="invalid_token", error_description="The access token is not valid."',
            id="invalid-token",
        ),
        pytest.param(
            errors.TokenExpired("exp"),
            'Bearer error="invalid_token", error_description="The access token has expired."',
            id="expired-token",
        ),
        pytest.param(errors.AccessDenied("group"), 'Bearer error="insufficient_scope"', id="no-group"),
        pytest.param(
            errors.AccessDenied("scopes", ("orders/read", "orders/write")),
            'Bearer error="insufficient_scope", scope="orders/read orders/write"',
            id="no-scope",
        ),
        pytest.param(
            errors.InsufficientAuthentication("old", max_age=300),
            'Bearer error="insufficient_user_authentication", error_description="Sign in again to do that.", max_age="300"',
            id="too-long-ago",
        ),
        pytest.param(
            errors.InsufficientAuthentication("old and weak", max_age=60, acr_values=("gold", "silver")),
            'Bearer error="insufficient_user_authentication", '
            'error_description="Sign in again, with a second factor, to do that.", max_age="60", acr_values="gold silver"',
            id="too-long-ago-and-too-few-factors",
        ),
        pytest.param(service_error("NotAuthorizedException", "Incorrect username or password."), "Bearer", id="wrong-password"),
        pytest.param(errors.CrossSiteRequest("other site"), "Bearer", id="cross-site"),
        pytest.param(errors.KeysUnavailable("down"), None, id="keys-unavailable"),
        pytest.param(errors.RequestRejected("bad"), None, id="bad-request"),
        pytest.param(service_error("UserNotFoundException", "x"), None, id="not-found"),
    ],
)
def test_www_authenticate(error: CognitoAuthError, challenge: str | None) -> None:
    assert refusal(error).headers.get("WWW-Authenticate") == challenge


@pytest.mark.parametrize(
    ("error", "status", "code", "message"),
    [
        (errors.NotSignedIn("x"), 401, "not_signed_in", "Sign in first."),
        (errors.AccessDenied("x"), 403, "forbidden", "You are not allowed to do that."),
        (errors.RequestRejected("username is missing"), 400, "bad_request", "username is missing"),
        (errors.BodyTooLarge("the body is long"), 413, "body_too_large", "the body is long"),
        (errors.UnsupportedMediaType("not JSON"), 415, "unsupported_media_type", "not JSON"),
        (errors.CrossSiteRequest("another site"), 403, "cross_site_request", "another site"),
        (errors.ConfigurationError("x"), 500, "internal_error", "Something went wrong."),
        (
            service_error("InvalidPasswordException", POLICY),
            400,
            "invalid_password",
            "That password does not follow the rules. Password must have uppercase characters.",
        ),
        (service_error("InvalidPasswordException", "x"), 400, "invalid_password", "That password does not follow the rules."),
        (
            service_error("PasswordHistoryPolicyViolationException", "x"),
            400,
            "password_reused",
            "That password was used before. Choose another one.",
        ),
        (service_error("RiddleException", "x"), 502, "service_error", "The sign-in service refused the request."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, CognitoAuthError) else "",
)
def test_status_code_and_sentence(error: CognitoAuthError, status: int, code: str, message: str) -> None:
    reply = refusal(error)
    assert reply.status == status
    assert json.loads(reply.content()) == {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.InsufficientAuthentication("x", max_age=300), {"max_age": 300}),
        (errors.InsufficientAuthentication("x", acr_values=("gold", "silver")), {"acr_values": "gold silver"}),
        (
            errors.InsufficientAuthentication("x", max_age=1, acr_values=("gold",)),
            {"max_age": 1, "acr_values": "gold"},
        ),
    ],
    ids=["age", "factors", "both"],
)
def test_what_a_sign_in_must_be_is_told(error: errors.InsufficientAuthentication, told: dict[str, object]) -> None:
    reply = refusal(error)
    document = json.loads(reply.content())["error"]
    assert reply.status == 401
    assert document.pop("message") == reply.headers["WWW-Authenticate"].split('"')[3]
    assert document == {"code": "insufficient_user_authentication", **told}


KINDS: Final = sorted(
    (kind for kind in below(CognitoAuthError) if kind.__module__.startswith("cognito_auth.") and kind is not Refused),
    key=lambda kind: kind.__name__,
)


def made(kind: type[CognitoAuthError]) -> CognitoAuthError:
    """An error of the class with the canary in everything that it is made with."""
    if issubclass(kind, errors.ServiceError):
        return kind(CANARY, CANARY, operation=CANARY, request_id=CANARY)
    if kind is errors.IllegalTransition:
        return errors.IllegalTransition(type(CANARY, (), {}), type(CANARY, (), {}))
    if kind is errors.MissingExtra:
        return errors.MissingExtra(CANARY, CANARY)
    return kind(CANARY)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_the_error_says_inside_is_not_shown_outside(kind: type[CognitoAuthError]) -> None:
    error = made(kind)
    reply = refusal(error)
    shown = f"{reply.content().decode()} {reply.header_list()}"
    assert (CANARY in shown) == isinstance(error, errors.RequestRejected)
    assert reply.headers.get("Retry-After") == (str(int(error.retry_after)) if error.retry_after else None)
    assert ("WWW-Authenticate" in reply.headers) == (reply.status in (401, 403))
    assert all(re.fullmatch(r"[\x20-\x7e]*", value) for _, value in reply.header_list())
    assert ("Cache-Control", "no-store") in reply.header_list()


def test_what_only_the_developer_can_mend_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "cognito_auth"):
        refusal(errors.NotSignedIn("quiet"))
        refusal(errors.ConfigurationError("100% loud: %s"))
    assert caplog.messages == ["100% loud: %s"]


def test_cookies_go_with_the_refusal() -> None:
    denied = errors.AccessDenied("no", ("a",))
    assert str(Refused(denied, (COOKIE,))) == "no"
    reply = refusal(Refused(denied, (COOKIE,)))
    assert reply.document == refusal(denied).document
    assert reply.status == 403
    assert reply.cookies == (COOKIE,)
    assert ("Set-Cookie", COOKIE.header()) in reply.header_list()
    assert refusal(Refused(Refused(denied, (COOKIE,)), (COOKIE,)), (COOKIE,)).cookies == (COOKIE,) * 3


def test_a_status_s_reply_has_its_fixed_headers() -> None:
    assert refusal(errors.KeysUnavailable("down")).header_list() == [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("Vary", "Authorization, Cookie, Origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("Retry-After", "5"),
    ]
