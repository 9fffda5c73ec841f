"""A browser that leaves: a refresh that was begun is completed and stored, and a sign-in leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final

import anyio
import anyio.lowlevel
import httpx
import pytest

from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.flows import sign_in
from cognito_auth.local.http.transport import LocalTransport
from cognito_auth.secret import Secret
from cognito_auth.sessions.stored import AcquireLock, ListSessionsOf, LoadSession
from cognito_auth.states import SignedIn
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ROUTES, Request, ServerSessions, WebAuth, WebOptions
from cognito_auth.web.stored_sessions import hashed

from ..scenarios.world import HOUR, PASSWORD, World

SECRET: Final = Secret("a-secret-that-only-these-tests-seal-with")
LOGIN: Final = next(route for route in ROUTES if route.name == "login")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with closing(World()) as made:
        yield made


class Slow(httpx.AsyncBaseTransport):
    """Cognito, which takes its time over everything."""

    def __init__(self, transport: LocalTransport, arrived: anyio.Event, go_on: anyio.Event) -> None:
        self._transport: Final = transport
        self._arrived: Final = arrived
        self._go_on: Final = go_on

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._arrived.set()
        await self._go_on.wait()
        return await self._transport.handle_async_request(request)


def from_browser(cookie: str = "", body: bytes = b"") -> Request:
    headers = [("Host", "app.example.com"), ("Content-Type", "application/json"), ("Cookie", cookie)]
    return Request(method="POST" if body else "GET", scheme="https", headers=tuple(headers), body=body)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_sign_in_that_nobody_waits_for_leaves_nothing(world: World, backend: str) -> None:
    store = MemoryStore()
    settings = world.settings()
    web = WebAuth(settings, WebOptions(secrets=(SECRET,), sessions=ServerSessions(store=store)))
    username = world.name()
    world.create_user(settings, username)
    transport, surroundings = world.stand.transport, world.stand.surroundings
    assert isinstance(transport, LocalTransport)
    request = from_browser(body=f'{{"username": "{username}", "password": "{PASSWORD}"}}'.encode())

    async def leave() -> None:
        arrived, go_on = anyio.Event(), anyio.Event()
        slow = AsyncCognitoClient(settings, transport=Slow(transport, arrived, go_on), surroundings=surroundings)
        async with slow, anyio.create_task_group() as tasks:
            tasks.start_soon(slow.run, web.handle(LOGIN, request))
            await arrived.wait()
            tasks.cancel_scope.cancel()  # the browser has left

    anyio.run(leave, backend=backend)
    with CognitoClient(settings, transport=transport, surroundings=surroundings) as client:
        state = client.run(sign_in(username, PASSWORD))
        assert isinstance(state, SignedIn)
        owner = client.run(web.verifier.access_token(state.tokens.access_token)).sub
        assert store.carry_out(ListSessionsOf(owner, world.stand.now())) == ()
        assert client.run(web.handle(LOGIN, request)).status == 200
        assert len(store.carry_out(ListSessionsOf(owner, world.stand.now()))) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_refresh_is_completed_and_stored(world: World, backend: str) -> None:
    store = MemoryStore()
    settings = world.settings(rotating=True)
    web = WebAuth(settings, WebOptions(secrets=(SECRET,), sessions=ServerSessions(store=store)))
    username = world.name()
    world.create_user(settings, username)
    surroundings = world.stand.surroundings
    transport = world.stand.transport
    assert isinstance(transport, LocalTransport)
    with CognitoClient(settings, transport=transport, surroundings=surroundings) as client:
        body = f'{{"username": "{username}", "password": "{PASSWORD}"}}'.encode()
        (cookie,) = client.run(web.handle(LOGIN, from_browser(body=body))).cookies
        request = from_browser(f"{cookie.name}={cookie.value}")
        stored_id = hashed(cookie.value)
        client.run(web.authenticate(request))  # the keys are known from here on
        before = store.carry_out(LoadSession(stored_id, world.stand.now()))
        world.move(1.1 * HOUR)

        async def leave() -> None:
            arrived, go_on = anyio.Event(), anyio.Event()
            slow = AsyncCognitoClient(settings, transport=Slow(transport, arrived, go_on), surroundings=surroundings)
            async with anyio.create_task_group() as tasks, slow:

                async def ask() -> None:
                    with scope:
                        await slow.run(web.authenticate(request))

                scope = anyio.CancelScope()
                tasks.start_soon(ask)
                await arrived.wait()
                scope.cancel()  # the browser has left
                await anyio.lowlevel.checkpoint()
                go_on.set()

        anyio.run(leave, backend=backend)
        after = store.carry_out(LoadSession(stored_id, world.stand.now()))
        assert before is not None
        assert after is not None
        assert (before.version, after.version) == (1, 2)
        assert store.carry_out(AcquireLock(stored_id, "tests", 1, world.stand.now())), "the lock was given back"
        again = client.run(web.authenticate(request))
        assert again.user.username == username
