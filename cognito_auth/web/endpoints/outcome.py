"""How a sign-in's outcome is told: tokens, a session, or the next challenge with its sealed state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from ...effects import Flow
from ...errors import ProtocolError
from ...sessions import Session
from ...sessions.session import pack_state
from ...states import (
    SEALABLE,
    Challenge,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    SelectMfaType,
    SignedIn,
    SmsMfa,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    Tokens,
)
from ..http import Reply
from ..options import DAY, Delivery
from ..route import Call

ENVELOPE_LIFETIME: Final = 3650 * DAY
"""Seconds that a refresh token's envelope opens: as long as Cognito's longest refresh token; Cognito decides."""


def tell(call: Call, outcome: State, delivery: Delivery) -> Flow[Reply]:
    """The reply to a step of a sign-in."""
    if isinstance(outcome, SignedIn):
        return (yield from hand_over(call, outcome.username, outcome.tokens, delivery))
    if not isinstance(outcome, Challenge) or type(outcome).__name__ not in SEALABLE:
        raise ProtocolError(f"a sign-in does not lead to {type(outcome).__name__}")
    content = {"state": pack_state(outcome), "delivery": delivery}
    state = yield from call.auth.seal_document(content, "state", call.auth.options.state_lifetime)
    challenge = _TELL[type(outcome)](outcome, call.auth.options.issuer_name)
    told = {name: value for name, value in challenge.items() if value is not None}
    return Reply(document={"status": "challenge", "challenge": told, "state": state})


def hand_over(call: Call, username: str, tokens: Tokens, delivery: Delivery, *, device_key: str | None = None) -> Flow[Reply]:
    """The reply that ends a sign-in or a refresh: a session in cookies, or tokens (names of RFC 6749, section 5.1) with the
    refresh token in an envelope that also holds what a refresh needs to know."""
    if delivery == "cookie":
        session = Session(username=username, tokens=tokens, device_key=device_key)
        cookies = yield from call.auth.write_session(call.request, session)
        return Reply(document={"status": "signed_in", "username": username}, cookies=cookies)
    envelope = None
    if tokens.refresh_token is not None:
        content = {"token": tokens.refresh_token, "username": username, "device_key": device_key}
        envelope = yield from call.auth.seal_document(content, "refresh", ENVELOPE_LIFETIME)
    document = {
        "status": "signed_in",
        "username": username,
        "access_token": tokens.access_token,
        "token_type": tokens.token_type,
        "expires_in": tokens.expires_in,
        "id_token": tokens.id_token,
        "refresh_token": envelope,
    }
    return Reply(document={name: value for name, value in document.items() if value is not None})


def otpauth_uri(secret_code: str, username: str, issuer: str) -> str:
    """The address that authenticator apps read as a QR code
    (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    label = quote(f"{issuer}:{username}", safe=":@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret_code, 'issuer': issuer})}"


def _new_password(state: NewPasswordRequired, _issuer: str) -> dict[str, Any]:
    attributes = dict(state.attributes or {})
    return {
        "name": "NEW_PASSWORD_REQUIRED",
        "required_attributes": list(state.required_attributes),
        "attributes": attributes,
    }


def _software_token(state: SoftwareTokenMfa, _issuer: str) -> dict[str, Any]:
    return {"name": "SOFTWARE_TOKEN_MFA", "device_name": state.device_name}


def _sms(state: SmsMfa, _issuer: str) -> dict[str, Any]:
    return {"name": "SMS_MFA", "destination": state.destination}


def _select(state: SelectMfaType, _issuer: str) -> dict[str, Any]:
    return {"name": "SELECT_MFA_TYPE", "choices": list(state.choices)}


def _setup(state: MfaSetup, _issuer: str) -> dict[str, Any]:
    return {"name": "MFA_SETUP", "choices": list(state.choices)}


def _pending(state: SoftwareTokenPending, issuer: str) -> dict[str, Any]:
    return {
        "name": "MFA_SETUP",
        "factor": "SOFTWARE_TOKEN_MFA",
        "secret_code": state.secret_code,
        "otpauth_uri": otpauth_uri(state.secret_code, state.username, issuer),
    }


def _other(state: OtherChallenge, _issuer: str) -> dict[str, Any]:
    available = list(state.available) if state.available is not None else None
    return {"name": state.name, "parameters": dict(state.parameters or {}), "available": available}


_TELL: Final[Mapping[type[Challenge], Callable[[Any, str], dict[str, Any]]]] = cast(
    "Mapping[type[Challenge], Callable[[Any, str], dict[str, Any]]]",
    {
        NewPasswordRequired: _new_password,
        SoftwareTokenMfa: _software_token,
        SmsMfa: _sms,
        SelectMfaType: _select,
        MfaSetup: _setup,
        SoftwareTokenPending: _pending,
        OtherChallenge: _other,
    },
)
