"""Who may pass: requirements on a user that combine with ``&`` and ``|``.

``group("admin") | group("staff") & scope("orders/read")`` reads as Python does: ``&`` binds tighter. A requirement is a frozen
value; `Requirement.refusal` says why a user may not pass, so that nothing is decided by a forgotten return value. It reads no
clock: whoever asks says when.

There are two kinds of refusal. What another sign-in can change is `InsufficientAuthentication`; everything else is
`AccessDenied`. Where both stand in the way, as in ``group("admin") & recent(max_age=300)`` for somebody who is no
administrator, access is denied: nobody is sent to sign in again for nothing.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from .errors import AccessDenied, InsufficientAuthentication
from .user import User

_SCOPE_TOKEN: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")

MFA_LEVELS: Final = ("urn:cognito:loa:3", "urn:cognito:loa:4")
"""What Cognito calls the levels of a sign-in with several factors, or with a passkey
(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html)."""
_SECOND_FACTORS: Final = frozenset({"SOFTWARE_TOKEN_MFA", "SMS_MFA"})
"""Challenges that Cognito poses as the second factor only."""
_FACTORS_AFTER_A_PASSWORD: Final = frozenset({"EMAIL_OTP", "WEB_AUTHN"})
"""Challenges that can stand in place of a password, and are the second factor after one."""
_PASSWORDS: Final = frozenset({"PASSWORD", "PASSWORD_SRP"})

Refusal: TypeAlias = AccessDenied | InsufficientAuthentication
"""Why somebody may not pass."""


class Moment(NamedTuple):
    """When a requirement is asked."""

    now: float
    """Seconds since the epoch."""
    leeway: float = 0.0
    """Seconds by which this machine's clock may differ from Cognito's."""


class Requirement(ABC):
    """Something that a user must fulfil; combine with ``&`` (both) and ``|`` (either)."""

    __slots__ = ()

    @abstractmethod
    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        """Why ``user`` may not pass, or ``None`` when they may."""

    def check(self, user: User, moment: Moment) -> User:
        """The user, who may pass; raises `AccessDenied` or `InsufficientAuthentication` otherwise."""
        refusal = self.refusal(user, moment)
        if refusal is not None:
            raise refusal
        return user

    def __and__(self, other: Requirement) -> Requirement:
        return _Both(self, other)

    def __or__(self, other: Requirement) -> Requirement:
        return _Either(self, other)

    def __bool__(self) -> bool:
        raise TypeError("combine requirements with & and |, not with 'and' and 'or'")


@dataclass(frozen=True, slots=True)
class _SignedIn(Requirement):
    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        return None


@dataclass(frozen=True, slots=True)
class _Group(Requirement):
    name: str

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        return None if self.name in user.token.groups else AccessDenied(f"not a member of the group {self.name!r}")


@dataclass(frozen=True, slots=True)
class _Scope(Requirement):
    name: str

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        if self.name in user.scopes:
            return None
        return AccessDenied(f"the token lacks the scope {self.name!r}", scopes=(self.name,))


@dataclass(frozen=True, slots=True)
class _Person(Requirement):
    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        return None if user.username is not None else AccessDenied("a machine's token; a person is wanted")


@dataclass(frozen=True, slots=True)
class _Recent(Requirement):
    max_age: int

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        since = user.token.auth_time
        # A sign-in that is yet to come says nothing about the past.
        if since is not None and -moment.leeway <= moment.now - since <= self.max_age + moment.leeway:
            return None
        return InsufficientAuthentication(f"the sign-in is older than {self.max_age} s", max_age=self.max_age)


@dataclass(frozen=True, slots=True)
class _Mfa(Requirement):
    acr_values: tuple[str, ...]

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        if self._is_met(user):
            return None
        return InsufficientAuthentication("the sign-in had one factor, as far as is known", acr_values=self.acr_values)

    def _is_met(self, user: User) -> bool:
        if user.token.acr is not None:
            return user.token.acr in self.acr_values
        if user.token.amr is not None:
            return "mfa" in user.token.amr
        if user.proofs & _PASSWORDS and user.proofs & _FACTORS_AFTER_A_PASSWORD:
            return True
        return bool(user.proofs & _SECOND_FACTORS)


@dataclass(frozen=True, slots=True)
class _Both(Requirement):
    left: Requirement
    right: Requirement

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        left, right = self.left.refusal(user, moment), self.right.refusal(user, moment)
        if left is None or right is None:
            return left or right
        reason = f"{left}, and {right}"
        # Scopes are advice only where scopes alone open both sides.
        scopes = tuple(dict.fromkeys(left.scopes + right.scopes)) if left.scopes and right.scopes else ()
        if isinstance(left, InsufficientAuthentication) and isinstance(right, InsufficientAuthentication):
            return _strictest(reason, left, right, scopes)
        return AccessDenied(reason, scopes=scopes)


@dataclass(frozen=True, slots=True)
class _Either(Requirement):
    left: Requirement
    right: Requirement

    def refusal(self, user: User, moment: Moment) -> Refusal | None:
        left = self.left.refusal(user, moment)
        if left is None:
            return None
        right = self.right.refusal(user, moment)
        if right is None:
            return None
        reason = f"{left}, and {right}"
        # One branch suffices: the first that another sign-in opens, which the person can do, or else the first that scopes do.
        scopes = left.scopes or right.scopes
        for refusal in (left, right):
            if isinstance(refusal, InsufficientAuthentication):
                return InsufficientAuthentication(reason, max_age=refusal.max_age, acr_values=refusal.acr_values, scopes=scopes)
        return AccessDenied(reason, scopes=scopes)


def _strictest(
    reason: str, left: InsufficientAuthentication, right: InsufficientAuthentication, scopes: tuple[str, ...]
) -> InsufficientAuthentication:
    """What a sign-in must be that opens both sides."""
    ages = [refusal.max_age for refusal in (left, right) if refusal.max_age is not None]
    common = tuple(level for level in left.acr_values if level in right.acr_values)
    return InsufficientAuthentication(
        reason, max_age=min(ages, default=None), acr_values=common or left.acr_values or right.acr_values, scopes=scopes
    )


def signed_in() -> Requirement:
    """Everybody with a valid access token."""
    return _SignedIn()


def group(name: str) -> Requirement:
    """Members of the group; names are compared exactly."""
    if not name or name != name.strip():
        raise ValueError(f"a group needs a name without blanks around it, not {name!r}")
    return _Group(name)


def scope(name: str) -> Requirement:
    """Tokens with the scope (RFC 6749, section 3.3); names are compared exactly."""
    if not _SCOPE_TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no scope: one has printable ASCII characters, but no blank, quote or backslash")
    return _Scope(name)


def person() -> Requirement:
    """People, not machines: tokens of a user's sign-in."""
    return _Person()


