"""Errors as replies: status, a stable code, a sentence that is safe to show, and the headers that the status asks for."""

from __future__ import annotations

import logging
import math
from typing import Any, Final

from ..errors import (
    AccessDenied,
    CognitoAuthError,
    InsufficientAuthentication,
    InvalidPassword,
    KeysUnavailable,
    RequestRejected,
    TokenError,
)
from ..sessions import SetCookie
from .http import Reply

_log: Final = logging.getLogger("cognito_auth")

POLICY: Final = "Password did not conform with policy: "
"""What Cognito puts before the rule that a password breaks."""


class Refused(CognitoAuthError):
    """An error together with the cookies that go with its reply: those of a session that was renewed or has ended."""

    def __init__(self, error: CognitoAuthError, cookies: tuple[SetCookie, ...]) -> None:
        super().__init__(str(error))
        self.error = error
        self.cookies = cookies


def refusal(error: CognitoAuthError, cookies: tuple[SetCookie, ...] = ()) -> Reply:
    """The reply that an error stands for; what only its developer can mend is logged."""
    if isinstance(error, Refused):
        return refusal(error.error, cookies + error.cookies)
    if error.http_status >= 500 and not isinstance(error, KeysUnavailable):  # whose cause was logged, once for many requests
        _log.warning("%s", error)
    headers: dict[str, str] = {}
    if error.http_status in (401, 403):
        headers["WWW-Authenticate"] = _challenge(error)
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    told: dict[str, Any] = {"code": error.code, "message": public_message(error), **_wanted(error)}
    return Reply(status=error.http_status, document={"error": told}, headers=headers, cookies=cookies)


def public_message(error: CognitoAuthError) -> str:
    """The sentence to show."""
    if isinstance(error, RequestRejected):
        return error.message
    if isinstance(error, InvalidPassword) and error.message.startswith(POLICY):
        return f"{error.public_message} {error.message.removeprefix(POLICY)}."
    if isinstance(error, InsufficientAuthentication) and error.acr_values:
        return "Sign in again, with a second factor, to do that."
    return error.public_message


def _wanted(error: CognitoAuthError) -> dict[str, Any]:
    """What a sign-in must be to be enough, by the names of RFC 9470, section 3."""
    if not isinstance(error, InsufficientAuthentication):
        return {}
    wanted = {"max_age": error.max_age, "acr_values": " ".join(error.acr_values) or None}
    return {name: value for name, value in wanted.items() if value is not None}


def _challenge(error: CognitoAuthError) -> str:
    """``WWW-Authenticate`` by RFC 6750, section 3, and RFC 9470, section 3: no error code unless a token was sent."""
    if isinstance(error, TokenError):
        return f'Bearer error="invalid_token", error_description="{error.public_message}"'
    if isinstance(error, InsufficientAuthentication):
        parameters = {"error": error.code, "error_description": public_message(error), **_wanted(error)}
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in parameters.items())
    if isinstance(error, AccessDenied):
        scopes = f', scope="{" ".join(error.scopes)}"' if error.scopes else ""
        return f'Bearer error="insufficient_scope"{scopes}'
    return "Bearer"
