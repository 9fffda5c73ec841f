"""How far bulk work is, told to whoever looks: a bar on a terminal, now and then a line elsewhere, nothing at all."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final, Protocol

from ..errors import MissingExtra


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A line for which not everything could be done."""

    line: int
    username: str = field(repr=False)
    """Empty where the line does not say. It may be an address, so it is not printed."""
    reason: str
    """Safe to print: it holds no password."""


class Progress(Protocol):
    """Is told what bulk work does."""

    def begin(self, what: str, total: int | None) -> None:
        """A stretch of work begins, with that many records, where their number is known."""
        ...

    def advance(self, count: int = 1) -> None:
        """Records are finished, well or badly."""
        ...

    def fail(self, failure: Failure) -> None:
        """A line failed. Is told before `advance` is."""
        ...


class Silent:
    """Shows nothing; the base of those that show something."""

    def begin(self, what: str, total: int | None) -> None:
        """Nothing is shown."""

    def advance(self, count: int = 1) -> None:
        """Nothing is shown."""

    def fail(self, failure: Failure) -> None:
        """Nothing is shown."""


class Text:
    """Prints a line every so many seconds, for terminals without a bar and for logs, and every failure."""

    def __init__(self, stream: IO[str], *, every: float = 5.0) -> None:
        self._stream: Final = stream
        self._every: Final = every
        self._what, self._total, self._done, self._next = "", "", 0, 0.0

    def begin(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done = what, "" if total is None else f" of {total}", 0
        self._next = time.monotonic() + self._every

    def advance(self, count: int = 1) -> None:
        self._done += count
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            print(f"{self._what}: {self._done}{self._total}", file=self._stream, flush=True)

    def fail(self, failure: Failure) -> None:
        print(described(failure), file=self._stream, flush=True)


def described(failure: Failure) -> str:
    """A failure in a line of text, without characters that a terminal would obey."""
    text = f"line {failure.line}: {failure.reason}"
    return "".join(character if character.isprintable() else "?" for character in text)


@contextmanager
def bar() -> Generator[Progress]:
    """A progress bar on the standard error stream, drawn by rich. Raises `MissingExtra` without it."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars
    except ImportError as error:
        raise MissingExtra("A progress bar", "bulk") from error

    class Bar:
        task: TaskID | None = None

        def begin(self, what: str, total: int | None) -> None:
            if self.task is not None:
                bars.remove_task(self.task)
            self.task = bars.add_task(what, total=total)

        def advance(self, count: int = 1) -> None:
            if self.task is not None:
                bars.advance(self.task, count)

        def fail(self, failure: Failure) -> None:
            bars.console.print(described(failure), markup=False, highlight=False)

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(file=sys.stderr)) as bars:
        yield Bar()
