"""Signing up and in without a password: codes as the first factor, and the session that leads from the sign-up on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from cognito_auth.api.account import GetUserAuthFactors
from cognito_auth.api.auth import AdminInitiateAuth, AuthReply
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import UserPoolAddOns
from cognito_auth.api.sign_up import AdminConfirmSignUp, ConfirmSignUp, SignUp, SignUpReply
from cognito_auth.api.users import (
    AdminDisableUser,
    AdminGetUser,
    AdminListUserAuthEvents,
    AdminResetUserPassword,
    AdminUpdateUserAttributes,
)

from .choice_client import CHOICE, SMS, admin_begin, admin_reply_to, begin, choice_app, offered, prefer
from .profiles import attributes_of
from .support import PASSWORD, App, add_client, claims, listed, refusal, signed_in

WRONG_CODE: Final = "CodeMismatch: Invalid code or auth state for the user."
INVALID: Final = "NotAuthorized: Invalid session for the user."
USED: Final = "NotAuthorized: Invalid session for the user, session can only be used once."
EXPIRED: Final = "NotAuthorized: Invalid session for the user, session is expired."
VERIFIED: Final = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": "+15550004321",
    "phone_number_verified": "true",
}
MAIL: Final = {"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"}
TEXT: Final = {"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4321"}
FACTORS: Final = pytest.mark.parametrize(
    ("factor", "shown", "address"),
    [
        pytest.param("EMAIL_OTP", MAIL, "ana@example.com", id="mail"),
        pytest.param("SMS_OTP", TEXT, "+15550004321", id="text-message"),
    ],
)


def app_with_ana(**options: Any) -> App:
    app = choice_app(**options)
    app.create_user("ana", **VERIFIED)
    return app


def sign_up(app: App, username: str = "ana", *, password: str | None = None, **attributes: str) -> SignUpReply:
    request = SignUp(
        client_id=app.client_id,
        secret_hash=app.hashed(username),
        username=username,
        password=password,
        user_attributes=listed(attributes or {"email": "ana@example.com"}),
    )
    return app.send(request)


def confirm(app: App, session: str | None, username: str = "ana", *, code: str | None = None) -> str | None:
    """Confirm with a session; gives the next one."""
    request = ConfirmSignUp(
        client_id=app.client_id,
        secret_hash=app.hashed(username),
        username=username,
        confirmation_code=code or app.last_message(username).code,
        session=session,
    )
    return app.send(request).session


def status_of(app: App) -> str | None:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana")).user_status


def other(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


# Codes


@FACTORS
def test_a_code_signs_in(factor: str, shown: Mapping[str, str], address: str) -> None:
    app = app_with_ana(generate_secret=True)
    for preferred in (True, False):
        challenge = prefer(app, factor) if preferred else app.reply_to(begin(app), ANSWER=factor)
        assert (challenge.challenge_name, challenge.challenge_parameters) == (factor, shown)
        message = app.last_message()
        assert (message.to, message.kind, len(message.code), message.code.isdigit()) == (address, "mfa", 8, True)
        tokens = signed_in(app.reply_to(challenge, **{f"{factor}_CODE": message.code}))
        assert claims(tokens.access_token)["username"] == claims(tokens.id_token)["cognito:username"] == "ana"
        assert refusal(app.reply_to, challenge, **{f"{factor}_CODE": message.code}) == USED


@FACTORS
def test_a_code_signs_in_through_the_administrator(factor: str, shown: Mapping[str, str], address: str) -> None:
    app = app_with_ana()
    challenge = admin_reply_to(app, admin_begin(app), ANSWER=factor)
    assert challenge.challenge_parameters == shown
    assert app.last_message().to == address
    assert refusal(app.reply_to, challenge, **{f"{factor}_CODE": app.last_message().code}) == INVALID
    assert signed_in(admin_reply_to(app, challenge, **{f"{factor}_CODE": app.last_message().code}))


@FACTORS
def test_wrong_codes(factor: str, shown: Mapping[str, str], address: str) -> None:
    del shown, address
    app = app_with_ana()
    earlier = prefer(app, factor)
    code = app.last_message().code
    challenge = prefer(app, factor)
    newer = app.last_message().code
    for wrong in (*[other(newer)] * 6, "nonsense", "é"):
        assert refusal(app.reply_to, challenge, **{f"{factor}_CODE": wrong}) == WRONG_CODE
    absent = refusal(app.reply_to, challenge, CODE=newer)
    assert absent == f"InvalidParameter: Missing required parameter {factor}_CODE"
    assert signed_in(app.reply_to(challenge, **{f"{factor}_CODE": newer}))
    assert signed_in(app.reply_to(earlier, **{f"{factor}_CODE": code}))


def test_a_code_grows_old_with_its_session() -> None:
    app = app_with_ana()
    challenge = prefer(app, "EMAIL_OTP")
    app.cognito.clock.move(180)
    assert refusal(app.reply_to, challenge, EMAIL_OTP_CODE=app.last_message().code) == EXPIRED


def test_a_code_proves_the_address_that_it_was_sent_to() -> None:
    app = app_with_ana()
    challenge = prefer(app, "EMAIL_OTP")
    changed = listed({"email": "new@example.com", "email_verified": "true"})
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=changed))
    assert refusal(app.reply_to, challenge, EMAIL_OTP_CODE=app.last_message().code) == WRONG_CODE


def test_a_code_of_a_first_factor_is_none_of_a_second() -> None:
    """The session says which of the two it is: MFA that was set up meanwhile is not passed by with the first."""
    app = app_with_ana(pool={"mfa_configuration": "OPTIONAL"})
    challenge = prefer(app, "EMAIL_OTP")
    code, access = app.last_message().code, app.tokens().access_token or ""
    app.set_up_totp(access)
    preference = SoftwareTokenMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=preference))
    assert refusal(app.reply_to, challenge, EMAIL_OTP_CODE=code) == INVALID


def test_codes_of_somebody_who_does_not_exist() -> None:
    app = app_with_ana()
    before = len(app.cognito.outbox())
    replies = [prefer(app, "EMAIL_OTP", "nobody"), app.reply_to(begin(app, "nobody"), "nobody", ANSWER="EMAIL_OTP")]
    (first, second) = (reply.challenge_parameters for reply in replies)
    assert first is not None
    assert first == second
    assert (first["CODE_DELIVERY_DELIVERY_MEDIUM"], len(first["CODE_DELIVERY_DESTINATION"])) == ("EMAIL", 9)
    phone = prefer(app, "SMS_OTP", "nobody").challenge_parameters or {}
    assert len(phone["CODE_DELIVERY_DESTINATION"]) == 12
    own = prefer(app, "EMAIL_OTP", "zoe@host.example").challenge_parameters or {}
    assert own["CODE_DELIVERY_DESTINATION"] == "z***@h***"
    assert len(app.cognito.outbox()) == before
    assert refusal(app.reply_to, replies[0], "nobody", EMAIL_OTP_CODE="12345678") == WRONG_CODE


def test_who_is_disabled_gets_no_code() -> None:
    app = app_with_ana()
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    before = len(app.cognito.outbox())
    challenge = prefer(app, "EMAIL_OTP")
    assert (challenge.challenge_name, challenge.challenge_parameters) == ("EMAIL_OTP", MAIL)
    assert len(app.cognito.outbox()) == before
    assert refusal(app.reply_to, challenge, EMAIL_OTP_CODE="12345678") == WRONG_CODE


def test_who_has_to_set_a_new_password() -> None:
    app = app_with_ana()
    app.send(AdminResetUserPassword(user_pool_id=app.pool_id, username="ana"))
    challenge = prefer(app, "EMAIL_OTP")
    text = refusal(app.reply_to, challenge, EMAIL_OTP_CODE=app.last_message().code)
    assert text == "PasswordResetRequired: Password reset required for the user"


def test_the_history_of_a_sign_in_by_code() -> None:
    add_ons = UserPoolAddOns(advanced_security_mode="ENFORCED")
    app = app_with_ana(pool={"user_pool_add_ons": add_ons, "user_pool_tier": "PLUS"})
    challenge = prefer(app, "EMAIL_OTP")
    outlines = [outline(app)]
    code = app.last_message().code
    assert refusal(app.reply_to, challenge, EMAIL_OTP_CODE=other(code)) == WRONG_CODE
    outlines.append(outline(app))
    app.reply_to(challenge, EMAIL_OTP_CODE=code)
    outlines.append(outline(app))
    assert outlines == [("InProgress", []), ("Fail", [("Mfa", "Failure")]), ("Pass", [("Mfa", "Success")])]


def outline(app: App) -> tuple[str | None, list[tuple[str | None, str | None]]]:
    """Of the one event there is."""
    found = app.send(AdminListUserAuthEvents(user_pool_id=app.pool_id, username="ana")).auth_events
    assert found is not None
    (event,) = found
    proofs = [(each.challenge_name, each.challenge_response) for each in event.challenge_responses or ()]
    return event.event_response, proofs


# Signing up


def test_a_user_without_a_password() -> None:
    app = choice_app()
    assert sign_up(app).user_confirmed is False
    app.confirm()
    assert offered(app) == ("EMAIL_OTP",)
    challenge = prefer(app, "EMAIL_OTP")
    tokens = signed_in(app.reply_to(challenge, EMAIL_OTP_CODE=app.last_message().code))
    found = app.send(GetUserAuthFactors(access_token=tokens.access_token or "")).configured_user_auth_factors
    assert found == ("EMAIL_OTP",)
    assert refusal(app.password_auth) == "NotAuthorized: Incorrect username or password."


def test_where_a_password_is_needed() -> None:
    app = choice_app("PASSWORD")
    assert refusal(sign_up, app) == "InvalidParameter: Missing required parameter Password"


@FACTORS
def test_a_right_code_confirms_who_has_just_signed_up(factor: str, shown: Mapping[str, str], address: str) -> None:
    app = choice_app(pool={"auto_verified_attributes": ("email", "phone_number"), "sms_configuration": SMS})
    attribute = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number"}[factor]
    sign_up(app, **{attribute: address})
    confirmation = app.last_message().code
    assert status_of(app) == "UNCONFIRMED"
    challenge = prefer(app, factor)
    assert challenge.challenge_parameters == shown
    code = app.last_message().code
    assert refusal(app.reply_to, challenge, **{f"{factor}_CODE": other(code)}) == WRONG_CODE
    assert status_of(app) == "UNCONFIRMED"
    assert signed_in(app.reply_to(challenge, **{f"{factor}_CODE": code}))
    assert status_of(app) == "CONFIRMED"
    assert attributes_of(app)[f"{attribute}_verified"] == "true"
    text = refusal(app.confirm, "ana", confirmation)
    assert text == "NotAuthorized: User cannot be confirmed. Current status is CONFIRMED"


def test_an_address_that_another_has_by_now_confirms_nobody() -> None:
    app = choice_app(pool={"alias_attributes": ("email",)})
    sign_up(app)
    app.create_user("eva", email="ana@example.com", email_verified="true")
    challenge = prefer(app, "EMAIL_OTP")
    text = refusal(app.reply_to, challenge, EMAIL_OTP_CODE=app.last_message().code)
    assert text == "AliasExists: An account with the email already exists."
    assert status_of(app) == "UNCONFIRMED"


# The session of a sign-up


def signed_up(**options: Any) -> tuple[App, str]:
    """An app with ana, who has just confirmed, and the session for the sign-in."""
    app = choice_app(**options)
    session = confirm(app, sign_up(app).session)
    assert session is not None
    return app, session


def admin_enter(app: App, session: str) -> AuthReply:
    request = AdminInitiateAuth(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        auth_flow="USER_AUTH",
        auth_parameters=app.parameters("ana"),
        session=session,
    )
    return app.send(request)


def user_enter(app: App, session: str) -> AuthReply:
    return begin(app, session=session)


@pytest.mark.parametrize("enter", [user_enter, admin_enter])
def test_whoever_confirms_is_signed_in_without_more(enter: Callable[[App, str], AuthReply]) -> None:
    app, session = signed_up(generate_secret=True)
    before = len(app.cognito.outbox())
    assert claims(signed_in(enter(app, session)).access_token)["username"] == "ana"
    assert len(app.cognito.outbox()) == before
    assert refusal(enter, app, session) == USED


def test_with_a_password_too() -> None:
    app = choice_app("PASSWORD")
    session = confirm(app, sign_up(app, password=PASSWORD).session)
    assert signed_in(begin(app, session=session))


def test_the_session_does_not_stand_for_a_second_factor() -> None:
    app = choice_app("PASSWORD", pool={"mfa_configuration": "ON"})
    session = confirm(app, sign_up(app, password=PASSWORD).session)
    assert begin(app, session=session).challenge_name == "MFA_SETUP"


def test_sessions_are_for_clients_that_allow_choice() -> None:
    app = choice_app(explicit_auth_flows=tuple(flow for flow in CHOICE if flow != "ALLOW_USER_AUTH"))
    assert sign_up(app).session is None
    assert confirm(app, None) is None


def test_confirming_without_the_session_gives_none() -> None:
    app = choice_app()
    assert sign_up(app).session is not None
    assert confirm(app, None) is None


def test_a_session_is_the_users_and_the_clients() -> None:
    app, session = signed_up()
    other_client = add_client(app.cognito, app.pool_id, explicit_auth_flows=CHOICE)
    second = sign_up(app, "eva", email="eva@example.com").session
    assert refusal(begin, app, "eva", session=session) == INVALID
    assert refusal(begin, app, "nobody", session=session) == INVALID
    assert refusal(begin, other_client, session=session) == INVALID
    assert refusal(begin, app, session=second) == INVALID
    assert refusal(confirm, other_client, second, "eva", code=app.last_message("eva").code) == INVALID
    assert refusal(confirm, app, session, "eva") == INVALID
    assert confirm(app, second, "eva")
    assert signed_in(begin(app, session=session))


def test_a_session_with_a_wrong_code_stays() -> None:
    app = choice_app()
    session = sign_up(app).session
    code = app.last_message().code
    assert refusal(confirm, app, session, code=other(code)).startswith("CodeMismatch: ")
    assert signed_in(begin(app, session=confirm(app, session, code=code)))


def test_an_old_session_confirms_nobody() -> None:
    app = choice_app(auth_session_validity=5)
    session = sign_up(app).session
    app.cognito.clock.move(300)
    assert refusal(confirm, app, session) == EXPIRED
    assert status_of(app) == "UNCONFIRMED"
    assert confirm(app, None) is None
    assert status_of(app) == "CONFIRMED"


def test_the_session_grows_old_after_confirming() -> None:
    app, session = signed_up()
    app.cognito.clock.move(180)
    assert refusal(begin, app, session=session) == EXPIRED


def test_who_is_disabled_meanwhile() -> None:
    app, session = signed_up()
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    assert refusal(begin, app, session=session) == "NotAuthorized: User is disabled."


def test_the_administrator_confirms_and_the_session_waits_in_vain() -> None:
    app = choice_app()
    session = sign_up(app).session
    app.send(AdminConfirmSignUp(user_pool_id=app.pool_id, username="ana"))
    assert refusal(confirm, app, session, code="123456").startswith("NotAuthorized: User cannot be confirmed.")
    assert refusal(begin, app, session=session) == INVALID
