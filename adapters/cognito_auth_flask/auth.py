"""The extension: a blueprint with the endpoints, guards as decorators, and `current_user`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar, cast
from weakref import finalize

import httpx
from flask import Blueprint, Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.local import LocalProxy

from cognito_auth.client import CognitoClient
from cognito_auth.config import Settings
from cognito_auth.errors import CognitoAuthError, ConfigurationError
from cognito_auth.guards import Requirement, signed_in
from cognito_auth.sessions import SetCookie
from cognito_auth.user import User
from cognito_auth.web import PATHS, ROUTES, Authenticated, Refused, Route, WebAuth, WebOptions, refusal
from cognito_auth.web.http import CREDENTIALS, vary
from cognito_auth.web.public import is_public, public

from .translate import only_authorization, read_body, to_request, to_response

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_Extension: TypeAlias = tuple[WebAuth, CognitoClient]

_EXTENSION: Final = "cognito_auth"
_FOUND: Final = "_cognito_auth"
"""Where ``g`` keeps what is known of the request."""
_VARY: Final = vary(None, CREDENTIALS)


@dataclass(slots=True)
class _Found:
    """That it was asked who sent a request, who it is where that took more than remembering, and the cookies to set."""

    who: Authenticated | None = None
    cookies: tuple[SetCookie, ...] = ()


class CognitoAuth:
    """Cognito authentication for a Flask application.

    ``settings`` and ``options`` default to what ``app.config`` says (`Settings.from_mapping`, `WebOptions.from_mapping`).
    ``client`` carries out what is to be done; by default each application gets one of its own, which is closed with it. Raises
    `ConfigurationError` for settings that cannot work.
    """

    def __init__(
        self,
        app: Flask | None = None,
        settings: Settings | None = None,
        options: WebOptions | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        client: CognitoClient | None = None,
    ) -> None:
        self._settings: Final = settings
        self._options: Final = options
        self._transport: Final = transport
        self._client: Final = client
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Set the application up: endpoints below the prefix of the options, and the cookies of renewed sessions. Raises
        `KeysUnavailable` where `WebOptions.check_at_start` asks for the key set and it cannot be fetched."""
        settings = self._settings or Settings.from_mapping(app.config)
        options = self._options or WebOptions.from_mapping(app.config)
        web = WebAuth(settings, options)
        client = self._client or CognitoClient(settings, transport=self._transport)
        if self._client is None:
            finalize(app, client.close)  # Flask has no event for its end: it is the application's own, or the process's
        client.run(web.start())
        app.extensions[_EXTENSION] = (web, client)
        app.register_blueprint(_blueprint(web, client))
        app.after_request(_tell)

    @property
    def client(self) -> CognitoClient:
        """The current application's client; send the administrator's operations with it."""
        return _extension()[1]

    @property
    def web(self) -> WebAuth:
        """The current application's framework-neutral heart."""
        return _extension()[0]

    def require(self, requirement: Requirement | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Guard a view, synchronous or not; for class-based views list it in ``decorators``.

        Put it below the route decorator. Without credentials, or with a sign-in that is not enough, the answer is 401, without
        the right 403.
        """
        wanted = signed_in() if requirement is None else requirement

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            waits = inspect.iscoroutinefunction(view)

            @wraps(view)
            def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
                _admit(wanted)
                return cast("R", (current_app.ensure_sync(view) if waits else view)(*args, **kwargs))

            return guarded

        return decorate

    def login_required(self, view: Callable[P, R]) -> Callable[P, R]:
        """Guard a view: somebody has to be signed in."""
        return self.require()(view)

    def protect(self, blueprint: Blueprint, requirement: Requirement | None = None) -> None:
        """Guard every view of a blueprint."""
        wanted = signed_in() if requirement is None else requirement

        @blueprint.before_request
        def guard() -> None:  # pyright: ignore[reportUnusedFunction]  # Flask calls it
            self.admit(wanted)

    def public(self, view: T) -> T:
        """Mark a view as open to everybody where `protect_all` closes the rest; put it below the route decorator."""
        return public(view)

    def protect_all(
        self, app: Flask, requirement: Requirement | None = None, *, public_endpoints: Collection[str] = ()
    ) -> None:
        """Close every view of the application, those of blueprints and static files included, that is not `public`.

        Somebody must be signed in, or fulfil ``requirement``. ``public_endpoints`` names those, such as ``static`` or
        ``pages.static``, whose views cannot be marked. Views may be added later; the endpoints of this library stay open.
        """
        wanted, named = signed_in() if requirement is None else requirement, frozenset(public_endpoints)

        def guard() -> None:
            rule = request.url_rule
            if rule is None or rule.endpoint in named or is_public(app.view_functions.get(rule.endpoint)):
                return
            # No view is called then: Flask answers by itself with the methods there are.
            if not (request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False)):
                self.admit(wanted)

        app.before_request_funcs.setdefault(None, []).insert(0, guard)

    def admit(self, requirement: Requirement) -> User:
        """The user behind the current request, who fulfils the requirement; answers with a refusal otherwise.

        Who it is, is found out once for each request.
        """
        return _admit(requirement)

    def end_access(self, sub: str) -> int:
        """End all that a user was given here, as for somebody who is locked out (`WebAuth.end_access`)."""
        web, client = _extension()
        return client.run(web.end_access(sub))

    def refresh_access(self, sub: str) -> bool:
        """Have a user's tokens replaced at their next use, as after a change of groups (`WebAuth.refresh_access`)."""
        web, client = _extension()
        return client.run(web.refresh_access(sub))

    def client_address(self) -> str | None:
        """Where the current request comes from, as far as `WebOptions.trusted_proxies` vouch for it."""
        return self.web.client_address(to_request(request))


def _extension() -> _Extension:
    found: _Extension | None = _here(current_app).extensions.get(_EXTENSION)
    if found is None:
        raise ConfigurationError("CognitoAuth is not set up for this application: call init_app")
    return found


def _here(proxy: Any) -> Any:
    """What one of Flask's proxies stands for now; to ask it once is quicker than at each use."""
    return proxy._get_current_object()  # noqa: SLF001  # werkzeug documents it


def _found() -> _Found:
    """What is known of the current request."""
    context = _here(g)
    found: _Found | None = context.get(_FOUND)
    if found is None:
        found = _Found()
        setattr(context, _FOUND, found)
    return found


def _admit(requirement: Requirement) -> User:
    try:
        web, client = _extension()
        found = _found()
        if found.who is None:
            user = _recall(web, client, requirement)
            if user is not None:
                return user
            found.who = _authenticated(web, client, found)
        return client.run(web.admit(found.who, requirement))
    except CognitoAuthError as error:
        raise _refusal(error) from error


def _recall(web: WebAuth, client: CognitoClient, requirement: Requirement) -> User | None:
    """The user behind the current request, if they are known already and fulfil the requirement (`WebAuth.recall`)."""
    clocks, authorization = client.clocks, only_authorization(_here(request).environ)
    if clocks is None or authorization is None:
        return None
    return web.recall(authorization, requirement, clocks.now(), clocks.monotonic())


def _refusal(error: CognitoAuthError) -> HTTPException:
    """A guard's refusal, of werkzeug's class for its status, by which Flask finds a handler that answers in its place."""
    is_set_up = _EXTENSION in current_app.extensions
    reply = _extension()[0].refuse(to_request(request), error) if is_set_up else refusal(error)
    return default_exceptions.get(reply.status, HTTPException)(error.public_message, to_response(reply))


def _authenticated(web: WebAuth, client: CognitoClient, found: _Found) -> Authenticated:
    try:
        who = client.run(web.authenticate(to_request(request)))
    except Refused as refused:
        found.cookies += refused.cookies
        raise refused.error from refused
    found.cookies += who.cookies
    return who


def _tell(response: Response) -> Response:
    """The answer; where it was asked who sent the request, it says so, and sets what cookies came of that."""
    found: _Found | None = _here(g).get(_FOUND)
    if found is None:
        return response
    if response.headers.setdefault("Vary", _VARY) != _VARY:
        response.headers["Vary"] = vary(response.headers["Vary"], CREDENTIALS)
    for cookie in found.cookies:
        response.headers.add("Set-Cookie", cookie.header())
        response.headers["Cache-Control"] = "no-store"
    return response


def _blueprint(web: WebAuth, client: CognitoClient) -> Blueprint:
    blueprint = Blueprint("cognito_auth", __name__, url_prefix=web.options.prefix)
    for route in ROUTES:
        blueprint.add_url_rule(
            f"/{route.path}",
            endpoint=route.name,
            view_func=_view(web, client, route),
            methods=[route.method],
            provide_automatic_options=False,
        )
    if web.options.cors_origins:
        for path, methods in PATHS.items():
            blueprint.add_url_rule(
                f"/{path}",
                endpoint=f"preflight_{path.replace('/', '_').replace('.', '_')}",
                view_func=_preflight(web, methods),
                methods=["OPTIONS"],
            )
    return blueprint


def _view(web: WebAuth, client: CognitoClient, route: Route) -> Callable[[], Response]:
    def view() -> Response:
        try:
            body = read_body(request)
        except CognitoAuthError as error:
            return to_response(web.reject(to_request(request), error))
        return to_response(client.run(web.handle(route, to_request(request, body))))

    return public(view)


def _preflight(web: WebAuth, methods: tuple[str, ...]) -> Callable[[], Response]:
    def view() -> Response:
        return to_response(web.preflight(methods, to_request(request)))

    return public(view)


def _current_user() -> User:
    return _admit(signed_in())


current_user: User = cast("User", LocalProxy(_current_user))
"""Whoever is signed in; using it where nobody is answers the request with 401."""
