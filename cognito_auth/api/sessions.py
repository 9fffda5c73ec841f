"""A user's sessions, where the pool tracks them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from .declared import COMMON, SIGNED_IN
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
)
from .structure import Constraint, NoReply, Operation, Structure, Wire, structure


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
