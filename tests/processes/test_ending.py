"""Applications that are told to end while requests are under way."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Final, cast

import httpx
import pytest
import redis

from cognito_auth.local.http.server import running

from ..support.redis_server import RedisServer, redis_server
from .sites import Watched, application, rotating_client, signed_in

PEOPLE: Final = 4
TROUBLE: Final = ("Traceback", "Task was destroyed", "never awaited", "Exception ignored", "RuntimeError", "raddr=")
"""Nothing of this is printed; the last is of a connection that was left open (``ResourceWarning``)."""


@pytest.fixture(scope="module")
def cognito() -> Iterator[Watched]:
    with closing(Watched()) as made, running(made):
        yield made


def await_locks(redis_at: RedisServer, wanted: int) -> None:
    """Wait until so many sessions are being refreshed."""
    bare: Any = redis.Redis(port=redis_at.port)
    deadline = time.monotonic() + 20
    while len(list(bare.scan_iter("cognito_auth:lock:*"))) < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for lock in bare.scan_iter("cognito_auth:lock:*"):
        assert bare.get(lock), "it has an owner"
        assert 0 < bare.pttl(lock) <= 10_000, "it ends by itself"
    bare.close()


@pytest.mark.parametrize("server", ["uvicorn", "gunicorn"])
def test_requests_under_way_end_well(cognito: Watched, tmp_path: Path, server: str) -> None:
    """Each refreshes its session, which takes a moment, and the application is told to end meanwhile."""
    settings, output = rotating_client(cognito, grace=0), tmp_path / "output"
    with (
        redis_server(tmp_path) as redis_at,
        application(server, settings, redis_at.url, workers=2, output=output) as site,
        ThreadPoolExecutor(PEOPLE) as pool,
    ):
        cookies = [signed_in(site.url, cognito, settings, f"{server}-{number}") for number in range(PEOPLE)]
        go_on = threading.Event()
        cognito.before = lambda: cast("None", go_on.wait(20))
        answers = [pool.submit(httpx.get, f"{site.url}/hello", cookies=each, timeout=30) for each in cookies]
        await_locks(redis_at, PEOPLE)
        threading.Timer(0.5, go_on.set).start()
        status = site.end()
        for number, answer in enumerate(answers):
            assert answer.result().status_code == 200
            assert answer.result().json()["username"] == f"{server}-{number}"
        site.process = None
        site.start()
        for each in cookies:
            assert httpx.get(f"{site.url}/hello", cookies=each).status_code == 200, "what was refreshed is stored"
    assert status == 0
    printed = output.read_text(errors="replace")
    assert [word for word in TROUBLE if word in printed] == [], printed
    assert printed.count("\n0 threads left") + printed.startswith("0 threads left") >= 2, "in each worker, at least"
    assert not re.search("[1-9] threads left", printed), printed
