"""Importing: a file is surveyed, its groups are created, then its users, several at a time, and each finished line is noted.

What is sent for one record is in `steps`, how fast in `pace`, what survives the process in `journal`. A line that fails stops
nothing else; the import as a whole ends early only when nothing at all succeeds any more. The file is read twice, line by line;
what stays in memory is its groups and a bit for each line.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias, cast

import anyio
import anyio.lowlevel
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from ..client import AsyncCognitoClient, AwsCredentials
from ..config import Settings
from ..effects import Flow, Now, perform
from ..errors import (
    CognitoAuthError,
    ConfigurationError,
    InternalError,
    MissingExtra,
    NotPermitted,
    TooManyRequests,
    TransportError,
)
from .formats import Entry, Format, read
from .journal import Journal
from .pace import DEFAULT_RATES, Category, Pace, paced
from .progress import Failure, Progress, Silent
from .records import BadRecord, GroupRecord, Record, UserRecord
from .steps import Existing, Outcome, bring_group, bring_user

Line: TypeAlias = tuple[int, UserRecord]

_CHUNK: Final = 64
"""Lines that are noted as begun together."""
_HOPELESS: Final = 25
"""Failures in a row that no line is to blame for, after which the import ends."""
_NO_LINE_IS_TO_BLAME: Final = (TransportError, InternalError, TooManyRequests, NotPermitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How an import is done."""

    format: Format | None = None
    """By default what the file's name tells."""
    existing: Existing = Existing.LEAVE
    """What becomes of users and groups that are there already."""
    invite: bool = False
    """Whether Cognito sends each new user, unless confirmed, the invitation with the temporary password."""
    concurrency: int = 16
    """Records that are worked on at the same time."""
    rates: Mapping[Category, float] = field(default_factory=lambda: DEFAULT_RATES)
    """Requests in a second for each category; one that is left out is not limited."""
    journal: Path | None = None
    """By default the file's name with ``.journal`` behind it."""

    def __post_init__(self) -> None:
        if not 1 <= self.concurrency <= 1000:
            raise ConfigurationError(f"concurrency is {self.concurrency}, but must be from 1 to 1000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did."""

    created: int = 0
    """Users."""
    updated: int = 0
    """Users that were there before."""
    left_alone: int = 0
    """Users that were there before, and of which nothing was changed."""
    done_before: int = 0
    """Lines that an earlier run had finished."""
    failed: int = 0
    """Lines of which `Progress.fail` was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survey:
    """What is known of a file once it has been read for the first time."""

    digest: str
    users: int
    groups: Mapping[str, tuple[int, GroupRecord]]
    """By name: the line, and the definition or, where there is none, the bare name."""


async def import_users(
    client: AsyncCognitoClient, source: Path, options: ImportOptions | None = None, progress: Progress | None = None
) -> Report:
    """Import the file ``source`` into the pool of the client's settings.

    Started again after an interruption, it goes on where it was; started again after it was finished, it does nothing but try
    the failed lines. Raises `OSError` for files that cannot be read or written, `ConfigurationError` for a file that is none of
    its format or a journal of another import, and the service's error when nothing succeeds any more.
    """
    options = options or ImportOptions()
    kind = options.format or Format.of(source)
    survey = await anyio.to_thread.run_sync(_survey, source, kind)
    identity = {"input": survey.digest, "pool": client.settings.user_pool_id, "endpoint": client.settings.endpoint}
    path = options.journal or source.with_name(f"{source.name}.journal")
    now = await client.run(perform(Now()))
    with closing(Journal.open(path, identity, now=now)) as journal:
        run = _Import(client, options, journal, progress or Silent())
        await run.groups(survey.groups)
        await run.users(source, kind, survey.users)
        return run.report()


def run_import(
    settings: Settings,
    source: Path,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    *,
    credentials: AwsCredentials | None = None,
) -> Report:
    """`import_users` for synchronous code, with a client of its own."""

    async def main() -> Report:
        async with AsyncCognitoClient(settings, credentials=credentials) as client:
            return await import_users(client, source, options, progress)

    return anyio.run(main)


def _survey(source: Path, kind: Format) -> _Survey:
    users, groups = 0, dict[str, tuple[int, GroupRecord]]()
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        for number, record in read(file, kind):
            if isinstance(record, GroupRecord):
                groups[record.name] = (number, record)
            else:
                users += 1
                for name in record.groups if isinstance(record, UserRecord) else ():
                    groups.setdefault(name, (number, GroupRecord(name=name)))
    return _Survey(digest=digest, users=users, groups=groups)


class _Import:
    """One run of an import."""

    def __init__(self, client: AsyncCognitoClient, options: ImportOptions, journal: Journal, progress: Progress) -> None:
        self._client: Final = client
        self._options: Final = options
        self._journal: Final = journal
        self._progress: Final = progress
        self._pace: Final = Pace(options.rates)
        self._outcomes: Final = Counter[Outcome]()
        self._done_before = 0
        self._failed = 0
        self._hopeless = 0
        self._begun_before: Final = journal.begun
        """Lines up to this one may have been begun by an earlier run."""

    def report(self) -> Report:
        """What was done."""
        return Report(
            created=self._outcomes[Outcome.CREATED],
            updated=self._outcomes[Outcome.UPDATED],
            left_alone=self._outcomes[Outcome.LEFT],
            done_before=self._done_before,
            failed=self._failed,
        )

    async def groups(self, groups: Mapping[str, tuple[int, GroupRecord]]) -> None:
        """Create the groups that are not there."""
        self._progress.begin("groups", len(groups))
        for line, record in groups.values():
            await self._attempt(line, record.name, bring_group(record, self._options.existing))

    async def users(self, source: Path, kind: Format, total: int) -> None:
        """Create the users, ``concurrency`` of them at a time."""
        self._progress.begin("users", total)
        give, take = anyio.create_memory_object_stream[Line](0)
        try:
            with source.open("rb") as file, give, take:
                async with anyio.create_task_group() as workers:
                    for _ in range(self._options.concurrency):
                        workers.start_soon(self._work, take.clone())
                    await self._hand_out(read(file, kind), give)
                    give.close()
        except ExceptionGroup as errors:
            raise _first(errors) from errors

    async def _hand_out(self, entries: Iterator[Entry], give: MemoryObjectSendStream[Line]) -> None:
        while chunk := tuple(islice(entries, _CHUNK)):
            lines = [line for number, record in chunk if (line := self._due(number, record)) is not None]
            if lines:
                await anyio.to_thread.run_sync(self._journal.begin, lines[-1][0])
            for line in lines:
                await give.send(line)
            await anyio.lowlevel.checkpoint()  # a long stretch that is done already must not keep a signal waiting

    def _due(self, number: int, record: Record | BadRecord) -> Line | None:
        """The line, if it is a user's for whom something is left to do."""
        if isinstance(record, GroupRecord):
            return None
        if isinstance(record, BadRecord):
            self._fail(number, "", str(record))
        elif self._journal.is_settled(number):
            self._done_before += 1
        else:
            return number, record
        self._progress.advance()
        return None

    async def _work(self, take: MemoryObjectReceiveStream[Line]) -> None:
        with take:
            async for line, record in take:
                since = self._journal.started if line <= self._begun_before else None
                flow = bring_user(record, self._options.existing, invite=self._options.invite, since=since)
                outcome = await self._attempt(line, record.username, flow)
                if outcome is None:
                    self._journal.failed(line)
                else:
                    self._journal.done(line)
                    self._outcomes[outcome] += 1

    async def _attempt(self, line: int, name: str, flow: Flow[Outcome]) -> Outcome | None:
        """Carry a flow out; an error is told and gives ``None``. Raises the error when nothing succeeds any more."""
        try:
            outcome = await self._client.run(paced(flow, self._pace))
        except (ConfigurationError, MissingExtra):  # no other line would fare better
            raise
        except CognitoAuthError as error:
            self._fail(line, name, str(error))
            self._hopeless = self._hopeless + 1 if isinstance(error, _NO_LINE_IS_TO_BLAME) else 0
            if self._hopeless == _HOPELESS:
                raise
            outcome = None
        else:
            self._hopeless = 0
        self._progress.advance()
        return outcome

    def _fail(self, line: int, name: str, reason: str) -> None:
        self._failed += 1
        self._progress.fail(Failure(line=line, username=name, reason=reason))


def _first(error: Exception) -> Exception:
    """The first of the errors that tasks ended with."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    return error
