"""Which second factors a user has switched on, and which is preferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ...api.mfa import AdminSetUserMFAPreference, AdminSetUserSettings, SetUserMFAPreference, SetUserSettings
from ...api.structure import NoReply
from ...api.types import MfaOption
from ..base import faults
from ..base.access import caller_of, pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Pool, User
from ..users.factors import SENT_FACTORS, is_multi_factor
from ..users.names import find_user, save_user
from . import software_token

_PASSKEY: Final = "WEB_AUTHN"
_TEXT_MESSAGES: Final = MfaOption(delivery_medium="SMS", attribute_name="phone_number")
"""The only option that the older settings know."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for one factor; ``None`` leaves it as it is."""

    factor: str
    enabled: bool | None
    preferred: bool | None


def set_user_mfa_preference(context: Context, request: SetUserMFAPreference) -> NoReply:
    caller = caller_of(context, request.access_token)
    save_user(context, caller.pool, with_wishes(caller.pool, caller.user, list(_wishes(request))))
    return NoReply()


def admin_set_user_mfa_preference(context: Context, request: AdminSetUserMFAPreference) -> NoReply:
    pool, user = _found(context, request)
    if user.status == "UNCONFIRMED":
        raise faults.USER_UNCONFIRMED
    save_user(context, pool, with_wishes(pool, user, list(_wishes(request))))
    return NoReply()


def set_user_settings(context: Context, request: SetUserSettings) -> NoReply:
    caller = caller_of(context, request.access_token)
    save_user(context, caller.pool, with_wishes(caller.pool, caller.user, [_older_wish(request)]))
    return NoReply()


def admin_set_user_settings(context: Context, request: AdminSetUserSettings) -> NoReply:
    pool, user = _found(context, request)
    save_user(context, pool, with_wishes(pool, user, [_older_wish(request)]))
    return NoReply()


def with_wishes(pool: Pool, user: User, wishes: list[Wish]) -> User:
    """The user with the factors as asked for. Raises `Fault` when that cannot be."""
    for wish in wishes:
        if wish.preferred and not wish.enabled:
            raise faults.PREFERRED_NOT_ENABLED(wish.factor)
        if wish.enabled and not _is_set_up(pool, user, wish.factor):
            raise faults.FACTOR_NOT_SET_UP(wish.factor)
    if sum(bool(wish.preferred) for wish in wishes) > 1:
        raise faults.PREFERRED_TWICE
    on = _wished(user, wishes)
    if user.factors and not on and pool.settings.mfa_configuration == "ON":
        raise faults.LAST_FACTOR
    preferred = user.preferred_factor
    for wish in wishes:
        if wish.preferred:
            preferred = wish.factor
        elif wish.factor == preferred and (wish.preferred is False or not wish.enabled):
            preferred = None
    order = (*SENT_FACTORS, software_token.FACTOR, _PASSKEY)
    return replace(user, factors=tuple(factor for factor in order if factor in on), preferred_factor=preferred)


def _wished(user: User, wishes: list[Wish]) -> set[str]:
    """The factors that are on then. Raises `Fault` where a passkey would be the only one; it goes with the last other one."""
    on = set(user.factors)
    for wish in wishes:
        on = on | {wish.factor} if wish.enabled else on - {wish.factor}
    if on != {_PASSKEY}:
        return on
    if any(wish.factor == _PASSKEY and wish.enabled for wish in wishes):
        raise faults.FACTOR_NOT_SET_UP(_PASSKEY)
    return set()


def _is_set_up(pool: Pool, user: User, factor: str) -> bool:
    if factor == software_token.FACTOR:
        return user.software_token is not None
    if factor == _PASSKEY:
        return is_multi_factor(pool.web_authn)
    # Where the pool asks nobody, a wish is kept for the day when it does.
    offered = factor in pool.factors or pool.settings.mfa_configuration == "OFF"
    return offered and bool(user.attributes.get(SENT_FACTORS[factor]))


def _wishes(request: SetUserMFAPreference | AdminSetUserMFAPreference) -> Iterator[Wish]:
    settings = (
        ("SMS_MFA", request.sms_mfa_settings),
        (software_token.FACTOR, request.software_token_mfa_settings),
        ("EMAIL_OTP", request.email_mfa_settings),
    )
    yield from (Wish(factor, each.enabled, each.preferred_mfa) for factor, each in settings if each is not None)
    if request.web_authn_mfa_settings is not None:
        yield Wish(_PASSKEY, request.web_authn_mfa_settings.enabled, None)


def _older_wish(request: SetUserSettings | AdminSetUserSettings) -> Wish:
    if any(option != _TEXT_MESSAGES for option in request.mfa_options):
        raise faults.ONLY_TEXT_MESSAGES
    return Wish("SMS_MFA", enabled=bool(request.mfa_options), preferred=None)


def _found(context: Context, request: AdminSetUserMFAPreference | AdminSetUserSettings) -> tuple[Pool, User]:
    pool = pool_of(context, request.user_pool_id)
    user = find_user(context, pool, request.username)
    if user is None:
        raise faults.USER_UNKNOWN
    return pool, user


HANDLERS: Final[Handlers] = handlers(
    set_user_mfa_preference, admin_set_user_mfa_preference, set_user_settings, admin_set_user_settings
)
