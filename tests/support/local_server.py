"""A real ``cognito-auth local`` process, and what a test asks it beside Cognito's protocol."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, cast

import httpx
from pyotp.totp import TOTP

COMMAND: Final = (sys.executable, "-m", "cognito_auth", "local", "--port", "0", "--json")
TOTP_PERIOD: Final = 30  # seconds
_PATIENCE: Final = 20  # seconds until a process that does not stop is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What the process printed when it started, and its ``/_local/`` tools."""

    endpoint: str
    user_pool_id: str
    client_id: str
    confidential_client_id: str
    confidential_client_secret: str
    process: subprocess.Popen[str]

    def code(self, username: str, user_pool_id: str = "") -> str:
        """The code in the newest message to ``username``, by default of the pool that the server made at its start."""
        wanted = {"username": username, "user_pool_id": user_pool_id or self.user_pool_id}
        reply = httpx.get(f"{self.endpoint}/_local/outbox", params=wanted)
        messages: list[dict[str, str]] = reply.raise_for_status().json()["messages"]
        return messages[-1]["code"]

    def now(self) -> float:
        """The pool's time, in seconds since the epoch."""
        return float(httpx.get(f"{self.endpoint}/_local/clock").raise_for_status().json()["now"])

    def move(self, seconds: float) -> None:
        """Move the pool's clock forward."""
        httpx.post(f"{self.endpoint}/_local/clock", json={"move": seconds}).raise_for_status()

    def totp(self, secret: str) -> str:
        """A one-time code that the pool has not seen: of the next period, to which its clock moves."""
        self.move(TOTP_PERIOD)
        return TOTP(secret).at(int(self.now()))


@contextmanager
def local_server(*arguments: str, command: Sequence[str] = COMMAND) -> Generator[Server]:
    """Start the command with further ``arguments``, and stop it at the end."""
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = cast("IO[str]", process.stdout).readline()
            assert line, "the server ended before it was ready"
            yield Server(**json.loads(line), process=process)
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
