"""Groups and who is in them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from .declared import COMMON
from .listing import Paged
from .shapes import Arn, GroupDescription, GroupName, GroupPrecedence, PaginationKey, QueryLimit, Username, UserPoolId
from .structure import NoReply, Operation, Structure, structure
from .types import User


@structure
class Group(Structure):
    """A group; the lowest precedence number ranks first."""

    group_name: GroupName | None = None
    user_pool_id: UserPoolId | None = None
    description: GroupDescription | None = None
    role_arn: Arn | None = None
    precedence: GroupPrecedence | None = None
    last_modified_date: datetime | None = None
    creation_date: datetime | None = None


@structure
class CreateGroupReply(Structure):
    """The reply of `CreateGroup`."""

    group: Group | None = None


@structure
class CreateGroup(Operation[CreateGroupReply]):
    """Create a group."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"GroupExistsException", "LimitExceededException"}

    group_name: GroupName
    user_pool_id: UserPoolId = ""
    description: GroupDescription | None = None
    role_arn: Arn | None = None
    precedence: GroupPrecedence | None = None


@structure
class GetGroupReply(Structure):
    """The reply of `GetGroup`."""

    group: Group | None = None


@structure
class GetGroup(Operation[GetGroupReply]):
    """A group."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    group_name: GroupName
    user_pool_id: UserPoolId = ""


@structure
class UpdateGroupReply(Structure):
    """The reply of `UpdateGroup`."""

    group: Group | None = None


@structure
class UpdateGroup(Operation[UpdateGroupReply]):
    """Change a group; what is left out stays."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    group_name: GroupName
    user_pool_id: UserPoolId = ""
    description: GroupDescription | None = None
    role_arn: Arn | None = None
    precedence: GroupPrecedence | None = None


@structure
class DeleteGroup(Operation[NoReply]):
    """Delete a group; its members stay."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    group_name: GroupName
    user_pool_id: UserPoolId = ""


@structure
class ListGroupsReply(Structure):
    """The reply of `ListGroups`."""

    groups: tuple[Group, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class ListGroups(Operation[ListGroupsReply]):
    """The groups of a pool."""

    paged = Paged[ListGroupsReply, Group]("groups")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""
    limit: QueryLimit | None = None
    next_token: PaginationKey | None = None


@structure
class AdminAddUserToGroup(Operation[NoReply]):
    """Make a user a member of a group."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    group_name: GroupName
    user_pool_id: UserPoolId = ""


@structure
class AdminRemoveUserFromGroup(Operation[NoReply]):
    """End a membership."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    group_name: GroupName
    user_pool_id: UserPoolId = ""


@structure
class AdminListGroupsForUserReply(Structure):
    """The reply of `AdminListGroupsForUser`."""

    groups: tuple[Group, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class AdminListGroupsForUser(Operation[AdminListGroupsForUserReply]):
    """The groups that a user is in."""

    paged = Paged[AdminListGroupsForUserReply, Group]("groups")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"UserNotFoundException"}

    username: Username
    user_pool_id: UserPoolId = ""
    limit: QueryLimit | None = None
    next_token: PaginationKey | None = None


@structure
class ListUsersInGroupReply(Structure):
    """The reply of `ListUsersInGroup`."""

    users: tuple[User, ...] | None = None
    next_token: PaginationKey | None = None


@structure
class ListUsersInGroup(Operation[ListUsersInGroupReply]):
    """The members of a group."""

    paged = Paged[ListUsersInGroupReply, User]("users")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    group_name: GroupName
    user_pool_id: UserPoolId = ""
    limit: QueryLimit | None = None
    next_token: PaginationKey | None = None
