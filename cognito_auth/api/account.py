"""What a person does with the own account: password and profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from .shapes import ClientId, ConfirmationCode, Password, SecretHash, TokenModel, Username
from .structure import Constraint, NoReply, Operation, Structure, Wire, structure
from .types import AnalyticsMetadata, Attribute, CodeDeliveryDetails, MfaOption, UserContextData


@structure
class ForgotPasswordReply(Structure):
    """The reply of `ForgotPassword`."""

    code_delivery_details: CodeDeliveryDetails | None = None


@structure
class ForgotPassword(Operation[ForgotPasswordReply]):
    """Send the code with which a forgotten password can be replaced."""

    username: Username
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    analytics_metadata: AnalyticsMetadata | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class ConfirmForgotPassword(Operation[NoReply]):
    """Set a new password with the code that was sent."""

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

    access_token: TokenModel
