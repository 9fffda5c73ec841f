"""A store in this process's memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from ..effects import StoreOperation
from ..errors import StoreUnavailable
from ..forking import renew_after_fork
from ..sessions.stored import (
    AcquireLock,
    CreateSession,
    ListSessionsOf,
    LoadMarks,
    LoadSession,
    Mark,
    ReleaseLock,
    RemoveSession,
    RemoveSessionsOf,
    ReplaceContent,
    StoredSession,
    TouchSession,
)

R = TypeVar("R")


class MemoryStore:
    """Keeps at most ``max_sessions``, and as many marks of access that ended early.

    Safe to share between threads, and of no use to other processes.
    """

    def __init__(self, *, max_sessions: int = 100_000) -> None:
        self._max: Final = max_sessions
        self._lock = threading.Lock()
        self._sessions: Final[dict[str, StoredSession]] = {}
        self._of: Final[dict[str, dict[str, None]]] = {}
        """The sessions of each user, in the order of their creation."""
        self._locks: Final[dict[str, tuple[str, float]]] = {}
        self._marks: Final[dict[str, tuple[float, float]]] = {}
        renew_after_fork(self, MemoryStore._renew)

    def _renew(self) -> None:
        self._lock = threading.Lock()

    def carry_out(self, operation: StoreOperation[R]) -> R:
        """Carry out an operation; raises `StoreUnavailable` when what is new finds no room."""
        with self._lock:
            return cast("R", _DOES[type(operation)](self, operation))

    async def carry_out_async(self, operation: StoreOperation[R]) -> R:
        """The same, which takes no longer than switching tasks would."""
        return self.carry_out(operation)

    def create(self, wanted: CreateSession) -> None:
        session = wanted.session
        if len(self._sessions) >= self._max:
            self._forget_ended(session.seen_at)
            if len(self._sessions) >= self._max:
                raise StoreUnavailable(f"the store is full: it keeps at most {self._max} sessions")
        self._sessions[session.id] = session
        self._of.setdefault(session.owner, {})[session.id] = None

    def load(self, wanted: LoadSession) -> StoredSession | None:
        session = self._sessions.get(wanted.id)
        if session is not None and session.ends_at <= wanted.now:
            self._remove(session.id)
            return None
        return session

    def touch(self, wanted: TouchSession) -> None:
        session = self.load(LoadSession(wanted.id, wanted.now))
        if session is not None:
            self._sessions[wanted.id] = replace(session, seen_at=max(session.seen_at, wanted.now))

    def replace(self, wanted: ReplaceContent) -> bool:
        session = self.load(LoadSession(wanted.id, wanted.now))
        if session is None or session.version != wanted.version:
            return False
        self._sessions[wanted.id] = replace(
            session, content=wanted.content, version=session.version + 1, seen_at=max(session.seen_at, wanted.now)
        )
        return True

    def remove(self, wanted: RemoveSession) -> bool:
        return self._remove(wanted.id)

    def remove_of(self, wanted: RemoveSessionsOf) -> int:
        ids = [each for each in self._of.get(wanted.owner, {}) if each != wanted.spared]
        return sum(self._remove(each) for each in ids)

    def list_of(self, wanted: ListSessionsOf) -> tuple[StoredSession, ...]:
        found = (self._sessions[each] for each in self._of.get(wanted.owner, {}))
        return tuple(session for session in found if session.ends_at > wanted.now)

    def acquire(self, wanted: AcquireLock) -> bool:
        _, until = self._locks.get(wanted.name, ("", 0.0))
        if wanted.meets(until):
            return False
        self._make_room(self._locks, wanted.name, wanted.now)
        self._locks[wanted.name] = (wanted.holder, wanted.now + wanted.seconds)
        return True

    def release(self, wanted: ReleaseLock) -> None:
        if self._locks.get(wanted.name, ("", 0.0))[0] == wanted.holder:
            del self._locks[wanted.name]

    def mark(self, wanted: Mark) -> None:
        self._make_room(self._marks, wanted.subject, wanted.moment)
        moment, until = self._marks.get(wanted.subject, (wanted.moment, 0.0))
        self._marks[wanted.subject] = (max(moment, wanted.moment), max(until, wanted.moment + wanted.seconds))

    def marks(self, wanted: LoadMarks) -> tuple[float | None, ...]:
        found = (self._marks.get(subject) for subject in wanted.subjects)
        return tuple(mark[0] if mark is not None and mark[1] > wanted.now else None for mark in found)

    def _remove(self, session_id: str) -> bool:
        session = self._sessions.pop(session_id, None)
        if session is None:
            return False
        siblings = self._of[session.owner]
        del siblings[session_id]
        if not siblings:
            del self._of[session.owner]
        return True

    def _make_room(self, entries: dict[str, tuple[Any, float]], name: str, now: float) -> None:
        """Let go of what holds no longer, where one more is one too many. What still holds is not forgotten: it would let
        somebody in whose access has ended."""
        if name in entries or len(entries) < self._max:
            return
        for each in [each for each, (_, until) in entries.items() if until <= now]:
            del entries[each]
        if len(entries) >= self._max:
            raise StoreUnavailable(f"the store is full: it keeps at most {self._max} of a kind")

    def _forget_ended(self, now: float) -> None:
        for session in [session for session in self._sessions.values() if session.ends_at <= now]:
            self._remove(session.id)


_DOES: Final[Mapping[type[StoreOperation[Any]], Callable[[MemoryStore, Any], Any]]] = {
    CreateSession: MemoryStore.create,
    LoadSession: MemoryStore.load,
    TouchSession: MemoryStore.touch,
    ReplaceContent: MemoryStore.replace,
    RemoveSession: MemoryStore.remove,
    RemoveSessionsOf: MemoryStore.remove_of,
    ListSessionsOf: MemoryStore.list_of,
    AcquireLock: MemoryStore.acquire,
    ReleaseLock: MemoryStore.release,
    Mark: MemoryStore.mark,
    LoadMarks: MemoryStore.marks,
}
