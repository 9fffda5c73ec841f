"""Listings page by page: how the next page is asked for, and when there is none.

Both drivers go through a `Pager`, which has the flow of one page; the iterators over pages and items are theirs. Each page is
an operation like any other, tried again where `cognito_auth.retry` allows. How many items a page has is the operation's own
``limit`` or ``max_results``; a page may be empty although more pages follow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Generic, TypeVar, cast

from .api.listing import Listing
from .api.structure import Operation
from .effects import Flow, perform
from .errors import ProtocolError

R = TypeVar("R")
T = TypeVar("T")


class Pager(Generic[R, T]):
    """Where one listing stands. It begins where the operation says, so one with a token goes on from there."""

    def __init__(self, listing: Listing[R, T]) -> None:
        self._paged: Final = listing.paged
        self._operation = cast("Operation[R]", listing)
        self._seen: Final = {hash(getattr(listing, self._paged.token))}
        self.more = True
        """Whether there is a further page to ask for."""

    def page(self) -> Flow[R]:
        """The next page. Raises what sending the operation raises, and `ProtocolError` when the service goes in circles."""
        reply = yield from perform(self._operation)
        token = getattr(reply, self._paged.token)
        self.more = bool(token)
        if token:
            self._go_on(token)
        return reply

    def items(self) -> Flow[tuple[T, ...]]:
        """The items of the next page."""
        return self._paged.of((yield from self.page()))

    def _go_on(self, token: str) -> None:
        # Hashes, so that a listing of a million users costs no more than its tokens' number.
        if hash(token) in self._seen:
            self.more = False
            name = type(self._operation).__name__
            raise ProtocolError(f"{name}: the service gave the same page token twice, so the listing would never end")
        self._seen.add(hash(token))
        members: dict[str, Any] = {self._paged.token: token}
        self._operation = replace(self._operation, **members)
