"""Sessions that are on the server: the browser holds an id, and the store what it stands for, sealed.

Of all requests of a session that find its tokens expired, one refreshes them: in a process they share one flow, across
processes the store's lock has one holder. Whoever does not get the lock adopts what its holder stored. A holder that dies
leaves a lock that expires, and one that is late finds another version stored and does not overwrite it.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Final, TypeVar

from ..effects import AskStore, Finish, Flow, Monotonic, Now, RandomBytes, Share, Sleep, Store, StoreOperation, perform
from ..errors import NotSignedIn, SealError, StoreUnavailable
from ..sessions import Session, SetCookie
from ..sessions.packing import pack, unpack
from ..sessions.stored import (
    AcquireLock,
    CreateSession,
    ListSessionsOf,
    LoadSession,
    ReleaseLock,
    RemoveSession,
    RemoveSessionsOf,
    ReplaceContent,
    StoredSession,
    TouchSession,
)
from ..steps.replies import claim_of
from .http import Request
from .keeper import Held, Refreshing
from .options import ServerSessions, WebOptions
from .vault import Vault

R = TypeVar("R")

ID_BYTES: Final = 32
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_SEEN_EVERY: Final = 60.0
"""Seconds between two times that it is noted that a session was used."""
LOCKED_FOR: Final = 10.0
"""Seconds after which a lock is given to somebody else; a refresh takes less, retries included."""
_WAIT: Final = 6.0
"""Seconds that a request waits for another's refresh."""
_LOOK_EVERY: Final = 0.05


