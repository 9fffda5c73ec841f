"""What carries a driver's requests: what httpx's clients send by, without the clients around it.

A client does much for each request that nothing here has a use for: it merges addresses and headers, looks for redirects, keeps
cookies (which a driver must not, as it serves many people), writes to a log. What it chooses between, by the proxies that the
environment names, does what is wanted, and the rest is left out.

An event loop has its connections kept here too. httpx's own pool looks at every connection whenever a request begins or ends,
and promises the same idle one to several requests, of which all but the first have to ask again: with fifty at once, that costs
more than all the rest.

httpx has no public names for this. With a release that calls it otherwise, the clients are used whole.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, TypeAlias, cast

import anyio
import httpcore
import httpx

from .network import bounded, bounded_async

MOST: Final = 100
"""Asynchronous requests under way at once, as in httpx's pool; others wait."""
KEPT: Final = 5.0
"""Seconds after which a connection that nobody needs is closed, as in httpx's pool."""

_Place: TypeAlias = tuple[bytes, bytes, int | None]
"""Scheme, host and port."""
_Idle: TypeAlias = tuple[float, httpcore.AsyncConnectionInterface]
"""A connection that nobody uses, and since when."""


class Direct(httpx.BaseTransport):
    """What ``client`` would send by, for any number of threads."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client: Final = bounded(client or httpx.Client())
        self._known: Final = _is_known(self._client)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self._known:
            return self._client.send(request, stream=True)
        chosen: httpx.BaseTransport = _chosen(self._client, request.url)
        return chosen.handle_request(request)

    def close(self) -> None:
        self._client.close()


class Connections(httpx.AsyncBaseTransport):
    """The connections of one event loop, as the pools of ``client`` make them. Raises httpcore's errors beside httpx's."""

    def __init__(self, client: httpx.AsyncClient | None = None, *, kept: float = KEPT) -> None:
        self._client: Final = bounded_async(client or httpx.AsyncClient())
        self._known: Final = _is_known(self._client)
        self._kept: Final = kept
        self._open: Final[set[httpcore.AsyncConnectionInterface]] = set()
        self._idle: Final[dict[_Place, deque[_Idle]]] = {}
        """By where they lead; who has been idle for the longest comes first."""
        self._left: Final = anyio.Semaphore(MOST)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._known:
            return await self._client.send(request, stream=True)
        asked = _below(request)
        try:
            self._left.acquire_nowait()
        except anyio.WouldBlock:
            await self._left.acquire()
        try:
            return await self._carry(request, asked)
        except BaseException:  # whatever it is, the next may send
            self._left.release()
            raise

    async def aclose(self) -> None:
        """Close all connections, of requests under way too."""
        connections = tuple(self._open)
        self._open.clear()
        self._idle.clear()
        for connection in connections:
            await _close(connection)
        await self._client.aclose()

    async def _carry(self, request: httpx.Request, asked: httpcore.Request) -> httpx.Response:
        place = (asked.url.scheme, asked.url.host, asked.url.port)
        connection = await self._waiting(place)
        if connection is None:
            connection = _chosen(self._client, request.url)._pool.create_connection(asked.url.origin)  # noqa: SLF001
            self._open.add(connection)
        try:
            response = await connection.handle_async_request(asked)
        except BaseException:  # whatever it is, an open connection must not be forgotten
            await self._leave(place, connection)
            raise

        async def ended() -> None:
            self._left.release()
            await self._leave(place, connection)

        body = _Body(cast("httpx.AsyncByteStream", response.stream), ended)
        return httpx.Response(response.status, headers=response.headers, stream=body)

    async def _waiting(self, place: _Place) -> httpcore.AsyncConnectionInterface | None:
        """A connection that is idle and good, the one that was used last."""
        idle = self._idle.get(place)
        while idle:
            _, connection = idle.pop()
            if not connection.has_expired():
                return connection
            await self._give_up(connection)
        return None

    async def _leave(self, place: _Place, connection: httpcore.AsyncConnectionInterface) -> None:
        """Keep a connection for the next, if it is good for one; and close one that has been idle for too long."""
        now = time.monotonic()
        idle = self._idle.setdefault(place, deque())
        if connection.is_idle() and connection in self._open:
            idle.append((now, connection))
        else:
            await self._give_up(connection)
        if idle and idle[0][0] < now - self._kept:
            await self._give_up(idle.popleft()[1])

    async def _give_up(self, connection: httpcore.AsyncConnectionInterface) -> None:
        self._open.discard(connection)
        await _close(connection)


class _Body(httpx.AsyncByteStream):
    """An answer's body, with what is to be done when it is over."""

    def __init__(self, stream: httpx.AsyncByteStream, ended: Callable[[], Awaitable[None]]) -> None:
        self._stream: Final = stream
        self._ended: Final = ended

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await self._ended()


def _is_known(client: Any) -> bool:
    """Whether this release of httpx is built as we know it."""
    return hasattr(client, "_transport_for_url") and hasattr(getattr(client, "_transport", None), "_pool")


def _chosen(client: Any, url: httpx.URL) -> Any:
    """The transport that leads to an address, directly or through a proxy."""
    return client._transport_for_url(url)  # noqa: SLF001


def require_web(url: httpx.URL) -> None:
    """Raise `httpx.UnsupportedProtocol` for an address that is not of the web."""
    if url.scheme not in ("http", "https"):
        raise httpx.UnsupportedProtocol("the address is neither http nor https")


def _below(request: httpx.Request) -> httpcore.Request:
    """httpx's request as httpcore has it."""
    url = request.url
    require_web(url)
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers, extensions = request.headers.raw, request.extensions
    return httpcore.Request(request.method, target, headers=headers, content=request.stream, extensions=extensions)


async def _close(connection: httpcore.AsyncConnectionInterface) -> None:
    """Close a connection, also when whoever used it is cancelled."""
    with anyio.CancelScope(shield=True):
        await connection.aclose()
