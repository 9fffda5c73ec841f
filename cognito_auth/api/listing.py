"""Operations that answer in pages.

Such an operation says in its attribute ``paged`` which member of its reply holds the items and which member, of reply and
request alike, holds the token of the next page. `cognito_auth.pagination` reads it, and so does a type checker: it finds in it
what a listing gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

R_co = TypeVar("R_co", covariant=True)
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make one of ``Paged[...]``
class Paged(Generic[R_co, T_co]):
    """The members, by their Python names, that pages are made of; ``R_co`` is the reply, ``T_co`` an item of it."""

    items: str
    token: str = "next_token"  # noqa: S105 - a member's name

    def of(self, reply: Any) -> tuple[T_co, ...]:
        """The items of one reply; none where the service left the member out."""
        return getattr(reply, self.items) or ()


class Listing(Protocol[R_co, T_co]):
    """An operation that answers in pages: a page is an ``R_co``, an item is a ``T_co``."""

    @property
    def paged(self) -> Paged[R_co, T_co]:
        """Which members its pages are made of."""
        ...
