"""Guards stand on what is routed: no way of writing a path, a host or a method leads past them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import APIRouter, Depends, FastAPI
from flask import Blueprint, Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message

import cognito_auth_fastapi
import cognito_auth_flask
import cognito_auth_starlette

from .servers import HOST, Pairs
from .sites import Site

SECRET: Final = b"for those who are signed in"

Ask = Callable[..., tuple[int, bytes]]
"""Sends method, raw path and headers as a server would hand them on; gives status and body."""

SPELLINGS: Final = (
    *("/admin", "/admin/", "//admin", "/admin//", "/./admin", "/x/../admin", "/admin/.", "/admin/..", "/%61dmin", "/%61%64min"),
    *(
        "/admin%2f",
        "/%2fadmin",
        "/admin%00",
        "/admin%20",
        "/admin%0a",
        "/admin;x",
        "/admin;/x",
        "/;/admin",
        "/admin?x",
        "/admin%3fx",
    ),
    *("/admin%23", "/admin.json", "/admin.", "/ADMIN", "/Admin", "/aDMIN/", "/\\admin", "/admin\\", "/admin%5c", "/%2e/admin"),
    *(
        "/%252e/admin",
        "/%2561dmin",
        "/auth/../admin",
        "/auth/%2e%2e/admin",
        "/open/../admin",
        "/open/..%2fadmin",
        "/open;/../admin",
    ),
    *(
        "/\uff41dmin",
        "/adm\u0131n",
        "/admin\u200b",
        "/shop/admin",
        "/shop//admin",
        "/shop/admin/",
        "/shop/%61dmin",
        "/shop/../admin",
    ),
    *("http://app.example.com/admin", "https://evil.example/admin", "//evil.example/admin", "admin", "*", ""),
)
HOSTS: Final = (
    *(HOST, "evil.example", "", "localhost", f"{HOST}/open?", f"{HOST}/open#", f"{HOST}/auth/login?x=", "open", "/open"),
    *(f"{HOST}:443/open?", f"ana@{HOST}", "[::1", f"{HOST}\\open", f"{HOST} /open"),
)
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "Get", "FOO")
PREFIXES: Final = ("", "/prefix", "/admin", "/open")


@contextmanager
def on_flask(site: Site, portal: BlockingPortal) -> Generator[Ask]:
    with site.client() as client:
        app = Flask("spellings")
        auth = cognito_auth_flask.CognitoAuth(app, site.settings, site.options, client=client)
        shop = Blueprint("shop", __name__, url_prefix="/shop")
        for owner in (app, shop):
            owner.add_url_rule("/admin", "admin", auth.login_required(lambda: SECRET), methods=["GET", "POST", "DELETE"])
        app.register_blueprint(shop)
        app.add_url_rule("/open", "open", lambda: "open")

        def ask(method: str, path: str, headers: Pairs = (), prefix: str = "") -> tuple[int, bytes]:
            # The decoded path, as a WSGI server hands it on.
            hosts = [value for name, value in headers if name == "Host"]
            response = app.test_client(use_cookies=False).open(
                "/",
                method=method,
                base_url=f"https://{HOST}",
                headers=[pair for pair in headers if pair[0] != "Host"],
                environ_overrides={
                    "PATH_INFO": _decoded(path).decode("latin-1"),
                    "SCRIPT_NAME": prefix,
                    "RAW_URI": path,
                    "HTTP_HOST": hosts[0] if hosts else HOST,
                },
            )
            return response.status_code, response.data

        yield ask


@contextmanager
def on_starlette(site: Site, portal: BlockingPortal) -> Generator[Ask]:
    auth = cognito_auth_starlette.CognitoAuth(site.settings, site.options, client=site.async_client())

    @auth.requires()
    async def admin(request: Request) -> Response:
        return PlainTextResponse(SECRET)

    async def for_everybody(request: Request) -> Response:
        return PlainTextResponse("open")

    route = Route("/admin", admin, methods=["GET", "POST", "DELETE"])
    shop = Mount("/shop", app=Starlette(routes=[route]))
    routes = [auth.mount(), route, shop, Route("/open", for_everybody)]
    app = Starlette(routes=routes, middleware=[auth.middleware()])
    with portal.wrap_async_context_manager(auth.lifespan()):
        yield _asking(app, portal)


@contextmanager
def on_fastapi(site: Site, portal: BlockingPortal) -> Generator[Ask]:
    auth = cognito_auth_fastapi.CognitoAuth(site.settings, site.options, client=site.async_client())
    app, shop = FastAPI(), APIRouter(prefix="/shop", dependencies=[Depends(auth.user)])
    auth.install(app)

    async def admin() -> Response:
        return PlainTextResponse(SECRET)

    app.add_api_route("/admin", admin, methods=["GET", "POST", "DELETE"], dependencies=[Depends(auth.user)])
    shop.add_api_route("/admin", admin, methods=["GET", "POST", "DELETE"])
    app.include_router(shop)
    app.add_api_route("/open", lambda: "open")
    with portal.wrap_async_context_manager(auth.lifespan()):
        yield _asking(app, portal)


def _asking(app: ASGIApp, portal: BlockingPortal) -> Ask:
    async def answered(method: str, path: str, headers: Pairs = (), prefix: str = "") -> tuple[int, bytes]:
        target, _, query = path.partition("?")
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        pairs = dict([("Host", HOST), *headers])
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": prefix + _decoded(target).decode("utf-8", "replace"),
            "raw_path": (prefix + target).encode(),
            "root_path": prefix,
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs.items()],
        }
        await app(scope, receive, send)
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)

    def ask(method: str, path: str, headers: Pairs = (), prefix: str = "") -> tuple[int, bytes]:
        return portal.call(answered, method, path, headers, prefix)

    return ask


def _decoded(path: str) -> bytes:
    return unquote_to_bytes(path.partition("?")[0])


APPLICATIONS: Final[Mapping[str, Any]] = {"flask": on_flask, "starlette": on_starlette, "fastapi": on_fastapi}


@pytest.fixture
def ask(framework: str, site: Site, portal: BlockingPortal) -> Generator[Ask]:
    with APPLICATIONS[framework](site, portal) as asking:
        yield asking


def test_the_routes_are_there(ask: Ask) -> None:
    assert ask("GET", "/open")[0] == 200
    assert ask("GET", "/admin")[0] == ask("GET", "/shop/admin")[0] == ask("GET", "/%61dmin")[0] == 401


@pytest.mark.parametrize("path", SPELLINGS, ids=ascii)
def test_no_spelling_of_a_path_leads_past_a_guard(ask: Ask, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "DELETE"):
        status, body = ask(method, path)
        assert status in (301, 307, 308, 401, 404, 405), method
        assert SECRET not in body


@pytest.mark.parametrize("method", METHODS)
def test_no_method_leads_past_a_guard(ask: Ask, method: str) -> None:
    status, body = ask(method, "/admin")
    # Flask answers OPTIONS itself, with the methods there are; no view is called.
    assert status in (200, 401, 405) if method == "OPTIONS" else status in (401, 405)
    assert SECRET not in body


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_leads_past_a_guard(ask: Ask, host: str) -> None:
    for path in ("/admin", "/shop/admin"):
        status, body = ask("GET", path, [("Host", host)])
        assert status in (400, 401)
        assert SECRET not in body


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_prefix_leads_past_a_guard(ask: Ask, prefix: str) -> None:
    for path in ("/admin", "/shop/admin", f"{prefix}/admin", "//admin", "/open/../admin"):
        status, body = ask("GET", path, prefix=prefix)
        assert status in (301, 307, 308, 401, 404)
        assert SECRET not in body
    assert ask("GET", "/admin", prefix=prefix)[0] == 401


OVERRIDES: Final = (
    *("X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path", "X-Script-Name"),
    *("X-Forwarded-Host", "X-Forwarded-User", "X-Remote-User", "X-Original-Method"),
)


@pytest.mark.parametrize("name", OVERRIDES)
def test_no_header_leads_past_a_guard(ask: Ask, name: str) -> None:
    for value in ("OPTIONS", "/open", HOST, "ana"):
        assert ask("GET", "/admin", [(name, value)])[0] == 401
