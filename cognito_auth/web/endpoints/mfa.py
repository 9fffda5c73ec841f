"""A signed-in user's second factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from ...effects import Flow
from ...errors import RequestRejected
from ...flows import FactorState, associate_software_token, prefer_mfa, read_factors, verify_software_token
from ..body import Member
from ..http import Reply
from ..qr import qr_svg
from ..rate_limits import Limited, signed_in
from ..route import Call, Endpoint, Route
from .outcome import otpauth_uri
from .sign_in import CODE, DEVICE_NAME

_STATES: Final = cast("tuple[str, ...]", get_args(FactorState))
Factor: TypeAlias = Literal["software_token", "sms", "email"]
_PATHS: Final[Mapping[str, Factor]] = {"totp": "software_token", "sms": "sms", "email": "email"}
"""Where each factor is below ``mfa/``, and its name in bodies."""
_FACTORS: Final = tuple(Member(name, required=False, choices=_STATES) for name in _PATHS.values())


def show(call: Call) -> Flow[Reply]:
    """How each second factor stands, and what the user could sign in with."""
    factors = yield from read_factors(call.access_token)
    return Reply(
        document={
            "software_token": factors.software_token,
            "sms": factors.sms,
            "email": factors.email,
            "configured": list(factors.configured),
        }
    )


def set_up(call: Call) -> Flow[Reply]:
    """The secret for an authenticator app, the address that its QR code holds, and with the extra ``qr`` the code itself."""
    secret_code = yield from associate_software_token(call.access_token)
    uri = otpauth_uri(secret_code, call.user.username or "", call.auth.options.issuer_name)
    drawn = yield from qr_svg(uri)
    qr_code = {} if drawn is None else {"qr_svg": drawn}
    return Reply(document={"secret_code": secret_code, "otpauth_uri": uri, **qr_code})


def verify(call: Call) -> Flow[Reply]:
    """Register the authenticator app with one of its codes, and make it the preferred factor."""
    yield from verify_software_token(call.access_token, call.body["code"], device_name=call.body.get("device_name"))
    yield from prefer_mfa(call.access_token, software_token="preferred")  # noqa: S106 - a factor's name
    return Reply(document={"status": "verified", "software_token": "preferred"})


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
    return Reply(document={"status": "changed", **call.body})


def remove(factor: Factor) -> Endpoint:
    """An endpoint that switches one factor off, which is all that Cognito lets a user do: what was set up stays there."""
    wish: dict[Factor, FactorState] = {factor: "off"}

    def switch_off(call: Call) -> Flow[Reply]:
        yield from prefer_mfa(call.access_token, **wish)
        return Reply(document={"status": "switched_off", "factor": factor})

    return switch_off


ROUTES: Final = (
    Route(name="mfa", method="GET", path="mfa", endpoint=show, summary="The user's second factors", guarded=True),
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
        limited=Limited("answer", signed_in),
        event="factor_changed",
    ),
    Route(
        name="mfa_preference",
        method="PUT",
        path="mfa/preference",
        endpoint=prefer,
        summary="Switch second factors on or off and choose the preferred one",
        members=_FACTORS,
        guarded=True,
        event="factor_changed",
    ),
    *(
        Route(
            name=f"mfa_{path}_remove",
            method="DELETE",
            path=f"mfa/{path}",
            endpoint=remove(factor),
            summary=f"Switch a second factor off: {factor}",
            guarded=True,
            event="factor_changed",
        )
        for path, factor in _PATHS.items()
    ),
)
