"""What a number of active users costs: the tables of ``docs/capacity.md``, from what was measured and what is assumed.

``python -m benchmarks.estimate`` prints them. Put in your own numbers: each is a field of `Assumed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Constants of one virtual core of the machine that the benchmarks ran on; microseconds of a core, and bytes."""

    remembered: float = 10.0
    """A guard by a token that is remembered (benchmark ``guards``: decorator against no guard)."""
    first_seen: float = 55.0
    """A guard by a token that is not (``verify``: first seen)."""
    session: float = 160.0
    """A guard by a session in a cookie or in a store, without the store's own time (``guards``)."""
    sign_in: float = 3_600.0
    """SRP arithmetic, two calls of the API, the seal of the session (``srp``, ``calls``, ``cookies``)."""
    refresh: float = 500.0
    """A call of the API, and the seal (``calls``, ``cookies``)."""
    token_bytes: float = 4_000
    """Of a remembered token, in each worker (``memory``)."""
    redis_bytes: float = 4_650
    """Of a session in Redis (``memory``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What people do, on a day on which they are active."""

    requests: float = 100
    """To guarded routes."""
    sign_ins: float = 0.1
    """One in ten days: refresh tokens live for thirty."""
    refreshes: float = 1.0
    """For each hour, or whatever access tokens live for, in which somebody is active."""
    peak: float = 4
    """The busiest minute against the mean of the day."""
    devices: float = 1.5
    """Sessions of each user that live at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Cognito's defaults, requests a second, for each account and region."""

    user_authentication: float = 120
    user_token: float = 120


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what it is, and for each number of users a cell."""

    name: str
    cells: tuple[str, ...]


def at_peak(users: float, a_day: float, assumed: Assumed) -> float:
    """How often something happens in each second of the busiest minute."""
    return users * a_day / DAY * assumed.peak


def cores(a_second: float, microseconds: float) -> float:
    """Cores that so much work keeps busy."""
    return a_second * microseconds / 1e6


def rows(crowds: tuple[float, ...], measured: Measured, assumed: Assumed, quotas: Quotas) -> Iterator[Row]:
    """The whole table."""

    def row(name: str, cell: str, *values: float) -> Row:
        return Row(name, tuple(cell.format(value) for value in values))

    requests = [at_peak(users, assumed.requests, assumed) for users in crowds]
    sign_ins = [at_peak(users, assumed.sign_ins, assumed) for users in crowds]
    refreshes = [at_peak(users, assumed.refreshes, assumed) for users in crowds]
    calls = [2 * each for each in sign_ins]
    sessions = [users * assumed.devices for users in crowds]
    yield row("guarded requests a second", "{:,.0f}", *requests)
    yield row("sign-ins a second", "{:,.1f}", *sign_ins)
    yield row("refreshes a second", "{:,.0f}", *refreshes)
    yield row("cores for guards, bearers' tokens remembered", "{:,.2f}", *(cores(n, measured.remembered) for n in requests))
    yield row("cores for guards, bearers' tokens all new", "{:,.1f}", *(cores(n, measured.first_seen) for n in requests))
    yield row("cores for guards, sessions", "{:,.1f}", *(cores(n, measured.session) for n in requests))
    yield row("cores for sign-ins by SRP", "{:,.2f}", *(cores(n, measured.sign_in) for n in sign_ins))
    yield row("cores for refreshes", "{:,.2f}", *(cores(n, measured.refresh) for n in refreshes))
    yield row("memory to remember every token, GB in each worker", "{:,.1f}", *(n * measured.token_bytes / 1e9 for n in crowds))
    yield row("Redis, sessions on the server: GB", "{:,.1f}", *(n * measured.redis_bytes / 1e9 for n in sessions))
    redis = [n + 6 * again + 2 * begun for n, again, begun in zip(requests, refreshes, sign_ins, strict=True)]
    yield row("Redis, sessions on the server: commands a second", "{:,.0f}", *redis)
    yield row("Redis, for `early_end`: commands a second", "{:,.0f}", *(3 * n for n in requests))
    yield row("calls to Cognito for sign-ins, a second", "{:,.0f}", *calls)
    yield row("of the quota for UserAuthentication", "{:.0%}", *(n / quotas.user_authentication for n in calls))
    yield row("of the quota for UserToken (refreshes)", "{:,.0%}", *(n / quotas.user_token for n in refreshes))


def table() -> str:
    """The table as Markdown, for a million users and for a hundred."""
    crowds = (1e6, 1e8)
    lines = ["| at the peak of the day | 1 million active users | 100 million |", "| --- | ---: | ---: |"]
    lines += [f"| {row.name} | {' | '.join(row.cells)} |" for row in rows(crowds, Measured(), Assumed(), Quotas())]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
