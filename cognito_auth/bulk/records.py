"""What a line of a file says: a user or a group. How it is spelled is `formats`'s affair.

A password comes in and never goes out: Cognito gives none away, and no record that an export makes holds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ..secret import Secret

CONFIRMED: Final = "CONFIRMED"
FEDERATED: Final = "EXTERNAL_PROVIDER"

NOT_SETTABLE: Final = frozenset({"sub", "identities"})
"""Attributes that the pool gives by itself; a record never holds them."""


class BadRecord(ValueError):
    """A line that is no record. The message says why and never holds what the line holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A user, with the names of the groups that the user is in."""

    username: str = field(repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Attributes that have a value, without `NOT_SETTABLE`."""
    enabled: bool = True
    status: str = ""
    """Cognito's ``UserStatus``. ``CONFIRMED`` makes the password permanent; with any other, or none, it is temporary."""
    groups: tuple[str, ...] = ()
    sms_mfa: bool = False
    """Whether text messages are the user's second factor (``cognito:mfa_enabled``)."""
    password: Secret | None = None
    """For an import; a password that nobody knows takes its place where there is none."""

    def __post_init__(self) -> None:
        if not self.username:
            raise BadRecord("it names no user")
        for name in sorted(NOT_SETTABLE & self.attributes.keys()):
            raise BadRecord(f"the attribute {name} is the pool's own")
        if self.status == FEDERATED:
            raise BadRecord("a federated user comes into being by signing in, and cannot be imported")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRecord:
    """A group."""

    name: str
    description: str | None = None
    precedence: int | None = None
    role_arn: str | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise BadRecord("it names no group")


Record: TypeAlias = UserRecord | GroupRecord
