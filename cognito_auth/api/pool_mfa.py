"""Second factors that a pool offers."""

from __future__ import annotations

from typing import ClassVar

from .declared import COMMON, SMS
from .pool_settings import SmsConfiguration
from .shapes import (
    EmailMfaMessage,
    EmailMfaSubject,
    RelyingPartyId,
    SmsVerificationMessage,
    UserPoolId,
    UserPoolMfa,
    UserVerification,
    WebAuthnFactorConfiguration,
)
from .structure import Operation, Structure, structure


@structure
class SmsMfaConfig(Structure):
    """Text messages as a second factor."""

    sms_authentication_message: SmsVerificationMessage | None = None
    sms_configuration: SmsConfiguration | None = None


@structure
class SoftwareTokenMfaConfig(Structure):
    """Authenticator apps as a second factor."""

    enabled: bool | None = None


@structure
class EmailMfaConfig(Structure):
    """Mail as a second factor."""

    message: EmailMfaMessage | None = None
    subject: EmailMfaSubject | None = None


@structure
class WebAuthnConfiguration(Structure):
    """Passkeys: the relying party, and how the user is verified."""

    relying_party_id: RelyingPartyId | None = None
    user_verification: UserVerification | None = None
    factor_configuration: WebAuthnFactorConfiguration | None = None


@structure
class SetUserPoolMfaConfigReply(Structure):
    """The reply of `SetUserPoolMfaConfig`."""

    sms_mfa_configuration: SmsMfaConfig | None = None
    software_token_mfa_configuration: SoftwareTokenMfaConfig | None = None
    email_mfa_configuration: EmailMfaConfig | None = None
    mfa_configuration: UserPoolMfa | None = None
    web_authn_configuration: WebAuthnConfiguration | None = None


@structure
class SetUserPoolMfaConfig(Operation[SetUserPoolMfaConfigReply]):
    """Set which second factors the pool offers or demands."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | SMS | {"ConcurrentModificationException", "FeatureUnavailableInTierException"}

    user_pool_id: UserPoolId = ""
    sms_mfa_configuration: SmsMfaConfig | None = None
    software_token_mfa_configuration: SoftwareTokenMfaConfig | None = None
    email_mfa_configuration: EmailMfaConfig | None = None
    mfa_configuration: UserPoolMfa | None = None
    web_authn_configuration: WebAuthnConfiguration | None = None


@structure
class GetUserPoolMfaConfigReply(Structure):
    """The reply of `GetUserPoolMfaConfig`."""

    sms_mfa_configuration: SmsMfaConfig | None = None
    software_token_mfa_configuration: SoftwareTokenMfaConfig | None = None
    email_mfa_configuration: EmailMfaConfig | None = None
    mfa_configuration: UserPoolMfa | None = None
    web_authn_configuration: WebAuthnConfiguration | None = None


@structure
class GetUserPoolMfaConfig(Operation[GetUserPoolMfaConfigReply]):
    """Which second factors the pool offers or demands."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON - {"OperationNotEnabledException"}

    user_pool_id: UserPoolId = ""
