"""An HTTP request and reply, free of any framework: what an adapter translates from and to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from ..errors import RequestRejected
from ..sessions import SetCookie

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""
VARY: Final = "Cookie"
"""What an answer depends on once it was asked who sent the request, so that no cache hands it to another browser
(RFC 9110, section 12.5.5)."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as the server received it. ``headers`` are pairs in their order, names in any case; ``scheme`` is the
    scheme of the connection, ``http`` or ``https``, ``client`` the address of the connection's other end, which may be a
    proxy, where there is one. The handshake of a WebSocket has the method ``WEBSOCKET``."""

    method: str
    scheme: str
    client: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The header's value; raises `RequestRejected` when it was sent more than once."""
        values = self.every_header(name)
        if len(values) > 1:
            raise RequestRejected(f"more than one {name} header was sent")
        return values[0] if values else None

    def every_header(self, name: str) -> list[str]:
        """The header's values, in their order."""
        return [value for key, value in self.headers if key.lower() == name]

    @cached_property
    def host(self) -> str:
        """The ``Host`` header, in lower case."""
        return (self.header("host") or "").lower()

    @cached_property
    def cookies(self) -> Mapping[str, str]:
        """The cookies that were sent; of two with one name, the first."""
        found: dict[str, str] = {}
        for key, value in self.headers:
            if key.lower() == "cookie":
                for pair in value.split(";"):
                    name, equals, content = pair.strip().partition("=")
                    if equals:
                        found.setdefault(name, content)
        return found


def seconds(moment: datetime | None) -> int | None:
    """A moment as replies tell it: in whole seconds since the Unix epoch."""
    return None if moment is None else int(moment.timestamp())


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered: a JSON object, headers, and cookies to set."""

    status: int = 200
    document: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cookies: tuple[SetCookie, ...] = ()

    def content(self) -> bytes:
        """The body."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()

    def header_list(self) -> list[tuple[str, str]]:
        """Every header to send, each cookie as one of its own. Nothing that is answered here may be kept by a cache."""
        fixed = {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        return [*fixed.items(), *(("Set-Cookie", cookie.header()) for cookie in self.cookies)]
