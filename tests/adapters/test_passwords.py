"""Passwords count as they are typed, long ones too, and a new one is no way past a second factor."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.config import PasswordFlow

from ..scenarios.world import NEW_PASSWORD
from .conftest import Open
from .expectations import accepted, challenged, refused, set_up_app
from .faces import Browser
from .sites import Site

LONG: Final = "Zw\u00f6lf-Boxk\u00e4mpfer-jagen-Viktor-quer-\u00fcber-den-gro\u00dfen-Sylter-Deich,7mal!"
ALMOST: Final = {
    "in lower case": LONG.lower(),
    "cut": LONG[:64],
    "and more": f"{LONG}!",
    "decomposed": unicodedata.normalize("NFD", LONG),
}


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_a_password_counts_as_it_was_typed(site: Site, open_site: Open, flow: PasswordFlow) -> None:
    site = replace(site, settings=replace(site.settings, auth_flows=(flow,)))
    browser = Browser(site=site, server=open_site(site), username=site.world.name())
    assert len(LONG) > 64
    accepted(browser.auth("signup", username=browser.username, password=LONG, attributes={"email": "ana@example.com"}), 201)
    accepted(browser.auth("signup_confirm", username=browser.username, code=browser.code()), status="confirmed")
    for password in ALMOST.values():
        assert password != LONG
        refused(browser.login(password), 401, "incorrect_credentials")
    accepted(browser.login(LONG), status="signed_in")


def test_a_new_password_is_no_way_past_the_second_factor(browser: Browser) -> None:
    accepted(browser.login())
    secret = set_up_app(browser)
    accepted(browser.logout())
    accepted(browser.auth("password_forgot", username=browser.username))
    given = {"code": browser.code(), "new_password": NEW_PASSWORD}
    accepted(browser.auth("password_reset", username=browser.username, **given), status="password_replaced")
    assert not browser.cookies
    asked = challenged(browser.login(NEW_PASSWORD), "SOFTWARE_TOKEN_MFA")
    accepted(browser.answer(asked, code=browser.totp(secret)), status="signed_in")
