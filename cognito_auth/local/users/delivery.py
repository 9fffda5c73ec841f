"""Which address a code for a new password goes to, and what somebody is told who gets none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...api.pool_settings import RecoveryOption
from ...api.types import CodeDeliveryDetails
from ..base import faults
from ..store.records import Client, Pool, User
from . import attributes, outbox
from .factors import SENT_FACTORS, active_factors
from .names import stranger

_ADMIN_ONLY: Final = "admin_only"
_MECHANISMS: Final[Mapping[str, str]] = MappingProxyType({"verified_email": "email", "verified_phone_number": "phone_number"})


def recovery_attribute(pool: Pool, user: User) -> str | None:
    """The verified address that the pool's recovery setting prefers, if the user has one.

    An address that serves as second factor is not good for recovery too: one device would then be enough.
    """
    taken = {SENT_FACTORS.get(factor) for factor in active_factors(pool, user)}
    for attribute in _ways(pool):
        if attribute not in taken and user.attributes.get(f"{attribute}_verified") == "true":
            return attribute
    return None


def is_discreet(client: Client) -> bool:
    """Whether the client does not tell who exists."""
    return client.settings.prevent_user_existence_errors == "ENABLED"


def check_self_service(pool: Pool) -> None:
    """Raises `Fault` where only administrators recover accounts."""
    if any(option.name == _ADMIN_ONLY for option in _options(pool)):
        raise faults.RECOVERY_BY_ADMIN


def simulated_delivery(pool: Pool, client: Client, name: str) -> CodeDeliveryDetails:
    """What a name is told that no code is sent to: always the same, and of the form that the pool's own would have."""
    if attributes.is_email(name):
        attribute = "email"
    elif attributes.is_phone(name):
        attribute = "phone_number"
    else:
        attribute = next(iter(_automatic(pool)), "email")
    return simulated_delivery_to(pool, client, name, attribute)


def simulated_delivery_to(pool: Pool, client: Client, name: str, attribute: str) -> CodeDeliveryDetails:
    """As `simulated_delivery`, of a code that an ``email`` or a ``phone_number`` would get."""
    seed = stranger(pool, client.id, name).seed
    if attribute == "email":
        address = name if attributes.is_email(name) else "@".join(chr(ord("a") + byte % 26) for byte in seed[:2])
    else:
        address = name if attributes.is_phone(name) else "+" + "".join(str(byte % 10) for byte in seed[:11])
    return CodeDeliveryDetails(
        destination=outbox.masked(attribute, address),
        delivery_medium=outbox.medium_of(attribute),
        attribute_name=attribute,
    )


def _ways(pool: Pool) -> tuple[str, ...]:
    ranked = sorted(_options(pool), key=lambda option: option.priority)
    return tuple(_MECHANISMS[option.name] for option in ranked if option.name in _MECHANISMS) or attributes.VERIFIABLE


def _options(pool: Pool) -> tuple[RecoveryOption, ...]:
    setting = pool.settings.account_recovery_setting
    return (setting and setting.recovery_mechanisms) or ()


def _automatic(pool: Pool) -> tuple[str, ...]:
    return tuple(each for each in attributes.VERIFIABLE if each in (pool.settings.auto_verified_attributes or ()))
