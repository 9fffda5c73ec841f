"""Both drivers against a real server: what comes of answers that are late, long, cut or not what was asked for, and how flows
share work, are left and are closed."""

from __future__ import annotations

import inspect
import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

import anyio
import anyio.lowlevel
import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import RespondToAuthChallenge
from cognito_auth.api.users import AdminGetUser
from cognito_auth.client import AiohttpTransport, AsyncCognitoClient, AwsCredentials, CognitoClient, Surroundings
from cognito_auth.config import Settings
from cognito_auth.effects import (
    Background,
    Compute,
    Configuration,
    Effect,
    Exchange,
    FetchKeySet,
    Flow,
    HttpRequest,
    HttpResponse,
    Monotonic,
    Now,
    PackageFile,
    RandomBytes,
    Share,
    Sleep,
    perform,
)
from cognito_auth.errors import InternalError, KeysUnavailable, ProtocolError, TooManyRequests, TransportError
from cognito_auth.secret import Secret
from tests.support.peer import Peer, peer
from tests.support.scripted import SETTINGS

T = TypeVar("T")
Run = Callable[[Flow[Any]], Any]
"""Carries out a flow with a client of its own."""

LOOPS: Final = ("asyncio", "trio")
KINDS: Final = ("blocking", *LOOPS, "aiohttp")
"""Both drivers, the asynchronous one on each event loop and with each transport."""
HOUR: Final = 3600.0
MANY: Final = 200
NO_PAUSES: Final = Surroundings(now=lambda: 17.5, monotonic=lambda: 4.25, random_bytes=bytes)
CREDENTIALS: Final = AwsCredentials(
    access_key_id="AKIAEXAMPLE", secret_access_key=Secret("aws-secret"), session_token=Secret("aws-session")
)
USER: Final[dict[str, Any]] = {"Username": "ana", "UserAttributes": []}
THROTTLED: Final = {"__type": "TooManyRequestsException", "message": "Rate exceeded"}


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with peer() as running:
        yield running


@pytest.fixture
def answers(server: Peer) -> Iterator[list[tuple[int, Any]]]:
    """What the server answers to operations; all of it has to be asked for."""
    server.received.clear()
    yield server.answers
    assert server.answers == []


@pytest.fixture(params=KINDS)
def run(request: pytest.FixtureRequest, server: Peer) -> Run:
    return partial(carry_out, request.param, replace(SETTINGS, endpoint=server.url))


def carry_out(kind: str, settings: Settings, flow: Flow[T]) -> T:
    if kind == "blocking":
        with CognitoClient(settings, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
            return client.run(flow)

    backend, transport = ("asyncio", AiohttpTransport()) if kind == "aiohttp" else (kind, None)

    async def main() -> T:
        async with AsyncCognitoClient(settings, transport=transport, credentials=CREDENTIALS, surroundings=NO_PAUSES) as client:
            return await client.run(flow)

    return anyio.run(main, backend=backend)


def get(url: str, *, timeout: float = 10.0, max_bytes: int = 1000) -> Flow[HttpResponse]:
    return perform(Exchange(request=HttpRequest(method="GET", url=url), timeout=timeout, max_bytes=max_bytes))


# Exchanges


def test_an_answer(run: Run, server: Peer, answers: list[object]) -> None:
    response = run(get(f"{server.url}/hello"))
    assert (response.status, response.body) == (200, b"hello")
    assert response.headers["x-mixed-case"] == "kept"
    assert server.received[0].headers["accept-encoding"] == "identity"
    assert answers == []


BAD_EXCHANGES: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    "silent": ("/silent", {"timeout": 0.1}, "0.1 seconds"),
    "drip": ("/drip", {"timeout": 0.2}, "0.2 seconds"),
    "drip-before-the-body": ("/drip-head", {"timeout": 0.2}, "0.2 seconds"),
    "too-long": ("/ten", {"max_bytes": 9}, "longer than 9 bytes"),
    "endless": ("/drip", {"max_bytes": 3}, "longer than 3 bytes"),
    "encoded": ("/gzip", {}, "encoded"),
    "cut": ("/cut", {}, "RemoteProtocolError"),
    "reset": ("/reset", {}, "ReadError|RemoteProtocolError"),
    "nonsense": ("/nonsense", {}, "RemoteProtocolError"),
}


# httpx leaves its own generators to the collector when an answer is not read to its end, and trio tells.
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")
@pytest.mark.parametrize(("path", "bounds", "message"), BAD_EXCHANGES.values(), ids=BAD_EXCHANGES.keys())
def test_no_answer(run: Run, server: Peer, path: str, bounds: dict[str, Any], message: str) -> None:
    with pytest.raises(TransportError, match=message):
        run(get(f"{server.url}{path}", **bounds))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "https://name.invalid/", "nonsense://x", "http://[", ""],
    ids=["nobody-listens", "no-such-name", "no-such-scheme", "open-bracket", "empty"],
)
def test_nobody_there(run: Run, url: str) -> None:
    with pytest.raises(TransportError):
        run(get(url))


