"""Who may ask the embedded pool's server: it listens on a developer's machine, where every web page can reach it.

Four rules. The Host header must name this machine, or a page could have its own name resolve to 127.0.0.1 and read
everything as its own origin (DNS rebinding). The ``/_local/`` tools, which show codes and move the clock, answer no request
that a browser sends on behalf of another origin. Nor does the API's query form, where a GET changes state, so that an image's
address would do; it also answers no browser that leaves open on whose behalf it asks, and none that fetches ahead. The API's
POST form stays open to pages of any origin as far as Cognito's own CORS rules go (`cognito_auth.local.http.face`): its header
``X-Amz-Target`` is one for which a browser asks first. Pure: headers in, a verdict out.

Sources: RFC 9110 sections 7.2 (Host) and 10.1.3 (Referer), https://www.w3.org/TR/fetch-metadata/, RFC 6454 (Origin),
https://wicg.github.io/nav-speculation/prefetch.html (Sec-Purpose).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...config import is_loopback
from ..base.reply import Reply
from .face import TOOLS, refusal

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.ASCII)
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_API: Final = "/"
_OPEN_METHODS: Final = frozenset({"POST", "OPTIONS"})
_WHENCE: Final = ("sec-fetch-site", "origin", "referer")
_PURPOSES: Final = ("sec-purpose", "purpose", "x-moz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Judges by headers whether a request is answered."""

    names: frozenset[str] = frozenset()
    """Host names, besides those that always mean this machine, under which the server is known; in lower case."""
    any_address: bool = False
    """Whether every literal IP address is good too, for a server on all interfaces. A rebinding page has a name."""

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        """Why a request is not answered, or ``None``. Names in ``headers`` are in lower case."""
        host = headers.get("host", "").lower()
        if not self._knows(host):
            return refusal(421, "misdirected_request", "The Host header does not name this server.")
        queried = path == _API and method not in _OPEN_METHODS
        if (queried or f"{path}/".startswith(TOOLS)) and not _same_origin(host, headers):
            return refusal(403, "cross_site_request", "A page of another site asked; open this address directly.")
        if queried and not _deliberate(headers):
            return refusal(403, "unknown_origin", "The browser does not say that no other site asked; use the POST form.")
        return None

    def _knows(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        name = match[1] if match else ""
        return name in self.names or is_loopback(name) or (self.any_address and _is_address(name))


def _same_origin(host: str, headers: Mapping[str, str]) -> bool:
    site = headers.get("sec-fetch-site", "none").lower()
    origin = headers.get("origin", f"http://{host}").lower()
    referer = headers.get("referer", f"http://{host}/").lower()
    return site in _OWN_SITES and origin == f"http://{host}" and f"{referer}/".startswith(f"http://{host}/")


def _deliberate(headers: Mapping[str, str]) -> bool:
    """Whether a request comes of somebody's will: from a program, or from a browser that says whence and does not guess."""
    browser = "mozilla/" in headers.get("user-agent", "").lower()
    ahead = any("prefetch" in headers.get(name, "").lower() for name in _PURPOSES)
    return not ahead and (not browser or any(name in headers for name in _WHENCE))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
