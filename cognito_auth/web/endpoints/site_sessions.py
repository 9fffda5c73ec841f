"""A signed-in user's sessions at this site, where they are kept on the server: seeing them, ending them."""

from __future__ import annotations

from typing import Any, Final

from ...effects import Flow
from ...errors import RequestRejected, UserSessionNotFound
from ...sessions import Session
from ...sessions.stored import StoredSession
from ...states import SignedIn
from ...steps.replies import claim_of
from ..body import Flag, Member
from ..http import Reply
from ..route import Call, Route
from .ending import revoked, succeeds

_ID: Final = Member("session_id", max_length=64, required=False)


def show(call: Call) -> Flow[Reply]:
    """Every session; ``current`` is the one that asks. None where the site keeps no sessions."""
    sessions = yield from call.auth.keeper.list_of(call.user.sub)
    current = _current(call)
    return Reply(document={"sessions": [_described(session, current) for session in sessions]})


def end(call: Call) -> Flow[Reply]:
    """End one session, or all but the one that asks; at Cognito too, as far as it can be told."""
    wanted, others = call.body.get("session_id"), call.body.get("others", False)
    if (wanted is None) != others:
        raise RequestRejected("give either session_id or others")
    sessions = yield from call.auth.keeper.list_of(call.user.sub)
    current = _current(call)
    chosen = [each for each in sessions if (each.id != current if others else each.id == wanted)]
    if not chosen and not others:
        raise UserSessionNotFound("ResourceNotFoundException", "the user has no such session", operation="sessions/site/end")
    for each in chosen:
        session = yield from call.auth.keeper.remove(each)
        if session is not None:
            yield from _end_access(call, session)
    return Reply(document={"status": "ended", "sessions": [each.id for each in chosen]})


def _end_access(call: Call, session: Session) -> Flow[None]:
    """End the session's sign-in, wherever it is known."""
    origin_jti = claim_of(session.tokens.access_token, "origin_jti")
    if origin_jti is not None:
        yield from succeeds(call.auth.early_end.end_sign_in(origin_jti))
    yield from revoked(SignedIn(username=session.username, tokens=session.tokens))


def _current(call: Call) -> str | None:
    held = call.who.held if call.who else None
    return held.stored.id if held and held.stored else None


def _described(session: StoredSession, current: str | None) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "current": session.id == current,
        "created_at": int(session.created_at),
        "seen_at": int(session.seen_at),
        "ends_at": int(session.ends_at),
    }


ROUTES: Final = (
    Route(
        name="site_sessions",
        method="GET",
        path="sessions/site",
        endpoint=show,
        summary="The user's sessions at this site",
        guarded=True,
    ),
    Route(
        name="site_sessions_end",
        method="POST",
        path="sessions/site/end",
        endpoint=end,
        summary="End one of the user's sessions at this site, or all others",
        members=(_ID, Flag("others", required=False)),
        guarded=True,
        event="sessions_ended",
    ),
)
