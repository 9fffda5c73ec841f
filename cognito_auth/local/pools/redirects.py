"""Which URIs an app client may send a browser to (RFC 6749, section 3.1.2; RFC 8252, section 7).

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from ..base import faults

_ABSOLUTE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=.)")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NOWHERE: Final = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
"""Schemes of what a browser would show or run instead of leaving for an application."""


def check_redirect(uri: str) -> None:
    """Raises `Fault` unless the URI is absolute, has no fragment, and is of https, this machine or an application's scheme."""
    found = _ABSOLUTE.match(uri)
    scheme = found[1].lower() if found else ""
    if not scheme or scheme in _NOWHERE:
        raise faults.URL_FORM(uri)
    if "#" in uri:
        raise faults.URL_FRAGMENT(uri)
    if scheme in ("http", "https"):
        host = _host(uri)
        if not host:
            raise faults.URL_FORM(uri)
        if scheme == "http" and host not in _LOOPBACK:
            raise faults.URL_NOT_HTTPS(uri)


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""
