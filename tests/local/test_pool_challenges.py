"""Challenges and their sessions: new passwords, second factors, and what a session is good for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_auth.api.mfa import (
    EmailMfaSettings,
    SetUserMFAPreference,
    SmsMfaSettings,
    SoftwareTokenMfaSettings,
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
