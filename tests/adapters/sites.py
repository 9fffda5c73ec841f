"""One application on each of the three frameworks: the endpoints, a few guarded routes of its own, and an open one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from anyio.from_thread import BlockingPortal
from fastapi import Depends, FastAPI
from flask import Flask
from flask.typing import ResponseReturnValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import cognito_auth_fastapi
import cognito_auth_flask
import cognito_auth_starlette
from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.config import Settings
from cognito_auth.guards import Requirement
from cognito_auth.observer import Observer
from cognito_auth.secret import Secret
from cognito_auth.user import User
from cognito_auth.web import WebOptions
from cognito_auth_flask import current_user

from ..scenarios.person import GUARDS
from ..scenarios.world import CREDENTIALS, World
from .servers import AsgiServer, FlaskServer, Server

OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),), issuer_name="Tests")
ADDRESS: Final = "/address"
"""A route for everybody, which replies with where the request comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What an application is made of."""

    world: World
    settings: Settings
    options: WebOptions = OPTIONS
    online: bool = True
    """Whether the pool can be reached by the world's transport; otherwise the network is asked."""
    observer: Observer | None = None

    def with_options(self, **changes: Any) -> Site:
        return replace(self, options=replace(self.options, **changes))

    def client(self) -> CognitoClient:
        transport, surroundings = self.world.stand.transport if self.online else None, self.world.stand.surroundings
        return CognitoClient(
            self.settings,
            transport=transport,
            credentials=CREDENTIALS,
            surroundings=surroundings,
            observer=self.observer,
        )

    def async_client(self) -> AsyncCognitoClient:
        transport, surroundings = self.world.stand.transport if self.online else None, self.world.stand.surroundings
        return AsyncCognitoClient(
            self.settings,
            transport=transport,
            credentials=CREDENTIALS,
            surroundings=surroundings,
            observer=self.observer,
        )


@contextmanager
def on_flask(site: Site, _: BlockingPortal) -> Generator[Server]:
    app = Flask("site")
    with site.client() as client:
        auth = cognito_auth_flask.CognitoAuth(app, site.settings, site.options, client=client)
        for path, requirement in GUARDS.items():

            @auth.require(requirement)
            def view() -> ResponseReturnValue:
                return {"username": current_user.username}

            app.add_url_rule(path, path, view, methods=["GET", "POST"])

        @app.get(ADDRESS)
        def address() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]  # Flask calls it
            return {"address": auth.client_address()}

        yield FlaskServer(app)


@contextmanager
def on_starlette(site: Site, portal: BlockingPortal) -> Generator[Server]:
    auth = cognito_auth_starlette.CognitoAuth(site.settings, site.options, client=site.async_client())

    def route(path: str, requirement: Requirement) -> Route:
        @auth.requires(requirement)
        async def endpoint(request: Request) -> JSONResponse:
            return JSONResponse({"username": (await auth.user(request)).username})

        return Route(path, endpoint, methods=["GET", "POST"])

    async def address(request: Request) -> JSONResponse:
        return JSONResponse({"address": auth.client_address(request)})

    guarded = (route(path, requirement) for path, requirement in GUARDS.items())
    routes = [auth.mount(), *guarded, Route(ADDRESS, address)]
    app = Starlette(routes=routes, middleware=[auth.middleware()])
    with portal.wrap_async_context_manager(auth.lifespan()):
        yield AsgiServer(app, portal)


@contextmanager
def on_fastapi(site: Site, portal: BlockingPortal) -> Generator[Server]:
    auth = cognito_auth_fastapi.CognitoAuth(site.settings, site.options, client=site.async_client())
    app = FastAPI()
    auth.install(app)
    for path, requirement in GUARDS.items():
        guard = auth.require(requirement)

        async def endpoint(user: Annotated[User, Depends(guard)]) -> dict[str, str | None]:
            return {"username": user.username}

        # The annotations are strings here; what FastAPI needs is the guard of this turn of the loop.
        endpoint.__annotations__ = {"user": Annotated[User, Depends(guard)]}
        app.add_api_route(path, endpoint, methods=["GET", "POST"])

    async def address(request: Any) -> dict[str, str | None]:
        return {"address": auth.client_address(request)}

    address.__annotations__["request"] = Request
    app.add_api_route(ADDRESS, address)
    with portal.wrap_async_context_manager(auth.lifespan()):
        yield AsgiServer(app, portal)


Start = Callable[[Site, BlockingPortal], AbstractContextManager[Server]]

FRAMEWORKS: Final[Mapping[str, Start]] = {"flask": on_flask, "starlette": on_starlette, "fastapi": on_fastapi}
