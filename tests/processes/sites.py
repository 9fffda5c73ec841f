"""A user pool in this process, whose refreshes are counted and can be disturbed, and applications as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx

from cognito_auth.api.clients import CreateUserPoolClient, RefreshTokenRotation
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.client import AwsCredentials, CognitoClient
from cognito_auth.config import Settings
from cognito_auth.local import Clock, LocalCognito
from cognito_auth.secret import Secret

from ..scenarios.world import PASSWORD
from ..support.redis_server import free_port

Command: TypeAlias = Callable[[int], list[str]]
"""What Python's ``-m`` is to run, for a port."""

ROOT: Final = Path(__file__).parents[2]
HOUR: Final = 3600.0
REFRESH: Final = "GetTokensFromRefreshToken"
_PATIENCE: Final = 30.0
"""Seconds until an application that does not answer counts as broken."""
_LATENCY: Final = 0.2
"""Seconds that a refresh takes, so that requests meet it under way."""


class Watched(LocalCognito):
    """A pool that counts what it is asked, and calls out before and after a refresh. Its clock can be slow."""

    def __init__(self) -> None:
        super().__init__(clock=Clock(lambda: time.time() - self.slow_by))
        self.slow_by = 0.0
        self.asked: Final[Counter[str]] = Counter()
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    def call(self, operation: str, body: bytes, **sent: Any) -> Any:
        self.asked[operation] += 1
        if operation != REFRESH:
            return super().call(operation, body, **sent)
        time.sleep(_LATENCY)
        self.before()
        reply = super().call(operation, body, **sent)
        self.after()
        return reply


def rotating_client(cognito: LocalCognito, grace: int) -> Settings:
    """An app client whose refresh tokens are for one time, and for ``grace`` seconds more."""
    pool = cognito.first_pool()
    settings = Settings(user_pool_id=pool.user_pool_id, client_id=pool.client_id, endpoint=cognito.endpoint)
    rotation = RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=grace)
    with admin_of(settings) as admin:
        made = admin.send(
            CreateUserPoolClient(
                client_name="web", explicit_auth_flows=("ALLOW_USER_SRP_AUTH",), refresh_token_rotation=rotation
            )
        ).user_pool_client
    return Settings(user_pool_id=pool.user_pool_id, client_id=(made and made.client_id) or "", endpoint=cognito.endpoint)


def create_user(settings: Settings, username: str) -> None:
    mail = Attribute(name="email", value=f"{username}@example.com")
    with admin_of(settings) as admin:
        admin.send(AdminCreateUser(username=username, user_attributes=(mail,), message_action="SUPPRESS"))
        admin.send(AdminSetUserPassword(username=username, password=PASSWORD, permanent=True))


def admin_of(settings: Settings) -> CognitoClient:
    return CognitoClient(settings, credentials=AwsCredentials(access_key_id="local", secret_access_key=Secret("local")))


def environment(settings: Settings, store_url: str) -> dict[str, str]:
    """What an application's processes are configured with."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COGNITO_")}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "COGNITO_ENDPOINT": settings.endpoint,
        "COGNITO_USER_POOL_ID": settings.user_pool_id,
        "COGNITO_CLIENT_ID": settings.client_id,
        "COGNITO_AUTH_SECRET": "a-secret-that-all-processes-seal-with",
        "STORE_URL": store_url,
        "WARM": "yes",
        "PYTHONWARNINGS": "default::ResourceWarning",
    }


@dataclass(slots=True, kw_only=True)
class Processes:
    """An application that runs in some processes behind one address."""

    command: Command
    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    output: Path | None = None
    """Where everything that it prints goes; by default nowhere."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        printed = self.output.open("ab") if self.output else None
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command(self.port)],
            env={**self.environment},
            cwd=ROOT,
            stdout=subprocess.DEVNULL if printed is None else printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if printed is not None:
            printed.close()
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                if httpx.get(f"{self.url}/hello").status_code == 401:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, "the application ended before it was ready"
                assert time.monotonic() < deadline, "the application does not answer"
                time.sleep(0.05)

    def end(self) -> int:
        """``SIGTERM`` for the first of its processes, which ends the others; gives the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def kill(self) -> None:
        """``kill -9`` for all of its processes."""
        process, self.process = self.process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _uvicorn(port: int, workers: int) -> list[str]:
    application = "tests.processes.application:on_fastapi"
    return ["uvicorn", "--factory", application, "--port", str(port), "--workers", str(workers), "--log-level", "error"]


def _gunicorn(port: int, workers: int) -> list[str]:
    application = "tests.processes.application:on_flask()"
    options = ["--workers", str(workers), "--threads", "8", "--log-level", "critical", "--no-control-socket", "--reuse-port"]
    return ["gunicorn", application, "--bind", f"127.0.0.1:{port}", *options]


def _gunicorn_preloaded(port: int, workers: int) -> list[str]:
    return [*_gunicorn(port, workers), "--preload"]


COMMANDS: Final[Mapping[str, Callable[[int, int], list[str]]]] = {
    "uvicorn": _uvicorn,
    "gunicorn": _gunicorn,
    "gunicorn, forked after its start": _gunicorn_preloaded,
}


@contextmanager
def started(command: Command, environment: Mapping[str, str], output: Path | None = None) -> Generator[Processes]:
    """Whatever a command serves, for as long as the block lasts."""
    running = Processes(command=command, environment=environment, output=output)
    running.start()
    try:
        yield running
    finally:
        running.kill()


@contextmanager
def application(
    server: str, settings: Settings, store_url: str, *, workers: int, output: Path | None = None
) -> Generator[Processes]:
    """An application for as long as the block lasts."""
    with started(lambda port: COMMANDS[server](port, workers), environment(settings, store_url), output) as running:
        yield running


def signed_in(url: str, cognito: Watched, settings: Settings, username: str) -> httpx.Cookies:
    """The cookies of a browser whose session's access token has expired by now: it was issued two hours ago."""
    create_user(settings, username)
    cognito.slow_by = 2 * HOUR
    try:
        with httpx.Client() as browser:
            reply = browser.post(f"{url}/auth/login", json={"username": username, "password": PASSWORD})
            assert reply.json() == {"status": "signed_in", "username": username}
            return browser.cookies
    finally:
        cognito.slow_by = 0.0
