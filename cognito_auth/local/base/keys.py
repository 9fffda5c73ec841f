"""The RSA keys that sign a pool's tokens, and the key set that publishes them (RFC 7517).

A pool has two: one signs ID tokens, the other access tokens.
"""

from __future__ import annotations

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

from ..store.records import Key

KEY_BITS: Final = 2048
ALGORITHM: Final = "RS256"
KID_BYTES: Final = 32

NewKey: TypeAlias = Callable[[], rsa.RSAPrivateKey]
"""Where new keys come from; making one takes tens of milliseconds, so that tests may want to share some."""


def generate_key() -> rsa.RSAPrivateKey:
    """A new RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def pack_key(private: rsa.RSAPrivateKey, name: bytes) -> Key:
    """The record of a key; ``name`` is the `KID_BYTES` bytes that its ``kid`` spells."""
    packed = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Key(kid=b64encode(name).decode(), private=b64encode(packed).decode())


@lru_cache(maxsize=128)
def load_key(private: str) -> rsa.RSAPrivateKey:
    """The key of a record's ``private`` member."""
    # The pool made the key itself: checking its primes again at every start would only take time.
    loaded = load_der_private_key(b64decode(private), password=None, unsafe_skip_rsa_key_validation=True)
    return cast("rsa.RSAPrivateKey", loaded)


def published(keys: tuple[Key, ...]) -> dict[str, Any]:
    """The key set with the public halves."""
    return {"keys": [_public(key) for key in keys]}


def _public(key: Key) -> dict[str, str]:
    numbers = load_key(key.private).public_key().public_numbers()
    return {
        "alg": ALGORITHM,
        "e": _number(numbers.e),
        "kid": key.kid,
        "kty": "RSA",
        "n": _number(numbers.n),
        "use": "sig",
    }


def _number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).rstrip(b"=").decode()