def test_a_name_is_looked_up(run: Run, server: Peer) -> None:
    """One that may have several addresses, of which the server listens on one."""
    assert run(get(f"{server.url.replace('127.0.0.1', 'localhost')}/hello")).body == b"hello"


def test_an_answer_of_just_the_length_allowed(run: Run, server: Peer) -> None:
    assert run(get(f"{server.url}/ten", max_bytes=10)).body == b"0123456789"
    assert run(get(f"{server.url}/empty", max_bytes=0)).body == b""


def test_redirects_are_not_followed(run: Run, server: Peer, answers: list[object]) -> None:
    response = run(get(f"{server.url}/redirect"))
    assert (response.status, response.headers["location"]) == (302, "/hello")
    assert [received.path for received in server.received] == ["/redirect"]
    assert answers == []


def test_a_key_set(run: Run, server: Peer) -> None:
    assert run(perform(FetchKeySet(f"{server.url}/hello"))) == b"hello"
    with pytest.raises(KeysUnavailable, match="302"):
        run(perform(FetchKeySet(f"{server.url}/redirect")))


# Operations


def test_an_operation(run: Run, server: Peer, answers: list[object]) -> None:
    answers.append((200, USER))
    assert run(perform(GetUser(access_token="token"))).username == "ana"
    (received,) = server.received
    assert received.headers["x-amz-target"] == "AWSCognitoIdentityProviderService.GetUser"
    assert "authorization" not in received.headers
    assert json.loads(received.body) == {"AccessToken": "token"}


def test_throttled_requests_are_sent_again(run: Run, server: Peer, answers: list[object]) -> None:
    answers.extend([(400, THROTTLED), (400, THROTTLED), (200, USER)])
    assert run(perform(GetUser(access_token="token"))).username == "ana"
    assert len({received.body for received in server.received}) == 1
    answers.extend([(400, THROTTLED)] * 3)
    with pytest.raises(TooManyRequests):
        run(perform(GetUser(access_token="token")))


def test_an_answer_to_a_challenge_is_sent_once(run: Run, server: Peer, answers: list[object]) -> None:
    answers.append((500, {"__type": "InternalErrorException"}))
    with pytest.raises(InternalError):
        run(perform(RespondToAuthChallenge(challenge_name="SMS_MFA")))
    assert len(server.received) == 1


def test_the_administrator_s_operations_are_signed(run: Run, server: Peer, answers: list[object]) -> None:
    answers.append((200, USER))
    run(perform(AdminGetUser(username="ana")))
    (received,) = server.received
    scope = "/eu-west-1/cognito-idp/aws4_request"
    assert received.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")
    assert scope in received.headers["authorization"]
    assert received.headers["x-amz-security-token"] == "aws-session"
    assert "aws-secret" not in str(received)


def test_send_is_one_operation(server: Peer, answers: list[object]) -> None:
    settings = replace(SETTINGS, endpoint=server.url)
    answers.extend([(200, USER), (200, USER), (200, ["nonsense"])])

    async def main() -> str:
        async with AsyncCognitoClient(settings) as client:
            return (await client.send(GetUser(access_token="token"))).username

    with CognitoClient(settings) as client:
        assert client.send(GetUser(access_token="token")).username == anyio.run(main) == "ana"
        with pytest.raises(ProtocolError):
            client.send(GetUser(access_token="token"))


# Effects that need no network


def test_surroundings(run: Run) -> None:
    def flow() -> Flow[tuple[object, ...]]:
        settings = yield from perform(Configuration())
        now = yield from perform(Now())
        monotonic = yield from perform(Monotonic())
        random = yield from perform(RandomBytes(4))
        yield from perform(Sleep(0.0))
        return settings.client_id, now, monotonic, random

    assert run(flow()) == ("client1", 17.5, 4.25, bytes(4))


@pytest.mark.parametrize("kind", LOOPS)
def test_computing_keeps_off_the_event_loop(kind: str) -> None:
    assert carry_out(kind, SETTINGS, perform(Compute(threading.get_ident))) != threading.get_ident()


def test_a_file_of_the_package(run: Run) -> None:
    assert run(perform(PackageFile("web/static/passkeys.js"))).startswith(b"/**\n * The browser's part of passkeys")
    with pytest.raises(FileNotFoundError):
        run(perform(PackageFile("web/static/riddle.js")))


def test_errors_are_thrown_into_the_flow(run: Run, server: Peer) -> None:
    def flow() -> Flow[str]:
        try:
            yield from get(f"{server.url}/cut")
        except TransportError:
            response = yield from get(f"{server.url}/hello")
            return response.body.decode()
        return "no error"

    assert run(flow()) == "hello"


