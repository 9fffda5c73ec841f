"""Records as text: JSON lines, which hold everything, and CSV with the columns of Cognito's own import files.

Both are read one line after the other, so that a file may be of any size. A line that is no record is reported as `BadRecord`
under its number, and the next one is read.

JSON lines have one object on each line, told apart by ``type``::

    {"type": "group", "name": "staff", "description": "...", "precedence": 1, "role_arn": "arn:aws:iam::..."}
    {"type": "user", "username": "ana", "attributes": {"email": "ana@example.com"}, "enabled": true,
     "status": "CONFIRMED", "groups": ["staff"], "mfa_enabled": false, "password": "..."}

CSV has users only. Its columns are attributes and, beside ``cognito:username`` and ``cognito:mfa_enabled``, which Cognito's
header has (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html),
``cognito:enabled``, ``cognito:user_status``, ``cognito:groups`` (names, in which Cognito allows no blanks, separated by blanks)
and, for an import, ``cognito:password``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final, Protocol, TypeAlias, cast

from ..errors import ConfigurationError
from ..secret import Secret
from .records import NOT_SETTABLE, BadRecord, GroupRecord, Record, UserRecord

Entry: TypeAlias = tuple[int, Record | BadRecord]
"""The number of the line, counted from 1, and what it says."""

MAX_LINE_BYTES: Final = 1 << 20

USERNAME: Final = "cognito:username"
MFA_ENABLED: Final = "cognito:mfa_enabled"
ENABLED: Final = "cognito:enabled"
STATUS: Final = "cognito:user_status"
GROUPS: Final = "cognito:groups"
PASSWORD: Final = "cognito:password"  # noqa: S105 - a column's name
EXPORTED: Final = (MFA_ENABLED, USERNAME, ENABLED, STATUS, GROUPS)
"""The columns of an exported file that are no attributes."""
_OWN: Final = frozenset({*EXPORTED, PASSWORD})

_BOOLEANS: Final = {"": None, "true": True, "false": False}
_USER_KEYS: Final = {
    "type": str,
    "username": str,
    "attributes": dict,
    "enabled": bool,
    "status": str,
    "groups": list,
    "mfa_enabled": bool,
    "password": str,
}
_GROUP_KEYS: Final = {"type": str, "name": str, "description": str, "precedence": int, "role_arn": str}


class Format(Enum):
    """How a file is written."""

    JSON_LINES = "jsonl"
    CSV = "csv"

    @classmethod
    def of(cls, path: Path) -> Format:
        """The format that a file's name tells; JSON lines unless it ends in ``.csv``."""
        return cls.CSV if path.suffix.lower() == ".csv" else cls.JSON_LINES


def read(file: IO[bytes], format: Format) -> Iterator[Entry]:  # noqa: A002 - the command's word for it
    """What each line says; empty ones are passed over. Raises `ConfigurationError` when a CSV file's header will not do."""
    lines = _Lines(file)
    return _read_csv(lines) if format is Format.CSV else _read_json(lines)


