"""Deleting a user, with everything that is the user's.

Every table whose records name a user, by name or by sub, is cleared; one that is added later is cleared too. What a sign-in
left stays for a while as a record that names nobody, so that its tokens are told that the user does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.account import DeleteUser
from ...api.structure import NoReply
from ...api.users import AdminDeleteUser
from ..base.access import caller_of, pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import User
from ..store.tables import GRANTS, TABLES
from .users import user_of

_NOBODY: Final = ""
"""No user's name and no user's sub."""


def admin_delete_user(context: Context, request: AdminDeleteUser) -> NoReply:
    _remove(context, user_of(context, pool_of(context, request.user_pool_id), request.username))
    return NoReply()


def delete_user(context: Context, request: DeleteUser) -> NoReply:
    _remove(context, caller_of(context, request.access_token).user)
    return NoReply()


def _remove(context: Context, user: User) -> None:
    for grant in list(context.records.find(GRANTS, pool_id=user.pool_id, user=user.name)):
        context.records.put(GRANTS, replace(grant, user=_NOBODY, sub=_NOBODY))
    names = {"user": user.name, "sub": user.sub, "subject": user.sub}
    for table in TABLES:
        for column, value in names.items():
            if {"pool_id", column} <= set(table.members):
                context.records.delete(table, **{"pool_id": user.pool_id, column: value})


HANDLERS: Final[Handlers] = handlers(admin_delete_user, delete_user)
