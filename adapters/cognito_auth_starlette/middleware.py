"""Pure ASGI middleware: keeps what was found out about a request, and sets the cookies of renewed sessions."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cognito_auth.errors import ConfigurationError
from cognito_auth.sessions import SetCookie
from cognito_auth.web import Authenticated
from cognito_auth.web.http import CREDENTIALS, vary

_KEY: Final = "cognito_auth"
_VARY: Final = (b"vary", vary(None, CREDENTIALS).encode())
_STARTS: Final = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
"""Messages that carry the headers of an answer: a response, a WebSocket that is accepted, one that is refused."""


@dataclass(slots=True)
class Found:
    """What is known of one request: who sent it, once that was asked, and the cookies to set on whatever is answered."""

    asked: bool = False
    who: Authenticated | None = None
    cookies: tuple[SetCookie, ...] = ()

    def told(self, message: Message) -> Message:
        """The message that carries the headers of a guarded answer, with what is to be said of who asked.

        It is a copy: an application may send the same message to everybody, and what one person is told is not for the next.
        """
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        if not self.cookies and b"vary" not in [name for name, _ in headers]:
            return {**message, "headers": [*headers, _VARY]}
        changed = MutableHeaders(raw=headers)
        changed["Vary"] = vary(changed.get("Vary"), CREDENTIALS)
        for cookie in self.cookies:
            changed.append("Set-Cookie", cookie.header())
            changed["Cache-Control"] = "no-store"
        return {**message, "headers": changed.raw}


class CognitoAuthMiddleware:
    """Makes room for `Found` in each request's scope. It decides nothing: guards stand on the routed endpoints."""

    def __init__(self, app: ASGIApp) -> None:
        self.app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        found = scope[_KEY] = Found()

        def send_with_cookies(message: Message) -> Awaitable[None]:
            return send(found.told(message) if found.asked and message["type"] in _STARTS else message)

        await self.app(scope, receive, send_with_cookies)


def found_in(scope: Scope) -> Found:
    """The connection's `Found`; raises `ConfigurationError` when the middleware is missing."""
    found = scope.get(_KEY)
    if not isinstance(found, Found):
        raise ConfigurationError("CognitoAuthMiddleware is missing: add auth.middleware() to the application's middleware")
    return found
