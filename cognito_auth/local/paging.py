"""Listings in pages: how a page begins where the one before it ended.

A pagination token says after which record the page begins and which listing it belongs to; one of another listing is refused.
It keeps nothing secret, for the listing's own conditions apply to every page.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ..api.structure import Structure
from . import faults
from .context import Context
from .storage import Table

S = TypeVar("S", bound=Structure)

PAGE: Final = 60
"""The most records of one page, and how many there are when nobody says."""
_POSITION_BYTES: Final = 7
"""Fewer than SQLite counts with, whatever a forged token says."""
_DIGEST_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Page(Generic[S]):
    """Some records of a listing; ``token`` leads to the next page, where there is one."""

    records: tuple[S, ...]
    token: str | None


def page(context: Context, table: Table[S], *, limit: int | None, token: str | None, **wanted: str) -> Page[S]:
    """A page of the records whose columns have the wanted values, oldest first.

    ``limit`` is the number of records, at most `PAGE`; zero or ``None`` asks for `PAGE`. Raises `Fault` for a token that this
    listing did not give.
    """
    size = min(limit or PAGE, PAGE)
    after = position_of(token, table.name, *wanted.values()) if token else 0
    # One more than asked for tells whether there is a next page.
    found = context.records.page(table, after=after, limit=size + 1, **wanted)
    more = len(found) > size
    shown = found[:size]
    return Page(
        records=tuple(record for _, record in shown),
        token=token_at(shown[-1][0], table.name, *wanted.values()) if more else None,
    )


def token_at(position: int, *listing: str) -> str:
    """The token of the page that begins after ``position``; ``listing`` is whatever tells listings apart."""
    return urlsafe_b64encode(position.to_bytes(_POSITION_BYTES) + _digest(listing)).decode()


def position_of(token: str, *listing: str) -> int:
    """The position of a token. Raises `Fault` unless `token_at` made it for the same listing."""
    try:
        content = urlsafe_b64decode(token)
    except ValueError:
        raise faults.PAGINATION_TOKEN from None
    if len(content) != _POSITION_BYTES + _DIGEST_BYTES or content[_POSITION_BYTES:] != _digest(listing):
        raise faults.PAGINATION_TOKEN
    return int.from_bytes(content[:_POSITION_BYTES])


def _digest(listing: Sequence[str]) -> bytes:
    # Each part with its length, so that no two listings look alike.
    text = "".join(f"{len(part)}:{part}" for part in listing)
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]
