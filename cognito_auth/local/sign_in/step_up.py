"""Step-up authentication: a sign-in by choice that is to reach a level (``TARGET_ACR_VALUES``), from nothing or from what an
access token tells (``ACCESS_TOKEN``), unless that is too long ago (``MAX_AGE``).

The first of the named levels that the user can reach is the one. The sign-in asks for what is missing to it, and ends in no
tokens below it. What the user or the pool demands besides, such as a second factor, is asked for as ever.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ..base import acr, faults
from ..base.access import caller_of
from ..base.parameters import Parameters
from ..store.levels import Aim
from ..store.records import Grant, Pool, User
from .assurance import Means, level_of, methods_of
from .offers import means
from .visitor import Visitor

_SECONDS: Final = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp:
    """What the client wants: one of the levels, in its order, and perhaps to go on from a sign-in that is not too old."""

    levels: tuple[int, ...]
    access_token: str | None = field(default=None, repr=False)
    max_age: int | None = None
    """Seconds."""


def wanted(pool: Pool, parameters: Parameters) -> StepUp | None:
    """What the parameters ask for; ``None`` for a sign-in like any other.

    Raises `Fault` for what cannot be: no number of seconds, a token without a level, levels that the pool does not have, and
    any level where the pool's tier has none.
    """
    names, access_token, seconds = (parameters.get(name) for name in ("TARGET_ACR_VALUES", "ACCESS_TOKEN", "MAX_AGE"))
    if seconds is not None and not _SECONDS.fullmatch(seconds):
        raise faults.MAX_AGE_FORM
    if names is None:
        if access_token is not None:
            raise faults.STEP_UP_WITHOUT_LEVEL
        return None
    if pool.settings.user_pool_tier == "LITE":
        raise faults.TIER_LACKS_ONE("LITE", "Step-Up Authentication")
    levels = dict.fromkeys(level for name in names.split(" ") if (level := acr.level_named(pool, name)) is not None)
    if not levels:
        raise faults.ACR_UNKNOWN
    return StepUp(levels=tuple(levels), access_token=access_token, max_age=None if seconds is None else int(seconds))


def toward(visitor: Visitor, step_up: StepUp) -> Visitor:
    """The visitor on the way to the level, with what the access token is good for.

    Raises `Fault` when the token is not the user's, when it says that the level is reached already, and when none can be.
    """
    methods, level = _credit(visitor, step_up)
    able = means(visitor.context, visitor.pool, visitor.who)
    aim = _aim(able, step_up.levels, methods)
    if level >= aim.level:
        raise faults.ACR_REACHED
    if level_of(methods) >= aim.level:
        # The pool has renamed the level, so that nothing would be left to ask for.
        aim = _aim(able, step_up.levels, ())
    return replace(visitor, trail=replace(visitor.trail, aim=aim))


def _aim(able: Means, levels: tuple[int, ...], methods: tuple[str, ...]) -> Aim:
    aims = (Aim(level=level, methods=methods) for level in levels)
    found = next(filter(able.suffice, aims), None)
    if found is None:
        raise faults.ACR_UNREACHABLE
    return found


def _credit(visitor: Visitor, step_up: StepUp) -> tuple[tuple[str, ...], int]:
    """The methods and the level that the access token tells of. Raises `Fault` unless it is the user's, from this client."""
    if step_up.access_token is None:
        return (), 0
    caller = caller_of(visitor.context, step_up.access_token)
    if caller.client.id != visitor.client.id:
        raise faults.ACCESS_TOKEN_INVALID
    if not isinstance(visitor.who, User) or caller.user.sub != visitor.who.sub:
        raise faults.ACCESS_TOKEN_FOREIGN
    # Whoever was given a password since has to begin with it.
    if _is_too_old(visitor, caller.grant, step_up.max_age) or visitor.who.status != "CONFIRMED":
        return (), 0
    told = caller.grant.assurance
    return (methods_of(told.amr), acr.level_named(visitor.pool, told.acr) or 0) if told else ((), 0)


def _is_too_old(visitor: Visitor, grant: Grant, max_age: int | None) -> bool:
    if max_age is None:
        return False
    # No age at all is to sign in anew (OpenID Connect Core 1.0 with errata set 2, section 3.1.2.1).
    return max_age == 0 or visitor.context.now - grant.auth_time > max_age
