"""Applications that are loaded anew while people are signed in, one of them in the middle of a refresh."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final, cast

import httpx
import pytest

from cognito_auth.local.http.server import running

from ..support.redis_server import redis_server
from .sites import COMMANDS, Processes, Watched, environment, rotating_client, signed_in, started
from .test_ending import TROUBLE, await_locks

PATIENCE: Final = 30.0
"""Seconds until a new process has to be there."""


@pytest.fixture(scope="module")
def cognito() -> Iterator[Watched]:
    with closing(Watched()) as made, running(made):
        yield made


def hang_up(site: Processes, watched: Path) -> None:
    """What an operator does to gunicorn."""
    del watched
    assert site.process is not None
    os.kill(site.process.pid, signal.SIGHUP)


def change_a_file(site: Processes, watched: Path) -> None:
    """What a developer does to uvicorn."""
    del site
    (watched / "module.py").write_text("# changed")


RELOADS: Final[dict[str, tuple[str, tuple[str, ...], Callable[[Processes, Path], None]]]] = {
    "gunicorn": ("gunicorn", (), hang_up),
    "uvicorn": ("uvicorn", ("--reload", "--reload-dir"), change_a_file),
}


@pytest.mark.parametrize("server", RELOADS)
def test_sessions_and_a_refresh_outlive_a_reload(cognito: Watched, tmp_path: Path, server: str) -> None:
    kind, options, reload = RELOADS[server]
    settings, output, watched = rotating_client(cognito, grace=0), tmp_path / "output", tmp_path / "watched"
    watched.mkdir()
    (watched / "module.py").write_text("")

    def command(port: int) -> list[str]:
        return [*COMMANDS[kind](port, 1), *options, *([str(watched)] if options else [])]

    with (
        redis_server(tmp_path) as redis_at,
        started(command, environment(settings, redis_at.url), output) as site,
        ThreadPoolExecutor(1) as pool,
    ):
        ana, ben = (signed_in(site.url, cognito, settings, f"{name}-{server}") for name in ("ana", "ben"))
        before = httpx.get(f"{site.url}/hello", cookies=ana, timeout=30).json()["process"]
        go_on = threading.Event()
        cognito.before = lambda: cast("None", go_on.wait(20))
        under_way = pool.submit(httpx.get, f"{site.url}/hello", cookies=ben, timeout=30)
        await_locks(redis_at, 1)
        reload(site, watched)
        threading.Timer(0.5, go_on.set).start()
        assert under_way.result().json()["username"] == f"ben-{server}"
        cognito.before = lambda: None
        assert served_by_another(site, ana, before) != before
        for name, cookies in (("ana", ana), ("ben", ben)):
            assert httpx.get(f"{site.url}/hello", cookies=cookies, timeout=30).json()["username"] == f"{name}-{server}"
    printed = output.read_text(errors="replace")
    assert [word for word in TROUBLE if word in printed] == [], printed


def served_by_another(site: Processes, cookies: httpx.Cookies, before: int) -> int:
    """Ask until the new process answers; in between, nobody may listen."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = httpx.get(f"{site.url}/hello", cookies=cookies, timeout=30)
        except httpx.TransportError:
            pass
        else:
            assert answer.status_code == 200
            if answer.json()["process"] != before:
                return int(answer.json()["process"])
        assert time.monotonic() < deadline, "the old process goes on"
        time.sleep(0.1)
