"""A signed-in user's second factors."""

from __future__ import annotations

from typing import Final, cast, get_args

from ...effects import Flow
from ...errors import RequestRejected
from ...flows import FactorState, associate_software_token, prefer_mfa, verify_software_token
from ..body import Member
from ..http import Reply
from ..route import Call, Route
from .outcome import otpauth_uri
from .sign_in import CODE, DEVICE_NAME

_STATES: Final = cast("tuple[str, ...]", get_args(FactorState))
_FACTORS: Final = tuple(Member(name, required=False, choices=_STATES) for name in ("software_token", "sms", "email"))


def set_up(call: Call) -> Flow[Reply]:
    """The secret for an authenticator app, and the address that makes its QR code."""
    secret_code = yield from associate_software_token(call.access_token)
    username = call.who.user.username if call.who else None
    uri = otpauth_uri(secret_code, username or "", call.auth.options.issuer_name)
    return Reply(document={"secret_code": secret_code, "otpauth_uri": uri})


def verify(call: Call) -> Flow[Reply]:
    """Register the authenticator app with one of its codes, and make it the preferred factor."""
    yield from verify_software_token(call.access_token, call.body["code"], device_name=call.body.get("device_name"))
    yield from prefer_mfa(call.access_token, software_token="preferred")  # noqa: S106 - a factor's name
    return Reply(document={"status": "verified"})


def prefer(call: Call) -> Flow[Reply]:
    """Switch factors on or off and choose the preferred one."""
    if not call.body:
        raise RequestRejected("name at least one factor")
    yield from prefer_mfa(
        call.access_token,
        software_token=call.body.get("software_token"),
        sms=call.body.get("sms"),
        email=call.body.get("email"),
    )
    return Reply(document={"status": "changed"})


ROUTES: Final = (
    Route(
        name="mfa_totp_setup",
        method="POST",
        path="mfa/totp/setup",
        endpoint=set_up,
        summary="Begin to set up an authenticator app",
        guarded=True,
    ),
    Route(
        name="mfa_totp_verify",
        method="POST",
        path="mfa/totp/verify",
        endpoint=verify,
        summary="Register an authenticator app with one of its codes",
        members=(CODE, DEVICE_NAME),
        guarded=True,
    ),
    Route(
        name="mfa_preference",
        method="PUT",
        path="mfa/preference",
        endpoint=prefer,
        summary="Switch second factors on or off and choose the preferred one",
        members=_FACTORS,
        guarded=True,
    ),
)
