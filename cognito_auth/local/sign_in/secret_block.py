"""``SECRET_BLOCK``: what the server must remember between the two halves of SRP, sealed with the pool's own key.

A block needs no session beside it. It serves one purpose only, and is good for one answer, right or wrong. What is in it is
the business of whoever poses the challenge.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..base import faults
from ..base.context import Context
from ..store.records import Pool, Spent
from ..store.tables import SPENT

_NONCE_BYTES: Final = 12
_STATE_BYTES: Final = 2560
_MAX_TEXT: Final = 65536


class Purpose(Enum):
    """Which challenge a block belongs to: one of a user's opens nothing of a device's."""

    PASSWORD_VERIFIER = b"SECRET_BLOCK"
    DEVICE_PASSWORD_VERIFIER = b"DEVICE_SECRET_BLOCK"


@dataclass(frozen=True, slots=True)
class Block:
    """A block that came back: its bytes, which the client has signed, and what was sealed."""

    content: bytes = field(repr=False)
    state: Mapping[str, Any] = field(repr=False)


def seal(context: Context, pool: Pool, purpose: Purpose, state: Mapping[str, Any], *, expires_at: float) -> str:
    """A new block, in base64."""
    # All blocks are of one length, so that the length tells nothing.
    plain = json.dumps({**state, "expires": expires_at}, separators=(",", ":")).encode().ljust(_STATE_BYTES)
    nonce = context.random_bytes(_NONCE_BYTES)
    return b64encode(nonce + _cipher(pool, purpose).encrypt(nonce, plain, pool.id.encode())).decode()


def unseal(pool: Pool, purpose: Purpose, text: str) -> Block:
    """What `seal` made. Raises `Fault` for anything else."""
    if len(text) > _MAX_TEXT:
        raise faults.INCORRECT
    try:
        content = b64decode(text, validate=True)
        plain = _cipher(pool, purpose).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], pool.id.encode())
    except (InvalidTag, ValueError):
        raise faults.INCORRECT from None
    return Block(content, json.loads(plain))


def use_once(context: Context, block: Block) -> None:
    """Use the block up. Raises `Fault` when it was used before, or is too old."""
    if block.state["expires"] <= context.now:
        raise faults.SESSION_EXPIRED
    name = hashlib.sha256(block.content).hexdigest()
    if context.records.get(SPENT, name) is not None:
        raise faults.SESSION_USED
    context.records.delete_before(SPENT, "expires_at", context.now)
    context.records.insert(SPENT, Spent(id=name, expires_at=block.state["expires"]))


def _cipher(pool: Pool, purpose: Purpose) -> AESGCM:
    return AESGCM(hmac.digest(b64decode(pool.secret), purpose.value, hashlib.sha256))
