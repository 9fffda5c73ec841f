"""Journeys with a second factor: authenticator app, text message, mail, the choice between them, and their sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_auth.errors import (
    AccessTokenRejected,
    CodeExpired,
    CodeMismatch,
    IllegalTransition,
    InvalidAnswer,
    InvalidParameter,
    SessionExpired,
    SessionInvalid,
)
from cognito_auth.flows import (
    advance,
    associate_software_token,
    prefer_mfa,
    sign_in,
    sign_in_with_choice,
    sign_up,
    verify_software_token,
)
from cognito_auth.states import (
    ChallengeResponses,
    ConfirmationCode,
    EmailCode,
    EmailOtp,
    MfaChoice,
    MfaSetup,
    OtherChallenge,
    ResendCode,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SmsCode,
    SmsMfa,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
)

from .drivers import Scene
from .world import MINUTE, PASSWORD, wrong

PHONE = "+15551234567"


def set_up_app(scene: Scene, username: str) -> str:
    """Set up an authenticator app as a signed-in user, and prefer it; gives its secret."""
    access_token = scene.sign_in(username).tokens.access_token
    secret = scene.run(associate_software_token(access_token))
    code = scene.world.totp(secret)
    assert scene.refused(verify_software_token(access_token, wrong(code))) is CodeMismatch
    scene.run(verify_software_token(access_token, code, device_name="phone"))
    scene.run(prefer_mfa(access_token, software_token="preferred"))
    return secret


def test_an_authenticator_app(scene: Scene) -> None:
    username = scene.user()
    secret = set_up_app(scene, username)

    state = scene.run(sign_in(username, PASSWORD))
    assert isinstance(state, SoftwareTokenMfa)
    assert state.device_name == "phone"
    code = scene.world.totp(secret)
    assert scene.refused(advance(state, SoftwareTokenCode(code=wrong(code)))) is CodeMismatch
    assert scene.verified(scene.advance(state, SoftwareTokenCode(code=code))).username == username

    again = scene.run(sign_in(username, PASSWORD))
    assert scene.refused(advance(again, SoftwareTokenCode(code=code))) is CodeExpired
    scene.verified(scene.advance(again, SoftwareTokenCode(code=scene.world.totp(secret))))


def test_stepping_up_from_a_password_to_an_app(scene: Scene) -> None:
    """By an access token of a sign-in that told its level, which the app is then added to."""
    username, levels = scene.user(), ("urn:cognito:loa:4", "urn:cognito:loa:3")
    low = scene.run(sign_in_with_choice(username, password=PASSWORD, acr_values=("urn:cognito:loa:1",)))
    token = scene.verified(low)
    assert (token.acr, token.amr) == ("urn:cognito:loa:1", ("pwd",))
    assert scene.refused(sign_in_with_choice(username, acr_values=levels, access_token=token.raw)) is InvalidParameter
    secret = set_up_app(scene, username)

    state = scene.run(sign_in_with_choice(username, acr_values=levels, access_token=token.raw, max_age=600))
    assert isinstance(state, SoftwareTokenMfa)
    stepped_up = scene.verified(scene.advance(state, SoftwareTokenCode(code=scene.world.totp(secret))))
    assert (stepped_up.acr, stepped_up.amr) == ("urn:cognito:loa:4", ("pwd", "otp", "mfa"))
    other = scene.user()
    assert scene.refused(sign_in_with_choice(other, acr_values=levels, access_token=token.raw)) is AccessTokenRejected


def test_a_pool_that_requires_a_second_factor_has_it_set_up_at_the_first_sign_in(scene: Scene) -> None:
    strict = scene.within("required")
    username = scene.world.name()
    state = strict.run(sign_up(username, PASSWORD, {"email": "ana@example.com"}))
    strict.advance(state, ConfirmationCode(code=strict.code(username)))
    state = strict.run(sign_in(username, PASSWORD))
    assert isinstance(state, MfaSetup)
    assert state.choices == ("SOFTWARE_TOKEN_MFA",)
    pending = strict.advance(state, SetUpSoftwareToken())
    assert isinstance(pending, SoftwareTokenPending)
    code = scene.world.totp(pending.secret_code)
    assert strict.refused(advance(pending, SoftwareTokenCode(code=wrong(code)))) is CodeMismatch
    strict.verified(strict.advance(pending, SoftwareTokenCode(code=code, device_name="phone")))

    state = strict.run(sign_in(username, PASSWORD))
    assert isinstance(state, SoftwareTokenMfa)
    strict.verified(strict.advance(state, SoftwareTokenCode(code=scene.world.totp(pending.secret_code))))


def test_text_messages(scene: Scene) -> None:
    username = scene.user(email="ana@example.com", phone_number=PHONE, phone_number_verified="true")
    scene.run(prefer_mfa(scene.sign_in(username).tokens.access_token, sms="preferred"))
    state = scene.run(sign_in(username, PASSWORD))
    assert isinstance(state, SmsMfa)
    assert state.destination == "+*******4567"
    code = scene.code(username)
    assert scene.refused(advance(state, SmsCode(code=wrong(code)))) is CodeMismatch
    assert scene.verified(scene.advance(state, SmsCode(code=code))).username == username


def test_the_choice_between_two_factors(scene: Scene) -> None:
    username = scene.user(email="ana@example.com", phone_number=PHONE, phone_number_verified="true")
    access_token = scene.sign_in(username).tokens.access_token
    secret = set_up_app(scene, username)
    scene.run(prefer_mfa(access_token, software_token="on", sms="on"))

    state = scene.run(sign_in(username, PASSWORD))
    assert isinstance(state, SelectMfaType)
    assert set(state.choices) == {"SMS_MFA", "SOFTWARE_TOKEN_MFA"}
    assert scene.refused(advance(state, MfaChoice(choice="EMAIL_OTP"))) is InvalidAnswer
    chosen = scene.advance(state, MfaChoice(choice="SOFTWARE_TOKEN_MFA"))
    assert isinstance(chosen, SoftwareTokenMfa)
    scene.verified(scene.advance(chosen, SoftwareTokenCode(code=scene.world.totp(secret))))

    chosen = scene.advance(scene.run(sign_in(username, PASSWORD)), MfaChoice(choice="SMS_MFA"))
    assert isinstance(chosen, SmsMfa)
    scene.verified(scene.advance(chosen, SmsCode(code=scene.code(username))))


def test_mail(scene: Scene) -> None:
    username = scene.user()
    scene.run(prefer_mfa(scene.sign_in(username).tokens.access_token, email="preferred"))
    state = scene.run(sign_in(username, PASSWORD))
    assert isinstance(state, EmailOtp)
    assert state.destination == "a***@e***"
    code = scene.code(username)
    assert scene.refused(advance(state, SmsCode(code=code))) is IllegalTransition
    assert scene.refused(advance(state, ResendCode())) is InvalidAnswer, "that would need the password again"
    assert scene.refused(advance(state, EmailCode(code=wrong(code)))) is CodeMismatch
    assert scene.verified(scene.advance(state, EmailCode(code=code))).username == username

    by_hand = OtherChallenge(username=state.username, session=None, name="EMAIL_OTP")
    waiting = scene.run(sign_in(username, PASSWORD))
    assert isinstance(waiting, EmailOtp)
    by_hand = replace(by_hand, session=waiting.session)
    given = ChallengeResponses(responses={"EMAIL_OTP_CODE": scene.code(username)})
    scene.verified(scene.advance(by_hand, given))


def test_the_choice_of_mail(scene: Scene) -> None:
    username = scene.user()
    access_token = scene.sign_in(username).tokens.access_token
    set_up_app(scene, username)
    scene.run(prefer_mfa(access_token, software_token="on", email="on"))
    chosen = scene.advance(scene.run(sign_in(username, PASSWORD)), MfaChoice(choice="EMAIL_OTP"))
    assert isinstance(chosen, EmailOtp)
    scene.verified(scene.advance(chosen, EmailCode(code=scene.code(username))))


def test_codes_by_mail_are_set_up_at_the_first_sign_in(scene: Scene) -> None:
    strict = scene.within("required by mail")
    username = strict.user(name="Ana")
    state = strict.run(sign_in(username, PASSWORD))
    assert isinstance(state, MfaSetup)
    assert "EMAIL_OTP" in state.choices
    asked = strict.advance(state, SetUpEmail(address="ana@example.com"))
    assert isinstance(asked, EmailOtp)
    code = strict.code(username)
    assert strict.refused(advance(asked, EmailCode(code=wrong(code)))) is CodeMismatch
    assert strict.verified(strict.advance(asked, EmailCode(code=code))).username == username
    again = strict.run(sign_in(username, PASSWORD))
    assert isinstance(again, EmailOtp)
    strict.verified(strict.advance(again, EmailCode(code=strict.code(username))))


def test_a_trusted_server_signs_in_by_its_own_operations(scene: Scene) -> None:
    server = scene.using("ADMIN_USER_PASSWORD_AUTH")
    username = server.user()
    assert server.verified(server.sign_in(username)).username == username
    secret = set_up_app(server, username)
    state = server.run(sign_in(username, PASSWORD))
    assert isinstance(state, SoftwareTokenMfa)
    event = SoftwareTokenCode(code=scene.world.totp(secret))
    elsewhere = replace(state, course=replace(state.course, administrator=False))
    assert server.refused(advance(elsewhere, event)) is SessionInvalid, "the families do not mix"
    server.verified(server.advance(state, event))


@pytest.mark.parametrize("minutes", [2, 4], ids=["in time", "too late"])
def test_a_sign_in_waits_for_some_minutes_at_a_challenge(scene: Scene, minutes: int) -> None:
    username = scene.user()
    secret = set_up_app(scene, username)
    state = scene.run(sign_in(username, PASSWORD))
    scene.move(minutes * MINUTE)
    event = SoftwareTokenCode(code=scene.world.totp(secret))
    assert scene.refused(advance(state, event)) is (None if minutes < 3 else SessionExpired)


def test_a_challenge_is_answered_once(scene: Scene) -> None:
    username = scene.user()
    secret = set_up_app(scene, username)
    state = scene.run(sign_in(username, PASSWORD))
    scene.advance(state, SoftwareTokenCode(code=scene.world.totp(secret)))
    assert scene.refused(advance(state, SoftwareTokenCode(code=scene.world.totp(secret)))) is SessionInvalid
