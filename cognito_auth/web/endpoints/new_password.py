"""New passwords, which an application can look at before Cognito does."""

from __future__ import annotations

from ...effects import Compute, Flow, perform
from ...errors import InvalidPassword
from ..refusals import POLICY
from ..route import Call


def require_good(call: Call, username: str, password: str) -> Flow[None]:
    """Raise `InvalidPassword` for a password that `WebOptions.password_rule` refuses, whether or not there is such a user."""
    rule = call.auth.options.password_rule
    if rule is None:
        return
    reason = yield from perform(Compute(lambda: rule(username, password)))
    if reason is not None:
        raise InvalidPassword("InvalidPasswordException", f"{POLICY}{reason}", operation="password_rule")
