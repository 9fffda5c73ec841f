"""Groups of users, and who is in them.

A membership is a record of its own, found by its user and by its group; it ends with either of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ...api.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    AdminListGroupsForUserReply,
    AdminRemoveUserFromGroup,
    CreateGroup,
    CreateGroupReply,
    DeleteGroup,
    GetGroup,
    GetGroupReply,
    ListGroups,
    ListGroupsReply,
    UpdateGroup,
    UpdateGroupReply,
)
from ...api.groups import Group as GroupSettings
from ...api.structure import NoReply
from ..base import faults, paging
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.quotas import check_quota
from ..store.records import Group, Membership, Pool, User
from ..store.tables import GROUPS, MEMBERSHIPS
from .names import find_user

_LAST: Final = 2**63
"""Where groups without a precedence rank."""


def ranked_groups(context: Context, user: User) -> list[Group]:
    """The user's groups, the lowest precedence first, those without one last."""
    memberships = context.records.find(MEMBERSHIPS, pool_id=user.pool_id, user=user.name)
    return sorted(_groups(context, memberships), key=_rank)


def group_of(context: Context, pool: Pool, name: str) -> Group:
    """The group with exactly this name. Raises `Fault` when there is none."""
    group = context.records.get(GROUPS, pool.id, name.lower())
    if group is None or group.settings.group_name != name:
        raise faults.GROUP_UNKNOWN
    return group


def create_group(context: Context, request: CreateGroup) -> CreateGroupReply:
    pool = pool_of(context, request.user_pool_id)
    name = request.group_name.lower()
    if context.records.get(GROUPS, pool.id, name):
        raise faults.GROUP_EXISTS
    check_quota(context, GROUPS, pool_id=pool.id)
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


def get_group(context: Context, request: GetGroup) -> GetGroupReply:
    pool = pool_of(context, request.user_pool_id)
    return GetGroupReply(group=group_of(context, pool, request.group_name).settings)


def update_group(context: Context, request: UpdateGroup) -> UpdateGroupReply:
    group = group_of(context, pool_of(context, request.user_pool_id), request.group_name)
    given = {
        name: value
        for name in ("description", "role_arn", "precedence")
        if (value := getattr(request, name)) is not None  # what is left out stays
    }
    settings = replace(group.settings, **given, last_modified_date=context.moment)
    context.records.put(GROUPS, replace(group, settings=settings))
    return UpdateGroupReply(group=settings)


def delete_group(context: Context, request: DeleteGroup) -> NoReply:
    group = group_of(context, pool_of(context, request.user_pool_id), request.group_name)
    context.records.delete(MEMBERSHIPS, pool_id=group.pool_id, group=group.name)
    context.records.delete(GROUPS, pool_id=group.pool_id, name=group.name)
    return NoReply()


def list_groups(context: Context, request: ListGroups) -> ListGroupsReply:
    pool = pool_of(context, request.user_pool_id)
    page = paging.page(context, GROUPS, limit=request.limit, token=request.next_token, pool_id=pool.id)
    return ListGroupsReply(groups=tuple(group.settings for group in page.records), next_token=page.token)


def admin_add_user_to_group(context: Context, request: AdminAddUserToGroup) -> NoReply:
    new = _membership(context, request)
    if context.records.get(MEMBERSHIPS, new.pool_id, new.user, new.group) is None:
        check_quota(context, MEMBERSHIPS, refusal=faults.QUOTA_UNDECLARED, pool_id=new.pool_id, user=new.user)
        context.records.insert(MEMBERSHIPS, new)
    return NoReply()


def admin_remove_user_from_group(context: Context, request: AdminRemoveUserFromGroup) -> NoReply:
    ended = _membership(context, request)
    context.records.delete(MEMBERSHIPS, pool_id=ended.pool_id, user=ended.user, group=ended.group)
    return NoReply()


def admin_list_groups_for_user(context: Context, request: AdminListGroupsForUser) -> AdminListGroupsForUserReply:
    pool = pool_of(context, request.user_pool_id)
    user = find_user(context, pool, request.username)
    if user is None:
        raise faults.USER_UNKNOWN
    of_user = {"pool_id": pool.id, "user": user.name}
    page = paging.page(context, MEMBERSHIPS, limit=request.limit, token=request.next_token, **of_user)
    settings = tuple(group.settings for group in _groups(context, page.records))
    return AdminListGroupsForUserReply(groups=settings, next_token=page.token)


def _membership(context: Context, request: AdminAddUserToGroup | AdminRemoveUserFromGroup) -> Membership:
    """The membership that is meant, whether there is one or not. Raises `Fault` when the user or the group does not exist."""
    pool = pool_of(context, request.user_pool_id)
    user = find_user(context, pool, request.username)
    if user is None:
        raise faults.USER_UNKNOWN
    group = group_of(context, pool, request.group_name)
    return Membership(pool_id=pool.id, user=user.name, group=group.name)


def _groups(context: Context, memberships: Iterable[Membership]) -> Iterator[Group]:
    for each in memberships:
        group = context.records.get(GROUPS, each.pool_id, each.group)
        if group is not None:
            yield group


def _rank(group: Group) -> int:
    precedence = group.settings.precedence
    return _LAST if precedence is None else precedence


HANDLERS: Final[Handlers] = handlers(
    create_group,
    get_group,
    update_group,
    delete_group,
    list_groups,
    admin_add_user_to_group,
    admin_remove_user_from_group,
    admin_list_groups_for_user,
)
