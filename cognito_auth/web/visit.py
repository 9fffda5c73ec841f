"""What events tell of a request: who it is about, as far as that is known by then, and where it came from.

A name that was typed is told as a hash only: it may belong to nobody here, or be a password in the wrong field. The hash is
keyed with the site's secret, so that whoever has the logs alone cannot find out the name by trying.
"""

from __future__ import annotations

import hmac
import unicodedata
from typing import Final

from ..config import Settings
from ..effects import Flow, Now, Report, perform
from ..errors import CognitoAuthError, NotSignedIn, RequestRejected
from ..events import EventName, SecurityEvent
from ..states import Tokens
from ..steps.replies import claim_of
from ..user import User
from .client_address import client_address, networks
from .http import Request
from .options import WebOptions
from .refusals import Refused

MAX_USER_AGENT: Final = 256
"""Characters of a user agent that are told."""
_HASH_DIGITS: Final = 16


class Watch:
    """One application's events: what all of them have in common, and who listens."""

    def __init__(self, settings: Settings, options: WebOptions) -> None:
        self.client_id: Final = settings.client_id
        self.listeners: Final = options.on_event
        self._trusted_proxies: Final = networks(options.trusted_proxies)
        self._key: Final = hmac.digest(options.secrets[0].reveal().encode(), b"cognito_auth typed names", "sha256")

    def visit(self, request: Request | None = None, route: str | None = None) -> Visit:
        """A request that begins; none where the application itself acts."""
        return Visit(self, request, route)

    def client_address(self, request: Request) -> str | None:
        """See `cognito_auth.web.client_address`."""
        return client_address(request, self._trusted_proxies)

    def hashed(self, username: str) -> str:
        """What stands for a name, however it was written: pools do not tell cases apart, unless they are told to."""
        name = unicodedata.normalize("NFKC", username).casefold().encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, name, "sha256").hex()[:_HASH_DIGITS]


class Visit:
    """One request, and what is known of it. Of what fails, the first failure is told and no other that follows from it."""

    __slots__ = ("_client_id", "_failed", "_request", "_route", "_sub", "_username", "_username_hash", "_watch", "challenge")

    def __init__(self, watch: Watch, request: Request | None, route: str | None) -> None:
        self._watch: Final = watch
        self._request: Final = request
        self._route: Final = route
        self._client_id = watch.client_id
        self._sub: str | None = None
        self._username: str | None = None
        self._username_hash: str | None = None
        self._failed = False
        self.challenge: str | None = None
        """The challenge that is answered, or posed."""

    def typed(self, username: str) -> None:
        """It is about somebody whom nobody vouches for yet."""
        self._username_hash = self._watch.hashed(username)

    def known(self, *, sub: str | None, username: str | None) -> None:
        """It is about this user, as Cognito said."""
        self._sub, self._username = sub, username

    def by_tokens(self, username: str, tokens: Tokens) -> None:
        """It is about the user of tokens that came from Cognito, or from a session, which nobody but this application makes."""
        self.known(sub=claim_of(tokens.access_token, "sub"), username=username)

    def by_user(self, user: User) -> None:
        """It is about the user of a verified token."""
        self._client_id = user.token.client_id
        self.known(sub=user.sub, username=user.username)

    def report(self, name: EventName, error: CognitoAuthError | None = None) -> Flow[None]:
        """Report an event."""
        event = SecurityEvent(
            name=name,
            time=(yield from perform(Now())),
            sub=self._sub,
            username=self._username,
            username_hash=self._username_hash if self._username is None else None,
            client_id=self._client_id,
            route=self._route,
            challenge=self.challenge,
            code=error.code if error else None,
            error=type(error).__name__ if error else None,
            client_address=self._watch.client_address(self._request) if self._request else None,
            user_agent=_user_agent(self._request) if self._request else None,
        )
        yield from perform(Report(event, self._watch.listeners))

    def failed(self, error: CognitoAuthError, name: EventName = "refused") -> Flow[None]:
        """Report that the request failed, as what ``name`` says unless the error says otherwise.

        Nothing is reported of requests that carry no credentials at all, nor as refused what fails for want of a service: that
        says nothing of whoever sent it.
        """
        if isinstance(error, Refused):
            error = error.error
        if error.http_status == 429:
            name = "rate_limited"
        elif isinstance(error, RequestRejected):
            name = "refused"
        if self._failed or isinstance(error, NotSignedIn) or (name == "refused" and error.http_status >= 500):
            return
        self._failed = True
        yield from self.report(name, error)


def _user_agent(request: Request) -> str | None:
    """What the client calls itself, without what does not print as itself, such as line breaks and marks that turn text."""
    sent = request.every_header("user-agent")
    if not sent:
        return None
    return "".join(character for character in sent[0][:MAX_USER_AGENT] if character.isprintable()) or None
