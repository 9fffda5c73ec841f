"""What a signed-in user does by access token: password and second factors."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..api.account import ChangePassword
from ..api.mfa import (
    AssociateSoftwareToken,
    EmailMfaSettings,
    SetUserMFAPreference,
    SmsMfaSettings,
    SoftwareTokenMfaSettings,
    VerifySoftwareToken,
)
from ..effects import Flow, perform
from ..steps.mfa import require_success, secret_code

FactorState: TypeAlias = Literal["off", "on", "preferred"]
"""What becomes of a second factor; at most one is preferred."""


def change_password(access_token: str, previous: str, proposed: str) -> Flow[None]:
    """Replace the signed-in user's password; raises `IncorrectCredentials` when ``previous`` is wrong, `InvalidPassword` when
    ``proposed`` does not follow the pool's policy. Tokens stay valid."""
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
