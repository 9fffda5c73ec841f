"""Applications that are closed by default: a guard on every route that is not marked as public.

The guard stands in each route, in front of its endpoint, wherever the route is: in the application, in routers, in mounted
applications, and whenever it was added. What holds routes that are known here is looked into; anything else is guarded as a
whole. What is answered past all guards, by a router that keeps some of its routes elsewhere, is guarded before it is sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from operator import is_
from typing import Any, Final, Protocol

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Host, Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from cognito_auth.errors import CognitoAuthError
from cognito_auth.guards import Requirement
from cognito_auth.user import User
from cognito_auth.web.public import is_public

_DECIDED: Final = "cognito_auth.decided"
"""Where a connection's scope lists what let it pass, or refused it."""
_NO_ENDPOINT: Final = frozenset({307, 404, 405})
"""Statuses of a router that found no endpoint: another slash at the end, no such path, no such method."""


class Guarding(Protocol):
    """What admits and refuses: `CognitoAuth`."""

    def recall(self, scope: Scope, requirement: Requirement) -> User | None: ...

    async def admit(self, connection: HTTPConnection, requirement: Requirement) -> User: ...

    async def refuse(self, connection: HTTPConnection, error: CognitoAuthError) -> ASGIApp | None: ...


class ClosedByDefault:
    """Innermost middleware of an application: closes what its router leads to, and passes the connection on."""

    def __init__(self, app: ASGIApp, auth: Guarding, protected: Starlette, requirement: Requirement) -> None:
        self.app: Final = app
        self._auth: Final = auth
        self._protected: Final = protected
        self._requirement: Final = requirement
        self._closed: list[_Routes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if not self._closed or any(routes.have_changed() for routes in self._closed):
            self._closed = []
            self._close_router(self._protected.router)
        decided: list[object] = scope.setdefault(_DECIDED, [])
        refused = False

        def send_what_was_guarded(message: Message) -> Awaitable[None]:
            return send(message) if decided and not refused else guard_and_send(message)

        async def guard_and_send(message: Message) -> None:
            nonlocal refused
            if not decided and _is_answer(message):
                refused = not await self.passes(scope, receive, send)
            if not refused:
                await send(message)

        await self.app(scope, receive, send_what_was_guarded)

    def knows(self, scope: Scope) -> bool:
        """Whether the connection may go on, by what can be told without waiting."""
        try:
            known = self._auth.recall(scope, self._requirement) is not None
        except CognitoAuthError:  # `passes` meets it again, and answers
            return False
        if known:
            scope.setdefault(_DECIDED, []).append(self)
        return known

    async def passes(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether the connection may go on; otherwise it is refused here."""
        is_websocket = scope["type"] == "websocket"
        connection = WebSocket(scope, receive, send) if is_websocket else Request(scope, receive)
        scope.setdefault(_DECIDED, []).append(self)
        try:
            await self._auth.admit(connection, self._requirement)
        except CognitoAuthError as error:
            response = await self._auth.refuse(connection, error)
            if response is not None:
                await response(scope, receive, send)
            return False
        return True

    def _close_router(self, router: Router) -> None:
        self._close_all(partial(getattr, router, "routes"))
        if router.default != router.not_found:
            _put_guard(self, router, "default", router.default)

    def _close_all(self, routes: Callable[[], list[Any]]) -> None:
        closed = _Routes(routes, tuple(routes()))
        self._closed.append(closed)
        for route in closed.then:
            self._close(route)

    def _close(self, route: Any) -> None:
        inner = _mounted(route)
        if isinstance(inner, Starlette | Router) and not is_public(inner):
            self._close_router(inner.router if isinstance(inner, Starlette) else inner)
        elif hasattr(route, "effective_candidates"):  # FastAPI's included router, which makes routes of its own
            self._close_all(route.effective_candidates)
        elif hasattr(route, "original_route") and not isinstance(route, BaseRoute):  # ... and what it keeps them in
            self._close(route.starlette_route or route.original_route)
        else:
            _put_guard(self, route, "handle", inner if inner is not None else getattr(route, "endpoint", None))


@dataclass(frozen=True, slots=True)
class _Routes:
    """Some of an application's routes as they were when they were closed. They are held, so that none that comes later can have
    the identity of one that went."""

    now: Callable[[], list[Any]]
    then: tuple[Any, ...]

    def have_changed(self) -> bool:
        """Whether a route has come, gone or moved since. Routes that are equal are not the same."""
        now = self.now()
        return len(now) != len(self.then) or not all(map(is_, now, self.then))


class _Guarded:
    """An ASGI callable behind a guard, unless its endpoint is marked by then."""

    def __init__(self, guard: ClosedByDefault, app: ASGIApp, endpoint: object) -> None:
        self.guard: Final = guard
        self.app: Final = app
        self._endpoint: Final = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_public(self._endpoint):
            scope.setdefault(_DECIDED, []).append(self._endpoint)
        elif not self.guard.knows(scope) and not await self.guard.passes(scope, receive, send):
            return
        await self.app(scope, receive, send)


def _mounted(route: Any) -> Any:
    """What a mount leads to, without the middleware of its own; ``None`` for any other route."""
    return getattr(route, "_base_app", route.app) if isinstance(route, Mount | Host) else None


def _put_guard(guard: ClosedByDefault, holder: Any, name: str, endpoint: object) -> None:
    """Put the guard before the ASGI callable ``holder.name``, unless it stands there already."""
    app = before = getattr(holder, name)
    while isinstance(before, _Guarded):
        if before.guard is guard:
            return
        before = before.app
    setattr(holder, name, _Guarded(guard, app, endpoint))


def _is_answer(message: Message) -> bool:
    """Whether the message begins an answer in which an endpoint says something."""
    if message["type"] == "http.response.start":
        return message["status"] not in _NO_ENDPOINT
    return bool(message["type"] == "websocket.accept")
