"""The framework-neutral heart of every adapter: it finds out who sent a request, and runs the endpoints.

Everything here is a flow: adapters run it with the driver of their framework. Nothing here knows a framework, a clock or a
socket.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..config import Settings
from ..effects import Flow, Now, Observed, Sleep, perform
from ..errors import (
    AccessTokenRejected,
    CognitoAuthError,
    NotSignedIn,
    RefreshTokenInvalid,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UserNotFound,
)
from ..flows import RequestContext, refresh_tokens, with_context
from ..guards import Moment, Requirement
from ..observer import Activity
from ..sessions import Session, SetCookie
from ..tokens import AccessToken, TokenVerifier
from ..user import User
from .body import read_body
from .cookie_sessions import CookieSessions
from .cors import for_client, preflight, require_allowed, shared
from .early_end import EarlyEnd
from .http import OK, Reply, Request
from .keeper import Held, Keeper
from .options import Delivery, ServerSessions, WebOptions
from .origin import require_same_origin
from .rate_limits import require_within_limits
from .refusals import Refused, refusal
from .route import Authenticated, Call, Route
from .sign_in_page import sent_to_sign_in
from .stored_sessions import StoredSessions
from .vault import Vault
from .visit import Visit, Watch

_FINDING_OUT: Final = Activity(kind="authenticate", name="authenticate")

_ASK_EVERY: Final = 30.0
"""Seconds between two times that it is asked whether somebody's access ended early."""


