"""Where a user pool is kept: SQLite tables of JSON documents, with columns for what is searched on.

A record is a `Structure`; its table says which of its members are the key, which others are searched on, which must be
unique, and by which `Facet` a listing of them can be narrowed. One operation of the API is one transaction. This module knows
nothing of Cognito.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from threading import RLock
from typing import Any, Final, Generic, TypeVar

from ...api.structure import Structure
from ...api.wire import from_wire, to_wire
from ...errors import ConfigurationError

S = TypeVar("S", bound=Structure)

FORMAT: Final = 2
"""Version of the file's layout; a file of another version is refused."""
_PATIENCE_SECONDS: Final = 10.0
_REMEMBERED: Final = 256
"""How many records stay parsed: the settings of a pool are asked for again and again, and take long to read."""
_MEMORY: Final = ":memory:"
_JOURNAL_BYTES: Final = slice(18, 20)
"""Where a database's image says how it is journalled; see https://www.sqlite.org/fileformat.html#file_format_version_numbers."""
_NOT_WAL: Final = b"\x01\x01"
_WRITING: Final = ("BEGIN IMMEDIATE", ("ROLLBACK",), "COMMIT")
_READING: Final = ("BEGIN", ("ROLLBACK",), "COMMIT")
_PART: Final = ("SAVEPOINT part", ("ROLLBACK TO part", "RELEASE part"), "RELEASE part")
"""How a transaction begins, is undone, and is kept."""


@dataclass(frozen=True, slots=True)
class Facet(Generic[S]):
    """A text that records are searched by, which is no member of theirs: it is derived when a record is written."""

    name: str
    of: Callable[[S], str | None]
    """A record's text; a record without one is not found by this facet."""
    within: str
    """The member whose value every search by this facet names."""

    @property
    def column(self) -> str:
        """Its column."""
        return _column(self.name)


