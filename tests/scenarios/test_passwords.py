"""Journeys with user name and password: signing up and in, temporary, forgotten and changed passwords, lock-out."""

from __future__ import annotations

import pytest

from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.users import AdminCreateUser, AdminGetUser
from cognito_auth.config import PasswordFlow
from cognito_auth.errors import (
    CodeMismatch,
    IncorrectCredentials,
    InvalidAnswer,
    InvalidPassword,
    PasswordAttemptsExceeded,
    SecretHashMismatch,
    UserNotConfirmed,
)
from cognito_auth.flows import advance, change_password, forgot_password, sign_in, sign_up
from cognito_auth.secret_hash import secret_hash
from cognito_auth.states import (
    ConfirmationCode,
    Confirmed,
    NewPassword,
    NewPasswordRequired,
    PasswordReplaced,
    Refresh,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SignedIn,
    Unconfirmed,
)

from .drivers import Scene
from .world import NEW_PASSWORD, PASSWORD, WEAK_PASSWORD, wrong


def test_sign_up_with_a_wrong_code_a_new_code_and_the_right_one(scene: Scene) -> None:
    username = scene.world.name()
    assert scene.refused(sign_up(username, WEAK_PASSWORD, {"email": "ana@example.com"})) is InvalidPassword
    state = scene.run(sign_up(username, PASSWORD, {"email": "ana@example.com"}))
    assert isinstance(state, Unconfirmed)
    assert state.delivery is not None
    assert state.delivery.destination == "a***@e***"
    first = scene.code(username)
    assert scene.refused(advance(state, ConfirmationCode(code=wrong(first)))) is CodeMismatch

    again = scene.advance(state, ResendCode())
    assert isinstance(again, Unconfirmed)
    newest = scene.code(username)
    assert isinstance(scene.advance(again, ConfirmationCode(code=newest)), Confirmed)
    assert scene.verified(scene.sign_in(username)).username == username


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_sign_in(scene: Scene, flow: PasswordFlow) -> None:
    sender = scene.using(flow)
    username = sender.user()
    state = sender.sign_in(username)
    token = sender.verified(state)
    assert (state.username, token.username, token.client_id) == (username, username, scene.settings.client_id)
    assert state.tokens.id_token is not None
    identity = sender.run(sender.verifier.id_token(state.tokens.id_token))
    assert identity.claims["email"] == f"{username}@example.com"


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_a_wrong_password_and_an_unknown_user_are_alike(scene: Scene, flow: PasswordFlow) -> None:
    sender = scene.using(flow)
    with pytest.raises(IncorrectCredentials) as known:
        sender.run(sign_in(sender.user(), "Wr0ng-password"))
    with pytest.raises(IncorrectCredentials) as unknown:
        sender.run(sign_in("nobody-of-that-name", "Wr0ng-password"))
    assert str(known.value) == str(unknown.value)
    assert known.value.operation == unknown.value.operation


def test_an_unconfirmed_user_is_told_so_after_the_right_password_only(scene: Scene) -> None:
    username = scene.world.name()
    scene.run(sign_up(username, PASSWORD, {"email": "ana@example.com"}))
    assert scene.refused(sign_in(username, "Wr0ng-password")) is IncorrectCredentials
    assert scene.refused(sign_in(username, PASSWORD)) is UserNotConfirmed


def test_a_temporary_password_is_replaced_and_the_required_attributes_are_given(scene: Scene) -> None:
    username = scene.world.name()
    temporary = "Temp0rary-password"
    scene.send(AdminCreateUser(username=username, temporary_password=temporary, message_action="SUPPRESS"))
    state = scene.run(sign_in(username, temporary))
    assert isinstance(state, NewPasswordRequired)
    assert state.required_attributes == ("email",)
    mail = {"email": f"{username}@example.com"}

    assert scene.refused(advance(state, NewPassword(password=NEW_PASSWORD))) is InvalidAnswer
    assert scene.refused(advance(state, NewPassword(password=WEAK_PASSWORD, attributes=mail))) is InvalidPassword
    finished = scene.advance(state, NewPassword(password=NEW_PASSWORD, attributes=mail))

    assert scene.verified(finished).username == username
    known = scene.send(AdminGetUser(username=username))
    assert known.user_status == "CONFIRMED"
    assert mail["email"] in [attribute.value for attribute in known.user_attributes or ()]
    assert scene.refused(sign_in(username, temporary)) is IncorrectCredentials
    scene.sign_in(username, NEW_PASSWORD)


