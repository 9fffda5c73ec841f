"""The embedded pool on a real socket, served by uvicorn: for the command line, and in a thread for tests.

The socket is bound before anything else happens, so that the port is known, and listens at once, so that nobody who was told
the address is turned away. It is on the loopback interface unless the caller says twice that it should not be: by the host
and by ``allow_remote``.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from ...config import is_loopback
from ...errors import ConfigurationError, MissingExtra

try:
    import uvicorn
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ModuleNotFoundError as absent:
    raise MissingExtra("The embedded user pool's server", "local") from absent

from ..pool import LocalCognito
from .asgi import Application
from .gate import Gate

LOOPBACK: Final = "127.0.0.1"
_EVERYWHERE: Final = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 - recognised here; bound only when said twice
_MAX_HEAD_BYTES: Final = 64 * 1024
_PATIENCE: Final = 3  # seconds that a stopping server grants to requests under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A bound socket, and how it is addressed."""

    socket: socket.socket
    endpoint: str
    """Its URL; for a socket on all interfaces, the one on this machine."""
    gate: Gate


def listen(host: str = LOOPBACK, port: int = 0, *, allow_remote: bool = False, names: frozenset[str] = frozenset()) -> Listener:
    """Bind ``host`` and ``port`` (0: any free one). ``names`` are further host names by which clients address the server.

    Raises `ConfigurationError` for a host that other machines reach, unless ``allow_remote`` is true, and `OSError` when the
    address cannot be had.
    """
    name = host.strip("[]").lower()
    if not is_loopback(name) and not allow_remote:
        raise ConfigurationError(
            f"{host} may be reached from other machines, and the embedded user pool hands its codes and secrets to whoever"
            " asks; say allow_remote (on the command line: --allow-remote) if that is what you want"
        )
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    bound = socket.create_server((name, port), family=family)
    # Connections inherit it. A reply is written in two parts, and without it the second waits for a late acknowledgement.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reached = _EVERYWHERE.get(name, name)
    address = f"[{reached}]" if ":" in reached else reached
    gate = Gate(names=names | {address}, any_address=name in _EVERYWHERE)
    return Listener(socket=bound, endpoint=f"http://{address}:{bound.getsockname()[1]}", gate=gate)


def serve(cognito: LocalCognito, listener: Listener) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first. For the main thread."""
    server = _server(cognito, listener)

    def stop(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn has handlers of its own while it runs; when it is done it restores these and raises the signal again.
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[listener.socket])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def running(cognito: LocalCognito, *, host: str = LOOPBACK, port: int = 0, allow_remote: bool = False) -> Generator[str]:
    """A server in a thread for as long as the block lasts; gives its URL, which becomes ``cognito.endpoint``.

    Raises what `listen` raises. ``cognito`` is not closed.
    """
    listener = listen(host, port, allow_remote=allow_remote)
    cognito.endpoint = listener.endpoint
    server = _server(cognito, listener)
    thread = threading.Thread(target=server.run, args=([listener.socket],), name="cognito-auth local")
    thread.start()
    try:
        yield listener.endpoint
    finally:
        server.should_exit = True
        thread.join()


class _Protocol(HttpToolsProtocol):
    """Writes no request to a log, for a query may hold passwords and tokens. ``access_log=False`` is not enough: uvicorn's
    logger is one for the whole process, and another server in it may have given it a handler. And it bounds what comes before
    the body, which httptools does not."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False
        self._head: int | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > _MAX_HEAD_BYTES:
                self.send_400_response("The request's head is too long.")


def _server(cognito: LocalCognito, listener: Listener) -> uvicorn.Server:
    config = uvicorn.Config(
        Application(cognito, gate=listener.gate),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    return uvicorn.Server(config)
