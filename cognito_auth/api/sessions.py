"""A user's sessions, where the pool tracks them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from .declared import COMMON, SIGNED_IN
from .listing import Paged
from .shapes import (
    ClientId,
    PaginationKey,
    RevokeAssociatedSessions,
    SessionDevice,
    SessionId,
    SessionIpAddress,
    SessionLocationCity,
    SessionLocationCountry,
    SessionType,
    TokenModel,
    UserPoolId,
)
from .structure import Constraint, NoReply, Operation, Structure, Wire, structure

UserSessionTracking = Annotated[str, Constraint(enum=("ENABLED", "DISABLED"))]
MaxSessionsPerUser = Annotated[int, Constraint(minimum=1, maximum=100)]


@structure
class SessionLocation(Structure):
    """Where a session was opened."""

    city: SessionLocationCity | None = None
    country: SessionLocationCountry | None = None


@structure
class SessionDescription(Structure):
    """One of a user's sessions."""

    session_id: SessionId | None = None
    session_type: SessionType | None = None
    client_id: ClientId | None = None
    create_date: datetime | None = None
    last_active_date: datetime | None = None
    device_type: SessionDevice | None = None
    last_ip_address: Annotated[SessionIpAddress | None, Wire("LastIPAddress")] = None
    last_location: SessionLocation | None = None
    origin_session_id: SessionId | None = None
    is_current_session: bool | None = None


@structure
class ListUserSessionsReply(Structure):
    """The reply of `ListUserSessions`."""

    sessions: Annotated[tuple[SessionDescription, ...], Constraint(max_length=125)] | None = None
    next_token: PaginationKey | None = None


@structure
class ListUserSessions(Operation[ListUserSessionsReply]):
    """The signed-in user's sessions."""

    paged = Paged[ListUserSessionsReply, SessionDescription]("sessions")

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    access_token: TokenModel
    next_token: PaginationKey | None = None


@structure
class RevokeUserSession(Operation[NoReply]):
    """End one of the signed-in user's sessions."""

    errors: ClassVar[frozenset[str]] = COMMON | SIGNED_IN

    access_token: TokenModel
    session_id: SessionId
    revoke_associated_sessions: RevokeAssociatedSessions | None = None


@structure
class UserPoolTokenSessionConfig(Structure):
    """How many sessions a user of the pool may have; the least active one makes room for a further one."""

    max_per_user: MaxSessionsPerUser


@structure
class GetUserPoolSessionConfigurationReply(Structure):
    """The reply of `GetUserPoolSessionConfiguration`."""

    user_pool_id: UserPoolId | None = None
    user_session_tracking: UserSessionTracking | None = None
    token_session: UserPoolTokenSessionConfig | None = None


@structure
class GetUserPoolSessionConfiguration(Operation[GetUserPoolSessionConfigurationReply]):
    """Whether the pool tracks its users' sessions, and how many a user may have."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""


@structure
class SetUserPoolSessionConfigurationReply(Structure):
    """The reply of `SetUserPoolSessionConfiguration`."""

    user_pool_id: UserPoolId | None = None
    user_session_tracking: UserSessionTracking | None = None
    token_session: UserPoolTokenSessionConfig | None = None


@structure
class SetUserPoolSessionConfiguration(Operation[SetUserPoolSessionConfigurationReply]):
    """Track the sessions of the pool's users or not, and say how many a user may have."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"ConcurrentModificationException", "FeatureUnavailableInTierException"}

    user_session_tracking: UserSessionTracking
    token_session: UserPoolTokenSessionConfig
    user_pool_id: UserPoolId = ""