def recent(*, max_age: int) -> Requirement:
    """Whoever signed in at most ``max_age`` seconds ago: by password, code or passkey, not by a refresh."""
    if type(max_age) is not int or max_age < 1:
        raise ValueError(f"max_age is {max_age!r}; it must be a whole number of seconds, at least 1")
    return _Recent(max_age)


def mfa(*, acr_values: Collection[str] = MFA_LEVELS) -> Requirement:
    """Whoever signed in with several factors.

    The token's ``acr`` decides where it has one: it must be among ``acr_values``, which are to be given where the pool calls
    its levels otherwise (``AcrConfiguration``); to Cognito a passkey alone is worth as much as a password with a code. Next,
    ``amr`` must contain ``mfa`` (RFC 8176). Of a token with neither it counts which challenges the session's sign-in answered:
    a second factor, or a password and then a code by mail or a passkey. A remembered device, which Cognito takes in place of a
    second factor, does not count, nor does setting a factor up.
    """
    if isinstance(acr_values, str) or not acr_values or not all(_SCOPE_TOKEN.fullmatch(value) for value in acr_values):
        raise ValueError(f"acr_values is {acr_values!r}; it must list names without blank, quote or backslash")
    return _Mfa(tuple(acr_values))


def any_group(*names: str) -> Requirement:
    """Members of at least one of the groups."""
    first, *others = (group(name) for name in _some(names))
    for other in others:
        first = first | other
    return first


def all_groups(*names: str) -> Requirement:
    """Members of every one of the groups."""
    first, *others = (group(name) for name in _some(names))
    for other in others:
        first = first & other
    return first


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("name at least one group")
    return names
