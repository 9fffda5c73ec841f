"""A sign-in by choice that asks for a level of authentication: what it sends, what it keeps, and what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

import pytest

from cognito_auth.api.auth import AuthReply, InitiateAuth
from cognito_auth.errors import InvalidAnswer
from cognito_auth.flows import advance, sign_in_with_choice
from cognito_auth.secret import MASK
from cognito_auth.sessions.session import pack_state, unpack_state
from cognito_auth.states import (
    ByChoice,
    Challenge,
    ChallengeChoice,
    ChooseAgain,
    Course,
    EmailCode,
    EmailOtp,
    Event,
    PasswordAnswer,
    PasswordChallenge,
    ResendCode,
    SelectChallenge,
    SignedIn,
    SignedOut,
    SmsOtp,
    StepUp,
)
from tests.support.machine import DEVICE, NAME, NEXT, RESULT, STATES, TYPED
from tests.support.machine_replies import challenge
from tests.support.scripted import Scripted, run

LEVELS: Final = ("urn:cognito:loa:4", "https://example.com/gold")
TOKEN: Final = "an.access.token"
ALL: Final = {"TARGET_ACR_VALUES": " ".join(LEVELS), "MAX_AGE": "300", "ACCESS_TOKEN": TOKEN}
STEP_UP: Final = StepUp(acr_values=LEVELS, max_age=300, access_token=TOKEN)
ASKED: Final = ByChoice(username=TYPED, acr_values=LEVELS, max_age=300, access_token=TOKEN)
POSED: Final = AuthReply(challenge_name="SELECT_CHALLENGE", session=NEXT, available_challenges=("PASSWORD", "EMAIL_OTP"))


def sent(driver: Scripted) -> dict[str, str]:
    (operation,) = driver.operations
    assert isinstance(operation, InitiateAuth)
    assert operation.auth_flow == "USER_AUTH"
    return dict(operation.auth_parameters or {})


@pytest.mark.parametrize(
    ("event", "parameters"),
    [
        pytest.param(ASKED, ALL, id="all"),
        pytest.param(ByChoice(username=TYPED), {}, id="nothing"),
        pytest.param(ByChoice(username=TYPED, acr_values=LEVELS[:1]), {"TARGET_ACR_VALUES": LEVELS[0]}, id="a level"),
        pytest.param(ByChoice(username=TYPED, max_age=0), {"MAX_AGE": "0"}, id="an age"),
        pytest.param(
            replace(ASKED, preferred="EMAIL_OTP", device=DEVICE),
            {**ALL, "PREFERRED_CHALLENGE": "EMAIL_OTP", "DEVICE_KEY": DEVICE.key},
            id="with the rest",
        ),
        pytest.param(
            replace(ASKED, preferred="PASSWORD", password="secret"),
            {**ALL, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "secret"},
            id="with a password",
        ),
    ],
)
def test_what_is_sent(event: ByChoice, parameters: dict[str, str]) -> None:
    driver = Scripted([POSED])
    driver.run(advance(SignedOut(), event))
    assert sent(driver) == {"USERNAME": TYPED, **parameters}


def test_the_flow_takes_the_same() -> None:
    driver = Scripted([AuthReply(authentication_result=RESULT)])
    flow = sign_in_with_choice(TYPED, acr_values=LEVELS, max_age=300, access_token=TOKEN)
    assert isinstance(driver.run(flow), SignedIn)
    assert sent(driver) == {"USERNAME": TYPED, **ALL}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"acr_values": ()}, "access token", id="a token without a level"),
        pytest.param({"acr_values": ("",)}, "blanks", id="an empty name"),
        pytest.param({"acr_values": ("urn:cognito:loa:1 urn:cognito:loa:2",)}, "blanks", id="two names in one"),
        pytest.param({"max_age": -1}, "max_age", id="an age below nothing"),
    ],
)
def test_what_cannot_be_asked_for_is_not_sent(changes: dict[str, Any], complaint: str) -> None:
    driver = Scripted()
    with pytest.raises(InvalidAnswer, match=complaint):
        driver.run(advance(SignedOut(), replace(ASKED, **changes)))
    assert driver.operations == []


# Beginning again


@pytest.mark.parametrize(
    ("state", "event", "preferred"),
    [
        pytest.param(EmailOtp, ResendCode(), {"PREFERRED_CHALLENGE": "EMAIL_OTP"}, id="mail"),
        pytest.param(SmsOtp, ResendCode(), {"PREFERRED_CHALLENGE": "SMS_OTP"}, id="text message"),
        pytest.param(SelectChallenge, ChooseAgain(), {}, id="another choice"),
        pytest.param(PasswordChallenge, ChooseAgain(), {}, id="no password"),
    ],
)
def test_a_sign_in_that_begins_again_asks_for_the_same(state: type[Challenge], event: Event, preferred: dict[str, str]) -> None:
    opened = run(advance(SignedOut(), ASKED), POSED)
    assert isinstance(opened, SelectChallenge)
    assert opened.course == Course(flow="USER_AUTH", step_up=STEP_UP)
    held = replace(cast("Challenge", STATES[state]), course=opened.course)
    driver = Scripted([POSED])
    again = driver.run(advance(held, event))
    assert sent(driver) == {"USERNAME": NAME, **preferred, **ALL}
    assert isinstance(again, SelectChallenge)
    assert again.course == opened.course


def test_what_cannot_begin_again_keeps_nothing_of_it() -> None:
    """The access token travels no longer than it can be of use."""
    opened = run(advance(SignedOut(), replace(ASKED, preferred="PASSWORD", password="secret")), challenge("SOFTWARE_TOKEN_MFA"))
    assert isinstance(opened, Challenge)
    assert opened.course == Course()
    choice = run(advance(SignedOut(), ASKED), POSED)
    chosen = run(advance(choice, ChallengeChoice(choice="PASSWORD", password="secret")), challenge("SOFTWARE_TOKEN_MFA"))
    assert isinstance(chosen, Challenge)
    assert chosen.course == Course()
    asked = run(advance(choice, ChallengeChoice(choice="PASSWORD")), challenge("PASSWORD"))
    assert isinstance(asked, PasswordChallenge)
    assert asked.course.step_up == STEP_UP
    proved = run(advance(asked, PasswordAnswer(password="secret")), challenge("SOFTWARE_TOKEN_MFA"))
    assert isinstance(proved, Challenge)
    assert proved.course == Course()


def test_who_asks_for_nothing_keeps_nothing() -> None:
    opened = run(advance(SignedOut(), ByChoice(username=TYPED)), POSED)
    assert isinstance(opened, Challenge)
    assert opened.course == Course(flow="USER_AUTH")


@pytest.mark.parametrize(
    ("state", "event"),
    [
        pytest.param(PasswordChallenge, PasswordAnswer(password="secret"), id="after a password"),
        pytest.param(EmailOtp, EmailCode(code="123456"), id="after a code"),
    ],
)
def test_another_factor_may_be_chosen_after_the_first(state: type[Challenge], event: Event) -> None:
    assert isinstance(run(advance(STATES[state], event), POSED), SelectChallenge)


# Sealed, and shown


def test_what_is_asked_for_is_sealed_with_the_state() -> None:
    state = EmailOtp(username=NAME, session=NEXT, course=Course(flow="USER_AUTH", step_up=STEP_UP))
    assert unpack_state(pack_state(state)) == state
    older = pack_state(replace(state, course=Course(flow="USER_AUTH")))
    assert "StepUp" not in older["Course"]
    assert unpack_state(older) == replace(state, course=Course(flow="USER_AUTH"))


@pytest.mark.parametrize("value", [ASKED, STEP_UP, EmailOtp(username=NAME, course=Course(step_up=STEP_UP))])
def test_the_token_is_not_shown(value: object) -> None:
    shown = repr(value)
    assert TOKEN not in shown
    assert f"access_token={MASK}" in shown
    assert LEVELS[0] in shown
