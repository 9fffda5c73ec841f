"""Second factors: which one is asked for, how they are switched on, and authenticator apps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import AuthReply
from cognito_auth.api.mfa import (
    AdminSetUserMFAPreference,
    AdminSetUserSettings,
    AssociateSoftwareToken,
    EmailMfaSettings,
    SetUserMFAPreference,
    SetUserSettings,
    SmsMfaSettings,
    SoftwareTokenMfaSettings,
    VerifySoftwareToken,
    WebAuthnMfaSettings,
)
from cognito_auth.api.pool_settings import AccountRecoverySetting, RecoveryOption
from cognito_auth.api.types import MfaOption
from cognito_auth.api.users import AdminGetUser, AdminGetUserReply

from .support import App, new_app, refusal, signed_in
from .test_pool_challenges import ADDRESSES, ALL_FACTORS, INVALID, USED, prefer, switch

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


@pytest.mark.parametrize(
    ("ways", "factors"),
    [
        pytest.param((), ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"], id="not said"),
        pytest.param(("verified_email",), ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], id="mail"),
        pytest.param(("verified_phone_number",), ["EMAIL_OTP", "SOFTWARE_TOKEN_MFA"], id="telephone"),
        pytest.param(("verified_phone_number", "verified_email"), ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"], id="both"),
        pytest.param(("admin_only",), ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"], id="administrators"),
    ],
)
def test_the_only_way_to_recover_is_no_factor_to_set_up(ways: tuple[str, ...], factors: list[str]) -> None:
    options = tuple(RecoveryOption(priority=rank, name=way) for rank, way in enumerate(ways, 1))
    recovery = AccountRecoverySetting(recovery_mechanisms=options) if ways else None
    app = new_app(pool={**ALL_FACTORS, "mfa_configuration": "ON", "account_recovery_setting": recovery})
    app.create_user("ana", email="ana@example.com")
    challenge = app.password_auth()
    assert json.loads((challenge.challenge_parameters or {})["MFAS_CAN_SETUP"]) == factors
    if "EMAIL_OTP" in factors:
        assert app.reply_to(challenge, EMAIL="ana@example.com").challenge_name == "EMAIL_OTP"
    else:
        assert refusal(app.reply_to, challenge, EMAIL="ana@example.com") == INVALID


# What administrators and older clients set


def seen(app: App) -> AdminGetUserReply:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana"))


def test_an_administrator_sets_the_preference() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", **ADDRESSES)
    named: dict[str, Any] = {"user_pool_id": app.pool_id, "username": "ana"}
    app.send(
        AdminSetUserMFAPreference(
            **named,
            sms_mfa_settings=SmsMfaSettings(enabled=True),
            email_mfa_settings=EmailMfaSettings(enabled=True, preferred_mfa=True),
        )
    )
    assert (seen(app).user_mfa_setting_list, seen(app).preferred_mfa_setting) == (("SMS_MFA", "EMAIL_OTP"), "EMAIL_OTP")
    assert app.password_auth().challenge_name == "EMAIL_OTP"
    app.send(AdminSetUserMFAPreference(**named, email_mfa_settings=EmailMfaSettings(enabled=False)))
    assert app.password_auth().challenge_name == "SMS_MFA"
    app.send(AdminSetUserMFAPreference(**named))
    assert seen(app).user_mfa_setting_list == ("SMS_MFA",)
    text = "InvalidParameter: User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
    totp = AdminSetUserMFAPreference(**named, software_token_mfa_settings=SoftwareTokenMfaSettings(enabled=True))
    assert refusal(app.send, totp) == text


def test_an_administrator_sets_nobodys_preference() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.sign_up("bob")
    enabled = SmsMfaSettings(enabled=True)
    for username, text in (
        ("nobody", "UserNotFound: User does not exist."),
        ("bob", "UserNotConfirmed: User is not confirmed."),
    ):
        request = AdminSetUserMFAPreference(user_pool_id=app.pool_id, username=username, sms_mfa_settings=enabled)
        assert refusal(app.send, request) == text
    older = AdminSetUserSettings(user_pool_id=app.pool_id, username="nobody", mfa_options=())
    assert refusal(app.send, older) == "UserNotFound: User does not exist."


SMS = MfaOption(delivery_medium="SMS", attribute_name="phone_number")


@pytest.mark.parametrize("by_administrator", [True, False], ids=["administrator", "user"])
def test_the_older_settings(*, by_administrator: bool) -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user("ana", **ADDRESSES)
    access = app.tokens().access_token or ""

    def settle(*options: MfaOption) -> None:
        if by_administrator:
            app.send(AdminSetUserSettings(user_pool_id=app.pool_id, username="ana", mfa_options=options))
        else:
            app.send(SetUserSettings(access_token=access, mfa_options=options))

    settle(SMS)
    assert app.password_auth().challenge_name == "SMS_MFA"
    settle()
    assert signed_in(app.password_auth())
    for other in (MfaOption(delivery_medium="EMAIL", attribute_name="email"), MfaOption(delivery_medium="SMS")):
        assert refusal(settle, SMS, other).startswith("InvalidParameter: ")
    assert seen(app).user_mfa_setting_list is None


def test_the_older_settings_need_a_telephone() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user()
    request = SetUserSettings(access_token=app.tokens().access_token or "", mfa_options=(SMS,))
    assert refusal(app.send, request) == "InvalidParameter: User does not have delivery config set to turn on SMS_MFA"


def test_passkeys_are_no_factor_of_a_pool_without_them() -> None:
    app = new_app(pool=ALL_FACTORS)
    app.create_user()
    access = app.tokens().access_token or ""
    app.send(SetUserMFAPreference(access_token=access, web_authn_mfa_settings=WebAuthnMfaSettings(enabled=False)))
    request = SetUserMFAPreference(access_token=access, web_authn_mfa_settings=WebAuthnMfaSettings(enabled=True))
    assert refusal(app.send, request) == "InvalidParameter: User does not have delivery config set to turn on WEB_AUTHN"
    assert signed_in(app.password_auth())


def test_a_factor_that_the_pool_does_not_offer_is_not_switched_on() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user("ana", **ADDRESSES)
    text = "InvalidParameter: User does not have delivery config set to turn on"
    assert refusal(prefer, app, sms=True) == f"{text} SMS_MFA"
    assert refusal(prefer, app, email=True) == f"{text} EMAIL_OTP"


def test_where_mfa_is_off_a_wish_is_kept_and_nobody_asked() -> None:
    app = new_app(pool={**ALL_FACTORS, "mfa_configuration": "OFF"})
    app.create_user("ana", **ADDRESSES)
    prefer(app, sms=True, best="sms")
    assert (seen(app).user_mfa_setting_list, seen(app).preferred_mfa_setting) == (("SMS_MFA",), "SMS_MFA")
    assert signed_in(app.password_auth())
