"""App clients: created, described, changed, deleted and listed.

A client's settings are one value: UpdateUserPoolClient replaces it, and what a request leaves out goes back to its default. The
secret stays. The tokens and challenges of a client that is gone belong to nobody, and are refused.

ConcurrentModification cannot occur: operations run one at a time. FeatureUnavailableInTier cannot either, for no setting of a
client depends on the pool's tier.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html and
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
"""

from __future__ import annotations

import string
from dataclasses import fields, replace
from typing import Any, Final

from ...api.clients import (
    CreateUserPoolClient,
    CreateUserPoolClientReply,
    DeleteUserPoolClient,
    DescribeUserPoolClient,
    DescribeUserPoolClientReply,
    ListUserPoolClients,
    ListUserPoolClientsReply,
    TokenValidityUnits,
    UpdateUserPoolClient,
    UpdateUserPoolClientReply,
    UserPoolClient,
    UserPoolClientDescription,
)
from ...api.structure import NoReply
from ..base import faults
from ..base.access import client_in, pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.paging import page
from ..base.quotas import check_quota
from ..store.records import Client
from ..store.tables import CLIENTS, SESSIONS
from .client_rules import check_client

_ALPHABET: Final = string.ascii_lowercase + string.digits
_ID_LENGTH: Final = 26
_SECRET_LENGTH: Final = 52
_REGULAR: Final = "REGULAR"
"""The type of a client that an administrator created; no other can be."""


def create_user_pool_client(context: Context, request: CreateUserPoolClient) -> CreateUserPoolClientReply:
    pool = pool_of(context, request.user_pool_id)
    check_quota(context, CLIENTS, pool_id=pool.id)
    given = _given(request)
    if given.pop("generate_secret"):
        if request.client_secret:
            raise faults.TWO_SECRETS
        given["client_secret"] = context.text(_SECRET_LENGTH, _ALPHABET)
    settings = UserPoolClient(
        client_id=context.text(_ID_LENGTH, _ALPHABET),
        creation_date=context.moment,
        last_modified_date=context.moment,
        **given,
    )
    settings = _with_defaults(settings)
    secrets = (settings.client_secret,) if settings.client_secret else ()
    client = Client(id=settings.client_id or "", pool_id=pool.id, settings=settings, secrets=secrets)
    check_client(context, pool, client)
    context.records.insert(CLIENTS, client)
    return CreateUserPoolClientReply(user_pool_client=settings)


def describe_user_pool_client(context: Context, request: DescribeUserPoolClient) -> DescribeUserPoolClientReply:
    _, client = client_in(context, request.user_pool_id, request.client_id)
    return DescribeUserPoolClientReply(user_pool_client=client.settings)


def update_user_pool_client(context: Context, request: UpdateUserPoolClient) -> UpdateUserPoolClientReply:
    pool, client = client_in(context, request.user_pool_id, request.client_id)
    given = _given(request)
    # A name has no default that it could go back to.
    given["client_name"] = request.client_name or client.settings.client_name
    settings = UserPoolClient(
        client_secret=client.settings.client_secret,
        creation_date=client.settings.creation_date,
        last_modified_date=context.moment,
        **given,
    )
    changed = replace(client, settings=_with_defaults(settings))
    check_client(context, pool, changed)
    context.records.put(CLIENTS, changed)
    return UpdateUserPoolClientReply(user_pool_client=changed.settings)


def delete_user_pool_client(context: Context, request: DeleteUserPoolClient) -> NoReply:
    _, client = client_in(context, request.user_pool_id, request.client_id)
    context.records.delete(SESSIONS, client_id=client.id)
    context.records.delete(CLIENTS, id=client.id)
    return NoReply()


def list_user_pool_clients(context: Context, request: ListUserPoolClients) -> ListUserPoolClientsReply:
    pool = pool_of(context, request.user_pool_id)
    found = page(context, CLIENTS, limit=request.max_results, token=request.next_token, pool_id=pool.id)
    shown = [client for client in found.records if request.client_type in (None, client.settings.client_type)]
    return ListUserPoolClientsReply(user_pool_clients=tuple(map(_description, shown)), next_token=found.token)


def _given(request: CreateUserPoolClient | UpdateUserPoolClient) -> dict[str, Any]:
    """The settings in a request. Raises `Fault` where a secret is to be kept elsewhere."""
    given = {field.name: getattr(request, field.name) for field in fields(request)}
    if given.pop("publish_secrets_in_aws_secrets_manager"):
        raise faults.NO_SECRETS_MANAGER
    return given


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
        client_type=_REGULAR,
    )


def _description(client: Client) -> UserPoolClientDescription:
    settings = client.settings
    return UserPoolClientDescription(client_id=client.id, user_pool_id=client.pool_id, client_name=settings.client_name)


HANDLERS: Final[Handlers] = handlers(
    create_user_pool_client,
    describe_user_pool_client,
    update_user_pool_client,
    delete_user_pool_client,
    list_user_pool_clients,
)
