"""Administering users."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from .declared import COMMON, SENDING, SMS, TRIGGERS
from .listing import Paged
from .shapes import (
    AttributeName,
    AuthEventChallengeName,
    AuthEventChallengeOutcome,
    DeliveryMedium,
    Event,
    EventResponse,
    FeedbackValue,
    MessageAction,
    PaginationKey,
    Password,
    QueryLimit,
    RiskDecision,
    RiskLevel,
    SearchPaginationToken,
    UserFilter,
    Username,
    UserPoolId,
    UserStatus,
)
from .structure import NoReply, Operation, Structure, Wire, structure
from .types import Attribute, MfaOption, User


@structure
class EventRisk(Structure):
    """How risky a sign-in looked."""

    risk_decision: RiskDecision | None = None
    risk_level: RiskLevel | None = None
    compromised_credentials_detected: bool | None = None


@structure
class ChallengeResponse(Structure):
    """How a challenge of a sign-in went."""

    challenge_name: AuthEventChallengeName | None = None
    challenge_response: AuthEventChallengeOutcome | None = None


@structure
class EventContextData(Structure):
    """Where a sign-in came from."""

    ip_address: str | None = None
    device_name: str | None = None
    timezone: str | None = None
    city: str | None = None
    country: str | None = None


@structure
class EventFeedback(Structure):
    """What somebody said about a sign-in."""

    feedback_value: FeedbackValue
    provider: str
    feedback_date: datetime | None = None


@structure
class AuthEvent(Structure):
    """One sign-in of a user."""

    event_id: str | None = None
    event_type: Event | None = None
    creation_date: datetime | None = None
    event_response: EventResponse | None = None
    event_risk: EventRisk | None = None
    challenge_responses: tuple[ChallengeResponse, ...] | None = None
    event_context_data: EventContextData | None = None
    event_feedback: EventFeedback | None = None


@structure
class AdminCreateUserReply(Structure):
    """The reply of `AdminCreateUser`."""

    user: User | None = None


@structure
class AdminCreateUser(Operation[AdminCreateUserReply]):
    """Create a user, or send the invitation again."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = (
        COMMON
        | TRIGGERS
        | SMS
        | {
            "CodeDeliveryFailureException",
            "InvalidPasswordException",
            "PreconditionNotMetException",
            "UnsupportedUserStateException",
            "UserNotFoundException",
            "UsernameExistsException",
        }
    )

    username: Username
    user_pool_id: UserPoolId = ""
    user_attributes: tuple[Attribute, ...] | None = None
    validation_data: tuple[Attribute, ...] | None = None
    temporary_password: Password | None = None
    force_alias_creation: bool | None = None
    message_action: MessageAction | None = None
    desired_delivery_mediums: tuple[DeliveryMedium, ...] | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class AdminGetUserReply(Structure):
    """The reply of `AdminGetUser`."""

    username: Username
    user_attributes: tuple[Attribute, ...] | None = None
    user_create_date: datetime | None = None
    user_last_modified_date: datetime | None = None
    enabled: bool | None = None
    user_status: UserStatus | None = None
    mfa_options: Annotated[tuple[MfaOption, ...] | None, Wire("MFAOptions")] = None
    preferred_mfa_setting: str | None = None
    user_mfa_setting_list: Annotated[tuple[str, ...] | None, Wire("UserMFASettingList")] = None


@structure
class AdminGetUser(Operation[AdminGetUserReply]):
    """A user with attributes, status and MFA settings."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""


@structure
class AdminUpdateUserAttributes(Operation[NoReply]):
    """Change a user's attributes."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | TRIGGERS | SENDING | {"AliasExistsException", "UserNotFoundException"}

    username: Username
    user_attributes: tuple[Attribute, ...]
    user_pool_id: UserPoolId = ""
    client_metadata: Mapping[str, str] | None = None


@structure
class AdminDeleteUserAttributes(Operation[NoReply]):
    """Remove attributes of a user."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_attribute_names: tuple[AttributeName, ...]
    user_pool_id: UserPoolId = ""


@structure
class AdminSetUserPassword(Operation[NoReply]):
    """Set a user's password, for good or until the next sign-in."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {
        "InvalidPasswordException",
        "PasswordHistoryPolicyViolationException",
        "UserNotFoundException",
    }

    username: Username
    password: Password
    user_pool_id: UserPoolId = ""
    permanent: bool | None = None


@structure
class AdminResetUserPassword(Operation[NoReply]):
    """Make the current password useless and send a code to set a new one."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | TRIGGERS | SENDING | {"LimitExceededException", "UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""
    client_metadata: Mapping[str, str] | None = None


@structure
class AdminDisableUser(Operation[NoReply]):
    """Keep a user from signing in, and revoke the tokens."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""


@structure
class AdminEnableUser(Operation[NoReply]):
    """Let a disabled user sign in again."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""


@structure
class AdminDeleteUser(Operation[NoReply]):
    """Delete a user."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""


@structure
class ListUsersReply(Structure):
    """The reply of `ListUsers`."""

    users: tuple[User, ...] | None = None
    pagination_token: SearchPaginationToken | None = None


@structure
class ListUsers(Operation[ListUsersReply]):
    """The users of a pool, all or those that a filter such as ``email = "ana@example.com"`` finds."""

    paged = Paged[ListUsersReply, User]("users", "pagination_token")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""
    attributes_to_get: tuple[AttributeName, ...] | None = None
    limit: QueryLimit | None = None
    pagination_token: SearchPaginationToken | None = None
    filter: UserFilter | None = None


@structure
class AdminListUserAuthEventsReply(Structure):
    """The reply of `AdminListUserAuthEvents`."""

    auth_events: tuple[AuthEvent, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class AdminListUserAuthEvents(Operation[AdminListUserAuthEventsReply]):
    """A user's sign-in history, where threat protection keeps one."""

    paged = Paged[AdminListUserAuthEventsReply, AuthEvent]("auth_events")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException", "UserPoolAddOnNotEnabledException"}

    username: Username
    user_pool_id: UserPoolId = ""
    max_results: QueryLimit | None = None
    next_token: PaginationKey | None = None
