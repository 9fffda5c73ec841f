"""A sign-in along its course: wrong codes, garbled replies, answers that are not on offer, devices that are gone."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import fields, replace
from typing import Final, cast

import pytest

from cognito_auth.api.auth import (
    AdminRespondToAuthChallenge,
    AuthenticationResult,
    AuthReply,
    InitiateAuth,
    RespondToAuthChallenge,
)
from cognito_auth.api.mfa import (
    AssociateSoftwareTokenReply,
    VerifySoftwareTokenReply,
)
from cognito_auth.api.sign_up import (
    ConfirmSignUpReply,
)
from cognito_auth.api.structure import NoReply
from cognito_auth.errors import CodeMismatch, InvalidAnswer, ProtocolError, service_error
from cognito_auth.flows import advance
from cognito_auth.states import (
    SEALABLE,
    AdminPassword,
    ByChoice,
    ByCustomChallenge,
    Challenge,
    ChallengeChoice,
    ChallengeResponses,
    ChooseAgain,
    Confirmed,
    Course,
    CustomChallenge,
    Device,
    DeviceKeyExchange,
    DeviceSrpAuth,
    EmailOtp,
    Event,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasskeyCredential,
    PasswordAnswer,
    PasswordReplaced,
    PlainPassword,
    Refresh,
    ResendCode,
    ResetCodeSent,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SignedIn,
    SignedOut,
    SignInAfterwards,
    SignOut,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    Tokens,
    Unconfirmed,
    WebAuthn,
)
from cognito_auth.transitions import AUTOMATIC, MOVES
from tests.support.classes import leaves
from tests.support.machine import (
    ACCESS,
    CUSTOM,
    DEVICE,
    EVENTS,
    NAME,
    NEXT,
    RESULT,
    STATES,
    TOKENS,
    TYPED,
    access_token,
)
from tests.support.machine_replies import (
    OUTCOMES,
    SENDS,
    VERIFIER_PARAMETERS,
    challenge,
    respond,
)
from tests.support.scripted import Scripted, run
from tests.support.service_model import service_model

WRONG_CODE: Final = service_error("CodeMismatchException", "Invalid code", operation="RespondToAuthChallenge")


@pytest.mark.parametrize(
    ("state", "wrong", "right"),
    [
        pytest.param(SmsMfa, WRONG_CODE, [AuthReply(authentication_result=RESULT)], id="SmsMfa"),
        pytest.param(SmsOtp, WRONG_CODE, [AuthReply(authentication_result=RESULT)], id="SmsOtp"),
        pytest.param(EmailOtp, WRONG_CODE, [AuthReply(authentication_result=RESULT)], id="EmailOtp"),
        pytest.param(SoftwareTokenMfa, WRONG_CODE, [AuthReply(authentication_result=RESULT)], id="SoftwareTokenMfa"),
        pytest.param(
            SoftwareTokenPending,
            service_error("EnableSoftwareTokenMFAException", "Code mismatch"),
            [VerifySoftwareTokenReply(status="SUCCESS"), AuthReply(authentication_result=RESULT)],
            id="SoftwareTokenPending",
        ),
        pytest.param(
            SoftwareTokenPending,
            VerifySoftwareTokenReply(status="ERROR"),
            [VerifySoftwareTokenReply(status="SUCCESS"), AuthReply(authentication_result=RESULT)],
            id="SoftwareTokenPending-by-status",
        ),
        pytest.param(Unconfirmed, WRONG_CODE, [ConfirmSignUpReply()], id="Unconfirmed"),
        pytest.param(ResetCodeSent, WRONG_CODE, [NoReply()], id="ResetCodeSent"),
    ],
)
def test_after_a_wrong_code_the_same_state_is_answered_again(state: type[State], wrong: object, right: list[object]) -> None:
    held = STATES[state]
    (event,) = (EVENTS[event] for kind, event in MOVES if kind is state and event not in (ResendCode, ChooseAgain))
    with pytest.raises(CodeMismatch):
        run(advance(held, event), wrong)
    assert held == STATES[state]
    again = Scripted(right)
    assert isinstance(again.run(advance(held, event)), SignedIn | Confirmed | PasswordReplaced)
    assert again.operations[0] == SENDS[state, type(event)]


GARBLED: Final = {
    "neither-tokens-nor-challenge": AuthReply(session=NEXT),
    "tokens-without-access-token": AuthReply(authentication_result=AuthenticationResult(id_token="id")),
    "empty-access-token": AuthReply(authentication_result=AuthenticationResult(access_token="")),
    "verifier-without-parameters": AuthReply(challenge_name="PASSWORD_VERIFIER", session=NEXT),
    "verifier-without-salt": challenge("PASSWORD_VERIFIER", SRP_B="12", SECRET_BLOCK=""),
    "verifier-without-b": challenge("PASSWORD_VERIFIER", SALT="12", SECRET_BLOCK=""),
    "verifier-without-block": challenge("PASSWORD_VERIFIER", SALT="12", SRP_B="12"),
    "verifier-salt-no-hex": challenge("PASSWORD_VERIFIER", SALT="0x12", SRP_B="12", SECRET_BLOCK=""),
    "verifier-b-too-long": challenge("PASSWORD_VERIFIER", SALT="12", SRP_B="1" * 1000, SECRET_BLOCK=""),
    "verifier-b-zero": challenge("PASSWORD_VERIFIER", SALT="12", SRP_B="0", SECRET_BLOCK=""),
    "verifier-block-no-base64": challenge("PASSWORD_VERIFIER", SALT="12", SRP_B="12", SECRET_BLOCK="!"),
    "verifier-block-not-ascii": challenge("PASSWORD_VERIFIER", SALT="12", SRP_B="12", SECRET_BLOCK="\xe9"),
    "half-a-character": challenge("NEW_PASSWORD_REQUIRED", userAttributes=r'{"name": "\ud83d"}'),
    "nan": challenge("WEB_AUTHN", CREDENTIAL_REQUEST_OPTIONS='{"timeout": NaN}'),
    "nested-too-deeply": challenge("WEB_AUTHN", CREDENTIAL_REQUEST_OPTIONS='{"x": ' + "[" * 5000 + "]" * 5000 + "}"),
    "select-without-choices": challenge("SELECT_MFA_TYPE"),
    "select-with-no-choice": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[]"),
    "select-no-json": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="SMS_MFA"),
    "select-deep": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[" * 100_000),
    "select-no-list": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE='"SMS_MFA"'),
    "select-no-strings": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[1]"),
    "choice-without-choices": challenge("SELECT_CHALLENGE"),
    "choice-with-no-choice": AuthReply(challenge_name="SELECT_CHALLENGE", session=NEXT, available_challenges=()),
    "passkey-without-options": challenge("WEB_AUTHN"),
    "passkey-with-empty-options": challenge("WEB_AUTHN", CREDENTIAL_REQUEST_OPTIONS="{}"),
    "passkey-options-no-object": challenge("WEB_AUTHN", CREDENTIAL_REQUEST_OPTIONS="[]"),
    "setup-without-choices": challenge("MFA_SETUP"),
    "setup-no-list": challenge("MFA_SETUP", MFAS_CAN_SETUP="{}"),
    "new-password-required-no-list": challenge("NEW_PASSWORD_REQUIRED", requiredAttributes="{}"),
    "new-password-attributes-no-object": challenge("NEW_PASSWORD_REQUIRED", userAttributes="[]"),
    "new-password-no-json": challenge("NEW_PASSWORD_REQUIRED", userAttributes="name=A"),
}


@pytest.mark.parametrize("reply", GARBLED.values(), ids=GARBLED.keys())
def test_garbled_replies(reply: AuthReply) -> None:
    with pytest.raises(ProtocolError, match=r"^(?!\w+ led from)"):
        run(advance(SignedOut(), EVENTS[ByChoice]), reply)


def test_a_secret_without_a_secret_is_garbled() -> None:
    with pytest.raises(ProtocolError, match="secret"):
        run(advance(STATES[MfaSetup], SetUpSoftwareToken()), AssociateSoftwareTokenReply(session=NEXT))


def test_the_guide_s_spelling_of_the_choices_is_read_too() -> None:
    reply = challenge("SELECT_MFA_TYPE", MFAS_CAN_SELECT='["SMS_MFA"]')
    assert run(advance(SignedOut(), EVENTS[PlainPassword]), reply) == SelectMfaType(
        username=NAME, session=NEXT, choices=("SMS_MFA",)
    )


def test_an_unknown_challenge_surfaces_as_data_and_can_be_answered() -> None:
    posed = AuthReply(
        challenge_name="RIDDLE_OF_2031",
        session=NEXT,
        challenge_parameters={"USER_ID_FOR_SRP": NAME, "QUESTION": "?"},
        available_challenges=("RIDDLE_OF_2031", "PASSWORD"),
    )
    reached = run(advance(SignedOut(), EVENTS[PlainPassword]), posed)
    assert reached == OtherChallenge(
        username=NAME,
        session=NEXT,
        name="RIDDLE_OF_2031",
        parameters={"USER_ID_FOR_SRP": NAME, "QUESTION": "?"},
        available=("RIDDLE_OF_2031", "PASSWORD"),
    )
    driver = Scripted([AuthReply(authentication_result=RESULT)])
    # The name in the answer is the state's own, whatever the caller puts there.
    given = ChallengeResponses(responses={"ANSWER": "!", "USERNAME": "somebody else"})
    assert isinstance(driver.run(advance(reached, given)), SignedIn)
    assert driver.operations == [
        RespondToAuthChallenge(
            challenge_name="RIDDLE_OF_2031", session=NEXT, challenge_responses={"ANSWER": "!", "USERNAME": NAME}
        )
    ]


@pytest.mark.parametrize(
    ("state", "event", "complaint"),
    [
        pytest.param(STATES[SelectMfaType], MfaChoice(choice="EMAIL_OTP"), "SMS_MFA, SOFTWARE_TOKEN_MFA", id="choice"),
        pytest.param(STATES[NewPasswordRequired], NewPassword(password="p"), "email", id="attribute-missing"),
        pytest.param(
            STATES[NewPasswordRequired], NewPassword(password="p", attributes={"email": ""}), "email", id="attribute-empty"
        ),
        pytest.param(MfaSetup(username=NAME, choices=("SMS_MFA",)), SetUpSoftwareToken(), "SMS_MFA", id="no-apps"),
        pytest.param(MfaSetup(username=NAME, choices=("SMS_MFA",)), EVENTS[SetUpEmail], "SMS_MFA", id="no-mail"),
        pytest.param(STATES[SelectChallenge], ChallengeChoice(choice="WEB_AUTHN"), "EMAIL_OTP", id="way"),
        pytest.param(
            STATES[SelectChallenge], ChallengeChoice(choice="EMAIL_OTP", password="p"), "password", id="way-with-password"
        ),
        pytest.param(
            SignedOut(),
            ByChoice(username=TYPED, preferred="WEB_AUTHN", password="p"),
            "password",
            id="preference-with-password",
        ),
        pytest.param(STATES[WebAuthn], PasskeyCredential(credential="[]"), "JSON object", id="credential-a-list"),
        pytest.param(STATES[WebAuthn], PasskeyCredential(credential="{"), "JSON object", id="credential-no-json"),
        pytest.param(STATES[WebAuthn], PasskeyCredential(credential="[" * 100_000), "JSON object", id="credential-deep"),
        pytest.param(Confirmed(username=NAME), SignInAfterwards(), "session", id="confirmed-without-session"),
        pytest.param(EmailOtp(username=NAME), ResendCode(), "password", id="second-factor-again"),
        pytest.param(EmailOtp(username=NAME, course=CUSTOM), ResendCode(), "password", id="factor-of-a-custom-flow-again"),
        pytest.param(EmailOtp(username=NAME), ChooseAgain(), "password", id="second-factor-another"),
        pytest.param(CustomChallenge(username=NAME), ResendCode(), "password", id="custom-after-password-again"),
        pytest.param(DeviceSrpAuth(username=NAME), DeviceKeyExchange(), "secret", id="no-device"),
        pytest.param(
            DeviceSrpAuth(username=NAME, course=Course(device=Device(key="k", group_key="g"))),
            DeviceKeyExchange(),
            "secret",
            id="device-without-secret",
        ),
        pytest.param(
            SignedIn(username=NAME, tokens=Tokens(access_token=ACCESS)), Refresh(), "refresh token", id="no-refresh-token"
        ),
    ],
)
def test_an_answer_that_is_not_on_offer_sends_nothing(state: State, event: Event, complaint: str) -> None:
    driver = Scripted()
    with pytest.raises(InvalidAnswer, match=complaint):
        driver.run(advance(state, event))
    assert driver.operations == []


ANSWERABLE: Final = [
    pytest.param(state, event, id=f"{state.__name__}-{event.__name__}")
    for state, event in MOVES
    if state in SEALABLE.values() and event not in (ResendCode, ChooseAgain)
]
PASSWORDS: Final = (PasswordAnswer, ChallengeChoice)


@pytest.mark.parametrize(("state", "event"), ANSWERABLE)
def test_a_sign_in_keeps_to_its_course(state: type[Challenge], event: type[Event]) -> None:
    """The administrator's operations, the device and what became of another go along with every answer."""
    course = Course(administrator=True, flow="USER_AUTH", device=DEVICE, device_forgotten=True)
    held = replace(cast("Challenge", STATES[state]), course=course)
    move = MOVES[state, event]
    if move.operation is not RespondToAuthChallenge:
        (reply, expected), *_ = OUTCOMES[move.operation]
        reached = run(advance(held, EVENTS[event]), reply, *[challenge("RIDDLE")] * (type(expected) in AUTOMATIC))
        assert isinstance(reached, Challenge)
        assert reached.course == course
        return
    riddle = Scripted([challenge("RIDDLE")])
    reached = riddle.run(advance(held, EVENTS[event]))
    assert isinstance(reached, OtherChallenge)
    assert reached.course == (replace(course, flow=None) if event in PASSWORDS else course)
    (sent,) = riddle.operations
    assert isinstance(sent, AdminRespondToAuthChallenge)
    assert (sent.challenge_responses or {})["DEVICE_KEY"] == DEVICE.key
    if SignedIn in move.to:
        reached = run(advance(held, EVENTS[event]), AuthReply(authentication_result=RESULT))
        assert reached == SignedIn(username=NAME, tokens=TOKENS, device=DEVICE, device_forgotten=True)


