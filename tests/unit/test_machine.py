"""The state machine: the whole product of states and events, and every outcome of every move."""

from __future__ import annotations

import json
import runpy
from base64 import b64encode, urlsafe_b64encode
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api.account import ConfirmForgotPassword, ForgotPassword, ForgotPasswordReply
from cognito_auth.api.auth import (
    AuthenticationResult,
    AuthReply,
    GetTokensFromRefreshToken,
    GetTokensFromRefreshTokenReply,
    GlobalSignOut,
    InitiateAuth,
    NewDeviceMetadata,
    RespondToAuthChallenge,
    RevokeToken,
)
from cognito_auth.api.mfa import (
    AssociateSoftwareToken,
    AssociateSoftwareTokenReply,
    VerifySoftwareToken,
    VerifySoftwareTokenReply,
)
from cognito_auth.api.sign_up import (
    ConfirmSignUp,
    ConfirmSignUpReply,
    ResendConfirmationCode,
    ResendConfirmationCodeReply,
    SignUp,
    SignUpReply,
)
from cognito_auth.api.structure import NoReply, Operation, Structure
from cognito_auth.api.types import Attribute, CodeDeliveryDetails
from cognito_auth.errors import CodeMismatch, IllegalTransition, InvalidAnswer, ProtocolError, service_error
from cognito_auth.flows import advance
from cognito_auth.states import (
    SEALABLE,
    Challenge,
    ChallengeResponses,
    ConfirmationCode,
    Confirmed,
    Event,
    FinishSetup,
    ForgottenPassword,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasswordProof,
    PasswordReplaced,
    PasswordVerifier,
    PlainPassword,
    Refresh,
    Registration,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SelectMfaType,
    SetUpSoftwareToken,
    SignedIn,
    SignedOut,
    SignOut,
    SignOutEverywhere,
    SmsCode,
    SmsMfa,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    SrpPassword,
    State,
    Tokens,
    Unconfirmed,
)
from cognito_auth.transitions import AUTOMATIC, MOVES
from tests.support.classes import leaves
from tests.support.scripted import NOW, RANDOM, Scripted, run

ROOT: Final = Path(__file__).parents[2]

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

STATES: Final[dict[type[State], State]] = {
    type(state): state
    for state in (
        SignedOut(),
        Unconfirmed(username=TYPED),
        Confirmed(username=TYPED),
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
        MfaSetup(username=NAME, session=SESSION, choices=("SOFTWARE_TOKEN_MFA",)),
        SoftwareTokenPending(username=NAME, session=SESSION, secret_code="ABCDEFGHIJKLMNOP"),
        SoftwareTokenVerified(username=NAME, session=SESSION),
        OtherChallenge(username=NAME, session=SESSION, name="CUSTOM_CHALLENGE"),
        SignedIn(username=NAME, tokens=TOKENS),
    )
}
EVENTS: Final[dict[type[Event], Event]] = {
    type(event): event
    for event in (
        SrpPassword(username=TYPED, password="secret"),
        PlainPassword(username=TYPED, password="secret"),
        Registration(username=TYPED, password="secret", attributes={"email": "ana@example.org"}),
        ConfirmationCode(code="111111"),
        ResendCode(),
        ForgottenPassword(username=TYPED),
        ResetCode(code="222222", new_password="new-secret"),
        PasswordProof(),
        NewPassword(password="new-secret", attributes={"email": "ana@example.org"}),
        SoftwareTokenCode(code="333333", device_name="phone"),
        SmsCode(code="444444"),
        MfaChoice(choice="SMS_MFA"),
        SetUpSoftwareToken(),
        FinishSetup(),
        ChallengeResponses(responses={"ANSWER": "blue"}),
        Refresh(),
        SignOut(),
        SignOutEverywhere(),
    )
}


def respond(challenge_name: str, **responses: str) -> RespondToAuthChallenge:
    """The answer to a challenge under the pool's own name and with the session carried on."""
    return RespondToAuthChallenge(
        challenge_name=challenge_name, session=SESSION, challenge_responses={**responses, "USERNAME": NAME}
    )


