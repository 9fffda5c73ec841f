"""Sign-in by a password in clear, wherever in a flow it is given."""

from __future__ import annotations

from ...api.auth import AuthReply
from ..base import faults
from ..store.records import User
from ..users import passwords
from ..users.lockout import check_lock, count_failure, forget_failures
from ..users.names import Stranger
from .progress import PASSWORD, password_was_right
from .visitor import Visitor


def prove_password(visitor: Visitor, password: str, device_key: str | None) -> AuthReply:
    """Check a password and go on with the sign-in. ``device_key`` is the one that the client sends.

    Raises `Fault`; wrong passwords are counted, and nobody's are counted alike.
    """
    context, pool, who = visitor.context, visitor.pool, visitor.who
    check_lock(context, pool, who.sub)
    if isinstance(who, Stranger):
        right = passwords.matches_nobody(pool, who, password)
    else:
        right = passwords.matches(pool, who.username, who.password, password)
    if isinstance(who, Stranger) or not right:
        count_failure(context, pool, who.sub)
        if isinstance(who, User):
            visitor.signing_in(who).record("Fail", failed=PASSWORD)
        raise faults.INCORRECT(keep=True)
    forget_failures(context, pool, who.sub)
    return password_was_right(visitor.signing_in(who), device_key)
