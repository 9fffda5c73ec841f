"""Between Flask's request and response and the framework-neutral ones."""

from __future__ import annotations

from flask import Request as FlaskRequest
from flask import Response

from cognito_auth.errors import BodyTooLarge
from cognito_auth.web import Reply, Request
from cognito_auth.web.body import MAX_BODY


def to_request(request: FlaskRequest, body: bytes = b"") -> Request:
    """The request that Flask is handling."""
    headers = tuple(request.headers.items())
    return Request(method=request.method, scheme=request.scheme, client=request.remote_addr, headers=headers, body=body)


def read_body(request: FlaskRequest) -> bytes:
    """The body; raises `BodyTooLarge` when it is longer than any endpoint reads."""
    # A hook of the application may have read the stream before; then Flask has kept what was in it.
    body = request.stream.read(MAX_BODY + 1) or request.get_data()
    if len(body) > MAX_BODY:
        raise BodyTooLarge(f"the body must have at most {MAX_BODY} bytes")
    return body


def to_response(reply: Reply) -> Response:
    """The response of a reply."""
    return Response(reply.content(), reply.status, reply.header_list())
