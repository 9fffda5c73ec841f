"""The root of the tree, and the errors that are neither Cognito's nor a token's."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


class Actor(Enum):
    """Who has to act before the same thing can succeed."""

    USER = "user"
    DEVELOPER = "developer"
    SERVICE = "service"


class Retry(Enum):
    """What sending the same thing again would do."""

    NEVER = "never"
    """It fails again, or harms: something else has to change first."""
    BACKOFF = "backoff"
    """It may pass after a pause."""
    ANSWER = "answer"
    """The state is alive: another answer to the same challenge may pass."""


class CognitoAuthError(Exception):
    """Every error of this library.

    ``str(error)`` is for logs and developers and never holds a token, code, password or secret. ``public_message`` is a
    sentence for the person at the browser, ``code`` its name in JSON replies, ``http_status`` the status they go with.
    """

    actor: ClassVar[Actor] = Actor.DEVELOPER
    retry: ClassVar[Retry] = Retry.NEVER
    code: ClassVar[str] = "internal_error"
    http_status: ClassVar[int] = 500
    public_message: ClassVar[str] = "Something went wrong."

    retry_after: float | None = None
    """Seconds after which trying again makes sense, where that is known."""


class ConfigurationError(CognitoAuthError, ValueError):
    """A setting is missing or wrong; the message says which and what it should be."""


class MissingExtra(CognitoAuthError, ImportError):
    """A feature needs a package that is not installed; the message is the command that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs more packages: pip install 'cognito-auth-kit[{extra}]'")


class IllegalTransition(CognitoAuthError):
    """The state machine has no row for this state and this event; nothing was sent and nothing changed."""

    code = "illegal_transition"
    http_status = 409
    public_message = "That is not possible at this point."

    def __init__(self, state: type, event: type) -> None:
        super().__init__(f"a {event.__name__} is no answer to {state.__name__}")
        self.state = state
        self.event = event


class InvalidAnswer(CognitoAuthError):
    """An answer that the current state takes, but with a value that it does not offer; nothing was sent."""

    actor = Actor.USER
    retry = Retry.ANSWER
    code = "invalid_answer"
    http_status = 400
    public_message = "That answer is not one of those on offer."


class ProtocolError(CognitoAuthError):
    """Cognito answered something that its protocol does not allow at this point."""

    actor = Actor.SERVICE
    code = "bad_gateway"
    http_status = 502
    public_message = "The sign-in service gave an answer that makes no sense."


class TransportError(CognitoAuthError):
    """A request did not get its answer: no connection, no time left, or an answer cut short."""

    actor = Actor.SERVICE
    retry = Retry.BACKOFF
    code = "service_unavailable"
    http_status = 503
    public_message = "The sign-in service cannot be reached. Try again in a moment."
    retry_after = 5.0


class StoreUnavailable(CognitoAuthError):
    """The store of sessions cannot be asked now, or has no room; whoever it is, nobody is let in by it."""

    actor = Actor.SERVICE
    retry = Retry.BACKOFF
    code = "service_unavailable"
    http_status = 503
    public_message = "Sessions cannot be looked up at the moment. Try again in a moment."
    retry_after = 5.0


class TooManyAttempts(CognitoAuthError):
    """The application's own limit on attempts is reached; nothing was sent to Cognito."""

    actor = Actor.USER
    code = "too_many_attempts"
    http_status = 429
    public_message = "Too many attempts. Wait a while and try again."
    retry_after = 60.0

    def __init__(self, reason: str, *, retry_after: float = 60.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class SealError(CognitoAuthError):
    """A sealed value does not open: altered, cut, sealed for another purpose, or with a key that is gone."""

    actor = Actor.USER
    code = "invalid_state"
    http_status = 400
    public_message = "That is not valid here any more. Start again."


class SealExpired(SealError):
    """A sealed value was opened after its time."""

    code = "expired_state"
    public_message = "That took too long. Start again."


class NotSignedIn(CognitoAuthError):
    """A guarded route was asked for without any credentials."""

    actor = Actor.USER
    code = "not_signed_in"
    http_status = 401
    public_message = "Sign in first."


class AccessDenied(CognitoAuthError):
    """Signed in, but without the right that the route requires (RFC 6750, section 3.1, ``insufficient_scope``)."""

    actor = Actor.USER
    code = "forbidden"
    http_status = 403
    public_message = "You are not allowed to do that."

    def __init__(self, reason: str, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.scopes = scopes
        """Scopes that would have opened the route, for ``WWW-Authenticate``."""


class InsufficientAuthentication(CognitoAuthError):
    """Signed in, but too long ago, or with too few factors (RFC 9470, section 3, ``insufficient_user_authentication``)."""

    actor = Actor.USER
    code = "insufficient_user_authentication"
    http_status = 401
    public_message = "Sign in again to do that."

    def __init__(
        self,
        reason: str,
        *,
        max_age: int | None = None,
        acr_values: tuple[str, ...] = (),
        scopes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.scopes = scopes
        """Scopes that would have opened the route as well."""
        self.max_age = max_age
        """Seconds since the sign-in that the route allows, where it is that."""
        self.acr_values = acr_values
        """The levels of authentication of which the route wants one, best first, where it is that."""


class RequestRejected(CognitoAuthError):
    """The HTTP request itself is at fault; the message is safe to show to whoever sent it."""

    actor = Actor.DEVELOPER
    code = "bad_request"
    http_status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BodyTooLarge(RequestRejected):
    """The body is longer than the endpoint reads."""

    code = "body_too_large"
    http_status = 413


class HeadersTooLarge(RequestRejected):
    """The headers are longer than is read (RFC 6585, section 5)."""

    code = "headers_too_large"
    http_status = 431


class UnsupportedMediaType(RequestRejected):
    """The body is not JSON."""

    code = "unsupported_media_type"
    http_status = 415


class CrossSiteRequest(RequestRejected):
    """A browser sent a state-changing request on behalf of another site."""

    code = "cross_site_request"
    http_status = 403