class WebAuth:
    """One application's authentication, free of any framework."""

    def __init__(self, settings: Settings, options: WebOptions, *, verifier: TokenVerifier | None = None) -> None:
        self.settings: Final = settings
        self.options: Final = options
        self.verifier: Final = verifier or TokenVerifier.for_settings(
            settings, audiences=options.audiences, remember=options.remembered_tokens
        )
        self.vault: Final = Vault(options.secrets, settings)
        self.keeper: Final = _keeper(options, self.vault)
        self.early_end: Final = EarlyEnd(options.early_end)
        self.watch: Final = Watch(settings, options)
        # Access that can end early is asked after each time.
        self._recalls: Final = "tokens" in options.deliveries and not self.early_end.is_noted

    def start(self) -> Flow[None]:
        """What the start of the application waits for: the key set, where `WebOptions.check_at_start` says so. Raises
        `KeysUnavailable`."""
        if self.options.check_at_start:
            yield from self.verifier.load_keys()

    def handle(self, route: Route, request: Request) -> Flow[Reply]:
        """What an endpoint replies; errors of this library become replies."""
        return shared((yield from self._replied(route, request)), request, self.options)

    def reject(self, request: Request, error: CognitoAuthError) -> Reply:
        """What an endpoint replies to a request that cannot even be read."""
        return shared(refusal(error), request, self.options)

    def refuse(self, request: Request, error: CognitoAuthError) -> Reply:
        """What a guard answers in place of a page of the application: the refusal, or the way to `WebOptions.sign_in_page`."""
        cause = error.error if isinstance(error, Refused) else error
        return sent_to_sign_in(refusal(error), cause, request, self.options.sign_in_page)

    def preflight(self, methods: tuple[str, ...], request: Request) -> Reply:
        """The answer to ``OPTIONS`` at a path whose endpoints have ``methods`` (`PATHS`)."""
        return preflight(methods, request, self.options)

    def _replied(self, route: Route, request: Request) -> Flow[Reply]:
        cookies: tuple[SetCookie, ...] = ()
        visit = self.watch.visit(request, route.name)
        try:
            request.require_bounded()
            require_allowed(request, self.options)
            body = for_client(request, self.options, route, read_body(request, route.members))
            who = None
            if route.guarded:
                who = yield from self.identify(request, visit)
                cookies = who.cookies
                if route.changes and self.options.account_requires is not None:
                    yield from self.admit(who, self.options.account_requires)
            elif "username" in body:
                visit.typed(body["username"])
            call = Call(auth=self, request=request, visit=visit, body=body, who=who)
            yield from require_within_limits(call, route.limited)
            activity = Activity(kind="endpoint", name=route.name)
            reply = yield from perform(Observed(activity, lambda: self._told(route, request, route.endpoint(call))))
        except CognitoAuthError as error:
            yield from visit.failed(error, route.failure)
            return refusal(_discreet(error), cookies)
        if route.event is not None:
            yield from visit.report(route.event)
        status = route.success if reply.status == OK else reply.status
        return replace(reply, status=status, cookies=_latest(*cookies, *reply.cookies))

    def authenticate(self, request: Request) -> Flow[Authenticated]:
        """Who sent the request: by bearer token (RFC 6750, section 2.1) or by session, as the options allow.

        An expired session is renewed on the way. Raises `NotSignedIn` without credentials, `TokenError` for a token that is
        refused, `KeysUnavailable`, `StoreUnavailable` or `TransportError` when that cannot be found out now, `CrossSiteRequest`
        when a session's request was sent by another site, `HeadersTooLarge`, and `Refused` when a session can no longer be
        renewed.
        """
        visit = self.watch.visit(request)
        try:
            request.require_bounded()
            return (yield from self.identify(request, visit))
        except CognitoAuthError as error:
            yield from visit.failed(error)
            raise

    def recall(self, authorization: str, requirement: Requirement, now: float, monotonic: float) -> User | None:
        """The user of a bearer token that was verified before and fulfils the requirement now.

        It is what most requests come to, and is found without asking for anything. ``None`` where it takes `authenticate` and
        `admit` to tell, and to report it. ``authorization`` is the only header of that name, among headers that are bounded
        (`Request.require_bounded`); the clocks are those of `TokenVerifier.recall_access_token`.
        """
        if not self._recalls or authorization[:7].lower() != "bearer ":
            return None
        token = self.verifier.recall_access_token(authorization[7:].strip(), now, monotonic)
        if token is None:
            return None
        user = User(token=token)
        return user if requirement.refusal(user, Moment(now, self.verifier.leeway)) is None else None

    def identify(self, request: Request, visit: Visit) -> Flow[Authenticated]:
        """As `authenticate`, but a refusal is for the caller to report."""
        return perform(Observed(_FINDING_OUT, lambda: self._identified(request, visit)))

    def _identified(self, request: Request, visit: Visit) -> Flow[Authenticated]:
        token = self.bearer_token(request)
        if token is not None:
            return _known(visit, User(token=(yield from self._verified(token))))
        held = yield from self.find_session(request)
        if held is None:
            raise NotSignedIn("the request carries neither a bearer token nor a session")
        require_same_origin(request, self.options.origins)
        try:
            return (yield from self._authenticated(held, visit))
        except TokenExpired:
            return (yield from self.renew(request, held, visit))
        except TokenRevoked as error:
            visit.by_tokens(held.session.username, held.session.tokens)
            raise Refused(error, (yield from self.keeper.end(request, held))) from error

    def end_access(self, sub: str) -> Flow[int]:
        """End all that a user was given here: sessions that are kept on the server, and access tokens where
        `WebOptions.early_end` says where to note that. Gives how many sessions ended. Cognito is not told: see
        `AdminUserGlobalSignOut`."""
        ended = yield from self.keeper.remove_all(sub)
        noted = yield from self.early_end.end_user(sub)
        if noted or ended:
            visit = self.watch.visit()
            visit.known(sub=sub, username=None)
            yield from visit.report("access_ended")
        return ended

    def refresh_access(self, sub: str) -> Flow[bool]:
        """Have a user's tokens replaced at their next use, as after a change of groups: sessions refresh, and bearers are told
        that their token has expired. False without `WebOptions.early_end`."""
        return (yield from self.early_end.refresh_user(sub))

    def admit(self, who: Authenticated, requirement: Requirement) -> Flow[User]:
        """The user, who fulfils the requirement now; raises `AccessDenied` or `InsufficientAuthentication` otherwise."""
        now = yield from perform(Now())
        try:
            return requirement.check(who.user, Moment(now=now, leeway=self.verifier.leeway))
        except CognitoAuthError as error:
            if who.visit is not None:
                yield from who.visit.failed(error)
            raise

    def until_end(self, user: User) -> Flow[None]:
        """Ends when the user's access token does: when it expires, or its access is ended early, which is asked now and then.

        For what outlives the request that was admitted, such as a WebSocket. Where it cannot be found out, access ends.
        """
        while True:
            left = user.token.expires_at - (yield from perform(Now()))
            if left <= 0:
                return
            yield from perform(Sleep(min(left, _ASK_EVERY)))
            try:
                yield from self.early_end.require_standing(user.token)
            except CognitoAuthError:
                return

    def find_session(self, request: Request) -> Flow[Held | None]:
        """The session that the request comes with, if sessions are on offer. Nothing is verified yet."""
        if "cookie" not in self.options.deliveries:
            return None
        return (yield from self.keeper.find(request))

    def renew(self, request: Request, held: Held, visit: Visit) -> Flow[Authenticated]:
        """The session with new tokens; of several requests at once, one asks Cognito and all get its answer.

        Raises `Refused` when the user has to sign in again, or the new tokens cannot be verified now, and `TransportError` or
        `ServiceError` when Cognito cannot renew them now: then the session stays as it is.
        """
        visit.by_tokens(held.session.username, held.session.tokens)
        refreshing = _Refreshing()
        try:
            renewed = yield from self.keeper.renew(request, held, refreshing)
        except CognitoAuthError as error:
            yield from visit.failed(error, "refresh_failed")
            if not isinstance(error, NotSignedIn | RefreshTokenInvalid | UserNotFound):
                raise
            raise Refused(_discreet(error), (yield from self.keeper.end(request, held))) from error
        if refreshing.done:
            # Only now: the new tokens are kept, so that no listener stands between them and the store.
            yield from visit.report("refreshed")
        try:
            return (yield from self._authenticated(renewed, visit))
        except CognitoAuthError as error:
            # The old refresh token may be spent by now, so the browser gets the new one whatever comes next.
            raise Refused(error, renewed.cookies) from error

    def delivery(self, wanted: Delivery | None) -> Delivery:
        """How the sign-in is handed over: as wanted, or the default; raises `RequestRejected` for what is not offered."""
        if wanted is not None and wanted not in self.options.deliveries:
            raise RequestRejected(f"delivery must be one of {', '.join(self.options.deliveries)}")
        return wanted or self.options.deliveries[0]

    def bearer_token(self, request: Request) -> str | None:
        """The token in the ``Authorization`` header, where the options accept one; unverified."""
        if "tokens" not in self.options.deliveries:
            return None
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def client_address(self, request: Request) -> str | None:
        """The address of whoever sent the request, as far as trusted proxies vouch for it; ``None`` where none is known."""
        return self.watch.client_address(request)

    def _authenticated(self, held: Held, visit: Visit) -> Flow[Authenticated]:
        verified = yield from self._verified(held.session.tokens.access_token)
        user = User(token=verified, proofs=frozenset(held.session.proofs or ()))
        return _known(visit, user, held)

    def _verified(self, token: str) -> Flow[AccessToken]:
        verified = yield from self.verifier.access_token(token)
        yield from self.early_end.require_standing(verified)
        return verified

    def _told(self, route: Route, request: Request, flow: Flow[Reply]) -> Flow[Reply]:
        """The flow, in which Cognito is told where the request comes from if the options say so."""
        if not self.options.send_client_address:
            return flow
        path = f"{self.options.prefix}/{route.path}"
        address = self.client_address(request)
        return with_context(flow, RequestContext(ip_address=address, server_name=request.host, server_path=path))


