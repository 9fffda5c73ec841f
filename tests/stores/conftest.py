"""Each kind of store, asked synchronously and on both event loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from cognito_auth.effects import Store, StoreOperation
from cognito_auth.stores import MemoryStore, RedisStore, SqliteStore

from ..support.redis_server import RedisServer, redis_server

R = TypeVar("R")

_numbers: Final = count()


@dataclass(frozen=True, slots=True)
class Asked:
    """A store, and the way in which it is asked."""

    store: Store
    portal: BlockingPortal | None

    def __call__(self, operation: StoreOperation[R]) -> R:
        if self.portal is None:
            return self.store.carry_out(operation)
        return self.portal.call(self.store.carry_out_async, operation)


@pytest.fixture(scope="session")
def redis_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session", params=[None, "asyncio", "trio"], ids=["sync", "asyncio", "trio"])
def portal(request: pytest.FixtureRequest) -> Iterator[BlockingPortal | None]:
    if request.param is None:
        yield None
        return
    with start_blocking_portal(request.param) as started:
        yield started


@pytest.fixture(params=["memory", "sqlite", "redis"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path, portal: BlockingPortal | None) -> Iterator[Callable[[], Store]]:
    """Makes stores that hold the same, as the processes of one application have; in memory there is only one."""
    with ExitStack() as stack:
        if request.param == "memory":
            only = MemoryStore()
            yield lambda: only
            return
        if request.param == "sqlite":
            path = tmp_path / "sessions.sqlite"

            def open_file() -> Store:
                store = SqliteStore(path)
                stack.callback(store.close)
                return store

            yield open_file
            return
        server: RedisServer = request.getfixturevalue("redis_at")
        prefix = f"tests{next(_numbers)}"

        def connect() -> Store:
            store = RedisStore(server.url, prefix=prefix)
            stack.callback(store.close)
            if portal is not None:
                stack.callback(portal.call, store.aclose)
            return store

        yield connect


@pytest.fixture
def ask(make_store: Callable[[], Store], portal: BlockingPortal | None) -> Asked:
    return Asked(make_store(), portal)


@pytest.fixture
def other(make_store: Callable[[], Store], portal: BlockingPortal | None) -> Asked:
    """The same store as another process has it."""
    return Asked(make_store(), portal)
