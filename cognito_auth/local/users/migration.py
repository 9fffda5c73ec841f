"""Users who come from elsewhere: the trigger is asked for a user whom the pool does not have.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..base import faults
from ..base.context import Context
from ..base.invocation import Response, function_of, invoke
from ..base.triggers import Trigger
from ..store.records import Client, Pool
from . import attributes, lockout, passwords
from .delivery import is_discreet
from .names import find_user, save_user, stranger
from .new_user import new_user

_STATUSES: Final = frozenset({"CONFIRMED", "RESET_REQUIRED"})
_MESSAGE_ACTIONS: Final = frozenset({None, "SUPPRESS", "RESEND"})


def migrate(
    context: Context,
    pool: Pool,
    client: Client,
    name: str,
    *,
    password: str | None = None,
    validation: Mapping[str, str] | None = None,
) -> None:
    """Make the user who is called so, unless there is one, as the trigger tells it, if there is a trigger.

    ``password`` is the one that was given to sign in; without one, a forgotten password is to be replaced. Raises `Fault` when
    what the trigger tells cannot be a user of the pool. That it refuses is told only where the client may know who exists.
    """
    if function_of(context, pool, Trigger.USER_MIGRATION) is None or find_user(context, pool, name) is not None:
        return
    if password is not None:
        lockout.check_lock(context, pool, stranger(pool, client.id, name).sub)
    occasion = "ForgotPassword" if password is None else "Authentication"
    data = None if validation is None else dict(validation)
    request = {**({} if password is None else {"password": password}), "validationData": data}
    try:
        response = invoke(context, pool, Trigger.USER_MIGRATION, occasion, username=name, request=request)
    except faults.TRIGGER_FAILED as refused:
        if is_discreet(client):
            return
        raise faults.MIGRATION_FAILED(client.id) from refused
    if response is not None and response.texts("userAttributes"):
        _create(context, pool, name, response, password)


def _create(context: Context, pool: Pool, name: str, response: Response, password: str | None) -> None:
    given = response.texts("userAttributes") or {}
    status = response.text("finalUserStatus") or "RESET_REQUIRED"
    response.names("desiredDeliveryMediums")
    if status not in _STATUSES or response.text("messageAction") not in _MESSAGE_ACTIONS:
        raise faults.TRIGGER_OUTPUT
    called = given.pop("username", name)
    user = new_user(context, pool, called, given, status=status, exists=faults.TRIGGER_OUTPUT)
    attributes.check_required(pool, user.attributes)
    if password is not None:
        user = passwords.with_any_password(context, pool, user, password)
    if response.flag("enableSMSMFA"):
        if not user.attributes.get("phone_number"):
            raise faults.TRIGGER_OUTPUT
        user = replace(user, factors=("SMS_MFA",))
    save_user(context, pool, user, force=response.flag("forceAliasCreation"), taken=faults.TRIGGER_OUTPUT)
