"""What somebody can sign in with: the challenges that open a sign-in by choice, and of them those that lead to a level.

A factor that needs no password is offered where no second one is asked for: not where the pool demands MFA, nor to a user who
has set it up; a passkey that counts as both is offered there to whoever switched that on. Somebody who does not exist, and who
has nothing to sign in with, is offered what the pool allows, always the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..base.context import Context
from ..store.records import Pool, Trail, User
from ..users import passwords
from ..users.factors import FIRST_CODES, active_factors, is_multi_factor, reaches
from ..users.names import Stranger
from .assurance import METHODS, Means
from .passkeys import passkeys_of
from .relying_party import relying_party

_PASSWORDS: Final = ("PASSWORD_SRP", "PASSWORD")
_PASSKEY: Final = "WEB_AUTHN"
_SETTLED: Final = frozenset({"CONFIRMED", "UNCONFIRMED", "RESET_REQUIRED"})
"""Whoever was given a password has to replace it first."""


def offers(context: Context, pool: Pool, who: User | Stranger) -> tuple[str, ...]:
    """The challenges that somebody may begin with; none for a user who has nothing to sign in with."""
    return _of_user(context, pool, who) if isinstance(who, User) else _of_nobody(context, pool, who)


def means(context: Context, pool: Pool, who: User | Stranger) -> Means:
    """The methods that somebody has."""
    second = active_factors(pool, who) if isinstance(who, User) else _second_of_nobody(context, pool, who)
    return Means(first=_methods(offers(context, pool, who)), second=_methods(second))


def leading_offers(context: Context, pool: Pool, who: User | Stranger, trail: Trail) -> tuple[str, ...]:
    """The challenges of `offers` that a sign-in may go on with: where it is to reach a level, those that lead to it."""
    found = offers(context, pool, who)
    if trail.aim is None:
        return found
    leading = means(context, pool, who).leading(trail.aim)
    return tuple(challenge for challenge in found if METHODS[challenge] in leading)


def _of_user(context: Context, pool: Pool, user: User) -> tuple[str, ...]:
    with_password = _PASSWORDS if user.password is not None else ()
    if user.status not in _SETTLED:
        return with_password
    usable = passwords.first_factors(pool)
    alone = pool.settings.mfa_configuration != "ON" and not active_factors(pool, user)
    sent = (factor for factor in FIRST_CODES if factor in usable and alone and reaches(user, factor))
    both = is_multi_factor(pool.web_authn) and _PASSKEY in user.factors
    party = relying_party(context, pool) if _PASSKEY in usable and (alone or both) else None
    with_passkey = party is not None and passkeys_of(context, user, party)
    return (*with_password, *sent, *((_PASSKEY,) if with_passkey else ()))


def _of_nobody(context: Context, pool: Pool, who: Stranger) -> tuple[str, ...]:
    usable, alone = passwords.first_factors(pool), pool.settings.mfa_configuration != "ON"
    sent = (factor for factor in FIRST_CODES if factor in usable and alone)
    # Not everybody has a passkey, and nobody is to be told by one who does not exist.
    with_passkey = _PASSKEY in usable and who.seed[-1] % 2 and relying_party(context, pool) is not None
    return (*_PASSWORDS, *sent, *((_PASSKEY,) if with_passkey else ()))


def _second_of_nobody(context: Context, pool: Pool, who: Stranger) -> tuple[str, ...]:
    """Second factors that every other name has, always the same; like users, only those who need a password to begin with."""
    beside = {*_PASSWORDS, _PASSKEY} if is_multi_factor(pool.web_authn) else {*_PASSWORDS}
    if not beside.issuperset(_of_nobody(context, pool, who)):
        return ()
    return tuple(factor for bit, factor in enumerate(pool.factors) if who.seed[-2] >> bit & 1)


def _methods(challenges: Iterable[str]) -> frozenset[str]:
    return frozenset(METHODS[challenge] for challenge in challenges)
