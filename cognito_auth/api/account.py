"""What a person does with the own account: password, profile, attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from .declared import COMMON, SENDING, SIGNED_IN, TRIGGERS
from .shapes import (
    AttributeName,
    ClientId,
    ConfiguredUserAuthFactors,
    ConfirmationCode,
    Password,
    SecretHash,
    TokenModel,
    Username,
)
from .structure import Constraint, NoReply, Operation, Structure, Wire, structure
from .types import AnalyticsMetadata, Attribute, CodeDeliveryDetails, MfaOption, UserContextData


@structure
class ForgotPasswordReply(Structure):
    """The reply of `ForgotPassword`."""

    code_delivery_details: CodeDeliveryDetails | None = None


@structure
class ForgotPassword(Operation[ForgotPasswordReply]):
    """Send the code with which a forgotten password can be replaced."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | SENDING
        | {"CodeDeliveryFailureException", "ForbiddenException", "LimitExceededException", "UserNotFoundException"}
    )

    username: Username
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    analytics_metadata: AnalyticsMetadata | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class ConfirmForgotPassword(Operation[NoReply]):
    """Set a new password with the code that was sent."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | {
            "CodeMismatchException",
            "ExpiredCodeException",
            "ForbiddenException",
            "InvalidPasswordException",
            "LimitExceededException",
            "PasswordHistoryPolicyViolationException",
            "TooManyFailedAttemptsException",
            "UserNotConfirmedException",
            "UserNotFoundException",
        }
    )

    username: Username
    confirmation_code: ConfirmationCode
    password: Password
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    client_metadata: Mapping[str, str] | None = None


@structure
class ChangePassword(Operation[NoReply]):
    """Replace the signed-in user's password."""

    errors: ClassVar[frozenset[str]] = (
        COMMON | SIGNED_IN | {"InvalidPasswordException", "LimitExceededException", "PasswordHistoryPolicyViolationException"}
    )

    proposed_password: Password
    access_token: TokenModel
    previous_password: Password | None = None


@structure
class GetUserReply(Structure):
    """The reply of `GetUser`."""

    username: Username
    user_attributes: tuple[Attribute, ...]
    mfa_options: Annotated[tuple[MfaOption, ...] | None, Wire("MFAOptions")] = None
    preferred_mfa_setting: str | None = None
    user_mfa_setting_list: Annotated[tuple[str, ...] | None, Wire("UserMFASettingList")] = None


@structure
class GetUser(Operation[GetUserReply]):
    """The signed-in user's name, attributes and MFA settings."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    access_token: TokenModel


@structure
class UpdateUserAttributesReply(Structure):
    """The reply of `UpdateUserAttributes`."""

    code_delivery_details_list: tuple[CodeDeliveryDetails, ...] | None = None


@structure
class UpdateUserAttributes(Operation[UpdateUserAttributesReply]):
    """Change attributes of the signed-in user; a new address may have to be verified."""

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | SIGNED_IN
        | TRIGGERS
        | SENDING
        | {"AliasExistsException", "CodeDeliveryFailureException", "CodeMismatchException", "ExpiredCodeException"}
    )

    user_attributes: tuple[Attribute, ...]
    access_token: TokenModel
    client_metadata: Mapping[str, str] | None = None


@structure
class DeleteUserAttributes(Operation[NoReply]):
    """Remove attributes of the signed-in user."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    user_attribute_names: tuple[AttributeName, ...]
    access_token: TokenModel


@structure
class GetUserAttributeVerificationCodeReply(Structure):
    """The reply of `GetUserAttributeVerificationCode`."""

    code_delivery_details: CodeDeliveryDetails | None = None


@structure
class GetUserAttributeVerificationCode(Operation[GetUserAttributeVerificationCodeReply]):
    """Send a code that verifies an address of the signed-in user."""

    errors: ClassVar[frozenset[str]] = (
        COMMON | SIGNED_IN | TRIGGERS | SENDING | {"CodeDeliveryFailureException", "LimitExceededException"}
    )

    access_token: TokenModel
    attribute_name: AttributeName
    client_metadata: Mapping[str, str] | None = None


@structure
class VerifyUserAttribute(Operation[NoReply]):
    """Verify an address with the code that was sent."""

    errors: ClassVar[frozenset[str]] = (
        COMMON | SIGNED_IN | {"AliasExistsException", "CodeMismatchException", "ExpiredCodeException", "LimitExceededException"}
    )

    access_token: TokenModel
    attribute_name: AttributeName
    code: ConfirmationCode


@structure
class DeleteUser(Operation[NoReply]):
    """Delete the signed-in user."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    access_token: TokenModel


@structure
class GetUserAuthFactorsReply(Structure):
    """The reply of `GetUserAuthFactors`."""

    username: Username
    preferred_mfa_setting: str | None = None
    user_mfa_setting_list: Annotated[tuple[str, ...] | None, Wire("UserMFASettingList")] = None
    configured_user_auth_factors: ConfiguredUserAuthFactors | None = None


@structure
class GetUserAuthFactors(Operation[GetUserAuthFactorsReply]):
    """The factors with which the signed-in user can sign in."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    access_token: TokenModel
