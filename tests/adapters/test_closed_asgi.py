"""Applications on Starlette and FastAPI that are closed by default: every route that nobody marked, wherever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

import cognito_auth_fastapi
import cognito_auth_starlette
from cognito_auth.errors import ConfigurationError
from cognito_auth.guards import group
from cognito_auth.web import ROUTES, public

from .expectations import accepted, add_to_group, refused, signed_in
from .faces import ApiClient
from .servers import HOST, AsgiServer, Sent
from .sites import Site
from .websockets import talk


@pytest.fixture
def starlette_auth(site: Site, portal: BlockingPortal) -> Iterator[cognito_auth_starlette.CognitoAuth]:
    made = cognito_auth_starlette.CognitoAuth(site.settings, site.options, client=site.async_client())
    with portal.wrap_async_context_manager(made.lifespan()):
        yield made


@pytest.fixture
def fastapi_auth(site: Site, portal: BlockingPortal) -> Iterator[cognito_auth_fastapi.CognitoAuth]:
    made = cognito_auth_fastapi.CognitoAuth(site.settings, site.options, client=site.async_client())
    with portal.wrap_async_context_manager(made.lifespan()):
        yield made


async def inside(request: Request) -> Response:
    return PlainTextResponse("in")


async def said(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("in")
    await websocket.close()


async def opaque(scope: Scope, receive: Receive, send: Send) -> None:
    """An application of which nothing is known."""
    await PlainTextResponse("in")(scope, receive, send)


class Page(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return PlainTextResponse("in")


@public
class OpenPage(Page):
    pass


class PageBelowAnOpenOne(OpenPage):
    pass


class Talk(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: WebSocket) -> None:
        await said(websocket)


def status(app: Starlette, portal: BlockingPortal, path: str, method: str = "GET", **headers: str) -> int:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return AsgiServer(app, portal).answer(Sent(method=method, path=path, headers=pairs)).status


def everything(folder: Path) -> list[Any]:
    """Routes of every kind. Each path answers whoever gets there with "in"."""
    (folder / "page.txt").write_text("in")
    return [
        Route("/function", inside, methods=["GET", "POST"]),
        Route("/class", Page),
        Route("/subclass", PageBelowAnOpenOne),
        Route("/asgi", Page),
        Mount("/mounted", app=Starlette(routes=[Route("/page", inside), Mount("/again", routes=[Route("/page", inside)])])),
        Mount("/router", app=Router([Route("/page", inside)])),
        Mount("/default", app=Router(default=opaque)),
        Mount("/group", routes=[Route("/page", inside)]),
        Mount("/opaque", app=opaque),
        Mount("/static", app=StaticFiles(directory=folder)),
        Mount("/fastapi", app=_small_fastapi()),
        WebSocketRoute("/talk", said),
        WebSocketRoute("/talk/class", Talk),
        Mount("/talks", routes=[WebSocketRoute("/talk", said)]),
        Host("other.example", app=Router([Route("/page", inside)])),
    ]


def _small_fastapi() -> FastAPI:
    app = FastAPI()

    @app.get("/page")
    async def page() -> str:
        return "in"

    return app


PAGES: Final = (
    *("/function", "/class", "/subclass", "/asgi", "/mounted/page", "/mounted/again/page", "/router/page", "/default/any"),
    *("/group/page", "/opaque/", "/opaque/any", "/static/page.txt", "/fastapi/page", "/fastapi/docs", "/fastapi/openapi.json"),
)
TALKS: Final = ("/talk", "/talk/class", "/talks/talk")


def closed_starlette(auth: cognito_auth_starlette.CognitoAuth, folder: Path) -> Starlette:
    app = Starlette(routes=[auth.mount(), *everything(folder)], middleware=[auth.middleware()])
    auth.protect_all(app)
    return app


def closed_fastapi(auth: cognito_auth_fastapi.CognitoAuth, folder: Path) -> Starlette:
    app = FastAPI(routes=everything(folder))
    auth.install(app)
    auth.protect_all(app)
    return app


@pytest.fixture(params=["starlette", "fastapi"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Starlette:
    """An application that is closed, and in which nothing is marked."""
    auth = request.getfixturevalue(f"{request.param}_auth")
    made: Callable[[Any, Path], Starlette] = closed_starlette if request.param == "starlette" else closed_fastapi
    return made(auth, tmp_path)


def test_a_route_that_nobody_marked_is_closed(app: Starlette, site: Site, portal: BlockingPortal) -> None:
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    for path in PAGES:
        refused(visitor.server.answer(Sent(method="GET", path=path)), 401, "not_signed_in")
        assert status(app, portal, path, "HEAD") == 401, path
        assert visitor.visit(path).status == 200, path
    host = [("Host", "other.example")]
    refused(visitor.server.answer(Sent(method="GET", path="/page", headers=host)), 401, "not_signed_in")
    headers = [*host, *visitor.credentials("GET")]
    assert visitor.server.answer(Sent(method="GET", path="/page", headers=headers)).status == 200


def test_so_is_every_websocket(app: Starlette, site: Site, portal: BlockingPortal) -> None:
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    for path in TALKS:
        assert talk(app, portal, path).status == 401
        closed = talk(app, portal, path, deniable=False)
        assert [(message["type"], message["code"]) for message in closed.messages] == [("websocket.close", 1008)]
        assert talk(app, portal, path, headers=visitor.credentials("GET")).texts == ["in"]


def test_the_endpoints_stay_as_they_are(app: Starlette, portal: BlockingPortal) -> None:
    for route in ROUTES:
        answer = AsgiServer(app, portal).answer(Sent(method=route.method, path=f"/auth/{route.path}"))
        # What is not for everybody says so by itself, once it knows what is wanted.
        wants_somebody = route.name == "refresh" or (route.guarded and not any(member.required for member in route.members))
        assert (route.name, answer.status in (200, 400)) == (route.name, not wants_somebody)


def test_where_there_is_nothing_nothing_is_closed(app: Starlette, portal: BlockingPortal) -> None:
    assert status(app, portal, "/nowhere") == 404
    assert status(app, portal, "/mounted/nowhere") == 404
    assert status(app, portal, "/function/") == 307
    assert status(app, portal, "/function", "DELETE") == 401
    assert talk(app, portal, "/nowhere", deniable=False).messages[0]["type"] == "websocket.close"


def test_a_route_that_is_added_later_is_closed(app: Starlette, site: Site, portal: BlockingPortal) -> None:
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    app.router.routes.append(Route("/later", inside))
    mounted = next(route for route in app.routes if isinstance(route, Mount) and route.path == "/mounted")
    mounted.routes.append(Route("/later", inside))
    app.router.routes.append(WebSocketRoute("/later/talk", said))
    for path in ("/later", "/mounted/later"):
        assert (status(app, portal, path), visitor.visit(path).status) == (401, 200)
    assert talk(app, portal, "/later/talk").status == 401
    before = [type(vars(route)["handle"].app).__name__ for route in app.routes if "handle" in vars(route)]
    assert set(before) == {"method"}, "one guard is enough, however many requests there were"


def test_a_route_that_takes_the_place_of_its_equal_is_closed(app: Starlette, portal: BlockingPortal) -> None:
    """Routes are told apart by identity: the one that came later has no guard yet, and its endpoint must not run without."""
    ran: list[str] = []

    async def endpoint(request: Request) -> Response:
        ran.append(request.url.path)
        return PlainTextResponse("inside")

    first, second = Route("/twin", endpoint), Route("/twin", endpoint)
    assert first == second
    app.router.routes.append(first)
    assert status(app, portal, "/twin") == 401
    app.router.routes[-1] = second
    assert (status(app, portal, "/twin"), ran) == (401, [])


def test_what_is_marked_is_open(
    starlette_auth: cognito_auth_starlette.CognitoAuth, portal: BlockingPortal, tmp_path: Path
) -> None:
    auth = starlette_auth
    (tmp_path / "logo.txt").write_text("logo")

    @auth.public
    async def open_to_all(request: Request) -> Response:
        return PlainTextResponse("in")

    @auth.public
    async def talk_to_all(websocket: WebSocket) -> None:
        await said(websocket)

    routes = [
        Route("/open", open_to_all),
        Route("/class", auth.public(type("Open", (Page,), {}))),
        Mount("/static", app=auth.public(StaticFiles(directory=tmp_path))),
        Mount("/site", app=auth.public(Starlette(routes=[Route("/page", inside)]))),
        Mount("/mounted", app=Starlette(routes=[Route("/open", open_to_all), Route("/closed", inside)])),
        WebSocketRoute("/talk", talk_to_all),
    ]
    app = Starlette(routes=routes, middleware=[auth.middleware()])
    auth.protect_all(app)
    for path in ("/open", "/class", "/static/logo.txt", "/site/page", "/mounted/open"):
        assert status(app, portal, path) == 200, path
    assert status(app, portal, "/static/nothing.txt") == 404
    assert status(app, portal, "/mounted/closed") == 401
    assert talk(app, portal, "/talk").texts == ["in"]


def test_a_requirement_of_the_whole_application(
    starlette_auth: cognito_auth_starlette.CognitoAuth, site: Site, portal: BlockingPortal
) -> None:
    auth = starlette_auth
    app = Starlette(routes=[auth.mount(), Route("/page", inside)], middleware=[auth.middleware()])
    auth.protect_all(app, group("admin"))
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    refused(visitor.visit("/page"), 403, "forbidden")
    accepted(visitor.auth("me"))
    add_to_group(visitor, "admin")
    visitor.refresh()
    assert visitor.visit("/page").status == 200


def test_other_middleware_answers_for_itself(
    starlette_auth: cognito_auth_starlette.CognitoAuth, portal: BlockingPortal
) -> None:
    auth = starlette_auth
    app = Starlette(routes=[Route("/page", inside)], middleware=[auth.middleware()])
    app.add_middleware(CORSMiddleware, allow_origins=["https://spa.example.com"])
    auth.protect_all(app)
    headers = {"Origin": "https://spa.example.com", "Access_Control_Request_Method": "GET"}
    assert status(app, portal, "/page", "OPTIONS", **headers) == 200
    assert status(app, portal, "/page", Origin="https://spa.example.com") == 401


def test_a_page_in_place_of_404_is_closed(starlette_auth: cognito_auth_starlette.CognitoAuth, portal: BlockingPortal) -> None:
    async def found_after_all(request: Request, error: Exception) -> Response:
        return PlainTextResponse("in")

    app = Starlette(middleware=[starlette_auth.middleware()], exception_handlers={404: found_after_all})
    starlette_auth.protect_all(app)
    answer = AsgiServer(app, portal).answer(Sent(method="GET", path="/nowhere"))
    refused(answer, 401, "not_signed_in")


def test_without_the_middleware_nobody_gets_in(
    starlette_auth: cognito_auth_starlette.CognitoAuth, portal: BlockingPortal
) -> None:
    app = Starlette(routes=[Route("/page", inside)])
    starlette_auth.protect_all(app)
    assert status(app, portal, "/page") == 500


def test_an_application_that_runs_cannot_be_closed(
    starlette_auth: cognito_auth_starlette.CognitoAuth, portal: BlockingPortal
) -> None:
    app = Starlette()
    assert status(app, portal, "/") == 404
    with pytest.raises(ConfigurationError, match="before"):
        starlette_auth.protect_all(app)


def test_what_cannot_be_marked_is_not(starlette_auth: cognito_auth_starlette.CognitoAuth) -> None:
    with pytest.raises(TypeError, match="cannot be marked"):
        starlette_auth.public(Page.get.__get__(object()))


def test_routes_of_fastapi(
    fastapi_auth: cognito_auth_fastapi.CognitoAuth, site: Site, portal: BlockingPortal, tmp_path: Path
) -> None:
    auth, app = fastapi_auth, FastAPI()
    auth.install(app)
    auth.protect_all(app)
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")

    @inner.get("/page")
    @app.get("/page")
    async def page() -> str:
        return "in"

    @inner.get("/open")
    @app.get("/open")
    @auth.public
    async def open_to_all() -> str:
        return "in"

    @inner.websocket("/talk")
    @app.websocket("/talk")
    async def talking(websocket: WebSocket) -> None:
        await said(websocket)

    @inner.websocket("/talk/open")
    @auth.public
    async def talking_to_all(websocket: WebSocket) -> None:
        await said(websocket)

    inner.add_route("/plain", inside)
    inner.add_websocket_route("/plain/talk", said)
    inner.mount("/mounted", Starlette(routes=[Route("/page", inside)]))
    outer.include_router(inner)
    app.include_router(outer)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    docs = ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"]
    included = ["/outer/inner/page", "/outer/plain", "/outer/mounted/page"]
    for path in ("/page", *included, *docs):
        assert (path, status(app, portal, path), visitor.visit(path).status) == (path, 401, 200)
    for path in ("/open", "/outer/inner/open"):
        assert status(app, portal, path) == 200
    for path in ("/talk", "/outer/inner/talk", "/outer/plain/talk"):
        assert (path, talk(app, portal, path).status) == (path, 401)
        assert talk(app, portal, path, headers=visitor.credentials("GET")).texts == ["in"]
    assert talk(app, portal, "/outer/inner/talk/open").texts == ["in"]
    inner.add_api_route("/later", page)
    outer.add_api_route("/later", page)
    for path in ("/outer/later", "/outer/inner/later"):
        assert status(app, portal, path) in (401, 404)  # an earlier release does not see what is added to a router later


def test_the_pages_of_the_documentation_can_be_marked(
    fastapi_auth: cognito_auth_fastapi.CognitoAuth, portal: BlockingPortal
) -> None:
    app = FastAPI()
    fastapi_auth.install(app)
    fastapi_auth.protect_all(app)
    for route in app.routes:
        if isinstance(route, Route) and route.path in (app.docs_url, app.openapi_url):
            fastapi_auth.public(route.endpoint)
    assert status(app, portal, "/docs") == status(app, portal, "/openapi.json") == 200
    assert status(app, portal, "/redoc") == 401


def test_a_frontend_of_fastapi(
    fastapi_auth: cognito_auth_fastapi.CognitoAuth, site: Site, portal: BlockingPortal, tmp_path: Path
) -> None:
    if not hasattr(FastAPI, "frontend"):
        pytest.skip("this release has no frontends")
    (tmp_path / "index.html").write_text("in")
    app, router = FastAPI(), APIRouter(prefix="/inner")
    fastapi_auth.install(app)
    fastapi_auth.protect_all(app)
    app.frontend("/front", directory=tmp_path)
    router.frontend("/front", directory=tmp_path)
    app.include_router(router)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    for path in ("/front/index.html", "/front/", "/inner/front/index.html"):
        assert (path, status(app, portal, path), visitor.visit(path).status) == (path, 401, 200)


def test_the_host_header_opens_nothing(app: Starlette, portal: BlockingPortal) -> None:
    for host in (f"{HOST}/auth/login?", f"{HOST}/auth/me#", "localhost", ""):
        assert status(app, portal, "/function", Host=host) == 401
