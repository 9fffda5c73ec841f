"""Steps of replacing a forgotten password."""

from __future__ import annotations

from ..api.account import ConfirmForgotPassword, ForgotPassword
from ..effects import Flow, perform
from ..states import ForgottenPassword, PasswordReplaced, ResendCode, ResetCode, ResetCodeSent, SignedOut, State


def forgot(_: SignedOut, event: ForgottenPassword) -> Flow[State]:
    """Send a code; whether the user exists is not told where the app client prevents it."""
    return (yield from _send_code(event.username))


def resend(state: ResetCodeSent, _: ResendCode) -> Flow[State]:
    """Send another code."""
    return (yield from _send_code(state.username))


def reset(state: ResetCodeSent, event: ResetCode) -> Flow[State]:
    """Set the new password with the code that was sent."""
    yield from perform(
        ConfirmForgotPassword(username=state.username, confirmation_code=event.code, password=event.new_password)
    )
    return PasswordReplaced(username=state.username)


def _send_code(username: str) -> Flow[ResetCodeSent]:
    reply = yield from perform(ForgotPassword(username=username))
    return ResetCodeSent(username=username, delivery=reply.code_delivery_details)
