"""What an application chooses about the web endpoints, checked when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias, get_args

from ..config import is_trustworthy_url
from ..effects import Store
from ..errors import ConfigurationError
from ..events import Listener
from ..guards import Requirement
from ..secret import Secret
from ..sessions import CookiePolicy
from .client_address import networks
from .http import Request
from .origin import as_browsers_send_it, is_secure
from .redirects import same_origin_path

Delivery: TypeAlias = Literal["cookie", "tokens"]
"""How a sign-in is handed over: as a session in cookies, for browsers, or as tokens in the reply, for API clients."""

PasswordRule: TypeAlias = Callable[[str, str], str | None]
"""Called with a user's name, as it was typed or as Cognito told it, and a new password; says what is wrong with it, if anything
is."""

DAY: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class BrowserSessions:
    """Sessions are in the browser alone, sealed; the server keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSessions:
    """Sessions are in ``store`` (`cognito_auth.stores`); the browser holds an id. They can be listed, and end when they are
    ended."""

    store: Store
    idle_lifetime: float = 7 * DAY
    """Seconds that a session lasts unused; used or not, it ends with `WebOptions.session_lifetime`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """How the endpoints behave. Raises `ConfigurationError` for a value that cannot work."""

    secrets: tuple[Secret, ...]
    """What sessions and states are sealed with: at least 32 random characters each. The first seals, all open."""
    prefix: str = "/auth"
    """Path below which the endpoints are."""
    deliveries: tuple[Delivery, ...] = ("cookie", "tokens")
    """What clients may ask for at sign-in, and guards accept; the first is the default."""
    public_url: str = ""
    """The site's own address, such as ``https://www.example.com``; set it behind a proxy."""
    trusted_origins: frozenset[str] = field(default_factory=frozenset[str])
    """Other origins whose pages may send state-changing requests."""
    audiences: frozenset[str] = field(default_factory=frozenset[str])
    """The resource servers that this application is: what ``aud`` may be in a bearer's access token, where there is one."""
    cors_origins: frozenset[str] = field(default_factory=frozenset[str])
    """Origins of API clients in browsers: their pages may call the endpoints (CORS), without cookies, and get tokens."""
    sign_in_page: str = ""
    """Path of the page to which guards send a browser that nobody is signed in with, in place of 401; none by default."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks, such as ``10.0.0.0/8`` or ``2001:db8::1``, of the proxies whose word is taken for the client's address."""
    send_client_address: bool = False
    """Whether the endpoints tell Cognito the client's address, for threat protection; the app client must accept it
    (``EnablePropagateAdditionalUserContextData``), unless the server signs users in by the administrator's operations."""
    sessions: BrowserSessions | ServerSessions = BrowserSessions()
    """Where the sessions of browsers are."""
    early_end: Store | None = None
    """Where it is noted whose access ended before their tokens do, which guards then ask for each request: they refuse access
    tokens of sign-ins that were signed out of. Without it, an access token passes guards until it expires."""
    limits: Store | None = None
    """What counts how often somebody tries (`cognito_auth.stores.RateLimits`); without it, only Cognito's own limits hold."""
    conceal_sign_up: bool = False
    """Whether signing up, confirming that, and replacing a password are answered for a name that is taken as for one that is
    free. Then replies tell no more where a code went, and an expired code, or an account that is not confirmed, is told as a
    wrong code or password (docs/limits.md)."""
    password_rule: PasswordRule | None = None
    """What looks at every new password before Cognito does, off the event loop where there is one. What it says is told to the
    person; what it raises fails the request."""
    account_requires: Requirement | None = None
    """What somebody must fulfil, besides being signed in, to change anything of their own account or sessions by the endpoints,
    such as ``recent(max_age=300)``. Reading takes no more than being signed in."""
    remembered_tokens: int = 10_000
    """How many verified tokens each process remembers, whose next use costs no signature check; about 4 kB each, 0 for none
    (docs/capacity.md)."""
    check_at_start: bool = False
    """Whether the application refuses to start without the pool's key set, which a wrong pool id does not have either. Without
    it, it starts, and guards answer 503 until the set can be fetched."""
    on_event: tuple[Listener, ...] = ()
    """What is called with each security event, in order (`cognito_auth.effects.Report`)."""
    cookie: CookiePolicy = field(default_factory=CookiePolicy)
    issuer_name: str = "Cognito"
    """What authenticator apps call this site."""
    session_lifetime: float = 30 * DAY
    """Seconds after the sign-in that a session ends, however much it is used; Cognito's refresh token may end it sooner."""
    state_lifetime: float = 15 * 60.0
    """Seconds that a sign-in may stand at a challenge; Cognito's own limit of 3 to 15 minutes applies as well."""

    def __post_init__(self) -> None:
        if not self.prefix.startswith("/") or self.prefix.endswith("/") or "//" in self.prefix:
            raise ConfigurationError(f"prefix is {self.prefix!r}; it must look like '/auth'")
        if not self.deliveries or not set(self.deliveries) <= set(get_args(Delivery)):
            raise ConfigurationError(f"deliveries is {self.deliveries!r}; choose from 'cookie' and 'tokens'")
        for origin in (*self.origins, *self.cors_origins):
            if not is_trustworthy_url(origin) or origin != as_browsers_send_it(origin):
                raise ConfigurationError(f"{origin!r} is no origin; it must look like 'https://www.example.com'")
        self._check_cors()
        page = self.sign_in_page
        if page and (same_origin_path(page) != page or "?" in page or "#" in page):
            raise ConfigurationError(f"sign_in_page is {page!r}; it must be a path on this site, such as '/sign-in'")
        networks(self.trusted_proxies)

    def _check_cors(self) -> None:
        if self.cors_origins and "tokens" not in self.deliveries:
            raise ConfigurationError("cors_origins are for clients that get tokens, which deliveries does not offer")
        for origin in self.cors_origins & self.origins:
            raise ConfigurationError(f"{origin!r} can be trusted with sessions or be among cors_origins, but not both")

    @classmethod
    def from_mapping(
        cls,
        source: Mapping[str, Any],
        *,
        sessions: BrowserSessions | ServerSessions | None = None,
        limits: Store | None = None,
    ) -> WebOptions:
        """Read ``COGNITO_AUTH_SECRET`` (several, newest first, separated by commas) and, where given,
        ``COGNITO_AUTH_PREFIX``, ``COGNITO_AUTH_PUBLIC_URL``, ``COGNITO_AUTH_SIGN_IN_PAGE``, and (separated by commas)
        ``COGNITO_AUTH_AUDIENCES``, ``COGNITO_AUTH_CORS_ORIGINS`` and ``COGNITO_AUTH_TRUSTED_PROXIES`` from a mapping such as
        ``os.environ``."""
        given = source.get("COGNITO_AUTH_SECRET")
        if not given:
            raise ConfigurationError("COGNITO_AUTH_SECRET must be set")
        text = given.reveal() if isinstance(given, Secret) else str(given)
        return cls(
            secrets=tuple(Secret(part.strip()) for part in text.split(",")),
            sessions=sessions or BrowserSessions(),
            limits=limits,
            prefix=source.get("COGNITO_AUTH_PREFIX") or "/auth",
            public_url=(source.get("COGNITO_AUTH_PUBLIC_URL") or "").rstrip("/"),
            audiences=frozenset(_listed(source.get("COGNITO_AUTH_AUDIENCES"))),
            cors_origins=frozenset(_listed(source.get("COGNITO_AUTH_CORS_ORIGINS"))),
            sign_in_page=source.get("COGNITO_AUTH_SIGN_IN_PAGE") or "",
            trusted_proxies=_listed(source.get("COGNITO_AUTH_TRUSTED_PROXIES")),
        )

    @property
    def device_cookie(self) -> CookiePolicy:
        """The cookie that keeps a browser's device."""
        return replace(self.cookie, name=f"{self.cookie.name}_device")

    def is_secure(self, request: Request) -> bool:
        """Whether cookies are for https only: always, but on plain http to this machine."""
        return is_secure(request, self.public_url)

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that may send state-changing requests, besides the one that the request itself names."""
        return self.trusted_origins | {self.public_url} if self.public_url else self.trusted_origins


def _listed(text: str | None) -> tuple[str, ...]:
    """What a setting lists, separated by commas."""
    return tuple(part.strip() for part in text.split(",")) if text else ()
