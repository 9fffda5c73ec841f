"""Sealing for one application: what it hands out opens for this pool, this app client and this purpose only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from ..config import Settings
from ..effects import Flow, Now, RandomBytes, perform
from ..secret import Secret
from ..sessions.seal import NONCE_BYTES, Opened, Sealer


class Vault:
    """Seals and opens, as flows that are told time and randomness."""

    def __init__(self, secrets: Sequence[Secret], settings: Settings) -> None:
        self._sealer: Final = Sealer(secrets)
        self._scope: Final = f"{settings.user_pool_id}/{settings.client_id}"

    def seal(self, content: bytes, purpose: str, lifetime: float) -> Flow[str]:
        """Seal ``content`` for ``lifetime`` seconds."""
        now = yield from perform(Now())
        nonce = yield from perform(RandomBytes(NONCE_BYTES))
        return self._sealer.seal(content, purpose=f"{purpose} {self._scope}", now=now, lifetime=lifetime, nonce=nonce)

    def open(self, sealed: str, purpose: str) -> Flow[Opened]:
        """Open what `seal` sealed; raises `SealError`."""
        now = yield from perform(Now())
        return self._sealer.open(sealed, purpose=f"{purpose} {self._scope}", now=now)

    def seal_document(self, document: dict[str, Any], purpose: str, lifetime: float) -> Flow[str]:
        """Seal a JSON object."""
        return (yield from self.seal(json.dumps(document, separators=(",", ":")).encode(), purpose, lifetime))

    def open_document(self, sealed: str, purpose: str) -> Flow[dict[str, Any]]:
        """Open what `seal_document` sealed; raises `SealError`."""
        opened = yield from self.open(sealed, purpose)
        document: dict[str, Any] = json.loads(opened.content)
        return document
