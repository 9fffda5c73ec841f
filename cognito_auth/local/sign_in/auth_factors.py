"""Which factors a user can sign in with.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
"""

from __future__ import annotations

from typing import Final

from ...api.account import GetUserAuthFactors, GetUserAuthFactorsReply
from ..base.access import caller_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Pool, User
from ..store.tables import PASSKEYS
from ..users import passwords
from ..users.factors import FIRST_CODES, reaches


def get_user_auth_factors(context: Context, request: GetUserAuthFactors) -> GetUserAuthFactorsReply:
    caller = caller_of(context, request.access_token)
    return GetUserAuthFactorsReply(
        username=caller.user.username,
        preferred_mfa_setting=caller.user.preferred_factor,
        user_mfa_setting_list=caller.user.factors or None,
        configured_user_auth_factors=_configured(context, caller.pool, caller.user),
    )


def _configured(context: Context, pool: Pool, user: User) -> tuple[str, ...]:
    """What the user has, and the pool lets open a sign-in; an authenticator app is named although it only comes second."""
    usable = passwords.first_factors(pool)
    has = {
        "PASSWORD": user.password is not None,
        **{factor: factor in usable and reaches(user, factor) for factor in FIRST_CODES},
        "WEB_AUTHN": "WEB_AUTHN" in usable and context.records.count(PASSKEYS, pool_id=user.pool_id, sub=user.sub) > 0,
        "SOFTWARE_TOKEN": user.software_token is not None,
    }
    return tuple(factor for factor, there in has.items() if there)


HANDLERS: Final[Handlers] = handlers(get_user_auth_factors)
