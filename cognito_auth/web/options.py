"""What an application chooses about the web endpoints, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from ..config import is_trustworthy_url
from ..effects import Store
from ..errors import ConfigurationError
from ..events import Listener
from ..secret import Secret
from ..sessions import CookiePolicy
from .client_address import networks
from .http import Request
from .origin import is_secure

Delivery: TypeAlias = Literal["cookie", "tokens"]
"""How a sign-in is handed over: as a session in cookies, for browsers, or as tokens in the reply, for API clients."""

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
    on_event: tuple[Listener, ...] = ()
    """What is called with each security event, in order (`cognito_auth.effects.Report`)."""
    cookie: CookiePolicy = field(default_factory=CookiePolicy)
    issuer_name: str = "Cognito"
    """What authenticator apps call this site."""
    session_lifetime: float = 30 * DAY
    """Seconds that the browser keeps a session; Cognito's refresh token may end it sooner."""
    state_lifetime: float = 15 * 60.0
    """Seconds that a sign-in may stand at a challenge; Cognito's own limit of 3 to 15 minutes applies as well."""

    def __post_init__(self) -> None:
        if not self.prefix.startswith("/") or self.prefix.endswith("/") or "//" in self.prefix:
            raise ConfigurationError(f"prefix is {self.prefix!r}; it must look like '/auth'")
        if not self.deliveries or not set(self.deliveries) <= set(get_args(Delivery)):
            raise ConfigurationError(f"deliveries is {self.deliveries!r}; choose from 'cookie' and 'tokens'")
        for origin in (*self.trusted_origins, *([self.public_url] if self.public_url else [])):
            if not is_trustworthy_url(origin) or origin != _as_browsers_send_it(origin):
                raise ConfigurationError(f"{origin!r} is no origin; it must look like 'https://www.example.com'")
        networks(self.trusted_proxies)

    @classmethod
    def from_mapping(
        cls, source: Mapping[str, Any], *, sessions: BrowserSessions | ServerSessions = BrowserSessions()
    ) -> WebOptions:
        """Read ``COGNITO_AUTH_SECRET`` (several, newest first, separated by commas) and, where given,
        ``COGNITO_AUTH_PREFIX``, ``COGNITO_AUTH_PUBLIC_URL`` and ``COGNITO_AUTH_TRUSTED_PROXIES`` (separated by commas) from a
        mapping such as ``os.environ``."""
        given = source.get("COGNITO_AUTH_SECRET")
        if not given:
            raise ConfigurationError("COGNITO_AUTH_SECRET must be set")
        text = given.reveal() if isinstance(given, Secret) else str(given)
        proxies: str = source.get("COGNITO_AUTH_TRUSTED_PROXIES") or ""
        return cls(
            secrets=tuple(Secret(part.strip()) for part in text.split(",")),
            sessions=sessions,
            prefix=source.get("COGNITO_AUTH_PREFIX") or "/auth",
            public_url=(source.get("COGNITO_AUTH_PUBLIC_URL") or "").rstrip("/"),
            trusted_proxies=tuple(part.strip() for part in proxies.split(",")) if proxies else (),
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


def _as_browsers_send_it(url: str) -> str:
    """The address's origin in the one form that an ``Origin`` header has (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"
