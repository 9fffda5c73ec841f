"""Between Starlette's requests and responses and the framework-neutral ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Receive, Scope
from starlette.websockets import WebSocket

from cognito_auth.errors import BodyTooLarge
from cognito_auth.web import Reply, Request
from cognito_auth.web.body import MAX_BODY
from cognito_auth.web.http import MAX_HEADERS

_DIGITS: Final = 20
"""Digits of a length that are read: Python reads no number of thousands of them, and no body is so long."""


def to_request(connection: HTTPConnection, body: bytes = b"") -> Request:
    """The request behind a connection; the handshake of a WebSocket has the method ``WEBSOCKET``."""
    scope = connection.scope
    return Request(
        method=scope["method"] if scope["type"] == "http" else "WEBSOCKET",
        scheme=scope.get("scheme", "http"),
        target=_target(scope),
        client=connection.client.host if connection.client else None,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
    )


def only_authorization(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The ``Authorization`` header, where there is one and no more, and the headers are not longer than is read; for everything
    else there is `to_request`. Names are in lower case, as ASGI has them."""
    found, length = None, 0
    for name, value in headers:
        length += len(name) + len(value)
        if name == b"authorization":
            if found is not None:
                return None
            found = value
    return found.decode("latin-1") if found is not None and length <= MAX_HEADERS else None


def _target(scope: Scope) -> str:
    """Path and query as the browser asked for them, with what a proxy before the application took off the path."""
    path, query = scope.get("raw_path") or quote(scope["path"]).encode(), scope.get("query_string", b"")
    taken_off = quote(scope.get("app_root_path", scope.get("root_path", ""))).encode()
    if not path.startswith(taken_off + b"/"):
        path = taken_off + path
    return str((path + b"?" + query if query else path).decode("latin-1"))


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The body; raises `BodyTooLarge` as soon as it is longer than any endpoint reads."""
    length = Headers(scope=scope).get("content-length", "0")[:_DIGITS]
    if length.isdecimal() and int(length) > MAX_BODY:
        raise BodyTooLarge(f"the body must have at most {MAX_BODY} bytes")
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise BodyTooLarge(f"the body must have at most {MAX_BODY} bytes")
        more = message.get("more_body", False)
    return bytes(body)


def to_response(reply: Reply) -> Response:
    """The response of a reply."""
    response = Response(reply.content(), status_code=reply.status)
    for name, value in reply.header_list():
        if name == "Set-Cookie":
            response.headers.append(name, value)
        else:
            response.headers[name] = value
    return response


async def deny(websocket: WebSocket, response: Response) -> None:
    """Refuse a handshake: with the whole response where the server can send it, else by closing with 1008 (RFC 6455)."""
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(response)
    else:
        await websocket.close(code=1008)
