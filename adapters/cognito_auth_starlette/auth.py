"""The extension: endpoints to mount, guards for routes, and who is signed in."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

import anyio
import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketState

from cognito_auth.client import AsyncCognitoClient
from cognito_auth.config import Settings
from cognito_auth.errors import CognitoAuthError, ConfigurationError, NotSignedIn
from cognito_auth.guards import Requirement, signed_in
from cognito_auth.user import User
from cognito_auth.web import PATHS, ROUTES, BrowserSessions, Refused, ServerSessions, WebAuth, WebOptions
from cognito_auth.web import Route as AuthRoute
from cognito_auth.web.public import public

from .closed import ClosedByDefault
from .endpoints import Endpoints
from .middleware import CognitoAuthMiddleware, found_in
from .translate import deny, only_authorization, read_body, to_request, to_response

P = ParamSpec("P")
R = TypeVar("R")
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
        self.web: Final = WebAuth(settings, options)
        self.client: Final = client or AsyncCognitoClient(settings, transport=transport)

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

    def middleware(self) -> Middleware:
        """For ``Starlette(middleware=[...])``; guards need it."""
        return Middleware(CognitoAuthMiddleware)

    def mount(self) -> Mount:
        """The endpoints below the prefix of the options, for ``Starlette(routes=[...])``."""
        routes = [Route(f"/{route.path}", self.endpoint(route), methods=[route.method], name=route.name) for route in ROUTES]
        return Endpoints(self.web.options.prefix, Router([*routes, *self.preflights()]), name="cognito_auth")

    @asynccontextmanager
    async def lifespan(self, app: object = None) -> AsyncGenerator[None]:
        """Checks what is to be checked at the start (`WebOptions.check_at_start`), and closes the connections when the
        application stops; for ``Starlette(lifespan=auth.lifespan)``."""
        try:
            await self.client.run(self.web.start())
            yield
        finally:
            await self.client.aclose()

    async def admit(self, connection: HTTPConnection, requirement: Requirement) -> User:
        """The user behind a request or WebSocket, who fulfils the requirement.

        Who it is, is found out once for each connection. Raises `CognitoAuthError` otherwise; `cognito_auth.web.refusal` makes
        the reply.
        """
        user = self.recall(connection.scope, requirement)
        return user if user is not None else await self._admit(connection, requirement)

    def recall(self, scope: Scope, requirement: Requirement) -> User | None:
        """The user behind a request, if it takes no waiting to tell that they fulfil the requirement (`WebAuth.recall`).

        ``None`` leaves it to `admit`.
        """
        found = found_in(scope)
        found.asked = True
        clocks, authorization = self.client.clocks, only_authorization(scope["headers"])
        if clocks is None or authorization is None or found.who is not None:
            return None
        return self.web.recall(authorization, requirement, clocks.now(), clocks.monotonic())

    async def _admit(self, connection: HTTPConnection, requirement: Requirement) -> User:
        found = found_in(connection.scope)
        if found.who is None:
            try:
                found.who = await self.client.run(self.web.authenticate(to_request(connection)))
            except Refused as refused:
                found.cookies += refused.cookies
                raise refused.error from refused
            found.cookies += found.who.cookies
        return await self.client.run(self.web.admit(found.who, requirement))

    async def user(self, connection: HTTPConnection) -> User:
        """The signed-in user; raises as `admit` does."""
        return await self.admit(connection, signed_in())

    async def optional_user(self, connection: HTTPConnection) -> User | None:
        """The signed-in user, or ``None`` when the request carries no credentials. Wrong ones are refused all the same."""
        try:
            return await self.user(connection)
        except NotSignedIn:
            return None

    async def end_access(self, sub: str) -> int:
        """End all that a user was given here, as for somebody who is locked out (`WebAuth.end_access`)."""
        return await self.client.run(self.web.end_access(sub))

    async def refresh_access(self, sub: str) -> bool:
        """Have a user's tokens replaced at their next use, as after a change of groups (`WebAuth.refresh_access`)."""
        return await self.client.run(self.web.refresh_access(sub))

    def client_address(self, connection: HTTPConnection) -> str | None:
        """Where a request or WebSocket comes from, as far as `WebOptions.trusted_proxies` vouch for it."""
        return self.web.client_address(to_request(connection))

    def requires(self, requirement: Requirement | None = None) -> Callable[[Callable[P, Any]], Callable[P, Awaitable[Any]]]:
        """Guard an endpoint: a function or a method of an ``HTTPEndpoint``, synchronous or not, or a WebSocket's.

        Without credentials, or with a sign-in that is not enough, the answer is 401, without the right 403; a WebSocket is
        refused before it is accepted.
        """
        wanted = signed_in() if requirement is None else requirement

        def decorate(endpoint: Callable[P, Any]) -> Callable[P, Awaitable[Any]]:
            call = cast(
                "Callable[P, Awaitable[Any]]", endpoint if inspect.iscoroutinefunction(endpoint) else _in_thread(endpoint)
            )

            @wraps(endpoint)
            async def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
                connection = _connection(args, kwargs)
                try:
                    if self.recall(connection.scope, wanted) is None:
                        await self._admit(connection, wanted)
                except CognitoAuthError as error:
                    return await self.refuse(connection, error)
                return await call(*args, **kwargs)

            return guarded

        return decorate

    def public(self, endpoint: T) -> T:
        """Mark an endpoint, or an application to be mounted, as open to everybody where `protect_all` closes the rest."""
        return public(endpoint)

    def protect_all(self, app: Starlette, requirement: Requirement | None = None) -> None:
        """Close every route of the application, WebSockets and mounted applications included, that is not `public`.

        Somebody must be signed in, or fulfil ``requirement``. Call it before the application starts; routes may be added
        later. The endpoints of this library stay as they are.
        """
        wanted = signed_in() if requirement is None else requirement
        if app.middleware_stack is not None:
            raise ConfigurationError("the application has started: call protect_all before")
        # The innermost, so that other middleware answers for itself, as with CORS.
        app.user_middleware.append(Middleware(ClosedByDefault, auth=self, protected=app, requirement=wanted))

    @asynccontextmanager
    async def until_expiry(self, websocket: WebSocket) -> AsyncGenerator[User]:
        """``async with auth.until_expiry(websocket) as user:`` for all that is said on an accepted WebSocket.

        When the access token expires, or the access it gave is ended early (`WebOptions.early_end`), what is under way in the
        block is cancelled and the WebSocket is closed with 1008 (RFC 6455, section 7.4.1). Raises as `admit` does.
        """
        user = await self.user(websocket)
        ended, failure = False, None

        async def watch(scope: anyio.CancelScope) -> None:
            nonlocal ended
            await self.client.run(self.web.until_end(user))
            ended = True
            scope.cancel()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, tasks.cancel_scope)
            try:
                yield user
            except Exception as error:  # raised again outside of the group, which would wrap it
                failure = error
            tasks.cancel_scope.cancel()
        if failure is not None:
            raise failure
        if ended and websocket.application_state is websocket.client_state is WebSocketState.CONNECTED:
            await websocket.close(code=1008)

    async def refuse(self, connection: HTTPConnection, error: CognitoAuthError) -> Response | None:
        """The response that an error stands for; a WebSocket is refused with it at once."""
        response = to_response(self.web.refuse(to_request(connection), error))
        if isinstance(connection, WebSocket):
            await deny(connection, response)
            return None
        return response

    def endpoint(self, route: AuthRoute) -> Callable[[StarletteRequest], Awaitable[Response]]:
        """One of the endpoints as an ASGI framework calls it."""

        async def endpoint(request: StarletteRequest) -> Response:
            try:
                body = await read_body(request.scope, request.receive)
            except CognitoAuthError as error:
                return to_response(self.web.reject(to_request(request), error))
            return to_response(await self.client.run(self.web.handle(route, to_request(request, body))))

        return public(endpoint)

    def preflights(self) -> list[Route]:
        """``OPTIONS`` for every endpoint's path, below no prefix; none without `WebOptions.cors_origins`."""
        if not self.web.options.cors_origins:
            return []
        return [Route(f"/{path}", self._preflight(methods), methods=["OPTIONS"]) for path, methods in PATHS.items()]

    def _preflight(self, methods: tuple[str, ...]) -> Callable[[StarletteRequest], Awaitable[Response]]:
        async def endpoint(request: StarletteRequest) -> Response:
            return to_response(self.web.preflight(methods, to_request(request)))

        return public(endpoint)


def _in_thread(endpoint: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return await run_in_threadpool(endpoint, *args, **kwargs)

    return call


def _connection(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> HTTPConnection:
    if args and type(args[0]) is StarletteRequest:  # as nearly always, and quicker than asking for the class of an ABC
        return cast("HTTPConnection[Any]", args[0])
    for value in (*args, *kwargs.values()):
        if isinstance(value, HTTPConnection):
            return cast("HTTPConnection[Any]", value)
    raise TypeError("a guarded endpoint takes a Request or a WebSocket")
