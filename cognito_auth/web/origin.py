"""Where a request comes from: refusing what a browser sends on behalf of another site.

Browsers say it themselves: ``Sec-Fetch-Site`` (W3C Fetch Metadata), and ``Origin`` (RFC 6454, Fetch standard) where they are
older. A request with neither comes from no browser that could be tricked into sending cookies, and passes.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from ..config import is_loopback
from ..errors import CrossSiteRequest
from .http import SAFE_METHODS, Request


def require_same_origin(request: Request, trusted: frozenset[str]) -> None:
    """Raise `CrossSiteRequest` for a state-changing request from another site.

    ``trusted`` are origins, such as ``https://www.example.com``, that may send any request. The handshake of a WebSocket
    counts as state-changing: it hands the session to whoever opened it.
    """
    if request.method in SAFE_METHODS:
        return
    origin, fetch_site = request.header("origin"), request.header("sec-fetch-site")
    if origin is not None and origin in trusted:
        return
    if fetch_site in ("same-origin", "none"):
        return
    if fetch_site is None and (origin is None or _is_own(origin, request)):
        return
    raise CrossSiteRequest("the request comes from another site")


def is_secure(request: Request, public_url: str) -> bool:
    """Whether cookies are ``Secure``: always, but on plain http to this machine."""
    if public_url:
        return public_url.startswith("https:")
    host = _split(f"//{request.host}")
    return request.scheme in ("https", "wss") or host is None or not is_loopback(host.hostname or "")


def _is_own(origin: str, request: Request) -> bool:
    # The scheme is left out: behind a proxy that ends TLS, only the browser knows it.
    parts = _split(origin)
    return bool(request.host) and parts is not None and parts.netloc.lower() == request.host


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not close
        return None
