"""Signing up and confirming it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from .shapes import ClientId, ConfirmationCode, Password, SecretHash, Session, Username
from .structure import Constraint, Operation, Structure, structure
from .types import AnalyticsMetadata, Attribute, CodeDeliveryDetails, UserContextData


@structure
class SignUpReply(Structure):
    """The reply of `SignUp`."""

    user_confirmed: bool
    user_sub: str
    code_delivery_details: CodeDeliveryDetails | None = None
    session: Session | None = None


@structure
class SignUp(Operation[SignUpReply]):
    """Register a user, who is to confirm with the code that Cognito sends."""

    username: Username
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    password: Password | None = None
    user_attributes: tuple[Attribute, ...] | None = None
    validation_data: tuple[Attribute, ...] | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    client_metadata: Mapping[str, str] | None = None


@structure
class ConfirmSignUpReply(Structure):
    """The reply of `ConfirmSignUp`."""

    session: Session | None = None


@structure
class ConfirmSignUp(Operation[ConfirmSignUpReply]):
    """Confirm a registration with the code that was sent."""

    username: Username
    confirmation_code: ConfirmationCode
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    force_alias_creation: bool | None = None
    analytics_metadata: AnalyticsMetadata | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    client_metadata: Mapping[str, str] | None = None
    session: Session | None = None


@structure
class ResendConfirmationCodeReply(Structure):
    """The reply of `ResendConfirmationCode`."""

    code_delivery_details: CodeDeliveryDetails | None = None


@structure
class ResendConfirmationCode(Operation[ResendConfirmationCodeReply]):
    """Send the confirmation code again; the earlier one is void."""

    username: Username
    client_id: ClientId = ""
    secret_hash: SecretHash | None = None
    user_context_data: Annotated[UserContextData | None, Constraint(sensitive=True)] = None
    analytics_metadata: AnalyticsMetadata | None = None
    client_metadata: Mapping[str, str] | None = None
