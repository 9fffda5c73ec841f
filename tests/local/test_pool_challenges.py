"""Challenges and their sessions: new passwords, second factors, and what a session is good for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import AuthReply
from cognito_auth.api.mfa import (
    AssociateSoftwareToken,
    EmailMfaSettings,
    SetUserMFAPreference,
    SmsMfaSettings,
    SoftwareTokenMfaSettings,
    VerifySoftwareToken,
)
from cognito_auth.api.pool_settings import EmailConfiguration, SchemaAttribute, SmsConfiguration
from cognito_auth.api.users import AdminCreateUser, AdminGetUser

from .support import NEW_PASSWORD, PASSWORD, App, add_client, listed, new_app, refusal, signed_in

INVALID = "NotAuthorized: Invalid session for the user."
EXPIRED = "NotAuthorized: Invalid session for the user, session is expired."
USED = "NotAuthorized: Invalid session for the user, session can only be used once."
ALL_FACTORS: dict[str, Any] = {
    "mfa_configuration": "OPTIONAL",
    "sms_configuration": SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms"),
    "email_configuration": EmailConfiguration(email_sending_account="DEVELOPER"),
}
ADDRESSES = {"email": "ana@example.com", "phone_number": "+15550001234"}


def invite(app: App, username: str = "ana", **attributes: str) -> None:
    app.send(
        AdminCreateUser(
            user_pool_id=app.pool_id,
            username=username,
            temporary_password=PASSWORD,
            user_attributes=listed(attributes),
            message_action="SUPPRESS",
        )
    )


def prefer(app: App, *, sms: bool | None = None, totp: bool | None = None, email: bool | None = None, best: str = "") -> None:
    """Switch factors on or off for ana, who signs in without a second factor."""
    access = app.tokens().access_token or ""
    switch(app, access, sms=sms, totp=totp, email=email, best=best)


def switch(
    app: App, access: str, *, sms: bool | None = None, totp: bool | None = None, email: bool | None = None, best: str = ""
) -> None:
    request = SetUserMFAPreference(
        access_token=access,
        sms_mfa_settings=None if sms is None else SmsMfaSettings(enabled=sms, preferred_mfa=best == "sms"),
        software_token_mfa_settings=None
        if totp is None
        else SoftwareTokenMfaSettings(enabled=totp, preferred_mfa=best == "totp"),
        email_mfa_settings=None if email is None else EmailMfaSettings(enabled=email, preferred_mfa=best == "email"),
    )
    app.send(request)


def app_with_sms() -> App:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", **ADDRESSES)
    prefer(app, sms=True)
    return app


# Sessions


def test_a_wrong_code_keeps_the_session() -> None:
    app = app_with_sms()
    challenge = app.password_auth()
    for _ in range(6):
        refused = refusal(app.reply_to, challenge, SMS_MFA_CODE="000")
        assert refused == "CodeMismatch: Invalid code or auth state for the user."
    assert signed_in(app.reply_to(challenge, SMS_MFA_CODE=app.last_message().code))
    assert refusal(app.reply_to, challenge, SMS_MFA_CODE=app.last_message().code) == USED


@pytest.mark.parametrize("minutes", [None, 15])
def test_a_session_grows_old(minutes: int | None) -> None:
    app = app_with_sms()
    app = add_client(app.cognito, app.pool_id, auth_session_validity=minutes)
    challenge = app.password_auth()
    app.cognito.clock.move((minutes or 3) * 60)
    assert refusal(app.reply_to, challenge, SMS_MFA_CODE=app.last_message().code) == EXPIRED
    challenge = app.password_auth()
    app.cognito.clock.move((minutes or 3) * 60 - 1)
    assert signed_in(app.reply_to(challenge, SMS_MFA_CODE=app.last_message().code))


def test_a_session_belongs_to_user_client_and_challenge() -> None:
    app = app_with_sms()
    app.create_user("bob", email="bob@example.com")
    challenge = app.password_auth()
    code = app.last_message().code
    session = challenge.session
    assert refusal(app.answer, "SMS_MFA", session, app.parameters("bob", SMS_MFA_CODE=code)) == INVALID
    assert refusal(app.answer, "SMS_MFA", session, app.parameters("nobody", SMS_MFA_CODE=code)) == INVALID
    assert refusal(app.answer, "EMAIL_OTP", session, app.parameters("ana", EMAIL_OTP_CODE=code)) == INVALID
    assert refusal(app.answer, "SMS_MFA", "x" * 100, app.parameters("ana", SMS_MFA_CODE=code)) == INVALID
    stranger = add_client(app.cognito, app.pool_id)
    assert refusal(stranger.reply_to, challenge, SMS_MFA_CODE=code) == INVALID
    for missing, responses, given in (
        ("Session", app.parameters("ana", SMS_MFA_CODE=code), None),
        ("USERNAME", {"SMS_MFA_CODE": code}, session),
        ("SMS_MFA_CODE", app.parameters("ana", EMAIL_OTP_CODE=code), session),
    ):
        refused = refusal(app.answer, "SMS_MFA", given, responses)
        assert refused == f"InvalidParameter: Missing required parameter {missing}"
    assert signed_in(app.reply_to(challenge, SMS_MFA_CODE=code))


def test_a_session_looks_like_cognitos() -> None:
    session = app_with_sms().password_auth().session or ""
    assert session.startswith("AYABe")
    assert 900 < len(session) < 1600


# NEW_PASSWORD_REQUIRED


def test_a_new_password_and_missing_attributes() -> None:
    schema = (SchemaAttribute(name="name", required=True, mutable=True), SchemaAttribute(name="email", required=True))
    app = new_app(pool={"schema": schema})
    invite(app, email="ana@example.com", email_verified="true")
    challenge = app.srp_auth()
    assert challenge.challenge_name == "NEW_PASSWORD_REQUIRED"
    parameters = challenge.challenge_parameters or {}
    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.name"]
    assert json.loads(parameters["userAttributes"]) == {"email": "ana@example.com", "email_verified": "true"}
    assert parameters["USER_ID_FOR_SRP"] == "ana"

    name = {"userAttributes.name": "Ana"}
    for answer, refused in (
        (name, "InvalidParameter: Missing required parameter NEW_PASSWORD"),
        ({**name, "NEW_PASSWORD": "short"}, "InvalidPassword: Password did not conform with policy: Password not long enough"),
        (
            {"NEW_PASSWORD": NEW_PASSWORD},
            "InvalidParameter: Attributes did not conform to the schema: name: The attribute is required",
        ),
        (
            {**name, "NEW_PASSWORD": NEW_PASSWORD, "userAttributes.email": "eva@example.com"},
            "NotAuthorized: Cannot modify an already provided email",
        ),
        (
            {**name, "NEW_PASSWORD": NEW_PASSWORD, "userAttributes.email_verified": "true"},
            "NotAuthorized: A client attempted to write unauthorized attribute",
        ),
        (
            {**name, "NEW_PASSWORD": NEW_PASSWORD, "userAttributes.custom:x": "1"},
            "InvalidParameter: Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.",
        ),
    ):
        assert refusal(app.reply_to, challenge, **answer) == refused
    signed_in(app.reply_to(challenge, **name, NEW_PASSWORD=NEW_PASSWORD))
    user = app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana"))
    assert user.user_status == "CONFIRMED"
    assert {each.name: each.value for each in user.user_attributes or ()}["name"] == "Ana"
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result


def test_an_immutable_attribute_is_given_once() -> None:
    app = new_app(pool={"schema": (SchemaAttribute(name="badge", attribute_data_type="String", mutable=False),)})
    invite(app, "ana")
    challenge = app.password_auth()
    assert signed_in(app.reply_to(challenge, **{"NEW_PASSWORD": NEW_PASSWORD, "userAttributes.custom:badge": "7"}))
    invite(app, "bob", **{"custom:badge": "7"})
    challenge = app.password_auth("bob")
    changed = {"NEW_PASSWORD": NEW_PASSWORD, "userAttributes.custom:badge": "8"}
    text = "InvalidParameter: user.custom:badge: Attribute cannot be updated. (changing an immutable attribute)"
    assert refusal(app.reply_to, challenge, "bob", **changed) == text


def test_an_address_given_with_a_new_password_is_not_verified() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    invite(app, email="ana@example.com", email_verified="true")
    answer = {"NEW_PASSWORD": NEW_PASSWORD, "userAttributes.email": "eva@example.com"}
    signed_in(app.reply_to(app.password_auth(), **answer))
    assert "NotAuthorized" in refusal(app.password_auth, "eva@example.com", NEW_PASSWORD)


# The second factor


@pytest.mark.parametrize(
    ("demand", "expected"),
    [("OFF", None), ("OPTIONAL", None), ("ON", "MFA_SETUP")],
)
def test_who_has_no_factor(demand: str, expected: str | None) -> None:
    app = new_app(pool={"mfa_configuration": demand})
    app.create_user()
    reply = app.srp_auth()
    assert reply.challenge_name == expected
    assert (reply.authentication_result is None) == (expected is not None)


def test_one_factor_several_and_a_preferred_one() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", **ADDRESSES)
    access = app.tokens().access_token or ""
    switch(app, access, sms=True)
    assert app.password_auth().challenge_name == "SMS_MFA"

    switch(app, access, email=True)
    choice = app.password_auth()
    assert choice.challenge_name == "SELECT_MFA_TYPE"
    assert json.loads((choice.challenge_parameters or {})["MFAS_CAN_CHOOSE"]) == ["SMS_MFA", "EMAIL_OTP"]
    text = "InvalidParameter: ANSWER is not one of the factors that can be chosen"
    assert refusal(app.reply_to, choice, ANSWER="SOFTWARE_TOKEN_MFA") == text
    challenge = app.reply_to(choice, ANSWER="EMAIL_OTP")
    assert challenge.challenge_name == "EMAIL_OTP"
    assert refusal(app.reply_to, choice, ANSWER="SMS_MFA") == USED
    parameters = challenge.challenge_parameters or {}
    assert parameters["CODE_DELIVERY_DELIVERY_MEDIUM"] == "EMAIL"
    assert parameters["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    assert signed_in(app.reply_to(challenge, EMAIL_OTP_CODE=app.last_message().code))

    switch(app, access, sms=True, best="sms")
    challenge = app.password_auth()
    assert challenge.challenge_name == "SMS_MFA"
    parameters = challenge.challenge_parameters or {}
    assert parameters["CODE_DELIVERY_DELIVERY_MEDIUM"] == "SMS"
    assert parameters["CODE_DELIVERY_DESTINATION"] == "+*******1234"
    message = app.last_message()
    assert (message.medium, message.to, message.kind) == ("SMS", "+15550001234", "mfa")
    assert message.code in message.text
    assert signed_in(app.reply_to(challenge, SMS_MFA_CODE=message.code))
    attributes = app.send(GetUser(access_token=access)).user_attributes
    assert {each.name: each.value for each in attributes}["phone_number_verified"] == "true"

    switch(app, access, sms=False, email=False)
    assert signed_in(app.password_auth())


def test_what_cannot_be_preferred() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", email="ana@example.com")
    text = "InvalidParameter: User does not have delivery config set to turn on"
    assert refusal(prefer, app, totp=True) == f"{text} SOFTWARE_TOKEN_MFA"
    assert refusal(prefer, app, sms=True) == f"{text} SMS_MFA"
    assert refusal(prefer, app, email=False, best="email") == "InvalidParameter: A preferred factor must be enabled: EMAIL_OTP"
    both = SetUserMFAPreference(
        access_token=app.tokens().access_token or "",
        email_mfa_settings=EmailMfaSettings(enabled=True, preferred_mfa=True),
        software_token_mfa_settings=SoftwareTokenMfaSettings(enabled=True, preferred_mfa=True),
    )
    app.set_up_totp(both.access_token)
    assert refusal(app.send, both) == "InvalidParameter: Only one factor can be preferred"


def test_a_preference_that_is_switched_off_is_forgotten() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", **ADDRESSES)
    access = app.tokens().access_token or ""
    switch(app, access, sms=True, email=True, best="sms")
    assert app.send(GetUser(access_token=access)).preferred_mfa_setting == "SMS_MFA"
    switch(app, access, sms=False)
    user = app.send(GetUser(access_token=access))
    assert (user.preferred_mfa_setting, user.user_mfa_setting_list) == (None, ("EMAIL_OTP",))


# Authenticator apps


def set_up(app: App) -> tuple[str, AuthReply]:
    """Sign in to where MFA is required, set up an app by session, and finish; returns the secret."""
    challenge = app.srp_auth()
    assert json.loads((challenge.challenge_parameters or {})["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    assert refusal(app.reply_to, challenge) == INVALID
    associated = app.send(AssociateSoftwareToken(session=challenge.session))
    assert refusal(app.send, AssociateSoftwareToken(session=challenge.session)) == USED
    secret = associated.secret_code or ""
    assert len(secret) == 52
    wrong = VerifySoftwareToken(session=associated.session, user_code="000000")
    assert refusal(app.send, wrong) == "EnableSoftwareTokenMFA: Code mismatch and fail enable Software Token MFA"
    verified = app.send(VerifySoftwareToken(session=associated.session, user_code=app.totp(secret)))
    assert verified.status == "SUCCESS"
    return secret, app.answer("MFA_SETUP", verified.session, app.parameters("ana"))


def test_set_up_on_the_way_in() -> None:
    app = new_app(pool={"mfa_configuration": "ON"}, generate_secret=True)
    app.create_user()
    secret, reply = set_up(app)
    access = signed_in(reply).access_token or ""
    challenge = app.srp_auth()
    assert challenge.challenge_name == "SOFTWARE_TOKEN_MFA"
    assert signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))
    last = "InvalidParameter: The user pool requires MFA: the last factor cannot be switched off"
    assert refusal(switch, app, access, totp=False) == last


def test_verifying_by_session_enrols_at_once() -> None:
    app = new_app(pool={"mfa_configuration": "ON"})
    app.create_user()
    associated = app.send(AssociateSoftwareToken(session=app.srp_auth().session))
    code = app.totp(associated.secret_code or "")
    app.send(VerifySoftwareToken(session=associated.session, user_code=code))
    assert app.srp_auth().challenge_name == "SOFTWARE_TOKEN_MFA"


def test_a_verified_app_is_asked_for_when_it_is_switched_on_or_mfa_is_required() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user()
    app.set_up_totp(app.tokens().access_token or "")
    assert signed_in(app.password_auth())

    app = new_app(pool={**ALL_FACTORS, "mfa_configuration": "ON"})
    app.create_user("ana", **ADDRESSES)
    tokens = signed_in(app.reply_to(app.password_auth(), SMS_MFA_CODE=app.last_message().code))
    app.set_up_totp(tokens.access_token or "")
    assert app.password_auth().challenge_name == "SOFTWARE_TOKEN_MFA"


def test_codes_are_accepted_around_their_time_and_once() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user()
    access = app.tokens().access_token or ""
    secret = app.set_up_totp(access)
    switch(app, access, totp=True)
    challenge = app.password_auth()
    replayed = "ExpiredCode: Your software token has already been used once."
    wrong = "CodeMismatch: Invalid code received for user"

    code = app.totp(secret)
    app.cognito.clock.move(60)
    assert refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=code) == wrong
    code = app.totp(secret)
    app.cognito.clock.move(30)
    assert signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=code))
    challenge = app.password_auth()
    assert refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=code) == replayed
    assert refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE="abc") == wrong


def test_the_code_that_verified_an_app_does_not_sign_in() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user()
    access = app.tokens().access_token or ""
    secret = app.send(AssociateSoftwareToken(access_token=access)).secret_code or ""
    code = app.totp(secret)
    app.send(VerifySoftwareToken(access_token=access, user_code=code, friendly_device_name="telephone"))
    switch(app, access, totp=True, best="totp")
    challenge = app.password_auth()
    assert (challenge.challenge_parameters or {})["FRIENDLY_DEVICE_NAME"] == "telephone"
    refused = refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=code)
    assert refused == "ExpiredCode: Your software token has already been used once."


def test_the_old_app_works_until_the_new_one_is_verified() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user()
    access = app.tokens().access_token or ""
    old = app.set_up_totp(access)
    switch(app, access, totp=True)
    new = app.send(AssociateSoftwareToken(access_token=access)).secret_code or ""
    assert signed_in(app.reply_to(app.password_auth(), SOFTWARE_TOKEN_MFA_CODE=app.totp(old)))
    app.send(VerifySoftwareToken(access_token=access, user_code=app.totp(new)))
    challenge = app.password_auth()
    assert "CodeMismatch" in refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(old))
    assert signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(new)))


def test_apps_where_they_do_not_belong() -> None:
    app = new_app()
    app.create_user()
    access = app.tokens().access_token or ""
    text = "SoftwareTokenMFANotFound: Software Token MFA has not been enabled by the userPool"
    assert refusal(app.send, AssociateSoftwareToken(access_token=access)) == text
    either = "InvalidParameter: Either AccessToken or Session is required"
    assert refusal(app.send, AssociateSoftwareToken()) == either
    assert refusal(app.send, AssociateSoftwareToken(access_token=access, session="x" * 20)) == either


def test_set_up_by_mail() -> None:
    app = new_app(pool={**ALL_FACTORS, "mfa_configuration": "ON", "sms_configuration": None})
    app.create_user("ana", email="old@example.com")
    challenge = app.reply_to(app.password_auth(), EMAIL="ana@example.com")
    assert challenge.challenge_name == "EMAIL_OTP"
    assert app.last_message().to == "ana@example.com"
    assert signed_in(app.reply_to(challenge, EMAIL_OTP_CODE=app.last_message().code))
    assert app.password_auth().challenge_name == "EMAIL_OTP"


def test_where_mfa_is_required_a_telephone_is_a_factor() -> None:
    app = new_app(pool={**ALL_FACTORS, "mfa_configuration": "ON"})
    app.create_user("ana", **ADDRESSES)
    assert app.password_auth().challenge_name == "SMS_MFA"
