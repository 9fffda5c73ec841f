"""Every other challenge that the examples' page has a form for, answered by hand in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cognito_auth import AwsCredentials, CognitoClient, Secret, Settings
from cognito_auth.api.clients import CreateUserPoolClient
from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    EmailConfiguration,
    RecoveryOption,
    SignInPolicy,
    SmsConfiguration,
    UserPoolPolicy,
)
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from tests.browser.conftest import Tab
from tests.browser.hands import PASSWORD, assert_nothing_leaks, environment, press, see, sign_in, sign_up, submit
from tests.support.example import example
from tests.support.local_server import Server, local_server

if TYPE_CHECKING:
    from playwright.sync_api import Page

MAIL = EmailConfiguration(
    email_sending_account="DEVELOPER", source_arn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
)
SMS = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")


def pool_with_ana(pool: Server, *, flows: tuple[str, ...], attributes: dict[str, str], **settings: Any) -> dict[str, str]:
    """Make a pool with the settings, and Ana in it; gives the environment of an application for that pool."""
    credentials = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))
    with CognitoClient(Settings.from_mapping(environment(pool)), credentials=credentials) as client:
        made = client.send(CreateUserPool(pool_name="other", email_configuration=MAIL, sms_configuration=SMS, **settings))
        pool_id = (made.user_pool and made.user_pool.id) or ""
        allowed = tuple(f"ALLOW_{flow}" for flow in flows)
        web = CreateUserPoolClient(user_pool_id=pool_id, client_name="web", explicit_auth_flows=allowed)
        client_id = getattr(client.send(web).user_pool_client, "client_id", "")
        given = tuple(Attribute(name=name, value=value) for name, value in attributes.items())
        client.send(AdminCreateUser(user_pool_id=pool_id, username="ana", user_attributes=given, message_action="SUPPRESS"))
        client.send(AdminSetUserPassword(user_pool_id=pool_id, username="ana", password=PASSWORD, permanent=True))
    return environment(pool, pool_id, client_id, flows=",".join(flows))


def choose(page: Page, label: str) -> None:
    """Ask for another way to sign in than the password, and choose one."""
    page.locator("form:visible").get_by_label("User name").fill("ana")
    press(page, "Sign in another way")
    see(page, "h1", "Choose how to sign in")
    page.get_by_role("radio", name=label, exact=True).check()
    press(page, "Go on")


def test_passwords_that_are_asked_for(tab: Tab, pool: Server) -> None:
    page = tab.page
    with example("fastapi", environment(pool)) as application:
        page.goto(application.url)
        press(page, "Sign in another way")
        see(page, "h1", "Sign in")  # the browser wants a name first
        sign_up(page, pool, "ana")
        for label in ("Password", "Password, sent to Cognito as it is"):
            choose(page, label)
            submit(page, "Enter your password", "Go on", Password="Wrong-Horse-7")
            see(page, "#error", "Incorrect username or password.")
            choose(page, label)
            submit(page, "Enter your password", "Go on", Password=PASSWORD)
            see(page, "h1", "Hello ana")
            press(page, "Sign out")
            see(page, "#notice", "You are signed out.")
        assert_nothing_leaks(tab, application.url)


def test_codes_in_place_of_passwords(tab: Tab, pool: Server) -> None:
    page = tab.page
    sent = SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP", "SMS_OTP"))
    attributes = {"email": "ana@example.org", "email_verified": "true"}
    attributes |= {"phone_number": "+491701234567", "phone_number_verified": "true"}
    settings = pool_with_ana(
        pool, flows=("USER_SRP_AUTH", "USER_AUTH"), attributes=attributes, policies=UserPoolPolicy(sign_in_policy=sent)
    )
    told = {"Email": "It went to a***@e*** by email.", "Text message": "It went to +********4567 as a text message."}
    with example("fastapi", settings) as application:
        page.goto(application.url)
        for label, hint in told.items():
            choose(page, label)
            see(page, "#code-hint", hint)
            submit(page, "Enter your code", "Go on", Code="00000000")
            see(page, "#error", "That code is not right. Try again.")
            first = pool.code("ana", settings["COGNITO_USER_POOL_ID"])
            with page.expect_response("**/auth/challenge"):
                press(page, "Send another code")
            second = pool.code("ana", settings["COGNITO_USER_POOL_ID"])
            assert first != second
            submit(page, "Enter your code", "Go on", Code=second)
            see(page, "h1", "Hello ana")
            press(page, "Sign out")
            see(page, "#notice", "You are signed out.")
        assert_nothing_leaks(tab, application.url)


def test_a_challenge_of_ones_own(tab: Tab) -> None:
    page = tab.page
    with local_server("--triggers", "tests.scenarios.riddle:RIDDLE") as pool:
        settings = pool_with_ana(pool, flows=("CUSTOM_AUTH", "USER_SRP_AUTH"), attributes={"email": "ana@example.org"})
        with example("fastapi", settings) as application:
            page.goto(application.url)
            sign_in(page, "ana")
            see(page, "#question", "What colour is the sky?")
            submit(page, "Answer the question", "Go on", Answer="green")
            see(page, "h1", "Answer the question")
            submit(page, "Answer the question", "Go on", Answer="blue")
            see(page, "h1", "Hello ana")
            assert_nothing_leaks(tab, application.url)


def test_a_second_factor_by_mail_is_set_up(tab: Tab, pool: Server) -> None:
    page = tab.page
    recovery = AccountRecoverySetting(recovery_mechanisms=(RecoveryOption(priority=1, name="admin_only"),))
    settings = pool_with_ana(
        pool, flows=("USER_SRP_AUTH",), attributes={}, mfa_configuration="ON", account_recovery_setting=recovery
    )
    with example("fastapi", settings) as application:
        page.goto(application.url)
        sign_in(page, "ana")
        see(page, "h1", "Choose a second factor")
        page.get_by_label("Email", exact=True).check()
        page.get_by_label("Email address, if you choose email").fill("ana@example.org")
        press(page, "Go on")
        see(page, "#code-hint", "It went to a***@e*** by email.")
        submit(page, "Enter your code", "Go on", Code=pool.code("ana", settings["COGNITO_USER_POOL_ID"]))
        see(page, "h1", "Hello ana")
        assert_nothing_leaks(tab, application.url)