class StoredSessions:
    """The keeper that has a store. A session that was ended is over at once, whoever copied its cookie."""

    def __init__(self, options: WebOptions, sessions: ServerSessions, vault: Vault) -> None:
        self._options: Final = options
        self._store: Final[Store] = sessions.store
        self._idle_lifetime: Final = sessions.idle_lifetime
        self._vault: Final = vault

    def find(self, request: Request) -> Flow[Held | None]:
        """See `Keeper.find`."""
        session_id = self._id_in(request)
        if session_id is None:
            return None
        now = yield from perform(Now())
        stored = yield from self._ask(LoadSession(hashed(session_id), now))
        if stored is None:
            return None
        if now - stored.seen_at >= _SEEN_EVERY:
            yield from self._ask(TouchSession(stored.id, now))
        return (yield from self._opened(stored))

    def begin(self, request: Request, session: Session) -> Flow[tuple[SetCookie, ...]]:
        """See `Keeper.begin`; the id is new, and the old one is worth nothing any more."""
        old = self._id_in(request)
        if old is not None:
            yield from self._ask(RemoveSession(hashed(old)))
        session_id = urlsafe_b64encode((yield from perform(RandomBytes(ID_BYTES)))).rstrip(b"=").decode()
        now, lifetime = (yield from perform(Now())), self._options.session_lifetime
        stored = StoredSession(
            id=hashed(session_id),
            owner=claim_of(session.tokens.access_token, "sub") or session.username,
            content=(yield from self._sealed(hashed(session_id), session)),
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
            idle_lifetime=self._idle_lifetime,
        )
        yield from self._ask(CreateSession(stored))
        return (self._cookie(request, session_id, int(lifetime)),)

    def keep(self, request: Request, held: Held, session: Session) -> Flow[Held]:
        """See `Keeper.keep`. What somebody else stored meanwhile is as new, and stays."""
        stored = yield from self._replaced(_stored(held), session)
        return replace(held, session=session, stored=stored) if stored else (yield from self._newest(_stored(held)))

    def renew(self, request: Request, held: Held, refreshing: Refreshing) -> Flow[Held]:
        """See `Keeper.renew`."""
        stored = _stored(held)
        renewal = Share(("refresh", stored.id), lambda: self._in_turn(held, refreshing))
        return (yield from perform(renewal))

    def list_of(self, owner: str) -> Flow[tuple[StoredSession, ...]]:
        """See `Keeper.list_of`."""
        now = yield from perform(Now())
        return (yield from self._ask(ListSessionsOf(owner, now)))

    def remove(self, stored: StoredSession) -> Flow[Session | None]:
        """See `Keeper.remove`."""
        yield from self._ask(RemoveSession(stored.id))
        held = yield from self._opened(stored)
        return held.session if held else None

    def remove_all(self, owner: str) -> Flow[int]:
        """See `Keeper.remove_all`."""
        return (yield from self._ask(RemoveSessionsOf(owner)))

    def end(self, request: Request, held: Held | None) -> Flow[tuple[SetCookie, ...]]:
        """See `Keeper.end`."""
        session_id = self._id_in(request)
        if session_id is not None:
            yield from self._ask(RemoveSession(hashed(session_id)))
        name = self._name(request)
        return (self._cookie(request, "", 0),) if name in request.cookies else ()

    def _in_turn(self, held: Held, refreshing: Refreshing) -> Flow[Held]:
        """Refresh when it is this request's turn, unless another did it meanwhile."""
        stored = _stored(held)
        holder = (yield from perform(RandomBytes(16))).hex()
        began = yield from perform(Monotonic())
        while True:
            newest = yield from self._newest(stored)
            if _stored(newest).version != stored.version:
                return newest
            now = yield from perform(Now())
            if (yield from self._ask(AcquireLock(stored.id, holder, LOCKED_FOR, now))):
                return (yield from perform(Finish(lambda: self._locked(held, holder, refreshing))))
            if (yield from perform(Monotonic())) - began > _WAIT:
                raise StoreUnavailable("another request refreshes the session, and takes too long")
            yield from perform(Sleep(_LOOK_EVERY))

    def _locked(self, held: Held, holder: str, refreshing: Refreshing) -> Flow[Held]:
        """Refresh as the holder of the lock, and give it back."""
        try:
            renewed = yield from self._refreshed(held, refreshing)
        except Exception:  # whatever it is, the next may try
            yield from self._released(held, holder)
            raise
        yield from self._released(held, holder)
        return renewed

    def _refreshed(self, held: Held, refreshing: Refreshing) -> Flow[Held]:
        newest = yield from self._newest(_stored(held))
        if _stored(newest).version != _stored(held).version:
            return newest
        session = yield from refreshing(newest.session)
        stored = yield from self._replaced(_stored(newest), session)
        return Held(session=session, stored=stored) if stored else (yield from self._newest(_stored(held)))

    def _released(self, held: Held, holder: str) -> Flow[None]:
        try:
            yield from self._ask(ReleaseLock(_stored(held).id, holder))
        except StoreUnavailable:  # then it expires
            return

    def _newest(self, stored: StoredSession) -> Flow[Held]:
        """The session as it is now; raises `NotSignedIn` when it has ended."""
        now = yield from perform(Now())
        found = yield from self._ask(LoadSession(stored.id, now))
        held = (yield from self._opened(found)) if found is not None else None
        if held is None:
            raise NotSignedIn("the session has ended")
        return held

    def _replaced(self, stored: StoredSession, session: Session) -> Flow[StoredSession | None]:
        """Store ``session``; ``None`` where another version is stored by now."""
        now = yield from perform(Now())
        content = yield from self._sealed(stored.id, session)
        done = yield from self._ask(ReplaceContent(stored.id, stored.version, content, now))
        return replace(stored, content=content, version=stored.version + 1) if done else None

    def _sealed(self, stored_id: str, session: Session) -> Flow[bytes]:
        sealed = yield from self._vault.seal(pack(session), _purpose(stored_id), self._options.session_lifetime)
        return sealed.encode()

    def _opened(self, stored: StoredSession) -> Flow[Held | None]:
        try:
            opened = yield from self._vault.open(stored.content.decode(), _purpose(stored.id))
            return Held(session=unpack(opened.content), stored=stored)
        except (SealError, UnicodeDecodeError):
            return None

    def _ask(self, operation: StoreOperation[R]) -> Flow[R]:
        return (yield from perform(AskStore(self._store, operation)))

    def _id_in(self, request: Request) -> str | None:
        found = request.cookies.get(self._name(request))
        return found if found is not None and _ID.fullmatch(found) else None

    def _name(self, request: Request) -> str:
        prefix = "__Host-" if self._options.is_secure(request) else ""
        return f"{prefix}{self._options.cookie.name}_id"

    def _cookie(self, request: Request, value: str, max_age: int) -> SetCookie:
        secure, same_site = self._options.is_secure(request), self._options.cookie.same_site
        return SetCookie(name=self._name(request), value=value, max_age=max_age, secure=secure, same_site=same_site)


def hashed(session_id: str) -> str:
    """What a store knows a session by."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def _purpose(stored_id: str) -> str:
    """Binds content to its session: what is stored for one opens for no other."""
    return f"session {stored_id}"


def _stored(held: Held) -> StoredSession:
    if held.stored is None:
        raise LookupError("the session is not in a store")
    return held.stored
