"""Sign-in by choice (USER_AUTH): what is offered, what is preferred, passwords in either form, and what nobody is told."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import AuthReply
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import DeviceConfiguration
from cognito_auth.api.users import (
    AdminCreateUser,
    AdminDeleteUser,
    AdminDisableUser,
    AdminResetUserPassword,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
)

from .choice_client import admin_begin, admin_reply_to, begin, choice_app, offered, prefer
from .device_client import registered
from .support import NEW_PASSWORD, PASSWORD, App, add_client, claims, listed, new_app, refusal, signed_in

BY_PASSWORD: Final = ("PASSWORD_SRP", "PASSWORD")
INCORRECT: Final = "NotAuthorized: Incorrect username or password."
DEVICES: Final = DeviceConfiguration(challenge_required_on_new_device=True, device_only_remembered_on_user_prompt=False)
INVALID: Final = "NotAuthorized: Invalid session for the user."
VERIFIED: Final = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": "+15550004321",
    "phone_number_verified": "true",
}


def app_with_ana(*factors: str, **options: Any) -> App:
    app = choice_app(*factors, **options)
    app.create_user("ana", **VERIFIED)
    return app


def proof(app: App, pair: srp.Ephemeral, posed: AuthReply, password: str = PASSWORD) -> AuthReply:
    """Answer the verifier of a sign-in by choice."""
    return app.answer("PASSWORD_VERIFIER", posed.session, app.srp_claim(pair, posed, password))


def ephemeral() -> srp.Ephemeral:
    return srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))


# What is offered


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        pytest.param(("PASSWORD",), BY_PASSWORD, id="password"),
        pytest.param(("PASSWORD", "EMAIL_OTP"), (*BY_PASSWORD, "EMAIL_OTP"), id="mail"),
        pytest.param(("PASSWORD", "SMS_OTP"), (*BY_PASSWORD, "SMS_OTP"), id="text-message"),
        pytest.param(("PASSWORD", "WEB_AUTHN"), BY_PASSWORD, id="no-passkey-yet"),
        pytest.param((), (*BY_PASSWORD, "EMAIL_OTP", "SMS_OTP"), id="everything"),
    ],
)
def test_what_the_pool_allows_is_offered(factors: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert offered(app_with_ana(*factors)) == expected


def test_an_address_that_is_not_verified_opens_nothing() -> None:
    app = choice_app()
    app.create_user("ana", email="ana@example.com", phone_number="+15550004321")
    assert offered(app) == BY_PASSWORD


def test_whoever_has_a_temporary_password_begins_with_it() -> None:
    app = app_with_ana()
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=PASSWORD, permanent=False))
    assert offered(app) == BY_PASSWORD
    assert prefer(app, "PASSWORD", PASSWORD=PASSWORD).challenge_name == "NEW_PASSWORD_REQUIRED"


def test_where_a_second_factor_is_demanded_a_password_comes_first() -> None:
    app = app_with_ana("PASSWORD", pool={"mfa_configuration": "ON"})
    assert offered(app) == BY_PASSWORD
    assert prefer(app, "PASSWORD", PASSWORD=PASSWORD).challenge_name == "MFA_SETUP"


def test_whoever_has_set_up_a_second_factor_begins_with_the_password() -> None:
    app = app_with_ana(pool={"mfa_configuration": "OPTIONAL"})
    assert offered(app) == (*BY_PASSWORD, "EMAIL_OTP", "SMS_OTP")
    access = app.tokens().access_token or ""
    secret = app.set_up_totp(access)
    preference = SoftwareTokenMfaSettings(enabled=True, preferred_mfa=True)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=preference))
    assert offered(app) == BY_PASSWORD
    assert prefer(app, "EMAIL_OTP").challenge_name == "SELECT_CHALLENGE"
    challenge = prefer(app, "PASSWORD", PASSWORD=PASSWORD)
    assert challenge.challenge_name == "SOFTWARE_TOKEN_MFA"
    assert signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))


def test_the_flow_has_to_be_allowed() -> None:
    app = new_app()
    app.create_user()
    assert refusal(begin, app) == "InvalidParameter: USER_AUTH is not enabled for the client."
    assert refusal(admin_begin, app) == "InvalidParameter: Auth flow not enabled for this client"


# What is preferred, and what is chosen


@pytest.mark.parametrize("preferred", ["WEB_AUTHN", "SMS_OTP", "SOFTWARE_TOKEN", "nonsense"])
def test_what_is_preferred_and_not_offered_leaves_the_choice(preferred: str) -> None:
    app = app_with_ana("PASSWORD", "EMAIL_OTP")
    reply = prefer(app, preferred)
    assert (reply.challenge_name, reply.available_challenges) == ("SELECT_CHALLENGE", (*BY_PASSWORD, "EMAIL_OTP"))


@pytest.mark.parametrize("answer", ["SMS_OTP", "WEB_AUTHN", "SELECT_CHALLENGE", "nonsense"])
def test_what_is_not_offered_cannot_be_chosen(answer: str) -> None:
    app = app_with_ana("PASSWORD", "EMAIL_OTP")
    challenge = begin(app)
    text = refusal(app.reply_to, challenge, ANSWER=answer)
    assert text == "InvalidParameter: ANSWER is not one of the challenges that can be chosen"
    assert refusal(app.reply_to, challenge) == "InvalidParameter: Missing required parameter ANSWER"
    assert signed_in(app.reply_to(challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD))


def preferred(app: App, password: str) -> AuthReply:
    return prefer(app, "PASSWORD", PASSWORD=password)


def chosen(app: App, password: str) -> AuthReply:
    return app.reply_to(begin(app), ANSWER="PASSWORD", PASSWORD=password)


def asked(app: App, password: str) -> AuthReply:
    challenge = app.reply_to(begin(app), ANSWER="PASSWORD")
    assert (challenge.challenge_name, challenge.challenge_parameters) == ("PASSWORD", {})
    return app.reply_to(challenge, PASSWORD=password)


def asked_at_once(app: App, password: str) -> AuthReply:
    return app.reply_to(prefer(app, "PASSWORD"), PASSWORD=password)


def proved(app: App, password: str) -> AuthReply:
    pair = ephemeral()
    return proof(app, pair, prefer(app, "PASSWORD_SRP", SRP_A=pair.srp_a), password)


def proved_by_choice(app: App, password: str) -> AuthReply:
    pair = ephemeral()
    return proof(app, pair, app.reply_to(begin(app), ANSWER="PASSWORD_SRP", SRP_A=pair.srp_a), password)


def proved_when_asked(app: App, password: str) -> AuthReply:
    pair, challenge = ephemeral(), prefer(app, "PASSWORD_SRP")
    assert (challenge.challenge_name, challenge.challenge_parameters) == ("PASSWORD_SRP", {})
    return proof(app, pair, app.reply_to(challenge, SRP_A=pair.srp_a), password)


def by_the_administrator(app: App, password: str) -> AuthReply:
    return admin_reply_to(app, admin_begin(app), ANSWER="PASSWORD", PASSWORD=password)


WAYS: Final = (preferred, chosen, asked, asked_at_once, proved, proved_by_choice, proved_when_asked, by_the_administrator)


@pytest.mark.parametrize("way", WAYS)
def test_a_password_signs_in(way: Callable[[App, str], AuthReply]) -> None:
    app = app_with_ana(generate_secret=True)
    assert claims(signed_in(way(app, PASSWORD)).access_token)["username"] == "ana"
    assert refusal(way, app, NEW_PASSWORD) == INCORRECT


@pytest.mark.parametrize("way", WAYS)
def test_wrong_passwords_lock_out(way: Callable[[App, str], AuthReply]) -> None:
    app = app_with_ana()
    for _ in range(5):
        assert refusal(way, app, NEW_PASSWORD) == INCORRECT
    assert refusal(way, app, PASSWORD) == "NotAuthorized: Password attempts exceeded"
    assert refusal(app.password_auth) == "NotAuthorized: Password attempts exceeded"
    app.cognito.clock.move(1)
    assert signed_in(way(app, PASSWORD))


@pytest.mark.parametrize("way", WAYS)
def test_an_account_that_lets_nobody_in(way: Callable[[App, str], AuthReply]) -> None:
    app = app_with_ana()
    app.send(AdminResetUserPassword(user_pool_id=app.pool_id, username="ana"))
    assert refusal(way, app, PASSWORD) == "PasswordResetRequired: Password reset required for the user"
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=PASSWORD, permanent=True))
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    assert refusal(way, app, PASSWORD) == "NotAuthorized: User is disabled."
    assert refusal(way, app, NEW_PASSWORD) == INCORRECT


@pytest.mark.parametrize("way", WAYS)
def test_who_has_only_signed_up(way: Callable[[App, str], AuthReply]) -> None:
    app = choice_app("PASSWORD")
    app.sign_up()
    assert refusal(way, app, PASSWORD) == "UserNotConfirmed: User is not confirmed."


# Sessions


def test_a_session_is_used_once() -> None:
    app = app_with_ana()
    challenge = begin(app)
    assert refusal(app.reply_to, challenge, ANSWER="PASSWORD", PASSWORD=NEW_PASSWORD) == INCORRECT
    assert signed_in(app.reply_to(challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD))
    text = refusal(app.reply_to, challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "NotAuthorized: Invalid session for the user, session can only be used once."


def test_a_session_grows_old() -> None:
    app = app_with_ana()
    challenge = begin(app)
    app.cognito.clock.move(180)
    text = refusal(app.reply_to, challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "NotAuthorized: Invalid session for the user, session is expired."


def test_a_session_is_its_users_and_its_clients() -> None:
    app = app_with_ana()
    app.create_user("eva", **(VERIFIED | {"email": "eva@example.com"}))
    other = add_client(app.cognito, app.pool_id, explicit_auth_flows=("ALLOW_USER_AUTH",))
    challenge = begin(app)
    given = {"ANSWER": "PASSWORD", "PASSWORD": PASSWORD}
    assert refusal(app.reply_to, challenge, "eva", **given) == INVALID
    assert refusal(app.reply_to, challenge, "nobody", **given) == INVALID
    assert refusal(other.reply_to, challenge, **given) == INVALID
    assert refusal(admin_reply_to, app, challenge, **given) == INVALID
    assert refusal(app.reply_to, admin_begin(app), **given) == INVALID
    assert signed_in(app.reply_to(challenge, **given))


def test_who_is_deleted_meanwhile() -> None:
    for existence in ("ENABLED", "LEGACY"):
        app = app_with_ana(prevent_user_existence_errors=existence)
        challenge = begin(app)
        app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))
        assert refusal(app.reply_to, challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD) == INVALID


def test_the_verifier_needs_its_session() -> None:
    app = app_with_ana()
    first, second = ephemeral(), ephemeral()
    posed = prefer(app, "PASSWORD_SRP", SRP_A=first.srp_a)
    other = prefer(app, "PASSWORD_SRP", SRP_A=second.srp_a)
    answers = app.srp_claim(first, posed)
    text = refusal(app.answer, "PASSWORD_VERIFIER", None, answers)
    assert text == "InvalidParameter: Missing required parameter Session"
    assert refusal(app.answer, "PASSWORD_VERIFIER", other.session, answers) == INVALID
    assert refusal(app.answer, "PASSWORD_VERIFIER", begin(app).session, answers) == INVALID
    assert signed_in(app.answer("PASSWORD_VERIFIER", posed.session, answers))
    used = refusal(app.answer, "PASSWORD_VERIFIER", posed.session, app.srp_claim(second, other))
    assert used == "NotAuthorized: Invalid session for the user, session can only be used once."
    assert signed_in(proof(app, second, other))


# Devices


def test_a_device_is_named_at_the_beginning() -> None:
    app = app_with_ana("PASSWORD", pool={"device_configuration": DEVICES, "mfa_configuration": "OPTIONAL"})
    device = registered(app)
    for challenge in (begin(app, DEVICE_KEY=device.key), begin(app, DEVICE_KEY=device.key)):
        reply = app.reply_to(challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD)
        assert claims(signed_in(device.prove(app, reply)).access_token)["device_key"] == device.key


def test_a_device_that_is_not_there_is_told_of_after_the_password() -> None:
    app = app_with_ana("PASSWORD", pool={"device_configuration": DEVICES})
    unknown = f"us-east-1_{'0' * 8}-0000-4000-8000-{'0' * 12}"
    challenge = begin(app, DEVICE_KEY=unknown)
    assert challenge.challenge_name == begin(app, "nobody", DEVICE_KEY=unknown).challenge_name == "SELECT_CHALLENGE"
    given = {"ANSWER": "PASSWORD", "DEVICE_KEY": unknown}
    assert refusal(app.reply_to, challenge, PASSWORD=NEW_PASSWORD, **given) == INCORRECT
    assert refusal(app.reply_to, challenge, PASSWORD=PASSWORD, **given) == "ResourceNotFound: Device does not exist."
    assert signed_in(app.reply_to(challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD))


# Nobody


def test_somebody_who_does_not_exist_is_offered_what_the_pool_allows() -> None:
    app = app_with_ana("PASSWORD", "EMAIL_OTP")
    for name in ("nobody", "nobody@example.com"):
        assert offered(app, name) == offered(app) == (*BY_PASSWORD, "EMAIL_OTP")


def test_a_password_of_nobody_is_wrong_like_any_other() -> None:
    app = app_with_ana()
    assert refusal(prefer, app, "PASSWORD", "nobody", PASSWORD=PASSWORD) == INCORRECT
    challenge = begin(app, "nobody")
    given = {"ANSWER": "PASSWORD", "PASSWORD": PASSWORD}
    assert refusal(app.reply_to, challenge, "ana", **given) == INVALID
    for _ in range(4):
        assert refusal(app.reply_to, challenge, "nobody", **given) == INCORRECT
    assert refusal(app.reply_to, challenge, "nobody", **given) == "NotAuthorized: Password attempts exceeded"


def test_a_proof_of_nobody_is_wrong_like_any_other() -> None:
    app, pair = app_with_ana(), ephemeral()
    again = prefer(app, "PASSWORD_SRP", "nobody", SRP_A=pair.srp_a)
    posed = app.reply_to(begin(app, "nobody"), "nobody", ANSWER="PASSWORD_SRP", SRP_A=pair.srp_a)
    shown, before = posed.challenge_parameters or {}, again.challenge_parameters or {}
    assert (shown["SALT"], shown["USER_ID_FOR_SRP"]) == (before["SALT"], before["USER_ID_FOR_SRP"])
    assert len(b64decode(shown["SECRET_BLOCK"])) > 1000
    assert refusal(proof, app, pair, posed) == INCORRECT


def test_where_existence_is_told() -> None:
    app = app_with_ana(prevent_user_existence_errors="LEGACY")
    assert refusal(begin, app, "nobody") == "UserNotFound: User does not exist."


def test_who_has_nothing_to_sign_in_with_is_nobody() -> None:
    app = choice_app("PASSWORD", "EMAIL_OTP")
    given = listed({"email": "ana@example.com", "email_verified": "true"})
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", user_attributes=given))
    assert offered(app) == ("EMAIL_OTP",)
    unverified = listed({"email_verified": "false"})
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=unverified))
    challenge = begin(app)
    assert challenge.available_challenges == offered(app, "nobody")
    assert refusal(app.reply_to, challenge, ANSWER="PASSWORD", PASSWORD=PASSWORD) == INCORRECT
