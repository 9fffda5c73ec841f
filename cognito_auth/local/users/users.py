"""Administering users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ...api.structure import NoReply
from ...api.types import MfaOption
from ...api.types import User as UserReply
from ...api.users import AdminCreateUser, AdminCreateUserReply, AdminGetUser, AdminGetUserReply, AdminSetUserPassword
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Pool, User
from . import attributes, codes, outbox, passwords
from .names import find_user, save_user
from .new_user import new_user
from .outbox import Kind
from .user_triggers import INVITATION, pre_sign_up

_OTP_FLAGS: Final[Mapping[str, str]] = {"EMAIL_OTP": "email_verified", "SMS_OTP": "phone_number_verified"}
"""The first factors that are sent, and what says that their address is verified."""
_MEDIUMS: Final[Mapping[str, str]] = {"SMS": "phone_number", "EMAIL": "email"}


def admin_create_user(context: Context, request: AdminCreateUser) -> AdminCreateUserReply:
    pool = pool_of(context, request.user_pool_id)
    if request.message_action == "RESEND":
        return _resend(context, pool, request)
    given = attributes.as_mapping(request.user_attributes)
    user = new_user(context, pool, request.username, given, status="FORCE_CHANGE_PASSWORD", exists=faults.ACCOUNT_EXISTS)
    password = None
    if request.temporary_password or not _needs_no_password(pool, user):
        password = request.temporary_password or passwords.temporary_password(context, pool)
        user = passwords.with_password(context, pool, user, password)
    else:
        user = replace(user, status="CONFIRMED")
    user = pre_sign_up(context, pool, user, INVITATION, given=given, validation=request.validation_data)
    user = save_user(context, pool, user, force=bool(request.force_alias_creation), taken=faults.NAME_EXISTS)
    if password is not None and request.message_action != "SUPPRESS":
        _invite(context, pool, user, password, request.desired_delivery_mediums)
    return AdminCreateUserReply(user=as_reply(user))


def admin_get_user(context: Context, request: AdminGetUser) -> AdminGetUserReply:
    user = user_of(context, pool_of(context, request.user_pool_id), request.username)
    shown = as_reply(user)
    return AdminGetUserReply(
        username=user.username,
        user_attributes=shown.attributes,
        user_create_date=shown.user_create_date,
        user_last_modified_date=shown.user_last_modified_date,
        enabled=user.enabled,
        user_status=user.status,
        mfa_options=shown.mfa_options,
        preferred_mfa_setting=user.preferred_factor,
        user_mfa_setting_list=user.factors or None,
    )


def admin_set_user_password(context: Context, request: AdminSetUserPassword) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = passwords.with_password(context, pool, user_of(context, pool, request.username), request.password)
    status = "CONFIRMED" if request.permanent else "FORCE_CHANGE_PASSWORD"
    save_user(context, pool, replace(user, status=status), taken=faults.NAME_IN_THE_WAY)
    codes.void(context, user, codes.SIGN_UP)
    return NoReply()


def user_of(context: Context, pool: Pool, name: str) -> User:
    """The user whom an administrator names. Raises `Fault` when there is none."""
    user = find_user(context, pool, name)
    if user is None:
        raise faults.USER_UNKNOWN
    return user


def as_reply(user: User) -> UserReply:
    """The user as an administrator sees it."""
    return UserReply(
        username=user.username,
        attributes=attributes.as_list(attributes.everything(user)),
        user_create_date=datetime.fromtimestamp(user.created_at, UTC),
        user_last_modified_date=datetime.fromtimestamp(user.modified_at, UTC),
        enabled=user.enabled,
        user_status=user.status,
        mfa_options=mfa_options(user),
    )


def mfa_options(user: User) -> tuple[MfaOption, ...] | None:
    """The user's second factor by text message, as the older settings tell it; they know of no other."""
    return (MfaOption(delivery_medium="SMS", attribute_name="phone_number"),) if "SMS_MFA" in user.factors else None


def _needs_no_password(pool: Pool, user: User) -> bool:
    """Whether the user has a verified address that a code to sign in can be sent to."""
    usable = passwords.first_factors(pool)
    return any(factor in usable and user.attributes.get(flag) == "true" for factor, flag in _OTP_FLAGS.items())


def _resend(context: Context, pool: Pool, request: AdminCreateUser) -> AdminCreateUserReply:
    """Send the invitation again, with a password whose days begin anew."""
    user = user_of(context, pool, request.username)
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise faults.NO_RESEND(request.username)
    password = request.temporary_password or passwords.temporary_password(context, pool)
    user = save_user(context, pool, passwords.with_password(context, pool, user, password))
    _invite(context, pool, user, password, request.desired_delivery_mediums)
    return AdminCreateUserReply(user=as_reply(user))


def _invite(context: Context, pool: Pool, user: User, password: str, mediums: tuple[str, ...] | None) -> None:
    reachable = [_MEDIUMS[each] for each in mediums or ("SMS",) if user.attributes.get(_MEDIUMS[each])]
    if mediums and not reachable:
        raise faults.NO_DESTINATION
    for attribute in reachable:
        outbox.send(context, pool, user, attribute=attribute, kind=Kind.INVITATION, code=password)


HANDLERS: Final[Handlers] = handlers(admin_create_user, admin_get_user, admin_set_user_password)
