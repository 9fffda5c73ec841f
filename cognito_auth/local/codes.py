"""Codes that are sent to a user: one for each purpose, valid for a while, good for one use."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..api.types import CodeDeliveryDetails
from . import faults, outbox
from .context import Context
from .outbox import Kind
from .records import CODES, Code, Pool, User

CODE_DIGITS: Final = 6
_HOUR: Final = 3600.0
_PURPOSES: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.SIGN_UP: "sign_up", Kind.RESEND: "sign_up", Kind.FORGOT_PASSWORD: "forgot_password"}
)
_LIFETIMES: Final[Mapping[str, float]] = MappingProxyType({"sign_up": 24 * _HOUR, "forgot_password": _HOUR})


def send_code(context: Context, pool: Pool, user: User, attribute: str, kind: Kind) -> CodeDeliveryDetails:
    """Send a new code to the user's ``email`` or ``phone_number``; an earlier one for the same purpose is void."""
    purpose = _PURPOSES[kind]
    value = context.digits(CODE_DIGITS)
    code = Code(
        pool_id=pool.id,
        user=user.name,
        purpose=purpose,
        value=value,
        attribute=attribute,
        expires_at=context.now + _LIFETIMES[purpose],
    )
    context.records.put(CODES, code)
    return outbox.send(context, pool, user, attribute=attribute, kind=kind, code=value)


def check_code(context: Context, pool: Pool, user: User, kind: Kind, given: str) -> Code:
    """The code that was sent, if ``given`` is its value. Raises `Fault` when it is wrong, or none is waiting."""
    code = context.records.get(CODES, pool.id, user.name, _PURPOSES[kind])
    if code is None or code.expires_at <= context.now:
        raise faults.CODE_EXPIRED(keep=True)
    if not hmac.compare_digest(code.value.encode(), given.encode()):
        raise faults.CODE_WRONG(keep=True)
    return code


def use_up(context: Context, code: Code) -> None:
    """The code is not good any more."""
    context.records.delete(CODES, pool_id=code.pool_id, user=code.user, purpose=code.purpose)
