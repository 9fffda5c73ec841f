"""User pools: created, described, changed, deleted and listed.

A pool's settings are one value: UpdateUserPool replaces it, and what a request leaves out goes back to its default. What was
fixed when the pool was created stays: schema, aliases, what user names are, and whether their case counts.

ConcurrentModification cannot occur: operations run one at a time. Nor can UserImportInProgress, for there are no import jobs;
TierChangeNotAllowed, for every tier may follow every other; and what is wrong with roles that send messages, for no message
leaves the pool.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html and
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

from __future__ import annotations

import string
from base64 import b64encode
from dataclasses import fields, replace
from typing import Any, Final

from ...api.pools import (
    CreateUserPool,
    CreateUserPoolReply,
    DeleteUserPool,
    DescribeUserPool,
    DescribeUserPoolReply,
    ListUserPools,
    ListUserPoolsReply,
    UpdateUserPool,
    UserPool,
    UserPoolDescription,
)
from ...api.structure import NoReply
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.keys import KID_BYTES, pack_key
from ..base.paging import page
from ..base.quotas import check_quota
from ..store.records import Key, Pool
from ..store.tables import DOMAINS, GRANTS, POOLS, REFRESH_TOKENS, TABLES, USERS
from .defaults import with_defaults
from .mfa import offered_factors, with_settings
from .rules import check_settings
from .schema import new_schema

ACCOUNT: Final = "123456789012"
"""The AWS account in the ARNs of a pool that belongs to none."""
_ID_LENGTH: Final = 9
_SECRET_BYTES: Final = 32
_FIXED: Final = (
    "id",
    "arn",
    "creation_date",
    "schema_attributes",
    "alias_attributes",
    "username_attributes",
    "username_configuration",
)
"""What no update changes."""


def create_user_pool(context: Context, request: CreateUserPool) -> CreateUserPoolReply:
    check_quota(context, POOLS)
    pool_id = f"{context.region}_{context.text(_ID_LENGTH, string.ascii_letters + string.digits)}"
    # The pool has what the request has, but for the name and the schema, which are called otherwise there.
    given: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    settings = UserPool(
        id=pool_id,
        name=given.pop("pool_name"),
        schema_attributes=new_schema(given.pop("schema") or ()),
        arn=f"arn:aws:cognito-idp:{context.region}:{ACCOUNT}:userpool/{pool_id}",
        creation_date=context.moment,
        last_modified_date=context.moment,
        **given,
    )
    settings = with_defaults(settings)
    check_settings(settings)
    pool = Pool(
        id=pool_id,
        settings=settings,
        factors=offered_factors(settings),
        id_key=_key(context),
        access_key=_key(context),
        secret=b64encode(context.random_bytes(_SECRET_BYTES)).decode(),
    )
    context.records.insert(POOLS, pool)
    return CreateUserPoolReply(user_pool=_shown(context, pool))


def describe_user_pool(context: Context, request: DescribeUserPool) -> DescribeUserPoolReply:
    return DescribeUserPoolReply(user_pool=_shown(context, pool_of(context, request.user_pool_id)))


def update_user_pool(context: Context, request: UpdateUserPool) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    given: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    del given["user_pool_id"]
    # These two have no default that they could go back to.
    given["name"] = given.pop("pool_name") or pool.settings.name
    given["dcr_configuration"] = request.dcr_configuration or pool.settings.dcr_configuration
    fixed = {name: getattr(pool.settings, name) for name in _FIXED}
    settings = with_defaults(UserPool(last_modified_date=context.moment, **fixed, **given))
    check_settings(settings, pool.web_authn)
    context.records.put(POOLS, with_settings(pool, settings))
    return NoReply()


def delete_user_pool(context: Context, request: DeleteUserPool) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    if pool.settings.deletion_protection == "ACTIVE":
        raise faults.POOL_PROTECTED
    if context.records.count(DOMAINS, pool_id=pool.id):
        raise faults.POOL_HAS_DOMAIN
    # Refresh tokens are found by their sign-ins only, which therefore go after them.
    for grant in context.records.find(GRANTS, pool_id=pool.id):
        context.records.delete(REFRESH_TOKENS, grant=grant.id)
    for table in TABLES:
        if "pool_id" in table.columns:
            context.records.delete(table, pool_id=pool.id)
    context.records.delete(POOLS, id=pool.id)
    return NoReply()


def list_user_pools(context: Context, request: ListUserPools) -> ListUserPoolsReply:
    found = page(context, POOLS, limit=request.max_results, token=request.next_token)
    pools = tuple(_description(pool.settings) for pool in found.records)
    return ListUserPoolsReply(user_pools=pools, next_token=found.token)


def _shown(context: Context, pool: Pool) -> UserPool:
    """The settings, with what is counted and found elsewhere."""
    domains = list(context.records.find(DOMAINS, pool_id=pool.id))
    return replace(
        pool.settings,
        estimated_number_of_users=context.records.count(USERS, pool_id=pool.id),
        domain=next((each.domain for each in domains if not each.custom), None),
        custom_domain=next((each.domain for each in domains if each.custom), None),
    )


def _description(settings: UserPool) -> UserPoolDescription:
    return UserPoolDescription(
        id=settings.id,
        name=settings.name,
        lambda_config=settings.lambda_config,
        status=settings.status,
        last_modified_date=settings.last_modified_date,
        creation_date=settings.creation_date,
    )


def _key(context: Context) -> Key:
    return pack_key(context.new_key(), context.random_bytes(KID_BYTES))


HANDLERS: Final[Handlers] = handlers(create_user_pool, describe_user_pool, update_user_pool, delete_user_pool, list_user_pools)
