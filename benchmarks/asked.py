"""What one request of a session on the server asks of others: commands of Redis, and calls of Cognito."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cognito_auth.client import CognitoClient
from cognito_auth.stores import RedisStore
from cognito_auth.web import Request
from tests.support.redis_server import redis_server

from .crowd import LONG_AGO, NAME, PASSWORD, Crowd, asking
from .peers import peer
from .reports import Grid, Report, main

MINUTES: Final = 120.0
"""Seconds after which it is noted again that a session is used; its tokens are still good."""
REPEATS: Final = 300
"""Of each step, for the time that Redis takes for it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one step asked for."""

    commands: int
    """That were sent to Redis, one after another."""
    busy: float
    """Microseconds that Redis's main thread took for them, its sockets included."""
    calls: Mapping[str, int]
    """To Cognito, by operation."""


@dataclass(frozen=True, slots=True)
class Place:
    """A crowd whose sessions are in a Redis of its own, and somebody who watches that."""

    crowd: Crowd
    client: CognitoClient
    watcher: Any

    def asked_by(self, step: Callable[[], object], repeats: int) -> Asked:
        """Take a step so many times for the time, and once more to see what it sends."""
        before = self._seconds()
        for _ in range(repeats):
            step()
        busy = (self._seconds() - before) / repeats
        asked = self.crowd.cognito.asked.copy()
        with self.watcher.monitor() as monitor:
            heard = iter(monitor.listen())
            self._until_ping(heard)  # the watcher's own connection
            step()
            commands = self._until_ping(heard)
        return Asked(commands, busy * 1e6, self.crowd.cognito.asked - asked)

    def _until_ping(self, heard: Iterator[Any]) -> int:
        """How many commands were sent until now; those inside scripts do not count."""
        self.watcher.ping()
        return sum(each["client_type"] != "lua" for each in takewhile(lambda each: each["command"] != "PING", heard))

    def _seconds(self) -> float:
        used = self.watcher.info("cpu")
        return float(used["used_cpu_user_main_thread"] + used["used_cpu_sys_main_thread"])


@contextmanager
def place(*, early_end: bool = False) -> Generator[Place]:
    """A place for as long as the block lasts; with ``early_end``, it is noted in the same Redis whose access ended."""
    with TemporaryDirectory() as folder, redis_server(Path(folder)) as server, ExitStack() as stack:
        store = stack.enter_context(closing(RedisStore(server.url)))
        crowd = Crowd(store, early_end=store if early_end else None)
        stack.enter_context(closing(crowd.cognito))
        client = stack.enter_context(crowd.client())
        yield Place(crowd, client, stack.enter_context(closing(peer("redis", "redis").Redis.from_url(server.url))))


def steps(place: Place, count: int) -> dict[str, tuple[Callable[[], object], int]]:
    """What somebody can do, and how often that can be done with ``count`` sessions of each kind."""
    crowd, client = place.crowd, place.client

    def began(ago: float) -> Callable[[], Request]:
        return iter(crowd.browsers(client, count + 1, ago=ago)).__next__

    def guard(request: Request) -> object:
        return client.run(crowd.web.authenticate(request))

    fresh, idle, old, leaving = began(0), began(MINUTES), began(LONG_AGO), began(0)
    one = fresh()
    guard(one)  # has the keys fetched
    return {
        "guarded request": (lambda: guard(one), count),
        "the first in a minute": (lambda: guard(idle()), count),
        "the first with an expired token": (lambda: guard(old()), count),
        "sign-in by SRP": (lambda: crowd.ask(client, "login", asking(username=NAME, password=PASSWORD)), max(1, count // 10)),
        "sign-out": (lambda: crowd.ask(client, "logout", leaving()), count),
    }


def measure(repeats: int, *, early_end: bool = False) -> dict[str, Asked]:
    """What each step asks for."""
    with place(early_end=early_end) as there:
        return {name: there.asked_by(step, times) for name, (step, times) in steps(there, repeats).items()}


def told(asked: Asked) -> tuple[str, str, str]:
    """The cells of a row."""
    calls = ", ".join(f"{count} {name}" for name, count in sorted(asked.calls.items()))
    return str(asked.commands), f"{asked.busy:.0f}", calls or "none"


def run(effort: float) -> Report:
    """A grid of all steps, without and with access that can end early."""
    repeats = max(20, int(REPEATS * effort))
    plain, ending = measure(repeats), measure(repeats, early_end=True)
    rows = [(name, *told(asked)) for name, asked in plain.items()]
    rows += [(f"{name}, with `early_end`", *told(asked)) for name, asked in ending.items()]
    note = """Commands are sent one after another. Redis's microseconds are those of its main thread, sockets included, for one
connection that waits for each answer: many at once cost it less. The session is found first in whatever is done with it."""
    columns = ("commands to Redis", "us of Redis", "calls to Cognito")
    return Report(
        name="asked", grids=(Grid(title="What a session in Redis asks", columns=columns, rows=tuple(rows), notes=(note,)),)
    )


if __name__ == "__main__":
    main(run, __doc__)
