"""Messages: what they say, where they go, and the box in which they stay, for nothing is really sent.

Source of the default texts and of the masks of addresses:
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from ...api.pool_settings import MessageTemplate, VerificationMessageTemplate
from ...api.types import CodeDeliveryDetails
from ..base.context import Context
from ..store.records import Letter, Message, Pool, User
from ..store.tables import LETTERS
from .user_triggers import CODE_MARK, INVITATION, NAME_MARK, custom_message

__all__ = ["Kind", "Message", "masked", "medium_of", "send"]

_VERIFICATION: Final = f"Your verification code is {CODE_MARK}. "
_AUTHENTICATION: Final = f"Your authentication code is {CODE_MARK}. "
_INVITATION: Final = f"Your username is {NAME_MARK} and temporary password is {CODE_MARK}. "
_SHOWN_DIGITS: Final = 4


class Kind(Enum):
    """What a message is for."""

    SIGN_UP = "sign_up"
    RESEND = "resend"
    FORGOT_PASSWORD = "forgot_password"  # noqa: S105 a name
    UPDATE_ATTRIBUTE = "update_attribute"
    VERIFY_ATTRIBUTE = "verify_attribute"
    MFA = "mfa"
    INVITATION = "invitation"


_OCCASIONS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SIGN_UP: "SignUp",
        Kind.RESEND: "ResendCode",
        Kind.FORGOT_PASSWORD: "ForgotPassword",
        Kind.UPDATE_ATTRIBUTE: "UpdateUserAttribute",
        Kind.VERIFY_ATTRIBUTE: "VerifyUserAttribute",
        Kind.MFA: "Authentication",
        Kind.INVITATION: INVITATION,
    }
)
"""What the trigger is told that a message is for."""


def send(context: Context, pool: Pool, user: User, *, attribute: str, kind: Kind, code: str) -> CodeDeliveryDetails:
    """Put a message to the user's ``email`` or ``phone_number`` into the outbox. Raises `Fault` where the trigger keeps it."""
    medium, to = medium_of(attribute), user.attributes[attribute]
    said = custom_message(context, pool, user, _OCCASIONS[kind], by_mail=medium == "EMAIL")
    text = (said or _template(pool, medium, kind)).replace(CODE_MARK, code).replace(NAME_MARK, user.username)
    message = Message(
        medium=medium,
        to=to,
        kind=kind.value,
        code=code,
        text=text,
        username=user.username,
        user_pool_id=pool.id,
        sent_at=context.now,
    )
    context.records.insert(LETTERS, Letter(id=context.uuid(), pool_id=pool.id, user=user.name, message=message))
    return CodeDeliveryDetails(destination=masked(attribute, to), delivery_medium=medium, attribute_name=attribute)


def medium_of(attribute: str) -> str:
    """How an attribute is reached: ``EMAIL`` or ``SMS``."""
    return "EMAIL" if attribute == "email" else "SMS"


def masked(attribute: str, address: str) -> str:
    """The address as a reply may show it: ``a***@e***`` or ``+*******4321``."""
    if attribute == "email":
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host[:1]}***"
    return f"+{'*' * max(len(address) - _SHOWN_DIGITS - 1, 0)}{address[-_SHOWN_DIGITS:]}"


def _template(pool: Pool, medium: str, kind: Kind) -> str:
    by_mail, settings = medium == "EMAIL", pool.settings
    if kind is Kind.INVITATION:
        config = settings.admin_create_user_config
        invitation = (config and config.invite_message_template) or MessageTemplate()
        return (invitation.email_message if by_mail else invitation.sms_message) or _INVITATION
    if kind is Kind.MFA:
        mail = pool.email_mfa.message if pool.email_mfa else None
        return (mail if by_mail else settings.sms_authentication_message) or _AUTHENTICATION
    template = settings.verification_message_template or VerificationMessageTemplate()
    if by_mail:
        return template.email_message or settings.email_verification_message or _VERIFICATION
    return template.sms_message or settings.sms_verification_message or _VERIFICATION
