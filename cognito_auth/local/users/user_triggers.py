"""The triggers around a user's account: before it is made, after it is confirmed, and on each message.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html,
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ...api.types import Attribute
from ..base import faults
from ..base.context import Context
from ..base.invocation import Response, invoke, user_attributes
from ..base.triggers import Trigger
from ..store.records import Pool, User
from ..store.tables import USERS
from . import attributes

CODE_MARK: Final = "{####}"
NAME_MARK: Final = "{username}"
INVITATION: Final = "AdminCreateUser"
"""The occasion of a message that tells a new user the name and the password."""
_AUTOMATIC: Final[Mapping[str, str]] = {"autoVerifyEmail": "email", "autoVerifyPhone": "phone_number"}


def pre_sign_up(
    context: Context,
    pool: Pool,
    user: User,
    occasion: str,
    *,
    given: Mapping[str, str],
    validation: tuple[Attribute, ...] | None,
) -> User:
    """The new user as the trigger lets it be made: confirmed and verified at once, if it says so.

    ``given`` are the attributes of the request. Raises `Fault` when the trigger refuses.
    """
    shown = {name: value for name, value in user.attributes.items() if name in given or not name.endswith("_verified")}
    data = None if validation is None else attributes.as_mapping(validation)
    request = {"userAttributes": shown, "validationData": data}
    response = invoke(context, pool, Trigger.PRE_SIGN_UP, occasion, username=user.username, request=request)
    if response is None:
        return user
    if context.records.get(USERS, pool.id, user.name) is not None:
        # The trigger itself has made it.
        raise faults.USERNAME_EXISTS
    return user if occasion == INVITATION else _as_answered(user, response)


def _as_answered(user: User, response: Response) -> User:
    verified = [attribute for flag, attribute in _AUTOMATIC.items() if response.flag(flag)]
    if not all(user.attributes.get(attribute) for attribute in verified):
        raise faults.TRIGGER_OUTPUT
    flags = {f"{attribute}_verified": "true" for attribute in verified}
    status = "CONFIRMED" if response.flag("autoConfirmUser") else user.status
    return replace(user, status=status, attributes={**user.attributes, **flags})


def post_confirmation(context: Context, pool: Pool, user: User, occasion: str) -> None:
    """Tell the trigger that a user is confirmed. Raises `Fault` when it refuses; the user is confirmed all the same."""
    request = {"userAttributes": user_attributes(user)}
    with faults.keeping():
        invoke(context, pool, Trigger.POST_CONFIRMATION, occasion, username=user.username, request=request)


def custom_message(context: Context, pool: Pool, user: User, occasion: str, *, by_mail: bool) -> str | None:
    """What a message is to say, if the trigger says it.

    Raises `Fault` when the text has no place for the code, and for mail where the pool does not send its own.
    """
    invites = occasion == INVITATION
    request = {
        "userAttributes": user_attributes(user),
        "codeParameter": CODE_MARK,
        "usernameParameter": NAME_MARK if invites else None,
    }
    response = invoke(context, pool, Trigger.CUSTOM_MESSAGE, occasion, username=user.username, request=request)
    if response is None:
        return None
    mail, text, subject = (response.text(name) for name in ("emailMessage", "smsMessage", "emailSubject"))
    if (mail or subject) and not _sends_own_mail(pool):
        raise faults.TRIGGER_OUTPUT
    said = mail if by_mail else text
    if said and not all(mark in said for mark in ((CODE_MARK, NAME_MARK) if invites else (CODE_MARK,))):
        raise faults.TRIGGER_OUTPUT
    return said or None


def _sends_own_mail(pool: Pool) -> bool:
    configuration = pool.settings.email_configuration
    return configuration is not None and configuration.email_sending_account == "DEVELOPER"
