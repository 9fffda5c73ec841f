"""Verifying an address of a signed-in user with a code.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.account import GetUserAttributeVerificationCode, GetUserAttributeVerificationCodeReply, VerifyUserAttribute
from ...api.structure import NoReply
from ..base import faults
from ..base.access import caller_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from . import attributes, codes, lockout
from .lockout import Limited
from .names import save_user
from .outbox import Kind


def get_user_attribute_verification_code(
    context: Context, request: GetUserAttributeVerificationCode
) -> GetUserAttributeVerificationCodeReply:
    caller = caller_of(context, request.access_token)
    pool, user, attribute = caller.pool, caller.user, _verifiable(request.attribute_name)
    lockout.count(context, pool, user.sub, Limited.SEND_CODE)
    waiting = codes.waiting_code(context, user, codes.verification(attribute))
    pending = waiting is not None and waiting.pending
    if waiting is not None:
        user = replace(user, attributes={**user.attributes, attribute: waiting.address})
    if not user.attributes.get(attribute):
        raise faults.NO_DESTINATION(keep=True)
    context = replace(context, client_id=caller.client.id)
    details = codes.send_code(context, pool, user, attribute, Kind.VERIFY_ATTRIBUTE, pending=pending)
    return GetUserAttributeVerificationCodeReply(code_delivery_details=details)


def verify_user_attribute(context: Context, request: VerifyUserAttribute) -> NoReply:
    caller = caller_of(context, request.access_token)
    pool, user, attribute = caller.pool, caller.user, _verifiable(request.attribute_name)
    lockout.count(context, pool, user.sub, Limited.VERIFY)
    code = codes.check_code(context, user, codes.verification(attribute), request.code)
    verified = {**user.attributes, attribute: code.address, f"{attribute}_verified": "true"}
    save_user(context, pool, replace(user, attributes=verified))
    codes.void(context, user, code.purpose)
    return NoReply()


def _verifiable(attribute: str) -> str:
    if attribute not in attributes.VERIFIABLE:
        raise faults.NOT_VERIFIABLE(attribute)
    return attribute


HANDLERS: Final[Handlers] = handlers(get_user_attribute_verification_code, verify_user_attribute)
