"""Which second factors a user has switched on, and which is preferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..api.mfa import SetUserMFAPreference
from ..api.structure import NoReply
from . import faults, software_token
from .access import caller_of
from .context import Context
from .handlers import Handlers, handlers
from .names import save_user
from .progress import SENT_FACTORS
from .records import Pool, User


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


def with_wishes(pool: Pool, user: User, wishes: list[Wish]) -> User:
    """The user with the factors as asked for. Raises `Fault` when that cannot be."""
    for wish in wishes:
        if wish.preferred and not wish.enabled:
            raise faults.PREFERRED_NOT_ENABLED(wish.factor)
        if wish.enabled and not _is_set_up(pool, user, wish.factor):
            raise faults.FACTOR_NOT_SET_UP(wish.factor)
    if sum(bool(wish.preferred) for wish in wishes) > 1:
        raise faults.PREFERRED_TWICE
    on = set(user.factors)
    for wish in wishes:
        on = on | {wish.factor} if wish.enabled else on - {wish.factor}
    if user.factors and not on and pool.settings.mfa_configuration == "ON":
        raise faults.LAST_FACTOR
    preferred = user.preferred_factor
    for wish in wishes:
        if wish.preferred:
            preferred = wish.factor
        elif wish.factor == preferred and (wish.preferred is False or not wish.enabled):
            preferred = None
    order = (*SENT_FACTORS, software_token.FACTOR)
    return replace(user, factors=tuple(factor for factor in order if factor in on), preferred_factor=preferred)


def _is_set_up(pool: Pool, user: User, factor: str) -> bool:
    if factor == software_token.FACTOR:
        return user.software_token is not None
    # Where the pool asks nobody, a wish is kept for the day when it does.
    offered = factor in pool.factors or pool.settings.mfa_configuration == "OFF"
    return offered and bool(user.attributes.get(SENT_FACTORS[factor]))


def _wishes(request: SetUserMFAPreference) -> Iterator[Wish]:
    settings = (
        ("SMS_MFA", request.sms_mfa_settings),
        (software_token.FACTOR, request.software_token_mfa_settings),
        ("EMAIL_OTP", request.email_mfa_settings),
    )
    return (Wish(factor, each.enabled, each.preferred_mfa) for factor, each in settings if each is not None)


HANDLERS: Final[Handlers] = handlers(set_user_mfa_preference)
