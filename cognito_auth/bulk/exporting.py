"""Exporting: a pool's groups, users and memberships into a file, read from its listings.

Memberships are listed group by group, which takes a request for sixty of them instead of one for each user, and wait in a
temporary database on the disk until their users come by. The file appears under its name only when it is whole, and only its
owner may read it: it holds what people told about themselves. No password is in it, for Cognito gives none away.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import aclosing, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, TypeVar

import anyio

from ..api.groups import Group, ListGroups, ListUsersInGroup
from ..api.listing import Listing
from ..api.pools import DescribeUserPool, UserPool
from ..api.types import User
from ..api.users import ListUsers
from ..client import AsyncCognitoClient, AwsCredentials
from ..config import Settings
from ..effects import perform
from ..errors import ConfigurationError, ProtocolError
from ..pagination import Pager
from .formats import Format, Writer, writer
from .pace import DEFAULT_RATES, Category, Pace, paced
from .progress import Progress, Silent
from .records import FEDERATED, NOT_SETTABLE, BadRecord, GroupRecord, UserRecord

T = TypeVar("T")

_PAGE: Final = 60
"""Cognito's most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How an export is done."""

    format: Format | None = None
    """By default what the file's name tells."""
    rates: Mapping[Category, float] = field(default_factory=lambda: DEFAULT_RATES)
    """Requests in a second for each category; one that is left out is not limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote."""

    users: int
    groups: int
    federated: int
    """Users who sign in through another provider: they are not written, for they cannot be imported."""


async def export_users(
    client: AsyncCognitoClient, target: Path, options: ExportOptions | None = None, progress: Progress | None = None
) -> Exported:
    """Write the pool of the client's settings into the file ``target``, which is replaced when all is written.

    Raises what the operations raise, and `OSError` for a file that cannot be written.
    """
    options = options or ExportOptions()
    run = _Export(client, Pace(options.rates), progress or Silent())
    with _replacing(target) as file:
        pool = await run.pool()
        form = writer(file, options.format or Format.of(target), _attributes(pool))
        return await run.write(form, pool.username_attributes or ())


def run_export(
    settings: Settings,
    target: Path,
    options: ExportOptions | None = None,
    progress: Progress | None = None,
    *,
    credentials: AwsCredentials | None = None,
) -> Exported:
    """`export_users` for synchronous code, with a client of its own."""

    async def main() -> Exported:
        async with AsyncCognitoClient(settings, credentials=credentials) as client:
            return await export_users(client, target, options, progress)

    return anyio.run(main)


@contextmanager
def _replacing(target: Path) -> Generator[IO[str]]:
    """A file that takes the place of ``target`` at the end of the block, or vanishes when that ends with an error."""
    unfinished = target.with_name(f"{target.name}.part")
    with suppress(FileNotFoundError):
        unfinished.unlink()
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
    except BaseException:  # also when the export is interrupted or cancelled
        unfinished.unlink()
        raise


def _attributes(pool: UserPool) -> Sequence[str]:
    return [each.name for each in pool.schema_attributes or () if each.name and each.name not in NOT_SETTABLE]


class _Memberships:
    """Who is in which group, on the disk."""

    def __init__(self) -> None:
        self._database: Final = sqlite3.connect("")  # a temporary file, which goes when it is closed
        self._database.execute("CREATE TABLE member (user TEXT, grp TEXT, PRIMARY KEY (user, grp)) WITHOUT ROWID")

    def add(self, group: str, users: Sequence[User]) -> None:
        rows = [(user.username, group) for user in users]
        self._database.executemany("INSERT OR IGNORE INTO member VALUES (?, ?)", rows)

    def of(self, user: str) -> tuple[str, ...]:
        rows = self._database.execute("SELECT grp FROM member WHERE user = ? ORDER BY grp", (user,))
        return tuple(name for (name,) in rows)

    def close(self) -> None:
        self._database.close()


class _Export:
    """One export."""

    def __init__(self, client: AsyncCognitoClient, pace: Pace, progress: Progress) -> None:
        self._client: Final = client
        self._pace: Final = pace
        self._progress: Final = progress

    async def pool(self) -> UserPool:
        """The pool's settings."""
        described = perform(DescribeUserPool(user_pool_id=self._client.settings.user_pool_id))
        reply = await self._client.run(paced(described, self._pace))
        if reply.user_pool is None:
            raise ProtocolError("DescribeUserPool: the reply has no user pool")
        return reply.user_pool

    async def write(self, form: Writer, names: Sequence[str]) -> Exported:
        """Write groups and users; ``names`` are the attributes that users are called by where the pool gives the names."""
        groups = users = federated = 0
        with closing(_Memberships()) as memberships:
            self._progress.begin("groups", None)
            async with aclosing(self._pages(ListGroups(limit=_PAGE))) as pages:
                async for group in _flat(pages):
                    form.write(_group(group))
                    await self._list_members(group.group_name or "", memberships)
                    self._progress.advance()
                    groups += 1
            self._progress.begin("users", None)
            async with aclosing(self._pages(ListUsers(limit=_PAGE))) as pages:
                async for user in _flat(pages):
                    if user.user_status == FEDERATED:
                        federated += 1
                        continue
                    _write(form, _user(user, memberships, names))
                    self._progress.advance()
                    users += 1
        return Exported(users=users, groups=groups, federated=federated)

    async def _list_members(self, group: str, memberships: _Memberships) -> None:
        async with aclosing(self._pages(ListUsersInGroup(group_name=group, limit=_PAGE))) as pages:
            async for page in pages:
                memberships.add(group, page)

    async def _pages(self, listing: Listing[object, T]) -> AsyncGenerator[tuple[T, ...], None]:
        pager = Pager(listing)
        while pager.more:
            yield await self._client.run(paced(pager.items(), self._pace))


async def _flat(pages: AsyncGenerator[tuple[T, ...], None]) -> AsyncGenerator[T, None]:
    async for page in pages:
        for item in page:
            yield item


def _write(form: Writer, record: UserRecord) -> None:
    try:
        form.write(record)
    except BadRecord as error:
        raise ConfigurationError(f"the format cannot hold a user: {error}") from error


def _group(group: Group) -> GroupRecord:
    return GroupRecord(
        name=group.group_name or "", description=group.description, precedence=group.precedence, role_arn=group.role_arn
    )


def _user(user: User, memberships: _Memberships, names: Sequence[str]) -> UserRecord:
    values = {each.name: each.value for each in user.attributes or () if each.value and each.name not in NOT_SETTABLE}
    username = user.username or ""
    called = next((values[name] for name in names if name in values), username)
    return UserRecord(
        username=called,
        attributes=values,
        enabled=user.enabled is not False,
        status=user.user_status or "",
        groups=memberships.of(username),
        sms_mfa=any(option.delivery_medium == "SMS" for option in user.mfa_options or ()),
    )
