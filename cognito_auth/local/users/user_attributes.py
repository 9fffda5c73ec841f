"""Changing and removing a user's attributes, by the user and by administrators.

A new address is not verified, unless an administrator says so; where the pool verifies by itself, it is sent a code. Where the
pool keeps the original, the new address waits beside the user, with its code, until `cognito_auth.local.users.verification`
puts it in place.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ...api.account import DeleteUserAttributes, UpdateUserAttributes, UpdateUserAttributesReply
from ...api.structure import NoReply
from ...api.types import CodeDeliveryDetails
from ...api.users import AdminDeleteUserAttributes, AdminUpdateUserAttributes
from ..base import faults
from ..base.access import caller_of, pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Pool, User
from . import attributes, codes
from .factors import SENT_FACTORS
from .names import check_free, save_user
from .outbox import Kind
from .users import user_of


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address that a request gives the user: whether it gets a code, and whether it waits until that is used."""

    attribute: str
    value: str
    is_sent_a_code: bool
    waits: bool


def admin_update_user_attributes(context: Context, request: AdminUpdateUserAttributes) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = user_of(context, pool, request.username)
    _change(context, pool, user, attributes.as_mapping(request.user_attributes))
    return NoReply()


def admin_delete_user_attributes(context: Context, request: AdminDeleteUserAttributes) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = user_of(context, pool, request.username)
    _change(context, pool, user, dict.fromkeys(request.user_attribute_names, ""))
    return NoReply()


def update_user_attributes(context: Context, request: UpdateUserAttributes) -> UpdateUserAttributesReply:
    caller = caller_of(context, request.access_token)
    wanted = attributes.as_mapping(request.user_attributes)
    attributes.check_writable(caller.client, wanted)
    context = replace(context, client_id=caller.client.id)
    return UpdateUserAttributesReply(code_delivery_details_list=_change(context, caller.pool, caller.user, wanted))


def delete_user_attributes(context: Context, request: DeleteUserAttributes) -> NoReply:
    caller = caller_of(context, request.access_token)
    attributes.check_writable(caller.client, request.user_attribute_names)
    _change(context, caller.pool, caller.user, dict.fromkeys(request.user_attribute_names, ""))
    return NoReply()


def _change(context: Context, pool: Pool, user: User, wanted: Mapping[str, str]) -> tuple[CodeDeliveryDetails, ...]:
    """Give the attributes these values, a blank one removes; returns where codes went. Raises `Fault` when that cannot be."""
    attributes.check_changeable(pool, wanted)
    attributes.check(pool, wanted)
    attributes.check_removals(pool, wanted)
    check_free(context, pool, user, wanted)
    addresses = list(_new_addresses(pool, user, wanted))
    waiting = {f"{each.attribute}{suffix}" for each in addresses if each.waits for suffix in ("", "_verified")}
    at_once = {name: value for name, value in wanted.items() if name not in waiting}
    unverified = {f"{each.attribute}_verified": "false" for each in addresses if not each.waits}
    values = attributes.with_flags({**user.attributes, **at_once, **(unverified | at_once)}, given=at_once)
    _check_sign_in_address(pool, values)
    changed = _without_factors(pool, replace(user, attributes=values))
    _void_codes(context, user, wanted)
    saved = save_user(context, pool, changed)
    return tuple(_sent(context, pool, saved, each) for each in addresses if each.is_sent_a_code)


def _new_addresses(pool: Pool, user: User, wanted: Mapping[str, str]) -> Iterator[NewAddress]:
    settings = pool.settings.user_attribute_update_settings
    kept = (settings and settings.attributes_require_verification_before_update) or ()
    automatic = pool.settings.auto_verified_attributes or ()
    for name in attributes.VERIFIABLE:
        value = wanted.get(name)
        if value and value != user.attributes.get(name):
            sent = name in automatic and wanted.get(f"{name}_verified") != "true"
            yield NewAddress(name, value, is_sent_a_code=sent, waits=sent and name in kept)


def _sent(context: Context, pool: Pool, user: User, address: NewAddress) -> CodeDeliveryDetails:
    reached = replace(user, attributes={**user.attributes, address.attribute: address.value})
    return codes.send_code(context, pool, reached, address.attribute, Kind.UPDATE_ATTRIBUTE, pending=address.waits)


def _void_codes(context: Context, user: User, wanted: Mapping[str, str]) -> None:
    """An address that waits is given up when another is wanted, be it the present one."""
    for name in attributes.VERIFIABLE:
        code = codes.waiting_code(context, user, codes.verification(name))
        if code is not None and name in wanted and code.address != wanted[name]:
            codes.void(context, user, code.purpose)


def _check_sign_in_address(pool: Pool, values: Mapping[str, str]) -> None:
    """Raises `Fault` when nothing is left that the user could sign in with."""
    kinds = pool.settings.username_attributes or ()
    if kinds and not any(kind in values for kind in kinds):
        raise faults.ADDRESS_NEEDED(", ".join(kinds))


def _without_factors(pool: Pool, user: User) -> User:
    """The user without the factors whose address is gone. Raises `Fault` for the last one, where everybody must have one."""
    gone = {factor for factor in user.factors if factor in SENT_FACTORS and SENT_FACTORS[factor] not in user.attributes}
    factors = tuple(factor for factor in user.factors if factor not in gone)
    if gone and not factors and pool.settings.mfa_configuration == "ON":
        raise faults.LAST_FACTOR
    preferred = None if user.preferred_factor in gone else user.preferred_factor
    return replace(user, factors=factors, preferred_factor=preferred)


HANDLERS: Final[Handlers] = handlers(
    admin_update_user_attributes,
    admin_delete_user_attributes,
    update_user_attributes,
    delete_user_attributes,
)