class _Lines:
    """A file's lines as text. One that is too long or not UTF-8 raises `BadRecord`, and the next one can be read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: Final = file
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := self._file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            raise BadRecord(f"it is longer than {MAX_LINE_BYTES} bytes")
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise BadRecord("it is not UTF-8") from None


# JSON lines


def _read_json(lines: _Lines) -> Iterator[Entry]:
    while True:
        try:
            line = next(lines)
            if line.strip():
                yield lines.number, _from_json(line)
        except StopIteration:
            return
        except BadRecord as bad:
            yield lines.number, bad


def _from_json(line: str) -> Record:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRecord("it is not JSON") from None
    if not isinstance(document, dict):
        raise BadRecord("it is not an object")
    given = cast("dict[str, Any]", document)
    match given.get("type"):
        case "user":
            _check(given, _USER_KEYS)
            return _user(given)
        case "group":
            _check(given, _GROUP_KEYS)
            return _group(given)
        case _:
            raise BadRecord("its type is neither user nor group")


def _check(given: dict[str, Any], keys: dict[str, type]) -> None:
    for key, value in given.items():
        if key not in keys:
            raise BadRecord("it has a member that is not known")
        if value is not None and (not isinstance(value, keys[key]) or (keys[key] is int and isinstance(value, bool))):
            raise BadRecord(f"{key} is not of the type {keys[key].__name__}")


def _group(given: dict[str, Any]) -> GroupRecord:
    return GroupRecord(
        name=given.get("name") or "",
        description=given.get("description"),
        precedence=given.get("precedence"),
        role_arn=given.get("role_arn"),
    )


def _user(given: dict[str, Any]) -> UserRecord:
    attributes: dict[str, Any] = given.get("attributes") or {}
    groups: list[Any] = given.get("groups") or []
    if not all(isinstance(value, str) for value in attributes.values()):
        raise BadRecord("an attribute is not a string")
    if not all(isinstance(name, str) and name for name in groups):
        raise BadRecord("a group is not a name")
    enabled, password = given.get("enabled"), given.get("password")
    return UserRecord(
        username=given.get("username") or "",
        attributes={name: value for name, value in attributes.items() if value},
        enabled=enabled is None or enabled,
        status=given.get("status") or "",
        groups=tuple(dict.fromkeys(groups)),
        sms_mfa=bool(given.get("mfa_enabled")),
        password=Secret(password) if password else None,
    )


# CSV


def _read_csv(lines: _Lines) -> Iterator[Entry]:
    rows = csv.reader(lines, strict=True)
    columns = _header(rows)
    while True:
        number = lines.number + 1
        try:
            row = next(rows)
            if row:
                yield number, _from_row(columns, row)
        except StopIteration:
            return
        except BadRecord as bad:
            yield number, bad
        except csv.Error as error:
            yield number, BadRecord(f"it is not CSV: {error}")


def _header(rows: Iterator[list[str]]) -> list[str]:
    try:
        columns = next(rows, list[str]())
    except (BadRecord, csv.Error) as error:
        raise ConfigurationError(f"the header: {error}") from error
    if USERNAME not in columns:
        raise ConfigurationError(f"the header has no column {USERNAME}")
    if len(set(columns)) < len(columns):
        raise ConfigurationError("the header names a column twice")
    for name in columns:
        if not name or name in NOT_SETTABLE or (name.startswith("cognito:") and name not in _OWN):
            raise ConfigurationError(f"the header's column {name!r} is not one that can be imported")
    return columns


def _from_row(columns: list[str], row: list[str]) -> UserRecord:
    if len(row) != len(columns):
        raise BadRecord(f"it has {len(row)} cells, but the header has {len(columns)}")
    cells = dict(zip(columns, row, strict=True))
    own = {name: cells.pop(name, "") for name in _OWN}
    enabled = _boolean(ENABLED, own[ENABLED])
    return UserRecord(
        username=own[USERNAME],
        attributes={name: _cell(name, value) for name, value in cells.items() if value},
        enabled=enabled is None or enabled,
        status=own[STATUS],
        groups=tuple(dict.fromkeys(own[GROUPS].split())),
        sms_mfa=bool(_boolean(MFA_ENABLED, own[MFA_ENABLED])),
        password=Secret(own[PASSWORD]) if own[PASSWORD] else None,
    )


def _cell(name: str, value: str) -> str:
    # Spreadsheets write TRUE and FALSE.
    return value.lower() if name.endswith("_verified") else value


def _boolean(name: str, value: str) -> bool | None:
    try:
        return _BOOLEANS[value.lower()]
    except KeyError:
        raise BadRecord(f"{name} is neither true nor false") from None


# Writing


class Writer(Protocol):
    """Writes records, one after the other."""

    def write(self, record: Record) -> None:
        """Write one record. Raises `BadRecord` for one that the format cannot hold."""
        ...


def writer(file: IO[str], format: Format, attributes: Sequence[str]) -> Writer:  # noqa: A002 - the command's word for it
    """A writer to ``file``, which must not translate line ends. A CSV file has a column for each of ``attributes``."""
    return _CsvWriter(file, attributes) if format is Format.CSV else _JsonWriter(file)


class _JsonWriter:
    def __init__(self, file: IO[str]) -> None:
        self._file: Final = file

    def write(self, record: Record) -> None:
        document = _group_document(record) if isinstance(record, GroupRecord) else _user_document(record)
        self._file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")


def _group_document(record: GroupRecord) -> dict[str, Any]:
    document = {"type": "group", "name": record.name, "description": record.description}
    others = {"precedence": record.precedence, "role_arn": record.role_arn}
    return {key: value for key, value in {**document, **others}.items() if value is not None}


def _user_document(record: UserRecord) -> dict[str, Any]:
    return {
        "type": "user",
        "username": record.username,
        "attributes": dict(record.attributes),
        "enabled": record.enabled,
        "status": record.status,
        "groups": list(record.groups),
        "mfa_enabled": record.sms_mfa,
    }


class _CsvWriter:
    def __init__(self, file: IO[str], attributes: Sequence[str]) -> None:
        self._attributes: Final = tuple(attributes)
        self._rows: Final = csv.writer(file, strict=True)  # lines end as RFC 4180 has it
        self._rows.writerow([*self._attributes, *EXPORTED])

    def write(self, record: Record) -> None:
        if isinstance(record, GroupRecord):
            return  # CSV has users only; a group comes back with its members, without a description
        if unknown := record.attributes.keys() - set(self._attributes):
            raise BadRecord(f"the pool's schema does not have the attribute {min(unknown)}")
        own = (record.sms_mfa, record.username, record.enabled, record.status, " ".join(record.groups))
        cells = (str(cell).lower() if isinstance(cell, bool) else cell for cell in own)
        self._rows.writerow([*(record.attributes.get(name, "") for name in self._attributes), *cells])
