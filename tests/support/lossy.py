"""A real server between an application and its pool, which loses, cuts and replaces answers as networks do."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeAlias, cast

import httpx

from cognito_auth.api.wire import TARGET_PREFIX
from cognito_auth.config import Settings

_RESET: Final = struct.pack("ii", 1, 0)
"""Closing sends a reset (SO_LINGER with no time)."""


@dataclass(slots=True, kw_only=True)
class Lossy:
    """The server's face to a test. ``faults`` of an operation befall its next calls, in order; then all is well."""

    pool: httpx.Client
    url: str = ""
    faults: dict[str, deque[Fault]] = field(default_factory=dict[str, "deque[Fault]"])
    asked: Counter[str] = field(default_factory=Counter[str])
    connections: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """For each operation, the ports that it was asked from."""
    closed: int = 0
    """Connections that the server has closed."""

    def befall(self, operation: str, *faults: Fault) -> None:
        self.faults[operation] = deque(faults)
        self.asked[operation] = 0
        self.connections[operation] = []

    def settings(self, settings: Settings) -> Settings:
        """The same pool and app client, by way of this server."""
        key_set = settings.jwks_uri.removeprefix(settings.endpoint)
        return replace(settings, endpoint=self.url, jwks_uri=f"{self.url}{key_set}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def lossy(self) -> Lossy:
        return cast("_Server", self.server).lossy

    def do_GET(self) -> None:
        self.give(self.lossy.pool.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].removeprefix(TARGET_PREFIX)
        lossy = self.lossy
        lossy.asked[operation] += 1
        lossy.connections.setdefault(operation, []).append(self.client_address[1])
        waiting = lossy.faults.get(operation)
        (waiting.popleft() if waiting else well)(self, body)

    def pooled(self, body: bytes) -> httpx.Response:
        """What the pool does and says."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length")}
        return self.lossy.pool.post("/", content=body, headers=headers)

    def give(self, reply: httpx.Response) -> None:
        self.say(reply.status_code, reply.content)

    def say(self, status: int, body: bytes, *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing is logged."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    lossy: Lossy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that break are what these tests are about."""

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.lossy.closed += 1


Fault: TypeAlias = Callable[[_Handler, bytes], None]


def well(handler: _Handler, body: bytes) -> None:
    """No fault."""
    handler.give(handler.pooled(body))


def answering(status: int, code: str = "", text: bytes = b"") -> Fault:
    """The pool hears nothing; the answer is this."""

    def fault(handler: _Handler, body: bytes) -> None:
        del body
        handler.say(status, json.dumps({"__type": code, "message": "injected"}).encode() if code else text)

    return fault


def cut(handler: _Handler, body: bytes) -> None:
    """The pool does it, and its answer is cut in the middle."""
    content = handler.pooled(body).content
    handler.say(200, content[: len(content) // 2], length=len(content))
    handler.close_connection = True


def reset(handler: _Handler, body: bytes) -> None:
    """The pool does it, and the connection is reset in the middle of the answer."""
    content = handler.pooled(body).content
    handler.say(200, content[: len(content) // 2], length=len(content))
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    handler.close_connection = True


def hung_up(handler: _Handler, body: bytes) -> None:
    """The connection is closed just as the request arrives: the pool hears nothing, and nothing is answered."""
    del body
    handler.close_connection = True


def closing(handler: _Handler, body: bytes) -> None:
    """All is well, and the server closes the connection afterwards without having said so."""
    well(handler, body)
    handler.close_connection = True


@contextmanager
def lossy(transport: httpx.BaseTransport, endpoint: str) -> Generator[Lossy]:
    """A server in front of the pool that ``transport`` leads to, until the end of the block."""
    with httpx.Client(transport=transport, base_url=endpoint) as pool, _Server(("127.0.0.1", 0), _Handler) as server:
        server.lossy = Lossy(pool=pool, url=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.lossy
        finally:
            server.shutdown()
            thread.join()
