"""What a program sees and a journey does not: the states themselves, tokens' claims, and answers given by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.api.auth import InitiateAuth
from cognito_auth.errors import (
    AccessTokenRejected,
    IllegalTransition,
    InvalidParameter,
    RefreshTokenInvalid,
    RefreshTokenReused,
    SecretHashMismatch,
    SessionInvalid,
    TokenExpired,
)
from cognito_auth.flows import (
    advance,
    associate_software_token,
    confirm_device,
    prefer_mfa,
    sign_in,
    sign_in_with_choice,
    sign_up,
    verify_software_token,
)
from cognito_auth.secret_hash import secret_hash
from cognito_auth.states import (
    ChallengeResponses,
    ConfirmationCode,
    EmailOtp,
    OtherChallenge,
    Refresh,
    ResendCode,
    SignedIn,
    SmsCode,
    SoftwareTokenCode,
    SoftwareTokenMfa,
)

from .drivers import Scene
from .world import GRACE, HOUR, PASSWORD

REACHABLE: Final = {"email": "ana@example.com", "email_verified": "true"}


def with_mail(scene: Scene) -> str:
    """A user whose second factor is codes by mail."""
    username = scene.user()
    scene.run(prefer_mfa(scene.sign_in(username).tokens.access_token, email="preferred"))
    return username


def test_the_tokens_tell_who_it_is(scene: Scene) -> None:
    username = scene.user()
    state = scene.sign_in(username)
    token = scene.verified(state)
    assert (state.username, token.username, token.client_id) == (username, username, scene.settings.client_id)
    assert state.tokens.id_token is not None
    identity = scene.run(scene.verifier.id_token(state.tokens.id_token))
    assert identity.claims["email"] == f"{username}@example.com"


def test_a_refresh_goes_on_with_the_same_sign_in(scene: Scene) -> None:
    state = scene.sign_in(scene.user())
    scene.move(1)
    renewed = scene.advance(state, Refresh())
    assert isinstance(renewed, SignedIn)
    assert renewed.tokens.refresh_token == state.tokens.refresh_token
    assert renewed.tokens.access_token != state.tokens.access_token
    assert scene.verified(renewed).claims["origin_jti"] == scene.verified(state).claims["origin_jti"]


def test_a_refresh_token_that_was_rotated_and_used_again_has_an_error_of_its_own(scene: Scene) -> None:
    rotating = scene.within(rotating=True)
    first = rotating.sign_in(rotating.user())
    second = rotating.advance(first, Refresh())
    assert isinstance(second, SignedIn)
    assert second.tokens.refresh_token not in (None, first.tokens.refresh_token)
    scene.move(GRACE + 1)
    assert rotating.refused(advance(first, Refresh())) is RefreshTokenReused


def test_an_access_token_expires(scene: Scene) -> None:
    state = scene.sign_in(scene.user())
    scene.move(HOUR - 1)
    scene.verified(state)
    scene.move(scene.verifier.leeway + 2)
    assert scene.refused(scene.verifier.access_token(state.tokens.access_token)) is TokenExpired
    scene.verified(scene.advance(state, Refresh()))


def test_a_refresh_without_the_device_is_refused(scene: Scene) -> None:
    guarded = scene.within("guarded")
    offered = guarded.sign_in(guarded.user())
    assert offered.device is not None
    assert not offered.device.can_prove
    assert guarded.verified(guarded.advance(offered, Refresh())).device_key == offered.device.key
    assert guarded.refused(advance(replace(offered, device=None), Refresh())) is RefreshTokenInvalid


def test_a_device_with_a_wrong_secret_stands_for_nothing(scene: Scene) -> None:
    guarded = scene.within("guarded")
    username = guarded.user()
    signed_in = guarded.sign_in(username)
    guarded.run(prefer_mfa(signed_in.tokens.access_token, email="preferred"))
    device = guarded.run(confirm_device(signed_in))
    assert isinstance(guarded.run(sign_in(username, PASSWORD, device=device)), SignedIn)
    state = guarded.run(sign_in(username, PASSWORD, device=replace(device, secret="another")))
    assert isinstance(state, EmailOtp)
    assert state.course.device_forgotten


def test_a_challenge_is_answered_by_hand(scene: Scene) -> None:
    """As one that the library does not know, by Cognito's names."""
    username = with_mail(scene)
    waiting = scene.run(sign_in(username, PASSWORD))
    assert isinstance(waiting, EmailOtp)
    assert scene.refused(advance(waiting, SmsCode(code="123456"))) is IllegalTransition
    by_hand = OtherChallenge(username=waiting.username, session=waiting.session, name="EMAIL_OTP")
    given = ChallengeResponses(responses={"EMAIL_OTP_CODE": scene.code(username)})
    scene.verified(scene.advance(by_hand, given))


