"""People with sessions on the server of a site, over an embedded pool in the same process that counts what it is asked."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any, Final

from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.client import AsyncCognitoClient, CognitoClient
from cognito_auth.client.common import Surroundings
from cognito_auth.effects import Store
from cognito_auth.flows import sign_in
from cognito_auth.local import Clock, LocalCognito, LocalTransport
from cognito_auth.sessions import Session
from cognito_auth.states import SignedIn
from cognito_auth.web import ROUTES, Reply, Request, ServerSessions, WebAuth, WebOptions
from tests.support.administration import blocking, settings_of

from .sites import OPTIONS

NAME: Final = "ana"
PASSWORD: Final = "Corr3ct-Horse!"
REFRESH: Final = "GetTokensFromRefreshToken"
LONG_AGO: Final = 7_200.0
"""Seconds after which access tokens have expired, and sessions have not."""
_HEADERS: Final = (("Host", "app.example.com"), ("Origin", "https://app.example.com"), ("Content-Type", "application/json"))


class Counted(LocalCognito):
    """A pool that counts what it is asked, and whose clock can be slow."""

    def __init__(self) -> None:
        super().__init__(clock=Clock(self.now))
        self.slow_by = 0.0
        self.asked: Final[Counter[str]] = Counter()

    def now(self) -> float:
        """The time by its clock."""
        return time.time() - self.slow_by

    def call(self, operation: str, body: bytes, **sent: Any) -> Any:
        """See `LocalCognito.call`."""
        self.asked[operation] += 1
        return super().call(operation, body, **sent)


class Crowd:
    """A site whose people sign in as one user, each in a browser of their own. Site and pool go by one clock."""

    def __init__(self, store: Store, *, early_end: Store | None = None) -> None:
        self.cognito: Final = Counted()
        self.settings: Final = settings_of(self.cognito)
        options = WebOptions(secrets=OPTIONS.secrets, sessions=ServerSessions(store=store), early_end=early_end)
        self.web: Final = WebAuth(self.settings, options)
        with blocking(self.cognito) as administrator:
            pool = self.settings.user_pool_id
            administrator.send(AdminCreateUser(user_pool_id=pool, username=NAME, message_action="SUPPRESS"))
            administrator.send(AdminSetUserPassword(user_pool_id=pool, username=NAME, password=PASSWORD, permanent=True))

    def client(self) -> CognitoClient:
        """What runs the site's flows."""
        surroundings = Surroundings(now=self.cognito.now)
        return CognitoClient(self.settings, transport=LocalTransport(self.cognito), surroundings=surroundings)

    def asynchronous(self) -> AsyncCognitoClient:
        """The same on an event loop."""
        surroundings = Surroundings(now=self.cognito.now)
        return AsyncCognitoClient(self.settings, transport=LocalTransport(self.cognito), surroundings=surroundings)

    def browsers(self, client: CognitoClient, count: int, *, ago: float = 0.0) -> list[Request]:
        """A request of each of so many sessions, which began so many seconds ago, and come of one sign-in."""
        self.cognito.slow_by = ago
        state = client.run(sign_in(NAME, PASSWORD))
        if not isinstance(state, SignedIn):
            raise TypeError(f"signing in led to {state}")
        session = Session(username=state.username, tokens=state.tokens)
        cookies = [client.run(self.web.keeper.begin(asking(), session))[0] for _ in range(count)]
        self.cognito.slow_by = 0.0
        return [asking(f"{cookie.name}={cookie.value}") for cookie in cookies]

    def ask(self, client: CognitoClient, route: str, request: Request) -> Reply:
        """What an endpoint replies. Raises `RuntimeError` when that is an error."""
        (found,) = (each for each in ROUTES if each.name == route)
        reply = client.run(self.web.handle(found, request))
        if reply.status >= 300:
            raise RuntimeError(f"{route}: {reply.status} {reply.document}")
        return reply


def asking(cookie: str = "", **body: str) -> Request:
    """A request of a page of the site: to a guarded route, or to an endpoint."""
    headers = (*_HEADERS, ("Cookie", cookie)) if cookie else _HEADERS
    return Request(method="POST", scheme="https", headers=headers, body=json.dumps(body).encode())
