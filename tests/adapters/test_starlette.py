"""Starlette's own idioms: guarded endpoints of every kind, WebSockets, the authentication backend, mounted applications."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from starlette.applications import Starlette
from starlette.authentication import requires
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from cognito_auth.guards import group
from cognito_auth_starlette import CognitoAuth, CognitoBackend

from ..scenarios.person import OWN_SCOPE
from ..scenarios.world import HOUR
from .expectations import accepted, refused, signed_in
from .faces import ApiClient, Browser
from .servers import BASE, AsgiServer, Sent
from .sites import Site
from .websockets import talk


@pytest.fixture
def auth(site: Site, portal: BlockingPortal) -> Iterator[CognitoAuth]:
    made = CognitoAuth(site.settings, site.options, client=site.async_client())
    with portal.wrap_async_context_manager(made.lifespan()):
        yield made


def application(auth: CognitoAuth, *routes: BaseRoute, middleware: tuple[Middleware, ...] = ()) -> Starlette:
    return Starlette(routes=[auth.mount(), *routes], middleware=[auth.middleware(), *middleware])


def statuses(visitor: ApiClient, path: str) -> tuple[int, int]:
    """The statuses without credentials and with them."""
    return visitor.server.answer(Sent(method="GET", path=path)).status, visitor.visit(path).status


def test_endpoints_of_every_kind(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    @auth.requires()
    async def asynchronous(request: Request) -> Response:
        return PlainTextResponse((await auth.user(request)).username)

    @auth.requires()
    def blocking(request: Request) -> Response:
        return PlainTextResponse(request.path_params["name"])

    class Both(HTTPEndpoint):
        @auth.requires()
        async def get(self, request: Request) -> Response:
            return PlainTextResponse("get")

        @auth.requires(group("admin"))
        def post(self, request: Request) -> Response:
            return PlainTextResponse("post")

    routes = [Route("/async", asynchronous), Route("/blocking/{name}", blocking), Route("/class", Both)]
    visitor = signed_in(ApiClient, site, AsgiServer(application(auth, *routes), portal))
    for path in ("/async", "/blocking/world", "/class"):
        assert statuses(visitor, path) == (401, 200)
    refused(visitor.visit("/class", "POST"), 403, "forbidden")
    assert asynchronous.__name__ == "asynchronous"


def test_a_guard_stands_on_an_endpoint_that_takes_a_connection(auth: CognitoAuth) -> None:
    @auth.requires()
    async def endpoint() -> None:
        raise AssertionError("called")

    with pytest.raises(TypeError, match="Request or a WebSocket"):
        endpoint().__await__().send(None)


def test_without_the_middleware_nobody_gets_in_and_the_log_says_why(
    auth: CognitoAuth, site: Site, portal: BlockingPortal, caplog: pytest.LogCaptureFixture
) -> None:
    @auth.requires()
    async def endpoint(request: Request) -> Response:
        return PlainTextResponse("in")

    server = AsgiServer(Starlette(routes=[Route("/", endpoint)]), portal)
    assert server.answer(Sent(method="GET", path="/")).status == 500
    assert "auth.middleware()" in caplog.text


def test_a_mounted_application_is_guarded_under_any_path(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    @auth.requires()
    async def endpoint(request: Request) -> Response:
        return PlainTextResponse("in")

    inner = Starlette(routes=[Route("/orders", endpoint)])
    visitor = signed_in(ApiClient, site, AsgiServer(application(auth, Mount("/shop", app=inner)), portal))
    assert statuses(visitor, "/shop/orders") == (401, 200)


def test_a_message_that_an_application_sends_again_and_again_is_left_as_it_is(
    auth: CognitoAuth, site: Site, portal: BlockingPortal
) -> None:
    """What is told one person, a new session above all, must not be in what the next one gets."""
    start: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    untouched = {**start, "headers": list(start["headers"])}

    @auth.requires()
    async def endpoint(request: Request) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start)
            await send({"type": "http.response.body"})

        return answer

    server = AsgiServer(application(auth, Route("/constant", endpoint)), portal)
    ana, bob = signed_in(Browser, site, server), signed_in(Browser, site, server)
    site.world.move(1.1 * HOUR)
    assert ana.visit("/constant").every("set-cookie"), "her session is renewed"
    assert start == untouched
    assert bob.visit("/constant").every("set-cookie")
    assert start == untouched
    assert not bob.visit("/constant").every("set-cookie")


def test_starlettes_own_authentication(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    @requires("authenticated")
    async def private(request: Request) -> Response:
        return PlainTextResponse(f"{request.user.display_name} {request.user.identity == request.user.user.sub}")

    @requires("group:admin")
    async def admin(request: Request) -> Response:
        return PlainTextResponse("in")

    @requires(OWN_SCOPE)
    async def account(request: Request) -> Response:
        return PlainTextResponse("in")

    async def open_to_all(request: Request) -> Response:
        return PlainTextResponse(str(request.user.is_authenticated))

    paths = {"/private": private, "/admin": admin, "/account": account, "/open": open_to_all}
    routes = [Route(path, endpoint) for path, endpoint in paths.items()]
    backend = Middleware(AuthenticationMiddleware, backend=CognitoBackend(auth))
    visitor = signed_in(ApiClient, site, AsgiServer(application(auth, *routes, middleware=(backend,)), portal))
    assert statuses(visitor, "/private") == statuses(visitor, "/account") == (403, 200)
    assert visitor.server.answer(Sent(method="GET", path="/private")).status == 403
    assert statuses(visitor, "/admin") == (403, 403)
    assert visitor.server.answer(Sent(method="GET", path="/open")).body == b"False"
    wrong = Sent(method="GET", path="/open", headers=[("Authorization", "Bearer nonsense")])
    assert visitor.server.answer(wrong).status == 400

    site.world.ensure_group(site.settings, "admin")
    site.world.add_to_group(site.settings, visitor.username, "admin")
    visitor.refresh()
    assert statuses(visitor, "/admin") == (403, 200)
    transport = visitor.server.answer(Sent(method="GET", path="/private", headers=visitor.credentials("GET")))
    assert transport.body == f"{visitor.username} True".encode()


def talking(auth: CognitoAuth) -> Starlette:
    """An application with a guarded WebSocket."""

    @auth.requires()
    async def greet(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text((await auth.user(websocket)).username or "")
        await websocket.close()

    @auth.requires(group("admin"))
    async def admin(websocket: WebSocket) -> None:
        raise AssertionError("called")

    return application(auth, WebSocketRoute("/talk", greet), WebSocketRoute("/admin", admin))


@pytest.mark.parametrize(
    ("origin", "status"),
    [(BASE, 101), (None, 101), ("https://evil.example", 403), ("null", 403)],
    ids=["own page", "no browser", "another site", "opaque"],
)
def test_websockets_by_session(auth: CognitoAuth, site: Site, portal: BlockingPortal, origin: str | None, status: int) -> None:
    app = talking(auth)
    browser = signed_in(Browser, site, AsgiServer(app, portal))
    headers = [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    if origin is not None:
        headers.append(("Origin", origin))
    heard = talk(app, portal, "/talk", headers=headers)
    assert (heard.status, heard.texts) == (status, [browser.username] if status == 101 else [])
    assert talk(app, portal, "/admin", headers=headers).status == 403


def test_websockets_without_a_session(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    app = talking(auth)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    refusal = talk(app, portal, "/talk")
    assert refusal.status == 401
    assert ("www-authenticate", "Bearer") in refusal.headers
    assert talk(app, portal, "/talk", headers=[("Authorization", "Bearer nonsense")]).status == 401
    headers = [*visitor.credentials("GET"), ("Origin", "https://other.example")]
    assert talk(app, portal, "/talk", headers=headers).texts == [visitor.username]


def test_a_websocket_renews_its_session(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    app = talking(auth)
    browser = signed_in(Browser, site, AsgiServer(app, portal))
    site.world.move(1.1 * HOUR)
    for path, status in (("/talk", 101), ("/admin", 403)):
        heard = talk(app, portal, path, headers=browser.credentials("GET"))
        assert heard.status == status
        assert ("cache-control", "no-store") in heard.headers
        assert any(name == "set-cookie" and "Max-Age=2592000" in value for name, value in heard.headers)


def test_a_server_that_cannot_refuse_with_a_response_closes(auth: CognitoAuth, portal: BlockingPortal) -> None:
    heard = talk(talking(auth), portal, "/talk", deniable=False)
    assert [(message["type"], message["code"]) for message in heard.messages] == [("websocket.close", 1008)]


def test_the_lifespan_closes_the_connections(site: Site, portal: BlockingPortal) -> None:
    auth = CognitoAuth(site.settings, site.options, client=site.async_client())
    app = Starlette(routes=[auth.mount()], middleware=[auth.middleware()], lifespan=auth.lifespan)
    with portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
        accepted(visitor.auth("me"), username=visitor.username)
        accepted(visitor.logout(), revoked=True)
