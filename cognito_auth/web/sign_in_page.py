"""People who open a page and are not signed in are sent to sign in; programs are told so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from ..errors import AccessTokenRejected, CognitoAuthError, NotSignedIn, RefreshTokenInvalid, TokenError
from .http import CREDENTIALS, Reply, Request
from .redirects import same_origin_path

_VARY: Final = ", ".join(("Accept", *CREDENTIALS, "Origin", "Sec-Fetch-Mode", "X-Requested-With"))
_NOBODY: Final = (NotSignedIn, TokenError, RefreshTokenInvalid, AccessTokenRejected)
"""Nobody is signed in, or what the session holds is good for nothing any more."""
_MAX_ACCEPT: Final = 1024


def sent_to_sign_in(reply: Reply, error: CognitoAuthError, request: Request, page: str) -> Reply:
    """A guard's refusal, or in its place a redirect to ``page`` if there is one and the request is a navigation of nobody.

    The page is told where the person wanted to go, by ``next``: see `same_origin_path` for reading it.
    """
    if not page:
        return reply
    is_there = request.target.partition("?")[0] == page  # a page that is closed itself would be sent to in circles
    if is_there or not (isinstance(error, _NOBODY) and is_navigation(request)):
        return replace(reply, headers={**reply.headers, "Vary": _VARY})
    location = f"{page}?next={quote(same_origin_path(request.target), safe='')}"
    return Reply(status=303, headers={"Location": location, "Vary": _VARY}, cookies=reply.cookies)


def is_navigation(request: Request) -> bool:
    """Whether a person opens a page with the request: a browser asks for HTML, and no script, and without a token."""
    if request.method not in ("GET", "HEAD"):
        return False
    if request.every_header("authorization") or request.every_header("x-requested-with"):
        return False
    modes, accept = request.every_header("sec-fetch-mode"), request.only_header("accept")
    return modes in ([], ["navigate"]) and accept is not None and _prefers_html(accept)


def _prefers_html(accept: str) -> bool:
    """Whether HTML is named, and preferred to JSON (RFC 9110, section 12.5.1)."""
    if len(accept) > _MAX_ACCEPT:
        return False
    weights = dict(_weighted(part) for part in reversed(accept.split(",")))
    json = next((weights[kind] for kind in ("application/json", "application/*", "*/*") if kind in weights), 0.0)
    return weights.get("text/html", 0.0) > json


def _weighted(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = next((text.removeprefix("q=") for text in parameters if text.startswith("q=")), "1")
    try:
        weight = float(given)
    except ValueError:
        return kind, 0.0
    return kind, weight if 0.0 <= weight <= 1.0 else 0.0
