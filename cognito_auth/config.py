"""What the library has to know about a user pool and its app client, checked when it is made.

`Settings` derives what Cognito's conventions fix (region, endpoint, issuers, key set address) and lets each be overridden
for other partitions, private endpoints and the embedded pool. It reads nothing by itself: ``Settings.from_mapping(os.environ)``
reads the environment, ``Settings.from_mapping(app.config)`` a Flask configuration.

Sources: https://docs.aws.amazon.com/general/latest/gr/cognito_identity.html (endpoints) and
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html (issuers).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast, get_args
from urllib.parse import urlsplit

from .errors import ConfigurationError
from .secret import Secret

PasswordFlow: TypeAlias = Literal["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH"]
"""The flows that a password can open."""
RefreshFlow: TypeAlias = Literal["GetTokensFromRefreshToken", "REFRESH_TOKEN_AUTH"]

_USER_POOL_ID: Final = re.compile(r"[\w-]+_[0-9A-Za-z]+", re.ASCII)
_CLIENT_ID: Final = re.compile(r"[\w+]{1,128}", re.ASCII)
_CLIENT_SECRET: Final = re.compile(r"[!-~]{16,256}")
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+|local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A user pool and one of its app clients.

    Everything but ``user_pool_id`` and ``client_id`` has a default that Cognito's conventions give. Raises
    `ConfigurationError` with a sentence that says what is wrong; the sentence never holds the client secret.
    """

    user_pool_id: str
    """For example ``eu-west-1_AbCdEfGhI``."""
    client_id: str
    """The app client's id."""
    client_secret: Secret | None = None
    """The app client's secret, if it has one."""
    region: str = ""
    """The AWS region; by default the part of the pool id before the underscore."""
    endpoint: str = ""
    """Where API requests go; by default Cognito's endpoint in the region. https, or http on this machine only."""
    issuer: str = ""
    """The ``iss`` of the pool's tokens; by default Cognito's, in both of its forms, also where ``endpoint`` is another of AWS's
    (FIPS, dual stack). For a stand-in's ``endpoint`` it is ``{endpoint}/{pool id}``."""
    jwks_uri: str = ""
    """Where the pool's key set is; by default ``{issuer}/.well-known/jwks.json``."""
    auth_flows: tuple[PasswordFlow, ...] = ("USER_SRP_AUTH",)
    """The flows that the app client allows; a sign-in with a password uses the first. The password never leaves the process
    with ``USER_SRP_AUTH``, and with ``USER_AUTH`` and ``CUSTOM_AUTH``, where it is proved by SRP as well."""
    refresh_flow: RefreshFlow = "GetTokensFromRefreshToken"
    """How tokens are refreshed. ``REFRESH_TOKEN_AUTH`` is for endpoints that lack the newer operation; it cannot rotate."""

    def __post_init__(self) -> None:
        _check(
            _USER_POOL_ID.fullmatch(self.user_pool_id) and len(self.user_pool_id) <= 55,
            f"user_pool_id is {self.user_pool_id!r}, but a pool id looks like 'eu-west-1_AbCdEfGhI'",
        )
        _check(
            _CLIENT_ID.fullmatch(self.client_id),
            f"client_id is {self.client_id!r}, but a client id is 1 to 128 letters and digits",
        )
        _check(
            self.client_secret is None or hasattr(self.client_secret, "reveal"),
            "client_secret is a plain string; wrap it as Secret('...'), so that it is never shown by accident",
        )
        _check(
            self.client_secret is None or _CLIENT_SECRET.fullmatch(self.client_secret.reveal()),
            "client_secret does not look like one: 16 to 256 printable characters without blanks",
        )
        region = self.region or self.user_pool_id.rpartition("_")[0]
        _check(is_region(region), f"region is {region!r}, but a region looks like 'eu-west-1'")
        endpoint = self.endpoint.rstrip("/") or _regional_endpoint(region)
        _check(is_trustworthy_url(endpoint), f"endpoint is {endpoint!r}; it must be https, or http on this machine")
        home = f"{_regional_endpoint(region) if _is_aws(endpoint) else endpoint}/{self.user_pool_id}"
        jwks_uri = self.jwks_uri or f"{self.issuer or home}/.well-known/jwks.json"
        _check(is_trustworthy_url(jwks_uri), f"jwks_uri is {jwks_uri!r}; it must be https, or http on this machine")
        derived = {"region": region, "endpoint": endpoint, "issuer": self.issuer or home, "jwks_uri": jwks_uri}
        for name, value in derived.items():
            object.__setattr__(self, name, value)
        unknown = [flow for flow in self.auth_flows if flow not in get_args(PasswordFlow)]
        _check(
            self.auth_flows and not unknown,
            f"auth_flows is {self.auth_flows!r}; choose from {', '.join(get_args(PasswordFlow))}",
        )
        _check(
            self.refresh_flow in get_args(RefreshFlow),
            f"refresh_flow is {self.refresh_flow!r}; choose from {', '.join(get_args(RefreshFlow))}",
        )

    @classmethod
    def from_mapping(cls, source: Mapping[str, Any]) -> Settings:
        """Read ``COGNITO_USER_POOL_ID``, ``COGNITO_CLIENT_ID`` and, where given, ``COGNITO_CLIENT_SECRET``,
        ``COGNITO_REGION``, ``COGNITO_ENDPOINT``, ``COGNITO_ISSUER``, ``COGNITO_JWKS_URI``, ``COGNITO_AUTH_FLOWS`` (names
        separated by commas) and ``COGNITO_REFRESH_FLOW`` from a mapping such as ``os.environ``. Raises `ConfigurationError`."""
        missing = [name for name in ("COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID") if not source.get(name)]
        _check(not missing, f"{' and '.join(missing)} must be set")
        secret = source.get("COGNITO_CLIENT_SECRET")
        flows: Any = source.get("COGNITO_AUTH_FLOWS") or "USER_SRP_AUTH"
        if isinstance(flows, str):
            flows = [flow.strip() for flow in flows.split(",")]
        return cls(
            user_pool_id=source["COGNITO_USER_POOL_ID"],
            client_id=source["COGNITO_CLIENT_ID"],
            client_secret=secret if isinstance(secret, Secret) else Secret(secret) if secret else None,
            region=source.get("COGNITO_REGION") or "",
            endpoint=source.get("COGNITO_ENDPOINT") or "",
            issuer=source.get("COGNITO_ISSUER") or "",
            jwks_uri=source.get("COGNITO_JWKS_URI") or "",
            auth_flows=cast("tuple[PasswordFlow, ...]", tuple(flows)),
            refresh_flow=source.get("COGNITO_REFRESH_FLOW") or "GetTokensFromRefreshToken",
        )

    @property
    def issuers(self) -> frozenset[str]:
        """Every value of ``iss`` that this pool's tokens may carry."""
        if self.issuer != f"{_regional_endpoint(self.region)}/{self.user_pool_id}":
            return frozenset({self.issuer})
        return frozenset({self.issuer, self.issuer.replace("https://cognito-idp.", "https://issuer-cognito-idp.", 1)})

    @property
    def pool_name(self) -> str:
        """The pool id after the underscore, which SRP mixes into its hashes."""
        return self.user_pool_id.rpartition("_")[2]


def _regional_endpoint(region: str) -> str:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://cognito-idp.{region}.{suffix}"


def _is_aws(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


def is_region(text: str) -> bool:
    """Whether ``text`` has the form of an AWS region's name, or is ``local``, which stand-ins for Cognito use."""
    return _REGION.fullmatch(text) is not None


def is_trustworthy_url(url: str) -> bool:
    """Whether ``url`` is https, or http to this machine (a loopback address, ``localhost`` or a name below it, RFC 6761)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets that do not close, a port that is no number
        return False
    if not host or port == 0 or any(character in url for character in "@?#"):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether a host name or literal address always means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check(condition: object, complaint: str) -> None:
    if not condition:
        raise ConfigurationError(complaint)
