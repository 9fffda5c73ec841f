"""Codes that are sent to a user: one for each purpose, valid for a while, good for one use.

A code proves the address that it was sent to. It is void as soon as the user has another address, unless the address waits for
that very code to become the user's.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...api.types import CodeDeliveryDetails
from ..base import faults
from ..base.context import Context
from ..store.records import Code, Pool, User
from ..store.tables import CODES
from . import outbox
from .outbox import Kind

CODE_DIGITS: Final = 6
SIGN_UP: Final = "sign_up"
FORGOT_PASSWORD: Final = "forgot_password"  # noqa: S105 a name
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
_PURPOSES: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.SIGN_UP: SIGN_UP, Kind.RESEND: SIGN_UP, Kind.FORGOT_PASSWORD: FORGOT_PASSWORD}
)


def verification(attribute: str) -> str:
    """The purpose of a code that verifies an attribute of a user who can sign in."""
    return f"verify:{attribute}"


def send_code(
    context: Context, pool: Pool, user: User, attribute: str, kind: Kind, *, pending: bool = False
) -> CodeDeliveryDetails:
    """Send a new code to the user's ``email`` or ``phone_number``; an earlier one for the same purpose is void.

    ``pending`` says that the address is the user's only when the code was used; ``user`` has it already.
    """
    purpose = _PURPOSES.get(kind) or verification(attribute)
    value = context.digits(CODE_DIGITS)
    code = Code(
        pool_id=pool.id,
        user=user.name,
        purpose=purpose,
        value=value,
        attribute=attribute,
        address=user.attributes[attribute],
        expires_at=context.now + (_HOUR if purpose == FORGOT_PASSWORD else _DAY),
        pending=pending,
    )
    context.records.put(CODES, code)
    return outbox.send(context, pool, user, attribute=attribute, kind=kind, code=value)


def waiting_code(context: Context, user: User, purpose: str) -> Code | None:
    """The last code that was sent for the purpose, however old, if it is neither used nor void."""
    code = context.records.get(CODES, user.pool_id, user.name, purpose)
    if code is None or not (code.pending or user.attributes.get(code.attribute) == code.address):
        return None
    return code


def check_code(context: Context, user: User, purpose: str, given: str) -> Code:
    """The code that was sent, if ``given`` is its value. Raises `Fault` when it is wrong, or none is waiting."""
    code = waiting_code(context, user, purpose)
    if code is None or code.expires_at <= context.now:
        raise faults.CODE_EXPIRED(keep=True)
    if not hmac.compare_digest(code.value.encode(), given.encode()):
        raise faults.CODE_WRONG(keep=True)
    return code


def void(context: Context, user: User, purpose: str) -> None:
    """The code for the purpose, if there is one, is not good any more."""
    context.records.delete(CODES, pool_id=user.pool_id, user=user.name, purpose=purpose)
