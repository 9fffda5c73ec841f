"""App clients: how they are created, with Cognito's defaults filled in.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from __future__ import annotations

import string
from dataclasses import fields, replace
from typing import Any, Final

from ..api.clients import CreateUserPoolClient, CreateUserPoolClientReply, TokenValidityUnits, UserPoolClient
from . import attributes, faults, tokens
from .access import pool_of
from .context import Context
from .handlers import Handlers, handlers
from .records import CLIENTS, Client, Pool

_ALPHABET: Final = string.ascii_lowercase + string.digits
_ID_LENGTH: Final = 26
_SECRET_LENGTH: Final = 52
_MINUTE: Final = 60
_DAY: Final = 24 * 60 * _MINUTE
_RANGES: Final = (
    ("access_token", 5 * _MINUTE, _DAY),
    ("id_token", 5 * _MINUTE, _DAY),
    ("refresh_token", 60 * _MINUTE, 3650 * _DAY),
)
"""The shortest and longest life of each token, in seconds."""


def create_user_pool_client(context: Context, request: CreateUserPoolClient) -> CreateUserPoolClientReply:
    pool = pool_of(context, request.user_pool_id)
    given: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    generate = given.pop("generate_secret")
    settings = UserPoolClient(
        client_id=context.text(_ID_LENGTH, _ALPHABET),
        creation_date=context.moment,
        last_modified_date=context.moment,
        **given,
    )
    if generate and not settings.client_secret:
        settings = replace(settings, client_secret=context.text(_SECRET_LENGTH, _ALPHABET))
    settings = _with_defaults(settings)
    secrets = (settings.client_secret,) if settings.client_secret else ()
    client = Client(id=settings.client_id or "", pool_id=pool.id, settings=settings, secrets=secrets)
    _check(pool, client)
    context.records.insert(CLIENTS, client)
    return CreateUserPoolClientReply(user_pool_client=settings)


def _with_defaults(settings: UserPoolClient) -> UserPoolClient:
    revocation = settings.enable_token_revocation
    units = settings.token_validity_units or TokenValidityUnits()
    if not settings.refresh_token_validity:
        # The default is 30 days, whatever unit was asked for.
        settings = replace(settings, refresh_token_validity=30)
        units = replace(units, refresh_token=units.refresh_token and "days")
    return replace(
        settings,
        token_validity_units=units,
        allowed_oauth_flows_user_pool_client=bool(settings.allowed_oauth_flows_user_pool_client),
        prevent_user_existence_errors=settings.prevent_user_existence_errors or "LEGACY",
        enable_token_revocation=True if revocation is None else revocation,
        enable_propagate_additional_user_context_data=bool(settings.enable_propagate_additional_user_context_data),
        auth_session_validity=settings.auth_session_validity or 3,
    )


def _check(pool: Pool, client: Client) -> None:
    _check_flows(client)
    _check_oauth(client)
    _check_attributes(pool, client)
    for token, shortest, longest in _RANGES:
        if not shortest <= tokens.validity(client, token) <= longest:
            raise faults.VALIDITY_RANGE(token)
    if tokens.validity(client, "refresh_token") < max(tokens.validity(client, each) for each in ("access_token", "id_token")):
        raise faults.VALIDITY_RANGE("refresh_token")


def _check_flows(client: Client) -> None:
    flows = client.settings.explicit_auth_flows or ()
    if len({name.startswith("ALLOW_") for name in flows}) > 1:
        raise faults.MIXED_FLOWS
    rotation = client.settings.refresh_token_rotation
    if rotation and rotation.feature == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise faults.ROTATION_CONFLICT


def _check_oauth(client: Client) -> None:
    flows = client.settings.allowed_oauth_flows or ()
    if flows and not client.settings.allowed_oauth_flows_user_pool_client:
        raise faults.OAUTH_OFF
    if "client_credentials" in flows and len(flows) > 1:
        raise faults.OAUTH_MIXED
    if "client_credentials" in flows and not client.secrets:
        raise faults.OAUTH_SECRETLESS


def _check_attributes(pool: Pool, client: Client) -> None:
    known = attributes.schema(pool)
    lists = (("ReadAttributes", client.settings.read_attributes), ("WriteAttributes", client.settings.write_attributes))
    for title, names in lists:
        for name in names or ():
            if name not in known:
                raise faults.ATTRIBUTE_LIST_UNKNOWN(title, name)
    if client.settings.write_attributes is not None:
        for name in attributes.required_names(pool):
            if name not in client.settings.write_attributes:
                raise faults.REQUIRED_NOT_WRITABLE(name)


HANDLERS: Final[Handlers] = handlers(create_user_pool_client)
