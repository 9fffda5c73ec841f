"""API clients in browsers, on pages of other origins (CORS, Fetch standard, section 3.2).

They are listed, one exact origin each, and get tokens; nothing here ever allows credentials, so no page of theirs reads what a
session answers. A request of theirs that carries cookies all the same counts as any from another site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..errors import CrossSiteRequest, RequestRejected
from .http import Reply, Request
from .options import WebOptions
from .origin import is_same_origin, require_same_origin
from .route import Route

MAX_AGE: Final = 600
"""Seconds that a browser keeps the answer to a preflight."""
_REQUEST_HEADERS: Final = "authorization, content-type"
_EXPOSED: Final = "Retry-After, WWW-Authenticate"


def require_allowed(request: Request, options: WebOptions) -> None:
    """Raise `CrossSiteRequest` unless the request comes from this site or a trusted origin, changes nothing, or comes from an
    API client's page without any cookie."""
    if _client(request, options) is None:
        require_same_origin(request, options.origins)
    elif request.every_header("cookie") and not is_same_origin(request, options.origins):
        raise CrossSiteRequest("a request of another origin carries cookies")


def for_client(request: Request, options: WebOptions, route: Route, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is meant: an API client's page is handed tokens. Raises `RequestRejected` when it wants a cookie."""
    if _client(request, options) is None or all(member.name != "delivery" for member in route.members):
        return dict(body)
    if body.get("delivery", "tokens") != "tokens":
        raise RequestRejected("delivery must be tokens for another origin")
    return {**body, "delivery": "tokens"}


def shared(reply: Reply, request: Request, options: WebOptions) -> Reply:
    """The reply as it is sent: one for an API client's page may be read there, and sets no cookie."""
    origin = _client(request, options)
    if origin is None:
        return reply
    headers = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}
    return replace(reply, headers={**reply.headers, **headers}, cookies=())


def preflight(methods: tuple[str, ...], request: Request, options: WebOptions) -> Reply:
    """The answer to ``OPTIONS`` for an endpoint that has ``methods``; only a listed origin learns that it may send them."""
    headers = {"Allow": ", ".join((*methods, "OPTIONS")), "Vary": "Origin"}
    origin = _client(request, options)
    if origin is not None:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": _REQUEST_HEADERS,
            "Access-Control-Max-Age": str(MAX_AGE),
        }
    return Reply(status=204, headers=headers)


def _client(request: Request, options: WebOptions) -> str | None:
    """The origin of an API client's page, if the request comes from one."""
    origin = request.only_header("origin")
    return origin if origin in options.cors_origins else None
