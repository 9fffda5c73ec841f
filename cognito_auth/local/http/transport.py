"""An httpx transport that ends in an embedded pool: no socket, no server, no thread of its own.

``httpx.Client(transport=LocalTransport(cognito))`` and ``httpx.AsyncClient`` alike reach the pool under its ``endpoint`` and
nothing else; any other address fails as if nobody listened there.
"""

from __future__ import annotations

import anyio.to_thread
import httpx

from ..base.request import Request, joined
from ..pool import LocalCognito
from . import face


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Carries requests to ``cognito``. Raises `httpx.ConnectError` for an address that is not its ``endpoint``."""

    def __init__(self, cognito: LocalCognito) -> None:
        self._cognito = cognito

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer in the calling thread."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from a worker thread, so that the event loop goes on."""
        return await anyio.to_thread.run_sync(self._answer, request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        if _origin(request.url) != _origin(httpx.URL(self._cognito.endpoint)):
            raise httpx.ConnectError(f"only {self._cognito.endpoint} is here", request=request)
        asked = Request(
            method=request.method,
            path=request.url.path,
            query=request.url.query.decode("ascii"),
            headers=joined(request.headers.multi_items()),
            body=body,
        )
        reply = face.respond(self._cognito, asked)
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