def test_what_began_by_name_alone_can_begin_so_again() -> None:
    riddle = challenge("EMAIL_OTP")

    def course(event: Event, reply: AuthReply = riddle) -> Course:
        reached = run(advance(SignedOut(), event), reply)
        assert isinstance(reached, Challenge)
        return reached.course

    assert course(ByChoice(username=TYPED)).flow == "USER_AUTH"
    assert course(ByChoice(username=TYPED, preferred="EMAIL_OTP")).flow == "USER_AUTH"
    assert course(ByChoice(username=TYPED, preferred="PASSWORD", password="p")).flow is None
    assert course(ByCustomChallenge(username=TYPED)).flow == "CUSTOM_AUTH"
    assert course(ByCustomChallenge(username=TYPED, password="p")).flow is None
    assert course(PlainPassword(username=TYPED, password="p")).flow is None
    assert course(AdminPassword(username=TYPED, password="p")) == Course(administrator=True)


@pytest.mark.parametrize(
    ("event", "sent"),
    [
        pytest.param(ByChoice(username=TYPED), {}, id="choice"),
        pytest.param(ByChoice(username=TYPED, preferred="SMS_OTP"), {"PREFERRED_CHALLENGE": "SMS_OTP"}, id="preference"),
        pytest.param(
            ByChoice(username=TYPED, preferred="PASSWORD", password="secret"),
            {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "secret"},
            id="password",
        ),
        pytest.param(ByCustomChallenge(username=TYPED), {}, id="custom"),
    ],
)
def test_openings_without_srp(event: Event, sent: dict[str, str]) -> None:
    driver = Scripted([AuthReply(authentication_result=RESULT)])
    assert isinstance(driver.run(advance(SignedOut(), event)), SignedIn)
    (operation,) = driver.operations
    assert isinstance(operation, InitiateAuth)
    assert operation.auth_parameters == {"USERNAME": TYPED, **sent}