SENDS: Final[dict[tuple[type[State], type[Event]], Operation[Any]]] = {
    (SignedOut, SrpPassword): InitiateAuth(auth_flow="USER_SRP_AUTH", auth_parameters={"USERNAME": TYPED, "SRP_A": PAIR.srp_a}),
    (SignedOut, PlainPassword): InitiateAuth(
        auth_flow="USER_PASSWORD_AUTH", auth_parameters={"USERNAME": TYPED, "PASSWORD": "secret"}
    ),
    (PasswordVerifier, PasswordProof): respond(
        "PASSWORD_VERIFIER",
        PASSWORD_CLAIM_SIGNATURE=srp.claim_signature(PAIR, srp.Identity("Ab1Cd2Ef3", NAME), "secret", SRP_CHALLENGE, WHEN),
        PASSWORD_CLAIM_SECRET_BLOCK=BLOCK,
        TIMESTAMP=WHEN,
    ),
    (NewPasswordRequired, NewPassword): RespondToAuthChallenge(
        challenge_name="NEW_PASSWORD_REQUIRED",
        session=SESSION,
        challenge_responses={"NEW_PASSWORD": "new-secret", "userAttributes.email": "ana@example.org", "USERNAME": NAME},
    ),
    (SoftwareTokenMfa, SoftwareTokenCode): respond("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="333333"),
    (SmsMfa, SmsCode): respond("SMS_MFA", SMS_MFA_CODE="444444"),
    (SelectMfaType, MfaChoice): respond("SELECT_MFA_TYPE", ANSWER="SMS_MFA"),
    (MfaSetup, SetUpSoftwareToken): AssociateSoftwareToken(session=SESSION),
    (SoftwareTokenPending, SoftwareTokenCode): VerifySoftwareToken(
        session=SESSION, user_code="333333", friendly_device_name="phone"
    ),
    (SoftwareTokenVerified, FinishSetup): respond("MFA_SETUP"),
    (OtherChallenge, ChallengeResponses): respond("CUSTOM_CHALLENGE", ANSWER="blue"),
    (SignedIn, Refresh): GetTokensFromRefreshToken(refresh_token="refresh"),
    (SignedIn, SignOut): RevokeToken(token="refresh"),
    (SignedIn, SignOutEverywhere): GlobalSignOut(access_token=ACCESS),
    (SignedOut, Registration): SignUp(
        username=TYPED, password="secret", user_attributes=(Attribute(name="email", value="ana@example.org"),)
    ),
    (Unconfirmed, ConfirmationCode): ConfirmSignUp(username=TYPED, confirmation_code="111111"),
    (Unconfirmed, ResendCode): ResendConfirmationCode(username=TYPED),
    (SignedOut, ForgottenPassword): ForgotPassword(username=TYPED),
    (ResetCodeSent, ResetCode): ConfirmForgotPassword(username=TYPED, confirmation_code="222222", password="new-secret"),
    (ResetCodeSent, ResendCode): ForgotPassword(username=TYPED),
}
"""What each move sends first."""


def challenge(name: str, **parameters: str) -> AuthReply:
    return AuthReply(challenge_name=name, session=NEXT, challenge_parameters={"USER_ID_FOR_SRP": NAME, **parameters})


VERIFIER_PARAMETERS: Final = {"SALT": "abcdef", "SRP_B": "1234567", "SECRET_BLOCK": BLOCK}

AUTH_OUTCOMES: Final[dict[type[State], tuple[AuthReply, State]]] = {
    type(state): (reply, state)
    for reply, state in (
        (AuthReply(authentication_result=RESULT), SignedIn(username=NAME, tokens=TOKENS)),
        (
            challenge("PASSWORD_VERIFIER", **VERIFIER_PARAMETERS),
            PasswordVerifier(
                username=NAME,
                user_id=NAME,
                session=NEXT,
                password="secret",
                secret_block=BLOCK,
                pair=PAIR,
                srp=SRP_CHALLENGE,
            ),
        ),
        (
            challenge("NEW_PASSWORD_REQUIRED", requiredAttributes='["userAttributes.email"]', userAttributes='{"name": "A"}'),
            NewPasswordRequired(username=NAME, session=NEXT, required_attributes=("email",), attributes={"name": "A"}),
        ),
        (
            challenge("SOFTWARE_TOKEN_MFA", FRIENDLY_DEVICE_NAME="phone"),
            SoftwareTokenMfa(username=NAME, session=NEXT, device_name="phone"),
        ),
        (
            challenge("SMS_MFA", CODE_DELIVERY_DESTINATION="+*******1234"),
            SmsMfa(username=NAME, session=NEXT, destination="+*******1234"),
        ),
        (
            challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE='["SMS_MFA"]'),
            SelectMfaType(username=NAME, session=NEXT, choices=("SMS_MFA",)),
        ),
        (
            challenge("MFA_SETUP", MFAS_CAN_SETUP='["SOFTWARE_TOKEN_MFA"]'),
            MfaSetup(username=NAME, session=NEXT, choices=("SOFTWARE_TOKEN_MFA",)),
        ),
        (
            challenge("CUSTOM_CHALLENGE", QUESTION="?"),
            OtherChallenge(
                username=NAME,
                session=NEXT,
                name="CUSTOM_CHALLENGE",
                parameters={"USER_ID_FOR_SRP": NAME, "QUESTION": "?"},
            ),
        ),
    )
}
"""An authentication reply for each state that one can lead to, and that state."""

