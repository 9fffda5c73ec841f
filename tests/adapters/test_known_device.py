"""The device that a browser keeps in a cookie, and an API client by itself: what journeys do not come by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.secret import Secret
from cognito_auth.web.options import DAY

from ..scenarios.world import PASSWORD
from .conftest import Open
from .expectations import accepted, challenged, refused, register
from .faces import ApiClient, Browser
from .sites import Site

COOKIE: Final = "__Host-cognito_auth_device.0"
Enter = Callable[[Site], Browser]


@pytest.fixture
def enter(open_site: Open) -> Enter:
    """Somebody with an account and a second factor, in a pool that tracks devices, whose browser has confirmed one."""

    def come_in(site: Site) -> Browser:
        browser = Browser(site=site, server=open_site(site), username=site.world.name())
        register(browser)
        assert accepted(browser.login(), status="signed_in").json["device_offered"]
        accepted(browser.auth("devices_confirm", device_name="laptop"), status="confirmed")
        accepted(browser.auth("mfa_preference", email="preferred"))
        return browser

    return come_in


@pytest.fixture
def tracking(site: Site) -> Site:
    return replace(site, settings=site.world.settings("guarded", confidential=True))


@pytest.fixture
def owner(tracking: Site, enter: Enter) -> Browser:
    return enter(tracking)


def test_no_script_holds_the_device(tracking: Site, enter: Enter) -> None:
    browser = enter(tracking)
    confirmed = browser.transcript[1]
    assert confirmed["request"] == "POST /auth/devices/confirm"
    assert set(confirmed["body"]) == {"status", "device_key", "user_decides"}
    assert any(f"Max-Age={int(400 * DAY)}; HttpOnly" in line for line in confirmed["headers"]["set-cookie"])
    assert COOKIE in browser.cookies


def test_it_outlives_the_session(owner: Browser) -> None:
    accepted(owner.logout(), cookie_cleared=True)
    assert set(owner.cookies) == {COOKIE}
    accepted(owner.login(), status="signed_in")


def test_somebody_elses_sign_in_leaves_it_alone(owner: Browser) -> None:
    guest = owner.copy()
    guest.username = owner.world.name()
    register(guest)
    signed_in = accepted(guest.login(), status="signed_in").json
    assert signed_in["device_offered"]
    assert signed_in["device_forgotten"], "by this user it never was known"
    assert guest.cookies[COOKIE] == owner.cookies[COOKIE]
    guest.username = owner.username
    accepted(guest.login(), status="signed_in", username=owner.username)


def test_the_next_to_confirm_one_has_the_browser(owner: Browser) -> None:
    first = owner.username
    owner.username = owner.world.name()
    register(owner)
    accepted(owner.login())
    accepted(owner.auth("devices_confirm"))
    owner.username = first
    challenged(owner.login(), "EMAIL_OTP")


def test_it_is_dropped_once_it_is_forgotten_elsewhere(owner: Browser) -> None:
    accepted(owner.login())
    key = owner.auth("devices").json["devices"][0]["device_key"]
    elsewhere = owner.elsewhere()
    asked = challenged(elsewhere.login(), "EMAIL_OTP")
    accepted(elsewhere.answer(asked, code=owner.code()))
    accepted(elsewhere.auth("devices_forget", device_key=key), status="forgotten", cookie_cleared=False, current=False)
    asked = challenged(owner.login(), "EMAIL_OTP")
    assert COOKIE in owner.cookies, "whose it is, is not known before the sign-in is over"
    assert accepted(owner.answer(asked, code=owner.code())).json["device_forgotten"]
    assert COOKIE not in owner.cookies


def test_forgetting_another_device_leaves_it_alone(owner: Browser) -> None:
    other = owner.elsewhere()
    asked = challenged(other.login(), "EMAIL_OTP")
    accepted(other.answer(asked, code=other.code()))
    key = accepted(other.auth("devices_confirm")).json["device_key"]
    accepted(owner.login())
    accepted(owner.auth("devices_forget", device_key=key), cookie_cleared=False)
    assert COOKIE in owner.cookies


def test_it_goes_when_it_is_forgotten_here(owner: Browser) -> None:
    accepted(owner.login())
    key = owner.auth("devices").json["devices"][0]["device_key"]
    accepted(owner.auth("devices_forget", device_key=key), status="forgotten", cookie_cleared=True, current=True)
    assert COOKIE not in owner.cookies


def test_it_goes_with_the_account(owner: Browser) -> None:
    accepted(owner.login())
    accepted(owner.auth("account_delete"), status="deleted", cookie_cleared=True)
    assert owner.cookies == {}


@pytest.mark.parametrize("value", ["", "1.", "1.nonsense", "9.x", "x" * 5000])
def test_what_is_no_device_is_none(owner: Browser, value: str) -> None:
    owner.cookies[COOKIE] = value
    challenged(owner.login(), "EMAIL_OTP")


def test_a_session_is_no_device_nor_the_reverse(owner: Browser) -> None:
    accepted(owner.login())
    session = owner.cookies["__Host-cognito_auth.0"]
    kept, owner.cookies[COOKIE] = owner.cookies[COOKIE], session
    challenged(owner.login(), "EMAIL_OTP")
    owner.cookies = {"__Host-cognito_auth.0": kept}
    refused(owner.auth("me"), 401, "not_signed_in")


def test_another_applications_device_is_none(owner: Browser, open_site: Open) -> None:
    site = owner.site.with_options(secrets=(Secret("another-secret-that-nobody-here-knows"),))
    stranger = Browser(site=site, server=open_site(site), username=owner.username, cookies=dict(owner.cookies))
    challenged(stranger.login(), "EMAIL_OTP")


def test_an_application_without_cookies_looks_at_none(owner: Browser, open_site: Open) -> None:
    site = owner.site.with_options(deliveries=("tokens",))
    client = Browser(site=site, server=open_site(site), username=owner.username, cookies=dict(owner.cookies))
    challenged(client.auth("login", username=owner.username, password=PASSWORD), "EMAIL_OTP")


def test_an_api_client_is_handed_the_device(tracking: Site, open_site: Open) -> None:
    client = ApiClient(site=tracking, server=open_site(tracking), username=tracking.world.name())
    register(client)
    accepted(client.login())
    envelope, client.envelope = client.envelope, None
    refused(client.auth("devices_confirm"), 400, "bad_request")
    confirmed = accepted(client.auth("devices_confirm", refresh_token=envelope), status="confirmed")
    assert client.device == confirmed.json["device"]
    refused(client.auth("login", username=client.username, password=PASSWORD, device="nonsense"), 400, "invalid_state")
    client.envelope = envelope
    accepted(client.refresh(), status="signed_in")
