"""The pool's signing keys, read from the body of its JSON Web Key Set (RFC 7517).

Only what can check an RS256 signature is kept: an RSA key of 2048 to 8192 bits with an odd exponent of at least 3, meant for
that use as far as ``use``, ``alg`` and ``key_ops`` tell, with a name. Every other entry is skipped, for a set may hold keys of
other kinds. Two usable entries of one name are both skipped: which of them was meant cannot be known.

PyJWT turns the numbers into keys. Knows nothing of when and how a set is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from .. import base64url
from ..errors import KeysUnavailable
from .jws import MAX_KID_LENGTH
from .strict import Frozen, read_object

MAX_BODY_BYTES: Final = 1_000_000
MAX_KEYS: Final = 100
"""Entries of a set; Cognito's sets have two."""

_MODULUS_BITS: Final = range(2048, 8192 + 1)
_EXPONENT_BITS: Final = range(2, 64 + 1)


@dataclass(frozen=True, slots=True)
class KeySet:
    """Keys by ``kid``; equal to another set when names and numbers are."""

    by_kid: Mapping[str, RSAPublicKey]

    @classmethod
    def parse(cls, body: bytes) -> KeySet:
        """Read the body of a key set. Raises `KeysUnavailable` when no usable key is in it, whatever else it is."""
        if len(body) > MAX_BODY_BYTES:
            raise KeysUnavailable(f"the key set is {len(body)} bytes long; at most {MAX_BODY_BYTES} are read")
        try:
            entries = read_object(body).get("keys")
        except ValueError as error:
            raise KeysUnavailable(f"the key set cannot be read: {error}") from None
        if not isinstance(entries, tuple):
            raise KeysUnavailable("the key set has no list 'keys'")
        if len(entries) > MAX_KEYS:
            raise KeysUnavailable(f"the key set has {len(entries)} entries; at most {MAX_KEYS} are read")
        usable = [named for entry in entries if (named := _usable(entry)) is not None]
        names = Counter(kid for kid, _ in usable)
        by_kid = {kid: key for kid, key in usable if names[kid] == 1}
        if not by_kid:
            raise KeysUnavailable("no entry of the key set is a key to check tokens with")
        return cls(MappingProxyType(by_kid))


def _usable(jwk: Frozen) -> tuple[str, RSAPublicKey] | None:
    if not isinstance(jwk, Mapping):
        return None
    kid, modulus, exponent = jwk.get("kid"), jwk.get("n"), jwk.get("e")
    if not (isinstance(kid, str) and isinstance(modulus, str) and isinstance(exponent, str)):
        return None
    if not (0 < len(kid) <= MAX_KID_LENGTH and _is_for_signatures(jwk)):
        return None
    try:
        if _odd_number(modulus).bit_length() not in _MODULUS_BITS or _odd_number(exponent).bit_length() not in _EXPONENT_BITS:
            return None
        # Only the two numbers go in: PyJWT makes something else of an entry with more members.
        key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": modulus, "e": exponent})
    except ValueError:
        return None
    return (kid, key) if isinstance(key, RSAPublicKey) else None


def _is_for_signatures(jwk: Mapping[str, Frozen]) -> bool:
    operations = jwk.get("key_ops", ("verify",))
    return (
        jwk.get("kty") == "RSA"
        and jwk.get("use", "sig") == "sig"
        and jwk.get("alg", "RS256") == "RS256"
        and isinstance(operations, tuple)
        and "verify" in operations
        and "d" not in jwk  # a private key that anybody can fetch proves nothing
    )


def _odd_number(text: str) -> int:
    """Base64urlUInt (RFC 7518, section 2) in its shortest form; odd, as both numbers of an RSA key are. Raises `ValueError`."""
    data = base64url.decode(text.encode())
    if not data or data[0] == 0 or data[-1] % 2 == 0:
        raise ValueError  # what is wrong with an entry is told to nobody
    return int.from_bytes(data)
