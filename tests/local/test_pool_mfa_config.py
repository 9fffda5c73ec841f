"""Which second factors a pool offers: named by SetUserPoolMfaConfig, or following from its settings until then."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from cognito_auth.api.mfa import EmailMfaSettings, SetUserMFAPreference, SmsMfaSettings
from cognito_auth.api.pool_mfa import (
    EmailMfaConfig,
    GetUserPoolMfaConfig,
    GetUserPoolMfaConfigReply,
    SetUserPoolMfaConfig,
    SetUserPoolMfaConfigReply,
    SmsMfaConfig,
    SoftwareTokenMfaConfig,
    WebAuthnConfiguration,
)
from cognito_auth.api.pool_settings import EmailConfiguration, SignInPolicy, SmsConfiguration, UserPoolPolicy
from cognito_auth.api.pools import DescribeUserPool, UpdateUserPool, UserPool

from .support import START, App, new_app, new_cognito, refusal, send

SMS: Final = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")
OTHER_SMS: Final = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/other")
DEVELOPER: Final = EmailConfiguration(email_sending_account="DEVELOPER")
TEXT: Final = SmsMfaConfig(sms_authentication_message="Sign in with {####}", sms_configuration=SMS)
MAIL: Final = EmailMfaConfig(message="Your code: {####}", subject="Code")
APP: Final = SoftwareTokenMfaConfig(enabled=True)
NO_APP: Final = SoftwareTokenMfaConfig(enabled=False)
PASSKEY: Final = WebAuthnConfiguration(
    relying_party_id="example.com", user_verification="required", factor_configuration="SINGLE_FACTOR"
)
MULTI: Final = WebAuthnConfiguration(factor_configuration="MULTI_FACTOR_WITH_USER_VERIFICATION")
NO_FACTOR: Final = (
    "InvalidParameter: Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
)
OFF_AND_ON: Final = "InvalidParameter: Invalid MFA configuration given, can't turn off MFA and configure an MFA together."


def configure(app: App, **options: Any) -> SetUserPoolMfaConfigReply:
    return app.send(SetUserPoolMfaConfig(user_pool_id=app.pool_id, **options))


def configuration(app: App) -> GetUserPoolMfaConfigReply:
    return app.send(GetUserPoolMfaConfig(user_pool_id=app.pool_id))


def described(app: App) -> UserPool:
    pool = app.send(DescribeUserPool(user_pool_id=app.pool_id)).user_pool
    assert pool is not None
    return pool


def update(app: App, **options: Any) -> None:
    app.send(UpdateUserPool(user_pool_id=app.pool_id, **options))


def factors(app: App) -> list[str]:
    """What a user without any factor may set up, where everybody must have one."""
    app.create_user("new", email="new@example.com")
    reply = app.password_auth("new")
    assert reply.challenge_name == "MFA_SETUP"
    found: list[str] = json.loads((reply.challenge_parameters or {})["MFAS_CAN_SETUP"])
    return found


def test_everything_that_is_set_is_read_back() -> None:
    app = new_app(pool={"email_configuration": DEVELOPER})
    app.cognito.clock.move(60)
    reply = configure(
        app,
        mfa_configuration="ON",
        sms_mfa_configuration=TEXT,
        software_token_mfa_configuration=APP,
        email_mfa_configuration=MAIL,
        web_authn_configuration=PASSKEY,
    )
    assert reply == SetUserPoolMfaConfigReply(
        mfa_configuration="ON",
        sms_mfa_configuration=TEXT,
        software_token_mfa_configuration=APP,
        email_mfa_configuration=MAIL,
        web_authn_configuration=PASSKEY,
    )
    read = configuration(app)
    assert read == GetUserPoolMfaConfigReply(
        mfa_configuration="ON",
        sms_mfa_configuration=TEXT,
        software_token_mfa_configuration=APP,
        email_mfa_configuration=MAIL,
        web_authn_configuration=PASSKEY,
    )
    pool = described(app)
    assert (pool.mfa_configuration, pool.sms_configuration) == ("ON", SMS)
    assert pool.sms_authentication_message == TEXT.sms_authentication_message
    assert pool.last_modified_date is not None
    assert pool.last_modified_date.timestamp() == START + 60
    assert factors(app) == ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]


def test_the_second_factors_own_message_is_sent() -> None:
    app = new_app(pool={"email_configuration": DEVELOPER})
    configure(app, mfa_configuration="OPTIONAL", email_mfa_configuration=MAIL)
    app.create_user()
    preference = EmailMfaSettings(enabled=True, preferred_mfa=True)
    app.send(SetUserMFAPreference(access_token=app.tokens().access_token or "", email_mfa_settings=preference))
    assert app.password_auth().challenge_name == "EMAIL_OTP"
    message = app.last_message()
    assert message.text == f"Your code: {message.code}"


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ({"sms_mfa_configuration": TEXT}, ["SMS_MFA"]),
        ({"email_mfa_configuration": MAIL}, ["EMAIL_OTP"]),
        ({"software_token_mfa_configuration": APP}, ["SOFTWARE_TOKEN_MFA"]),
        ({"email_mfa_configuration": EmailMfaConfig(), "software_token_mfa_configuration": NO_APP}, ["EMAIL_OTP"]),
    ],
    ids=["text", "mail", "app", "mail, no app"],
)
def test_only_the_factors_that_are_named(blocks: dict[str, Any], expected: list[str]) -> None:
    app = new_app(pool={"email_configuration": DEVELOPER, "sms_configuration": SMS, "mfa_configuration": "ON"})
    configure(app, **blocks)
    found = configuration(app)
    assert found.mfa_configuration == "ON"
    assert (found.sms_mfa_configuration is not None) == ("SMS_MFA" in expected)
    assert (found.email_mfa_configuration is not None) == ("EMAIL_OTP" in expected)
    assert found.software_token_mfa_configuration == (APP if "SOFTWARE_TOKEN_MFA" in expected else NO_APP)
    assert factors(app) == expected


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ({}, ["SOFTWARE_TOKEN_MFA"]),
        ({"sms_configuration": SMS}, ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]),
        ({"email_configuration": DEVELOPER}, ["EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]),
        ({"email_configuration": DEVELOPER, "user_pool_tier": "LITE"}, ["SOFTWARE_TOKEN_MFA"]),
    ],
    ids=["plain", "text", "mail", "mail, lite"],
)
def test_factors_follow_from_the_settings_until_they_are_named(pool: dict[str, Any], expected: list[str]) -> None:
    app = new_app(pool={**pool, "mfa_configuration": "ON"})
    found = configuration(app)
    assert found.mfa_configuration == "ON"
    assert found.software_token_mfa_configuration == APP
    assert (found.sms_mfa_configuration == SmsMfaConfig(sms_configuration=SMS)) == ("SMS_MFA" in expected)
    assert (found.email_mfa_configuration == EmailMfaConfig()) == ("EMAIL_OTP" in expected)
    assert factors(app) == expected
    update(app, mfa_configuration="ON", sms_configuration=SMS)
    assert configuration(app).sms_mfa_configuration == SmsMfaConfig(sms_configuration=SMS)


def test_a_pool_without_mfa() -> None:
    app = new_app(pool={"sms_configuration": SMS, "email_configuration": DEVELOPER})
    assert configuration(app) == GetUserPoolMfaConfigReply(mfa_configuration="OFF")


def test_named_factors_stay_while_they_are_possible() -> None:
    app = new_app(pool={"email_configuration": DEVELOPER})
    configure(app, mfa_configuration="ON", sms_mfa_configuration=TEXT, email_mfa_configuration=MAIL)
    update(app, mfa_configuration="ON", sms_configuration=SMS, email_configuration=DEVELOPER)
    found = configuration(app)
    assert (found.software_token_mfa_configuration, found.email_mfa_configuration) == (NO_APP, MAIL)
    # Without a sender of one's own there is no mail; without SMS settings there is no factor left but the app.
    update(app, mfa_configuration="ON", sms_configuration=SMS)
    found = configuration(app)
    assert found.email_mfa_configuration is None
    assert found.software_token_mfa_configuration == NO_APP
    assert found.sms_mfa_configuration == SmsMfaConfig(sms_configuration=SMS)
    update(app, mfa_configuration="ON")
    assert factors(app) == ["SOFTWARE_TOKEN_MFA"]


def test_switching_off_and_on_forgets_what_was_named() -> None:
    app = new_app(pool={"sms_configuration": SMS})
    configure(app, mfa_configuration="OPTIONAL", sms_mfa_configuration=TEXT)
    update(app, sms_configuration=SMS)
    assert configuration(app) == GetUserPoolMfaConfigReply(mfa_configuration="OFF")
    update(app, mfa_configuration="ON")
    update(app, mfa_configuration="ON", sms_configuration=SMS)
    assert factors(app) == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]


def test_switching_off_by_the_configuration() -> None:
    app = new_app(pool={"mfa_configuration": "ON"})
    app.create_user()
    assert app.password_auth().challenge_name == "MFA_SETUP"
    assert configure(app, mfa_configuration="OFF", software_token_mfa_configuration=NO_APP).mfa_configuration == "OFF"
    assert app.password_auth().authentication_result is not None
    assert described(app).mfa_configuration == "OFF"


def test_a_factor_that_is_not_offered_any_more_is_not_asked_for() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL", "sms_configuration": SMS, "email_configuration": DEVELOPER})
    app.create_user("ana", email="ana@example.com", email_verified="true", phone_number="+15550001234")
    access = app.tokens().access_token or ""
    both = SmsMfaSettings(enabled=True), EmailMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=access, sms_mfa_settings=both[0], email_mfa_settings=both[1]))
    assert app.password_auth().challenge_name == "SELECT_MFA_TYPE"
    configure(app, mfa_configuration="OPTIONAL", sms_mfa_configuration=TEXT)
    reply = app.password_auth()
    assert reply.challenge_name == "SMS_MFA"
    message = app.last_message()
    assert message.text == f"Sign in with {message.code}"
    assert app.reply_to(reply, SMS_MFA_CODE=message.code).authentication_result is not None
    configure(app, mfa_configuration="OPTIONAL", software_token_mfa_configuration=APP)
    assert app.password_auth().authentication_result is not None


def test_sms_settings_of_the_pool_serve_and_are_replaced() -> None:
    app = new_app(pool={"sms_configuration": SMS, "sms_authentication_message": "Old {####}"})
    reply = configure(app, mfa_configuration="ON", sms_mfa_configuration=SmsMfaConfig())
    assert reply.sms_mfa_configuration == SmsMfaConfig(sms_configuration=SMS)
    configure(app, sms_mfa_configuration=SmsMfaConfig(sms_configuration=OTHER_SMS))
    assert described(app).sms_configuration == OTHER_SMS


def test_passkeys_leave_the_factors_alone() -> None:
    app = new_app(pool={"mfa_configuration": "ON", "email_configuration": DEVELOPER})
    configure(app, mfa_configuration="ON", email_mfa_configuration=MAIL)
    reply = configure(app, web_authn_configuration=PASSKEY)
    assert (reply.mfa_configuration, reply.email_mfa_configuration) == ("ON", MAIL)
    assert reply.web_authn_configuration == PASSKEY
    # And the factors leave the passkeys alone, as does an update of the pool.
    configure(app, mfa_configuration="ON", software_token_mfa_configuration=APP)
    update(app)
    assert configuration(app).web_authn_configuration == PASSKEY


def test_mail_that_opens_a_sign_in_needs_no_mfa() -> None:
    app = new_app(pool={"email_configuration": DEVELOPER})
    reply = configure(app, mfa_configuration="OFF", email_mfa_configuration=MAIL)
    assert reply == SetUserPoolMfaConfigReply(mfa_configuration="OFF", email_mfa_configuration=MAIL)


REFUSED: Final[dict[str, tuple[dict[str, Any], dict[str, Any], str]]] = {
    "on without factor": ({}, {"mfa_configuration": "ON"}, NO_FACTOR),
    "optional without factor": ({}, {"mfa_configuration": "OPTIONAL", "software_token_mfa_configuration": NO_APP}, NO_FACTOR),
    "optional with passkeys only": (
        {},
        {"mfa_configuration": "OPTIONAL", "web_authn_configuration": PASSKEY},
        NO_FACTOR,
    ),
    "off with text": ({}, {"mfa_configuration": "OFF", "sms_mfa_configuration": TEXT}, OFF_AND_ON),
    "off with app": ({}, {"mfa_configuration": "OFF", "software_token_mfa_configuration": APP}, OFF_AND_ON),
    "text without sender": (
        {},
        {"mfa_configuration": "ON", "sms_mfa_configuration": SmsMfaConfig(sms_authentication_message="Code {####}")},
        "InvalidParameter: SMS configuration is required for SMS MFA",
    ),
    "mail without sender": (
        {},
        {"mfa_configuration": "ON", "email_mfa_configuration": MAIL},
        (
            "InvalidParameter: Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains "
            "an EmailSendingAccount of COGNITO_DEFAULT."
        ),
    ),
    "text with two senders": (
        {},
        {"mfa_configuration": "ON", "sms_mfa_configuration": SmsMfaConfig(sms_configuration=SmsConfiguration())},
        "InvalidParameter: SmsConfiguration needs either SnsCallerArn or EumsSms, and not both",
    ),
    "lite, mail": (
        {"user_pool_tier": "LITE", "email_configuration": DEVELOPER},
        {"mfa_configuration": "ON", "email_mfa_configuration": MAIL},
        "FeatureUnavailableInTier: The following features need to be disabled for the LITE pricing tier configured: Email MFA",
    ),
    "lite, passkey": (
        {"user_pool_tier": "LITE"},
        {"web_authn_configuration": MULTI},
        (
            "FeatureUnavailableInTier: "
            "The following features need to be disabled for the LITE pricing tier configured: Passkey MFA"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_configurations_that_cannot_be(case: str) -> None:
    pool, options, text = REFUSED[case]
    app = new_app(pool=pool)
    assert refusal(configure, app, **options) == text
    assert configuration(app) == GetUserPoolMfaConfigReply(mfa_configuration="OFF")


def test_a_passkey_of_two_factors_may_open_a_sign_in_where_mfa_is_required() -> None:
    policy = UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "WEB_AUTHN")))
    app = new_app(pool={"policies": policy})
    on: dict[str, Any] = {"mfa_configuration": "ON", "software_token_mfa_configuration": APP}
    text = "InvalidParameter: WEB_AUTHN cannot be a first authentication factor where MFA is required"
    assert refusal(configure, app, web_authn_configuration=PASSKEY, **on) == text
    assert configure(app, web_authn_configuration=MULTI, **on).web_authn_configuration == MULTI
    update(app, policies=policy, mfa_configuration="ON")
    assert refusal(configure, app, web_authn_configuration=PASSKEY) == text
    assert configuration(app).web_authn_configuration == MULTI


@pytest.mark.parametrize("operation", [SetUserPoolMfaConfig, GetUserPoolMfaConfig])
def test_pools_that_are_not_there(operation: Any) -> None:
    request = operation(user_pool_id="us-east-1_none")
    assert refusal(send, new_cognito(), request) == "ResourceNotFound: User pool us-east-1_none does not exist."


def test_one_pools_configuration_is_not_anothers() -> None:
    app = new_app()
    other = new_app(app.cognito)
    configure(app, mfa_configuration="ON", software_token_mfa_configuration=APP, web_authn_configuration=PASSKEY)
    assert configuration(other) == GetUserPoolMfaConfigReply(mfa_configuration="OFF")
    assert configuration(app).mfa_configuration == "ON"
