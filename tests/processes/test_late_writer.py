"""A process that is stopped in the middle of a refresh for longer than its lock lasts, and goes on when another is done."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import redis

from cognito_auth.local.http.server import running

from ..support.redis_server import RedisServer, redis_server
from .sites import REFRESH, Watched, application, rotating_client, signed_in

PATIENCE: Final = 30.0
"""Seconds within which another gets the lock, which lasts for ten."""


@pytest.fixture(scope="module")
def cognito() -> Iterator[Watched]:
    with closing(Watched()) as made, running(made):
        yield made


@contextmanager
def connected(server: RedisServer) -> Generator[Any]:
    connection = redis.Redis(port=server.port)
    yield connection
    connection.close()


def kept(bare: Any) -> dict[bytes, bytes]:
    """What Redis holds of the only session."""
    (key,) = bare.keys("cognito_auth:session:*")
    fields: dict[bytes, bytes] = bare.hgetall(key)
    del fields[b"seen_at"]
    return fields


def test_who_was_stopped_for_too_long_does_not_overwrite_what_is_newer(cognito: Watched, tmp_path: Path) -> None:
    settings = rotating_client(cognito, grace=60)
    with (
        redis_server(tmp_path) as redis_at,
        application("uvicorn", settings, redis_at.url, workers=1) as slow,
        application("uvicorn", settings, redis_at.url, workers=1) as quick,
        connected(redis_at) as bare,
        ThreadPoolExecutor(1) as pool,
    ):
        cookies = signed_in(slow.url, cognito, settings, "ana")
        worker = httpx.get(f"{slow.url}/hello", cookies=signed_in(slow.url, cognito, settings, "ben")).json()["process"]
        bare.delete(*(key for key in bare.keys("cognito_auth:session:*") if bare.hget(key, "version") != b"1"))
        before = cognito.asked[REFRESH]

        def stop() -> None:
            cognito.after = lambda: None
            os.kill(worker, signal.SIGSTOP)

        cognito.after = stop
        late = pool.submit(httpx.get, f"{slow.url}/hello", cookies=cookies, timeout=2 * PATIENCE)
        while cognito.asked[REFRESH] == before:
            time.sleep(0.01)
        deadline = time.monotonic() + PATIENCE
        while (answer := httpx.get(f"{quick.url}/hello", cookies=cookies, timeout=PATIENCE)).status_code == 503:
            assert answer.headers["Retry-After"]
            assert time.monotonic() < deadline, "the lock of a process that does not go on lasts for ever"
        assert answer.json()["username"] == "ana"
        assert cognito.asked[REFRESH] == before + 2
        newest = kept(bare)
        os.kill(worker, signal.SIGCONT)
        # Its time is over by then; had it the answer in hand, it would adopt what the other has stored.
        assert late.result().status_code in (200, 503)
        assert kept(bare) == newest, "what came late was written over it"
        for site in (slow, quick):
            assert httpx.get(f"{site.url}/hello", cookies=cookies, timeout=PATIENCE).status_code == 200
        assert cognito.asked[REFRESH] == before + 2
        assert not bare.keys("cognito_auth:lock:*")
