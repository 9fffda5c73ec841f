"""Routes that want a recent sign-in, or several factors: what is answered, and how signing in again opens them (RFC 9470)."""

from __future__ import annotations

import pytest

from ..scenarios.world import HOUR, MINUTE
from .expectations import accepted, add_to_group, challenged, refused, set_up_app
from .faces import FACES, ApiClient, Browser, Face
from .servers import Answer, Server
from .sites import Site

AGE = 'max_age="300"'
LEVELS = "urn:cognito:loa:3 urn:cognito:loa:4"
AGAIN = 'Bearer error="insufficient_user_authentication", error_description="Sign in again to do that."'
WITH_FACTOR = (
    'Bearer error="insufficient_user_authentication", error_description="Sign in again, with a second factor, to do that."'
)


@pytest.fixture(params=list(FACES))
def visitor(request: pytest.FixtureRequest, site: Site, server: Server) -> Face:
    """Somebody with a confirmed account, by browser and by API client."""
    return FACES[request.param].registered(site, server)


def stepped_up(answer: Answer, challenge: str, **members: object) -> None:
    """Assert that an answer asks for another sign-in."""
    refused(answer, 401, "insufficient_user_authentication")
    assert answer.header("www-authenticate") == challenge
    error = answer.json["error"]
    assert {name: value for name, value in error.items() if name not in ("code", "message")} == members


def test_a_recent_sign_in(visitor: Face) -> None:
    visitor.login()
    accepted(visitor.visit("/recent"), username=visitor.username)
    visitor.site.world.move(6 * MINUTE)
    stepped_up(visitor.visit("/recent"), f"{AGAIN}, {AGE}", max_age=300)
    accepted(visitor.visit("/private"))
    visitor.refresh()
    stepped_up(visitor.visit("/recent", "POST"), f"{AGAIN}, {AGE}", max_age=300)
    visitor.login()
    accepted(visitor.visit("/recent", "POST"))


def test_the_clocks_may_differ(visitor: Face) -> None:
    visitor.login()
    visitor.site.world.move(5 * MINUTE + 20)
    accepted(visitor.visit("/recent"))


def test_without_credentials_there_is_nothing_to_step_up(visitor: Face) -> None:
    for path in ("/recent", "/mfa"):
        answer = refused(visitor.visit(path), 401, "not_signed_in")
        assert answer.header("www-authenticate") == "Bearer"


def test_a_second_factor_that_the_sign_in_answered(browser: Browser) -> None:
    browser.login()
    stepped_up(browser.visit("/mfa"), f'{WITH_FACTOR}, acr_values="{LEVELS}"', acr_values=LEVELS)
    secret = set_up_app(browser)
    stepped_up(browser.visit("/mfa"), f'{WITH_FACTOR}, acr_values="{LEVELS}"', acr_values=LEVELS)
    asked = challenged(browser.login(), "SOFTWARE_TOKEN_MFA")
    accepted(browser.answer(asked, code=browser.totp(secret)), status="signed_in")
    accepted(browser.visit("/mfa"), username=browser.username)
    accepted(browser.visit("/recent-mfa"), username=browser.username)

    browser.site.world.move(1.1 * HOUR)
    accepted(browser.visit("/mfa"), username=browser.username)  # in the renewed session as well
    accepted(browser.refresh())
    accepted(browser.visit("/mfa"), username=browser.username)
    stepped_up(browser.visit("/recent-mfa"), f"{AGAIN}, {AGE}", max_age=300)


def test_a_code_by_mail_after_a_password(browser: Browser) -> None:
    browser.login()
    accepted(browser.auth("mfa_preference", email="preferred"))
    asked = challenged(browser.login(), "EMAIL_OTP")
    accepted(browser.answer(asked, code=browser.code()), status="signed_in")
    accepted(browser.visit("/mfa"), username=browser.username)


def test_of_a_bearer_token_nothing_is_known_but_its_claims(api_client: ApiClient) -> None:
    api_client.login()
    secret = set_up_app(api_client)
    asked = challenged(api_client.login(), "SOFTWARE_TOKEN_MFA")
    accepted(api_client.answer(asked, code=api_client.totp(secret)), status="signed_in")
    stepped_up(api_client.visit("/mfa"), f'{WITH_FACTOR}, acr_values="{LEVELS}"', acr_values=LEVELS)


def test_both_are_told_together(visitor: Face) -> None:
    visitor.login()
    visitor.site.world.move(6 * MINUTE)
    challenge = f'{WITH_FACTOR}, {AGE}, acr_values="{LEVELS}"'
    stepped_up(visitor.visit("/recent-mfa"), challenge, max_age=300, acr_values=LEVELS)


def test_who_lacks_the_right_is_not_sent_to_sign_in_again(visitor: Face) -> None:
    visitor.login()
    visitor.site.world.move(6 * MINUTE)
    refused(visitor.visit("/recent-admin"), 403, "forbidden")
    add_to_group(visitor, "admin")
    visitor.refresh()
    stepped_up(visitor.visit("/recent-admin"), f"{AGAIN}, {AGE}", max_age=300)
    visitor.login()
    accepted(visitor.visit("/recent-admin"))


def test_a_session_that_is_renewed_on_the_way_is_kept(browser: Browser) -> None:
    browser.login()
    browser.site.world.move(1.1 * HOUR)
    answer = browser.visit("/recent")
    stepped_up(answer, f"{AGAIN}, {AGE}", max_age=300)
    assert any("Max-Age=2592000" in cookie for cookie in answer.every("set-cookie"))
    accepted(browser.visit("/private"), username=browser.username)


def test_proofs_are_not_taken_to_another_sign_in(browser: Browser) -> None:
    """A session with a second factor is replaced by one without."""
    browser.login()
    secret = set_up_app(browser)
    asked = challenged(browser.login(), "SOFTWARE_TOKEN_MFA")
    accepted(browser.answer(asked, code=browser.totp(secret)))
    accepted(browser.visit("/mfa"))
    accepted(browser.auth("mfa_preference", software_token="off"))
    accepted(browser.login(), status="signed_in")
    refused(browser.visit("/mfa"), 401, "insufficient_user_authentication")
