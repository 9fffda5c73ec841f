"""A real HTTP server on this machine that misbehaves in the ways that a test asks for."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast

_RESET: Final = struct.pack("ii", 1, 0)
_DRIP: Final = 0.02  # seconds between two bytes of an answer that never ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came in; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Peer:
    """The server: its address, what it received, and what it answers to operations, in order."""

    url: str
    received: list[Received] = field(default_factory=list[Received])
    answers: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    closing: threading.Event = field(default_factory=threading.Event)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    peer: Peer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def peer(self) -> Peer:
        """The server's face to the test."""
        return cast("_Server", self.server).peer

    def do_GET(self) -> None:
        self._receive()
        BEHAVIOURS[self.path](self)

    def do_POST(self) -> None:
        self._receive()
        status, document = self.peer.answers.pop(0)
        self.answer(json.dumps(document).encode(), status=status)

    def _receive(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.peer.received.append(Received(path=self.path, headers=headers, body=body))

    def answer(self, body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Send head and body; ``length`` may be a lie."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing is logged."""


def _say_nothing(handler: _Handler) -> None:
    handler.peer.closing.wait()


def _drip(handler: _Handler) -> None:
    handler.answer(b"", length=1000)
    while not handler.peer.closing.wait(_DRIP):
        handler.wfile.write(b".")


def _drip_head(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.peer.closing.wait(_DRIP):
        handler.wfile.write(b".")


def _cut(handler: _Handler) -> None:
    handler.answer(b"half", length=1000)
    handler.close_connection = True


def _reset(handler: _Handler) -> None:
    handler.answer(b"half", length=1000)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    handler.close_connection = True


def _talk_nonsense(handler: _Handler) -> None:
    handler.wfile.write(b"220 mail.example.com ESMTP\r\n")
    handler.close_connection = True


BEHAVIOURS: Final[dict[str, Callable[[_Handler], None]]] = {
    "/hello": lambda handler: handler.answer(b"hello", X_Mixed_Case="kept"),
    "/empty": lambda handler: handler.answer(b""),
    "/ten": lambda handler: handler.answer(b"0123456789"),
    "/redirect": lambda handler: handler.answer(b"", status=302, Location="/hello"),
    "/gzip": lambda handler: handler.answer(b"hello", Content_Encoding="gzip"),
    "/silent": _say_nothing,
    "/drip": _drip,
    "/drip-head": _drip_head,
    "/cut": _cut,
    "/reset": _reset,
    "/nonsense": _talk_nonsense,
}


@contextmanager
def peer() -> Generator[Peer]:
    """A server that runs until the end of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.peer = Peer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.peer
        finally:
            server.peer.closing.set()
            server.shutdown()
            thread.join()
