"""What a call of Cognito's API costs the client: one after the other, and many at once.

    python -m benchmarks.calls [--effort 1.0]

Every candidate sends the same operation, `GetUser`, over connections that stay open, to a server in another process that has
its one answer ready, and reads the reply. It is plain HTTP on this machine: TLS and distance would be added to all of them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, ExitStack, closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from time import process_time
from typing import Any, Final, Generic, TypeAlias, TypeVar
from urllib.parse import urlsplit

import httpx

from cognito_auth.api.account import GetUser
from cognito_auth.client import AiohttpTransport, AsyncCognitoClient, CognitoClient
from cognito_auth.config import Settings

from .canned import USERNAME, canned_server
from .measuring import MILLISECONDS, Candidate, Compared, Table, Target, Turn, at_least, at_most, side_by_side, timed
from .peers import Missing, named, peer
from .reports import Report, main

ROUNDS: Final = 60
CALLS: Final = 50
"""Of one turn, where they come one after the other."""
AT_ONCE: Final = 50
EACH: Final = 4
"""Calls of one turn that each of those at once makes."""

REGION: Final = "eu-west-1"
TOKEN: Final = "eyJraWQiOiJr.eyJzdWIiOiJz.c2lnbmF0dXJl" * 28
"""As long as a token is; nobody reads it."""
BODY: Final = json.dumps({"AccessToken": TOKEN}).encode()
HEADERS: Final = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}

Call: TypeAlias = Callable[[], str]
AsyncCall: TypeAlias = Callable[[], Awaitable[str]]
"""Asks for a user, and gives the name."""
Make: TypeAlias = Callable[[str, ExitStack], Call]
MakeAsync: TypeAlias = Callable[[str, AsyncExitStack], Coroutine[Any, Any, AsyncCall]]
"""Makes a client for a server's address, which the stack closes. Raises `Missing`."""
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Way(Generic[M]):
    """A way to call."""

    name: str
    make: M
    package: str = ""
    """Whose version belongs to the name."""
    target: Target | None = None

    def measured(self, turn: Turn) -> Candidate:
        """The way with what is done in its turn."""
        return Candidate(f"{named(self.package)}{self.name}" if self.package else self.name, turn, self.target)


def settings(url: str) -> Settings:
    """The server as a user pool."""
    return Settings(user_pool_id=f"{REGION}_AbCdEfGhI", client_id="4f5g6h7j8k9l", endpoint=url)


# One after the other


def by_boto3(url: str, stack: ExitStack) -> Call:
    config = peer("botocore.config", "boto3").Config(signature_version=peer("botocore", "boto3").UNSIGNED)
    client = peer("boto3", "boto3").client("cognito-idp", region_name=REGION, endpoint_url=url, config=config)
    stack.enter_context(closing(client))
    return lambda: str(client.get_user(AccessToken=TOKEN)["Username"])


def by_http_client(url: str, stack: ExitStack) -> Call:
    connection = stack.enter_context(closing(HTTPConnection(urlsplit(url).netloc)))

    def call() -> str:
        connection.request("POST", "/", BODY, HEADERS)
        return str(json.loads(connection.getresponse().read())["Username"])

    return call


def by_httpx(url: str, stack: ExitStack) -> Call:
    client = stack.enter_context(httpx.Client())
    return lambda: str(client.post(f"{url}/", content=BODY, headers=HEADERS).json()["Username"])


def by_ours(url: str, stack: ExitStack) -> Call:
    client = stack.enter_context(CognitoClient(settings(url)))
    return lambda: client.send(GetUser(access_token=TOKEN)).username


ONE_BY_ONE: Final[tuple[Way[Make], ...]] = (
    Way("", by_boto3, "boto3"),
    Way("http.client, bare", by_http_client),
    Way(", bare", by_httpx, "httpx"),
    Way("CognitoClient", by_ours, target=at_most(0.70)),
)


def one_by_one(url: str, rounds: int, skipped: list[str]) -> Sequence[Table]:
    """The table of calls one after the other; none without whom they are compared with."""

    def spent(call: Call) -> float:
        begin = process_time()
        names = {call() for _ in range(CALLS)}
        took = process_time() - begin
        assert names == {USERNAME}
        return took / CALLS

    candidates: list[Candidate] = []
    with ExitStack() as stack:
        for way in ONE_BY_ONE:
            try:
                candidates.append(way.measured(partial(spent, way.make(url, stack))))
            except Missing as missing:
                skipped.append(str(missing))
                if way is ONE_BY_ONE[0]:
                    return ()
        title = "API call, the client's own cost, one after the other"
        notes = ["CPU time of the calling process for each call."]
        return (side_by_side(title, candidates, rounds=rounds, notes=notes),)


# Many at once


