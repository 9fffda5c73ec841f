"""Listing users: those of a pool, all or the ones that a filter finds, and those of a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ...api.groups import ListUsersInGroup, ListUsersInGroupReply
from ...api.types import Attribute
from ...api.types import User as UserReply
from ...api.users import ListUsers, ListUsersReply
from ..base import faults, paging
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.tables import MEMBERSHIPS, USERS
from . import user_filter
from .groups import group_of
from .users import as_reply


def list_users(context: Context, request: ListUsers) -> ListUsersReply:
    pool = pool_of(context, request.user_pool_id)
    span = user_filter.parse(request.filter or "")
    limit, token = request.limit, request.pagination_token
    if span is None:
        page = paging.page(context, USERS, limit=limit, token=token, pool_id=pool.id)
    else:
        page = paging.search(context, USERS, span, limit=limit, token=token, pool_id=pool.id)
    users = tuple(as_reply(user) for user in page.records)
    if request.attributes_to_get:
        users = tuple(_narrowed(user, request.attributes_to_get) for user in users)
    return ListUsersReply(users=users, pagination_token=page.token)


def list_users_in_group(context: Context, request: ListUsersInGroup) -> ListUsersInGroupReply:
    group = group_of(context, pool_of(context, request.user_pool_id), request.group_name)
    of_group = {"pool_id": group.pool_id, "group": group.name}
    page = paging.page(context, MEMBERSHIPS, limit=request.limit, token=request.next_token, **of_group)
    found = (context.records.get(USERS, each.pool_id, each.user) for each in page.records)
    return ListUsersInGroupReply(users=tuple(as_reply(user) for user in found if user), next_token=page.token)


def _narrowed(user: UserReply, names: Iterable[str]) -> UserReply:
    """The user with these attributes only. Raises `Fault` when the user lacks one."""
    given = {each.name: each.value for each in user.attributes or ()}
    if not given.keys() >= set(names):
        raise faults.ATTRIBUTES_ABSENT
    return replace(user, attributes=tuple(Attribute(name=name, value=given[name]) for name in dict.fromkeys(names)))


HANDLERS: Final[Handlers] = handlers(list_users, list_users_in_group)
