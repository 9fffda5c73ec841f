"""How a sign-in's outcome is told: tokens, a session, or the next challenge with its sealed state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from ...api.wire import from_wire, to_wire
from ...effects import Flow
from ...errors import ProtocolError
from ...events import EventName
from ...sessions import Session
from ...sessions.session import pack_state
from ...states import (
    SEALABLE,
    Challenge,
    CustomChallenge,
    Device,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    PasswordChallenge,
    PasswordSrpChallenge,
    SelectChallenge,
    SelectMfaType,
    SignedIn,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    Tokens,
    WebAuthn,
)
from ..http import Reply
from ..options import DAY, Delivery
from ..qr import qr_svg
from ..route import Call
from . import device_cookie
from .proofs import Proofs

ENVELOPE_LIFETIME: Final = 3650 * DAY
"""Seconds that a refresh token's envelope opens: as long as Cognito's longest refresh token; Cognito decides."""


def tell(call: Call, outcome: State, delivery: Delivery, proofs: Proofs = (), *, event: EventName = "signed_in") -> Flow[Reply]:
    """The reply to a step of a sign-in, which has given ``proofs`` so far; ``event`` is what it is when it comes to an end."""
    if isinstance(outcome, SignedIn):
        reply = yield from hand_over(call, outcome, delivery, proofs)
        call.visit.by_tokens(outcome.username, outcome.tokens)
        yield from call.visit.report(event)
        return reply
    if not isinstance(outcome, Challenge) or type(outcome).__name__ not in SEALABLE:
        raise ProtocolError(f"a sign-in does not lead to {type(outcome).__name__}")
    content = {"state": pack_state(outcome), "delivery": delivery, "proofs": proofs}
    state = yield from call.auth.vault.seal_document(content, "state", call.auth.options.state_lifetime)
    challenge = {"name": outcome.challenge_name, **_TELL[type(outcome)](outcome, call.auth.options.issuer_name)}
    if "otpauth_uri" in challenge:
        challenge["qr_svg"] = yield from qr_svg(challenge["otpauth_uri"])
    told = {name: value for name, value in challenge.items() if value is not None}
    call.visit.typed(outcome.username)
    call.visit.challenge = told["name"]
    yield from call.visit.report("challenged")
    return Reply(document={"status": "challenge", "challenge": told, "state": state})


def hand_over(call: Call, signed_in: SignedIn, delivery: Delivery, proofs: Proofs = ()) -> Flow[Reply]:
    """The reply that ends a sign-in or a refresh: a session in cookies, or tokens (names of RFC 6749, section 5.1) with the
    refresh token in an envelope that also holds what a refresh needs to know."""
    username, tokens, device = signed_in.username, signed_in.tokens, signed_in.device
    if delivery == "cookie":
        session = Session(username=username, tokens=tokens, device=device, proofs=proofs or None)
        cookies = yield from call.auth.keeper.begin(call.request, session)
        if signed_in.device_forgotten:
            cookies += yield from device_cookie.drop(call, username=username)
        return Reply(document={"status": "signed_in", "username": username, **_device_news(signed_in)}, cookies=cookies)
    envelope = None
    if tokens.refresh_token is not None:
        content = {"token": tokens.refresh_token, "username": username, "device": to_wire(device) if device else None}
        envelope = yield from call.auth.vault.seal_document(content, "refresh", ENVELOPE_LIFETIME)
    document = {
        "status": "signed_in",
        "username": username,
        "access_token": tokens.access_token,
        "token_type": tokens.token_type,
        "expires_in": tokens.expires_in,
        "id_token": tokens.id_token,
        "refresh_token": envelope,
        **_device_news(signed_in),
    }
    return Reply(document={name: value for name, value in document.items() if value is not None})


def _device_news(signed_in: SignedIn) -> dict[str, Any]:
    """What the client is to know about devices: that one is on offer, and that the one it gave is to be dropped."""
    device = signed_in.device
    offered = device is not None and device.group_key is not None and device.secret is None
    news = {"device_offered": offered, "device_forgotten": signed_in.device_forgotten}
    return {name: True for name, said in news.items() if said}


def open_envelope(call: Call, access_token: str = "") -> Flow[SignedIn]:
    """The sign-in that the refresh token's envelope in the body stands for; it holds no access token, so that comes from
    elsewhere. Raises `SealError`."""
    held = yield from call.auth.vault.open_document(call.body["refresh_token"], "refresh")
    device = held.get("device")
    return SignedIn(
        username=held["username"],
        tokens=Tokens(access_token=access_token, refresh_token=held["token"]),
        device=from_wire(Device, device) if device else None,
    )


def otpauth_uri(secret_code: str, username: str, issuer: str) -> str:
    """The address that authenticator apps read as a QR code
    (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    label = quote(f"{issuer}:{username}", safe=":@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret_code, 'issuer': issuer})}"


def _new_password(state: NewPasswordRequired, _issuer: str) -> dict[str, Any]:
    return {"required_attributes": list(state.required_attributes), "attributes": dict(state.attributes or {})}


def _pending(state: SoftwareTokenPending, issuer: str) -> dict[str, Any]:
    return {
        "factor": SoftwareTokenMfa.challenge_name,
        "secret_code": state.secret_code,
        "otpauth_uri": otpauth_uri(state.secret_code, state.username, issuer),
    }


def _other(state: OtherChallenge, _issuer: str) -> dict[str, Any]:
    available = list(state.available) if state.available is not None else None
    return {"name": state.name, "parameters": dict(state.parameters or {}), "available": available}


def _choices(state: SelectMfaType | MfaSetup | SelectChallenge, _issuer: str) -> dict[str, Any]:
    return {"choices": list(state.choices)}


def _destination(state: SmsMfa | SmsOtp | EmailOtp, _issuer: str) -> dict[str, Any]:
    return {"destination": state.destination}


def _software_token(state: SoftwareTokenMfa, _issuer: str) -> dict[str, Any]:
    return {"device_name": state.device_name}


def _passkey(state: WebAuthn, _issuer: str) -> dict[str, Any]:
    return {"request_options": json.loads(state.request_options)}


def _custom(state: CustomChallenge, _issuer: str) -> dict[str, Any]:
    return {"parameters": dict(state.parameters or {})}


def _nothing(_state: Challenge, _issuer: str) -> dict[str, Any]:
    return {}


_TELL: Final[Mapping[type[Challenge], Callable[[Any, str], dict[str, Any]]]] = cast(
    "Mapping[type[Challenge], Callable[[Any, str], dict[str, Any]]]",
    {
        PasswordChallenge: _nothing,
        PasswordSrpChallenge: _nothing,
        NewPasswordRequired: _new_password,
        SelectChallenge: _choices,
        SoftwareTokenMfa: _software_token,
        SmsMfa: _destination,
        SmsOtp: _destination,
        EmailOtp: _destination,
        WebAuthn: _passkey,
        CustomChallenge: _custom,
        SelectMfaType: _choices,
        MfaSetup: _choices,
        SoftwareTokenPending: _pending,
        OtherChallenge: _other,
    },
)