def test_an_effect_that_drivers_do_not_know(run: Run) -> None:
    class Tea(Effect[None]):
        pass

    with pytest.raises(TypeError, match="Tea"):
        run(perform(Tea()))


class Abandoned(BaseException):
    """Something that is no error of a flow, as a keyboard interrupt."""


def test_a_flow_is_closed_when_its_caller_is_torn_away(run: Run) -> None:
    seen: list[str] = []

    def tear() -> None:
        raise Abandoned

    def flow() -> Flow[None]:
        try:
            yield from perform(Compute(tear))
        except BaseException as error:
            seen.append(type(error).__name__)
            raise

    held = flow()  # or the collector would close it
    with pytest.raises(Abandoned):
        run(held)
    assert seen == ["GeneratorExit"]
    assert inspect.getgeneratorstate(held) == inspect.GEN_CLOSED


@pytest.mark.parametrize("kind", LOOPS)
def test_a_flow_is_closed_when_its_task_is_cancelled(kind: str) -> None:
    seen: list[str] = []

    def flow() -> Flow[None]:
        try:
            yield from perform(Sleep(HOUR))
        finally:
            seen.append("closed")

    held = flow()

    async def main() -> None:
        async with AsyncCognitoClient(SETTINGS) as client, anyio.create_task_group() as group:
            group.start_soon(client.run, held)
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()

    anyio.run(main, backend=kind)
    assert seen == ["closed"]


# Sharing


class Counted(str):
    """A key that knows which threads have looked it up, which they do while they hold the driver's lock."""

    __slots__ = ()
    threads: Final[set[int]] = set()

    def __hash__(self) -> int:
        self.threads.add(threading.get_ident())
        return super().__hash__()


def test_threads_that_wait_for_a_stopped_one_take_over() -> None:
    begun, waiting = threading.Event(), threading.Event()

    def stopped() -> Flow[str]:
        begun.set()
        waiting.wait(HOUR)
        yield from ()
        raise Abandoned

    def finished() -> Flow[str]:
        yield from ()
        return "taken over"

    with CognitoClient(SETTINGS) as client, ThreadPoolExecutor(2) as threads:
        leader = threads.submit(client.run, perform(Share(("key",), stopped)))
        assert begun.wait(HOUR)
        Counted.threads.clear()
        follower = threads.submit(client.run, perform(Share((Counted("key"),), finished)))
        while not Counted.threads:
            pass
        waiting.set()
        assert follower.result(HOUR) == "taken over"
        with pytest.raises(Abandoned):
            leader.result(HOUR)


@pytest.mark.parametrize("fails", [False, True], ids=["result", "error"])
def test_threads_share_one_run(*, fails: bool) -> None:
    runs: list[int] = []
    Counted.threads.clear()
    together = threading.Barrier(MANY)

    def work() -> str:
        runs.append(1)
        while len(Counted.threads) < MANY:
            threading.Event().wait(0.001)
        if fails:
            raise TransportError("no answer")
        return "result"

    def ask(client: CognitoClient) -> str:
        together.wait()
        try:
            return client.run(perform(Share(("key", Counted("x")), lambda: perform(Compute(work)))))
        except TransportError as error:
            return str(error)

    with CognitoClient(SETTINGS) as client, ThreadPoolExecutor(MANY) as pool:
        outcomes = list(pool.map(ask, [client] * MANY))
        assert outcomes == ["no answer" if fails else "result"] * MANY
        assert len(runs) == 1
        assert client.run(perform(Share(("key", "y"), lambda: perform(Compute(lambda: "later"))))) == "later"


@pytest.mark.parametrize("fails", [False, True], ids=["result", "error"])
@pytest.mark.parametrize("kind", LOOPS)
def test_tasks_share_one_run(kind: str, *, fails: bool) -> None:
    runs: list[int] = []
    outcomes: list[str] = []
    gate = threading.Event()

    def work() -> str:
        runs.append(1)
        gate.wait()
        if fails:
            raise TransportError("no answer")
        return "result"

    async def ask(client: AsyncCognitoClient) -> None:
        try:
            outcomes.append(await client.run(perform(Share(("key",), lambda: perform(Compute(work))))))
        except TransportError as error:
            outcomes.append(str(error))

    async def main() -> None:
        async with AsyncCognitoClient(SETTINGS) as client:
            async with anyio.create_task_group() as group:
                for _ in range(MANY):
                    group.start_soon(ask, client)
                await anyio.wait_all_tasks_blocked()
                gate.set()
            await ask(client)

    anyio.run(main, backend=kind)
    assert outcomes == ["no answer" if fails else "result"] * (MANY + 1)
    assert len(runs) == 2


