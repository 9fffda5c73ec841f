"""Second factors: software tokens and preferences."""

from __future__ import annotations

from typing import Annotated, ClassVar

from .declared import COMMON, SIGNED_IN
from .shapes import SecretCode, Session, SoftwareTokenMFAUserCode, TokenModel, Username, UserPoolId, VerifySoftwareTokenStatus
from .structure import NoReply, Operation, Structure, Wire, structure
from .types import MfaOption


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

    errors: ClassVar[frozenset[str]] = (
        COMMON | {"ConcurrentModificationException", "ForbiddenException", "SoftwareTokenMFANotFoundException"}
    ) - {"TooManyRequestsException"}

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

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SIGNED_IN
        | {
            "CodeMismatchException",
            "EnableSoftwareTokenMFAException",
            "InvalidUserPoolConfigurationException",
            "SoftwareTokenMFANotFoundException",
        }
    )

    user_code: SoftwareTokenMFAUserCode
    access_token: TokenModel | None = None
    session: Session | None = None
    friendly_device_name: str | None = None


@structure
class SetUserMFAPreference(Operation[NoReply]):
    """Switch the signed-in user's second factors on or off and choose the preferred one."""

    errors: ClassVar[frozenset[str]] = (COMMON | SIGNED_IN) - {"TooManyRequestsException"}

    access_token: TokenModel
    sms_mfa_settings: Annotated[SmsMfaSettings | None, Wire("SMSMfaSettings")] = None
    software_token_mfa_settings: SoftwareTokenMfaSettings | None = None
    email_mfa_settings: EmailMfaSettings | None = None
    web_authn_mfa_settings: WebAuthnMfaSettings | None = None


@structure
class AdminSetUserMFAPreference(Operation[NoReply]):
    """Switch a user's second factors on or off and choose the preferred one."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON | {"PasswordResetRequiredException", "UserNotConfirmedException", "UserNotFoundException"}
    ) - {"TooManyRequestsException"}

    username: Username
    sms_mfa_settings: Annotated[SmsMfaSettings | None, Wire("SMSMfaSettings")] = None
    software_token_mfa_settings: SoftwareTokenMfaSettings | None = None
    email_mfa_settings: EmailMfaSettings | None = None
    web_authn_mfa_settings: WebAuthnMfaSettings | None = None
    user_pool_id: UserPoolId = ""


@structure
class SetUserSettings(Operation[NoReply]):
    """Switch the signed-in user's text messages as a second factor on or off; superseded by `SetUserMFAPreference`."""

    errors: ClassVar[frozenset[str]] = (COMMON | SIGNED_IN) - {"TooManyRequestsException"}

    access_token: TokenModel
    mfa_options: Annotated[tuple[MfaOption, ...], Wire("MFAOptions")]


@structure
class AdminSetUserSettings(Operation[NoReply]):
    """Switch a user's text messages as a second factor on or off; superseded by `AdminSetUserMFAPreference`."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (COMMON | {"UserNotFoundException"}) - {"TooManyRequestsException"}

    username: Username
    mfa_options: Annotated[tuple[MfaOption, ...], Wire("MFAOptions")]
    user_pool_id: UserPoolId = ""
