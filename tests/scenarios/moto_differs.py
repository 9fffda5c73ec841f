"""Where moto's server is not as Cognito is: journeys that fail there, by what moto does instead.

Each must fail: one that passes fails the tests. ``*`` stands for the rest of a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_BY_PASSWORD: Final = ("USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH")


def _after_passwords(*names: str) -> tuple[str, ...]:
    return tuple(f"{flow}: {name}" for flow in _BY_PASSWORD for name in names)


MOTO_DIFFERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "moto has no USER_AUTH": ("USER_AUTH: *", "USER_AUTH by choice: *", "sign-up: signed in by confirming"),
        "moto has no CUSTOM_AUTH without a function of AWS Lambda": ("CUSTOM_AUTH: *",),
        "moto tracks no devices": (
            *_after_passwords("DEVICE_SRP_AUTH", "NEW_PASSWORD_REQUIRED, DEVICE_SRP_AUTH", "a device that was forgotten"),
            "devices: forgotten here",
            "devices: refreshed unconfirmed",
            "devices: remembered when asked",
            "devices: several",
        ),
        "moto checks no SRP proof: every password is right": (
            "USER_SRP_AUTH: mistyped",
            "USER_SRP_AUTH: locked out",
            "USER_SRP_AUTH: NEW_PASSWORD_REQUIRED",
        ),
        "moto tells of a user that does not exist": ("USER_PASSWORD_AUTH: mistyped", "password: *gone"),
        "moto does not lock anybody out": ("USER_PASSWORD_AUTH: locked out",),
        "moto tells an administrator's wrong password, and ChangePassword's, as another error": (
            "ADMIN_USER_PASSWORD_AUTH: mistyped",
            "ADMIN_USER_PASSWORD_AUTH: unconfirmed",
            "ADMIN_USER_PASSWORD_AUTH: locked out",
            "ADMIN_USER_PASSWORD_AUTH: NEW_PASSWORD_REQUIRED",
            "password: changed",
        ),
        "moto tells who is not confirmed before the password is proved": ("USER_SRP_AUTH: unconfirmed",),
        "moto lets disabled users in": (*_after_passwords("disabled"), "factors: disabled in between"),
        "moto's AdminResetUserPassword leaves the password as it is": _after_passwords(
            "password reset by an administrator",
        ),
        "moto poses no EMAIL_OTP and no SELECT_MFA_TYPE": _after_passwords("EMAIL_OTP", "SELECT_MFA_TYPE"),
        "moto's MFA_SETUP is not posed, or says nothing": (
            *_after_passwords("MFA_SETUP with an app", "MFA_SETUP by mail", "NEW_PASSWORD_REQUIRED, MFA_SETUP"),
            "sign-up: a factor set up at once",
        ),
        "moto sends no codes": ("sign-up: confirmed by a code",),
        "moto takes any code, also one that is old or was used": (
            "sign-up: a code that is too old",
            "sign-up: confirmed twice",
            "password: forgotten",
            "password: forgotten too long ago",
            "factors: a code used twice",
        ),
        "moto's time cannot be moved": (
            "password: a temporary one that is too old",
            "factors: too late",
            "tokens: a session that is too old",
            "tokens: a recent sign-in",
        ),
        "moto answers a used session with ResourceNotFound, and a forgotten password of nobody likewise": (
            "factors: answered twice",
            "password: forgotten by nobody",
        ),
        "moto's refresh tokens do not rotate": ("tokens: rotated and used again",),
        "moto lacks RevokeToken, GetUserAuthFactors, session tracking and DeleteUser": (
            "tokens: ended here",
            "tokens: ended everywhere",
            "factors: switched off",
            "account: sessions",
            "account: left",
        ),
        "moto takes attributes that the pool does not have, and verifies none": (
            "account: profile",
            "account: careful profile",
        ),
    }
)
