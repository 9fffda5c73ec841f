"""A sample of every state and event of the state machine."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from cognito_auth import srp
from cognito_auth.api.auth import (
    AuthenticationResult,
)
from cognito_auth.api.types import CodeDeliveryDetails
from cognito_auth.states import (
    AdminPassword,
    ByChoice,
    ByCustomChallenge,
    Challenge,
    ChallengeChoice,
    ChallengeResponses,
    ChooseAgain,
    ConfirmationCode,
    Confirmed,
    Course,
    CustomAnswer,
    CustomChallenge,
    Device,
    DeviceKeyExchange,
    DevicePasswordVerifier,
    DeviceProof,
    DeviceSrpAuth,
    EmailCode,
    EmailOtp,
    Event,
    FinishSetup,
    ForgottenPassword,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    Opening,
    OtherChallenge,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordProof,
    PasswordReplaced,
    PasswordSrpChallenge,
    PasswordVerifier,
    PlainPassword,
    Refresh,
    Registration,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SignedIn,
    SignedOut,
    SignInAfterwards,
    SignOut,
    SignOutEverywhere,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    SrpPassword,
    State,
    Tokens,
    Unconfirmed,
    WebAuthn,
)
from tests.support.scripted import NOW, RANDOM

T = TypeVar("T")

TYPED: Final = "Ana@example.org"
NAME: Final = "ana"
"""The pool's own name, which is not the one that was typed."""
SESSION: Final = "session-of-at-least-twenty-characters"
NEXT: Final = "the-next-session-of-the-sign-in"
SENT: Final = CodeDeliveryDetails(destination="a***@e***", delivery_medium="EMAIL", attribute_name="email")


def access_token(**claims: object) -> str:
    """A token that says ``claims``; the machine reads the name in it and nothing else."""
    return f"header.{urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.signature"


ACCESS: Final = access_token(username=NAME)
TOKENS: Final = Tokens(access_token=ACCESS, id_token="id", refresh_token="refresh", expires_in=300)
RESULT: Final = AuthenticationResult(access_token=ACCESS, id_token="id", refresh_token="refresh", expires_in=300)
PAIR: Final = srp.ephemeral(RANDOM * srp.EPHEMERAL_BYTES)
BLOCK: Final = b64encode(b"block").decode()
SRP_CHALLENGE: Final = srp.Challenge(salt=0xABCDEF, B=0x1234567, secret_block=b"block")
WHEN: Final = srp.timestamp(NOW)

REQUEST_OPTIONS: Final = '{"challenge":"abc","rpId":"example.org"}'
CREDENTIAL: Final = '{"id":"abc","type":"public-key"}'
DEVICE: Final = Device(key="eu-west-1_ab", group_key="group", secret="device-secret")
ON_DEVICE: Final = Course(device=DEVICE)
CHOOSING: Final = Course(flow="USER_AUTH")
CUSTOM: Final = Course(flow="CUSTOM_AUTH")

STATES: Final[dict[type[State], State]] = {
    type(state): state
    for state in (
        SignedOut(),
        Unconfirmed(username=TYPED, session=SESSION),
        Confirmed(username=TYPED, session=SESSION),
        ResetCodeSent(username=TYPED),
        PasswordReplaced(username=TYPED),
        PasswordVerifier(
            username=NAME,
            user_id=NAME,
            session=SESSION,
            password="secret",
            secret_block=BLOCK,
            pair=PAIR,
            srp=SRP_CHALLENGE,
        ),
        NewPasswordRequired(username=NAME, session=SESSION, required_attributes=("email",)),
        SoftwareTokenMfa(username=NAME, session=SESSION),
        SmsMfa(username=NAME, session=SESSION),
        SelectMfaType(username=NAME, session=SESSION, choices=("SMS_MFA", "SOFTWARE_TOKEN_MFA")),
        MfaSetup(username=NAME, session=SESSION, choices=("SOFTWARE_TOKEN_MFA", "EMAIL_OTP")),
        SoftwareTokenPending(username=NAME, session=SESSION, secret_code="ABCDEFGHIJKLMNOP"),
        SoftwareTokenVerified(username=NAME, session=SESSION),
        PasswordChallenge(username=NAME, session=SESSION, course=CHOOSING),
        PasswordSrpChallenge(username=NAME, session=SESSION, course=CHOOSING),
        SelectChallenge(username=NAME, session=SESSION, course=CHOOSING, choices=("PASSWORD", "PASSWORD_SRP", "EMAIL_OTP")),
        EmailOtp(username=NAME, session=SESSION, course=CHOOSING),
        SmsOtp(username=NAME, session=SESSION, course=CHOOSING),
        WebAuthn(username=NAME, session=SESSION, course=CHOOSING, request_options=REQUEST_OPTIONS),
        CustomChallenge(username=NAME, session=SESSION, course=CUSTOM, parameters={"QUESTION": "?"}),
        DeviceSrpAuth(username=NAME, session=SESSION, course=ON_DEVICE),
        DevicePasswordVerifier(
            username=NAME, session=SESSION, course=ON_DEVICE, secret_block=BLOCK, pair=PAIR, srp=SRP_CHALLENGE
        ),
        OtherChallenge(username=NAME, session=SESSION, name="RIDDLE"),
        SignedIn(username=NAME, tokens=TOKENS),
    )
}
EVENTS: Final[dict[type[Event], Event]] = {
    type(event): event
    for event in (
        SrpPassword(username=TYPED, password="secret"),
        PlainPassword(username=TYPED, password="secret"),
        AdminPassword(username=TYPED, password="secret"),
        ByChoice(username=TYPED, password="secret"),
        ByCustomChallenge(username=TYPED, password="secret"),
        SignInAfterwards(),
        Registration(username=TYPED, password="secret", attributes={"email": "ana@example.org"}),
        ConfirmationCode(code="111111"),
        ResendCode(),
        ChooseAgain(),
        ForgottenPassword(username=TYPED),
        ResetCode(code="222222", new_password="new-secret"),
        PasswordProof(),
        NewPassword(password="new-secret", attributes={"email": "ana@example.org"}),
        SoftwareTokenCode(code="333333", device_name="phone"),
        SmsCode(code="444444"),
        EmailCode(code="555555"),
        PasskeyCredential(credential=CREDENTIAL),
        CustomAnswer(answer="blue"),
        PasswordAnswer(password="secret"),
        ChallengeChoice(choice="PASSWORD_SRP", password="secret"),
        MfaChoice(choice="SMS_MFA"),
        SetUpSoftwareToken(),
        SetUpEmail(address="ana@example.org"),
        FinishSetup(),
        DeviceKeyExchange(),
        DeviceProof(),
        ChallengeResponses(responses={"ANSWER": "blue"}),
        Refresh(),
        SignOut(),
        SignOutEverywhere(),
    )
}


def on_device(value: T, device: Device | None = DEVICE) -> T:
    """The same state or event of a sign-in that names a device."""
    changed: dict[str, Any] = {}
    if isinstance(value, Challenge):
        changed["course"] = replace(value.course, device=device)
    if isinstance(value, Opening | SignInAfterwards | SignedIn):
        changed["device"] = device
    return cast("T", replace(cast("Any", value), **changed)) if changed else value


def plain(state: State, username: str) -> State:
    """The state without what its sign-in carries on, and with the name that was in use where the challenge tells none."""
    if isinstance(state, Challenge):
        return replace(state, course=Course(), username=username if state.username == "?" else state.username)
    return on_device(state, None)
