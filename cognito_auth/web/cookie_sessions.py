"""Sessions that are in the browser alone, sealed, in as many cookies as it takes. The server keeps nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from ..effects import Finish, Flow, Now, Share, perform
from ..errors import NotSignedIn, SealError
from ..sessions import Session, SetCookie
from ..sessions.packing import pack, unpack
from ..sessions.stored import StoredSession
from .http import Request
from .keeper import Held, Refreshing
from .options import WebOptions
from .vault import Vault

_PURPOSE: Final = "session"


class CookieSessions:
    """The keeper that needs no server. A session that was copied can be used until its refresh token is revoked."""

    def __init__(self, options: WebOptions, vault: Vault) -> None:
        self._options: Final = options
        self._vault: Final = vault

    def find(self, request: Request) -> Flow[Held | None]:
        """See `Keeper.find`. What was sealed with an older secret is sealed anew, to end when it would have."""
        sealed = self._options.cookie.read(request.cookies, secure=self._options.is_secure(request))
        if sealed is None:
            return None
        try:
            opened = yield from self._vault.open(sealed, _PURPOSE)
            session = unpack(opened.content)
        except SealError:
            return None
        held = Held(session=session, ends_at=opened.expires_at)
        return (yield from self.keep(request, held, session)) if opened.outdated else held

    def begin(self, request: Request, session: Session) -> Flow[tuple[SetCookie, ...]]:
        """See `Keeper.begin`; raises `CookieTooLarge` for a session that browsers would drop."""
        return (yield from self._sealed(request, session, self._options.session_lifetime))

    def keep(self, request: Request, held: Held, session: Session) -> Flow[Held]:
        """See `Keeper.keep`. A session ends when it was to end at the sign-in, however often it is renewed."""
        if held.ends_at is None:
            raise LookupError("the session is not in the browser")
        now = yield from perform(Now())
        left = max(held.ends_at - int(now), 0)
        return replace(held, session=session, cookies=(yield from self._sealed(request, session, left)))

    def renew(self, request: Request, held: Held, refreshing: Refreshing) -> Flow[Held]:
        """See `Keeper.renew`. Other processes are not known of here: Cognito's grace period for rotated tokens bridges that."""
        old = held.session.tokens.refresh_token
        if old is None:
            raise NotSignedIn("the session has expired")
        key = ("refresh", hashlib.sha256(old.encode()).hexdigest())
        renewed = yield from perform(Share(key, lambda: _finished(refreshing, held.session)))
        return (yield from self.keep(request, held, replace(held.session, tokens=renewed.tokens)))

    def list_of(self, owner: str) -> Flow[tuple[StoredSession, ...]]:
        """See `Keeper.list_of`."""
        yield from ()
        return ()

    def remove(self, stored: StoredSession) -> Flow[Session | None]:
        """See `Keeper.remove`."""
        yield from ()
        return None

    def remove_all(self, owner: str) -> Flow[int]:
        """See `Keeper.remove_all`."""
        yield from ()
        return 0

    def end(self, request: Request, held: Held | None) -> Flow[tuple[SetCookie, ...]]:
        """See `Keeper.end`."""
        yield from ()
        renewed = {cookie.name: cookie.value for cookie in (held.cookies if held else ()) if cookie.max_age}
        present = {**request.cookies, **renewed}
        return tuple(self._options.cookie.clear(secure=self._options.is_secure(request), present=present))

    def _sealed(self, request: Request, session: Session, lifetime: float) -> Flow[tuple[SetCookie, ...]]:
        """The cookies that hold the session, sealed for ``lifetime`` seconds."""
        sealed = yield from self._vault.seal(pack(session), _PURPOSE, lifetime)
        max_age, secure = int(self._options.session_lifetime), self._options.is_secure(request)
        return tuple(self._options.cookie.write(sealed, max_age=max_age, secure=secure, present=request.cookies))


def _finished(refreshing: Refreshing, session: Session) -> Flow[Session]:
    return (yield from perform(Finish(lambda: refreshing(session))))
