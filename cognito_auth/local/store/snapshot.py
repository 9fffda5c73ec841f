"""The state of the embedded pools as a value: taken once, restored as often as wanted.

It is an image of the whole storage with the clock's shift, and belongs to the process that took it. Taking, restoring and
copying it are the business of `cognito_auth.local.pool` and the storage.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Snapshot:
    """What `LocalCognito.snapshot` gives; its members are nobody else's business, and the keys of the pools are in it."""

    image: bytes
    shift: float
    endpoint: str
    region: str

    def __repr__(self) -> str:
        return f"<Snapshot of {len(self.image)} bytes>"
