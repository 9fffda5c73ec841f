"""An endpoint as a row of the table of routes, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ..effects import Flow
from ..events import EventName
from ..sessions import SetCookie
from ..user import User
from .body import Member
from .http import Reply, Request
from .keeper import Held
from .rate_limits import Limited
from .visit import Visit

if TYPE_CHECKING:
    from .auth import WebAuth


@dataclass(frozen=True, kw_only=True)
class Authenticated:
    """Who sent a request; ``held`` is the session, where there is one, ``cookies`` are to be set on whatever is answered."""

    user: User
    held: Held | None = field(default=None, repr=False)
    cookies: tuple[SetCookie, ...] = ()
    visit: Visit | None = field(default=None, repr=False, compare=False)
    """What events tell of the request."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to an endpoint; ``body`` holds the members that the route names, ``who`` is there where it is guarded."""

    auth: WebAuth
    request: Request
    visit: Visit = field(repr=False)
    body: dict[str, Any] = field(repr=False)
    who: Authenticated | None = None

    @property
    def user(self) -> User:
        """Whoever is signed in; for guarded routes only."""
        return self._signed_in.user

    @property
    def access_token(self) -> str:
        """The access token of whoever is signed in; for guarded routes only."""
        return self.user.token.raw

    def end_session(self) -> Flow[tuple[SetCookie, ...]]:
        """End the session, also one that was renewed just now; gives the cookies that delete it. For guarded routes only."""
        return (yield from self.auth.keeper.end(self.request, self._signed_in.held))

    @property
    def _signed_in(self) -> Authenticated:
        if self.who is None:
            raise LookupError("the route is not guarded")
        return self.who


Endpoint: TypeAlias = Callable[[Call], Flow[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint: where it is, what it takes, what it does."""

    name: str
    method: str
    path: str
    """Below the prefix, without a leading slash."""
    endpoint: Endpoint
    summary: str
    members: tuple[Member, ...] = ()
    guarded: bool = False
    """Whether somebody has to be signed in."""
    limited: Limited | None = None
    """How often it may be asked, where that is limited (`WebOptions.limits`)."""
    success: int = 200
    """The status of the reply when all is well."""
    described: bool = True
    """Whether descriptions of the API tell of it; not of a file for pages to load."""
    event: EventName | None = None
    """What is reported when all is well, where the endpoint does not report it itself."""
    failure: EventName = "refused"
    """What is reported when it is not."""

    @property
    def changes(self) -> bool:
        """Whether it may change anything; ``GET`` never does."""
        return self.method != "GET"
