"""The pool that a newcomer starts with: one that suits most applications, with a public and a confidential client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...api.clients import CreateUserPoolClient
from ...api.pool_mfa import SetUserPoolMfaConfig, WebAuthnConfiguration
from ...api.pool_settings import SchemaAttribute, SignInPolicy, UsernameConfiguration, UserPoolPolicy
from ...api.pools import CreateUserPool
from ..base.context import Context
from ..store.records import Client
from ..store.tables import CLIENTS, POOLS
from .clients import create_user_pool_client
from .mfa import set_user_pool_mfa_config
from .pools import create_user_pool

_SITE: Final = "localhost"
"""Whose pages may use the pool's passkeys: a name, because WebAuthn takes no address for one."""
_FLOWS: Final = (
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPool:
    """The ids of the oldest pool and its first clients; empty strings for a client that a pool does not have."""

    user_pool_id: str
    client_id: str
    confidential_client_id: str
    confidential_client_secret: str = field(repr=False)


def ensure_first_pool(context: Context) -> FirstPool:
    """The oldest pool, made now if there is none."""
    pool_id = next((pool.id for pool in context.records.find(POOLS)), None) or _create(context)
    clients = list(context.records.find(CLIENTS, pool_id=pool_id))
    public = next((client for client in clients if not client.secrets), None)
    confidential = next((client for client in clients if client.secrets), None)
    return FirstPool(
        user_pool_id=pool_id,
        client_id=_id(public),
        confidential_client_id=_id(confidential),
        confidential_client_secret=confidential.secrets[0] if confidential else "",
    )


def _create(context: Context) -> str:
    """User names are plain and case-insensitive, every user has a mail address that gets the codes. Passkeys, for pages on this
    machine, and MFA are up to the user; a passkey counts as two factors, so that MFA can be demanded as well."""
    reply = create_user_pool(
        context,
        CreateUserPool(
            pool_name="local",
            auto_verified_attributes=("email",),
            mfa_configuration="OPTIONAL",
            policies=UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "WEB_AUTHN"))),
            schema=(SchemaAttribute(name="email", required=True, mutable=True),),
            username_configuration=UsernameConfiguration(case_sensitive=False),
        ),
    )
    pool_id = reply.user_pool.id if reply.user_pool and reply.user_pool.id else ""
    passkeys = WebAuthnConfiguration(
        relying_party_id=_SITE, user_verification="required", factor_configuration="MULTI_FACTOR_WITH_USER_VERIFICATION"
    )
    set_user_pool_mfa_config(context, SetUserPoolMfaConfig(user_pool_id=pool_id, web_authn_configuration=passkeys))
    for name, is_confidential in (("public", False), ("confidential", True)):
        request = CreateUserPoolClient(
            user_pool_id=pool_id,
            client_name=name,
            generate_secret=is_confidential,
            explicit_auth_flows=_FLOWS,
            prevent_user_existence_errors="ENABLED",
        )
        create_user_pool_client(context, request)
    return pool_id


def _id(client: Client | None) -> str:
    return client.id if client else ""
