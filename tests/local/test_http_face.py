"""What the embedded pool answers over HTTP: paths, limits, the outbox, the clock and the page, on a real server."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import socket
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from cognito_auth.local import LocalCognito
from cognito_auth.local.base.validation import MAX_BODY_BYTES
from cognito_auth.local.http import page
from cognito_auth.local.users.outbox import Message
from tests.support.face import call, sign_up

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
        ("GET", "/_local/openapi.json", 200),
        ("GET", "/_local/operations", 200),
        ("GET", "/", 400),
        ("GET", "/?Action=GetUser", 400),
        ("HEAD", "/?Action=GetUser", 405),
        ("PUT", "/", 405),
        ("POST", "/_local/operations", 405),
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
@pytest.mark.parametrize(
    ("size", "status"), [(MAX_BODY_BYTES, 400), (MAX_BODY_BYTES + 1, 413)], ids=["at the limit", "above the limit"]
)
def test_body_limit(web: httpx.Client, size: int, status: int, *, chunked: bool) -> None:
    body = b" " * size
    headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
    reply = web.post("/", headers=headers, content=chunks(body) if chunked else body)
    assert reply.status_code == status
    assert reply.headers["access-control-allow-origin"] == "*"


def test_an_endless_body_is_cut_off(endpoint: str) -> None:
    host, port = httpx.URL(endpoint).host, httpx.URL(endpoint).port
    with socket.create_connection((host, port), timeout=20) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n" + b" " * (MAX_BODY_BYTES + 1))
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_leaves_in_mid_body_is_no_error(
    endpoint: str, web: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = httpx.URL(endpoint).host, httpx.URL(endpoint).port
    with socket.create_connection((host, port)) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
    assert web.get("/_local/health").json() == {"status": "ok"}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


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
