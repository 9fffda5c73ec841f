"""Sealing: authenticated encryption of what another party keeps for us.

A sealed value is AES-256-GCM under a key derived from a secret (HKDF, RFC 5869), with the purpose, the moment and the lifetime
bound in, so that a value opens only for what it was sealed for, and only in time. Several secrets form a list: the first seals,
all open, so that keys can be changed while values are out; opening tells which should be sealed anew. Whatever does not open
gives nothing back but an error.

Pure: the time and the nonce come in as arguments.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .. import base64url
from ..errors import ConfigurationError, SealError, SealExpired
from ..secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
MAX_SEALED: Final = 1 << 16
"""Characters of a sealed value that are looked at; a longer one is refused unread."""

_VERSION: Final = 2
_HEADER: Final = struct.Struct(">B4sII")  # version, key id, moment in seconds since the epoch, lifetime in seconds
_MIN_SECRET: Final = 32
_MIN_DISTINCT: Final = 10


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    cipher: AESGCM


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a sealed value held."""

    content: bytes = field(repr=False)
    sealed_at: int
    """Seconds since the epoch."""
    expires_at: int
    """From when on it does not open any more, likewise."""
    outdated: bool
    """Whether it was sealed with another key than values are sealed with now."""


class Sealer:
    """Seals and opens with keys derived from ``secrets``, the first of which seals.

    Raises `ConfigurationError` for a secret shorter than 32 characters or made of few different ones.
    """

    def __init__(self, secrets: Sequence[Secret]) -> None:
        if not secrets:
            raise ConfigurationError("at least one secret is needed to seal with")
        keys = [_derive(secret) for secret in secrets]
        self._sealing: Final = keys[0]
        self._by_id: Final = {key.id: key for key in reversed(keys)}  # of one secret twice, the first

    def seal(self, content: bytes, *, purpose: str, now: float, lifetime: float, nonce: bytes) -> str:
        """Seal ``content`` for ``purpose``, at ``now`` (seconds since the epoch) for ``lifetime`` seconds; base64url without
        padding.

        ``nonce`` is `NONCE_BYTES` random bytes, never used twice.
        """
        header = _HEADER.pack(_VERSION, self._sealing.id, int(now), int(lifetime))
        sealed = self._sealing.cipher.encrypt(nonce, content, header + purpose.encode())
        return base64url.encode(header + nonce + sealed)

    def open(self, sealed: str, *, purpose: str, now: float) -> Opened:
        """What was sealed; raises `SealExpired` after its time and `SealError` when it does not open for any other reason."""
        header, nonce, ciphertext = _split(sealed)
        version, key_id, sealed_at, lifetime = _HEADER.unpack(header)
        key = self._by_id.get(key_id)
        if version != _VERSION or key is None:
            raise SealError("sealed with a key that is not in the list")
        from cryptography.exceptions import InvalidTag

        try:
            content = key.cipher.decrypt(nonce, ciphertext, header + purpose.encode())
        except InvalidTag:
            raise SealError("altered, or sealed for another purpose") from None
        expires_at = sealed_at + lifetime
        if now >= expires_at:
            raise SealExpired("sealed too long ago")
        return Opened(content=content, sealed_at=sealed_at, expires_at=expires_at, outdated=key is not self._sealing)


def _derive(secret: Secret) -> _Key:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    value = secret.reveal()
    if len(value) < _MIN_SECRET or len(set(value)) < _MIN_DISTINCT:
        raise ConfigurationError(
            f"a sealing secret needs at least {_MIN_SECRET} random characters; "
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    derived = HKDF(algorithm=SHA256(), length=36, salt=None, info=b"cognito-auth seal 2").derive(value.encode())
    return _Key(id=derived[32:], cipher=AESGCM(derived[:32]))


def _split(sealed: str) -> tuple[bytes, bytes, bytes]:
    if len(sealed) > MAX_SEALED:
        raise SealError("too long")
    try:
        raw = base64url.decode(sealed.encode())
    except ValueError:
        raise SealError("not base64url") from None
    start = _HEADER.size + NONCE_BYTES
    if len(raw) < start + 16:
        raise SealError("too short")
    return raw[: _HEADER.size], raw[_HEADER.size : start], raw[start:]
