"""Who may pass: requirements on a user that combine with ``&`` and ``|``.

``group("admin") | group("staff") & scope("orders/read")`` reads as Python does: ``&`` binds tighter. A requirement is a frozen
value; `Requirement.refusal` says why a user may not pass, so that nothing is decided by a forgotten return value.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from .errors import AccessDenied
from .user import User

_SCOPE_TOKEN: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


class Requirement(ABC):
    """Something that a user must fulfil; combine with ``&`` (both) and ``|`` (either)."""

    __slots__ = ()

    @abstractmethod
    def refusal(self, user: User) -> AccessDenied | None:
        """Why ``user`` may not pass, or ``None`` when they may."""

    def check(self, user: User) -> User:
        """The user, who may pass; raises `AccessDenied` otherwise."""
        refusal = self.refusal(user)
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
    def refusal(self, user: User) -> AccessDenied | None:
        return None


@dataclass(frozen=True, slots=True)
class _Group(Requirement):
    name: str

    def refusal(self, user: User) -> AccessDenied | None:
        return None if self.name in user.groups else AccessDenied(f"not a member of the group {self.name!r}")


@dataclass(frozen=True, slots=True)
class _Scope(Requirement):
    name: str

    def refusal(self, user: User) -> AccessDenied | None:
        if self.name in user.scopes:
            return None
        return AccessDenied(f"the token lacks the scope {self.name!r}", scopes=(self.name,))


@dataclass(frozen=True, slots=True)
class _Person(Requirement):
    def refusal(self, user: User) -> AccessDenied | None:
        return None if user.username is not None else AccessDenied("a machine's token; a person is wanted")


@dataclass(frozen=True, slots=True)
class _Both(Requirement):
    left: Requirement
    right: Requirement

    def refusal(self, user: User) -> AccessDenied | None:
        left, right = self.left.refusal(user), self.right.refusal(user)
        if left is not None and right is not None:
            # Scopes are advice only where scopes alone open both sides.
            scopes = dict.fromkeys(left.scopes + right.scopes) if left.scopes and right.scopes else ()
            return AccessDenied(f"{left}, and {right}", scopes=tuple(scopes))
        return left or right


@dataclass(frozen=True, slots=True)
class _Either(Requirement):
    left: Requirement
    right: Requirement

    def refusal(self, user: User) -> AccessDenied | None:
        left = self.left.refusal(user)
        if left is None:
            return None
        right = self.right.refusal(user)
        if right is None:
            return None
        # Scopes of one branch suffice; the first that scopes alone open is the advice to give.
        return AccessDenied(f"{left}, and {right}", scopes=left.scopes or right.scopes)


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
