"""Where browser sessions are: what keeps them, and a session as it is found.

There are two keepers: the browser alone (`cognito_auth.web.cookie_sessions`), and the server, with the browser holding nothing
but an id (`cognito_auth.web.stored_sessions`). Neither knows what a session is used for, or how tokens are refreshed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from ..effects import Flow
from ..sessions import Session, SetCookie
from ..sessions.stored import StoredSession
from .http import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session that a request came with, or was given; ``cookies`` are to be set on whatever is answered."""

    session: Session = field(repr=False)
    cookies: tuple[SetCookie, ...] = ()
    stored: StoredSession | None = None
    """What the store holds of it, where it is on the server."""
    ends_at: int | None = None
    """When it ends, however often it is renewed, where it is in the browser alone; seconds since the epoch."""


Refreshing: TypeAlias = Callable[[Session], Flow[Session]]
"""The flow that gives a session new tokens."""


class Keeper(Protocol):
    """Keeps the sessions of one application."""

    def find(self, request: Request) -> Flow[Held | None]:
        """The session that the request comes with. One that does not open is none: it may be another application's.

        Raises `StoreUnavailable` when that cannot be found out now.
        """
        ...

    def begin(self, request: Request, session: Session) -> Flow[tuple[SetCookie, ...]]:
        """Keep a new session in place of whatever the request came with; gives the cookies to set."""
        ...

    def keep(self, request: Request, held: Held, session: Session) -> Flow[Held]:
        """Keep ``session`` in place of what is held."""
        ...

    def renew(self, request: Request, held: Held, refreshing: Refreshing) -> Flow[Held]:
        """Give the session new tokens: of all who want that at once, one asks Cognito, and all get what it got.

        The new tokens are kept before anybody uses them. Raises what ``refreshing`` raises, and `NotSignedIn` when the session
        ended meanwhile.
        """
        ...

    def list_of(self, owner: str) -> Flow[tuple[StoredSession, ...]]:
        """The sessions of a user, by ``sub``, as far as they are known: none where the browser alone has them."""
        ...

    def remove(self, stored: StoredSession) -> Flow[Session | None]:
        """End one of the sessions that are known; gives what it held, if that opens."""
        ...

    def remove_all(self, owner: str) -> Flow[int]:
        """End all sessions of a user that are known; gives how many."""
        ...

    def end(self, request: Request, held: Held | None) -> Flow[tuple[SetCookie, ...]]:
        """End the session; gives the cookies that delete it from the browser, those that ``held`` would set included."""
        ...
