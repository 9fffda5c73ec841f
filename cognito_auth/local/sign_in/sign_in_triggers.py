"""The triggers around a sign-in: before anything is proved, and after everything was.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import faults
from ..base.context import Context
from ..base.invocation import invoke, user_attributes
from ..base.triggers import Trigger
from ..store.records import Pool, User
from ..store.tables import USERS
from ..users.names import Stranger


def pre_authentication(
    context: Context, pool: Pool, who: User | Stranger, name: str, *, validation: Mapping[str, str] | None
) -> None:
    """Ask the trigger whether somebody may sign in; ``name`` is as it was given. Raises `Fault` when it refuses."""
    request = {
        "userAttributes": user_attributes(who) if isinstance(who, User) else {},
        "validationData": None if validation is None else dict(validation),
        "userNotFound": not isinstance(who, User),
    }
    username = who.username if isinstance(who, User) else name
    invoke(context, pool, Trigger.PRE_AUTHENTICATION, "Authentication", username=username, request=request)


def post_authentication(context: Context, pool: Pool, user: User, *, new_device: bool) -> User:
    """Tell the trigger that a user is signed in; gives the user as the trigger leaves it. Raises `Fault` when it refuses."""
    request = {"userAttributes": user_attributes(user), "newDeviceUsed": new_device}
    response = invoke(context, pool, Trigger.POST_AUTHENTICATION, "Authentication", username=user.username, request=request)
    if response is None:
        return user
    found = context.records.get(USERS, pool.id, user.name)
    if found is None or found.sub != user.sub:
        raise faults.SESSION_INVALID
    if not found.enabled:
        raise faults.USER_DISABLED
    return found
