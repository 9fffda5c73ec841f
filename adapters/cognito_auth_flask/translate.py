"""Between Flask's request and response and the framework-neutral ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from flask import Request as FlaskRequest
from flask import Response
from werkzeug.exceptions import HTTPException

from cognito_auth.errors import BodyTooLarge, RequestRejected
from cognito_auth.web import Reply, Request
from cognito_auth.web.body import MAX_BODY
from cognito_auth.web.http import MAX_HEADERS

_HEADERS: Final = ("HTTP_", "CONTENT_")
"""What names of headers begin with in WSGI (PEP 3333)."""


def to_request(request: FlaskRequest, body: bytes = b"") -> Request:
    """The request that Flask is handling."""
    path, query = quote(f"{request.script_root}{request.path}"), request.query_string.decode("latin-1")
    return Request(
        method=request.method,
        scheme=request.scheme,
        target=f"{path}?{query}" if query else path,
        client=request.remote_addr,
        headers=tuple(request.headers.items()),
        body=body,
    )


def only_authorization(environ: Mapping[str, Any]) -> str | None:
    """The ``Authorization`` header, if the headers are not longer than is read; servers make one of several, which is no
    token's. For everything else there is `to_request`."""
    authorization: str | None = environ.get("HTTP_AUTHORIZATION")
    if authorization is None:
        return None
    length = sum([len(name) + len(value) for name, value in environ.items() if name.startswith(_HEADERS)])
    return authorization if length <= MAX_HEADERS else None


def read_body(request: FlaskRequest) -> bytes:
    """The body; raises `BodyTooLarge` when it is longer than any endpoint reads, `RequestRejected` when it is none."""
    try:
        # A hook of the application may have read the stream before; then Flask has kept what was in it.
        body = request.stream.read(MAX_BODY + 1) or request.get_data()
    except HTTPException:
        raise
    except Exception as error:  # servers have errors of their own for chunks that are none, and gunicorn would reply 500
        raise RequestRejected("the body cannot be read") from error
    if len(body) > MAX_BODY:
        raise BodyTooLarge(f"the body must have at most {MAX_BODY} bytes")
    return body


def to_response(reply: Reply) -> Response:
    """The response of a reply."""
    headers = reply.header_list()
    response = Response(reply.content(), reply.status, headers)
    if "Content-Type" not in dict(headers):
        del response.headers["Content-Type"]  # Flask's own: there is no content
    return response
