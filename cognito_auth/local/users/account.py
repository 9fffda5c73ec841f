"""What a person does with the own account: profile, password, and a password that was forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.account import ChangePassword, ConfirmForgotPassword, ForgotPassword, ForgotPasswordReply, GetUser, GetUserReply
from ...api.structure import NoReply
from ..base import faults
from ..base.access import caller_of, check_secret_hash, client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Client, Pool, User
from . import attributes, auth_events, codes, lockout, passwords
from .delivery import check_self_service, is_discreet, recovery_attribute, simulated_delivery
from .lockout import Limited
from .migration import migrate
from .names import find_user, save_user, stranger
from .outbox import Kind
from .user_triggers import post_confirmation
from .users import mfa_options

_RESETTABLE: Final = frozenset({"CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED"})


def get_user(context: Context, request: GetUser) -> GetUserReply:
    caller = caller_of(context, request.access_token)
    return GetUserReply(
        username=caller.user.username,
        user_attributes=attributes.as_list(attributes.readable(caller.client, caller.user)),
        mfa_options=mfa_options(caller.user),
        preferred_mfa_setting=caller.user.preferred_factor,
        user_mfa_setting_list=caller.user.factors or None,
    )


def change_password(context: Context, request: ChangePassword) -> NoReply:
    caller = caller_of(context, request.access_token)
    user, pool = caller.user, caller.pool
    if user.password is not None:
        if not request.previous_password:
            raise faults.MISSING_PARAMETER("PreviousPassword")
        lockout.count(context, pool, user.sub, Limited.CHANGE_PASSWORD)
        if not passwords.matches(pool, user.username, user.password, request.previous_password):
            raise faults.INCORRECT(keep=True)
    save_user(context, pool, passwords.with_password(context, pool, user, request.proposed_password))
    auth_events.passed(context, pool, user, "PasswordChange")
    return NoReply()


def forgot_password(context: Context, request: ForgotPassword) -> ForgotPasswordReply:
    pool, client = _client(context, request)
    migrate(context, pool, client, request.username)
    user = _known(context, pool, client, request.username)
    check_self_service(pool)
    subject = user.sub if user else stranger(pool, client.id, request.username).sub
    lockout.count(context, pool, subject, Limited.RECOVER)
    if user is not None and user.status not in _RESETTABLE:
        raise faults.NOT_RESETTABLE
    attribute = recovery_attribute(pool, user) if user and user.enabled and user.status != "UNCONFIRMED" else None
    if user is None or attribute is None:
        if user is None or is_discreet(client):
            return ForgotPasswordReply(code_delivery_details=simulated_delivery(pool, client, request.username))
        raise faults.NO_RECOVERY if user.enabled else faults.USER_DISABLED
    auth_events.passed(context, pool, user, "ForgotPassword")
    return ForgotPasswordReply(code_delivery_details=codes.send_code(context, pool, user, attribute, Kind.FORGOT_PASSWORD))


def confirm_forgot_password(context: Context, request: ConfirmForgotPassword) -> NoReply:
    pool, client = _client(context, request)
    user = _known(context, pool, client, request.username)
    subject = user.sub if user else stranger(pool, client.id, request.username).sub
    lockout.count(context, pool, subject, Limited.RECOVER)
    if user is None or (not user.enabled and is_discreet(client)):
        raise faults.CODE_WRONG(keep=True)
    if not user.enabled:
        raise faults.USER_DISABLED
    if user.status == "UNCONFIRMED" and not is_discreet(client):
        raise faults.USER_UNCONFIRMED
    code = codes.check_code(context, user, codes.FORGOT_PASSWORD, request.confirmation_code)
    if user.status not in _RESETTABLE:
        raise faults.NOT_RESETTABLE
    user = passwords.with_password(context, pool, user, request.password)
    user = save_user(context, pool, replace(user, status="CONFIRMED"))
    lockout.forget_failures(context, pool, user.sub)
    codes.void(context, user, code.purpose)
    post_confirmation(context, pool, user, "ConfirmForgotPassword")
    return NoReply()


def _client(context: Context, request: ForgotPassword | ConfirmForgotPassword) -> tuple[Pool, Client]:
    pool, client = client_of(context, request.client_id)
    check_secret_hash(client, request.username, request.secret_hash, missing=faults.SECRET_MISSING)
    return pool, client


def _known(context: Context, pool: Pool, client: Client, name: str) -> User | None:
    """The user who is meant. Raises `Fault` where the client may know that there is nobody."""
    user = find_user(context, pool, name)
    if user is None and not is_discreet(client):
        raise faults.COMBINATION_UNKNOWN
    return user


HANDLERS: Final[Handlers] = handlers(get_user, change_password, forgot_password, confirm_forgot_password)
