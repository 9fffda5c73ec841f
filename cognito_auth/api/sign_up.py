"""Signing up and confirming it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from .declared import COMMON, SENDING, TRIGGERS
from .shapes import ClientId, ConfirmationCode, Password, SecretHash, Session, Username, UserPoolId
from .structure import Constraint, NoReply, Operation, Structure, structure
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

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | SENDING
        | {
            "CodeDeliveryFailureException",
            "ForbiddenException",
            "InvalidPasswordException",
            "LimitExceededException",
            "UsernameExistsException",
        }
    )

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

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | {
            "AliasExistsException",
            "CodeMismatchException",
            "ExpiredCodeException",
            "ForbiddenException",
            "LimitExceededException",
            "TooManyFailedAttemptsException",
            "UserNotFoundException",
        }
    )

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
class AdminConfirmSignUp(Operation[NoReply]):
    """Confirm a registration without a code."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON | TRIGGERS | {"LimitExceededException", "TooManyFailedAttemptsException", "UserNotFoundException"}
    )

    username: Username
    user_pool_id: UserPoolId = ""
    client_metadata: Mapping[str, str] | None = None