async def by_aioboto3(url: str, stack: AsyncExitStack) -> AsyncCall:
    unsigned = peer("botocore", "aioboto3").UNSIGNED
    config = peer("aiobotocore.config", "aioboto3").AioConfig(signature_version=unsigned, max_pool_connections=AT_ONCE)
    session = peer("aioboto3", "aioboto3").Session(region_name=REGION)
    client = await stack.enter_async_context(session.client("cognito-idp", endpoint_url=url, config=config))

    async def call() -> str:
        return str((await client.get_user(AccessToken=TOKEN))["Username"])

    return call


async def by_aiohttp(url: str, stack: AsyncExitStack) -> AsyncCall:
    session = await stack.enter_async_context(peer("aiohttp", "aiohttp").ClientSession())

    async def call() -> str:
        async with session.post(f"{url}/", data=BODY, headers=HEADERS) as response:
            return str(json.loads(await response.read())["Username"])

    return call


def by_client_of(module: str, kept: int = 20) -> MakeAsync:
    """A client of httpx, or of what may take its place; ``kept`` is how many idle connections it keeps, 20 by default."""

    async def make(url: str, stack: AsyncExitStack) -> AsyncCall:
        clients = peer(module, module)
        limits = clients.Limits(max_connections=100, max_keepalive_connections=kept)
        client = await stack.enter_async_context(clients.AsyncClient(limits=limits))

        async def call() -> str:
            return str((await client.post(f"{url}/", content=BODY, headers=HEADERS)).json()["Username"])

        return call

    return make


def by_ours_over(transport: Callable[[], httpx.AsyncBaseTransport | None]) -> MakeAsync:
    """Our client with a transport, or with the one that it has by itself."""

    async def make(url: str, stack: AsyncExitStack) -> AsyncCall:
        client = await stack.enter_async_context(AsyncCognitoClient(settings(url), transport=transport()))

        async def call() -> str:
            return (await client.send(GetUser(access_token=TOKEN))).username

        return call

    return make


def aiohttps() -> httpx.AsyncBaseTransport:
    """The transport over aiohttp, where that is installed."""
    peer("aiohttp", "aiohttp")
    return AiohttpTransport()


MANY_AT_ONCE: Final[tuple[Way[MakeAsync], ...]] = (
    Way("", by_aioboto3, "aioboto3"),
    Way(", bare", by_aiohttp, "aiohttp"),
    Way(", bare", by_client_of("httpx"), "httpx"),
    Way(", bare, with all connections kept", by_client_of("httpx", kept=AT_ONCE), "httpx"),
    Way(", bare", by_client_of("httpx2"), "httpx2"),
    Way("AsyncCognitoClient", by_ours_over(lambda: None), target=at_least(1.0)),
    Way("AsyncCognitoClient over aiohttp", by_ours_over(aiohttps), target=at_least(1.0)),
)

WHY_HTTPX_IS_SLOW: Final = (
    "httpx's pool promises one idle connection to several requests, and all but the first ask again: four times for each call.",
    "Whoever asks looks at every connection, and tries in vain to import sniffio, where that is not installed.",
    "Keeping more connections does not help. httpx2 needs no sniffio. AsyncCognitoClient keeps httpx's connections itself.",
)


def many_at_once(url: str, rounds: int, skipped: list[str]) -> Sequence[Table]:
    """The table of calls at once; none without whom they are compared with."""

    async def asked(call: AsyncCall) -> None:
        for _ in range(EACH):
            assert await call() == USERNAME

    async def together(call: AsyncCall) -> None:
        await asyncio.gather(*(asked(call) for _ in range(AT_ONCE)))

    def on_loop(runner: asyncio.Runner, call: AsyncCall) -> None:
        runner.run(together(call))

    candidates: list[Candidate] = []
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            for way in MANY_AT_ONCE:
                try:
                    call = runner.run(way.make(url, stack))
                    candidates.append(way.measured(timed(partial(on_loop, runner, call))))
                except Missing as missing:
                    skipped.append(str(missing))
                    if way is MANY_AT_ONCE[0]:
                        return ()
            title = f"API call, calls a second, {AT_ONCE} at once"
            notes = [f"Wall clock for {AT_ONCE} times {EACH} calls on one asyncio event loop.", *WHY_HTTPX_IS_SLOW]
            table = side_by_side(title, candidates, rounds=rounds, unit=MILLISECONDS, compared=Compared.THROUGHPUT, notes=notes)
        finally:
            runner.run(stack.aclose())
    return (table,)


def run(effort: float) -> Report:
    """Both tables."""
    rounds, skipped = max(3, round(ROUNDS * effort)), list[str]()
    with canned_server() as url:
        tables = (*one_by_one(url, rounds, skipped), *many_at_once(url, rounds, skipped))
    return Report(name="calls", tables=tables, skipped=tuple(dict.fromkeys(skipped)))


if __name__ == "__main__":
    main(run, __doc__)
