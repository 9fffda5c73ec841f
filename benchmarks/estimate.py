"""What a number of active users costs: the tables of ``docs/capacity.md``, from what was measured and what is assumed.

``python -m benchmarks.estimate`` prints them, and with ``--write`` puts them into the page. Put in your own numbers: each is a
field of `Measured`, `Assumed` or `Quotas`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path("docs") / "capacity.md"
CROWDS: Final = {"1 million": 1e6, "100 million": 1e8}
LIFETIMES: Final = {"5 minutes": 5.0, "an hour": 60.0, "a day": 1440.0}
"""Of access tokens, in minutes, from the shortest that Cognito allows to the longest."""
_DAY: Final = 86_400
_HOURS: Final = 24 * 60
"""Minutes of a day."""
_BLOCK: Final = re.compile(r"(<!-- made by: python -m benchmarks\.estimate, (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def number(value: float, what: str, source: str = "") -> Any:
    """A field of a table: its value, what it is, and the benchmark that found it."""
    return field(default=value, metadata={"what": what, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Constants of one virtual core of the machine that the benchmarks ran on."""

    remembered: float = number(14, "us of a guard, by a bearer's token that is remembered", "guards")
    first_seen: float = number(70, "us of a guard, by a token that is not", "guards, verify")
    session: float = number(170, "us of a guard, by a session, without its store's own time", "guards")
    sign_in: float = number(4_400, "us of a sign-in by SRP: the arithmetic, two calls, a session sealed", "srp, calls, cookies")
    refresh: float = number(800, "us of a refresh: a call, a session opened and sealed", "calls, cookies")
    token_bytes: float = number(4_000, "bytes of a remembered token, in each worker", "memory")
    cookie_bytes: float = number(3_272, "bytes of a session in a cookie, sent with each request", "memory")
    redis_bytes: float = number(4_660, "bytes of a session in Redis", "memory, growth")
    redis_command: float = number(65, "us of Redis for a command", "asked")
    find: int = number(1, "commands for a guarded request with a session in Redis", "asked")
    touch: int = number(2, "more for the first in a minute", "asked")
    renew: int = number(6, "more for one that refreshes", "asked")
    begin: int = number(2, "commands for a sign-in", "asked")
    end: int = number(4, "commands for a sign-out", "asked")
    standing: int = number(3, "more for each guarded request with `early_end`", "asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What a user does on a day on which he or she is active."""

    requests: float = number(100, "guarded requests")
    visits: float = number(3, "visits")
    visit: float = number(20, "minutes of a visit")
    sign_ins: float = number(0.1, "sign-ins by SRP: one in ten days, as refresh tokens live for thirty")
    answers: float = number(1, "answers to challenges in a sign-in; two with a second factor")
    sign_outs: float = number(0.05, "sign-outs: every other sign-in")
    lifetime: float = number(60, "minutes that an access token lives")
    devices: float = number(1.5, "sessions that live at the same time")
    peak: float = number(4, "times the mean of the day, in its busiest minute")

    @property
    def refreshes(self) -> float:
        """Times that an expired token is found: at each visit, and in it as often as a token expires, but not more often than
        tokens expire at all."""
        return min(self.visits * ceil(self.visit / self.lifetime), _HOURS / self.lifetime)

    @property
    def minutes(self) -> float:
        """In which something is asked for."""
        return min(self.requests, self.visits * self.visit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Cognito's defaults, calls a second, for an account in a region."""

    user_authentication: float = number(
        120, "`UserAuthentication`: beginning to sign in, and answers beyond their own allowance"
    )
    answers: float = number(360, "answers to challenges that have an allowance of their own")
    user_token: float = number(120, "`UserToken`: refreshing and revoking")


@dataclass(frozen=True, slots=True)
class Load:
    """What so many active users come to in each second of the busiest minute."""

    users: float
    measured: Measured = Measured()
    assumed: Assumed = Assumed()
    quotas: Quotas = Quotas()

    def at_peak(self, a_day: float) -> float:
        """How often something happens."""
        return self.users * a_day / _DAY * self.assumed.peak

    def cores(self, a_day: float, microseconds: float) -> float:
        """Cores that it keeps busy."""
        return self.at_peak(a_day) * microseconds / 1e6

    @property
    def there(self) -> float:
        """Users who are there at once."""
        return self.users * self.assumed.visits * self.assumed.visit / _HOURS * self.assumed.peak

    @property
    def commands(self) -> float:
        """To Redis, for sessions."""
        did, each = self.assumed, self.measured
        used = did.requests * each.find + did.minutes * each.touch + did.refreshes * each.renew
        return self.at_peak(used + did.sign_ins * each.begin + did.sign_outs * each.end)

    @property
    def authentication(self) -> float:
        """The share of its quota that signing in takes."""
        begun = self.at_peak(self.assumed.sign_ins)
        beyond = max(0.0, begun * self.assumed.answers - self.quotas.answers)
        return (begun + beyond) / self.quotas.user_authentication

    @property
    def tokens(self) -> float:
        """The share of its quota that refreshing and revoking take."""
        return self.at_peak(self.assumed.refreshes + self.assumed.sign_outs) / self.quotas.user_token


ROWS: Final[tuple[tuple[str, str, Callable[[Load], float]], ...]] = (
    ("users who are there at once", "{:,.0f}", lambda load: load.there),
    ("guarded requests a second", "{:,.0f}", lambda load: load.at_peak(load.assumed.requests)),
    ("sign-ins a second", "{:,.1f}", lambda load: load.at_peak(load.assumed.sign_ins)),
    ("refreshes a second", "{:,.0f}", lambda load: load.at_peak(load.assumed.refreshes)),
    ("cores for guards: bearers, tokens remembered", "{:,.2f}", lambda load: _guards(load, load.measured.remembered)),
    ("cores for guards: bearers, none remembered", "{:,.2f}", lambda load: _guards(load, load.measured.first_seen)),
    ("cores for guards: sessions", "{:,.2f}", lambda load: _guards(load, load.measured.session)),
    ("cores for sign-ins", "{:,.2f}", lambda load: load.cores(load.assumed.sign_ins, load.measured.sign_in)),
    ("cores for refreshes", "{:,.2f}", lambda load: load.cores(load.assumed.refreshes, load.measured.refresh)),
    ("GB of each worker to remember all who are there", "{:,.2f}", lambda load: load.there * load.measured.token_bytes / 1e9),
    ("sessions in cookies: MB a second in requests", "{:,.0f}", lambda load: _guards(load, load.measured.cookie_bytes)),
    ("sessions in Redis: GB", "{:,.1f}", lambda load: load.users * load.assumed.devices * load.measured.redis_bytes / 1e9),
    ("sessions in Redis: commands a second", "{:,.0f}", lambda load: load.commands),
    ("sessions in Redis: cores of Redis", "{:,.2f}", lambda load: load.commands * load.measured.redis_command / 1e6),
    (
        "`early_end`: commands a second more",
        "{:,.0f}",
        lambda load: load.at_peak(load.assumed.requests) * load.measured.standing,
    ),
    (
        "`early_end`: cores of Redis more",
        "{:,.2f}",
        lambda load: _guards(load, load.measured.standing * load.measured.redis_command),
    ),
    ("of the quota `UserAuthentication`", "{:,.0%}", lambda load: load.authentication),
    ("of the quota `UserToken`", "{:,.0%}", lambda load: load.tokens),
)
"""What it is, how it is written, and how it is computed."""


def _guards(load: Load, each: float) -> float:
    """Millions a second of what each guarded request takes."""
    return load.cores(load.assumed.requests, each)


def estimate() -> Iterator[tuple[str, ...]]:
    """What each crowd comes to."""
    yield ("at the peak of the day", *(f"{name} active users" for name in CROWDS))
    for name, form, value in ROWS:
        yield (name, *(form.format(value(Load(users))) for users in CROWDS.values()))


def lifetimes() -> Iterator[tuple[str, ...]]:
    """What the life of access tokens does to the quota for refreshing."""
    yield ("an access token lives", "refreshes of a user a day", *(f"of `UserToken`, {name}" for name in CROWDS))
    for name, minutes in LIFETIMES.items():
        assumed = replace(Assumed(), lifetime=minutes)
        yield (name, f"{assumed.refreshes:g}", *(f"{Load(users, assumed=assumed).tokens:,.0%}" for users in CROWDS.values()))


def assumptions() -> Iterator[tuple[str, ...]]:
    """What is assumed."""
    yield ("each active user, a day", "", "field of `Assumed`")
    yield from ((each.metadata["what"], f"{each.default:g}", f"`{each.name}`") for each in fields(Assumed))


def quotas() -> Iterator[tuple[str, ...]]:
    """What Cognito allows."""
    yield ("calls a second, by default", "", "field of `Quotas`")
    yield from ((each.metadata["what"], f"{each.default:g}", f"`{each.name}`") for each in fields(Quotas))


def constants() -> Iterator[tuple[str, ...]]:
    """What was measured."""
    yield ("constant", "", "benchmark", "field of `Measured`")
    for each in fields(Measured):
        yield (
            each.metadata["what"],
            f"{each.default:,g}",
            f"`{each.metadata['source']}`".replace(", ", "`, `"),
            f"`{each.name}`",
        )


TABLES: Final[Mapping[str, Callable[[], Iterator[tuple[str, ...]]]]] = {
    "assumptions": assumptions,
    "constants": constants,
    "quotas": quotas,
    "estimate": estimate,
    "lifetimes": lifetimes,
}
"""Those of the page, by the names that it has for them."""


def table(name: str) -> str:
    """One of them as Markdown."""
    head, *rows = ("| " + " | ".join(cells) + " |" for cells in TABLES[name]())
    columns = head.count("|") - 2
    return "\n".join((head, "| --- |" + " ---: |" * columns, *rows))


def renewed(page: str) -> str:
    """The page with all tables as they come out now."""
    return _BLOCK.sub(lambda found: f"{found[1]}{table(found[2])}\n{found[3]}", page)


def main() -> None:
    """Print the tables, or put them into the page."""
    parser = argparse.ArgumentParser(description="What a number of active users costs.")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE}")
    if parser.parse_args().write:
        PAGE.write_text(renewed(PAGE.read_text()))
        return
    for name in TABLES:
        print(f"\n{table(name)}")


if __name__ == "__main__":
    main()
