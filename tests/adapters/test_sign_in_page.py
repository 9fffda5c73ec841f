"""Browsers that open a page are sent to sign in; scripts and API clients are told that nobody is signed in."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_auth.web import same_origin_path

from ..scenarios.world import HOUR
from .conftest import Open
from .expectations import accepted, refused, register
from .faces import ApiClient, Browser
from .servers import Answer, Pairs, Sent, Server
from .sites import Site

HTML: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGE: Final = [("Accept", HTML)]
OPENED: Final = [*PAGE, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Site", "cross-site")]
SCRIPTS: Final = {
    "anything": [],
    "a fetch": [("Accept", "*/*"), ("Sec-Fetch-Mode", "cors")],
    "a fetch of HTML": [*PAGE, ("Sec-Fetch-Mode", "cors")],
    "an older script": [*PAGE, ("X-Requested-With", "XMLHttpRequest")],
    "JSON": [("Accept", "application/json, text/plain, */*")],
    "either": [("Accept", "text/html, application/json")],
    "a bearer": [*OPENED, ("Authorization", "Bearer nonsense")],
    "another scheme": [*OPENED, ("Authorization", "Basic YTpi")],
}


@pytest.fixture
def site(site: Site) -> Site:
    return site.with_options(sign_in_page="/sign-in")


def asked(server: Server, path: str, headers: Pairs, method: str = "GET") -> Answer:
    return server.answer(Sent(method=method, path=path, headers=headers))


def sent_to_sign_in(answer: Answer, path: str) -> Answer:
    """Assert that a browser is sent to the page, and from there to ``path``."""
    assert (answer.status, answer.body) == (303, b"")
    location = urlsplit(answer.header("location") or "")
    assert (location.scheme, location.netloc, location.path) == ("", "", "/sign-in")
    assert parse_qs(location.query) == {"next": [path]}
    assert same_origin_path(path) == path
    assert answer.header("cache-control") == "no-store"
    assert {"Accept", "Cookie"} <= set((answer.header("vary") or "").split(", "))
    return answer


@pytest.mark.parametrize("headers", [PAGE, OPENED], ids=["older browser", "browser"])
@pytest.mark.parametrize("path", ["/private", "/private?a=b&c=%2F%2Fd", "/admin"])
def test_whoever_opens_a_page_is_sent_to_sign_in(server: Server, path: str, headers: Pairs) -> None:
    sent_to_sign_in(asked(server, path, headers), path)


def test_so_is_whoever_asks_for_its_headers(server: Server) -> None:
    answer = asked(server, "/private", OPENED, "HEAD")
    if answer.status != 405:  # a framework that has no HEAD unless it is asked for
        sent_to_sign_in(answer, "/private")


@pytest.mark.parametrize("headers", SCRIPTS.values(), ids=SCRIPTS)
def test_programs_are_told(server: Server, headers: Pairs) -> None:
    code = "invalid_token" if ("Authorization", "Bearer nonsense") in headers else "not_signed_in"
    answer = refused(asked(server, "/private", headers), 401, code)
    assert {"Accept", "Cookie"} <= set((answer.header("vary") or "").split(", "))


def test_a_form_is_not_sent_there(server: Server) -> None:
    refused(asked(server, "/private", PAGE, "POST"), 401, "not_signed_in")


def test_the_endpoints_are_for_programs(server: Server) -> None:
    refused(asked(server, "/auth/me", OPENED), 401, "not_signed_in")


def test_without_a_page_everybody_is_told(site: Site, open_site: Open) -> None:
    server = open_site(site.with_options(sign_in_page=""))
    answer = refused(asked(server, "/private", OPENED), 401, "not_signed_in")
    assert answer.header("vary") == "Authorization, Cookie, Origin"


def test_whoever_may_not_is_told_and_not_sent_in_circles(browser: Browser) -> None:
    browser.login()
    headers = [*OPENED, *(pair for pair in browser.credentials("GET") if pair[0] == "Cookie")]
    accepted(asked(browser.server, "/private", headers))
    refused(asked(browser.server, "/admin", headers), 403, "forbidden")


def test_a_session_that_has_ended_leads_there_and_is_deleted(site: Site, open_site: Open) -> None:
    lasting = site.with_options(session_lifetime=90 * 24 * HOUR)
    browser = Browser(site=lasting, server=open_site(lasting), username=site.world.name())
    register(browser)
    accepted(browser.login())
    site.world.move(31 * 24 * HOUR)
    assert browser.cookies
    sent_to_sign_in(browser.call("GET", "/private", headers=PAGE), "/private")
    assert not browser.cookies


def test_a_page_that_is_closed_itself_is_not_sent_to_in_circles(site: Site, open_site: Open) -> None:
    server = open_site(site.with_options(sign_in_page="/private"))
    refused(asked(server, "/private?next=%2F", OPENED), 401, "not_signed_in")
    assert asked(server, "/admin", OPENED).header("location") == "/private?next=%2Fadmin"


@pytest.mark.parametrize("path", ["/private?next=//evil.example", "/private?a=\\evil", "/private?" + "a" * 4000])
def test_the_way_back_is_on_this_site(server: Server, path: str) -> None:
    answer = asked(server, path, OPENED)
    assert answer.status == 303
    (way_back,) = parse_qs(urlsplit(answer.header("location") or "").query)["next"]
    assert same_origin_path(way_back, "") == way_back


def test_a_hostile_host_leads_nowhere_else(server: Server) -> None:
    for host in ("evil.example", "app.example.com/private?", "evil.example#", "app.example.com@evil.example"):
        sent_to_sign_in(asked(server, "/private", [*OPENED, ("Host", host)]), "/private")


def test_an_api_client_is_never_redirected(api_client: ApiClient) -> None:
    api_client.login()
    api_client.site.world.move(2 * HOUR)
    refused(api_client.call("GET", "/private", headers=OPENED), 401, "token_expired")