def test_a_password_that_goes_along_with_the_choice() -> None:
    driver = Scripted([AuthReply(authentication_result=RESULT)])
    driver.run(advance(STATES[SelectChallenge], ChallengeChoice(choice="PASSWORD", password="secret")))
    assert driver.operations == [respond("SELECT_CHALLENGE", ANSWER="PASSWORD", PASSWORD="secret")]
    driver = Scripted([challenge("EMAIL_OTP")])
    driver.run(advance(STATES[SelectChallenge], ChallengeChoice(choice="EMAIL_OTP")))
    assert driver.operations == [respond("SELECT_CHALLENGE", ANSWER="EMAIL_OTP")]


@pytest.mark.parametrize("name", ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH"])
def test_what_the_library_cannot_answer_by_itself_surfaces_as_data(name: str) -> None:
    device = Device(key="k", group_key="g")  # without a secret
    posed = challenge(name, **VERIFIER_PARAMETERS)
    reached = run(advance(SignedOut(), PlainPassword(username=TYPED, password="p", device=device)), posed)
    assert isinstance(reached, OtherChallenge)
    assert (reached.name, reached.parameters) == (name, posed.challenge_parameters)


def test_every_challenge_of_the_model_has_a_state() -> None:
    names = set(service_model().shape_for("ChallengeNameType").enum)
    # Posed to an administrator's flow that came without a password, which ours never does; if it is, `OtherChallenge` has it.
    without = {"ADMIN_NO_SRP_AUTH"}
    assert {kind.challenge_name for kind in leaves(Challenge)} - {""} == names - without
    assert {kind for kind in leaves(Challenge) if not kind.challenge_name} == {OtherChallenge}


def test_the_name_of_a_signed_in_user_is_the_token_s() -> None:
    def name(token: str) -> str:
        reply = AuthReply(authentication_result=AuthenticationResult(access_token=token))
        reached = run(advance(SignedOut(), EVENTS[PlainPassword]), reply)
        assert isinstance(reached, SignedIn)
        return reached.username

    assert name(access_token(username="pool-name")) == "pool-name"
    deep = urlsafe_b64encode(b"[" * 100_000).decode()
    for opaque in ("opaque", "a.b.c", "a.!.c", access_token(username=3), access_token(), f"a.{deep}.c"):
        assert name(opaque) == TYPED


def test_signing_out_without_a_refresh_token_asks_nobody() -> None:
    driver = Scripted()
    assert driver.run(advance(SignedIn(username=NAME, tokens=Tokens(access_token=ACCESS)), SignOut())) == SignedOut()
    assert driver.operations == []


def test_states_and_events_are_frozen() -> None:
    for value in (*STATES.values(), *EVENTS.values()):
        for field in fields(value):
            with pytest.raises(AttributeError):
                setattr(value, field.name, None)
