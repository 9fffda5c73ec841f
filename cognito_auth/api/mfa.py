"""Second factors: software tokens and preferences."""

from __future__ import annotations

from typing import Annotated

from .shapes import SecretCode, Session, SoftwareTokenMFAUserCode, TokenModel, VerifySoftwareTokenStatus
from .structure import NoReply, Operation, Structure, Wire, structure


@structure
class SmsMfaSettings(Structure):
    """Text messages as a second factor."""

    enabled: bool | None = None
    preferred_mfa: bool | None = None


@structure
class SoftwareTokenMfaSettings(Structure):
    """An authenticator app as a second factor."""

    enabled: bool | None = None
    preferred_mfa: bool | None = None


@structure
class EmailMfaSettings(Structure):
    """Mail as a second factor."""

    enabled: bool | None = None
    preferred_mfa: bool | None = None


@structure
class WebAuthnMfaSettings(Structure):
    """Passkeys as a second factor."""

    enabled: bool | None = None


@structure
class AssociateSoftwareTokenReply(Structure):
    """The reply of `AssociateSoftwareToken`."""

    secret_code: SecretCode | None = None
    session: Session | None = None


@structure
class AssociateSoftwareToken(Operation[AssociateSoftwareTokenReply]):
    """The secret for an authenticator app; by access token, or by session during ``MFA_SETUP``."""

    access_token: TokenModel | None = None
    session: Session | None = None


@structure
class VerifySoftwareTokenReply(Structure):
    """The reply of `VerifySoftwareToken`."""

    status: VerifySoftwareTokenStatus | None = None
    session: Session | None = None


@structure
class VerifySoftwareToken(Operation[VerifySoftwareTokenReply]):
    """Prove that the authenticator app was set up, with one of its codes."""

    user_code: SoftwareTokenMFAUserCode
    access_token: TokenModel | None = None
    session: Session | None = None
    friendly_device_name: str | None = None


@structure
class SetUserMFAPreference(Operation[NoReply]):
    """Switch the signed-in user's second factors on or off and choose the preferred one."""

    access_token: TokenModel
    sms_mfa_settings: Annotated[SmsMfaSettings | None, Wire("SMSMfaSettings")] = None
    software_token_mfa_settings: SoftwareTokenMfaSettings | None = None
    email_mfa_settings: EmailMfaSettings | None = None
    web_authn_mfa_settings: WebAuthnMfaSettings | None = None
