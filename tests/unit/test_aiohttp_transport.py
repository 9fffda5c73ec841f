"""The asynchronous driver over aiohttp: every journey, many calls at once, callers that leave.

What comes of bad answers is held by `test_drivers.py` for every transport, and proxies and TLS by `test_network.py`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import anyio
import anyio.lowlevel
import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from cognito_auth.api.account import GetUser
from cognito_auth.client import AiohttpTransport, AsyncCognitoClient
from cognito_auth.config import Settings
from cognito_auth.effects import Exchange, HttpRequest, perform
from cognito_auth.errors import ConfigurationError, TransportError
from cognito_auth.local.http.server import running
from tests.scenarios.by_flows import program
from tests.scenarios.drivers import Driver, Drivers, Ported
from tests.scenarios.journeys import JOURNEYS
from tests.scenarios.stands import Embedded
from tests.scenarios.world import CREDENTIALS, World
from tests.support.peer import Peer, peer
from tests.support.scripted import SETTINGS

USER: Final[dict[str, Any]] = {"Username": "ana", "UserAttributes": []}
TOGETHER: Final = 50
ROUNDS: Final = 4


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    stand = Embedded()
    with closing(World(stand)) as made, running(stand.cognito):
        yield made


@pytest.fixture(scope="module")
def drivers() -> Iterator[Drivers]:
    with start_blocking_portal() as portal:

        def make(world: World, settings: Settings) -> Driver:
            surroundings = world.stand.surroundings
            client = AsyncCognitoClient(
                settings, transport=AiohttpTransport(), credentials=CREDENTIALS, surroundings=surroundings
            )
            return Ported(client, portal)

        with closing(Drivers(make)) as made:
            yield made


@pytest.fixture
def server() -> Iterator[Peer]:
    with peer() as running:
        yield running


@pytest.mark.parametrize("name", JOURNEYS)
def test_journeys(world: World, drivers: Drivers, name: str) -> None:
    journey = JOURNEYS[name]
    settings = world.settings(journey.pool, rotating=journey.rotating, flows=journey.flows)
    journey.make(program(world, settings, drivers))


def test_many_at_once_and_one_after_the_other(server: Peer) -> None:
    server.answers.extend([(200, USER)] * TOGETHER * ROUNDS)
    names: list[str] = []

    async def main() -> None:
        settings = replace(SETTINGS, endpoint=server.url)
        async with AsyncCognitoClient(settings, transport=AiohttpTransport()) as client:

            async def ask() -> None:
                names.extend([(await client.send(GetUser(access_token="token"))).username for _ in range(ROUNDS)])

            async with anyio.create_task_group() as tasks:
                for _ in range(TOGETHER):
                    tasks.start_soon(ask)

    anyio.run(main)
    assert names == ["ana"] * TOGETHER * ROUNDS


def test_a_caller_that_leaves_disturbs_nobody(server: Peer) -> None:
    answers: list[bytes] = []

    async def main() -> None:
        async with AsyncCognitoClient(SETTINGS, transport=AiohttpTransport()) as client:

            async def ask(path: str) -> None:
                request = HttpRequest(method="GET", url=f"{server.url}{path}")
                answers.append((await client.run(perform(Exchange(request=request, timeout=10, max_bytes=100)))).body)

            for path in ("/silent", "/drip", "/drip-head"):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(ask, path)
                    while not any(received.path == path for received in server.received):
                        await anyio.lowlevel.checkpoint()
                    tasks.cancel_scope.cancel()
                await ask("/hello")

    anyio.run(main)
    assert answers == [b"hello"] * 3


def test_what_it_sends_is_what_httpx_sends(server: Peer) -> None:
    server.answers.extend([(200, USER)] * 2)

    async def main(transport: httpx.AsyncBaseTransport | None) -> None:
        async with AsyncCognitoClient(replace(SETTINGS, endpoint=server.url), transport=transport) as client:
            await client.send(GetUser(access_token="token"))

    anyio.run(main, None)
    anyio.run(main, AiohttpTransport())
    by_httpx, by_aiohttp = server.received
    assert by_aiohttp == by_httpx


def test_one_transport_serves_several_event_loops_in_turn(server: Peer) -> None:
    server.answers.extend([(200, USER)] * 3)
    client = AsyncCognitoClient(replace(SETTINGS, endpoint=server.url), transport=AiohttpTransport())

    async def main() -> str:
        async with client:
            return (await client.send(GetUser(access_token="token"))).username

    assert [anyio.run(main) for _ in range(3)] == ["ana"] * 3


def test_closing_without_having_been_used() -> None:
    anyio.run(AiohttpTransport().aclose)


def test_a_proxy_of_a_kind_that_aiohttp_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://user:word@127.0.0.1:1")

    async def main() -> None:
        async with AsyncCognitoClient(
            replace(SETTINGS, endpoint="http://name.localhost"), transport=AiohttpTransport()
        ) as client:
            await client.send(GetUser(access_token="token"))

    with pytest.raises(TransportError, match="no proxies but") as caught:
        anyio.run(main)
    assert "word" not in str(caught.value)


def test_trio_is_told_to_do_without() -> None:
    async def main() -> None:
        client = AsyncCognitoClient(SETTINGS, transport=AiohttpTransport())
        await client.send(GetUser(access_token="token"))

    with pytest.raises(ConfigurationError, match="asyncio only"):
        anyio.run(main, backend="trio")


def test_without_its_package() -> None:
    program = (
        "import sys; sys.modules['aiohttp'] = None\n"
        "from cognito_auth.client import AiohttpTransport\n"
        "from cognito_auth.errors import MissingExtra\n"
        "try: AiohttpTransport()\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "AiohttpTransport needs more packages: pip install 'cognito-auth-kit[aiohttp]'\n"
