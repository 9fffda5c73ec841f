"""The three frameworks' in-process servers behind one face: a request's parts in, the answer's parts out.

Nothing is added and nothing is kept between requests: cookies and browser headers are the business of `tests.adapters.faces`.
An exception in the application fails the test in place of becoming a 500.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx
from anyio.from_thread import BlockingPortal
from flask import Flask
from starlette.types import ASGIApp

HOST: Final = "app.example.com"
BASE: Final = f"https://{HOST}"
_CHUNK: Final = 4096

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered; header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def is_json(self) -> bool:
        return self.header("content-type") == "application/json"

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> Mapping[str, Any]:
        """The members of the reply."""
        document: Mapping[str, Any] = self.json
        return document

    @property
    def refusal(self) -> str | None:
        """The code of the error; ``None`` where all is well."""
        return self.code if self.status >= 400 else None

    @property
    def code(self) -> str:
        """The code of an error."""
        return str(self.json["error"]["code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request; ``chunked`` leaves its length untold. A ``Host`` among the headers replaces `HOST`."""

    method: str
    path: str
    headers: Pairs = ()
    body: bytes = b""
    chunked: bool = False
    base: str = BASE


class Server(Protocol):
    """An application that answers."""

    def answer(self, sent: Sent) -> Answer: ...


class FlaskServer:
    """Flask's test client."""

    def __init__(self, app: Flask) -> None:
        app.config["PROPAGATE_EXCEPTIONS"] = True
        self._client = app.test_client(use_cookies=False)

    def answer(self, sent: Sent) -> Answer:
        overrides: dict[str, Any] = {f"HTTP_{name.upper()}": value for name, value in sent.headers if name.lower() == "host"}
        arguments: dict[str, Any] = {"data": sent.body}
        if sent.chunked:
            arguments = {"input_stream": io.BytesIO(sent.body)}
            overrides |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        response = self._client.open(
            sent.path,
            method=sent.method,
            base_url=sent.base,
            headers=[(name, value) for name, value in sent.headers if name.lower() != "host"],
            environ_overrides=overrides,
            **arguments,
        )
        headers = tuple((name.lower(), value) for name, value in response.headers)
        with response:  # it may hold a file
            return Answer(status=response.status_code, headers=headers, body=response.data)


class AsgiServer:
    """httpx's transport for ASGI applications, in the event loop of ``portal``."""

    def __init__(self, app: ASGIApp, portal: BlockingPortal) -> None:
        self._transport = httpx.ASGITransport(app)
        self._portal = portal

    def answer(self, sent: Sent) -> Answer:
        return self._portal.call(self._answer, sent)

    async def _answer(self, sent: Sent) -> Answer:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.headers]
        content = _pieces(sent.body) if sent.chunked else sent.body
        request = httpx.Request(sent.method, f"{sent.base}{sent.path}", headers=headers, content=content)
        response = await self._transport.handle_async_request(request)
        body = await response.aread()
        pairs = tuple((name.decode().lower(), value.decode("latin-1")) for name, value in response.headers.raw)
        return Answer(status=response.status_code, headers=pairs, body=body)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        yield body[start : start + _CHUNK]
