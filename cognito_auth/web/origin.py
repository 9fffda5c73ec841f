"""Where a request comes from: refusing what a browser sends on behalf of another site.

Browsers say it themselves: ``Sec-Fetch-Site`` (W3C Fetch Metadata), where they are older ``Origin`` (RFC 6454, Fetch standard),
and where there is neither ``Referer`` (RFC 9110, section 10.1.3). A request with none of them comes from no browser that could
be tricked into sending cookies, and passes.
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
    if request.method not in SAFE_METHODS and not is_same_origin(request, trusted):
        raise CrossSiteRequest("the request comes from another site")


def is_same_origin(request: Request, trusted: frozenset[str]) -> bool:
    """Whether a request, whatever its method, comes from this site's own pages, from ``trusted`` ones, or from no browser."""
    origin, fetch_site = request.header("origin"), request.header("sec-fetch-site")
    if origin is not None and origin in trusted:
        return True
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    if origin is not None:
        return _is_own(origin, request)
    referer = request.header("referer")
    return referer is None or _is_own(referer, request) or as_browsers_send_it(referer) in trusted


def as_browsers_send_it(url: str) -> str | None:
    """The address's origin in the one form that an ``Origin`` header has (RFC 6454, section 6.2), if it can be read."""
    parts = _split(url)
    if parts is None:
        return None
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def is_secure(request: Request, public_url: str) -> bool:
    """Whether cookies are ``Secure``: always, but on plain http to this machine."""
    if public_url:
        return public_url.startswith("https:")
    host = _split(f"//{request.host}")
    name = None if host is None else host.hostname
    return request.scheme in ("https", "wss") or name is None or not is_loopback(name)


def _is_own(origin: str, request: Request) -> bool:
    # The scheme is left out: behind a proxy that ends TLS, only the browser knows it.
    parts = _split(origin)
    return bool(request.host) and parts is not None and parts.netloc.lower() == request.host


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not close
        return None
