"""How a sign-in ends before its time, with everything that came of it."""

from __future__ import annotations

from dataclasses import replace

from ..base.context import Context
from ..store.records import Grant, User
from ..store.tables import GRANTS, USER_SESSIONS


def revoke(context: Context, grant: Grant) -> None:
    """Revoke a sign-in: its tokens are dead, and its session is not listed any more."""
    context.records.put(GRANTS, replace(grant, revoked=True))
    if grant.session is not None:
        context.records.delete(USER_SESSIONS, pool_id=grant.pool_id, sub=grant.sub, id=grant.session)


def revoke_all(context: Context, user: User) -> None:
    """Revoke every sign-in of the user."""
    for grant in context.records.find(GRANTS, pool_id=user.pool_id, user=user.name):
        revoke(context, grant)
