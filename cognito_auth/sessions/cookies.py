"""Cookies that carry a sealed value, cut into pieces where it is too long for one.

``__Host-`` cookies (RFC 6265bis, section 4.1.3.2) are bound to this host, this scheme and the whole site; browsers refuse
them without ``Secure``, so on plain http, which is allowed on this machine only, prefix and ``Secure`` are left out. The first
piece begins with the number of pieces, so that pieces left over from a longer value are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ..errors import CognitoAuthError

PIECE: Final = 3800
"""Characters of value in one cookie: with name and attributes it stays below the 4096 bytes that browsers keep."""
MAX_PIECES: Final = 4


class CookieTooLarge(CognitoAuthError):
    """The session does not fit the cookies that browsers and proxies carry; keep it on the server, or shrink the tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCookie:
    """A cookie to set; a ``max_age`` of 0 seconds deletes it."""

    name: str
    value: str
    max_age: int
    secure: bool
    same_site: Literal["Lax", "Strict"] = "Lax"

    def header(self) -> str:
        """The value of the ``Set-Cookie`` header."""
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={self.value}; Path=/; Max-Age={self.max_age}; HttpOnly; SameSite={self.same_site}{secure}"

    def __repr__(self) -> str:
        return f"SetCookie({self.name!r}, max_age={self.max_age})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CookiePolicy:
    """The session cookie's name and attributes."""

    name: str = "cognito_auth"
    same_site: Literal["Lax", "Strict"] = "Lax"

    def write(self, value: str, *, max_age: int, secure: bool, present: Mapping[str, str]) -> Iterator[SetCookie]:
        """The cookies that carry ``value`` for ``max_age`` seconds, and those that delete older pieces in ``present``.

        Raises `CookieTooLarge` when the value needs more than `MAX_PIECES` cookies.
        """
        pieces = [value[start : start + PIECE] for start in range(0, len(value), PIECE)] or [""]
        if len(pieces) > MAX_PIECES:
            raise CookieTooLarge(f"the session needs {len(pieces)} cookies; at most {MAX_PIECES} are set")
        for number, piece in enumerate(pieces):
            content = f"{len(pieces)}.{piece}" if number == 0 else piece
            yield self._cookie(number, content, max_age, secure=secure)
        yield from self._delete(range(len(pieces), MAX_PIECES), secure=secure, present=present)

    def read(self, cookies: Mapping[str, str], *, secure: bool) -> str | None:
        """The value that the browser's cookies carry; ``None`` where there is none or it is not whole."""
        try:
            count, point, value = cookies[self._name(0, secure=secure)].partition(".")
            if not point or count not in map(str, range(1, MAX_PIECES + 1)):
                return None
            return value + "".join(cookies[self._name(number, secure=secure)] for number in range(1, int(count)))
        except KeyError:  # a piece is missing
            return None

    def clear(self, *, secure: bool, present: Mapping[str, str]) -> Iterator[SetCookie]:
        """The cookies that delete every piece in ``present``."""
        return self._delete(range(MAX_PIECES), secure=secure, present=present)

    def _delete(self, numbers: range, *, secure: bool, present: Mapping[str, str]) -> Iterator[SetCookie]:
        for number in numbers:
            if self._name(number, secure=secure) in present:
                yield self._cookie(number, "", 0, secure=secure)

    def _cookie(self, number: int, value: str, max_age: int, *, secure: bool) -> SetCookie:
        name = self._name(number, secure=secure)
        return SetCookie(name=name, value=value, max_age=max_age, secure=secure, same_site=self.same_site)

    def _name(self, number: int, *, secure: bool) -> str:
        prefix = "__Host-" if secure else ""
        return f"{prefix}{self.name}.{number}"
