"""The embedded pool as an ASGI application.

Reads a request within its limit, lets the gate judge it, and answers from a worker thread, because the pool computes and
writes to its store while it answers. What is answered is `cognito_auth.local.http.face`'s business. There is no framework in
between: it would take longer than the answer.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final, TypeAlias

from ..base.reply import Reply
from ..base.request import Request, joined
from ..base.validation import MAX_BODY_BYTES
from ..pool import LocalCognito
from . import face
from .gate import Gate

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class Application:
    """Serves ``cognito``; by default it answers only requests whose Host header is this machine. Runs on asyncio."""

    def __init__(self, cognito: LocalCognito, *, gate: Gate | None = None) -> None:
        self._cognito = cognito
        self._gate = gate or Gate()
        # The pool does one thing at a time: more threads would only get in each other's way, and in that of the event loop.
        self._operations: Final = ThreadPoolExecutor(1, "cognito-auth operation")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request. Raises `NotImplementedError` for what is not HTTP, as ASGI wants it."""
        if scope["type"] != "http":
            raise NotImplementedError(f"the embedded user pool does not speak {scope['type']}")
        method, path = scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))
        headers = joined((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        reply = self._gate.refuse(method, path, headers)
        if reply is None:
            body = await _read(receive)
            if body is None:
                return
            query = scope["query_string"].decode("latin-1")
            asked = Request(method=method, path=path, query=query, headers=headers, body=body)
            worker: Executor | None = self._operations if path == face.API else None
            reply = await asyncio.get_running_loop().run_in_executor(worker, face.respond, self._cognito, asked)
        await _write(reply, send)


async def _read(receive: Receive) -> bytes | None:
    """The body, cut off as soon as it is longer than the face accepts, which then refuses it; ``None`` if the client left."""
    body = bytearray()
    more = True
    while more and len(body) <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def _write(reply: Reply, send: Send) -> None:
    headers = {**reply.headers, "content-length": str(len(reply.body))}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    await send({"type": "http.response.body", "body": reply.body})
