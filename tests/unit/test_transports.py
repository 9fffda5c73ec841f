"""The connections of the asynchronous driver: how they are shared, how many there are, and when they are closed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import Final

import anyio
import anyio.abc
import anyio.lowlevel
import httpx
import pytest

from cognito_auth.client.transports import MOST, Connections, Direct

LOOPS: Final = ("asyncio", "trio")
ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@dataclass(slots=True)
class Server:
    """Answers as long as nobody hangs up; counts the connections that are open."""

    url: str = ""
    open: int = 0
    ever: int = 0
    most: int = 0
    pieces: list[bytes] = field(default_factory=list[bytes])
    gate: anyio.Event = field(default_factory=anyio.Event)
    """Until it is set, nobody is answered."""
    hangs_up: bool = False
    """After each answer, without having said so."""

    async def __call__(self, stream: anyio.abc.ByteStream) -> None:
        self.open, self.ever = self.open + 1, self.ever + 1
        self.most = max(self.most, self.open)
        async with stream:
            try:
                while True:
                    self.pieces.append(await stream.receive())
                    await self.gate.wait()
                    await stream.send(ANSWER)
                    if self.hangs_up:
                        break
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                pass
        self.open -= 1


@asynccontextmanager
async def serving() -> AsyncGenerator[Server]:
    server = Server()
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        server.url = f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}/"
        tasks.start_soon(listener.serve, server)
        yield server
        tasks.cancel_scope.cancel()


async def ask(connections: Connections, url: str) -> None:
    body = httpx.ByteStream(b"{}")
    headers = {"Host": "127.0.0.1", "Content-Length": "2"}
    response = await connections.handle_async_request(httpx.Request("POST", url, headers=headers, stream=body))
    assert await response.aread() == b"hello"
    await response.aclose()


async def until(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not condition():
            await anyio.lowlevel.checkpoint()


pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", LOOPS)]


async def test_one_after_the_other_share_a_connection() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        server.gate.set()
        for _ in range(5):
            await ask(connections, server.url)
        assert server.ever == 1


async def test_a_request_goes_out_in_one_piece() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        server.gate.set()
        await ask(connections, server.url)
        (piece,) = server.pieces
        assert piece.startswith(b"POST / HTTP/1.1\r\n")
        assert piece.endswith(b"\r\n\r\n{}")


async def test_there_are_no_more_connections_than_may_be() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        async with anyio.create_task_group() as tasks:
            for _ in range(2 * MOST):
                tasks.start_soon(ask, connections, server.url)
            await until(lambda: len(server.pieces) == MOST)
            server.gate.set()
        assert len(server.pieces) == 2 * MOST
        assert server.most == MOST


async def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        server.gate.set()
        server.hangs_up = True
        for number in range(1, 4):
            await ask(connections, server.url)
            await until(lambda: server.open == 0)
            assert server.ever == number


async def test_a_connection_that_nobody_needs_is_closed() -> None:
    async with serving() as server, aclosing(Connections(kept=0.0)) as connections:
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(ask, connections, server.url)
            await until(lambda: len(server.pieces) == 3)
            server.gate.set()
        await ask(connections, server.url)
        await until(lambda: server.open <= 1)


async def test_whoever_leaves_takes_the_connection_along() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        async with anyio.create_task_group() as tasks:
            for _ in range(MOST):
                tasks.start_soon(ask, connections, server.url)
            await until(lambda: len(server.pieces) == MOST)
            tasks.cancel_scope.cancel()
        server.gate.set()
        await until(lambda: server.open == 0)
        await ask(connections, server.url)


async def test_an_answer_that_is_not_read_is_not_mixed_with_the_next() -> None:
    async with serving() as server, aclosing(Connections()) as connections:
        server.gate.set()
        response = await connections.handle_async_request(httpx.Request("GET", server.url, headers={"Host": "127.0.0.1"}))
        await response.aclose()
        await ask(connections, server.url)
        assert server.ever == 2


async def test_closing_closes_all() -> None:
    async with serving() as server:
        connections = Connections()
        server.gate.set()
        await ask(connections, server.url)
        response = await connections.handle_async_request(httpx.Request("GET", server.url, headers={"Host": "127.0.0.1"}))
        await connections.aclose()
        await until(lambda: server.open == 0)
        await response.aclose()


async def test_other_schemes() -> None:
    async with aclosing(Connections()) as connections:
        with pytest.raises(httpx.UnsupportedProtocol):
            await connections.handle_async_request(httpx.Request("GET", "ftp://127.0.0.1/"))


async def test_a_release_of_httpx_that_is_built_otherwise_is_used_as_it_is() -> None:
    request = httpx.Request("GET", "http://server.example")
    async with aclosing(Connections(httpx.AsyncClient(transport=Otherwise()))) as connections:
        assert await (await connections.handle_async_request(request)).aread() == b"here"
    with closing(Direct(httpx.Client(transport=Otherwise()))) as direct:
        assert direct.handle_request(request).read() == b"here"


class Otherwise(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport without a pool."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="here")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="here")
