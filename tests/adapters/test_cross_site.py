"""What a page of another site can have a browser do: nothing that changes anything."""

from __future__ import annotations

import json
from typing import Final

import pytest

from cognito_auth.web import ROUTES, Route

from ..scenarios.world import PASSWORD
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .servers import BASE, HOST, Answer, Pairs, Sent, Server
from .sites import Site

FOREIGN: Final = {
    "cross-site": [("Sec-Fetch-Site", "cross-site")],
    "a subdomain's page": [("Sec-Fetch-Site", "same-site")],
    "an unknown relation": [("Sec-Fetch-Site", "nonsense")],
    "another origin": [("Origin", "https://evil.example")],
    "an opaque origin": [("Origin", "null")],
    "no origin": [("Origin", "")],
    "a longer host": [("Origin", f"https://{HOST}.evil.example")],
    "another port": [("Origin", f"{BASE}:8443")],
    "a user name in front": [("Origin", f"https://{HOST}@evil.example")],
    "brackets that do not close": [("Origin", "https://[")],
    "another origin, said by both": [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
    "the right origin from another site": [("Origin", BASE), ("Sec-Fetch-Site", "cross-site")],
    "another page": [("Referer", "https://evil.example/app.example.com")],
}
OWN: Final = {
    "said by the browser": [("Sec-Fetch-Site", "same-origin")],
    "typed in": [("Sec-Fetch-Site", "none")],
    "the right origin": [("Origin", BASE)],
    "in other letters": [("Origin", BASE.upper())],
    "the right page": [("Referer", f"{BASE}/sign-in")],
    "no browser": [],
}
CHANGING: Final = [route for route in ROUTES if route.method != "GET"]
READABLE: Final = {route.path for route in ROUTES if route.method == "GET"}

foreign = pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)


def login(server: Server, username: str, headers: Pairs) -> Answer:
    body = json.dumps({"username": username, "password": PASSWORD}).encode()
    headers = [*headers, ("Content-Type", "application/json")]
    return server.answer(Sent(method="POST", path="/auth/login", headers=headers, body=body))


@foreign
def test_another_site_cannot_sign_anybody_in(browser: Browser, headers: Pairs) -> None:
    answer = refused(login(browser.server, browser.username, headers), 403, "cross_site_request")
    assert not answer.every("set-cookie")


@pytest.mark.parametrize("headers", OWN.values(), ids=OWN)
def test_the_own_site_can(browser: Browser, headers: Pairs) -> None:
    accepted(login(browser.server, browser.username, headers))


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
def test_no_endpoint_that_changes_anything_answers_another_site(browser: Browser, route: Route) -> None:
    browser.login()
    headers = [("Sec-Fetch-Site", "cross-site"), cookie_header(browser)]
    answer = browser.server.answer(Sent(method=route.method, path=f"/auth/{route.path}", headers=headers))
    refused(answer, 403, "cross_site_request")
    assert not answer.every("set-cookie")
    accepted(browser.visit("/private"))


@foreign
def test_a_session_does_not_serve_another_sites_requests(browser: Browser, headers: Pairs) -> None:
    browser.login()
    own_route = Sent(method="POST", path="/private", headers=[*headers, cookie_header(browser)])
    refused(browser.server.answer(own_route), 403, "cross_site_request")


@foreign
def test_a_bearer_token_does_wherever_it_comes_from(api_client: ApiClient, headers: Pairs) -> None:
    api_client.login()
    sent = Sent(method="POST", path="/private", headers=[*headers, *api_client.credentials("POST")])
    accepted(api_client.server.answer(sent))


def test_links_from_another_site_lead_in(browser: Browser) -> None:
    browser.login()
    headers = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), cookie_header(browser)]
    accepted(browser.server.answer(Sent(method="GET", path="/private", headers=headers)))


@pytest.mark.parametrize("public_url", ["", "https://www.example.com"], ids=["origins", "origins and public address"])
def test_origins_that_are_trusted(site: Site, open_site: Open, public_url: str) -> None:
    trusting = site.with_options(trusted_origins=frozenset({"https://pages.example.com"}), public_url=public_url)
    username = site.world.name()
    site.world.create_user(site.settings, username)
    server = open_site(trusting)
    headers = [("Origin", "https://pages.example.com"), ("Sec-Fetch-Site", "same-site")]
    accepted(login(server, username, headers))
    own = login(server, username, [("Origin", "https://www.example.com")])
    assert own.status == (200 if public_url else 403)
    refused(login(server, username, [("Origin", "https://pages.example.com.evil.example")]), 403, "cross_site_request")


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
def test_a_get_changes_nothing(browser: Browser, route: Route) -> None:
    browser.login()
    answer = browser.visit(f"/auth/{route.path}?username={browser.username}&everywhere=true")
    assert answer.status == (200 if route.path in READABLE else 405)
    assert not answer.every("set-cookie")
    accepted(browser.visit("/private"))


def cookie_header(browser: Browser) -> tuple[str, str]:
    return "Cookie", "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
