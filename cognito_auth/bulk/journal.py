"""What an import has begun and what it has done, in a file that outlives the process.

The file is only ever appended to: a header that says which input, pool and endpoint it belongs to, and then one line for each
event. ``begun 128`` is on the disk before the first request for any line up to 128 is sent; ``done 17`` and ``failed 18`` are
with the operating system once the line is finished, and on the disk soon after. So whenever the process ends, by whatever
signal, a line is in one of three states:

=====================  ==========================================================
settled                nothing is sent for it again
begun, not settled     what is there is compared with the pool before anything is sent
not begun              nothing was ever sent for it
=====================  ==========================================================

A machine that loses its power may lose the last settled lines, never what was begun; those lines are compared once more. A
failed line is tried again by the next run. The journal holds line numbers, and nothing that the input says.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final, Self

from ..errors import ConfigurationError

_VERSION: Final = 1
_EVENT: Final = re.compile(rb"(begun|done|failed) ([1-9][0-9]{0,8})")
_LINE_BYTES: Final = 4096
"""Longer than any line of a journal."""


class Marks:
    """A set of line numbers that costs a bit for each line."""

    def __init__(self) -> None:
        self._bits: Final = bytearray()
        self._count = 0

    def add(self, number: int) -> None:
        """Put a number in."""
        place, bit = divmod(number, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(max(place + 1 - len(self._bits), 1024)))
        if not self._bits[place] >> bit & 1:
            self._bits[place] |= 1 << bit
            self._count += 1

    def __contains__(self, number: int) -> bool:
        place, bit = divmod(number, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)

    def __len__(self) -> int:
        return self._count


class Journal:
    """The journal of one import. Make one with `Journal.open`, and close it."""

    def __init__(self, file: IO[bytes], *, started: float) -> None:
        self._file: Final = file
        self._settled: Final = Marks()
        self.started: Final = started
        """When the import was started for the first time, in seconds since the epoch."""
        self.begun = 0
        """The last line for which anything may have been sent."""

    @classmethod
    def open(cls, path: Path, identity: Mapping[str, str], *, now: float) -> Self:
        """Open the journal, or begin one at ``now``; ``identity`` says what an import is told by.

        Raises `ConfigurationError` when the file at ``path`` is no journal, or that of another import.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            header = file.readline(_LINE_BYTES)
            if not header.endswith(b"\n"):  # new, or ended within its first write
                file.truncate(0)
                header = json.dumps({"journal": _VERSION, **identity, "started": now}).encode() + b"\n"
                file.write(header)
                _sync_folder(path.parent)
            journal = cls(file, started=_started(path, header, identity))
            journal._read(path)
        except BaseException:  # whatever it is, nobody else has the file to close it
            file.close()
            raise
        return journal

    def _read(self, path: Path) -> None:
        with path.open("rb") as events:
            end = len(events.readline(_LINE_BYTES))
            while (line := events.readline(_LINE_BYTES)).endswith(b"\n"):
                found = _EVENT.fullmatch(line[:-1])
                if not found:
                    raise ConfigurationError(f"{path} is damaged; its entries are not those of an import's journal")
                self._take(found[1], int(found[2]))
                end += len(line)
        self._file.truncate(end)  # what was cut within a write

    def _take(self, event: bytes, number: int) -> None:
        if event == b"begun":
            self.begun = max(self.begun, number)
        elif event == b"done":
            self._settled.add(number)

    def is_settled(self, number: int) -> bool:
        """Whether the line is done."""
        return number in self._settled

    @property
    def settled(self) -> int:
        """How many lines are done."""
        return len(self._settled)

    def begin(self, number: int) -> None:
        """Note, on the disk, that requests for the lines up to this one will be sent."""
        if number > self.begun:
            self._write("begun", number)
            self.begun = number
        self.sync()

    def done(self, number: int) -> None:
        """Note that the line is done."""
        self._write("done", number)
        self._settled.add(number)

    def failed(self, number: int) -> None:
        """Note that the line has failed, which the next run tries again."""
        self._write("failed", number)

    def sync(self) -> None:
        """Wait until the disk has what was noted."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the file."""
        self.sync()
        self._file.close()

    def _write(self, event: str, number: int) -> None:
        entry = f"{event} {number}\n".encode()
        if self._file.write(entry) != len(entry):
            raise OSError("the journal cannot be written to: the disk is full")


def _started(path: Path, header: bytes, identity: Mapping[str, str]) -> float:
    try:
        document: Any = json.loads(header)
        version, started = document["journal"], float(document["started"])
    except (ValueError, KeyError, TypeError):
        version, document, started = None, {}, 0.0
    if version != _VERSION:
        raise ConfigurationError(f"{path} is not the journal of an import")
    for name, value in identity.items():
        if document.get(name) != value:
            raise ConfigurationError(f"{path} is the journal of another import: its {name} is not the same")
    return started


def _sync_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # where folders cannot be opened, as on Windows, they need no syncing
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
