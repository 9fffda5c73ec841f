"""Whatever strangers send, and however much of it: nothing that an application keeps in memory grows beyond its bound.

The containers are not listed here but found, from the application on: one that is added some day is measured as well.
"""

from __future__ import annotations

import gc
import json
import random
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any, Final, cast

import pytest

from cognito_auth.client import CognitoClient
from cognito_auth.errors import CognitoAuthError
from cognito_auth.stores import MemoryStore, RateLimits
from cognito_auth.tokens import TokenVerifier
from cognito_auth.web import ROUTES, Reply, Request, Route, ServerSessions, WebAuth

from ..scenarios.world import PASSWORD, World
from .guarded import OPTIONS
from .key_server import unknown_tokens

BOUND: Final = 20
"""Of everything that has one, so that the test need not send so much."""
FLOOD: Final = 3 * BOUND
MOST_KEPT: Final = 40 * BOUND
ROUTE: Final = {route.name: route for route in ROUTES}
_CONTAINERS: Final = (dict, set, list, deque)
_OTHERS: Final = (type, ModuleType, FunctionType)
"""What leads out of the application: code."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with closing(World()) as made:
        yield made


class Visitors:
    """Everybody who sends something to one application."""

    def __init__(self, world: World) -> None:
        settings = world.settings()
        self.store: Final = MemoryStore(max_sessions=BOUND)
        options = replace(
            OPTIONS,
            sessions=ServerSessions(store=self.store),
            early_end=self.store,
            limits=RateLimits(max_counters=BOUND),
            trusted_proxies=("10.0.0.1",),
        )
        self.web: Final = WebAuth(settings, options, verifier=TokenVerifier.for_settings(settings, remember=BOUND))
        stand = world.stand
        self.client: Final = CognitoClient(settings, transport=stand.transport, surroundings=stand.surroundings)
        self.names: Final = [world.name() for _ in range(2)]
        for name in self.names:
            world.create_user(settings, name)
        self.addresses = 0

    def request(self, *headers: tuple[str, str], body: object = None) -> Request:
        """From another address each time."""
        self.addresses += 1
        address = f"198.51.{self.addresses // 250}.{self.addresses % 250}"
        given = (("Host", "app.example.com"), ("X-Forwarded-For", address), *headers)
        if body is None:
            return Request(method="GET", scheme="https", headers=given, client="10.0.0.1")
        typed = (*given, ("Content-Type", "application/json"))
        return Request(method="POST", scheme="https", headers=typed, body=json.dumps(body).encode(), client="10.0.0.1")

    def post(self, route: Route, body: object, *headers: tuple[str, str]) -> Reply:
        return self.client.run(self.web.handle(route, self.request(*headers, body=body)))

    def come_by(self, *headers: tuple[str, str]) -> None:
        try:
            self.client.run(self.web.authenticate(self.request(*headers)))
        except CognitoAuthError:
            return

    def flood(self, beginning: str, tokens: list[str]) -> None:
        """Everything that a stranger can vary, and two people who sign in and out again and again, and then only in."""
        some = random.Random(beginning)
        for number, token in enumerate(tokens):
            name = f"{beginning}{number}"
            garbage = some.randbytes(40).hex()
            self.come_by(("Authorization", f"Bearer {token}"))
            self.come_by(("Authorization", f"Bearer {garbage}.{garbage}.{garbage}"))
            self.come_by(("Cookie", f"__Host-cognito_auth_id={garbage[:43]}"))
            self.come_by(("Cookie", f"__Host-cognito_auth.0=1.{garbage}; {garbage}={garbage}"))
            self.come_by((garbage, garbage), ("User-Agent", garbage), ("Accept-Language", garbage))
            self.post(ROUTE["login"], {"username": name, "password": PASSWORD})
            self.post(ROUTE["challenge"], {"state": garbage, "answer": {"code": "123456"}})
            self.post(ROUTE["refresh"], {"refresh_token": garbage})
            self.post(ROUTE["password_forgot"], {"username": name})
            self.post(ROUTE["signup"], {"username": name, "password": "x", "attributes": {}})
            self.sign_in(self.names[number % 2], stays=False)
        for number in range(len(tokens)):
            self.sign_in(self.names[number % 2], stays=True)

    def sign_in(self, name: str, *, stays: bool) -> None:
        reply = self.post(ROUTE["login"], {"username": name, "password": PASSWORD})
        for cookie in reply.cookies:
            header = ("Cookie", f"{cookie.name}={cookie.value}")
            self.come_by(header)
            if not stays:
                self.post(ROUTE["logout"], {}, header)


def containers(*roots: object) -> dict[int, Collection[Any]]:
    """Every container that can be reached without passing through code."""
    found: dict[int, Collection[Any]] = {}
    seen: set[int] = set()
    waiting: deque[Any] = deque(roots)
    while waiting:
        each = waiting.popleft()
        at = id(each)
        if at in seen or isinstance(each, _OTHERS):
            continue
        seen.add(at)
        if isinstance(each, _CONTAINERS):
            found[at] = cast("Collection[Any]", each)
        waiting.extend(gc.get_referents(each))
    return found


def test_nothing_grows_beyond_its_bound(world: World) -> None:
    visitors = Visitors(world)
    with visitors.client:
        visitors.flood("first", unknown_tokens(1)[:1])
        before = {at: len(each) for at, each in containers(visitors.web, visitors.client).items()}
        visitors.flood("second", unknown_tokens(FLOOD))
        pool = containers(world)  # it is on this machine for the test only
        after = {at: each for at, each in containers(visitors.web, visitors.client).items() if at not in pool}
    grown = [describe(each) for at, each in after.items() if len(each) > max(before.get(at, 0), 2 * BOUND)]
    assert grown == []
    kept = sum(len(each) - before.get(at, 0) for at, each in after.items())
    assert kept < MOST_KEPT, "there are more and more small ones"
    filled = [describe(each) for at, each in after.items() if len(each) >= max(before.get(at, 0) + 1, BOUND)]
    assert len(filled) >= 3, "nothing was filled: the flood missed them"


def describe(container: Collection[Any]) -> str:
    owners = [type(owner).__name__ for owner in gc.get_referrers(container) if not isinstance(owner, dict | list)]
    return f"a {type(container).__name__} of {', '.join(owners[:3])} with {len(container)} entries"
