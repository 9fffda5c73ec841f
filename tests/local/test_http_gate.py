"""Which pages and under which host names the embedded pool answers: CORS, Origin, Fetch Metadata and Host, on a real server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Final

import httpx
import pytest

from cognito_auth.local import LocalCognito
from cognito_auth.local.http.asgi import Application
from cognito_auth.local.http.gate import Gate
from tests.support.face import call, sign_up


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


@pytest.mark.parametrize(
    "path",
    [
        "/_local/",
        "/_local/openapi.json",
        "/_local/operations",
        "/_local/outbox",
        "/_local/clock",
        "/_local/health",
        "/_local/nothing",
    ],
)
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
    {"Referer": "https://evil.example/"},
    {"Referer": "https://evil.example/http://{host}/"},
    {"Referer": "http://{host}.evil.example/"},
    {"Referer": "http://{host}@evil.example/"},
    {"Referer": "https://{host}/"},
    {"Referer": "http://localhost:1/"},
    {"Referer": "about:blank"},
    {"Sec-Fetch-Site": "none", "Referer": "https://evil.example/"},
]
OWN: Final[list[Mapping[str, str]]] = [
    {},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://{host}"},
    {"Origin": "http://{host}", "Sec-Fetch-Site": "same-origin"},
    {"Referer": "http://{host}"},
    {"Referer": "http://{host}/_local/operations"},
    {"Referer": "HTTP://{host}/", "Sec-Fetch-Site": "same-origin"},
]
BROWSER: Final = {"User-Agent": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/16.1 Safari/605.1.15"}
UNDECIDED: Final[list[Mapping[str, str]]] = [
    BROWSER,
    {**BROWSER, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch;prerender"},
    {"Sec-Fetch-Site": "none", "Purpose": "prefetch"},
    {"Referer": "http://{host}/", "X-Moz": "prefetch"},
]
"""Nothing says that another site asked, and nothing says that somebody wanted it."""


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


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        *((headers, False) for headers in (*FOREIGN, *UNDECIDED)),
        *((headers, True) for headers in OWN),
        *(({**BROWSER, **headers}, True) for headers in OWN if headers),
    ],
    ids=str,
)
def test_no_other_site_reaches_the_query_form(
    web: httpx.Client, cognito: LocalCognito, headers: Mapping[str, str], *, allowed: bool
) -> None:
    """An image, a form, a link or a window of another site: refused, and nothing has happened."""
    pool, host = cognito.first_pool(), web.base_url.netloc.decode()
    sent = {name: value.format(host=host) for name, value in headers.items()}
    username = f"u{len(cognito.outbox())}"
    query = {
        "Action": "SignUp",
        "ClientId": pool.client_id,
        "Username": username,
        "Password": "Correct-Horse-7",
        "UserAttributes": '[{"Name": "email", "Value": "ana@example.org"}]',
    }
    reply = web.get("/", params=query, headers=sent)
    assert reply.status_code == (200 if allowed else 403)
    assert bool(cognito.outbox(username=username)) == allowed
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    if not allowed:
        assert web.request("HEAD", "/", params=query, headers=sent).status_code == 403


def test_a_refused_query_is_not_read(endpoint: str) -> None:
    """The refusal comes although the body never does."""
    host, port = httpx.URL(endpoint).host, httpx.URL(endpoint).port
    with socket.create_connection((host, port), timeout=20) as raw:
        head = "GET /?Action=SignUp HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 9\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 403 ")


def test_a_preflight_does_not_open_the_query_form(web: httpx.Client) -> None:
    wanted = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    reply = web.options("/", headers=wanted)
    assert reply.headers["access-control-allow-methods"] == "POST"
    assert web.get("/?Action=GetUser", headers={"Origin": "https://evil.example"}).status_code == 403


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
    assert web.get("/?Action=GetUser").status_code == (400 if known else 421)


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
    assert (gate.refuse("POST", "/", {"host": host}) is None) == known


@pytest.mark.parametrize("hosts", [[], ["localhost", "evil.example"], ["evil.example", "localhost"]], ids=str)
def test_a_request_has_one_host(cognito: LocalCognito, hosts: list[str]) -> None:
    async def statuses() -> dict[str, int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Application(cognito))) as web:
            request = httpx.Request("GET", "http://localhost/_local/health")
            one = (await web.send(request)).status_code
            del request.headers["Host"]
            request.headers = httpx.Headers([*request.headers.items(), *(("Host", host) for host in hosts)])
            return {"one": one, "other": (await web.send(request)).status_code}

    assert asyncio.run(statuses()) == {"one": 200, "other": 421}
