"""Signing up and confirming it, and on from there into the sign-in where the pool allows that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from ...api.types import CodeDeliveryDetails
from ...api.wire import from_wire, to_wire
from ...effects import Flow
from ...errors import (
    AliasExists,
    CodeDeliveryFailed,
    CodeMismatch,
    RequestRejected,
    ServiceError,
    TransportError,
    UsernameExists,
)
from ...flows import advance
from ...flows import sign_up as register
from ...states import ConfirmationCode, Confirmed, ResendCode, SignInAfterwards, State, Unconfirmed
from ..body import Flag, Texts
from ..http import Reply
from ..options import DAY
from ..rate_limits import Limited, named_in_body
from ..route import Call, Route
from .concealing import CODE_SENT, NO_CODE_SENT, no_such_code, told_as
from .new_password import require_good
from .outcome import tell
from .sign_in import CODE, DELIVERY, PASSWORD, STATE, USERNAME

_PURPOSE: Final = "sign-up"
_CONFIRMED: Final = {"status": "confirmed"}
_TAKEN: Final = (AliasExists, CodeDeliveryFailed, UsernameExists)
"""What tells that a name or an address is taken, and what is told only where it is not."""


def sign_up(call: Call) -> Flow[Reply]:
    """Register. The reply's state stands for the sign-up when it is confirmed. Where it is not to be told whether the name was
    free, the reply says nothing of what only a new account has: where the code went, and the session that it begins with."""
    yield from require_good(call, call.body["username"], call.body["password"])
    registering = register(call.body["username"], call.body["password"], call.body.get("attributes"))
    if call.auth.options.conceal_sign_up:
        with suppress(*_TAKEN):
            yield from registering
        reached: State = Unconfirmed(username=call.body["username"])
    else:
        reached = yield from registering
    if not isinstance(reached, Unconfirmed):
        return Reply(document=_CONFIRMED)
    state = yield from call.auth.vault.seal_document(to_wire(reached), _PURPOSE, DAY)
    return Reply(document={"status": "confirmation_required", **delivery(reached.delivery), "state": state})


def confirm(call: Call) -> Flow[Reply]:
    """Confirm with the code that was sent, and sign in at once if that is wished and the pool allows it. An unknown user is
    told as a wrong code is."""
    handed_over = call.auth.delivery(call.body.get("delivery"))
    if call.body.get("sign_in") and "state" not in call.body:
        raise RequestRejected("sign_in needs the state that signing up replied with")
    unconfirmed = yield from _unconfirmed(call)
    call.visit.typed(unconfirmed.username)
    with told_as(CodeMismatch, *no_such_code(call.auth.options)):
        confirmed = yield from advance(unconfirmed, ConfirmationCode(code=call.body["code"]))
    yield from call.visit.report("sign_up_confirmed")
    if isinstance(confirmed, Confirmed) and confirmed.session is not None and call.body.get("sign_in"):
        # The account is confirmed whatever comes of this: failing that, the person signs in as usual.
        with suppress(ServiceError, TransportError):
            return (yield from tell(call, (yield from advance(confirmed, SignInAfterwards())), handed_over))
    return Reply(document=_CONFIRMED)


def _unconfirmed(call: Call) -> Flow[Unconfirmed]:
    """The sign-up that is to be confirmed: by the state in the body, or by the user's name alone."""
    if ("state" in call.body) == ("username" in call.body):
        raise RequestRejected("give either state or username")
    if "username" in call.body:
        return Unconfirmed(username=call.body["username"])
    return from_wire(Unconfirmed, (yield from call.auth.vault.open_document(call.body["state"], _PURPOSE)))


def _who_confirms(call: Call) -> Flow[str]:
    return (yield from _unconfirmed(call)).username


def resend(call: Call) -> Flow[Reply]:
    """Send the confirmation code again, where there is an account that waits for one."""
    with suppress(*NO_CODE_SENT):
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
        limited=Limited("sign_up", named_in_body),
        event="signed_up",
    ),
    Route(
        name="signup_confirm",
        method="POST",
        path="signup/confirm",
        endpoint=confirm,
        summary="Confirm a sign-up with the code that was sent",
        members=(
            replace(USERNAME, required=False),
            replace(STATE, required=False),
            CODE,
            Flag("sign_in", required=False),
            DELIVERY,
        ),
        limited=Limited("answer", _who_confirms),
    ),
    Route(
        name="signup_resend",
        method="POST",
        path="signup/resend",
        endpoint=resend,
        summary="Send the confirmation code again",
        members=(USERNAME,),
        limited=Limited("code", named_in_body),
        event="code_requested",
    ),
)