OUTCOMES: Final[dict[type[Operation[Any]], tuple[tuple[Structure, State], ...]]] = {
    InitiateAuth: tuple(AUTH_OUTCOMES.values()),
    RespondToAuthChallenge: tuple(value for kind, value in AUTH_OUTCOMES.items() if kind is not PasswordVerifier),
    AssociateSoftwareToken: (
        (
            AssociateSoftwareTokenReply(secret_code="ABCDEFGHIJKLMNOP", session=NEXT),
            SoftwareTokenPending(username=NAME, session=NEXT, secret_code="ABCDEFGHIJKLMNOP"),
        ),
    ),
    VerifySoftwareToken: (
        (VerifySoftwareTokenReply(status="SUCCESS", session=NEXT), SoftwareTokenVerified(username=NAME, session=NEXT)),
    ),
    GetTokensFromRefreshToken: (
        (GetTokensFromRefreshTokenReply(authentication_result=RESULT), SignedIn(username=NAME, tokens=TOKENS)),
    ),
    RevokeToken: ((NoReply(), SignedOut()),),
    GlobalSignOut: ((NoReply(), SignedOut()),),
    SignUp: (
        (SignUpReply(user_confirmed=True, user_sub="1"), Confirmed(username=TYPED)),
        (
            SignUpReply(user_confirmed=False, user_sub="1", code_delivery_details=SENT),
            Unconfirmed(username=TYPED, delivery=SENT),
        ),
    ),
    ConfirmSignUp: ((ConfirmSignUpReply(), Confirmed(username=TYPED)),),
    ResendConfirmationCode: (
        (ResendConfirmationCodeReply(code_delivery_details=SENT), Unconfirmed(username=TYPED, delivery=SENT)),
    ),
    ForgotPassword: ((ForgotPasswordReply(code_delivery_details=SENT), ResetCodeSent(username=TYPED, delivery=SENT)),),
    ConfirmForgotPassword: ((NoReply(), PasswordReplaced(username=TYPED)),),
}
"""Every reply that an operation can bring, and the state that it stands for."""


PRODUCT: Final = [
    pytest.param(state, event, id=f"{state.__name__}-{event.__name__}") for state in leaves(State) for event in leaves(Event)
]
LEGAL: Final = [pytest.param(*pair, id=f"{pair[0].__name__}-{pair[1].__name__}") for pair in MOVES]


class Stop(Exception):
    """Ends a flow at the point where it asked; no flow deals with it."""


def test_every_state_and_event_has_a_sample() -> None:
    assert set(STATES) == set(leaves(State))
    assert set(EVENTS) == set(leaves(Event))
    assert set(SENDS) == set(MOVES)


@pytest.mark.parametrize(("state", "event"), PRODUCT)
def test_product(state: type[State], event: type[Event]) -> None:
    driver = Scripted([Stop()])
    move = MOVES.get((state, event))
    if move is None:
        with pytest.raises(IllegalTransition, match=f"{event.__name__}.*{state.__name__}") as caught:
            driver.run(advance(STATES[state], EVENTS[event]))
        assert (caught.value.state, caught.value.event) == (state, event)
        assert driver.asked == []
    else:
        with pytest.raises(Stop):
            driver.run(advance(STATES[state], EVENTS[event]))
        assert driver.operations == [SENDS[state, event]]
        assert type(driver.operations[0]) is move.operation