def test_a_forgotten_password_is_replaced(scene: Scene) -> None:
    username = scene.user()
    state = scene.run(forgot_password(username))
    assert isinstance(state, ResetCodeSent)
    first = scene.code(username)
    assert scene.refused(advance(state, ResetCode(code=wrong(first), new_password=NEW_PASSWORD))) is CodeMismatch
    state = scene.advance(state, ResendCode())
    newest = scene.code(username)
    assert scene.refused(advance(state, ResetCode(code=newest, new_password=WEAK_PASSWORD))) is InvalidPassword
    reached = scene.advance(state, ResetCode(code=newest, new_password=NEW_PASSWORD))
    assert reached == PasswordReplaced(username=username)
    assert scene.refused(sign_in(username, PASSWORD)) is IncorrectCredentials
    scene.sign_in(username, NEW_PASSWORD)


def test_a_forgotten_password_of_nobody_looks_the_same(scene: Scene) -> None:
    nobody = scene.world.name("nobody")
    state = scene.run(forgot_password(nobody))
    assert isinstance(state, ResetCodeSent)
    assert state.delivery is not None
    assert scene.refused(advance(state, ResetCode(code="123456", new_password=NEW_PASSWORD))) is CodeMismatch


def test_a_signed_in_user_changes_the_password(scene: Scene) -> None:
    username = scene.user()
    access_token = scene.sign_in(username).tokens.access_token
    assert scene.refused(change_password(access_token, "Wr0ng-password", NEW_PASSWORD)) is IncorrectCredentials
    assert scene.refused(change_password(access_token, PASSWORD, WEAK_PASSWORD)) is InvalidPassword
    scene.run(change_password(access_token, PASSWORD, NEW_PASSWORD))
    assert scene.refused(sign_in(username, PASSWORD)) is IncorrectCredentials
    scene.sign_in(username, NEW_PASSWORD)


def test_wrong_passwords_lock_a_user_out_for_a_while(scene: Scene) -> None:
    username = scene.user()
    for _ in range(5):
        assert scene.refused(sign_in(username, "Wr0ng-password")) is IncorrectCredentials
    assert scene.refused(sign_in(username, PASSWORD)) is PasswordAttemptsExceeded
    scene.move(1)
    assert scene.refused(sign_in(username, "Wr0ng-password")) is IncorrectCredentials
    scene.move(1)
    assert scene.refused(sign_in(username, PASSWORD)) is PasswordAttemptsExceeded
    scene.move(1)
    scene.sign_in(username)
    assert scene.refused(sign_in(username, "Wr0ng-password")) is IncorrectCredentials
    scene.sign_in(username)


def test_mail_addresses_as_user_names(scene: Scene) -> None:
    by_mail = scene.within("mail")
    address = f"{scene.world.name()}@example.com"
    state = by_mail.run(sign_up(address, PASSWORD))
    by_mail.advance(state, ConfirmationCode(code=by_mail.code(address)))
    signed_in = by_mail.sign_in(address)
    token = by_mail.verified(signed_in)
    assert signed_in.username == token.username == token.sub != address

    refreshed = by_mail.advance(signed_in, Refresh())
    assert by_mail.verified(refreshed).sub == token.sub
    if scene.settings.client_secret is not None:
        _refresh_with_a_hash(by_mail, signed_in, address)


def _refresh_with_a_hash(scene: Scene, state: SignedIn, address: str) -> None:
    """``REFRESH_TOKEN_AUTH``, whose secret hash is made with the pool's own name for the user, never with the address."""
    assert scene.settings.client_secret is not None
    secret, refresh_token = scene.settings.client_secret.reveal(), state.tokens.refresh_token or ""

    def refresh(username: str) -> InitiateAuth:
        hashed = secret_hash(username, scene.settings.client_id, secret)
        parameters = {"REFRESH_TOKEN": refresh_token, "SECRET_HASH": hashed}
        return InitiateAuth(auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)

    assert scene.send(refresh(state.username)).authentication_result is not None
    with pytest.raises(SecretHashMismatch):
        scene.send(refresh(address))
