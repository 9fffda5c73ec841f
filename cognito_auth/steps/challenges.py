"""Steps that answer a challenge with what the person gave."""

from __future__ import annotations

from collections.abc import Mapping

from ..api.auth import RespondToAuthChallenge
from ..effects import Flow, perform
from ..errors import InvalidAnswer
from ..states import (
    Challenge,
    ChallengeResponses,
    MfaChoice,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    SelectMfaType,
    SmsCode,
    SmsMfa,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    State,
)
from .replies import next_state


def respond(state: Challenge, challenge_name: str, responses: Mapping[str, str]) -> Flow[State]:
    """Answer the challenge that ``state`` stands at, under the pool's own name for the user."""
    reply = yield from perform(
        RespondToAuthChallenge(
            challenge_name=challenge_name,
            session=state.session,
            challenge_responses={**responses, "USERNAME": state.username},
        )
    )
    return next_state(reply, state.username)


def software_token_code(state: SoftwareTokenMfa, event: SoftwareTokenCode) -> Flow[State]:
    """Answer ``SOFTWARE_TOKEN_MFA``."""
    return (yield from respond(state, "SOFTWARE_TOKEN_MFA", {"SOFTWARE_TOKEN_MFA_CODE": event.code}))


def sms_code(state: SmsMfa, event: SmsCode) -> Flow[State]:
    """Answer ``SMS_MFA``."""
    return (yield from respond(state, "SMS_MFA", {"SMS_MFA_CODE": event.code}))


def mfa_choice(state: SelectMfaType, event: MfaChoice) -> Flow[State]:
    """Answer ``SELECT_MFA_TYPE``; raises `InvalidAnswer` for a factor that is not on offer."""
    if event.choice not in state.choices:
        raise InvalidAnswer(f"the choice is not one of {', '.join(state.choices)}")
    return (yield from respond(state, "SELECT_MFA_TYPE", {"ANSWER": event.choice}))


def new_password(state: NewPasswordRequired, event: NewPassword) -> Flow[State]:
    """Answer ``NEW_PASSWORD_REQUIRED``; raises `InvalidAnswer` when a required attribute is not given."""
    given = event.attributes or {}
    missing = [name for name in state.required_attributes if not given.get(name)]
    if missing:
        raise InvalidAnswer(f"these attributes are required: {', '.join(missing)}")
    attributes = {f"userAttributes.{name}": value for name, value in given.items()}
    return (yield from respond(state, "NEW_PASSWORD_REQUIRED", {"NEW_PASSWORD": event.password, **attributes}))


def other(state: OtherChallenge, event: ChallengeResponses) -> Flow[State]:
    """Answer a challenge that has no class of its own."""
    return (yield from respond(state, state.name, event.responses))
