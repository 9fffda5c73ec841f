"""The examples' sign-in page, used by hand in a real browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pytest
from pyotp.totp import TOTP

from cognito_auth import AwsCredentials, CognitoClient, Secret, Settings
from cognito_auth.api.clients import CreateUserPoolClient
from cognito_auth.api.pool_settings import SmsConfiguration
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser
from tests.browser.conftest import Tab
from tests.browser.hands import PASSWORD, assert_nothing_leaks, environment, press, see, sign_in, submit
from tests.support.example import FRAMEWORKS, example
from tests.support.local_server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

NEW_PASSWORD: Final = "Battery-Staple-8"
PERIOD: Final = 30  # seconds that a one-time code is for


def invite(pool: Server, username: str, *, mfa: Literal["OPTIONAL", "ON"], **attributes: str) -> dict[str, str]:
    """Make a pool, and in it a user with a temporary password; gives the environment of an application for that pool."""
    credentials = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))
    by_sms = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")
    with CognitoClient(Settings.from_mapping(environment(pool)), credentials=credentials) as client:
        made = client.send(CreateUserPool(pool_name="other", mfa_configuration=mfa, sms_configuration=by_sms)).user_pool
        pool_id = (made and made.id) or ""
        web = client.send(CreateUserPoolClient(user_pool_id=pool_id, client_name="web")).user_pool_client
        client.send(
            AdminCreateUser(
                user_pool_id=pool_id,
                username=username,
                temporary_password=PASSWORD,
                user_attributes=tuple(Attribute(name=name, value=value) for name, value in attributes.items()),
                message_action="SUPPRESS",
            )
        )
    return environment(pool, pool_id, (web and web.client_id) or "", flows="USER_SRP_AUTH")


def register_app(page: Page) -> TOTP:
    """Do what an authenticator app does with the key on the page, and enter its first code."""
    app = TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    assert page.locator("#otpauth").get_attribute("href") == page.locator("#address").text_content()
    submit(page, "Set up an authenticator app", "Register the app", Code=app.now())
    return app


def next_code(app: TOTP) -> str:
    """A code that was not used yet; a pool accepts it half a minute early."""
    return app.at(int(time.time()) + PERIOD)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_person_signs_up_and_in_with_an_authenticator_app(framework: str, tab: Tab, pool: Server, screenshot: Path) -> None:
    page = tab.page
    with example(framework, environment(pool)) as application:
        page.goto(application.url)
        press(page, "Create an account")
        submit(page, "Create", "Create the account", User_name="ana", Email_address="ana@example.org", Password=PASSWORD)
        see(page, "#notice", "a***@e***")
        submit(page, "Confirm", "Confirm", Code="000000")
        see(page, "#error", "That code is not right. Try again.")
        submit(page, "Confirm", "Confirm", Code=pool.code("ana"))
        see(page, "#notice", "Your account is confirmed.")
        sign_in(page, "ana", "Wrong-Horse-7")
        see(page, "#error", "Incorrect username or password.")
        sign_in(page, "ana")
        see(page, "h1", "Hello ana")
        press(page, "GET /admin")
        see(page, "#result", "403")
        press(page, "Set up an authenticator app")
        see(page, "h1", "Set up an authenticator app")
        app = register_app(page)
        see(page, "#notice", "Your authenticator app is registered.")
        assert page.locator("#secret").text_content() == ""
        press(page, "Sign out")
        see(page, "#notice", "You are signed out.")
        sign_in(page, "ana")
        see(page, "#code-hint", "It is in your authenticator app.")
        submit(page, "Enter your code", "Go on", Code="000000")
        see(page, "#error", "That code is not right. Try again.")
        submit(page, "Enter your code", "Go on", Code=next_code(app))
        see(page, "h1", "Hello ana")
        press(page, "Refresh the session")
        see(page, "#notice", "The session has new tokens.")
        press(page, "GET /hello")
        see(page, "#result", "Hello ana!")
        page.reload()
        see(page, "h1", "Hello ana")
        page.screenshot(path=screenshot)
        assert_nothing_leaks(tab, application.url)
    assert screenshot.stat().st_size > 0
    assert tab.refusals == [
        "GET /auth/me 401",
        "POST /auth/signup/confirm 400",
        "POST /auth/login 401",
        "GET /admin 403",
        "POST /auth/challenge 400",
    ]


def test_an_unconfirmed_person_is_led_on_and_a_forgotten_password_replaced(tab: Tab, pool: Server) -> None:
    page = tab.page
    with example("fastapi", environment(pool)) as application:
        page.goto(application.url)
        press(page, "Create an account")
        submit(page, "Create", "Create the account", User_name="ben", Email_address="ben@example.org", Password="short")
        see(page, "#error", "That password does not follow the rules.")
        submit(page, "Create", "Create the account", Password=PASSWORD)
        see(page, "h1", "Confirm your account")
        page.reload()
        sign_in(page, "ben")
        see(page, "#error", "Confirm your account first.")
        press(page, "Send the code again")
        see(page, "#notice", "a new one is on its way")
        submit(page, "Confirm", "Confirm", Code=pool.code("ben"))
        press(page, "Forgot your password?")
        submit(page, "Forgot", "Send a code", User_name="ben")
        see(page, "h1", "Choose a new password")
        submit(page, "Choose a new password", "Set the password", Code=pool.code("ben"), New_password=NEW_PASSWORD)
        see(page, "#notice", "Your password is set.")
        sign_in(page, "ben", NEW_PASSWORD)
        see(page, "h1", "Hello ben")
        press(page, "Sign out everywhere")
        see(page, "#notice", "You are signed out everywhere.")
        assert_nothing_leaks(tab, application.url)


def test_an_invited_person_chooses_a_password_and_later_between_two_factors(tab: Tab, pool: Server) -> None:
    page, settings = tab.page, invite(pool, "eva", mfa="OPTIONAL", phone_number="+491701234567", phone_number_verified="true")
    with example("fastapi", settings) as application:
        page.goto(application.url)
        sign_in(page, "eva")
        submit(page, "Choose a new password", "Go on", New_password=NEW_PASSWORD)
        press(page, "Set up an authenticator app")
        see(page, "h1", "Set up an authenticator app")
        register_app(page)
        see(page, "#notice", "Your authenticator app is registered.")
        wish = {"software_token": "on", "sms": "on"}
        assert page.request.put(f"{application.url}/auth/mfa/preference", data=wish).ok
        press(page, "Sign out")
        sign_in(page, "eva", NEW_PASSWORD)
        see(page, "h1", "Choose a second factor")
        page.get_by_label("Text message").check()
        press(page, "Go on")
        see(page, "#code-hint", "It went to +********4567 as a text message.")
        submit(page, "Enter your code", "Go on", Code=pool.code("eva", settings["COGNITO_USER_POOL_ID"]))
        see(page, "h1", "Hello eva")
        assert_nothing_leaks(tab, application.url)


def test_a_pool_that_demands_a_second_factor_has_it_set_up(tab: Tab, pool: Server) -> None:
    page = tab.page
    with example("fastapi", invite(pool, "kim", mfa="ON")) as application:
        page.goto(application.url)
        sign_in(page, "kim")
        submit(page, "Choose a new password", "Go on", New_password=NEW_PASSWORD)
        see(page, "h1", "Choose a second factor")
        page.get_by_label("Authenticator app").check()
        press(page, "Go on")
        see(page, "h1", "Set up an authenticator app")
        register_app(page)
        see(page, "h1", "Hello kim")
        assert_nothing_leaks(tab, application.url)
