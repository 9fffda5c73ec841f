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

from ..store.levels import Aim
from ..store.records import Trail

PWD: Final = "pwd"  # noqa: S105 a name
OTP: Final = "otp"
_SMS: Final = "sms"
_MAIL: Final = "email_otp"
_PLATFORM_KEY: Final = "swk"
_ROAMING_KEY: Final = "hwk"
_SEVERAL: Final = "mfa"

METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PASSWORD": PWD,
        "PASSWORD_SRP": PWD,
        "EMAIL_OTP": _MAIL,
        "SMS_OTP": _SMS,
        "SMS_MFA": _SMS,
        "SOFTWARE_TOKEN_MFA": OTP,
        "WEB_AUTHN": _PLATFORM_KEY,
    }
)
"""The method that answers a challenge. A passkey may turn out to be of the other kind, which is worth the same."""
_COMBINATIONS: Final[tuple[tuple[frozenset[str], int], ...]] = (
    (frozenset({PWD, OTP}), 4),
    (frozenset({PWD, _SMS}), 3),
    (frozenset({PWD, _MAIL}), 3),
    (frozenset({_PLATFORM_KEY}), 3),
    (frozenset({_ROAMING_KEY}), 3),
    (frozenset({_SMS}), 2),
    (frozenset({_MAIL}), 2),
    (frozenset({PWD}), 1),
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


def unreached(trail: Trail) -> Aim | None:
    """What a sign-in is to reach, if it has not yet."""
    aim = trail.aim
    return aim if aim is not None and level_of(aim.methods) < aim.level else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The methods that somebody has: those that may open a sign-in, and those that follow a password."""

    first: frozenset[str]
    second: frozenset[str]

    def suffice(self, aim: Aim) -> bool:
        """Whether these methods, with those that were proved, are enough for the level."""
        return bool(self._ways(aim))

    def leading(self, aim: Aim) -> frozenset[str]:
        """The methods that lead on to the level from those that were proved, none of them in vain."""
        ways = self._ways(aim)
        shortest = (way for way in ways if not any(other < way for other in ways))
        return frozenset(method for way in shortest for method in way)

    def _ways(self, aim: Aim) -> list[frozenset[str]]:
        """What is still to be proved, combination by combination, of those that are within reach."""
        proved = frozenset(aim.methods)
        missing = (needed - proved for needed, level in _COMBINATIONS if level >= aim.level)
        # What cannot open a sign-in follows a password.
        whole = (needed if needed <= self.first else needed | ({PWD} - proved) for needed in missing)
        return [needed for needed in whole if needed <= self.first | self.second]
