"""A store in an SQLite file, shared by the processes of one machine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import anyio.to_thread

from ..effects import StoreOperation
from ..errors import StoreUnavailable
from ..forking import renew_after_fork
from ..sessions.stored import (
    LONGEST_LOCK,
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

_PATIENCE: Final = 3.0
"""Seconds to wait for another process that writes."""
_PRUNED_EVERY: Final = 100
"""Sessions that are created between two times that those that have ended are removed."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, content BLOB NOT NULL, created_at REAL NOT NULL, seen_at REAL NOT NULL,
    expires_at REAL NOT NULL, idle_lifetime REAL NOT NULL, version INTEGER NOT NULL,
    ends_at REAL GENERATED ALWAYS AS (MIN(expires_at, seen_at + idle_lifetime))
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_of ON sessions (owner, created_at);
CREATE INDEX IF NOT EXISTS sessions_by_end ON sessions (ends_at);
CREATE TABLE IF NOT EXISTS locks (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS marks (subject TEXT PRIMARY KEY, moment REAL NOT NULL, until REAL NOT NULL) STRICT;
"""
_FIELDS: Final = ("id", "owner", "content", "created_at", "seen_at", "expires_at", "idle_lifetime", "version")
_COLUMNS: Final = ", ".join(_FIELDS)
_INSERT: Final = f"INSERT OR REPLACE INTO sessions ({_COLUMNS}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608
_SELECT: Final = f"SELECT {_COLUMNS} FROM sessions"  # noqa: S608 - the names of columns, and no value
_ONE: Final = f"{_SELECT} WHERE id = ? AND ends_at > ?"
_OF_OWNER: Final = f"{_SELECT} WHERE owner = ? AND ends_at > ? ORDER BY created_at, rowid"
_REPLACE: Final = """
UPDATE sessions SET content = ?, version = version + 1, seen_at = MAX(seen_at, ?) WHERE id = ? AND version = ? AND ends_at > ?
"""
_ACQUIRE: Final = """
INSERT INTO locks (name, holder, until) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE until <= ? OR until > ?
"""
_MARK: Final = """
INSERT INTO marks (subject, moment, until) VALUES (?, ?, ?)
ON CONFLICT (subject) DO UPDATE SET moment = MAX(moment, excluded.moment), until = MAX(until, excluded.until)
"""


class SqliteStore:
    """Keeps sessions in the file at ``path``, which is made if it is not there; ``:memory:`` is for tests.

    Safe to share between threads, and after a fork. Close it, or let it go with the process. Raises `StoreUnavailable` when the
    file cannot be opened, or is written by another process for too long.
    """

    def __init__(self, path: str | Path) -> None:
        self._path: Final = str(path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._left_alone: sqlite3.Connection | None = None
        self._created = 0
        renew_after_fork(self, SqliteStore._renew)

    def carry_out(self, operation: StoreOperation[R]) -> R:
        """Carry out an operation in a transaction of its own."""
        with self._lock:
            try:
                with self._open() as connection:  # commits, or rolls back
                    if type(operation) not in _READS:
                        connection.execute("BEGIN IMMEDIATE")
                    return cast("R", _DOES[type(operation)](self, connection, operation))
            except sqlite3.Error as error:
                raise StoreUnavailable(f"SQLite: {error}") from error

    async def carry_out_async(self, operation: StoreOperation[R]) -> R:
        """The same, in a thread."""
        return await anyio.to_thread.run_sync(self.carry_out, operation)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _renew(self) -> None:
        # The parent's connection must not be used here, nor closed, which it would be if it were forgotten.
        self._lock = threading.Lock()
        self._left_alone, self._connection = self._connection, None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.executescript(_SCHEMA)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def create(self, connection: sqlite3.Connection, wanted: CreateSession) -> None:
        session = wanted.session
        self._created += 1
        if self._created % _PRUNED_EVERY == 1:
            now = (session.seen_at,)
            connection.execute("DELETE FROM sessions WHERE ends_at <= ?", now)
            connection.execute("DELETE FROM locks WHERE until <= ?", now)
            connection.execute("DELETE FROM marks WHERE until <= ?", now)
        connection.execute(_INSERT, tuple(getattr(session, name) for name in _FIELDS))

    def load(self, connection: sqlite3.Connection, wanted: LoadSession) -> StoredSession | None:
        found = _sessions(connection, _ONE, (wanted.id, wanted.now))
        return found[0] if found else None

    def touch(self, connection: sqlite3.Connection, wanted: TouchSession) -> None:
        seen = "UPDATE sessions SET seen_at = MAX(seen_at, ?) WHERE id = ? AND ends_at > ?"
        connection.execute(seen, (wanted.now, wanted.id, wanted.now))

    def replace(self, connection: sqlite3.Connection, wanted: ReplaceContent) -> bool:
        values = (wanted.content, wanted.now, wanted.id, wanted.version, wanted.now)
        return connection.execute(_REPLACE, values).rowcount > 0

    def remove(self, connection: sqlite3.Connection, wanted: RemoveSession) -> bool:
        return connection.execute("DELETE FROM sessions WHERE id = ?", (wanted.id,)).rowcount > 0

    def remove_of(self, connection: sqlite3.Connection, wanted: RemoveSessionsOf) -> int:
        gone = connection.execute("DELETE FROM sessions WHERE owner = ? AND id IS NOT ?", (wanted.owner, wanted.spared))
        return gone.rowcount

    def list_of(self, connection: sqlite3.Connection, wanted: ListSessionsOf) -> tuple[StoredSession, ...]:
        return _sessions(connection, _OF_OWNER, (wanted.owner, wanted.now))

    def acquire(self, connection: sqlite3.Connection, wanted: AcquireLock) -> bool:
        values = (wanted.name, wanted.holder, wanted.now + wanted.seconds, wanted.now, wanted.now + LONGEST_LOCK)
        return connection.execute(_ACQUIRE, values).rowcount > 0

    def release(self, connection: sqlite3.Connection, wanted: ReleaseLock) -> None:
        connection.execute("DELETE FROM locks WHERE name = ? AND holder = ?", (wanted.name, wanted.holder))

    def mark(self, connection: sqlite3.Connection, wanted: Mark) -> None:
        connection.execute(_MARK, (wanted.subject, wanted.moment, wanted.moment + wanted.seconds))

    def marks(self, connection: sqlite3.Connection, wanted: LoadMarks) -> tuple[float | None, ...]:
        def moment(subject: str) -> float | None:
            query = "SELECT moment FROM marks WHERE subject = ? AND until > ?"
            row = connection.execute(query, (subject, wanted.now)).fetchone()
            return None if row is None else float(row[0])

        return tuple(map(moment, wanted.subjects))


def _sessions(connection: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> tuple[StoredSession, ...]:
    return tuple(StoredSession(**dict(zip(_FIELDS, row, strict=True))) for row in connection.execute(query, values).fetchall())


_READS: Final = frozenset({LoadSession, ListSessionsOf, LoadMarks})
"""What is one statement, or need not see everything at one moment, and so keeps no writer waiting."""

_DOES: Final[Mapping[type[StoreOperation[Any]], Callable[[SqliteStore, sqlite3.Connection, Any], Any]]] = {
    CreateSession: SqliteStore.create,
    LoadSession: SqliteStore.load,
    TouchSession: SqliteStore.touch,
    ReplaceContent: SqliteStore.replace,
    RemoveSession: SqliteStore.remove,
    RemoveSessionsOf: SqliteStore.remove_of,
    ListSessionsOf: SqliteStore.list_of,
    AcquireLock: SqliteStore.acquire,
    ReleaseLock: SqliteStore.release,
    Mark: SqliteStore.mark,
    LoadMarks: SqliteStore.marks,
}