@pytest.mark.parametrize(("state", "event"), LEGAL)
def test_outcomes(state: type[State], event: type[Event]) -> None:
    move = MOVES[state, event]
    reached: set[type[State]] = set()
    for reply, expected in OUTCOMES[move.operation]:
        if isinstance(expected, PasswordVerifier) and event is not SrpPassword:
            continue  # only a step that has the password can make one of it
        outcome = Scripted([reply, Stop()]) if type(expected) in AUTOMATIC else Scripted([reply])
        if type(expected) not in move.to:
            with pytest.raises(ProtocolError, match=f"{event.__name__} led from {state.__name__} to {type(expected).__name__}"):
                outcome.run(advance(STATES[state], EVENTS[event]))
            continue
        reached.add(type(expected))
        if type(expected) in AUTOMATIC:
            with pytest.raises(Stop):
                outcome.run(advance(STATES[state], EVENTS[event]))
            assert type(outcome.operations[1]) is MOVES[type(expected), type(AUTOMATIC[type(expected)])].operation
        else:
            assert outcome.run(advance(STATES[state], EVENTS[event])) == expected
    assert reached == set(move.to)


def test_automatic_states_are_left_and_never_sealed() -> None:
    for state, event in AUTOMATIC.items():
        assert (state, type(event)) in MOVES
        assert state not in SEALABLE.values()
    waiting = {state for state, _ in MOVES if issubclass(state, Challenge)} - set(AUTOMATIC)
    assert waiting == set(SEALABLE.values())
    assert all(SEALABLE[kind.__name__] is kind for kind in waiting)


def test_the_page_about_the_machine_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "_diagram.py"))["page"]
    assert (ROOT / "docs" / "states.md").read_text() == page()


WRONG_CODE: Final = service_error("CodeMismatchException", "Invalid code", operation="RespondToAuthChallenge")


@pytest.mark.parametrize(
    ("state", "wrong", "right"),
    [
        pytest.param(SmsMfa, WRONG_CODE, [AuthReply(authentication_result=RESULT)], id="SmsMfa"),
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
    (event,) = (EVENTS[event] for kind, event in MOVES if kind is state and event is not ResendCode)
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
    "select-without-choices": challenge("SELECT_MFA_TYPE"),
    "select-with-no-choice": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[]"),
    "select-no-json": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="SMS_MFA"),
    "select-deep": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[" * 100_000),
    "select-no-list": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE='"SMS_MFA"'),
    "select-no-strings": challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="[1]"),
    "setup-without-choices": challenge("MFA_SETUP"),
    "setup-no-list": challenge("MFA_SETUP", MFAS_CAN_SETUP="{}"),
    "new-password-required-no-list": challenge("NEW_PASSWORD_REQUIRED", requiredAttributes="{}"),
    "new-password-attributes-no-object": challenge("NEW_PASSWORD_REQUIRED", userAttributes="[]"),
    "new-password-no-json": challenge("NEW_PASSWORD_REQUIRED", userAttributes="name=A"),
}


@pytest.mark.parametrize("reply", GARBLED.values(), ids=GARBLED.keys())
def test_garbled_replies(reply: AuthReply) -> None:
    with pytest.raises(ProtocolError):
        run(advance(SignedOut(), EVENTS[SrpPassword]), reply)


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


def test_a_device_on_offer_is_told() -> None:
    offered = NewDeviceMetadata(device_key="eu-west-1_ab", device_group_key="group")
    reply = AuthReply(authentication_result=AuthenticationResult(access_token=ACCESS, new_device_metadata=offered))
    reached = run(advance(SignedOut(), EVENTS[PlainPassword]), reply)
    assert isinstance(reached, SignedIn)
    assert (reached.new_device_key, reached.new_device_group_key) == ("eu-west-1_ab", "group")


def test_signing_out_without_a_refresh_token_asks_nobody() -> None:
    driver = Scripted()
    assert driver.run(advance(SignedIn(username=NAME, tokens=Tokens(access_token=ACCESS)), SignOut())) == SignedOut()
    assert driver.operations == []


def test_states_and_events_are_frozen() -> None:
    for value in (*STATES.values(), *EVENTS.values()):
        for field in fields(value):
            with pytest.raises(AttributeError):
                setattr(value, field.name, None)
