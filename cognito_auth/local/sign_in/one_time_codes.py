"""A code as the first factor: the challenges ``EMAIL_OTP`` and ``SMS_OTP`` that open a sign-in.

Somebody who does not exist, or is disabled, is told of a message like everybody else, and none is sent. Whoever reads a code
has the address it was sent to, so that a right one verifies the address, and confirms a user who has just signed up.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ...api.auth import AuthReply
from ...api.types import CodeDeliveryDetails
from ..base import faults
from ..base.parameters import Parameters, demand
from ..store.records import User
from ..users import codes, outbox
from ..users.delivery import simulated_delivery_to
from ..users.factors import FIRST_CODES
from ..users.names import Stranger, save_user
from ..users.outbox import Kind
from ..users.user_triggers import post_confirmation
from .assurance import METHODS
from .progress import FACTOR, first_factor_was_right
from .visitor import Visitor, pose_first

DIGITS: Final = 8
_PARAMETERS: Final = {"email": "EMAIL_OTP_CODE", "phone_number": "SMS_OTP_CODE"}
_METHODS: Final = {attribute: METHODS[factor] for factor, attribute in FIRST_CODES.items()}


def send_code(visitor: Visitor, factor: str) -> AuthReply:
    """Send a code and ask for it."""
    code = visitor.context.digits(DIGITS)
    attribute, user = FIRST_CODES[factor], _reached(visitor)
    sent = _send(visitor, attribute, code)
    parameters = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": sent.delivery_medium or "",
        "CODE_DELIVERY_DESTINATION": sent.destination or "",
    }
    address = user.attributes[attribute] if user else ""
    return pose_first(visitor, factor, parameters, {"code": code, "attribute": attribute, "address": address})


def answer_code(visitor: Visitor, notes: Mapping[str, str], responses: Parameters) -> AuthReply:
    """Check a code. Raises `Fault`."""
    context, pool, attribute = visitor.context, visitor.pool, notes["attribute"]
    code = demand(responses, _PARAMETERS[attribute])
    right = hmac.compare_digest(code.encode(), notes["code"].encode())
    user = _reached(visitor)
    if user is None or user.attributes.get(attribute) != notes["address"] or not right:
        if user is not None:
            visitor.signing_in(user).record("Fail", failed=FACTOR)
        raise faults.MFA_CODE_WRONG(keep=True)
    user = replace(user, attributes={**user.attributes, f"{attribute}_verified": "true"})
    if user.status == "UNCONFIRMED":
        user = save_user(context, pool, replace(user, status="CONFIRMED"))
        codes.void(context, user, codes.SIGN_UP)
        post_confirmation(context, pool, user, "ConfirmSignUp")
    else:
        user = save_user(context, pool, user)
    return first_factor_was_right(visitor.signing_in(user), _METHODS[attribute])


def _send(visitor: Visitor, attribute: str, code: str) -> CodeDeliveryDetails:
    user, context, pool = _reached(visitor), visitor.context, visitor.pool
    if user is not None:
        return outbox.send(context, pool, user, attribute=attribute, kind=Kind.MFA, code=code)
    if isinstance(visitor.who, Stranger):
        return simulated_delivery_to(pool, visitor.client, visitor.name, attribute)
    return CodeDeliveryDetails(
        destination=outbox.masked(attribute, visitor.who.attributes[attribute]),
        delivery_medium=outbox.medium_of(attribute),
        attribute_name=attribute,
    )


def _reached(visitor: Visitor) -> User | None:
    """The user whom a code is sent to."""
    return visitor.who if isinstance(visitor.who, User) and visitor.who.enabled else None
