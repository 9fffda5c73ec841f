"""aiohttp in place of httpx, for whoever makes many calls at once: its parser is in C, and its connections cost little to keep.

The extra ``aiohttp``; on asyncio only. What the driver promises holds with it too: nothing is followed, kept or unpacked, names
are looked up beside, authorities are those that httpx trusts, and the environment's proxies are used, as `urllib` reads them.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from ..errors import ConfigurationError, MissingExtra
from .network import Lookups, arrival
from .transports import MOST, require_web

_NOT_ADDED: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add by itself."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Carries the requests of an `AsyncCognitoClient` (``transport=AiohttpTransport()``).

    Each event loop has connections of its own, which `aclose` closes. Raises `MissingExtra` without aiohttp, and
    `ConfigurationError` when it is used on trio.
    """

    def __init__(self) -> None:
        try:
            self._aiohttp: Final[Any] = import_module("aiohttp")
            self._address: Final[Any] = import_module("yarl").URL
        except ImportError:
            raise MissingExtra("AiohttpTransport", "aiohttp") from None
        self._ssl: Final = httpx.create_ssl_context()
        self._proxy: Final = lru_cache(maxsize=64)(_proxy)
        self._sessions: Final[dict[asyncio.AbstractEventLoop, Any]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        require_web(request.url)
        session, timeouts = self._session(), request.extensions.get("timeout", {})
        try:
            response = await session.request(
                request.method,
                self._address(str(request.url), encoded=True),
                data=await request.aread() or None,
                headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
                allow_redirects=False,
                proxy=self._proxy(request.url.scheme, request.url.netloc.decode("ascii")),
                timeout=self._aiohttp.ClientTimeout(
                    total=None, sock_connect=timeouts.get("connect"), sock_read=timeouts.get("read")
                ),
            )
        except (self._aiohttp.ClientError, OSError, ValueError) as error:
            raise _named_by_httpx(self._aiohttp, error) from error
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(self._aiohttp, response))

    async def aclose(self) -> None:
        session = self._sessions.pop(_loop(), None)
        if session is not None:
            await session.close()

    def _session(self) -> Any:
        """The connections of the running event loop."""
        loop = _loop()
        session = self._sessions.get(loop)
        if session is None:
            for ended in [each for each in tuple(self._sessions) if each.is_closed()]:
                del self._sessions[ended]
            session = self._sessions[loop] = self._aiohttp.ClientSession(
                connector=self._aiohttp.TCPConnector(limit=MOST, ssl=self._ssl, resolver=_Resolver()),
                cookie_jar=self._aiohttp.DummyCookieJar(),
                skip_auto_headers=_NOT_ADDED,
                auto_decompress=False,
            )
        return session


class _Body(httpx.AsyncByteStream):
    """An answer's body, of which as much is in memory as is being read."""

    def __init__(self, aiohttp: Any, response: Any) -> None:
        self._aiohttp: Final = aiohttp
        self._response: Final = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except (self._aiohttp.ClientError, OSError) as error:
            raise _named_by_httpx(self._aiohttp, error) from error

    async def aclose(self) -> None:
        """Close the connection, unless all of the answer has come: then it waits for the next already."""
        self._response.close()


class _Resolver:
    """Looks names up in threads of our own, where aiohttp would take the event loop's."""

    def __init__(self) -> None:
        self._lookups: Final = Lookups()

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[dict[str, Any]]:
        """As aiohttp asks for it. Raises `OSError`."""
        try:
            found = await arrival(self._lookups.of(host))
        except UnicodeError as error:
            raise OSError(str(error)) from error
        families = [(address, socket.AF_INET6 if ":" in address else socket.AF_INET) for address in found]
        return [
            {"hostname": host, "host": address, "port": port, "family": kind, "proto": 0, "flags": socket.AI_NUMERICHOST}
            for address, kind in families
            if family in (socket.AF_UNSPEC, kind)
        ]

    async def close(self) -> None:
        """There is nothing to close."""


def _loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError("AiohttpTransport works on asyncio only; leave it out on trio") from None


def _proxy(scheme: str, place: str) -> str | None:
    """The proxy that the environment names for a place."""
    if proxy_bypass(place):
        return None
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy:
        return None
    address = proxy if "://" in proxy else f"http://{proxy}"
    if not address.startswith(("http://", "https://")):
        raise httpx.UnsupportedProtocol("aiohttp knows no proxies but those of http and https")
    return address


def _named_by_httpx(aiohttp: Any, error: Exception) -> httpx.TransportError:
    """aiohttp's error as the driver knows it."""
    names: tuple[tuple[Any, type[httpx.TransportError]], ...] = (
        (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
        (TimeoutError, httpx.ReadTimeout),
        ((aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError), httpx.ProxyError),
        (aiohttp.ClientConnectorError, httpx.ConnectError),
        ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError), httpx.RemoteProtocolError),
        (OSError, httpx.ReadError),
        (aiohttp.ClientConnectionError, httpx.ReadError),
    )
    made = next((named for kinds, named in names if isinstance(error, kinds)), httpx.LocalProtocolError)
    return made(str(error))
