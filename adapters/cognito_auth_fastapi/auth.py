"""The extension: a router with the endpoints, guards as dependencies, and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, TypeVar

import httpx
from fastapi import APIRouter, FastAPI
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket

from cognito_auth.client import AsyncCognitoClient
from cognito_auth.config import Settings
from cognito_auth.guards import Requirement, signed_in
from cognito_auth.user import User
from cognito_auth.web import ROUTES, BrowserSessions, ServerSessions, WebAuth, WebOptions
from cognito_auth.web.openapi import describe
from cognito_auth.web.public import public
from cognito_auth_starlette import CognitoAuth as StarletteAuth
from cognito_auth_starlette import CognitoAuthMiddleware
from cognito_auth_starlette.endpoints import Endpoints
from cognito_auth_starlette.translate import deny, to_response

from .guard import SCHEME, Guard, OptionalGuard, Refusal
from .openapi import document_endpoints, document_refusals

T = TypeVar("T")


class CognitoAuth:
    """Cognito authentication for one application.

    ``client`` carries out what is to be done; by default one is made from the settings. Raises `ConfigurationError` for
    settings that cannot work.
    """

    def __init__(
        self,
        settings: Settings,
        options: WebOptions,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        client: AsyncCognitoClient | None = None,
    ) -> None:
        self._starlette: Final = StarletteAuth(settings, options, transport=transport, client=client)
        self.user: Final = Guard(self._starlette, signed_in())
        """``Annotated[User, Depends(auth.user)]``: whoever is signed in."""
        self.optional_user: Final = OptionalGuard(self.user)
        """``Annotated[User | None, Depends(auth.optional_user)]``: whoever is signed in, or nobody."""

    @classmethod
    def from_mapping(
        cls,
        source: Mapping[str, Any],
        *,
        sessions: BrowserSessions | ServerSessions | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> CognitoAuth:
        """Configure from a mapping such as ``os.environ`` (`Settings.from_mapping`, `WebOptions.from_mapping`); ``sessions``
        are in the browser alone by default."""
        return cls(Settings.from_mapping(source), WebOptions.from_mapping(source, sessions=sessions), transport=transport)

    @property
    def client(self) -> AsyncCognitoClient:
        """The client that carries everything out; send the administrator's operations with it."""
        return self._starlette.client

    @property
    def web(self) -> WebAuth:
        """The framework-neutral heart."""
        return self._starlette.web

    def install(self, app: FastAPI) -> None:
        """Add to the application what guards and endpoints need: middleware, router, error handler, OpenAPI responses."""
        app.add_middleware(CognitoAuthMiddleware)
        app.add_exception_handler(Refusal, _refuse)
        # What holds for the whole application holds for the endpoints. The mount has no name, which theirs would begin with.
        endpoints = APIRouter(dependencies=app.router.dependencies, dependency_overrides_provider=app)
        app.router.routes.append(Endpoints(self.web.options.prefix, self._with_endpoints(endpoints)))
        document_endpoints(app, self.router)
        document_refusals(app, SCHEME)

    def router(self) -> APIRouter:
        """The endpoints, with their description."""
        return self._with_endpoints(APIRouter(prefix=self.web.options.prefix, tags=["authentication"]))

    def _with_endpoints(self, router: APIRouter) -> APIRouter:
        for route in ROUTES:
            router.add_api_route(
                f"/{route.path}",
                self._starlette.endpoint(route),
                methods=[route.method],
                status_code=route.success,
                name=route.name,
                summary=route.summary,
                response_class=Response,
                include_in_schema=route.described,
                openapi_extra=describe(route, SCHEME),
            )
        for preflight in self._starlette.preflights():
            path = f"{router.prefix}{preflight.path}"
            router.add_route(path, preflight.endpoint, methods=["OPTIONS"], include_in_schema=False)
        return router

    def require(self, requirement: Requirement) -> Guard:
        """``Depends(auth.require(group("admin")))``: the user, who fulfils the requirement."""
        return Guard(self._starlette, requirement)

    def public(self, endpoint: T) -> T:
        """Mark a path operation, or an application to be mounted, as open to everybody where `protect_all` closes the rest."""
        return public(endpoint)

    def protect_all(self, app: FastAPI, requirement: Requirement | None = None) -> None:
        """Close every route of the application that is not `public`: routers, WebSockets, mounted applications and the pages of
        the documentation included. Otherwise as `cognito_auth_starlette.CognitoAuth.protect_all`."""
        self._starlette.protect_all(app, requirement)

    def until_expiry(self, websocket: WebSocket) -> AbstractAsyncContextManager[User]:
        """``async with auth.until_expiry(websocket) as user:`` closes an accepted WebSocket when the access token ends; see
        `cognito_auth_starlette.CognitoAuth.until_expiry`."""
        return self._starlette.until_expiry(websocket)

    async def end_access(self, sub: str) -> int:
        """End all that a user was given here, as for somebody who is locked out (`WebAuth.end_access`)."""
        return await self._starlette.end_access(sub)

    async def refresh_access(self, sub: str) -> bool:
        """Have a user's tokens replaced at their next use, as after a change of groups (`WebAuth.refresh_access`)."""
        return await self._starlette.refresh_access(sub)

    def client_address(self, connection: HTTPConnection) -> str | None:
        """Where a request or WebSocket comes from, as far as `WebOptions.trusted_proxies` vouch for it."""
        return self._starlette.client_address(connection)

    def lifespan(self, app: object = None) -> AbstractAsyncContextManager[None]:
        """Checks what is to be checked at the start (`WebOptions.check_at_start`), and closes the connections when the
        application stops; for ``FastAPI(lifespan=auth.lifespan)``."""
        return self._starlette.lifespan(app)


async def _refuse(connection: HTTPConnection, error: Exception) -> Any:
    """The response to a guard's refusal; a WebSocket is refused here, before it is accepted, and nothing is left to send."""
    if not isinstance(error, Refusal):
        raise error
    response = to_response(error.reply)
    if isinstance(connection, WebSocket):
        await deny(connection, response)
        return None
    return response