def test_a_code_that_is_sent_again_has_a_session_of_its_own(scene: Scene) -> None:
    choice = scene.within("choice")
    username = choice.user(**REACHABLE)
    state = choice.run(sign_in_with_choice(username, preferred="EMAIL_OTP"))
    assert isinstance(state, EmailOtp)
    again = choice.advance(state, ResendCode())
    assert isinstance(again, EmailOtp)
    assert again.session != state.session


def test_stepping_up_from_a_password_to_an_app(scene: Scene) -> None:
    """By an access token of a sign-in that told its level, which the app is then added to."""
    username, levels = scene.user(), ("urn:cognito:loa:4", "urn:cognito:loa:3")
    low = scene.run(sign_in_with_choice(username, password=PASSWORD, acr_values=("urn:cognito:loa:1",)))
    token = scene.verified(low)
    assert (token.acr, token.amr) == ("urn:cognito:loa:1", ("pwd",))
    assert scene.refused(sign_in_with_choice(username, acr_values=levels, access_token=token.raw)) is InvalidParameter
    access_token = scene.sign_in(username).tokens.access_token
    secret = scene.run(associate_software_token(access_token))
    scene.run(verify_software_token(access_token, scene.world.totp(secret)))
    scene.run(prefer_mfa(access_token, software_token="preferred"))

    state = scene.run(sign_in_with_choice(username, acr_values=levels, access_token=token.raw, max_age=600))
    assert isinstance(state, SoftwareTokenMfa)
    stepped_up = scene.verified(scene.advance(state, SoftwareTokenCode(code=scene.world.totp(secret))))
    assert (stepped_up.acr, stepped_up.amr) == ("urn:cognito:loa:4", ("pwd", "otp", "mfa"))
    other = scene.user()
    assert scene.refused(sign_in_with_choice(other, acr_values=levels, access_token=token.raw)) is AccessTokenRejected


def test_the_administrators_operations_and_the_others_do_not_mix(scene: Scene) -> None:
    server = scene.using("ADMIN_USER_PASSWORD_AUTH")
    username = server.user()
    access_token = server.sign_in(username).tokens.access_token
    secret = server.run(associate_software_token(access_token))
    server.run(verify_software_token(access_token, scene.world.totp(secret)))
    server.run(prefer_mfa(access_token, software_token="preferred"))
    state = server.run(sign_in(username, PASSWORD))
    assert isinstance(state, SoftwareTokenMfa)
    event = SoftwareTokenCode(code=scene.world.totp(secret))
    elsewhere = replace(state, course=replace(state.course, administrator=False))
    assert server.refused(advance(elsewhere, event)) is SessionInvalid
    server.verified(server.advance(state, event))


def test_the_secret_hash_of_a_refresh_is_made_with_the_pools_own_name(scene: Scene) -> None:
    by_mail = Scene.of(scene.world, scene.make, scene.world.settings("mail", confidential=True))
    assert by_mail.settings.client_secret is not None
    secret, client_id = by_mail.settings.client_secret.reveal(), by_mail.settings.client_id
    address = f"{scene.world.name()}@example.com"
    by_mail.advance(by_mail.run(sign_up(address, PASSWORD)), ConfirmationCode(code=by_mail.code(address)))
    state = by_mail.sign_in(address)

    def refresh(username: str) -> InitiateAuth:
        hashed = secret_hash(username, client_id, secret)
        parameters = {"REFRESH_TOKEN": state.tokens.refresh_token or "", "SECRET_HASH": hashed}
        return InitiateAuth(auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)

    assert by_mail.send(refresh(state.username)).authentication_result is not None
    with pytest.raises(SecretHashMismatch):
        by_mail.send(refresh(address))
