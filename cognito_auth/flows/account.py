"""What a signed-in user does by access token: password, second factors, deleting the account."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal, TypeAlias

from ..api.account import ChangePassword, DeleteUser, GetUserAuthFactors
from ..api.mfa import (
    AssociateSoftwareToken,
    EmailMfaSettings,
    SetUserMFAPreference,
    SmsMfaSettings,
    SoftwareTokenMfaSettings,
    VerifySoftwareToken,
)
from ..api.structure import Structure, structure
from ..effects import Flow, perform
from ..steps.mfa import require_success, secret_code

FactorState: TypeAlias = Literal["off", "on", "preferred"]
"""How a second factor stands, or is to stand; at most one is preferred."""


@structure
class Factors(Structure):
    """What a user can sign in with: the second factors, and everything that is set up, by Cognito's names."""

    software_token: FactorState
    sms: FactorState
    email: FactorState
    configured: tuple[str, ...]
    """Of ``PASSWORD``, ``EMAIL_OTP``, ``SMS_OTP``, ``WEB_AUTHN`` and ``SOFTWARE_TOKEN``."""


def change_password(access_token: str, previous: str | None, proposed: str) -> Flow[None]:
    """Replace the signed-in user's password; raises `IncorrectCredentials` when ``previous`` is wrong, `InvalidPassword` when
    ``proposed`` does not follow the pool's policy. Tokens stay valid.

    Somebody who has no password yet, and signs in without one, sets the first: then ``previous`` is ``None``.
    """
    yield from perform(ChangePassword(access_token=access_token, previous_password=previous, proposed_password=proposed))


def associate_software_token(access_token: str) -> Flow[str]:
    """The secret (base32) for a signed-in user's authenticator app."""
    reply = yield from perform(AssociateSoftwareToken(access_token=access_token))
    return secret_code(reply)


def verify_software_token(access_token: str, code: str, *, device_name: str | None = None) -> Flow[None]:
    """Register a signed-in user's authenticator app; raises `CodeMismatch` for a wrong code.

    Where the pool leaves MFA to the user, it is asked for only after `prefer_mfa` has switched it on.
    """
    reply = yield from perform(VerifySoftwareToken(access_token=access_token, user_code=code, friendly_device_name=device_name))
    require_success(reply)


def prefer_mfa(
    access_token: str,
    *,
    software_token: FactorState | None = None,
    sms: FactorState | None = None,
    email: FactorState | None = None,
) -> Flow[None]:
    """Switch a signed-in user's second factors on or off; a factor that is ``None`` stays as it is."""

    def flags(wanted: FactorState) -> dict[str, bool]:
        return {"enabled": wanted != "off", "preferred_mfa": wanted == "preferred"}

    yield from perform(
        SetUserMFAPreference(
            access_token=access_token,
            software_token_mfa_settings=SoftwareTokenMfaSettings(**flags(software_token)) if software_token else None,
            sms_mfa_settings=SmsMfaSettings(**flags(sms)) if sms else None,
            email_mfa_settings=EmailMfaSettings(**flags(email)) if email else None,
        )
    )


def read_factors(access_token: str) -> Flow[Factors]:
    """How the signed-in user's second factors stand, and what is set up."""
    reply = yield from perform(GetUserAuthFactors(access_token=access_token))
    on, preferred = reply.user_mfa_setting_list or (), reply.preferred_mfa_setting
    return Factors(
        software_token=_standing("SOFTWARE_TOKEN_MFA", on, preferred),
        sms=_standing("SMS_MFA", on, preferred),
        email=_standing("EMAIL_OTP", on, preferred),
        configured=reply.configured_user_auth_factors or (),
    )


def delete_account(access_token: str) -> Flow[None]:
    """Delete the signed-in user. An access token stays valid for servers that verify it by themselves until it expires."""
    yield from perform(DeleteUser(access_token=access_token))


def _standing(factor: str, on: Container[str], preferred: str | None) -> FactorState:
    if factor not in on:
        return "off"
    return "preferred" if factor == preferred else "on"
