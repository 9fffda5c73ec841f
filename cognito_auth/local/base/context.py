"""What a handler works with: the records, the time, randomness, and where the pools are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from ..store.storage import Transaction
from .keys import NewKey
from .triggers import NO_TRIGGERS, Triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One operation's surroundings; ``now`` stands still while it runs."""

    records: Transaction
    now: float
    random_bytes: Callable[[int], bytes]
    endpoint: str
    region: str
    new_key: NewKey
    triggers: Triggers = NO_TRIGGERS
    client_id: str | None = None
    """The app client that the request names."""
    metadata: Mapping[str, str] | None = None
    """``ClientMetadata``, as far as triggers get it under that name."""

    @property
    def moment(self) -> datetime:
        """``now`` as the API's structures hold it."""
        return datetime.fromtimestamp(self.now, UTC)

    def uuid(self) -> str:
        """A new random identifier."""
        return str(UUID(bytes=self.random_bytes(16), version=4))

    def digits(self, count: int) -> str:
        """A code of ``count`` random digits."""
        return f"{int.from_bytes(self.random_bytes(16)) % 10**count:0{count}}"

    def text(self, count: int, alphabet: str) -> str:
        """``count`` random characters of the alphabet, which has at most 256."""
        limit = 256 - 256 % len(alphabet)
        chosen = ""
        while len(chosen) < count:
            # Bytes beyond a multiple of the alphabet's size would favour its first characters.
            chosen += "".join(alphabet[byte % len(alphabet)] for byte in self.random_bytes(2 * count) if byte < limit)
        return chosen[:count]
