"""Replacing a forgotten password, and changing a known one."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from ...effects import Flow
from ...errors import CodeMismatch
from ...flows import advance, change_password, forgot_password
from ...states import ResetCode, ResetCodeSent
from ..body import Member
from ..http import Reply
from ..rate_limits import Limited, named_in_body, signed_in
from ..route import Call, Route
from .concealing import CODE_SENT, NO_CODE_SENT, no_such_code, told_as
from .new_password import require_good
from .sign_in import CODE, USERNAME

_NEW_PASSWORD: Final = Member("new_password", max_length=256)


def forgot(call: Call) -> Flow[Reply]:
    """Send a code, where there is an account whose password can be reset by one."""
    with suppress(*NO_CODE_SENT):
        yield from forgot_password(call.body["username"])
    return Reply(document=CODE_SENT)


def reset(call: Call) -> Flow[Reply]:
    """Set a new password with the code that was sent. An unknown user is told as a wrong code is."""
    yield from require_good(call, call.body["username"], call.body["new_password"])
    event = ResetCode(code=call.body["code"], new_password=call.body["new_password"])
    with told_as(CodeMismatch, *no_such_code(call.auth.options)):
        yield from advance(ResetCodeSent(username=call.body["username"]), event)
    return Reply(document={"status": "password_replaced"})


def change(call: Call) -> Flow[Reply]:
    """Replace the signed-in user's password, or give a first one to somebody who has none."""
    yield from require_good(call, call.user.username or "", call.body["new_password"])
    yield from change_password(call.access_token, call.body.get("previous_password"), call.body["new_password"])
    return Reply(document={"status": "password_replaced"})


ROUTES: Final = (
    Route(
        name="password_forgot",
        method="POST",
        path="password/forgot",
        endpoint=forgot,
        summary="Send a code with which a forgotten password can be replaced",
        members=(USERNAME,),
        limited=Limited("code", named_in_body),
        event="code_requested",
    ),
    Route(
        name="password_reset",
        method="POST",
        path="password/reset",
        endpoint=reset,
        summary="Set a new password with the code that was sent",
        members=(USERNAME, CODE, _NEW_PASSWORD),
        limited=Limited("answer", named_in_body),
        event="password_reset",
    ),
    Route(
        name="password_change",
        method="POST",
        path="password/change",
        endpoint=change,
        summary="Replace the password",
        members=(Member("previous_password", max_length=256, required=False), _NEW_PASSWORD),
        guarded=True,
        limited=Limited("answer", signed_in),
        event="password_changed",
    ),
)
