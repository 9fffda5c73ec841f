"""Listings in pages: how a page begins where the one before it ended.

A pagination token says after which record the page begins and which listing it belongs to; one of another listing is refused.
It keeps nothing secret that the page before did not show, and the listing's own conditions apply to every page.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ...api.structure import Structure
from ..store.storage import Place, Span, Table
from . import faults
from .context import Context

S = TypeVar("S", bound=Structure)

PAGE: Final = 60
"""The most records of one page, and how many there are when nobody says."""
_POSITION_BYTES: Final = 7
"""Fewer than SQLite counts with, whatever a forged token says."""
_DIGEST_BYTES: Final = 12
_HEAD_BYTES: Final = _POSITION_BYTES + _DIGEST_BYTES


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
    size, listing = _size(limit), (table.name, *wanted.values())
    after = _place_of(token, listing) if token else Place()
    return _page(context.records.page(table, after=after, limit=size + 1, **wanted), size, listing)


def search(context: Context, table: Table[S], span: Span, *, limit: int | None, token: str | None, **wanted: str) -> Page[S]:
    """As `page`, of the records that the span finds, in the order of their texts."""
    size, listing = _size(limit), (table.name, *wanted.values(), span.facet, span.first, span.last.hex())
    after = _place_of(token, listing) if token else None
    if after is not None and not span.holds(after.text):
        raise faults.PAGINATION_TOKEN
    return _page(context.records.search(table, span, after=after, limit=size + 1, **wanted), size, listing)


def _size(limit: int | None) -> int:
    return min(limit or PAGE, PAGE)


def _page(found: Sequence[tuple[Place, S]], size: int, listing: Sequence[str]) -> Page[S]:
    # One more was asked for, which tells whether there is a next page.
    shown = found[:size]
    return Page(
        records=tuple(record for _, record in shown),
        token=_token_at(shown[-1][0], listing) if len(found) > size else None,
    )


def _token_at(place: Place, listing: Sequence[str]) -> str:
    content = place.position.to_bytes(_POSITION_BYTES) + _digest(listing) + place.text.encode()
    return urlsafe_b64encode(content).decode()


def _place_of(token: str, listing: Sequence[str]) -> Place:
    """The place of a token. Raises `Fault` unless `_token_at` made it for the same listing."""
    try:
        content = urlsafe_b64decode(token)
        position, digest, text = content[:_POSITION_BYTES], content[_POSITION_BYTES:_HEAD_BYTES], content[_HEAD_BYTES:].decode()
    except ValueError:
        raise faults.PAGINATION_TOKEN from None
    if digest != _digest(listing):
        raise faults.PAGINATION_TOKEN
    return Place(int.from_bytes(position), text)


def _digest(listing: Sequence[str]) -> bytes:
    # Each part with its length, so that no two listings look alike.
    text = "".join(f"{len(part)}:{part}" for part in listing)
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]
