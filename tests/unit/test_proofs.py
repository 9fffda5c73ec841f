"""What a sign-in is taken to have proved, step by step."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.states import (
    Challenge,
    ChallengeChoice,
    ChallengeResponses,
    ChooseAgain,
    CustomChallenge,
    EmailCode,
    EmailOtp,
    Event,
    OtherChallenge,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SignedIn,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    State,
    Tokens,
    WebAuthn,
)
from cognito_auth.web.endpoints.proofs import of_answer, of_opening

IN: Final = SignedIn(username="ana", tokens=Tokens(access_token="access"))
APP: Final = SoftwareTokenMfa(username="ana")
MAIL: Final = EmailOtp(username="ana")
FIRST: Final = (
    SelectChallenge(username="ana", choices=("PASSWORD",)),
    PasswordChallenge(username="ana"),
    PasswordSrpChallenge(username="ana"),
    SmsOtp(username="ana"),
    WebAuthn(username="ana", request_options="{}"),
)
CODE: Final = EmailCode(code="123456")


def settings(flow: PasswordFlow) -> Settings:
    return Settings(user_pool_id="eu-west-1_abc", client_id="client", auth_flows=(flow,))


@pytest.mark.parametrize(
    ("flow", "outcome", "proved"),
    [
        ("USER_SRP_AUTH", IN, True),
        ("USER_SRP_AUTH", APP, True),
        ("USER_SRP_AUTH", MAIL, True),
        ("USER_PASSWORD_AUTH", MAIL, True),
        ("ADMIN_USER_PASSWORD_AUTH", MAIL, True),
        ("USER_AUTH", IN, True),
        ("USER_AUTH", APP, True),
        ("USER_AUTH", MAIL, False),
        *(("USER_AUTH", state, False) for state in FIRST),
        ("CUSTOM_AUTH", IN, False),
        ("CUSTOM_AUTH", APP, False),
        ("CUSTOM_AUTH", CustomChallenge(username="ana"), False),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__ if isinstance(value, State) else None,
)
def test_a_password_at_the_opening(flow: PasswordFlow, outcome: State, proved: bool) -> None:
    expected = ("PASSWORD",) if proved else ()
    assert of_opening({"username": "ana", "password": "secret"}, settings(flow), outcome) == expected
    assert of_opening({"username": "ana"}, settings(flow), outcome) == ()


@pytest.mark.parametrize(("outcome", "expected"), [(MAIL, ()), (APP, ("PASSWORD",))], ids=["mail", "app"])
def test_a_preference_or_a_level_makes_it_a_sign_in_by_choice(outcome: State, expected: tuple[str, ...]) -> None:
    for asked in ({"preferred": "PASSWORD"}, {"acr_values": "gold"}):
        body = {"username": "ana", "password": "secret", **asked}
        assert of_opening(body, settings("USER_SRP_AUTH"), outcome) == expected


@pytest.mark.parametrize(
    ("before", "state", "event", "after"),
    [
        pytest.param(("PASSWORD",), APP, SoftwareTokenCode(code="1"), ("PASSWORD", "SOFTWARE_TOKEN_MFA"), id="second factor"),
        pytest.param((), FIRST[1], PasswordAnswer(password="x"), ("PASSWORD",), id="password"),
        pytest.param((), FIRST[2], PasswordAnswer(password="x"), ("PASSWORD_SRP",), id="password by SRP"),
        pytest.param((), FIRST[0], ChallengeChoice(choice="EMAIL_OTP"), ("SELECT_CHALLENGE",), id="a choice proves nothing"),
        pytest.param((), FIRST[0], ChallengeChoice(choice="PASSWORD", password="x"), ("PASSWORD",), id="unless it is proved"),
        pytest.param(
            (),
            OtherChallenge(username="ana", name="RIDDLE"),
            ChallengeResponses(responses={"NAME": "SMS_MFA"}),
            ("RIDDLE",),
            id="by the name that Cognito gives it",
        ),
        pytest.param(("PASSWORD", "EMAIL_OTP"), MAIL, CODE, ("PASSWORD", "EMAIL_OTP"), id="each once"),
        pytest.param(("PASSWORD",), MAIL, ResendCode(), (), id="another code: begun again"),
        pytest.param(("PASSWORD",), MAIL, ChooseAgain(), (), id="another choice: begun again"),
    ],
)
def test_answers(before: tuple[str, ...], state: Challenge, event: Event, after: tuple[str, ...]) -> None:
    assert of_answer(before, state, event) == after


def test_challenges_that_come_again_and_again_are_noted_once() -> None:
    proofs: tuple[str, ...] = ()
    for _ in range(100):
        proofs = of_answer(proofs, CustomChallenge(username="ana"), CODE)
    assert proofs == ("CUSTOM_CHALLENGE",)
