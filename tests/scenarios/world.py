"""What scenarios happen in: pools and app clients made through the API, users, codes, and time, wherever the world stands.

One world serves a whole test run: every test has users of its own.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final, NamedTuple, TypeVar

from cognito_auth.api.clients import CreateUserPoolClient, RefreshTokenRotation
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pool_mfa import SetUserPoolMfaConfig, WebAuthnConfiguration
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.structure import Operation
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.client import AwsCredentials, CognitoClient
from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.errors import Conflict
from cognito_auth.secret import Secret

from .pools import POOLS
from .stands import Embedded, Stand

R = TypeVar("R")

PASSWORD: Final = "Passw0rd!x"
NEW_PASSWORD: Final = "An0ther-password"
WEAK_PASSWORD: Final = "password"
MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
GRACE: Final = 10
"""Seconds for which a rotated refresh token still works."""

CREDENTIALS: Final = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))
FLOWS: Final = (
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_CUSTOM_AUTH",
)
ORIGIN: Final = "https://app.example.com"
"""Of the pages that passkeys are used on."""


class Kind(NamedTuple):
    """A kind of app client."""

    confidential: bool
    rotating: bool
    """Whether a refresh replaces the refresh token."""
    talkative: bool
    """Whether it tells that a user does not exist."""


@dataclass(slots=True)
class World:
    """The pools, each made when it is first asked for."""

    stand: Stand = field(default_factory=Embedded)
    _pools: dict[str, str] = field(default_factory=dict[str, str])
    _clients: dict[tuple[str, Kind], Settings] = field(default_factory=dict[tuple[str, Kind], Settings])
    _numbers: Any = field(default_factory=lambda: count(1))

    def settings(
        self,
        pool: str = "optional",
        *,
        confidential: bool = False,
        rotating: bool = False,
        talkative: bool = False,
        flows: tuple[PasswordFlow, ...] = ("USER_SRP_AUTH",),
    ) -> Settings:
        """The settings for an app client of one of the `POOLS`, which uses ``flows``."""
        kind = Kind(confidential, rotating, talkative)
        if (pool, kind) not in self._clients:
            self._clients[pool, kind] = self._create_client(self._pool(pool), kind)
        return replace(self._clients[pool, kind], auth_flows=flows)

    def admin(self, settings: Settings) -> CognitoClient:
        """A client that may send the administrator's operations."""
        stand = self.stand
        return CognitoClient(settings, transport=stand.transport, credentials=CREDENTIALS, surroundings=stand.surroundings)

    def send(self, settings: Settings, operation: Operation[R]) -> R:
        """Send one of the administrator's operations."""
        with self.admin(settings) as admin:
            return admin.send(operation)

    def name(self, beginning: str = "ana") -> str:
        """A user name that nobody has."""
        return f"{beginning}{next(self._numbers)}"

    def create_user(self, settings: Settings, username: str, **attributes: str) -> None:
        """A confirmed user with `PASSWORD`; by default with a verified mail address."""
        given = attributes or {"email": f"{username}@example.com", "email_verified": "true"}
        listed = tuple(Attribute(name=name, value=value) for name, value in given.items())
        with self.admin(settings) as admin:
            admin.send(AdminCreateUser(username=username, user_attributes=listed, message_action="SUPPRESS"))
            admin.send(AdminSetUserPassword(username=username, password=PASSWORD, permanent=True))

    def reset_to_temporary(self, settings: Settings, username: str, password: str) -> None:
        """Give the user a temporary password."""
        self.send(settings, AdminSetUserPassword(username=username, password=password, permanent=False))

    def ensure_group(self, settings: Settings, group: str) -> None:
        with self.admin(settings) as admin, suppress(Conflict):
            admin.send(CreateGroup(group_name=group))

    def add_to_group(self, settings: Settings, username: str, group: str) -> None:
        self.send(settings, AdminAddUserToGroup(username=username, group_name=group))

    def code(self, settings: Settings, username: str) -> str:
        """The code in the newest message to the user."""
        return self.stand.code(settings.user_pool_id, username)

    def totp(self, secret: str) -> str:
        """A code of an authenticator app that the pool has not seen yet; its clock may move for it."""
        return self.stand.totp(secret)

    def move(self, seconds: float) -> None:
        """Move the pool's time forward, and with it that of every client and application."""
        self.stand.move(seconds)

    def close(self) -> None:
        self.stand.close()

    def _pool(self, name: str) -> str:
        if name not in self._pools:
            options: dict[str, Any] = {"auto_verified_attributes": ("email",), **POOLS[name]}
            made = self.send(self._at(), CreateUserPool(pool_name=name, **options)).user_pool
            assert made is not None
            pool_id = made.id or ""
            if name == "choice":
                party = WebAuthnConfiguration(relying_party_id="example.com")
                operation = SetUserPoolMfaConfig(user_pool_id=pool_id, mfa_configuration="OFF", web_authn_configuration=party)
                self.send(self._at(pool_id), operation)
            self._pools[name] = pool_id
        return self._pools[name]

    def _create_client(self, pool_id: str, kind: Kind) -> Settings:
        rotation = RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=GRACE)
        operation = CreateUserPoolClient(
            client_name="tests",
            generate_secret=kind.confidential,
            explicit_auth_flows=FLOWS if kind.rotating else (*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"),
            prevent_user_existence_errors="LEGACY" if kind.talkative else "ENABLED",
            refresh_token_rotation=rotation if kind.rotating else None,
        )
        made = self.send(self._at(pool_id), operation).user_pool_client
        assert made is not None
        return replace(
            self._at(pool_id),
            client_id=made.client_id or "",
            client_secret=Secret(made.client_secret) if made.client_secret else None,
        )

    def _at(self, pool_id: str = "us-east-1_none") -> Settings:
        """Settings that reach a pool, by no app client yet."""
        endpoint, issuer = self.stand.endpoint, self.stand.issuer(pool_id)
        return Settings(
            user_pool_id=pool_id,
            client_id="none",
            endpoint=endpoint,
            issuer=issuer,
            # The key set is where the server is, whatever its tokens call themselves.
            jwks_uri=f"{endpoint}/{pool_id}/.well-known/jwks.json" if issuer else "",
            refresh_flow=self.stand.refresh_flow,
        )


def wrong(code: str) -> str:
    """A code that is certainly another."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"
