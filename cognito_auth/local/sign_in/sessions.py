"""Challenge sessions: opaque strings that stand for a sign-in which waits for its answer.

A session belongs to one user or to what stands for nobody, to one client and one challenge, lives as many minutes as the client
says, and is used once. Only its digest is kept. What a challenge has to remember goes into its notes, what the whole sign-in
does into its trail.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..base import faults
from ..base.context import Context
from ..store.records import Client, Session, Trail, User
from ..store.tables import SESSIONS
from ..users.names import Stranger

_PREFIX: Final = "AYABe"
_RANDOM_BYTES: Final = 768
_MINUTE: Final = 60.0
_KEPT_SECONDS: Final = 24 * 3600.0
"""How long an expired session is told from one that never was."""
_NOBODY: Final = ""
"""No user's name."""
_OPENS: Final = "first"
"""Noted in the session of a challenge that opens a sign-in."""


def lifetime(client: Client) -> float:
    """How long the client's sessions live, in seconds."""
    return (client.settings.auth_session_validity or 3) * _MINUTE


def open_session(
    context: Context,
    client: Client,
    user: User | Stranger,
    challenge: str,
    *,
    trail: Trail,
    notes: Mapping[str, str] | None = None,
    opens: bool = False,
) -> str:
    """A new session for ``challenge``, which is one that ``opens`` a sign-in or follows on another."""
    token = _PREFIX + b64encode(context.random_bytes(_RANDOM_BYTES)).decode()
    context.records.delete_before(SESSIONS, "expires_at", context.now - _KEPT_SECONDS)
    session = Session(
        id=session_id(token),
        pool_id=client.pool_id,
        client_id=client.id,
        user=user.name if isinstance(user, User) else _NOBODY,
        sub=user.sub,
        challenge=challenge,
        expires_at=context.now + lifetime(client),
        used=False,
        trail=trail,
        notes={**(notes or {}), **({_OPENS: "true"} if opens else {})},
    )
    context.records.insert(SESSIONS, session)
    return token


def opens_sign_in(session: Session) -> bool:
    """Whether the session's challenge is one that opens a sign-in."""
    return _OPENS in session.notes


def find_session(context: Context, token: str, challenge: str) -> Session:
    """The session that waits for an answer to ``challenge``. Raises `Fault` when there is none, or it is used or too old."""
    session = context.records.get(SESSIONS, session_id(token))
    if session is None or session.challenge != challenge:
        raise faults.SESSION_INVALID
    if session.used:
        raise faults.SESSION_USED
    if session.expires_at <= context.now:
        raise faults.SESSION_EXPIRED
    return session


def waiting_session(context: Context, client: Client, user: User, challenge: str) -> Session:
    """The newest session of the user's that waits for an answer to ``challenge``. Raises `Fault` when there is none."""
    found = context.records.find(SESSIONS, client_id=client.id, sub=user.sub)
    waiting = [each for each in found if each.challenge == challenge and not each.used and each.expires_at > context.now]
    if not waiting:
        raise faults.MISSING_PARAMETER("Session")
    return waiting[-1]


def spend(context: Context, session: Session) -> None:
    """Use the session up."""
    context.records.put(SESSIONS, replace(session, used=True))


def session_id(token: str) -> str:
    """The id of the session that the token stands for."""
    return hashlib.sha256(token.encode()).hexdigest()
