"""Administering users."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from .shapes import DeliveryMedium, MessageAction, Password, Username, UserPoolId, UserStatus
from .structure import NoReply, Operation, Structure, Wire, structure
from .types import Attribute, MfaOption


@structure
class User(Structure):
    """A user as the administrator sees it."""

    username: Username | None = None
    attributes: tuple[Attribute, ...] | None = None
    user_create_date: datetime | None = None
    user_last_modified_date: datetime | None = None
    enabled: bool | None = None
    user_status: UserStatus | None = None
    mfa_options: Annotated[tuple[MfaOption, ...] | None, Wire("MFAOptions")] = None


@structure
class AdminCreateUserReply(Structure):
    """The reply of `AdminCreateUser`."""

    user: User | None = None


@structure
class AdminCreateUser(Operation[AdminCreateUserReply]):
    """Create a user, or send the invitation again."""

    signed: ClassVar[bool] = True

    username: Username
    user_pool_id: UserPoolId = ""
    user_attributes: tuple[Attribute, ...] | None = None
    validation_data: tuple[Attribute, ...] | None = None
    temporary_password: Password | None = None
    force_alias_creation: bool | None = None
    message_action: MessageAction | None = None
    desired_delivery_mediums: tuple[DeliveryMedium, ...] | None = None
    client_metadata: Mapping[str, str] | None = None


@structure
class AdminSetUserPassword(Operation[NoReply]):
    """Set a user's password, for good or until the next sign-in."""

    signed: ClassVar[bool] = True

    username: Username
    password: Password
    user_pool_id: UserPoolId = ""
    permanent: bool | None = None


@structure
class AdminGetUserReply(Structure):
    """The reply of `AdminGetUser`."""

    username: Username
    user_attributes: tuple[Attribute, ...] | None = None
    user_create_date: datetime | None = None
    user_last_modified_date: datetime | None = None
    enabled: bool | None = None
    user_status: UserStatus | None = None
    mfa_options: Annotated[tuple[MfaOption, ...] | None, Wire("MFAOptions")] = None
    preferred_mfa_setting: str | None = None
    user_mfa_setting_list: Annotated[tuple[str, ...] | None, Wire("UserMFASettingList")] = None


@structure
class AdminGetUser(Operation[AdminGetUserReply]):
    """A user with attributes, status and MFA settings."""

    signed: ClassVar[bool] = True

    username: Username
    user_pool_id: UserPoolId = ""
