"""Sessions that are kept on the server: what a store holds, and what it can be asked to do.

A store knows no session's id, only its hash, and no tokens, only sealed content; whoever reads the store can do nothing with
it. Every operation is one step that either happens or does not, whatever else goes on at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ..effects import StoreOperation

LONGEST_LOCK: Final = 20.0
"""Seconds; a lock that claims to be held for longer was taken before the clock was set back, and binds nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session as a store holds it. Moments are in seconds since the epoch, lifetimes in seconds."""

    id: str
    """The hash of the session's id, in hexadecimal; the id itself is with the browser alone."""
    owner: str
    """The user's ``sub``."""
    content: bytes = field(repr=False)
    """What the session holds, sealed."""
    created_at: float
    seen_at: float
    """When it was last used, to within a minute."""
    expires_at: float
    """When it ends, however much it is used."""
    idle_lifetime: float
    """How long it lasts unused."""
    version: int = 1
    """Goes up with each change of the content, so that a late writer finds out (a fencing token)."""

    @property
    def ends_at(self) -> float:
        """When it ends if it is not used again."""
        return min(self.expires_at, self.seen_at + self.idle_lifetime)


@dataclass(frozen=True, slots=True)
class CreateSession(StoreOperation[None]):
    """Keep a new session; raises `StoreUnavailable` where there is no room."""

    session: StoredSession


@dataclass(frozen=True, slots=True)
class LoadSession(StoreOperation[StoredSession | None]):
    """The session, if it has not ended at ``now``."""

    id: str
    now: float


@dataclass(frozen=True, slots=True)
class TouchSession(StoreOperation[None]):
    """Note that the session was used; one that is gone stays gone."""

    id: str
    now: float


@dataclass(frozen=True, slots=True)
class ReplaceContent(StoreOperation[bool]):
    """Put ``content`` in place of what the session held at ``version``; false, and nothing done, if that is not its version."""

    id: str
    version: int
    content: bytes = field(repr=False)
    now: float


@dataclass(frozen=True, slots=True)
class RemoveSession(StoreOperation[bool]):
    """End a session; false if there was none."""

    id: str


@dataclass(frozen=True, slots=True)
class RemoveSessionsOf(StoreOperation[int]):
    """End all sessions of a user but ``spared``; gives how many."""

    owner: str
    spared: str | None = None


@dataclass(frozen=True, slots=True)
class ListSessionsOf(StoreOperation[tuple[StoredSession, ...]]):
    """The sessions of a user that have not ended at ``now``, in the order of their creation."""

    owner: str
    now: float


@dataclass(frozen=True, slots=True)
class AcquireLock(StoreOperation[bool]):
    """Take the lock of this name for ``seconds``, half of `LONGEST_LOCK` at most; false if another ``holder`` has it."""

    name: str
    holder: str
    seconds: float
    now: float

    def meets(self, until: float) -> bool:
        """Whether a lock that was taken until then stands in the way."""
        return self.now < until <= self.now + LONGEST_LOCK


@dataclass(frozen=True, slots=True)
class ReleaseLock(StoreOperation[None]):
    """Give the lock back, if ``holder`` still has it."""

    name: str
    holder: str


@dataclass(frozen=True, slots=True)
class Mark(StoreOperation[None]):
    """Note that something about ``subject`` changed at ``moment``, for ``seconds``. A later moment replaces an earlier one."""

    subject: str
    moment: float
    seconds: float


@dataclass(frozen=True, slots=True)
class LoadMarks(StoreOperation[tuple[float | None, ...]]):
    """The moment that was noted of each subject, ``None`` where none is."""

    subjects: tuple[str, ...]
    now: float
