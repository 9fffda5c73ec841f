"""Steps that answer a challenge with what the person gave."""

from __future__ import annotations

import json

from ..effects import Flow
from ..errors import InvalidAnswer
from ..states import (
    ChallengeResponses,
    CustomAnswer,
    CustomChallenge,
    EmailCode,
    EmailOtp,
    MfaChoice,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasskeyCredential,
    SelectMfaType,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    State,
    WebAuthn,
)
from .sending import respond


def software_token_code(state: SoftwareTokenMfa, event: SoftwareTokenCode) -> Flow[State]:
    """Answer ``SOFTWARE_TOKEN_MFA``."""
    return (yield from respond(state, {"SOFTWARE_TOKEN_MFA_CODE": event.code}))


def sms_code(state: SmsMfa, event: SmsCode) -> Flow[State]:
    """Answer ``SMS_MFA``."""
    return (yield from respond(state, {"SMS_MFA_CODE": event.code}))


def sms_otp(state: SmsOtp, event: SmsCode) -> Flow[State]:
    """Answer ``SMS_OTP``."""
    return (yield from respond(state, {"SMS_OTP_CODE": event.code}))


def email_code(state: EmailOtp, event: EmailCode) -> Flow[State]:
    """Answer ``EMAIL_OTP``."""
    return (yield from respond(state, {"EMAIL_OTP_CODE": event.code}))


def passkey(state: WebAuthn, event: PasskeyCredential) -> Flow[State]:
    """Answer ``WEB_AUTHN``; raises `InvalidAnswer` for a credential that is not a JSON object."""
    try:
        document = json.loads(event.credential)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise InvalidAnswer("the credential is not a JSON object")
    return (yield from respond(state, {"CREDENTIAL": event.credential}))


def custom_answer(state: CustomChallenge, event: CustomAnswer) -> Flow[State]:
    """Answer ``CUSTOM_CHALLENGE``."""
    return (yield from respond(state, {"ANSWER": event.answer}))


def mfa_choice(state: SelectMfaType, event: MfaChoice) -> Flow[State]:
    """Answer ``SELECT_MFA_TYPE``; raises `InvalidAnswer` for a factor that is not on offer."""
    if event.choice not in state.choices:
        raise InvalidAnswer(f"the choice is not one of {', '.join(state.choices)}")
    return (yield from respond(state, {"ANSWER": event.choice}))


def new_password(state: NewPasswordRequired, event: NewPassword) -> Flow[State]:
    """Answer ``NEW_PASSWORD_REQUIRED``; raises `InvalidAnswer` when a required attribute is not given."""
    given = event.attributes or {}
    missing = [name for name in state.required_attributes if not given.get(name)]
    if missing:
        raise InvalidAnswer(f"these attributes are required: {', '.join(missing)}")
    attributes = {f"userAttributes.{name}": value for name, value in given.items()}
    return (yield from respond(state, {"NEW_PASSWORD": event.password, **attributes}))


def other(state: OtherChallenge, event: ChallengeResponses) -> Flow[State]:
    """Answer a challenge that has no class of its own."""
    return (yield from respond(state, event.responses))