def _keeper(options: WebOptions, vault: Vault) -> Keeper:
    if isinstance(options.sessions, ServerSessions):
        return StoredSessions(options, options.sessions, vault)
    return CookieSessions(options, vault)


class _Refreshing:
    """Gives a session new tokens, and remembers that it did: of several requests at once, it is one's turn."""

    done = False

    def __call__(self, session: Session) -> Flow[Session]:
        old = session.tokens.refresh_token
        if old is None:
            raise NotSignedIn("the session has expired")
        tokens = yield from refresh_tokens(old, session.username, device_key=session.device_key)
        self.done = True
        return replace(session, tokens=tokens)


def _known(visit: Visit, user: User, held: Held | None = None) -> Authenticated:
    """Who sent the request of a visit, which from now on tells of them."""
    visit.by_user(user)
    return Authenticated(user=user, held=held, cookies=held.cookies if held else (), visit=visit)


def _latest(*cookies: SetCookie) -> tuple[SetCookie, ...]:
    """Of each name, the cookie that was set last (RFC 6265, section 4.1.1: one name, one header)."""
    return tuple({cookie.name: cookie for cookie in cookies}.values())


def _discreet(error: CognitoAuthError) -> CognitoAuthError:
    """The error as it is told: credentials that outlived their user are as any that are not good any more."""
    if not isinstance(error, UserNotFound):
        return error
    return AccessTokenRejected(error.aws_code, error.message, operation=error.operation, request_id=error.request_id)
