"""Signing up, and confirming it with the code that was sent; what leads on from there is a session of a sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.sign_up import (
    ConfirmSignUp,
    ConfirmSignUpReply,
    ResendConfirmationCode,
    ResendConfirmationCodeReply,
    SignUp,
    SignUpReply,
)
from ..base import faults
from ..base.access import check_secret_hash, client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Client, Pool, User
from . import attributes, auth_events, codes, lockout, passwords
from .delivery import is_discreet, simulated_delivery
from .lockout import Limited
from .names import find_user, save_user, stranger
from .new_user import new_user
from .outbox import Kind
from .user_triggers import post_confirmation, pre_sign_up


def sign_up(context: Context, request: SignUp) -> SignUpReply:
    pool, client = _client(context, request)
    config = pool.settings.admin_create_user_config
    if config is not None and config.allow_admin_create_user_only:
        raise faults.SIGN_UP_CLOSED
    given = attributes.as_mapping(request.user_attributes)
    attributes.check_writable(client, given)
    user = new_user(context, pool, request.username, given, status="UNCONFIRMED", exists=faults.USERNAME_EXISTS)
    if request.password:
        user = passwords.with_password(context, pool, user, request.password)
    elif not passwords.are_optional(pool):
        raise faults.MISSING_PARAMETER("Password")
    attributes.check_required(pool, user.attributes)
    user = pre_sign_up(context, pool, user, "SignUp", given=given, validation=request.validation_data)
    user = save_user(context, pool, user, taken=faults.NAME_EXISTS)
    confirmed = user.status == "CONFIRMED"
    attribute = None if confirmed else _code_attribute(pool, user)
    details = codes.send_code(context, pool, user, attribute, Kind.SIGN_UP) if attribute else None
    auth_events.passed(context, pool, user, "SignUp")
    if confirmed:
        post_confirmation(context, pool, user, "ConfirmSignUp")
    return SignUpReply(user_confirmed=confirmed, user_sub=user.sub, code_delivery_details=details)


def confirm_sign_up(context: Context, request: ConfirmSignUp) -> ConfirmSignUpReply:
    pool, client = _client(context, request)
    user = _known(context, pool, client, request.username)
    subject = user.sub if user else stranger(pool, client.id, request.username).sub
    lockout.count(context, pool, subject, Limited.CONFIRM)
    if user is None:
        raise faults.CODE_WRONG(keep=True)
    if user.status != "UNCONFIRMED":
        raise faults.NOT_CONFIRMABLE(user.status)
    code = codes.check_code(context, user, codes.SIGN_UP, request.confirmation_code)
    verified = {**user.attributes, f"{code.attribute}_verified": "true"}
    confirmed = replace(user, status="CONFIRMED", attributes=verified)
    confirmed = save_user(context, pool, confirmed, force=bool(request.force_alias_creation))
    codes.void(context, user, code.purpose)
    post_confirmation(context, pool, confirmed, "ConfirmSignUp")
    return ConfirmSignUpReply()


def resend_confirmation_code(context: Context, request: ResendConfirmationCode) -> ResendConfirmationCodeReply:
    pool, client = _client(context, request)
    user = _known(context, pool, client, request.username)
    # Counted before anything is told, so that the limit is met alike by those who exist and those who do not.
    subject = user.sub if user else stranger(pool, client.id, request.username).sub
    lockout.count(context, pool, subject, Limited.RESEND)
    if user is None or (not user.enabled and is_discreet(client)):
        return ResendConfirmationCodeReply(code_delivery_details=simulated_delivery(pool, client, request.username))
    if not user.enabled:
        raise faults.USER_DISABLED(keep=True)
    if user.status != "UNCONFIRMED":
        raise faults.ALREADY_CONFIRMED(keep=True)
    attribute = _code_attribute(pool, user)
    if attribute is None:
        raise faults.AUTO_VERIFICATION_OFF(keep=True)
    auth_events.passed(context, pool, user, "ResendCode")
    return ResendConfirmationCodeReply(code_delivery_details=codes.send_code(context, pool, user, attribute, Kind.RESEND))


def _client(context: Context, request: SignUp | ConfirmSignUp | ResendConfirmationCode) -> tuple[Pool, Client]:
    pool, client = client_of(context, request.client_id)
    check_secret_hash(client, request.username, request.secret_hash, missing=faults.SECRET_MISSING)
    return pool, client


def _known(context: Context, pool: Pool, client: Client, name: str) -> User | None:
    user = find_user(context, pool, name)
    if user is None and not is_discreet(client):
        raise faults.COMBINATION_UNKNOWN
    return user


def _code_attribute(pool: Pool, user: User) -> str | None:
    """Where the sign-up code goes: the telephone before the mail."""
    automatic = pool.settings.auto_verified_attributes or ()
    return next((each for each in attributes.VERIFIABLE if each in automatic and user.attributes.get(each)), None)


HANDLERS: Final[Handlers] = handlers(resend_confirmation_code)
