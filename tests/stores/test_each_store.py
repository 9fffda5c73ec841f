"""What is particular to one kind of store: how it is bounded, and how it fails."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import redis

from cognito_auth.errors import StoreUnavailable
from cognito_auth.sessions.stored import AcquireLock, CreateSession, ListSessionsOf, LoadMarks, LoadSession, Mark, RemoveSession
from cognito_auth.stores import MemoryStore, RedisStore, SqliteStore

from ..support.redis_server import RedisServer, redis_server
from .test_stores import HOUR, NOW, session


def test_memory_is_bounded() -> None:
    store = MemoryStore(max_sessions=3)
    for number in range(3):
        store.carry_out(CreateSession(session(str(number), idle_lifetime=HOUR if number else 10)))
    with pytest.raises(StoreUnavailable, match="at most 3"):
        store.carry_out(CreateSession(session("more")))
    store.carry_out(CreateSession(session("more", seen_at=NOW + 20, created_at=NOW + 20)))
    assert store.carry_out(LoadSession("more", NOW + 20)) is not None
    for number in range(10):
        store.carry_out(Mark(str(number), NOW + 2 * number, 1))
        store.carry_out(AcquireLock(str(number), "a", 1, NOW + 2 * number))
    assert store.carry_out(LoadMarks(("9", "0"), NOW + 18)) == (NOW + 18, None)


@pytest.mark.parametrize("step", [30, HOUR])
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_a_lock_does_not_outlive_a_clock_that_is_set_back(tmp_path: Path, kind: str, step: float) -> None:
    """Redis counts for itself; here, whoever was killed would leave a lock for as long as the clock was set back."""
    store = MemoryStore() if kind == "memory" else SqliteStore(tmp_path / "sessions.sqlite")
    assert store.carry_out(AcquireLock("refresh", "killed", 10, NOW))
    assert not store.carry_out(AcquireLock("refresh", "late", 10, NOW - 1)), "a second is no step"
    assert store.carry_out(AcquireLock("refresh", "next", 10, NOW - step))
    assert not store.carry_out(AcquireLock("refresh", "another", 10, NOW - step))
    if isinstance(store, SqliteStore):
        store.close()


def test_memory_forgets_nothing_that_holds() -> None:
    store = MemoryStore(max_sessions=3)
    for number in range(3):
        store.carry_out(Mark(f"user {number}", NOW, HOUR))
        assert store.carry_out(AcquireLock(str(number), "a", 10, NOW))
    with pytest.raises(StoreUnavailable, match="at most 3"):
        store.carry_out(Mark("user 3", NOW, HOUR))
    with pytest.raises(StoreUnavailable, match="at most 3"):
        store.carry_out(AcquireLock("3", "a", 10, NOW))
    store.carry_out(Mark("user 0", NOW + 1, HOUR))
    assert store.carry_out(LoadMarks(("user 0", "user 1", "user 2", "user 3"), NOW)) == (NOW + 1, NOW, NOW, None)
    store.carry_out(Mark("user 3", NOW + 2 * HOUR, HOUR))
    assert store.carry_out(LoadMarks(("user 3",), NOW + 2 * HOUR)) == (NOW + 2 * HOUR,)


def test_a_file_outlives_the_store(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite"
    first = SqliteStore(path)
    first.carry_out(CreateSession(session()))
    first.close()
    first.close()
    second = SqliteStore(path)
    assert second.carry_out(LoadSession("one", NOW)) == session()
    second.close()
    assert second.carry_out(LoadSession("one", NOW)) == session(), "it opens again when it is needed"
    second.close()


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        SqliteStore(tmp_path / "nowhere" / "sessions.sqlite").carry_out(LoadSession("one", NOW))
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"This is no database." * 100)
    with pytest.raises(StoreUnavailable):
        SqliteStore(broken).carry_out(LoadSession("one", NOW))


def test_a_file_that_somebody_else_writes_for_too_long(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite"
    store = SqliteStore(path)
    store.carry_out(CreateSession(session()))
    hog = sqlite3.connect(path, isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        store.carry_out(RemoveSession("one"))
    assert store.carry_out(LoadSession("one", NOW)) == session(), "reading goes on"
    hog.execute("ROLLBACK")
    hog.close()
    assert store.carry_out(RemoveSession("one"))
    store.close()


def test_a_file_does_not_grow_with_what_has_ended(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "sessions.sqlite")
    for number in range(350):
        store.carry_out(CreateSession(session(str(number), seen_at=NOW + number, idle_lifetime=10)))
    store.close()
    rows = sqlite3.connect(tmp_path / "sessions.sqlite").execute("SELECT COUNT(*) FROM sessions").fetchone()[0]
    assert rows <= 120


@pytest.mark.parametrize("opened", ["SqliteStore({!r})", "MemoryStore()"])
def test_a_store_is_used_on_after_a_fork(tmp_path: Path, opened: str) -> None:
    """In a process of its own, as forking a test run with threads is asking for trouble."""
    shared = "Sqlite" in opened
    program = f"""
