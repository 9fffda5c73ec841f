"""Journeys in which the user chooses how to sign in, with a password or without, or the pool's triggers ask."""

from __future__ import annotations

import pytest

from cognito_auth.api.passkeys import CompleteWebAuthnRegistration, StartWebAuthnRegistration
from cognito_auth.errors import CodeMismatch, IncorrectCredentials, InvalidAnswer, SessionExpired
from cognito_auth.flows import advance, sign_in, sign_in_with_choice, sign_in_with_custom_challenge, sign_up
from cognito_auth.local import SoftwareAuthenticator
from cognito_auth.states import (
    ChallengeChoice,
    ChooseAgain,
    ConfirmationCode,
    Confirmed,
    CustomAnswer,
    CustomChallenge,
    EmailCode,
    EmailOtp,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SignInAfterwards,
    SmsCode,
    SmsOtp,
    WebAuthn,
)

from .drivers import Scene
from .world import MINUTE, ORIGIN, PASSWORD, wrong

PHONE = "+15551234567"
VERIFIED = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": PHONE,
    "phone_number_verified": "true",
}


@pytest.fixture
def choice(scene: Scene) -> Scene:
    return scene.within("choice")


def chosen(scene: Scene, username: str) -> SelectChallenge:
    """A sign-in that stands at the choice."""
    state = scene.run(sign_in_with_choice(username))
    assert isinstance(state, SelectChallenge)
    return state


@pytest.mark.parametrize("way", ["PASSWORD", "PASSWORD_SRP"])
def test_a_password_is_chosen(choice: Scene, way: str) -> None:
    username = choice.user(**VERIFIED)
    state = chosen(choice, username)
    assert set(state.choices) == {"PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"}
    wrong_password = ChallengeChoice(choice=way, password="Wr0ng-password")
    assert choice.refused(advance(chosen(choice, username), wrong_password)) is IncorrectCredentials
    choice.verified(choice.advance(state, ChallengeChoice(choice=way, password=PASSWORD)))
    choice.verified(choice.run(sign_in_with_choice(username, preferred=way, password=PASSWORD)))

    asked = choice.advance(chosen(choice, username), ChallengeChoice(choice=way))
    assert isinstance(asked, PasswordChallenge | PasswordSrpChallenge)
    assert asked.challenge_name == way
    assert isinstance(choice.advance(asked, ChooseAgain()), SelectChallenge)
    choice.verified(choice.advance(choice.run(sign_in_with_choice(username, preferred=way)), PasswordAnswer(password=PASSWORD)))


def test_a_client_of_this_flow_alone_signs_in_with_a_password(choice: Scene) -> None:
    username = choice.user()
    choice.verified(choice.using("USER_AUTH").run(sign_in(username, PASSWORD)))


def test_a_code_by_mail_in_place_of_a_password(choice: Scene) -> None:
    username = choice.user(**VERIFIED)
    state = choice.advance(chosen(choice, username), ChallengeChoice(choice="EMAIL_OTP"))
    assert isinstance(state, EmailOtp)
    assert state.destination == "a***@e***"
    first = choice.code(username)
    assert choice.refused(advance(state, EmailCode(code=wrong(first)))) is CodeMismatch

    again = choice.advance(state, ResendCode())
    assert isinstance(again, EmailOtp)
    assert again.session != state.session
    choice.verified(choice.advance(again, EmailCode(code=choice.code(username))))
    assert isinstance(choice.run(sign_in_with_choice(username, preferred="EMAIL_OTP")), EmailOtp)


def test_another_way_is_chosen_after_all(choice: Scene) -> None:
    username = choice.user(**VERIFIED)
    state = choice.run(sign_in_with_choice(username, preferred="SMS_OTP"))
    assert isinstance(state, SmsOtp)
    choice.move(4 * MINUTE)
    assert choice.refused(advance(state, SmsCode(code=choice.code(username)))) is SessionExpired
    back = choice.advance(state, ChooseAgain())
    assert isinstance(back, SelectChallenge), "it works when the session is over, too"
    by_text = choice.advance(back, ChallengeChoice(choice="SMS_OTP"))
    assert isinstance(by_text, SmsOtp)
    by_text = choice.advance(by_text, ResendCode())
    choice.verified(choice.advance(by_text, SmsCode(code=choice.code(username))))


def test_a_passkey(choice: Scene) -> None:
    username = choice.user(**VERIFIED)
    access_token = choice.sign_in(username).tokens.access_token
    authenticator = SoftwareAuthenticator(ORIGIN)
    started = choice.send(StartWebAuthnRegistration(access_token=access_token))
    credential = authenticator.create(started.credential_creation_options)
    choice.send(CompleteWebAuthnRegistration(access_token=access_token, credential=credential))

    for state in (
        choice.advance(chosen(choice, username), ChallengeChoice(choice="WEB_AUTHN")),
        choice.run(sign_in_with_choice(username, preferred="WEB_AUTHN")),
    ):
        assert isinstance(state, WebAuthn)
        event = PasskeyCredential(credential=authenticator.get(state.request_options))
        assert choice.refused(advance(state, PasskeyCredential(credential="[]"))) is InvalidAnswer
        assert choice.verified(choice.advance(state, event)).username == username


def test_who_has_just_confirmed_the_sign_up_is_signed_in(choice: Scene) -> None:
    username = choice.world.name()
    state = choice.run(sign_up(username, PASSWORD, {"email": "ana@example.com"}))
    confirmed = choice.advance(state, ConfirmationCode(code=choice.code(username)))
    assert isinstance(confirmed, Confirmed)
    assert confirmed.session is not None
    assert choice.verified(choice.advance(confirmed, SignInAfterwards())).username == username


def test_a_riddle_of_the_pools_triggers(scene: Scene) -> None:
    username = scene.user()
    state = scene.run(sign_in_with_custom_challenge(username))
    assert isinstance(state, CustomChallenge)
    assert state.parameters == {"question": "What colour is the sky?"}
    again = scene.advance(state, CustomAnswer(answer="green"))
    assert isinstance(again, CustomChallenge), "the triggers give another chance"
    anew = scene.advance(again, ResendCode())
    assert isinstance(anew, CustomChallenge)
    assert scene.verified(scene.advance(anew, CustomAnswer(answer="blue"))).username == username


def test_a_riddle_after_the_password(scene: Scene) -> None:
    username = scene.user()
    state = scene.run(sign_in_with_custom_challenge(username, password=PASSWORD))
    assert isinstance(state, CustomChallenge)
    assert scene.refused(advance(state, ResendCode())) is InvalidAnswer, "that would need the password again"
    scene.verified(scene.advance(state, CustomAnswer(answer="blue")))
    assert scene.refused(sign_in_with_custom_challenge(username, password="Wr0ng-password")) is IncorrectCredentials
    assert isinstance(scene.using("CUSTOM_AUTH").run(sign_in(username, PASSWORD)), CustomChallenge)
