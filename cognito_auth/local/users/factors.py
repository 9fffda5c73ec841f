"""A user's factors: which are sent to an address, and which second ones the user is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...api.pool_mfa import WebAuthnConfiguration
from ..store.records import Pool, User

SENT_FACTORS: Final[Mapping[str, str]] = {"SMS_MFA": "phone_number", "EMAIL_OTP": "email"}
"""Factors whose code is sent, and the attribute it is sent to."""
FIRST_CODES: Final[Mapping[str, str]] = MappingProxyType({"EMAIL_OTP": "email", "SMS_OTP": "phone_number"})
"""The first factors that are sent, and the attribute they are sent to."""
_MULTI_FACTOR: Final = "MULTI_FACTOR_WITH_USER_VERIFICATION"


def is_multi_factor(web_authn: WebAuthnConfiguration | None) -> bool:
    """Whether a passkey counts as two factors."""
    return web_authn is not None and web_authn.factor_configuration == _MULTI_FACTOR


def reaches(user: User, factor: str) -> bool:
    """Whether a code may go to the user's address; who is not confirmed yet confirms by it, everybody else has it verified."""
    attribute = FIRST_CODES[factor]
    verified = user.attributes.get(f"{attribute}_verified") == "true"
    return bool(user.attributes.get(attribute)) and (verified or user.status == "UNCONFIRMED")


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