@dataclass(frozen=True, slots=True)
class Span:
    """The texts of a facet from ``first`` to ``last``, both included, in the order of their UTF-8 bytes."""

    facet: str
    first: str
    last: bytes

    @classmethod
    def exactly(cls, facet: str, text: str) -> Span:
        """This text alone."""
        return cls(facet, text, text.encode())

    @classmethod
    def starting_with(cls, facet: str, text: str) -> Span:
        """The texts that begin so."""
        # No character has this byte, so nothing that begins so comes after it.
        return cls(facet, text, text.encode() + b"\xff")

    def holds(self, text: str) -> bool:
        """Whether the text is one of them."""
        return self.first.encode() <= text.encode() <= self.last


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in a listing: by its position or, in a `Span`, first by its facet's text."""

    position: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Table(Generic[S]):
    """A kind of record. All names are members of the record."""

    name: str
    record: type[S]
    key: tuple[str, ...]
    indexed: tuple[str | tuple[str, ...], ...] = ()
    """Members that records are found by, each alone or several together."""
    unique: tuple[tuple[str, ...], ...] = ()
    facets: tuple[Facet[S], ...] = ()

    @property
    def indexes(self) -> tuple[tuple[str, ...], ...]:
        """The columns of each index, without those that must be unique."""
        members = [(each,) if isinstance(each, str) else each for each in self.indexed]
        return (*members, *((facet.within, facet.column) for facet in self.facets))

    @property
    def members(self) -> tuple[str, ...]:
        """The members of the record that are columns, the key first."""
        groups = (each if isinstance(each, tuple) else (each,) for each in self.indexed)
        return tuple(dict.fromkeys((*self.key, *chain.from_iterable(groups), *chain.from_iterable(self.unique))))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns beside the document."""
        return (*self.members, *(facet.column for facet in self.facets))

    def schema(self) -> Iterator[str]:
        """The statements that create the table."""
        rules = [f"UNIQUE ({_listed(group)})" for group in (self.key, *self.unique)]
        definition = ", ".join([_listed(self.columns), "document TEXT NOT NULL", *rules])
        yield f"CREATE TABLE IF NOT EXISTS {self.name} (position INTEGER PRIMARY KEY AUTOINCREMENT, {definition})"
        for names in self.indexes:
            yield f'CREATE INDEX IF NOT EXISTS "{self.name}_{"_".join(names)}" ON {self.name} ({_listed(names)})'


def _record(table: Table[S], document: str) -> S:
    kind: Any = table.record
    record: S = _parsed(kind, document)
    return record


@lru_cache(maxsize=_REMEMBERED)
def _parsed(kind: type[Structure], document: str) -> Any:
    # By the text itself, so that nothing that is remembered can be out of date.
    return from_wire(kind, json.loads(document))


def _column(facet: str) -> str:
    # Called as no member can be.
    return f"={facet}"


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
            yield _record(table, document)

    def page(self, table: Table[S], *, after: Place, limit: int, **wanted: object) -> list[tuple[Place, S]]:
        """At most ``limit`` of the records that `find` finds, each with its place, beginning after a place."""
        condition = _condition(wanted) or "TRUE"
        query = f"SELECT position, '', document FROM {table.name} WHERE {condition} AND position > ? ORDER BY position LIMIT ?"  # noqa: S608
        return self._placed(table, query, (*wanted.values(), after.position, limit))

    def search(
        self, table: Table[S], span: Span, *, after: Place | None = None, limit: int, **wanted: object
    ) -> list[tuple[Place, S]]:
        """As `page`, of the records in the span, in the order of their texts; ``after`` is a place in the span."""
        begin = after or Place(0, span.first)
        column = _listed([_column(span.facet)])
        query = f"SELECT position, {column}, document FROM {table.name} WHERE {_condition(wanted)} AND {{}} LIMIT ?"  # noqa: S608
        # First the rest of the text where the place is, then the texts beyond: so the index leads to each record that is found.
        rest = query.format(f"{column} = ? AND position > ? ORDER BY position")
        found = self._placed(table, rest, (*wanted.values(), begin.text, begin.position, limit))
        beyond = query.format(f"{column} > ? AND {column} <= CAST(? AS TEXT) ORDER BY {column}, position")
        return found + self._placed(table, beyond, (*wanted.values(), begin.text, span.last, limit - len(found)))

    def _placed(self, table: Table[S], query: str, values: tuple[object, ...]) -> list[tuple[Place, S]]:
        rows = self._connection.execute(query, values).fetchall()
        return [(Place(position, text), _record(table, document)) for position, text, document in rows]

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
        searched = (facet.of(record) for facet in table.facets)
        values = (*(getattr(record, name) for name in table.members), *searched, document)
        self._connection.execute(f"INSERT INTO {table.name} ({_listed(names)}) VALUES ({marks}){conflict}", values)  # noqa: S608


class Storage:
    """A SQLite file, or memory when ``path`` is ``None``. May be used from any thread; transactions run one at a time."""

    def __init__(self, path: str | Path | None, tables: tuple[Table[Any], ...]) -> None:
        if path is not None:
            # It will hold private keys: nobody else reads it, from its first moment. SQLite gives its side files the same mode.
            Path(path).touch(mode=0o600)
        self._lock: Final = RLock()
        self._connection: Final = sqlite3.connect(
            path or _MEMORY, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        if path is None:
            self._connection.deserialize(_blank(tables))
        else:
            self._connection.execute("PRAGMA journal_mode = WAL")
            _prepare(self._connection, tables)

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Generator[Transaction]:
        """A transaction that is committed at the end of the block and undone when the block raises.

        One that begins within another of the same thread is a part of that one, and can be undone alone.
        """
        with self._lock:
            # Only the thread that has the lock can have a transaction open.
            begin, undo, commit = _PART if self._connection.in_transaction else _WRITING if writes else _READING
            self._connection.execute(begin)
            try:
                yield Transaction(self._connection)
            except BaseException:  # also when the thread is being stopped, half an operation must not stay
                for statement in undo:
                    self._connection.execute(statement)
                raise
            self._connection.execute(commit)

    def image(self) -> bytes:
        """Everything that is kept, as SQLite writes it into a file."""
        with self.transaction():  # which keeps other processes from writing meanwhile
            image = bytearray(self._connection.serialize())
        # An image that says it has a write-ahead log beside it could not be opened in memory.
        image[_JOURNAL_BYTES] = _NOT_WAL
        return bytes(image)

    def replace(self, image: bytes) -> None:
        """Keep what the image holds, and nothing else."""
        with self._lock, closing(sqlite3.connect(_MEMORY)) as source:
            source.deserialize(image)
            source.backup(self._connection)

    def close(self) -> None:
        """Close the file; further transactions fail."""
        with self._lock:
            self._connection.close()


@cache
def _blank(tables: tuple[Table[Any], ...]) -> bytes:
    # Copying the image of empty tables takes a tenth of the time that creating them takes.
    with closing(sqlite3.connect(_MEMORY, isolation_level=None)) as connection:
        _prepare(connection, tables)
        return connection.serialize()


def _prepare(connection: sqlite3.Connection, tables: tuple[Table[Any], ...]) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found not in (0, FORMAT):
        connection.close()
        raise ConfigurationError(
            f"the user pool's file has layout {found}, this version reads {FORMAT}; delete it to start anew"
        )
    connection.execute("BEGIN IMMEDIATE")
    for table in tables:
        for statement in table.schema():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")
