"""Signing up and confirming it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from ...api.types import CodeDeliveryDetails
from ...effects import Flow
from ...errors import (
    AlreadyConfirmed,
    AttemptLimitExceeded,
    CodeDeliveryFailed,
    CodeMismatch,
    InvalidParameter,
    ResetNotPossible,
    UserDisabled,
    UserNotFound,
)
from ...flows import advance
from ...flows import sign_up as register
from ...states import ConfirmationCode, Confirmed, ResendCode, Unconfirmed
from ..body import Texts
from ..http import Reply
from ..route import Call, Route
from .sign_in import CODE, PASSWORD, USERNAME

CODE_SENT: Final = {"status": "code_sent"}
"""Told whether or not there is such an account, so that nobody learns who has one."""

CONCEALED: Final = (
    AlreadyConfirmed,
    AttemptLimitExceeded,
    CodeDeliveryFailed,
    InvalidParameter,
    ResetNotPossible,
    UserDisabled,
    UserNotFound,
)
"""What Cognito says of an account, or of its absence, in place of sending a code; also its limit on codes, which counts only
for accounts that there are."""


def sign_up(call: Call) -> Flow[Reply]:
    """Register."""
    reached = yield from register(call.body["username"], call.body["password"], call.body.get("attributes"))
    if isinstance(reached, Confirmed):
        return Reply(document={"status": "confirmed"})
    sent = reached.delivery if isinstance(reached, Unconfirmed) else None
    return Reply(document={"status": "confirmation_required", **delivery(sent)})


def confirm(call: Call) -> Flow[Reply]:
    """Confirm with the code that was sent. An unknown user is told as a wrong code is."""
    try:
        yield from advance(Unconfirmed(username=call.body["username"]), ConfirmationCode(code=call.body["code"]))
    except UserNotFound as error:
        raise CodeMismatch(error.aws_code, error.message, operation=error.operation) from error
    return Reply(document={"status": "confirmed"})


def resend(call: Call) -> Flow[Reply]:
    """Send the confirmation code again, where there is an account that waits for one."""
    with suppress(*CONCEALED):
        yield from advance(Unconfirmed(username=call.body["username"]), ResendCode())
    return Reply(document=CODE_SENT)


def delivery(details: CodeDeliveryDetails | None) -> dict[str, Any]:
    """The member that says where a code was sent."""
    if details is None:
        return {}
    return {"delivery": {"medium": details.delivery_medium, "destination": details.destination}}


ROUTES: Final = (
    Route(
        name="signup",
        method="POST",
        path="signup",
        endpoint=sign_up,
        summary="Sign up",
        members=(USERNAME, PASSWORD, Texts("attributes", required=False)),
        success=201,
    ),
    Route(
        name="signup_confirm",
        method="POST",
        path="signup/confirm",
        endpoint=confirm,
        summary="Confirm a sign-up with the code that was sent",
        members=(USERNAME, CODE),
    ),
    Route(
        name="signup_resend",
        method="POST",
        path="signup/resend",
        endpoint=resend,
        summary="Send the confirmation code again",
        members=(USERNAME,),
    ),
)
