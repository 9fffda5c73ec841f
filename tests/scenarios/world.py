"""The embedded pool that scenarios happen in: pools and app clients made through the API, its clock, its outbox.

One world serves a whole test run: every test has users of its own. Time stands still unless a test moves it forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple

from pyotp.totp import TOTP

from cognito_auth.api.clients import CreateUserPoolClient, RefreshTokenRotation
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pool_mfa import SetUserPoolMfaConfig, WebAuthnConfiguration
from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    DeviceConfiguration,
    EmailConfiguration,
    RecoveryOption,
    SchemaAttribute,
    SignInPolicy,
    SmsConfiguration,
    UserAttributeUpdateSettings,
    UsernameConfiguration,
    UserPoolAddOns,
    UserPoolPolicy,
)
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.client import AwsCredentials, CognitoClient
from cognito_auth.client.common import Surroundings
from cognito_auth.config import Settings
from cognito_auth.errors import Conflict
from cognito_auth.local import Clock, LocalCognito
from cognito_auth.local.http.transport import LocalTransport
from cognito_auth.secret import Secret

from .riddle import RIDDLE

PASSWORD: Final = "Passw0rd!x"
NEW_PASSWORD: Final = "An0ther-password"
WEAK_PASSWORD: Final = "password"
MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
START: Final = 1_772_942_706.0
"""Sun Mar 8 04:05:06 UTC 2026."""
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

_FACTORS: Final[Mapping[str, Any]] = {
    "sms_configuration": SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms"),
    "email_configuration": EmailConfiguration(
        email_sending_account="DEVELOPER", source_arn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
    ),
}
_MAIL: Final = SchemaAttribute(name="email", required=True, mutable=True)

POOLS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Second factors of every kind, which users may switch on; a mail address is required.
    "optional": {
        "mfa_configuration": "OPTIONAL",
        "schema": (_MAIL,),
        "username_configuration": UsernameConfiguration(case_sensitive=False),
        **_FACTORS,
    },
    # A second factor is required.
    "required": {"mfa_configuration": "ON"},
    # Devices are remembered when the user says so, and a new mail address counts once it is verified.
    "tracked": {
        "device_configuration": DeviceConfiguration(device_only_remembered_on_user_prompt=True),
        "user_attribute_update_settings": UserAttributeUpdateSettings(attributes_require_verification_before_update=("email",)),
    },
    # A remembered device stands for the second factor.
    "guarded": {
        "mfa_configuration": "OPTIONAL",
        "device_configuration": DeviceConfiguration(challenge_required_on_new_device=True),
        **_FACTORS,
    },
    # A second factor is required, which may be codes by mail; addresses are found out by setting it up.
    "required by mail": {
        "mfa_configuration": "ON",
        "account_recovery_setting": AccountRecoverySetting(
            recovery_mechanisms=(RecoveryOption(priority=1, name="admin_only"),)
        ),
        "auto_verified_attributes": (),
        **_FACTORS,
    },
    # Users choose how to sign in.
    "choice": {
        "policies": UserPoolPolicy(
            sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"))
        ),
        **_FACTORS,
    },
    # Users sign in by mail address; the pool's own name for them is the sub.
    "mail": {"username_attributes": ("email",)},
    # What happens is kept, with where it came from.
    "watched": {"user_pool_add_ons": UserPoolAddOns(advanced_security_mode="AUDIT"), "user_pool_tier": "PLUS"},
}


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

    cognito: LocalCognito = field(default_factory=lambda: LocalCognito(clock=Clock(lambda: START), triggers=RIDDLE))
    _pools: dict[str, str] = field(default_factory=dict[str, str])
    _clients: dict[tuple[str, Kind], Settings] = field(default_factory=dict[tuple[str, Kind], Settings])
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def transport(self) -> LocalTransport:
        return LocalTransport(self.cognito)

    @property
    def surroundings(self) -> Surroundings:
        """A client's surroundings whose time is the pool's."""
        return Surroundings(now=self.cognito.clock.now)

    def settings(
        self, pool: str = "optional", *, confidential: bool = False, rotating: bool = False, talkative: bool = False
    ) -> Settings:
        """The settings for an app client of one of the `POOLS`."""
        kind = Kind(confidential, rotating, talkative)
        if (pool, kind) not in self._clients:
            self._clients[pool, kind] = self._create_client(self._pool(pool), kind)
        return self._clients[pool, kind]

    def admin(self, settings: Settings) -> CognitoClient:
        """A client that may send the administrator's operations."""
        return CognitoClient(settings, transport=self.transport, credentials=CREDENTIALS, surroundings=self.surroundings)

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
        with self.admin(settings) as admin:
            admin.send(AdminSetUserPassword(username=username, password=password, permanent=False))

    def ensure_group(self, settings: Settings, group: str) -> None:
        with self.admin(settings) as admin, suppress(Conflict):
            admin.send(CreateGroup(group_name=group))

    def add_to_group(self, settings: Settings, username: str, group: str) -> None:
        with self.admin(settings) as admin:
            admin.send(AdminAddUserToGroup(username=username, group_name=group))

    def code(self, settings: Settings, username: str) -> str:
        """The code in the newest message to the user."""
        return self.cognito.outbox(settings.user_pool_id, username)[-1].code

    def totp(self, secret: str) -> str:
        """A code of an authenticator app that the pool has not seen yet: its clock moves to the next period."""
        self.cognito.clock.move(30)
        return TOTP(secret).at(int(self.cognito.clock.now()))

    def _pool(self, name: str) -> str:
        if name not in self._pools:
            nobody = Settings(user_pool_id="us-east-1_none", client_id="none", endpoint=self.cognito.endpoint)
            with self.admin(nobody) as admin:
                options: dict[str, Any] = {"auto_verified_attributes": ("email",), **POOLS[name]}
                operation = CreateUserPool(pool_name=name, **options)
                made = admin.send(operation).user_pool
            assert made is not None
            self._pools[name] = made.id or ""
            if name == "choice":
                self._allow_passkeys(self._pools[name])
        return self._pools[name]

    def _allow_passkeys(self, pool_id: str) -> None:
        party = WebAuthnConfiguration(relying_party_id="example.com")
        with self.admin(Settings(user_pool_id=pool_id, client_id="none", endpoint=self.cognito.endpoint)) as admin:
            admin.send(SetUserPoolMfaConfig(user_pool_id=pool_id, web_authn_configuration=party))

    def _create_client(self, pool_id: str, kind: Kind) -> Settings:
        nobody = Settings(user_pool_id=pool_id, client_id="none", endpoint=self.cognito.endpoint)
        rotation = RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=GRACE)
        with self.admin(nobody) as admin:
            operation = CreateUserPoolClient(
                client_name="tests",
                generate_secret=kind.confidential,
                explicit_auth_flows=FLOWS if kind.rotating else (*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"),
                prevent_user_existence_errors="LEGACY" if kind.talkative else "ENABLED",
                refresh_token_rotation=rotation if kind.rotating else None,
            )
            made = admin.send(operation).user_pool_client
        assert made is not None
        return Settings(
            user_pool_id=pool_id,
            client_id=made.client_id or "",
            client_secret=Secret(made.client_secret) if made.client_secret else None,
            endpoint=self.cognito.endpoint,
        )


def wrong(code: str) -> str:
    """A code that is certainly another."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"
