"""The framework-neutral heart of every adapter: it finds out who sent a request, and runs the endpoints.

Everything here is a flow: adapters run it with the driver of their framework. Nothing here knows a framework, a clock or a
socket.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..config import Settings
from ..effects import Flow, Now, RandomBytes, Share, perform
from ..errors import (
    AccessTokenRejected,
    CognitoAuthError,
    NotSignedIn,
    RefreshTokenInvalid,
    RequestRejected,
    SealError,
    TokenExpired,
    UserNotFound,
)
from ..flows import RequestContext, refresh_tokens, with_context
from ..guards import Moment, Requirement
from ..sessions import Sealer, Session, SetCookie
from ..sessions.seal import NONCE_BYTES
from ..sessions.session import pack, unpack
from ..tokens import TokenVerifier
from ..user import User
from .body import read_body
from .client_address import client_address, networks
from .http import Reply, Request
from .options import Delivery, WebOptions
from .origin import is_secure, require_same_origin
from .refusals import Refused, refusal
from .route import Authenticated, Call, Route


class WebAuth:
    """One application's authentication, free of any framework."""

    def __init__(self, settings: Settings, options: WebOptions, *, verifier: TokenVerifier | None = None) -> None:
        self.settings: Final = settings
        self.options: Final = options
        self.verifier: Final = verifier or TokenVerifier.for_settings(settings)
        self._sealer: Final = Sealer(options.secrets)
        self._scope: Final = f"{settings.user_pool_id}/{settings.client_id}"
        self.device_cookie: Final = replace(options.cookie, name=f"{options.cookie.name}_device")
        self._trusted_proxies: Final = networks(options.trusted_proxies)

    def handle(self, route: Route, request: Request) -> Flow[Reply]:
        """What an endpoint replies; errors of this library become replies."""
        cookies: tuple[SetCookie, ...] = ()
        try:
            require_same_origin(request, self.options.origins)
            body = read_body(request, route.members)
            who = None
            if route.guarded:
                who = yield from self.authenticate(request)
                cookies = who.cookies
            reply = yield from self._told(route, request, route.endpoint(Call(auth=self, request=request, body=body, who=who)))
        except CognitoAuthError as error:
            return refusal(_discreet(error), cookies)
        return replace(reply, status=route.success, cookies=_latest(*cookies, *reply.cookies))

    def authenticate(self, request: Request) -> Flow[Authenticated]:
        """Who sent the request: by bearer token (RFC 6750, section 2.1) or by session, as the options allow.

        An expired session is renewed on the way. Raises `NotSignedIn` without credentials, `TokenError` for a token that is
        refused, `KeysUnavailable` or `TransportError` when that cannot be found out now, `CrossSiteRequest` when a session's
        request was sent by another site, and `Refused` when a session can no longer be renewed.
        """
        token = self.bearer_token(request)
        if token is not None:
            return Authenticated(user=User(token=(yield from self.verifier.access_token(token))))
        session = yield from self.read_session(request)
        if session is None:
            raise NotSignedIn("the request carries neither a bearer token nor a session")
        require_same_origin(request, self.options.origins)
        try:
            verified = yield from self.verifier.access_token(session.tokens.access_token)
        except TokenExpired:
            return (yield from self.renew(request, session))
        return Authenticated(user=User(token=verified, proofs=frozenset(session.proofs or ())), session=session)

    def admit(self, who: Authenticated, requirement: Requirement) -> Flow[User]:
        """The user, who fulfils the requirement now; raises `AccessDenied` or `InsufficientAuthentication` otherwise."""
        now = yield from perform(Now())
        return requirement.check(who.user, Moment(now=now, leeway=self.verifier.leeway))

    def renew(self, request: Request, session: Session) -> Flow[Authenticated]:
        """The session with new tokens; of several requests at once, one asks Cognito and all get its answer.

        Raises `Refused` when the user has to sign in again, or the new tokens cannot be verified now, and `TransportError` or
        `ServiceError` when Cognito cannot renew them now: then the session stays as it is.
        """
        old = session.tokens.refresh_token
        if old is None:
            raise self._ended(NotSignedIn("the session has expired"), request)
        key = ("refresh", hashlib.sha256(old.encode()).hexdigest())
        try:
            tokens = yield from perform(
                Share(key, lambda: refresh_tokens(old, session.username, device_key=session.device_key))
            )
        except (RefreshTokenInvalid, UserNotFound) as error:
            raise self._ended(_discreet(error), request) from error
        renewed = replace(session, tokens=tokens)
        cookies = yield from self.write_session(request, renewed)
        try:
            verified = yield from self.verifier.access_token(tokens.access_token)
        except CognitoAuthError as error:
            # The old refresh token may be spent by now, so the browser gets the new one whatever comes next.
            raise Refused(error, cookies) from error
        user = User(token=verified, proofs=frozenset(renewed.proofs or ()))
        return Authenticated(user=user, session=renewed, cookies=cookies)

    def read_session(self, request: Request) -> Flow[Session | None]:
        """The session in the request's cookies. One that does not open is none: it may be another application's."""
        if "cookie" not in self.options.deliveries:
            return None
        sealed = self.options.cookie.read(request.cookies, secure=self.is_secure(request))
        if sealed is None:
            return None
        try:
            return unpack((yield from self.unseal(sealed, "session")))
        except SealError:
            return None

    def write_session(self, request: Request, session: Session) -> Flow[tuple[SetCookie, ...]]:
        """The cookies that carry a session."""
        lifetime = self.options.session_lifetime
        sealed = yield from self.seal(pack(session), "session", lifetime)
        secure, present = self.is_secure(request), request.cookies
        return tuple(self.options.cookie.write(sealed, max_age=int(lifetime), secure=secure, present=present))

    def clear_session(self, request: Request, renewed: Mapping[str, str] | None = None) -> tuple[SetCookie, ...]:
        """The cookies that delete the session; ``renewed`` are those that the same reply would set otherwise."""
        present = {**request.cookies, **(renewed or {})}
        return tuple(self.options.cookie.clear(secure=self.is_secure(request), present=present))

    def seal(self, content: bytes, purpose: str, lifetime: float) -> Flow[str]:
        """Seal ``content`` for this application, for ``lifetime`` seconds."""
        now = yield from perform(Now())
        nonce = yield from perform(RandomBytes(NONCE_BYTES))
        return self._sealer.seal(content, purpose=f"{purpose} {self._scope}", expires_at=now + lifetime, nonce=nonce)

    def unseal(self, sealed: str, purpose: str) -> Flow[bytes]:
        """Open what `seal` sealed; raises `SealError`."""
        now = yield from perform(Now())
        return self._sealer.open(sealed, purpose=f"{purpose} {self._scope}", now=now)

    def seal_document(self, document: dict[str, Any], purpose: str, lifetime: float) -> Flow[str]:
        """Seal a JSON object."""
        return (yield from self.seal(json.dumps(document, separators=(",", ":")).encode(), purpose, lifetime))

    def unseal_document(self, sealed: str, purpose: str) -> Flow[dict[str, Any]]:
        """Open what `seal_document` sealed; raises `SealError`."""
        document: dict[str, Any] = json.loads((yield from self.unseal(sealed, purpose)))
        return document

    def delivery(self, wanted: Delivery | None) -> Delivery:
        """How the sign-in is handed over: as wanted, or the default; raises `RequestRejected` for what is not offered."""
        if wanted is not None and wanted not in self.options.deliveries:
            raise RequestRejected(f"delivery must be one of {', '.join(self.options.deliveries)}")
        return wanted or self.options.deliveries[0]

    def _ended(self, error: CognitoAuthError, request: Request) -> Refused:
        return Refused(error, self.clear_session(request))

    def bearer_token(self, request: Request) -> str | None:
        """The token in the ``Authorization`` header, where the options accept one; unverified."""
        if "tokens" not in self.options.deliveries:
            return None
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def client_address(self, request: Request) -> str | None:
        """The address of whoever sent the request, as far as trusted proxies vouch for it; ``None`` where none is known."""
        return client_address(request, self._trusted_proxies)

    def _told(self, route: Route, request: Request, flow: Flow[Reply]) -> Flow[Reply]:
        """The flow, in which Cognito is told where the request comes from if the options say so."""
        if not self.options.send_client_address:
            return flow
        path = f"{self.options.prefix}/{route.path}"
        address = self.client_address(request)
        return with_context(flow, RequestContext(ip_address=address, server_name=request.host, server_path=path))

    def is_secure(self, request: Request) -> bool:
        """Whether cookies are set for https only."""
        return is_secure(request, self.options.public_url)


def _latest(*cookies: SetCookie) -> tuple[SetCookie, ...]:
    """Of each name, the cookie that was set last (RFC 6265, section 4.1.1: one name, one header)."""
    return tuple({cookie.name: cookie for cookie in cookies}.values())


def _discreet(error: CognitoAuthError) -> CognitoAuthError:
    """The error as it is told: credentials that outlived their user are as any that are not good any more."""
    if not isinstance(error, UserNotFound):
        return error
    return AccessTokenRejected(error.aws_code, error.message, operation=error.operation, request_id=error.request_id)
