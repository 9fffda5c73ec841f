"""What httpx leaves unbounded: the time of a whole exchange, and looking up a name.

httpx's timeouts are for each read and each write. A peer that sends a byte now and then could hold a thread for ever, already
before its answer's body begins. And a name server that is silent holds whoever asks for half a minute: a thread of the
application in synchronous code, one of the few threads of the event loop's executor in asynchronous code. So names are looked
up beside, in a thread for all who want the same, which whoever has no time left leaves behind.

Proxies that the environment names are kept, because httpx's own pools go on serving: only what they reach the network by is
replaced.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, TypeAlias, cast

import anyio
import httpcore
import httpx

Addresses: TypeAlias = tuple[str, ...]

_log: Final = logging.getLogger("cognito_auth")

_LONG: Final = 2.0
"""Seconds after which who asks anew does not wait for a lookup that is under way."""
_MOST: Final = 4
"""Lookups of one name at once."""

_deadline: Final[ContextVar[float]] = ContextVar("cognito_auth deadline")
"""When the exchange that is under way in this thread has to be over, on the monotonic clock."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lookup:
    """When it began, and what it finds."""

    began: float
    found: Future[Addresses] = field(default_factory=Future[Addresses])


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Everything that a client of `bounded` does in the block, in this thread, is over after ``seconds``."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def bounded(client: httpx.Client) -> httpx.Client:
    """The client, with `within` in force and its lookups beside."""
    _reach_by(client, _Backend)
    return client


def bounded_async(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client, with its lookups beside; its time is bounded by cancelling."""
    _reach_by(client, _AsyncBackend)
    return client


def _reach_by(client: Any, backend: Callable[[Any], object]) -> None:
    """Replace what the client's pools, its own and those of the environment's proxies, reach the network by.

    httpx has no public name for them. With a release that calls them otherwise, sign-ins go on, bounded as httpx bounds them.
    """
    transports = [each for each in (client._transport, *client._mounts.values()) if each is not None]  # noqa: SLF001
    try:
        replaced = [(each._pool, backend(each._pool._network_backend)) for each in transports]  # noqa: SLF001
    except AttributeError:
        _log.warning("this release of httpx is not known: a peer that sends slowly can take longer than it may")
        return
    for pool, instead in replaced:
        pool._network_backend = instead  # noqa: SLF001


class Lookups:
    """Names that are being looked up, each in one thread, or in a few where a name server is silent."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._under_way: Final[dict[str, list[_Lookup]]] = {}

    def of(self, host: str) -> Future[Addresses]:
        """The addresses of a host, when they are known; `OSError` or `UnicodeError` where it has none."""
        now = time.monotonic()
        with self._lock:
            under_way = self._under_way.setdefault(host, [])
            # One that goes on for long was not heard, perhaps; the next may be, once the name server is back.
            if not under_way or (now - under_way[-1].began > _LONG and len(under_way) < _MOST):
                lookup, name = _Lookup(began=now), f"cognito-auth lookup {host}"
                threading.Thread(target=self._look_up, args=(host, lookup), name=name, daemon=True).start()
                under_way.append(lookup)  # only now: starting a thread can fail
            return under_way[-1].found

    def _look_up(self, host: str, lookup: _Lookup) -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except Exception as error:  # whoever waits gets it, or they would wait for ever
            self._end(host, lookup)
            lookup.found.set_exception(error)
        else:
            self._end(host, lookup)
            lookup.found.set_result(tuple(dict.fromkeys(str(address[0]) for *_, address in found)))

    def _end(self, host: str, lookup: _Lookup) -> None:
        with self._lock:
            under_way = self._under_way[host]
            under_way.remove(lookup)
            if not under_way:
                del self._under_way[host]


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend: Final = backend
        self._lookups: Final = Lookups()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        addresses = (host,) if _is_address(host) else self._addresses(host)
        for last, address, share in _turns(addresses, timeout):
            try:
                left = _left(share, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last:
                    raise
            else:
                return _Stream(stream)
        raise httpcore.ConnectError("the name has no address")

    def _addresses(self, host: str) -> Addresses:
        try:
            return self._lookups.of(host).result(_left(None, httpcore.ConnectTimeout))
        except NotYet:
            raise httpcore.ConnectTimeout("the name is looked up for too long") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._backend.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection that gives up when the exchange has to be over, and on which a request goes out in one piece."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream: Final = stream
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._unsent:
            unsent, self._unsent = self._unsent, b""
            with suppress(httpcore.WriteError):  # a server that has had enough may have answered before it hung up
                self._stream.write(unsent, _left(timeout, httpcore.WriteTimeout))
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep what is to be sent until an answer is waited for: head and body come one by one."""
        self._unsent += buffer

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncStream(httpcore.AsyncNetworkStream):
    """A connection on which a request goes out in one piece."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream: Final = stream
        self._unsent = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        if self._unsent:
            unsent, self._unsent = self._unsent, b""
            with suppress(httpcore.WriteError):
                await self._stream.write(unsent, timeout)
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        self._unsent += buffer

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend: Final = backend
        self._lookups: Final = Lookups()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's addresses that answers."""
        addresses = (host,) if _is_address(host) else await self._addresses(host)
        for last, address, share in _turns(addresses, timeout):
            try:
                return _AsyncStream(await self._backend.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last:
                    raise
        raise httpcore.ConnectError("the name has no address")

    async def _addresses(self, host: str) -> Addresses:
        try:
            return await arrival(self._lookups.of(host))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_unix_socket(path, timeout, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def arrival(future: Future[Addresses]) -> Addresses:
    """What a thread finds, without a second thread that waits for it."""
    done, wake = anyio.Event(), _waker()

    def arrived(_: object) -> None:
        with suppress(RuntimeError):  # the event loop has ended meanwhile
            wake(done.set)

    future.add_done_callback(arrived)
    await done.wait()
    return future.result()


def _waker() -> Callable[[Callable[[], object]], object]:
    """What has the running event loop call something, from any thread."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        trio: Any = import_module("trio")
        return cast("Callable[[Callable[[], object]], object]", trio.lowlevel.current_trio_token().run_sync_soon)


def _turns(addresses: Addresses, timeout: float | None) -> Iterator[tuple[bool, str, float | None]]:
    """Each address, whether it is the last, and its share of the time, so that a deaf one leaves some for the next."""
    share = None if timeout is None else timeout / max(1, len(addresses))
    for position, address in enumerate(addresses, 1):
        yield position == len(addresses), address, share


def _left(timeout: float | None, too_late: type[Exception]) -> float | None:
    """The seconds that are left for one step, of the exchange's and of its own; raises ``too_late`` when there are none."""
    deadline = _deadline.get(None)
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise too_late("the time for the whole exchange is over")
    return left if timeout is None else min(left, timeout)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
