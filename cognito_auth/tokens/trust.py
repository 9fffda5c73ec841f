"""Everything that follows from one key set, and goes when the set does.

Two things are remembered: which key a header named, and the outcome of whole checks. Both live in one object with the keys that
proved them, so that a check which is under way while the keys change can only write into the memory that is thrown away.

No locks are needed: each step is one operation on a dictionary, which Python carries out whole. The worst that a race brings is
that one token too many is forgotten, or checked twice.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final, TypeAlias, TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from . import jws
from .claims import VerifiedToken
from .keys import KeySet

V = TypeVar("V", bound=VerifiedToken)

_MAX_HEADERS: Final = 100
"""Ways to spell a header; a key has one."""
_TAIL: Final = 64
"""Characters at the end of a token, and so of its signature, by which it is found again."""


class KeyWanted(Exception):
    """No key at hand has this name: whether there is one, the key set has to be asked. Not an outcome: flows deal with it."""

    @property
    def kid(self) -> str:
        """The name."""
        return str(self.args[0])

    def __str__(self) -> str:
        return f"kid {jws.shown(self.kid)} names no key at hand"


Proven: TypeAlias = tuple[V, float, float]
"""The outcome of a check, and the times from when and until when it holds."""


class Trust:
    """A key set, and what it has proved. ``remember`` is the number of tokens to keep the outcome of; the oldest go first."""

    __slots__ = ("_headers", "_proven", "_remember", "keys")

    def __init__(self, keys: KeySet, *, remember: int) -> None:
        self.keys: Final = keys
        self._remember: Final = remember
        self._headers: Final[dict[bytes, RSAPublicKey]] = {}
        self._proven: Final[OrderedDict[str, Proven[Any]]] = OrderedDict()

    def check_signature(self, header: bytes, signing_input: bytes, signature: bytes) -> None:
        """Check header and signature, as they were sent. Raises a `TokenError`, or `KeyWanted` for a key that is not here."""
        key = self._headers.get(header)
        if key is not None:
            jws.check_signature(signing_input, jws.decode(signature), key)
            return
        kid = jws.key_id(header)
        key = self.keys.by_kid.get(kid)
        if key is None:
            raise KeyWanted(kid)
        jws.check_signature(signing_input, jws.decode(signature), key)
        # Only headers that a key of the set has signed get here, so that no stranger can fill the memory.
        if len(self._headers) < _MAX_HEADERS:
            self._headers[header] = key

    def recall(self, kind: type[V], token: str, now: float) -> Proven[V] | None:
        """The outcome of an earlier check of exactly this token as one of this kind, if it holds now. Outside its time, a token
        goes through the whole check once more, which finds the words for it.

        Found by its end and then compared whole, which is exact and quicker than a digest. Nor would a digest hide anything:
        what it leads to holds the token.
        """
        proven = self._proven.get(token[-_TAIL:])
        if proven is None or type(proven[0]) is not kind or proven[0].raw != token or not proven[1] <= now < proven[2]:
            return None
        return proven

    def remember(self, proven: Proven[Any]) -> None:
        """Keep the outcome of a whole check."""
        if self._remember:
            self._proven[proven[0].raw[-_TAIL:]] = proven
            if len(self._proven) > self._remember:
                self._proven.popitem(last=False)
