"""The embedded pool's server and its httpx transport: where they listen, how they end, what they share."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import suppress
from typing import Final

import anyio
import anyio.to_thread
import httpx
import pytest

from cognito_auth.errors import ConfigurationError
from cognito_auth.local import LocalCognito
from cognito_auth.local.base.reply import Reply
from cognito_auth.local.base.request import Request
from cognito_auth.local.http.asgi import Application
from cognito_auth.local.http.gate import Gate
from cognito_auth.local.http.server import listen, running
from cognito_auth.local.http.transport import LocalTransport
from tests.support.face import sign_up


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.org", ""])
def test_other_machines_are_let_in_only_when_said_twice(host: str, cognito: LocalCognito) -> None:
    with pytest.raises(ConfigurationError, match="--allow-remote"):
        listen(host)
    with pytest.raises(ConfigurationError, match="--allow-remote"), running(cognito, host=host):
        pytest.fail("it runs")


def test_a_server_on_all_interfaces_knows_addresses_and_its_names() -> None:
    listener = listen("0.0.0.0", allow_remote=True, names=frozenset({"pool"}))
    listener.socket.close()
    assert listener.endpoint.startswith("http://127.0.0.1:")
    assert listener.gate == Gate(names=frozenset({"pool", "127.0.0.1"}), any_address=True)


def test_running_ends_with_its_block() -> None:
    cognito = LocalCognito()
    before = set(threading.enumerate())
    with running(cognito) as url:
        assert cognito.endpoint == url
        assert httpx.get(f"{url}/_local/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/_local/health")
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "cognito-auth local"]
    cognito.close()


UNSENT: Final = Request()


class Waiting(LocalCognito):
    """A pool whose operations last until the test lets them go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def call(self, operation: str, body: bytes, *, sent: Request = UNSENT) -> Reply:
        self.begun.set()
        self.go_on.wait()
        return super().call(operation, body, sent=sent)


def test_the_event_loop_goes_on_while_the_pool_works() -> None:
    cognito = Waiting()

    async def scenario() -> None:
        transport = httpx.ASGITransport(Application(cognito))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as web,
            anyio.create_task_group() as tasks,
        ):
            headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}

            async def slow() -> None:
                assert (await web.post("/", headers=headers, content=b"{}")).status_code == 400

            tasks.start_soon(slow)
            with anyio.fail_after(20):
                await anyio.to_thread.run_sync(cognito.begun.wait)
                assert (await web.get("/_local/health")).status_code == 200
            cognito.go_on.set()

    timer = threading.Timer(20, cognito.go_on.set)  # a loop that does not go on fails instead of hanging
    timer.start()
    try:
        asyncio.run(scenario())
        assert timer.is_alive()
    finally:
        timer.cancel()
        cognito.close()


HEADS: Final = {
    "a line that does not end": b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000,
    "an address that does not end": b"GET /" + b"x" * 100_000,
    "lines without end": b"GET / HTTP/1.1\r\n" + b"X-Line: 1\r\n" * 10_000,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_a_head_without_end_is_refused(endpoint: str, head: bytes) -> None:
    url = httpx.URL(endpoint)
    with socket.create_connection((url.host, url.port or 80), timeout=10) as connection:
        with suppress(ConnectionError):  # it may be refused before all of it is sent
            connection.sendall(head)
        with suppress(ConnectionResetError):
            assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
            while connection.recv(1000):
                pass


def test_transport_answers_like_the_server(cognito: LocalCognito, web: httpx.Client) -> None:
    pool = cognito.first_pool().user_pool_id
    with httpx.Client(transport=LocalTransport(cognito), base_url=cognito.endpoint) as direct:
        for path in (
            f"/{pool}/.well-known/jwks.json",
            f"/{pool}/.well-known/openid-configuration",
            "/_local/outbox?username=x",
        ):
            assert direct.get(path).content == web.get(path).content
        assert sign_up(direct, cognito, "cilla").status_code == 200
        assert direct.get("/_local/outbox", params={"username": "cilla"}).json()["messages"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_transport_of_an_asynchronous_client(cognito: LocalCognito, backend: str) -> None:
    async def scenario() -> httpx.Response:
        async with httpx.AsyncClient(transport=LocalTransport(cognito), base_url=cognito.endpoint) as direct:
            headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}
            return await direct.post("/", headers=headers, content=json.dumps({"AccessToken": "a.b.c"}))

    reply = anyio.run(scenario, backend=backend)
    assert reply.json()["__type"] == "NotAuthorizedException"


@pytest.mark.parametrize("url", ["http://example.org/", "https://{host}/", "http://{name}:1/"])
def test_transport_reaches_nothing_else(cognito: LocalCognito, url: str) -> None:
    own = httpx.URL(cognito.endpoint)
    with (
        httpx.Client(transport=LocalTransport(cognito)) as direct,
        pytest.raises(httpx.ConnectError, match=cognito.endpoint),
    ):
        direct.get(url.format(host=own.netloc.decode(), name=own.host))