@pytest.mark.parametrize("kind", LOOPS)
def test_when_the_leader_is_cancelled_somebody_takes_over(kind: str) -> None:
    runs: list[int] = []
    outcomes: list[str] = []

    def flow() -> Flow[str]:
        runs.append(1)
        if len(runs) == 1:
            yield from perform(Sleep(HOUR))
        yield from perform(Sleep(0.0))
        return "result"

    async def ask(client: AsyncCognitoClient, scope: anyio.CancelScope) -> None:
        with scope:
            outcomes.append(await client.run(perform(Share(("key",), flow))))

    async def main() -> None:
        scopes = [anyio.CancelScope() for _ in range(MANY)]
        async with AsyncCognitoClient(SETTINGS) as client, anyio.create_task_group() as group:
            group.start_soon(ask, client, scopes[0])
            await anyio.wait_all_tasks_blocked()
            for scope in scopes[1:]:
                group.start_soon(ask, client, scope)
            await anyio.wait_all_tasks_blocked()
            scopes[1].cancel()
            scopes[0].cancel()

    anyio.run(main, backend=kind)
    assert outcomes == ["result"] * (MANY - 2)
    assert len(runs) == 2


# Background work


def wait_for_background() -> None:
    """Wait for the threads of background work, which are daemons: an embedded pool's worker, which waits for ever, is none."""
    for thread in threading.enumerate():
        if thread.daemon and thread.name.startswith("cognito-auth "):
            thread.join()


def test_errors_of_background_work_are_logged_and_not_raised(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise TransportError("nobody there")

    def flow() -> Flow[str]:
        yield from perform(Background(("keys", "secret"), lambda: perform(Compute(fail))))
        for _ in range(100):  # gives a task its turn
            yield from perform(Sleep(0.0))
        yield from perform(Compute(lambda: None))
        return "went on"

    with caplog.at_level(logging.WARNING, "cognito_auth"):
        assert run(flow()) == "went on"
        wait_for_background()
    (message,) = caplog.messages
    assert "nobody there" in message
    assert "keys" in message
    assert "secret" not in message


@pytest.mark.parametrize("kind", ["blocking", "asyncio"])
def test_background_work_runs_once_for_each_key(kind: str) -> None:
    gate = threading.Event()
    runs: list[int] = []
    started: list[int] = []

    def work() -> None:
        runs.append(1)
        gate.wait()

    def flow() -> Flow[None]:
        for _ in range(5):
            yield from perform(Background(("keys",), lambda: perform(Compute(work))))
        yield from perform(Background(("other",), lambda: perform(Compute(work))))

    def again() -> Flow[None]:
        yield from perform(Background(("keys",), lambda: perform(Compute(work))))

    async def main() -> None:
        async with AsyncCognitoClient(SETTINGS) as client:
            await client.run(flow())
            await anyio.wait_all_tasks_blocked()
            await client.run(flow())
            while len(runs) < 2:  # the tasks wait for threads, which may be late
                await anyio.lowlevel.checkpoint()
            started.append(len(runs))
            gate.set()
            while len(runs) < 3:
                await client.run(again())
                await anyio.lowlevel.checkpoint()

    if kind == "asyncio":
        anyio.run(main)
    else:
        with CognitoClient(SETTINGS) as client:
            client.run(flow())
            client.run(flow())
            gate.set()
            wait_for_background()
            started.append(len(runs))
            client.run(again())
            wait_for_background()
    assert started == [2]
    assert len(runs) >= 3


def test_closing_stops_background_work() -> None:
    seen: list[str] = []

    def endless() -> Flow[None]:
        try:
            yield from perform(Sleep(HOUR))
        finally:
            seen.append("closed")

    async def main() -> None:
        async with AsyncCognitoClient(SETTINGS) as client:
            await client.run(perform(Background(("keys",), endless)))
            await anyio.wait_all_tasks_blocked()
        await anyio.wait_all_tasks_blocked()
        assert seen == ["closed"]

    anyio.run(main)


# Event loops


def test_one_client_serves_several_event_loops_in_turn(server: Peer, answers: list[object]) -> None:
    client = AsyncCognitoClient(replace(SETTINGS, endpoint=server.url))

    async def main() -> str:
        async with client:
            first = await client.send(GetUser(access_token="token"))
            second = await client.send(GetUser(access_token="token"))
        return first.username + second.username

    for kind in (*LOOPS, *LOOPS):
        answers.extend([(200, USER), (200, USER)])
        assert anyio.run(main, backend=kind) == "anaana"


def test_closing_without_having_been_used() -> None:
    async def main() -> None:
        client = AsyncCognitoClient(SETTINGS)
        await client.aclose()
        await client.aclose()

    anyio.run(main)
