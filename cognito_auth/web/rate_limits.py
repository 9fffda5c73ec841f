"""How often an endpoint may be asked: from one address, and about one user.

What is limited together, and whom a request is about, stands in a route's row of the table of routes. Requests are counted
before Cognito is asked, so a limit is met alike by a user who exists and by one who does not. Who counts, and how many are
allowed, is the affair of `cognito_auth.stores.RateLimits`; it is given neither addresses nor names, only hashes of them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ..effects import AskStore, Flow, StoreOperation, perform
from ..errors import TooManyAttempts

if TYPE_CHECKING:
    from .route import Call

Family: TypeAlias = Literal["sign_in", "answer", "sign_up", "code"]
"""What is counted together: attempts to sign in; answers, which may be guesses of a code or a password; new accounts; codes
that are sent."""

_IPV6_SITE: Final = 64
"""Bits of an IPv6 address that one customer has at least (RFC 6177); the rest is theirs to choose anew for each request."""


@dataclass(frozen=True, slots=True)
class Hit(StoreOperation[float | None]):
    """Count a request. Gives the seconds until another may be let through, or ``None`` if this one is."""

    family: Family
    address: str | None
    """Stands for where the request comes from, if that is known."""
    name: str
    """Stands for the user whom it is about."""


@dataclass(frozen=True, slots=True)
class Limited:
    """That a route is limited: together with which others, and the name of the user whom a request is about."""

    family: Family
    name: Callable[[Call], Flow[str]]


def require_within_limits(call: Call, limited: Limited | None) -> Flow[None]:
    """Raise `TooManyAttempts` for a request that is one too many, and `StoreUnavailable` if the store says so."""
    store = call.auth.options.limits
    if store is None or limited is None:
        return
    address, name = call.auth.client_address(call.request), (yield from limited.name(call))
    key = None if address is None else _hashed("address", origin_of(address))
    seconds = yield from perform(AskStore(store, Hit(limited.family, key, _hashed("name", normalised(name)))))
    if seconds is not None:
        raise TooManyAttempts(f"too many requests of the kind {limited.family}", retry_after=seconds)


def named_in_body(call: Call) -> Flow[str]:
    """Whoever the member ``username`` names."""
    yield from ()
    name: str = call.body["username"]
    return name


def signed_in(call: Call) -> Flow[str]:
    """Whoever is signed in; for guarded routes only."""
    yield from ()
    return call.user.sub


def normalised(name: str) -> str:
    """One form of all spellings that may be the same user name to a pool, and more: what differs in case, in compatible
    characters or in blanks around it (Unicode Standard, section 3.13, compatibility caseless matching)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    return unicodedata.normalize("NFKC", folded.casefold()).strip()


def origin_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the network of an IPv6 address."""
    parsed = ip_address(address)
    return str(ip_network((parsed, _IPV6_SITE), strict=False)) if isinstance(parsed, IPv6Address) else address


def _hashed(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()
