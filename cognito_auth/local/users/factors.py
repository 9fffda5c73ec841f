"""A user's second factors: which are sent to an address, and which the user is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..store.records import Pool, User

SENT_FACTORS: Final[Mapping[str, str]] = {"SMS_MFA": "phone_number", "EMAIL_OTP": "email"}
"""Factors whose code is sent, and the attribute it is sent to."""


def active_factors(pool: Pool, user: User) -> list[str]:
    """The second factors that the user is asked for, in the pool's order."""
    demand = pool.settings.mfa_configuration or "OFF"
    if demand == "OFF":
        return []
    on = [factor for factor in pool.factors if factor in user.factors]
    if on or demand == "OPTIONAL":
        return on
    # Where everybody must have one, what the user already has counts without being switched on.
    if "SOFTWARE_TOKEN_MFA" in pool.factors and user.software_token is not None:
        return ["SOFTWARE_TOKEN_MFA"]
    return ["SMS_MFA"] if "SMS_MFA" in pool.factors and user.attributes.get("phone_number") else []
