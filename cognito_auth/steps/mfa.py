"""Steps that set up a second factor while the sign-in waits for it: an authenticator app, or codes by mail."""

from __future__ import annotations

from ..api.mfa import AssociateSoftwareToken, AssociateSoftwareTokenReply, VerifySoftwareToken, VerifySoftwareTokenReply
from ..effects import Flow, perform
from ..errors import CodeMismatch, InvalidAnswer, ProtocolError
from ..states import (
    EmailOtp,
    FinishSetup,
    MfaSetup,
    SetUpEmail,
    SetUpSoftwareToken,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    State,
)
from .sending import respond


def begin_setup(state: MfaSetup, _: SetUpSoftwareToken) -> Flow[State]:
    """Ask for the authenticator app's secret; raises `InvalidAnswer` when the pool does not offer authenticator apps."""
    _require(state, SoftwareTokenMfa.challenge_name)
    reply = yield from perform(AssociateSoftwareToken(session=state.session))
    return SoftwareTokenPending(
        username=state.username,
        session=reply.session or state.session,
        course=state.course,
        secret_code=secret_code(reply),
    )


def verify_setup(state: SoftwareTokenPending, event: SoftwareTokenCode) -> Flow[State]:
    """Prove with a code that the app was set up."""
    reply = yield from perform(
        VerifySoftwareToken(session=state.session, user_code=event.code, friendly_device_name=event.device_name)
    )
    require_success(reply)
    return SoftwareTokenVerified(username=state.username, session=reply.session or state.session, course=state.course)


def set_up_email(state: MfaSetup, event: SetUpEmail) -> Flow[State]:
    """Answer ``MFA_SETUP`` with the address that codes go to; raises `InvalidAnswer` when the pool does not offer that."""
    _require(state, EmailOtp.challenge_name)
    return (yield from respond(state, {"EMAIL": event.address}))


def finish_setup(state: SoftwareTokenVerified, _: FinishSetup) -> Flow[State]:
    """Answer ``MFA_SETUP`` with the session that the verification handed out."""
    return (yield from respond(state, {}))


def _require(state: MfaSetup, factor: str) -> None:
    if factor not in state.choices:
        raise InvalidAnswer(f"{factor} is not one of {', '.join(state.choices)}")


def secret_code(reply: AssociateSoftwareTokenReply) -> str:
    """The authenticator app's secret (base32); raises `ProtocolError` where it is missing."""
    if reply.secret_code is None:
        raise ProtocolError("AssociateSoftwareToken answered without a secret")
    return reply.secret_code


def require_success(reply: VerifySoftwareTokenReply) -> None:
    """Raise `CodeMismatch` unless the code was right; Cognito says it by an error as a rule, and by the status at times."""
    if reply.status != "SUCCESS":
        raise CodeMismatch("EnableSoftwareTokenMFAException", f"the status is {reply.status}", operation="VerifySoftwareToken")
