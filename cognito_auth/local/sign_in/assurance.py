"""How strongly somebody has signed in: the methods that were used (``amr``), and the level that they reach (``acr``).

A level is reached by any one of its combinations of methods, and by whatever contains one. Which combinations these are, nobody
can configure.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..store.records import Trail

PASSWORD: Final = "pwd"  # noqa: S105 a name
APP: Final = "otp"
_SMS: Final = "sms"
_MAIL: Final = "email_otp"
_PLATFORM_KEY: Final = "swk"
_ROAMING_KEY: Final = "hwk"
_SEVERAL: Final = "mfa"

METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PASSWORD": PASSWORD,
        "PASSWORD_SRP": PASSWORD,
        "EMAIL_OTP": _MAIL,
        "SMS_OTP": _SMS,
        "SMS_MFA": _SMS,
        "SOFTWARE_TOKEN_MFA": APP,
        "WEB_AUTHN": _PLATFORM_KEY,
    }
)
"""The method that answers a challenge. A passkey may turn out to be of the other kind, which is worth the same."""
_COMBINATIONS: Final[tuple[tuple[frozenset[str], int], ...]] = (
    (frozenset({PASSWORD, APP}), 4),
    (frozenset({PASSWORD, _SMS}), 3),
    (frozenset({PASSWORD, _MAIL}), 3),
    (frozenset({_PLATFORM_KEY}), 3),
    (frozenset({_ROAMING_KEY}), 3),
    (frozenset({_SMS}), 2),
    (frozenset({_MAIL}), 2),
    (frozenset({PASSWORD}), 1),
)


def passkey_method(attachment: str | None) -> str:
    """The method of a passkey that is attached so; one that does not say is taken for a platform's."""
    return _ROAMING_KEY if attachment == "cross-platform" else _PLATFORM_KEY


def level_of(methods: Iterable[str]) -> int:
    """The level that the methods reach; 0 for none."""
    proved = frozenset(methods)
    return max((level for needed, level in _COMBINATIONS if needed <= proved), default=0)


def amr_of(methods: tuple[str, ...]) -> tuple[str, ...]:
    """The claim ``amr`` of a sign-in by these methods, each of which is there once."""
    return (*methods, _SEVERAL) if len(methods) > 1 else methods


def methods_of(amr: Iterable[str]) -> tuple[str, ...]:
    """The methods that an ``amr`` tells of."""
    return tuple(method for method in amr if method != _SEVERAL)


def is_short(trail: Trail) -> bool:
    """Whether a sign-in has not reached the level yet that it is to reach."""
    return trail.target is not None and level_of(trail.methods) < trail.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The methods that somebody has: those that may open a sign-in, and those that follow a password."""

    first: frozenset[str]
    second: frozenset[str]

    def can_reach(self, proved: Iterable[str], target: int) -> bool:
        """Whether these methods, with those that are proved, are enough for the level."""
        return bool(self._ways(frozenset(proved), target))

    def leading(self, proved: Iterable[str], target: int) -> frozenset[str]:
        """The methods that lead on to the level from those that are proved, none of them in vain."""
        ways = self._ways(frozenset(proved), target)
        shortest = (way for way in ways if not any(other < way for other in ways))
        return frozenset(method for way in shortest for method in way)

    def _ways(self, proved: frozenset[str], target: int) -> list[frozenset[str]]:
        """What is still to be proved, combination by combination, of those that are within reach."""
        missing = (needed - proved for needed, level in _COMBINATIONS if level >= target)
        # What cannot open a sign-in follows a password.
        whole = (needed if needed <= self.first else needed | ({PASSWORD} - proved) for needed in missing)
        return [needed for needed in whole if needed <= self.first | self.second]
