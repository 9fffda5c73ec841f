"""Where a user pool is kept: SQLite tables of JSON documents, with columns for what is searched on.

A record is a `Structure`; its table says which of its members are the key, which others are searched on, and which must be
unique. One operation of the API is one transaction. This module knows nothing of Cognito.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Final, Generic, TypeVar

from ..api.structure import Structure
from ..api.wire import from_wire, to_wire
from ..errors import ConfigurationError

S = TypeVar("S", bound=Structure)

FORMAT: Final = 1
"""Version of the file's layout; a file of another version is refused."""
_PATIENCE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Table(Generic[S]):
    """A kind of record. All names are members of the record."""

    name: str
    record: type[S]
    key: tuple[str, ...]
    indexed: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns beside the document, the key first."""
        names = (*self.key, *self.indexed, *(name for group in self.unique for name in group))
        return tuple(dict.fromkeys(names))

    def schema(self) -> Iterator[str]:
        """The statements that create the table."""
        rules = [f"UNIQUE ({_listed(group)})" for group in (self.key, *self.unique)]
        definition = ", ".join([_listed(self.columns), "document TEXT NOT NULL", *rules])
        yield f"CREATE TABLE IF NOT EXISTS {self.name} (position INTEGER PRIMARY KEY AUTOINCREMENT, {definition})"
        for name in self.indexed:
            yield f'CREATE INDEX IF NOT EXISTS {self.name}_{name} ON {self.name} ("{name}")'


def _listed(names: Iterable[str]) -> str:
    # Quoted, because some members are called like words of SQL.
    return ", ".join(f'"{name}"' for name in names)


def _condition(names: Iterable[str]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in names)


class Transaction:
    """Reads and writes records; everything of it happens, or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, table: Table[S], *key: str) -> S | None:
        """The record with this key."""
        return next(self.find(table, **dict(zip(table.key, key, strict=True))), None)

    def find(self, table: Table[S], **wanted: object) -> Iterator[S]:
        """The records whose columns have these values, oldest first."""
        condition = _condition(wanted) or "TRUE"
        # Names come from the tables' own definitions, values are bound.
        query = f"SELECT document FROM {table.name} WHERE {condition} ORDER BY position"  # noqa: S608
        for (document,) in self._connection.execute(query, tuple(wanted.values())).fetchall():
            yield from_wire(table.record, json.loads(document))

    def page(self, table: Table[S], *, after: int, limit: int, **wanted: object) -> list[tuple[int, S]]:
        """At most ``limit`` of the records that `find` finds, each with its position, beginning after a position."""
        condition = _condition(wanted) or "TRUE"
        query = f"SELECT position, document FROM {table.name} WHERE {condition} AND position > ? ORDER BY position LIMIT ?"  # noqa: S608
        found = self._connection.execute(query, (*wanted.values(), after, limit)).fetchall()
        return [(position, from_wire(table.record, json.loads(document))) for position, document in found]

    def count(self, table: Table[Any], **wanted: object) -> int:
        """How many records `find` would find."""
        query = f"SELECT count(*) FROM {table.name} WHERE {_condition(wanted) or 'TRUE'}"  # noqa: S608
        (number,) = self._connection.execute(query, tuple(wanted.values())).fetchone()
        return int(number)

    def insert(self, table: Table[S], record: S) -> None:
        """Store a new record; raises `sqlite3.IntegrityError` when its key, or what must be unique, is taken."""
        self._write(table, record, "")

    def put(self, table: Table[S], record: S) -> None:
        """Store a record in place of the one with the same key; it keeps its place in the order."""
        updates = ", ".join(f'"{name}" = excluded."{name}"' for name in (*table.columns, "document"))
        self._write(table, record, f" ON CONFLICT ({_listed(table.key)}) DO UPDATE SET {updates}")

    def delete(self, table: Table[S], **wanted: object) -> None:
        """Remove the records whose columns have these values; at least one has to be named."""
        if not wanted:
            raise ValueError("deleting needs a condition")
        self._connection.execute(f"DELETE FROM {table.name} WHERE {_condition(wanted)}", tuple(wanted.values()))  # noqa: S608

    def delete_before(self, table: Table[Any], column: str, limit: float) -> None:
        """Remove the records whose ``column`` is below ``limit``."""
        self._connection.execute(f"DELETE FROM {table.name} WHERE {_listed([column])} < ?", (limit,))  # noqa: S608

    def _write(self, table: Table[S], record: S, conflict: str) -> None:
        names = (*table.columns, "document")
        marks = ", ".join("?" for _ in names)
        document = json.dumps(to_wire(record), separators=(",", ":"))
        values = (*(getattr(record, name) for name in table.columns), document)
        self._connection.execute(f"INSERT INTO {table.name} ({_listed(names)}) VALUES ({marks}){conflict}", values)  # noqa: S608


class Storage:
    """A SQLite file, or memory when ``path`` is ``None``. May be used from any thread; transactions run one at a time."""

    def __init__(self, path: str | Path | None, tables: tuple[Table[Any], ...]) -> None:
        if path is not None:
            # It will hold private keys: nobody else reads it, from its first moment. SQLite gives its side files the same mode.
            Path(path).touch(mode=0o600)
        self._lock: Final = RLock()
        self._connection: Final = sqlite3.connect(
            path or ":memory:", timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        if path is not None:
            self._connection.execute("PRAGMA journal_mode = WAL")
        with self._lock:
            self._prepare(tables)

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Generator[Transaction]:
        """A transaction that is committed at the end of the block and undone when the block raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield Transaction(self._connection)
            except BaseException:  # also when the thread is being stopped, half an operation must not stay
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; further transactions fail."""
        with self._lock:
            self._connection.close()

    def _prepare(self, tables: tuple[Table[Any], ...]) -> None:
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()
        if found not in (0, FORMAT):
            self._connection.close()
            raise ConfigurationError(
                f"the user pool's file has layout {found}, this version reads {FORMAT}; delete it to start anew"
            )
        self._connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            for statement in table.schema():
                self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {FORMAT}")
        self._connection.execute("COMMIT")
