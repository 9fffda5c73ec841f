"""The embedded pool as an ASGI application.

Reads a request within its limit, lets the gate judge it, and answers from a worker thread, because the pool computes and
writes to its store while it answers. What is answered is `cognito_auth.local.face`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..errors import MissingExtra

try:
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import Response
    from starlette.routing import Route
except ModuleNotFoundError as absent:
    raise MissingExtra("The embedded user pool's server", "local") from absent

from . import face
from .gate import Gate
from .pool import LocalCognito
from .validation import MAX_BODY_BYTES

_METHODS: Final = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


def application(cognito: LocalCognito, *, gate: Gate | None = None) -> Starlette:
    """The application that serves ``cognito``; by default it answers only requests whose Host header is this machine."""
    guard = gate or Gate()

    async def endpoint(request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        headers = _joined(request.headers.items())
        reply = guard.refuse(path, headers)
        if reply is None:
            try:
                body = await _read(request)
            except ClientDisconnect:
                return Response(status_code=400)
            asked = face.Request(
                method=request.method,
                path=path,
                query=request.scope["query_string"].decode("latin-1"),
                headers=headers,
                body=body,
            )
            reply = await run_in_threadpool(face.respond, cognito, asked)
        return Response(content=reply.body, status_code=reply.status, headers=dict(reply.headers))

    return Starlette(routes=[Route("/{path:path}", endpoint, methods=_METHODS)])


def _joined(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers as one mapping; a name that comes twice has both values (RFC 9110, section 5.3), and so is no valid Host."""
    joined: dict[str, str] = {}
    for name, value in items:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


async def _read(request: Request) -> bytes:
    """The body, cut off as soon as it is longer than the face accepts; the face then refuses what it got."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            break
    return bytes(body)
