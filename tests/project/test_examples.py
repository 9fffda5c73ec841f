"""The examples and the demo, as real processes: what a newcomer copies and runs has to work."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final, cast

import httpx
import pytest

from tests.support.example import EXAMPLES, FRAMEWORKS, example
from tests.support.local_server import local_server
from tests.support.requirements import require_or_skip

DEMO: Final = (sys.executable, str(Path(__file__).parents[2] / "scripts" / "demo"), "--here")
PATIENCE: Final = 60  # seconds until a process that should have ended counts as hanging
ADDRESS: Final = re.compile(r"http://([\w.]+):(\d+)")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_example_runs_by_itself(framework: str) -> None:
    with example(framework, {}) as application, httpx.Client(base_url=application.url) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        for path in (*re.findall(r'(?:src|href)="(/[^"]+)"', page.text), "/auth/passkeys.js"):
            assert client.get(path).status_code == 200, path
        assert application.url.startswith("http://localhost:"), "passkeys need a name"
        for path in ("/hello", "/admin", "/auth/me"):
            assert client.get(path).status_code == 401, path
        outbox = re.search(r"\S+/_local/", "".join(application.output))
        assert outbox is not None
        assert httpx.get(outbox[0]).status_code == 200


def walk(url: str, environment: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / "walk.py"), url, *options]
    return subprocess.run(
        command, env={**os.environ, **environment}, check=False, capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_walk(framework: str) -> None:
    with local_server() as pool:
        environment = {
            "COGNITO_ENDPOINT": pool.endpoint,
            "COGNITO_USER_POOL_ID": pool.user_pool_id,
            "COGNITO_CLIENT_ID": pool.confidential_client_id,
            "COGNITO_CLIENT_SECRET": pool.confidential_client_secret,
            "COGNITO_AUTH_FLOWS": "USER_SRP_AUTH,USER_AUTH",
            "COGNITO_AUTH_SECRET": "only-for-tests-0123456789-abcdefghij",
        }
        with example(framework, environment) as application:
            first = walk(application.url, environment, *([] if framework == "flask" else ["--websocket"]))
            assert first.returncode == 0, first.stdout + first.stderr
            assert re.search(r"All \d+ steps went as told\.$", first.stdout)
            assert not re.search(r"[\w-]{60}", first.stdout), "a whole token is shown"
            # Ana has an account by now, so a second walk fails where she signs up.
            second = walk(application.url, environment)
    assert second.returncode == 1
    assert "Step 2 failed (Ana signs up." in second.stderr
    assert "not 409" in second.stderr
    assert "Traceback" not in "".join(application.output)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_walk_with_sessions_on_the_server(framework: str, tmp_path: Path) -> None:
    with local_server() as pool:
        environment = {
            "COGNITO_ENDPOINT": pool.endpoint,
            "COGNITO_USER_POOL_ID": pool.user_pool_id,
            "COGNITO_CLIENT_ID": pool.client_id,
            "COGNITO_AUTH_FLOWS": "USER_SRP_AUTH,USER_AUTH",
            "COGNITO_AUTH_SECRET": "only-for-tests-0123456789-abcdefghij",
            "SESSION_STORE": str(tmp_path / "sessions.sqlite"),
        }
        with example(framework, environment) as application:
            walked = walk(application.url, environment)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    with closing(sqlite3.connect(tmp_path / "sessions.sqlite")) as kept:
        assert kept.execute("SELECT COUNT(*) FROM sessions").fetchone()[0] > 0


def test_the_demo_ends_with_the_walk() -> None:
    ended = subprocess.run(
        [*DEMO, "--once", "--framework", "flask"], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "steps went as told." in ended.stdout
    assert "goes on" not in ended.stdout


def test_the_demo_says_why_the_application_does_not_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run([*DEMO, "--port", port], check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert "a process ended before it was ready" in ended.stderr
    assert "address already in use" in ended.stderr


@contextmanager
def connected(addresses: list[str]) -> Generator[list[socket.socket]]:
    """A connection to each address: it ends when the process at its other end does."""
    opened = [socket.create_connection((found[1], int(found[2]))) for found in map(ADDRESS.search, addresses) if found]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["SIGINT", "SIGTERM", "SIGKILL"],
)
def test_nothing_outlives_the_demo(number: signal.Signals, status: int) -> None:
    require_or_skip(number != signal.SIGKILL or sys.platform == "linux", "only Linux ends the children of a killed process")
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # tests in the background of a shell ignore it, and so would the demo
    with subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        served: list[str] = []
        for line in cast("IO[str]", process.stdout):
            if line.startswith(("The application goes on at", "The codes that it sends are at")):
                served.append(line)
            if len(served) == 2:
                break
        with connected(served) as connections:
            assert len(connections) == 2, cast("IO[str]", process.stderr).read()
            process.send_signal(number)
            _, errors = process.communicate(timeout=PATIENCE)
            for connection in connections:
                connection.settimeout(PATIENCE)
                assert connection.recv(1) == b""
    assert (process.returncode, errors) == (status, "")
    for line in served:
        with pytest.raises(ConnectionRefusedError), connected([line]):
            pass
