"""One verifier, one store and one client for several event loops at once, and threads beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import anyio
import pytest

from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.effects import Exchange, HttpRequest, perform
from cognito_auth.sessions.stored import AcquireLock, CreateSession, LoadSession, ReleaseLock
from cognito_auth.stores import MemoryStore, RedisStore, SqliteStore
from cognito_auth.tokens import TokenVerifier

from ..stores.test_stores import NOW, session
from ..support.peer import peer
from ..support.redis_server import redis_server
from .key_server import KeyServer, access_token

LOOPS: Final = ("asyncio", "asyncio", "asyncio", "trio")
THREADS: Final = 4
ROUNDS: Final = 10
TOGETHER: Final = 10
PATIENCE: Final = 60.0
"""Seconds after which a loop that hangs has failed."""


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    server = KeyServer()
    with server.running():
        yield server


def test_one_client_serves_several_event_loops_at_once(keys: KeyServer) -> None:
    """Each opens connections, shares work and waits for it in the middle of what the others do."""
    client, verifier = AsyncCognitoClient(keys.settings), TokenVerifier.for_settings(keys.settings)
    beside, token = CognitoClient(keys.settings), access_token("known")
    start = threading.Barrier(len(LOOPS) + THREADS)

    async def on_loop() -> list[str | None]:
        names: list[str | None] = []

        async def ask() -> None:
            names.append((await client.run(verifier.access_token(token))).username)
            request = HttpRequest(method="GET", url=f"{kept_alive.url}/hello")
            answer = await client.run(perform(Exchange(request=request, timeout=10, max_bytes=100)))
            assert answer.body == b"hello"

        with anyio.fail_after(PATIENCE):
            async with client:
                for _ in range(ROUNDS):
                    async with anyio.create_task_group() as tasks:
                        for _ in range(TOGETHER):
                            tasks.start_soon(ask)
        return names

    def in_loop(backend: str) -> list[str | None]:
        start.wait()
        return anyio.run(on_loop, backend=backend)

    def in_thread() -> list[str | None]:
        start.wait()
        return [beside.run(verifier.access_token(token)).username for _ in range(ROUNDS * TOGETHER)]

    with peer() as kept_alive, beside, ThreadPoolExecutor(start.parties) as pool:
        seen = [pool.submit(in_loop, backend) for backend in LOOPS] + [pool.submit(in_thread) for _ in range(THREADS)]
        for each in seen:
            assert each.result() == ["ana"] * (ROUNDS * TOGETHER)


def made(kind: str, home: Path, url: str) -> MemoryStore | SqliteStore | RedisStore:
    if kind == "memory":
        return MemoryStore()
    return SqliteStore(home / "sessions.sqlite") if kind == "sqlite" else RedisStore(url)


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
def test_one_store_serves_several_event_loops_at_once(tmp_path: Path, kind: str) -> None:
    """Of all who want a lock at the same time, in whatever loop or thread, one has it."""
    start = threading.Barrier(len(LOOPS) + THREADS)
    inside: set[str] = set()
    taken: list[str] = []

    with redis_server(tmp_path) as server:
        store = made(kind, tmp_path, server.url)
        store.carry_out(CreateSession(session()))

        def enter(holder: str) -> None:
            inside.add(holder)
            taken.append(holder)
            assert inside == {holder}, "two hold the lock at once"

        async def on_loop(name: str) -> None:
            async def want(holder: str) -> None:
                assert await store.carry_out_async(LoadSession("one", NOW)) == session()
                while not await store.carry_out_async(AcquireLock("refresh", holder, 10, NOW)):  # noqa: ASYNC110 - as processes do
                    await anyio.sleep(0.001)
                enter(holder)
                await anyio.sleep(0.001)
                inside.remove(holder)
                await store.carry_out_async(ReleaseLock("refresh", holder))

            async with anyio.create_task_group() as tasks:
                for number in range(TOGETHER):
                    tasks.start_soon(want, f"{name} {number}")
            if isinstance(store, RedisStore):
                await store.aclose()

        def in_loop(number: int) -> None:
            start.wait()
            anyio.run(on_loop, f"loop {number}", backend=LOOPS[number])

        def in_thread(number: int) -> None:
            start.wait()
            for turn in range(TOGETHER):
                holder = f"thread {number} {turn}"
                while not store.carry_out(AcquireLock("refresh", holder, 10, NOW)):
                    time.sleep(0.001)
                enter(holder)
                time.sleep(0.001)
                inside.remove(holder)
                store.carry_out(ReleaseLock("refresh", holder))

        with ThreadPoolExecutor(len(LOOPS) + THREADS) as pool:
            for work in [pool.submit(in_loop, each) for each in range(len(LOOPS))] + [
                pool.submit(in_thread, each) for each in range(THREADS)
            ]:
                work.result()
        assert len(set(taken)) == (len(LOOPS) + THREADS) * TOGETHER
        if not isinstance(store, MemoryStore):
            store.close()
