"""The sign-ins that users see and end themselves, in pools that track them.

A session is one sign-in with its refresh token. A user has as many as the pool says at most: a further sign-in ends the one
that was idle longest. Whoever changes a pool's setting from enabled to disabled hides the sessions, and does not end them.
Sessions of managed login (``SSO``) are not known here, so none is linked to another.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolSessionConfiguration.html
"""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ...api.sessions import (
    GetUserPoolSessionConfiguration,
    GetUserPoolSessionConfigurationReply,
    ListUserSessions,
    ListUserSessionsReply,
    RevokeUserSession,
    SessionDescription,
    SetUserPoolSessionConfiguration,
    SetUserPoolSessionConfigurationReply,
    UserPoolTokenSessionConfig,
)
from ...api.structure import NoReply
from ..base import faults
from ..base.access import Caller, caller_of, pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Grant, Pool, UserSession
from ..store.tables import GRANTS, POOLS, USER_SESSIONS
from ..users.grants import revoke

_PREFIX: Final = "tkn"
_ID_LENGTH: Final = 25
_ALPHABET: Final = string.ascii_lowercase + string.digits
_MOST: Final = 20
"""How many sessions a user has where nobody set another number."""


def track(context: Context, pool: Pool, grant: Grant) -> Grant:
    """The new sign-in with a session, where the pool tracks them; the user's least active ones make room for it."""
    if not _tracks(pool):
        return grant
    sessions = _active(context, grant.pool_id, grant.sub)
    surplus = len(sessions) - (pool.sessions_per_user or _MOST) + 1
    for session in sorted(sessions, key=lambda each: each.last_active_at)[: max(surplus, 0)]:
        _end(context, session)
    session = UserSession(
        pool_id=grant.pool_id,
        sub=grant.sub,
        id=_PREFIX + context.text(_ID_LENGTH, _ALPHABET),
        grant=grant.id,
        client_id=grant.client_id,
        created_at=context.now,
        last_active_at=context.now,
        expires_at=grant.expires_at,
    )
    context.records.insert(USER_SESSIONS, session)
    return replace(grant, session=session.id)


def touch(context: Context, grant: Grant) -> None:
    """Note that the sign-in's tokens were renewed."""
    session = context.records.get(USER_SESSIONS, grant.pool_id, grant.sub, grant.session) if grant.session else None
    if session is not None:
        context.records.put(USER_SESSIONS, replace(session, last_active_at=context.now))


def list_user_sessions(context: Context, request: ListUserSessions) -> ListUserSessionsReply:
    caller = caller_of(context, request.access_token)
    if request.next_token is not None:
        # A page holds more sessions than a user can have, so that none leads to another.
        raise faults.PAGINATION_TOKEN
    return ListUserSessionsReply(sessions=tuple(_described(session, caller) for session in _visible(context, caller)))


def revoke_user_session(context: Context, request: RevokeUserSession) -> NoReply:
    caller = caller_of(context, request.access_token)
    session = next((each for each in _visible(context, caller) if each.id == request.session_id), None)
    if session is None:
        raise faults.USER_SESSION_UNKNOWN(request.session_id)
    if session.grant == caller.grant.id:
        raise faults.USER_SESSION_CURRENT
    _end(context, session)
    return NoReply()


def get_user_pool_session_configuration(
    context: Context, request: GetUserPoolSessionConfiguration
) -> GetUserPoolSessionConfigurationReply:
    pool = pool_of(context, request.user_pool_id)
    return GetUserPoolSessionConfigurationReply(
        user_pool_id=pool.id,
        user_session_tracking=pool.user_session_tracking or "DISABLED",
        token_session=UserPoolTokenSessionConfig(max_per_user=pool.sessions_per_user or _MOST),
    )


def set_user_pool_session_configuration(
    context: Context, request: SetUserPoolSessionConfiguration
) -> SetUserPoolSessionConfigurationReply:
    pool = pool_of(context, request.user_pool_id)
    if pool.settings.user_pool_tier == "LITE":
        raise faults.TRACKING_TIER
    most = request.token_session.max_per_user
    context.records.put(POOLS, replace(pool, user_session_tracking=request.user_session_tracking, sessions_per_user=most))
    return SetUserPoolSessionConfigurationReply(
        user_pool_id=pool.id, user_session_tracking=request.user_session_tracking, token_session=request.token_session
    )


def _tracks(pool: Pool) -> bool:
    return pool.user_session_tracking == "ENABLED"


def _visible(context: Context, caller: Caller) -> list[UserSession]:
    return _active(context, caller.pool.id, caller.user.sub) if _tracks(caller.pool) else []


def _active(context: Context, pool_id: str, sub: str) -> list[UserSession]:
    found = list(context.records.find(USER_SESSIONS, pool_id=pool_id, sub=sub))
    return [session for session in found if session.expires_at > context.now]


def _end(context: Context, session: UserSession) -> None:
    grant = context.records.get(GRANTS, session.grant)
    if grant is not None:
        revoke(context, grant)
    context.records.delete(USER_SESSIONS, pool_id=session.pool_id, sub=session.sub, id=session.id)


def _described(session: UserSession, caller: Caller) -> SessionDescription:
    return SessionDescription(
        session_id=session.id,
        session_type="TOKEN",
        client_id=session.client_id,
        create_date=datetime.fromtimestamp(session.created_at, UTC),
        last_active_date=datetime.fromtimestamp(session.last_active_at, UTC),
        device_type="unknown",
        is_current_session=session.grant == caller.grant.id,
    )


HANDLERS: Final[Handlers] = handlers(
    list_user_sessions,
    revoke_user_session,
    get_user_pool_session_configuration,
    set_user_pool_session_configuration,
)
