"""Which settings of an app client go together, and with its pool. The rules look at complete settings.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...api.clients import UserPoolClient
from ..base import faults
from ..base.access import USER_SCOPE
from ..base.context import Context
from ..sign_in import tokens
from ..store.records import Client, Pool
from ..store.tables import RESOURCE_SERVERS
from ..users import attributes
from .redirects import check_redirect

STANDARD_SCOPES: Final = ("openid", "email", "phone", "profile", USER_SCOPE)
"""Scopes that every pool has."""
_MINUTE: Final = 60
_DAY: Final = 24 * 60 * _MINUTE
_RANGES: Final = (
    ("access_token", 5 * _MINUTE, _DAY),
    ("id_token", 5 * _MINUTE, _DAY),
    ("refresh_token", 60 * _MINUTE, 3650 * _DAY),
)
"""The shortest and longest life of each token, in seconds."""
_MACHINE: Final = "client_credentials"
_UNWRITABLE: Final = frozenset({"sub", "email_verified", "phone_number_verified"})


def check_client(context: Context, pool: Pool, client: Client) -> None:
    """Raises `Fault` when the client's settings contradict one another or name what the pool does not have."""
    settings = client.settings
    _check_flows(settings)
    _check_lives(client)
    _check_attributes(pool, settings)
    _check_secret(client)
    _check_analytics(settings)
    for provider in settings.supported_identity_providers or ():
        if provider != "COGNITO":
            raise faults.PROVIDER_UNKNOWN(provider, pool.id)
    for uri in (*(settings.callback_urls or ()), *(settings.logout_urls or ())):
        check_redirect(uri)
    if settings.default_redirect_uri and settings.default_redirect_uri not in (settings.callback_urls or ()):
        raise faults.DEFAULT_REDIRECT(settings.default_redirect_uri)
    _check_oauth(client)
    _check_scopes(context, pool, settings)


def _check_flows(settings: UserPoolClient) -> None:
    flows = settings.explicit_auth_flows or ()
    if len({name.startswith("ALLOW_") for name in flows}) > 1:
        raise faults.MIXED_FLOWS
    rotation = settings.refresh_token_rotation
    if rotation and rotation.feature == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise faults.ROTATION_CONFLICT


def _check_lives(client: Client) -> None:
    for token, shortest, longest in _RANGES:
        if not shortest <= tokens.validity(client, token) <= longest:
            raise faults.VALIDITY_RANGE
    if tokens.validity(client, "refresh_token") < max(tokens.validity(client, each) for each in ("access_token", "id_token")):
        raise faults.VALIDITY_ORDER


def _check_attributes(pool: Pool, settings: UserPoolClient) -> None:
    known = attributes.schema(pool).keys()
    if not known >= set(settings.read_attributes or ()):
        raise faults.READ_LIST
    if settings.write_attributes is not None:
        written = set(settings.write_attributes)
        writable = {name for name in known - _UNWRITABLE if not name.startswith("dev:")}
        if not set(attributes.required_names(pool)) <= written <= writable:
            raise faults.WRITE_LIST


def _check_secret(client: Client) -> None:
    if client.settings.enable_propagate_additional_user_context_data and not client.secrets:
        raise faults.CONTEXT_NEEDS_SECRET


def _check_analytics(settings: UserPoolClient) -> None:
    analytics = settings.analytics_configuration
    if analytics is None:
        return
    others = (analytics.application_id, analytics.role_arn, analytics.external_id)
    if any(others) if analytics.application_arn else not all(others):
        raise faults.ANALYTICS


def _check_oauth(client: Client) -> None:
    settings = client.settings
    flows, scopes = settings.allowed_oauth_flows or (), settings.allowed_oauth_scopes or ()
    if flows and not settings.allowed_oauth_flows_user_pool_client:
        raise faults.OAUTH_OFF
    if _MACHINE in flows:
        _check_machine(client, flows, scopes)
    if settings.allowed_oauth_flows_user_pool_client and not (flows and scopes):
        raise faults.OAUTH_INCOMPLETE
    if set(flows) - {_MACHINE} and not settings.callback_urls:
        raise faults.OAUTH_NO_CALLBACK


def _check_machine(client: Client, flows: Iterable[str], scopes: Iterable[str]) -> None:
    if set(flows) != {_MACHINE}:
        raise faults.OAUTH_MIXED
    if not client.secrets:
        raise faults.OAUTH_SECRETLESS
    for scope in scopes:
        if scope in STANDARD_SCOPES:
            raise faults.OAUTH_SCOPE(scope)


def _check_scopes(context: Context, pool: Pool, settings: UserPoolClient) -> None:
    for scope in settings.allowed_oauth_scopes or ():
        if scope not in STANDARD_SCOPES and not _is_defined(context, pool, scope):
            raise faults.SCOPE_UNKNOWN(scope)


def _is_defined(context: Context, pool: Pool, scope: str) -> bool:
    """Whether a resource server has the scope; its identifier may have slashes, a scope's own name has none."""
    identifier, _, name = scope.rpartition("/")
    server = context.records.get(RESOURCE_SERVERS, pool.id, identifier)
    return server is not None and any(each.scope_name == name for each in server.settings.scopes or ())
