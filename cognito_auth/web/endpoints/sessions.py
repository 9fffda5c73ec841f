"""A signed-in user's sessions, in pools that track them: seeing where one is signed in, ending one from afar."""

from __future__ import annotations

from typing import Any, Final

from ...api.sessions import SessionDescription, SessionLocation
from ...effects import Flow
from ...flows import end_session, list_sessions
from ..body import Flag, Member
from ..http import Reply, seconds
from ..route import Call, Route


def show(call: Call) -> Flow[Reply]:
    """Every session; ``current`` is the one that asks."""
    sessions = yield from list_sessions(call.access_token)
    return Reply(document={"sessions": [_described(session) for session in sessions]})


def end(call: Call) -> Flow[Reply]:
    """End a session other than the one that asks, which ends by signing out."""
    session_id, linked = call.body["session_id"], call.body.get("linked", False)
    yield from end_session(call.access_token, session_id, linked=linked)
    return Reply(document={"status": "ended", "session_id": session_id, "linked": linked})


def _described(session: SessionDescription) -> dict[str, Any]:
    place = session.last_location or SessionLocation()
    return {
        "session_id": session.session_id,
        "type": session.session_type,
        "client_id": session.client_id,
        "current": bool(session.is_current_session),
        "origin_session_id": session.origin_session_id,
        "device_type": session.device_type,
        "ip_address": session.last_ip_address,
        "city": place.city,
        "country": place.country,
        "created_at": seconds(session.create_date),
        "active_at": seconds(session.last_active_date),
    }


ROUTES: Final = (
    Route(name="sessions", method="GET", path="sessions", endpoint=show, summary="Where the user is signed in", guarded=True),
    Route(
        name="sessions_end",
        method="POST",
        path="sessions/end",
        endpoint=end,
        summary="End one of the user's sessions",
        members=(Member("session_id", max_length=28), Flag("linked", required=False)),
        guarded=True,
        event="sessions_ended",
    ),
)
