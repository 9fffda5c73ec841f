"""Administering groups."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from .shapes import Arn, GroupDescription, GroupName, GroupPrecedence, Username, UserPoolId
from .structure import NoReply, Operation, Structure, structure


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

    group_name: GroupName
    user_pool_id: UserPoolId = ""
    description: GroupDescription | None = None
    role_arn: Arn | None = None
    precedence: GroupPrecedence | None = None


@structure
class AdminAddUserToGroup(Operation[NoReply]):
    """Make a user a member of a group."""

    signed: ClassVar[bool] = True

    username: Username
    group_name: GroupName
    user_pool_id: UserPoolId = ""
