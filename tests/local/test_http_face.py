"""The embedded pool over HTTP: a real uvicorn on loopback, and the httpx transport that has no socket."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Final

import anyio
import httpx
import pytest

from cognito_auth.errors import ConfigurationError
from cognito_auth.local import LocalCognito, page
from cognito_auth.local.asgi import application
from cognito_auth.local.face import MAX_BODY
from cognito_auth.local.gate import Gate
from cognito_auth.local.outbox import Message
from cognito_auth.local.reply import Reply
from cognito_auth.local.server import listen, running
from cognito_auth.local.transport import LocalTransport

PASSWORD: Final = "Correct-Horse-7"


@pytest.fixture(scope="module")
def cognito() -> Iterator[LocalCognito]:
    pool = LocalCognito()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def endpoint(cognito: LocalCognito) -> Iterator[str]:
    with running(cognito) as url:
        yield url


@pytest.fixture
def web(endpoint: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=endpoint) as client:
        yield client


def call(web: httpx.Client, operation: str, **members: Any) -> httpx.Response:
    target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
    return web.post("/", headers=target, json=members)


def sign_up(web: httpx.Client, cognito: LocalCognito, username: str) -> httpx.Response:
    attributes = [{"Name": "email", "Value": "ana@example.org"}]
    client_id = cognito.first_pool().client_id
    return call(web, "SignUp", ClientId=client_id, Username=username, Password=PASSWORD, UserAttributes=attributes)


# Routing


def test_documents_of_a_pool(web: httpx.Client, cognito: LocalCognito, endpoint: str) -> None:
    pool = cognito.first_pool().user_pool_id
    keys = web.get(f"/{pool}/.well-known/jwks.json")
    assert keys.json() == cognito.key_set(pool)
    assert len(keys.json()["keys"]) == 2
    discovery = web.get(f"/{pool}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == f"{endpoint}/{pool}"
    assert discovery["jwks_uri"] == str(keys.url)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_local/", 200),
        ("GET", "/_local/health", 200),
        ("GET", "/_local/clock", 200),
        ("GET", "/_local/outbox", 200),
        ("GET", "/_local/outbox?" + "&".join(f"{name}=1" for name in "abcdefghij"), 200),
        ("GET", "/_local/outbox?" + "&".join(f"{name}=1" for name in "abcdefghijk"), 400),
        ("GET", "/_local/nothing", 404),
        ("GET", "/us-east-1_nothere00/.well-known/jwks.json", 404),
        ("GET", "/../.well-known/jwks.json", 404),
        ("GET", "/nothing", 404),
        ("GET", "/", 405),
        ("POST", "/_local/outbox", 405),
        ("POST", "/us-east-1_nothere00/.well-known/jwks.json", 405),
        ("DELETE", "/_local/clock", 405),
        ("TRACE", "/", 405),
    ],
)
def test_routing(web: httpx.Client, method: str, path: str, status: int) -> None:
    reply = web.request(method, path)
    assert reply.status_code == status
    assert ("allow" in reply.headers) == (status == 405)


@pytest.mark.parametrize("target", ["", "SignUp", "AWSCognitoIdentityService.SignUp", "AWSCognitoIdentityProviderService.Sing"])
def test_unknown_targets(web: httpx.Client, target: str) -> None:
    reply = web.post("/", headers={"X-Amz-Target": target} if target else {}, content=b"{}")
    assert reply.status_code == 400
    assert reply.json()["__type"] == "UnknownOperationException"
    assert reply.headers["content-type"] == "application/x-amz-json-1.1"


def test_replies_have_the_headers_of_the_service(web: httpx.Client, cognito: LocalCognito) -> None:
    reply = call(web, "GetUser", AccessToken="a.b.c")
    assert reply.status_code == 400
    assert reply.headers["x-amzn-errortype"] == "NotAuthorizedException:"
    assert reply.headers["x-amzn-errormessage"] == reply.json()["message"]
    assert re.fullmatch(r"[0-9a-f-]{36}", reply.headers["x-amzn-requestid"])
    assert len(reply.headers.get_list("date")) == 1
    assert "server" not in reply.headers


# Limits


def chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 400), (MAX_BODY + 1, 413)], ids=["at the limit", "above the limit"])
def test_body_limit(web: httpx.Client, size: int, status: int, *, chunked: bool) -> None:
    body = b" " * size
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
    reply = web.post("/", headers=headers, content=chunks(body) if chunked else body)
    assert reply.status_code == status
    assert reply.headers["access-control-allow-origin"] == "*"


def test_an_endless_body_is_cut_off(endpoint: str) -> None:
    host, port = httpx.URL(endpoint).host, httpx.URL(endpoint).port
    with socket.create_connection((host, port), timeout=20) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n" + b" " * (MAX_BODY + 1))
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_leaves_in_mid_body_is_no_error(
    endpoint: str, web: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = httpx.URL(endpoint).host, httpx.URL(endpoint).port
    with socket.create_connection((host, port)) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
    assert web.get("/_local/health").json() == {"status": "ok"}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


# Cross-origin rules


def test_preflight(web: httpx.Client) -> None:
    wanted = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-amz-target",
    }
    reply = web.options("/", headers=wanted)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-methods"] == "POST"
    allowed = set(reply.headers["access-control-allow-headers"].split(","))
    assert {"content-type", "x-amz-target", "x-amz-user-agent", "cache-control", "amz-sdk-request"} <= allowed
    assert not {"authorization", "*"} & allowed


def test_replies_of_the_api_are_readable_from_any_origin(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool().user_pool_id
    good = sign_up(web, cognito, "cora")
    bad = sign_up(web, cognito, "cora")
    assert (good.status_code, bad.status_code) == (200, 400)
    for reply in (good, bad, web.get(f"/{pool}/.well-known/jwks.json"), web.get(f"/{pool}/.well-known/openid-configuration")):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "x-amzn-ErrorType" in reply.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize("path", ["/_local/", "/_local/outbox", "/_local/clock", "/_local/health", "/_local/nothing"])
def test_tools_have_no_cors(web: httpx.Client, path: str) -> None:
    assert web.options(path, headers={"Access-Control-Request-Method": "GET"}).status_code in {404, 405}
    reply = web.get(path)
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


FOREIGN: Final[list[Mapping[str, str]]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "something new"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Origin": "https://{host}"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]
OWN: Final[list[Mapping[str, str]]] = [
    {},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://{host}"},
    {"Origin": "http://{host}", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize(
    ("headers", "status"), [*((headers, 403) for headers in FOREIGN), *((headers, 200) for headers in OWN)], ids=str
)
def test_tools_answer_no_other_site(web: httpx.Client, headers: Mapping[str, str], status: int) -> None:
    host = web.base_url.netloc.decode()
    sent = {name: value.format(host=host) for name, value in headers.items()}
    before = web.get("/_local/clock").json()["now"]
    for path in ("/_local/", "/_local/outbox", "/_local/clock"):
        assert web.get(path, headers=sent).status_code == status
    assert web.post("/_local/clock", headers=sent, json={"move": 10_000}).status_code == status
    assert (web.get("/_local/clock").json()["now"] - before >= 10_000) == (status == 200)


def test_the_api_answers_other_sites(web: httpx.Client, cognito: LocalCognito) -> None:
    web.headers.update({"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"})
    assert sign_up(web, cognito, "carla").status_code == 200


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("LocalHost:80", True),
        ("cognito.localhost:9", True),
        ("127.0.0.1", True),
        ("127.9.9.9:1234", True),
        ("[::1]:1234", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil-localhost", False),
        ("evil.example/localhost", False),
        ("evil.example#.localhost", False),
        ("evil@localhost", False),
        ("localhost:80:80", False),
        ("localhost, evil.example", False),
        ("192.168.0.7", False),
        ("0.0.0.0", False),
        ("[::]", False),
        ("", False),
    ],
)
def test_host(web: httpx.Client, cognito: LocalCognito, host: str, *, known: bool) -> None:
    web.headers["Host"] = host
    pool = cognito.first_pool().user_pool_id
    for path in (f"/{pool}/.well-known/jwks.json", "/_local/outbox", "/_local/"):
        assert web.get(path).status_code == (200 if known else 421)
    assert call(web, "GetUser", AccessToken="a.b.c").status_code == (400 if known else 421)
    assert web.options("/").status_code == (200 if known else 421)


@pytest.mark.parametrize(
    ("gate", "host", "known"),
    [
        (Gate(names=frozenset({"pool"})), "pool:80", True),
        (Gate(names=frozenset({"pool"})), "other", False),
        (Gate(names=frozenset({"pool"})), "192.168.0.7", False),
        (Gate(any_address=True), "192.168.0.7:80", True),
        (Gate(any_address=True), "[2001:db8::1]:80", True),
        (Gate(any_address=True), "evil.example", False),
    ],
)
def test_gate_of_a_server_with_other_names(gate: Gate, host: str, *, known: bool) -> None:
    assert (gate.refuse("/", {"host": host}) is None) == known


def test_a_request_without_host_is_refused() -> None:
    refused = Gate().refuse("/", {})
    assert refused is not None
    assert refused.status == 421


# Tools


def test_outbox(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool()
    for username in ("clara", "celia"):
        sign_up(web, cognito, username)
    call(web, "ResendConfirmationCode", ClientId=pool.client_id, Username="clara")

    def sent(**wanted: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = web.get("/_local/outbox", params=wanted).json()["messages"]
        return messages

    assert [message["username"] for message in sent()][-3:] == ["clara", "celia", "clara"]
    mine = sent(username="clara", user_pool_id=pool.user_pool_id)
    assert len(mine) == 2
    assert mine[0]["sent_at"] <= mine[1]["sent_at"]
    assert mine[-1]["medium"] == "EMAIL"
    assert mine[-1]["to"] == "ana@example.org"
    assert mine[-1]["code"] in mine[-1]["text"]
    assert sent(username="clara", user_pool_id="us-east-1_nothere00") == []
    code = mine[-1]["code"]
    assert call(web, "ConfirmSignUp", ClientId=pool.client_id, Username="clara", ConfirmationCode=code).status_code == 200


def test_clock(web: httpx.Client, cognito: LocalCognito) -> None:
    before = cognito.clock.now()
    moved = web.post("/_local/clock", json={"move": 3600.5}).json()["now"]
    assert moved >= before + 3600.5
    assert web.get("/_local/clock").json()["now"] >= moved


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "1", '{"move": "1"}', '{"move": true}', '{"move": null}', '{"move": NaN}', '{"move": Infinity}',
     '{"move": 1e999}', '{"move": 1e12}', '{"move": -1}', "[" * 100_000, '{"move": 1' + "0" * 5000 + "}", "\udcff"],
    ids=lambda body: body[:20],
)  # fmt: skip
def test_clock_refuses_nonsense(web: httpx.Client, body: str) -> None:
    before = web.get("/_local/clock").json()["now"]
    content = body.encode("utf-8", "surrogateescape")
    reply = web.post("/_local/clock", content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "bad_request"
    assert web.get("/_local/clock").json()["now"] - before < 1000


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_clock_takes_nothing_that_a_form_can_send(web: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert web.post("/_local/clock", content=b'{"move": 1}', headers=headers).status_code == 415


HOSTILE: Final = "<img/src=x>"


def test_page_escapes_what_people_sent(web: httpx.Client, cognito: LocalCognito) -> None:
    assert sign_up(web, cognito, HOSTILE).status_code == 200
    reply = web.get("/_local/")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;img/src=x&gt;" in reply.text
    assert "<img" not in reply.text
    code = cognito.outbox(username=HOSTILE)[-1].code
    assert f'<code class="code">{code}</code>' in reply.text


def test_page_escapes_every_member() -> None:
    fields = ("medium", "to", "kind", "code", "text", "username", "user_pool_id")
    message = Message(**{name: f"<x-{name}>&\"'" for name in fields}, sent_at=0.0)
    html = page.render(endpoint="<x-endpoint>", now=0.0, pools=("<x-pool>",), messages=(message,))
    for name in (*fields, "endpoint", "pool"):
        assert f"&lt;x-{name}&gt;" in html
    assert "<x-" not in html
    assert html.count("&quot;&#x27;") == len(fields)


def test_page_policy(web: httpx.Client) -> None:
    reply = web.get("/_local/")
    style = re.search(r"<style>(.*)</style>", reply.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    directives = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
    assert directives == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert not re.search(r"<script|style=|src=|\son\w+=|http-equiv=\"(?!refresh)", reply.text.replace("img/src=x", ""))


def test_page_shows_the_newest_first_and_not_all(web: httpx.Client) -> None:
    messages = [
        Message(medium="EMAIL", to="a@b", kind="k", code=f"c{number:03}", text="", username="u", user_pool_id="p", sent_at=0.0)
        for number in range(200)
    ]
    html = page.render(endpoint="e", now=0.0, pools=(), messages=messages)
    shown = re.findall(r"c\d{3}", html)
    assert shown == [f"c{number:03}" for number in range(199, 149, -1)]


# The server


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


class Waiting(LocalCognito):
    """A pool whose operations last until the test lets them go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def call(self, operation: str, body: bytes, *, authorization: str | None = None) -> Reply:
        self.go_on.wait()
        return super().call(operation, body, authorization=authorization)


def test_the_event_loop_goes_on_while_the_pool_works() -> None:
    cognito = Waiting()

    async def scenario() -> None:
        transport = httpx.ASGITransport(application(cognito))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as web,
            anyio.create_task_group() as tasks,
        ):
            headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"}

            async def slow() -> None:
                assert (await web.post("/", headers=headers, content=b"{}")).status_code == 400

            tasks.start_soon(slow)
            with anyio.fail_after(20):
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


# The transport


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
