"""Sessions over time: renewed on the way, ended when they cannot be, and never mistaken for another's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cognito_auth.api.users import AdminDeleteUser
from cognito_auth.secret import Secret
from cognito_auth.sessions.cookies import MAX_PIECES, PIECE

from ..scenarios.world import HOUR, PASSWORD
from .conftest import Open
from .expectations import accepted, refused, signed_in
from .faces import Browser, accepted_cookie
from .servers import Answer, Sent
from .sites import OPTIONS, Site


def cookies_of(answer: Answer) -> list[str]:
    return answer.every("set-cookie")


def let_the_access_token_expire(browser: Browser) -> None:
    browser.site.world.move(1.1 * HOUR)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/private", 200), ("/admin", 403), ("/auth/me", 200)],
    ids=["let in", "not allowed", "endpoint"],
)
def test_an_expired_session_is_renewed_on_the_way(browser: Browser, path: str, status: int) -> None:
    browser.login()
    assert not cookies_of(browser.visit(path)), "a session that is fresh is left alone"
    old = dict(browser.cookies)
    let_the_access_token_expire(browser)

    answer = browser.visit(path)
    assert answer.status == status
    assert cookies_of(answer)
    assert answer.header("cache-control") == "no-store"
    assert browser.cookies != old
    assert not cookies_of(browser.visit(path)), "the renewed session is fresh again"


def test_an_endpoint_that_refuses_still_sets_the_renewed_session(browser: Browser) -> None:
    browser.login()
    let_the_access_token_expire(browser)
    answer = refused(browser.auth("mfa_totp_verify", code="123456"), 400, "code_mismatch")
    assert cookies_of(answer)
    assert not cookies_of(browser.visit("/private"))


@pytest.mark.parametrize("rotating", [False, True], ids=["one refresh token", "rotating refresh tokens"])
def test_sessions_are_renewed_again_and_again(site: Site, open_site: Open, *, rotating: bool) -> None:
    site = replace(site, settings=site.world.settings(confidential=True, rotating=rotating))
    browser = signed_in(Browser, site, open_site(site))
    for _ in range(3):
        let_the_access_token_expire(browser)
        accepted(browser.visit("/private"), username=browser.username)


@pytest.mark.parametrize("path", ["/private", "/admin", "/auth/me"])
def test_a_session_that_cannot_be_renewed_ends(site: Site, open_site: Open, path: str) -> None:
    browser = signed_in(Browser, site, open_site(site.with_options(session_lifetime=60 * 24 * HOUR)))
    browser.site.world.move(29 * 24 * HOUR)
    accepted(browser.visit("/private"))  # the session outlives the refresh token in it
    assert browser.cookies
    browser.site.world.move(2 * 24 * HOUR)
    answer = refused(browser.visit(path), 401, "refresh_token_invalid")
    assert all("Max-Age=0" in cookie for cookie in cookies_of(answer))
    assert not browser.cookies
    refused(browser.visit(path), 401, "not_signed_in")


@pytest.mark.parametrize("rotated", [False, True], ids=["one secret", "a new secret"])
def test_a_session_ends_however_often_it_is_renewed(site: Site, open_site: Open, *, rotated: bool) -> None:
    brief = site.with_options(session_lifetime=3 * HOUR)
    browser = signed_in(Browser, brief, open_site(brief))
    site.world.move(0.5 * HOUR)
    if rotated:
        secrets = (Secret("another-secret-that-only-this-test-seals-with"), *OPTIONS.secrets)
        browser.server = open_site(brief.with_options(secrets=secrets))
        assert cookies_of(accepted(browser.visit("/private")))
    for _ in range(2):
        let_the_access_token_expire(browser)
        assert cookies_of(accepted(browser.visit("/private")))
    site.world.move(0.2 * HOUR)
    accepted(browser.visit("/private"))
    site.world.move(0.2 * HOUR)
    refused(browser.visit("/private"), 401, "not_signed_in")
    refused(browser.refresh(), 401, "not_signed_in")


@pytest.mark.parametrize("path", ["/private", "/auth/me", "/auth/account"])
def test_a_session_whose_user_is_gone_ends_at_its_next_renewal(browser: Browser, path: str) -> None:
    browser.login()
    with browser.site.world.admin(browser.site.settings) as admin:
        admin.send(AdminDeleteUser(username=browser.username))
    let_the_access_token_expire(browser)
    refused(browser.visit(path), 401, "access_token_rejected")
    assert not browser.cookies


def test_a_session_that_ended_elsewhere_ends_at_its_next_renewal(browser: Browser) -> None:
    browser.login()
    elsewhere = replace(browser, cookies={}, transcript=[], called=[])
    elsewhere.login()
    elsewhere.logout(everywhere=True)
    let_the_access_token_expire(browser)
    refused(browser.refresh(), 401, "refresh_token_invalid")
    assert not browser.cookies


def test_the_cookie_of_a_session_that_signed_out_cannot_be_refreshed(browser: Browser) -> None:
    browser.login()
    kept = dict(browser.cookies)
    accepted(browser.logout(), revoked=True, cookie_cleared=True)
    assert not browser.cookies
    browser.cookies = kept
    refused(browser.refresh(), 401, "refresh_token_invalid")


@pytest.mark.parametrize(
    "cookies",
    [
        {"__Host-cognito_auth.0": ""},
        {"__Host-cognito_auth.0": "1."},
        {"__Host-cognito_auth.0": "1.nonsense"},
        {"__Host-cognito_auth.0": "9.nonsense"},
        {"__Host-cognito_auth.0": "-1.nonsense", "__Host-cognito_auth.1": "nonsense"},
        {"__Host-cognito_auth.0": "2.nonsense"},
        {"__Host-cognito_auth.0": f"1.{'A' * 200}"},
        {"__Host-cognito_auth.0": "1.\xe9\xff"},
        {f"__Host-cognito_auth.{number}": f"{'4.' if number == 0 else ''}{'A' * PIECE}" for number in range(MAX_PIECES)},
        {"__Host-cognito_auth.0": f"1.{'A' * 60_000}"},
        {"__Host-cognito_auth": "a.b.c"},
        {"cognito_auth.0": "1.nonsense"},
    ],
    ids=[
        "empty",
        "no value",
        "not sealed",
        "too many pieces",
        "a negative number of pieces",
        "a piece missing",
        "garbage",
        "not ascii",
        "as long as can be",
        "longer",
        "no number",
        "no prefix",
    ],
)
def test_cookies_that_are_no_session_are_ignored(browser: Browser, cookies: dict[str, str]) -> None:
    browser.cookies = dict(cookies)
    refused(browser.visit("/private"), 401, "not_signed_in")
    refused(browser.auth("refresh"), 401, "not_signed_in")
    accepted(browser.auth("logout"), revoked=False)
    browser.cookies = dict(cookies)
    accepted(browser.login(), status="signed_in")
    accepted(browser.visit("/private"), username=browser.username)


def test_a_session_of_another_application_is_ignored(browser: Browser, open_site: Open) -> None:
    browser.login()
    world = browser.site.world
    browser.server = open_site(replace(browser.site, settings=world.settings(confidential=False)))
    refused(browser.visit("/private"), 401, "not_signed_in")


def test_pieces_of_an_older_session_are_deleted(browser: Browser) -> None:
    browser.cookies = {f"__Host-cognito_auth.{number}": "leftover" for number in range(MAX_PIECES)}
    browser.login()
    first = browser.cookies["__Host-cognito_auth.0"]
    assert int(first.partition(".")[0]) == len(browser.cookies)
    accepted(browser.visit("/private"))


def login_at(base: str, browser: Browser) -> list[str]:
    """The cookies that a sign-in sets at another address of the site."""
    body = json.dumps({"username": browser.username, "password": PASSWORD}).encode()
    headers = [("Content-Type", "application/json")]
    sent = Sent(method="POST", path="/auth/login", headers=headers, body=body, base=base)
    return cookies_of(accepted(browser.server.answer(sent)))


def test_cookies_on_plain_http_on_this_machine(browser: Browser) -> None:
    cookies = login_at("http://localhost", browser)
    assert all(cookie.startswith("cognito_auth.") and "Secure" not in cookie and "HttpOnly" in cookie for cookie in cookies)
    pairs = "; ".join(cookie.partition(";")[0] for cookie in cookies)
    me = Sent(method="GET", path="/auth/me", headers=[("Cookie", pairs)], base="http://localhost")
    accepted(browser.server.answer(me), username=browser.username)
    over_https = replace(me, base="https://app.example.com")
    refused(browser.server.answer(over_https), 401, "not_signed_in")


@pytest.mark.parametrize("base", ["https://localhost", "http://app.example.com", "http://127.0.0.1.example.com"])
def test_cookies_are_secure_everywhere_else(browser: Browser, base: str) -> None:
    assert all(accepted_cookie(line) for line in login_at(base, browser))


def test_cookies_are_secure_behind_a_proxy(browser: Browser, open_site: Open) -> None:
    browser.server = open_site(browser.site.with_options(public_url="https://www.example.com"))
    assert all(accepted_cookie(line) for line in login_at("http://localhost:8000", browser))
