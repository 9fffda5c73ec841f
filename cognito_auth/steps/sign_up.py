"""Steps of signing up and confirming it."""

from __future__ import annotations

from dataclasses import replace

from ..api.sign_up import ConfirmSignUp, ResendConfirmationCode, SignUp
from ..api.types import Attribute
from ..effects import Flow, perform
from ..errors import SessionInvalid
from ..states import ConfirmationCode, Confirmed, Registration, ResendCode, SignedOut, State, Unconfirmed


def register(_: SignedOut, event: Registration) -> Flow[State]:
    """Sign up; some pools confirm at once."""
    attributes = tuple(Attribute(name=name, value=value) for name, value in (event.attributes or {}).items())
    reply = yield from perform(SignUp(username=event.username, password=event.password, user_attributes=attributes or None))
    if reply.user_confirmed:
        return Confirmed(username=event.username, session=reply.session)
    return Unconfirmed(username=event.username, delivery=reply.code_delivery_details, session=reply.session)


def confirm(state: Unconfirmed, event: ConfirmationCode) -> Flow[State]:
    """Confirm with the code that was sent. A code lives for hours and a session for minutes: without a session that is still
    good, the code confirms all the same, and the sign-in is as usual."""
    operation = ConfirmSignUp(username=state.username, confirmation_code=event.code, session=state.session)
    try:
        reply = yield from perform(operation)
    except SessionInvalid:
        if state.session is None:
            raise
        reply = yield from perform(replace(operation, session=None))
    return Confirmed(username=state.username, session=reply.session)


def resend(state: Unconfirmed, _: ResendCode) -> Flow[State]:
    """Send the code again."""
    reply = yield from perform(ResendConfirmationCode(username=state.username))
    return replace(state, delivery=reply.code_delivery_details)