import os
from cognito_auth.sessions.stored import CreateSession, LoadSession
from cognito_auth.stores import MemoryStore, SqliteStore
from tests.stores.test_stores import NOW, session
store = {opened.format(str(tmp_path / "sessions.sqlite"))}
store.carry_out(CreateSession(session()))
store._lock.acquire()  # as another thread may have, in the moment of forking
child = os.fork()
if child == 0:
    store.carry_out(CreateSession(session("two")))
    os._exit(0)
store._lock.release()
assert os.waitpid(child, 0)[1] == 0
assert (store.carry_out(LoadSession("two", NOW)) is not None) is {shared}
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())})


@pytest.fixture
def server(tmp_path: Path) -> Any:
    with redis_server(tmp_path) as running:
        yield running


def test_redis_is_stopped_and_started(server: RedisServer) -> None:
    store = RedisStore(server.url, timeout=0.5)
    store.carry_out(CreateSession(session()))
    server.stop()
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="Redis: ConnectionError"):
        store.carry_out(LoadSession("one", NOW))
    assert time.monotonic() - began < 10, "no long row of attempts"
    server.start()
    assert store.carry_out(LoadSession("one", NOW)) is None, "what it held is gone, and nothing else takes its place"
    store.carry_out(CreateSession(session()))
    assert store.carry_out(LoadSession("one", NOW)) == session()
    store.close()


def _fill(store: RedisStore) -> None:
    for number in range(2000):
        store.carry_out(CreateSession(session(str(number), content=b"x" * 4000)))


def test_redis_is_full(tmp_path: Path) -> None:
    with redis_server(tmp_path, "--maxmemory", "2mb", "--maxmemory-policy", "noeviction") as server:
        store = RedisStore(server.url)
        store.carry_out(CreateSession(session()))
        with pytest.raises(StoreUnavailable):
            _fill(store)
        assert store.carry_out(LoadSession("one", NOW)) == session()
        store.close()


def test_what_redis_evicted_in_part_is_no_session(server: RedisServer) -> None:
    store = RedisStore(server.url)
    store.carry_out(CreateSession(session()))
    bare: Any = redis.Redis(port=server.port)
    bare.hdel("cognito_auth:session:one", "content")
    assert store.carry_out(LoadSession("one", NOW)) is None
    assert store.carry_out(ListSessionsOf("ana", NOW)) == ()
    bare.close()
    store.close()


def test_redis_forgets_by_itself(server: RedisServer) -> None:
    store = RedisStore(server.url)
    store.carry_out(CreateSession(session(idle_lifetime=0.05)))
    store.carry_out(Mark("ana", NOW, 0.05))
    store.carry_out(AcquireLock("refresh", "a", 0.05, NOW))
    time.sleep(0.1)
    bare: Any = redis.Redis(port=server.port)
    assert [key for key in bare.scan_iter() if b":owner:" not in key] == []
    assert 0 < bare.ttl("cognito_auth:owner:ana") <= 10 * HOUR
    bare.close()
    store.close()


def test_a_redis_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)
        with pytest.raises(StoreUnavailable, match="Redis: TimeoutError"):
            store.carry_out(LoadSession("one", NOW))
        store.close()
