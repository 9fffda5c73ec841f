"""A signed-in user's sessions, in pools that track them: list them, end one."""

from __future__ import annotations

from ..api.sessions import ListUserSessions, RevokeUserSession, SessionDescription
from ..effects import Flow, perform
from ..errors import ResourceNotFound, UserSessionNotFound
from ..pagination import Pager


def list_sessions(access_token: str) -> Flow[tuple[SessionDescription, ...]]:
    """All sessions of the signed-in user; none where the pool does not track them."""
    pager = Pager(ListUserSessions(access_token=access_token))
    found: list[SessionDescription] = []
    while pager.more:
        found += yield from pager.items()
    return tuple(found)


def end_session(access_token: str, session_id: str, *, linked: bool = False) -> Flow[None]:
    """End one of the user's sessions: its tokens are revoked. With ``linked``, those that belong to it are ended too.

    Raises `UserSessionNotFound` when there is none with this id, `InvalidParameter` for the session that asks.
    """
    operation = RevokeUserSession(
        access_token=access_token, session_id=session_id, revoke_associated_sessions="LINKED" if linked else "NONE"
    )
    try:
        yield from perform(operation)
    except ResourceNotFound as error:
        raise UserSessionNotFound(
            error.aws_code, error.message, operation=error.operation, request_id=error.request_id
        ) from error
