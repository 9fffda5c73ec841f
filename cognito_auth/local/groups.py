"""Groups of users."""

from __future__ import annotations

from typing import Final

from ..api.groups import AdminAddUserToGroup, CreateGroup, CreateGroupReply
from ..api.groups import Group as GroupSettings
from ..api.structure import NoReply
from . import faults
from .access import pool_of
from .context import Context
from .handlers import Handlers, handlers
from .names import find_user
from .records import GROUPS, MEMBERSHIPS, Group, Membership, User

_LAST: Final = 2**63
"""Where groups without a precedence rank."""


def ranked_groups(context: Context, user: User) -> list[Group]:
    """The user's groups, the lowest precedence first, those without one last."""
    memberships = context.records.find(MEMBERSHIPS, pool_id=user.pool_id, user=user.name)
    found = (context.records.get(GROUPS, user.pool_id, each.group) for each in memberships)
    return sorted((group for group in found if group is not None), key=_rank)


def _rank(group: Group) -> int:
    precedence = group.settings.precedence
    return _LAST if precedence is None else precedence


def create_group(context: Context, request: CreateGroup) -> CreateGroupReply:
    pool = pool_of(context, request.user_pool_id)
    name = request.group_name.lower()
    if context.records.get(GROUPS, pool.id, name):
        raise faults.GROUP_EXISTS
    settings = GroupSettings(
        group_name=request.group_name,
        user_pool_id=pool.id,
        description=request.description,
        role_arn=request.role_arn,
        precedence=request.precedence,
        creation_date=context.moment,
        last_modified_date=context.moment,
    )
    context.records.insert(GROUPS, Group(pool_id=pool.id, name=name, settings=settings))
    return CreateGroupReply(group=settings)


def admin_add_user_to_group(context: Context, request: AdminAddUserToGroup) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = find_user(context, pool, request.username)
    if user is None:
        raise faults.USER_UNKNOWN
    group = context.records.get(GROUPS, pool.id, request.group_name.lower())
    if group is None or group.settings.group_name != request.group_name:
        raise faults.GROUP_UNKNOWN
    context.records.put(MEMBERSHIPS, Membership(pool_id=pool.id, user=user.name, group=group.name))
    return NoReply()


HANDLERS: Final[Handlers] = handlers(create_group, admin_add_user_to_group)
