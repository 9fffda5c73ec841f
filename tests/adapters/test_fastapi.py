"""FastAPI's own idioms: guards as dependencies, WebSockets, responses of every kind, the OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response, WebSocket
from fastapi.responses import PlainTextResponse, StreamingResponse
from openapi_spec_validator import validate

from cognito_auth.guards import group
from cognito_auth.user import User
from cognito_auth.web import ROUTES, Route
from cognito_auth_fastapi import CognitoAuth

from ..scenarios.world import HOUR
from .expectations import accepted, refused, signed_in
from .faces import ApiClient, Browser
from .servers import BASE, AsgiServer, Sent
from .sites import Site
from .websockets import talk

SCHEME = "CognitoAccessToken"


@pytest.fixture
def auth(site: Site, portal: BlockingPortal) -> Iterator[CognitoAuth]:
    made = CognitoAuth(site.settings, site.options, client=site.async_client())
    with portal.wrap_async_context_manager(made.lifespan()):
        yield made


@pytest.fixture
def app(auth: CognitoAuth) -> FastAPI:
    """An application with a guard of every kind."""
    made = FastAPI(title="idioms")
    auth.install(made)
    admin = auth.require(group("admin"))
    # FastAPI looks names of annotations up in the module, where these guards are not: hence the defaults.
    user, optional, admin_only = Depends(auth.user), Depends(auth.optional_user), Depends(admin)

    @made.get("/me")
    async def me(user: User = user) -> str | None:
        return user.username

    @made.get("/blocking")
    def blocking(user: User = user) -> str | None:
        return user.username

    @made.get("/anybody")
    async def anybody(user: User | None = optional) -> str | None:
        return user.username if user else "nobody"

    @made.get("/admin", dependencies=[admin_only])
    async def for_admins() -> str:
        return "in"

    @made.get("/stream", dependencies=[user])
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            for number in range(3):
                yield f"{number}\n"

        return StreamingResponse(pieces())

    @made.get("/response", dependencies=[user])
    async def response() -> Response:
        return PlainTextResponse("in", headers={"Cache-Control": "public"})

    @made.websocket("/talk")
    async def greet(websocket: WebSocket, user: User = user) -> None:
        await websocket.accept()
        await websocket.send_text(user.username or "")
        await websocket.close()

    @made.websocket("/talk/admin")
    async def greet_admins(websocket: WebSocket, user: User = admin_only) -> None:
        raise AssertionError("called")

    router = APIRouter(prefix="/staff", dependencies=[user])

    @router.get("/list")
    async def staff() -> str:
        return "in"

    made.include_router(router)
    return made


@pytest.fixture
def visitor(app: FastAPI, site: Site, portal: BlockingPortal) -> ApiClient:
    """Somebody who is signed in, by token."""
    return signed_in(ApiClient, site, AsgiServer(app, portal))


@pytest.fixture
def browser(visitor: ApiClient) -> Browser:
    """The same person, by cookies."""
    made = Browser(site=visitor.site, server=visitor.server, username=visitor.username)
    accepted(made.login())
    return made


def test_dependencies_of_the_whole_application_hold_for_the_endpoints_too(auth: CognitoAuth, portal: BlockingPortal) -> None:
    def closed() -> None:
        raise HTTPException(503, "closed for the night")

    app = FastAPI(dependencies=[Depends(closed)])
    auth.install(app)
    server = AsgiServer(app, portal)
    assert server.answer(Sent(method="POST", path="/auth/login", body=b"{}")).status == 503
    app.dependency_overrides[closed] = lambda: None
    assert server.answer(Sent(method="GET", path="/auth/me")).status == 401


def test_an_operation_beside_an_endpoint_is_documented_and_routed(auth: CognitoAuth, portal: BlockingPortal) -> None:
    app = FastAPI()

    @app.delete("/auth/me")
    async def leave() -> str:
        return "left"

    auth.install(app)

    @app.patch("/auth/me")
    async def change() -> str:
        return "changed"

    @app.get("/auth/hello")
    async def hello() -> str:
        return "hello"

    assert set(app.openapi()["paths"]["/auth/me"]) == {"get", "delete", "patch"}
    server = AsgiServer(app, portal)
    expected = {"DELETE": 200, "PATCH": 200, "GET": 401, "PUT": 405}
    assert {method: server.answer(Sent(method=method, path="/auth/me")).status for method in expected} == expected
    assert server.answer(Sent(method="GET", path="/auth/hello")).status == 200
    assert server.answer(Sent(method="GET", path="/auth/nothing")).status == 404


def test_endpoints_have_addresses_by_name(app: FastAPI) -> None:
    assert {app.url_path_for(route.name) for route in ROUTES} == {f"/auth/{route.path}" for route in ROUTES}


@pytest.mark.parametrize("path", ["/me", "/blocking", "/stream", "/response", "/staff/list"])
def test_dependencies_guard(visitor: ApiClient, path: str) -> None:
    refused(visitor.server.answer(Sent(method="GET", path=path)), 401, "not_signed_in")
    assert visitor.visit(path).status == 200


def test_a_requirement(visitor: ApiClient) -> None:
    refused(visitor.server.answer(Sent(method="GET", path="/admin")), 401, "not_signed_in")
    refused(visitor.visit("/admin"), 403, "forbidden")
    world = visitor.site.world
    world.ensure_group(visitor.site.settings, "admin")
    world.add_to_group(visitor.site.settings, visitor.username, "admin")
    visitor.refresh()
    assert visitor.visit("/admin").json == "in"


def test_somebody_or_nobody(visitor: ApiClient) -> None:
    assert visitor.visit("/anybody").body == f'"{visitor.username}"'.encode()
    assert visitor.server.answer(Sent(method="GET", path="/anybody")).body == b'"nobody"'
    wrong = Sent(method="GET", path="/anybody", headers=[("Authorization", "Bearer nonsense")])
    refused(visitor.server.answer(wrong), 401, "invalid_token")


@pytest.mark.parametrize("path", ["/me", "/blocking", "/anybody", "/stream", "/response", "/admin"])
def test_whatever_is_answered_a_renewed_session_goes_with_it(browser: Browser, path: str) -> None:
    browser.site.world.move(1.1 * HOUR)
    answer = browser.server.answer(Sent(method="GET", path=path, headers=browser.credentials("GET")))
    assert answer.status == (403 if path == "/admin" else 200)
    assert any("Max-Age=2592000" in cookie for cookie in answer.every("set-cookie"))
    assert answer.every("cache-control") == ["no-store"]


@pytest.mark.parametrize("origin", [BASE, "https://evil.example"])
def test_websockets(app: FastAPI, browser: Browser, portal: BlockingPortal, origin: str) -> None:
    headers = [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    assert talk(app, portal, "/talk").status == 401
    heard = talk(app, portal, "/talk", headers=[*headers, ("Origin", origin)])
    assert (heard.status, heard.texts) == ((101, [browser.username]) if origin == BASE else (403, []))
    assert talk(app, portal, "/talk/admin", headers=headers).status == 403
    closed = talk(app, portal, "/talk", deniable=False)
    assert [(message["type"], message["code"]) for message in closed.messages] == [("websocket.close", 1008)]


def test_annotated_dependencies(auth: CognitoAuth, site: Site, portal: BlockingPortal) -> None:
    app = FastAPI()
    auth.install(app)

    async def endpoint(user: Any) -> str | None:
        username: str | None = user.username
        return username

    endpoint.__annotations__["user"] = Annotated[User, Depends(auth.user)]
    app.add_api_route("/me", endpoint)
    server = AsgiServer(app, portal)
    refused(server.answer(Sent(method="GET", path="/me")), 401, "not_signed_in")


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_the_document_has_the_security_scheme(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"][SCHEME]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")


@pytest.mark.parametrize("path", ["/me", "/blocking", "/anybody", "/admin", "/stream", "/response", "/staff/list"])
def test_guarded_operations_say_so(document: dict[str, Any], path: str) -> None:
    operation = document["paths"][path]["get"]
    assert operation["security"] == [{SCHEME: []}]
    for status in ("401", "403"):
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        assert schema["properties"]["error"]["required"] == ["code", "message"]


DESCRIBED = [route for route in ROUTES if route.described]


@pytest.mark.parametrize("route", DESCRIBED, ids=lambda route: route.name)
def test_the_endpoints_are_described(document: dict[str, Any], route: Route) -> None:
    operation = document["paths"][f"/auth/{route.path}"][route.method.lower()]
    assert operation["summary"] == route.summary
    assert operation["responses"].keys() == {str(route.success), "400", "401", "403", "429", "503"}
    assert operation.get("security") == ([{SCHEME: []}] if route.guarded else None)
    assert ("requestBody" in operation) == bool(route.members)
    if route.members:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert schema["properties"].keys() == {member.name for member in route.members}
        assert schema["required"] == [member.name for member in route.members if member.required]


def test_files_for_pages_are_not(document: dict[str, Any]) -> None:
    found = {(path, method) for path, operations in document["paths"].items() for method in operations}
    described = {(f"/auth/{route.path}", route.method.lower()) for route in DESCRIBED}
    assert {(path, method) for path, method in found if path.startswith("/auth/")} == described
    assert {route.name for route in ROUTES} - {route.name for route in DESCRIBED} == {"passkeys_script"}


def test_the_document_is_made_once(app: FastAPI, document: dict[str, Any]) -> None:
    assert app.openapi() is document
