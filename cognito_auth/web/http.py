"""An HTTP request and reply, free of any framework: what an adapter translates from and to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from ..errors import HeadersTooLarge, RequestRejected
from ..sessions import SetCookie

OK: Final = 200
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""
CREDENTIALS: Final = ("Authorization", "Cookie")
"""Headers that say who asks: a guarded answer differs by them."""
_EMPTY: Final = frozenset({204, 303})
"""Statuses of replies that have no body here."""


MAX_HEADERS: Final = 64 * 1024
"""Characters of all headers together that are read; more than browsers send to sites that mean to be reached."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as the server received it. ``headers`` are pairs in their order, names in any case; ``scheme`` is the
    scheme of the connection, ``http`` or ``https``, ``client`` the address of the connection's other end, which may be a
    proxy, where there is one; ``target`` is path and query as the browser asked for them, as far as they are known. The
    handshake of a WebSocket has the method ``WEBSOCKET``."""

    method: str
    scheme: str
    target: str = field(default="/", repr=False)
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

    def only_header(self, name: str) -> str | None:
        """The header's value if it was sent exactly once; for what is advice only, and no ground for refusing."""
        values = self.every_header(name)
        return values[0] if len(values) == 1 else None

    def require_bounded(self) -> None:
        """Raise `HeadersTooLarge` for more headers, or longer ones, than are read. Servers have limits of their own, most of
        them lower."""
        if sum(len(name) + len(value) for name, value in self.headers) > MAX_HEADERS:
            raise HeadersTooLarge(f"the headers must have at most {MAX_HEADERS} characters")

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


def vary(present: str | None, names: Iterable[str]) -> str:
    """The value of ``Vary`` (RFC 9110, section 12.5.5) that adds ``names`` to what is present."""
    found = [name.strip() for name in (present or "").split(",") if name.strip()]
    known = {name.lower() for name in found}
    return "*" if "*" in known else ", ".join([*found, *(name for name in names if name.lower() not in known)])


def seconds(moment: datetime | None) -> int | None:
    """A moment as replies tell it: in whole seconds since the Unix epoch."""
    return None if moment is None else int(moment.timestamp())


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered: a JSON object, headers, and cookies to set. From an endpoint, the status 200 stands for its route's."""

    status: int = OK
    document: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    body: bytes | None = field(default=None, repr=False)
    """Something else than JSON, in the document's place; ``headers`` say of what type it is, and how long it may be kept."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cookies: tuple[SetCookie, ...] = ()

    def content(self) -> bytes:
        """What is sent; a redirect and the answer to a preflight have no body."""
        if self.body is not None or self.status in _EMPTY:
            return self.body or b""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()

    def header_list(self) -> list[tuple[str, str]]:
        """Every header to send, each cookie as one of its own. No cache may keep the answer, unless ``headers`` allow it."""
        fixed = {
            **({} if self.body is not None or self.status in _EMPTY else {"Content-Type": "application/json"}),
            "Cache-Control": "no-store",
            "Vary": ", ".join((*CREDENTIALS, "Origin")),
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        return [*fixed.items(), *(("Set-Cookie", cookie.header()) for cookie in self.cookies)]
