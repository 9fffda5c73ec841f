"""What an administrator does to a user beside the profile: switch off and on, sign out, confirm, demand a new password.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.auth import AdminUserGlobalSignOut
from ...api.sign_up import AdminConfirmSignUp
from ...api.structure import NoReply
from ...api.users import AdminDisableUser, AdminEnableUser, AdminResetUserPassword
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from . import codes, lockout
from .delivery import recovery_attribute
from .grants import revoke_all
from .lockout import Limited
from .names import save_user
from .outbox import Kind
from .user_triggers import post_confirmation
from .users import user_of

_RESETTABLE: Final = frozenset({"CONFIRMED", "RESET_REQUIRED"})


def admin_disable_user(context: Context, request: AdminDisableUser) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = user_of(context, pool, request.username)
    revoke_all(context, user)
    save_user(context, pool, replace(user, enabled=False))
    return NoReply()


def admin_enable_user(context: Context, request: AdminEnableUser) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    save_user(context, pool, replace(user_of(context, pool, request.username), enabled=True))
    return NoReply()


def admin_user_global_sign_out(context: Context, request: AdminUserGlobalSignOut) -> NoReply:
    revoke_all(context, user_of(context, pool_of(context, request.user_pool_id), request.username))
    return NoReply()


def admin_confirm_sign_up(context: Context, request: AdminConfirmSignUp) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = user_of(context, pool, request.username)
    if user.status != "UNCONFIRMED":
        raise faults.NOT_CONFIRMABLE(user.status)
    confirmed = save_user(context, pool, replace(user, status="CONFIRMED"), taken=faults.NAME_IN_THE_WAY)
    codes.void(context, user, codes.SIGN_UP)
    post_confirmation(context, pool, confirmed, "ConfirmSignUp")
    return NoReply()


def admin_reset_user_password(context: Context, request: AdminResetUserPassword) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = user_of(context, pool, request.username)
    # Counted apart, so that it takes none of the user's own attempts.
    lockout.count(context, pool, user.sub, Limited.ADMIN_RESET)
    if user.status not in _RESETTABLE:
        raise faults.NOT_RESETTABLE
    attribute = recovery_attribute(pool, user)
    if attribute is None:
        raise faults.NO_RECOVERY
    user = save_user(context, pool, replace(user, status="RESET_REQUIRED"))
    codes.send_code(context, pool, user, attribute, Kind.FORGOT_PASSWORD)
    return NoReply()


HANDLERS: Final[Handlers] = handlers(
    admin_disable_user,
    admin_enable_user,
    admin_user_global_sign_out,
    admin_confirm_sign_up,
    admin_reset_user_password,
)
