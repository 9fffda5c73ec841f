"""API clients on pages of other origins: those that are listed may call the endpoints, without cookies, and nobody else."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from cognito_auth.web import PATHS
from cognito_auth.web.body import MAX_BODY

from ..scenarios.world import PASSWORD
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .servers import BASE, Answer, Pairs, Sent, Server
from .sites import Site

SPA: Final = "https://spa.example.com"
OTHERS: Final = ("https://evil.example", "https://spa.example.com.evil.example", "http://spa.example.com", "null", "", BASE)
ASKED: Final = (("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization, content-type"))


@pytest.fixture
def site(site: Site) -> Site:
    return site.with_options(cors_origins=frozenset({SPA, "https://other.example.com"}))


def allowances(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name.startswith("access-control-")}


def from_page(server: Server, path: str, *headers: tuple[str, str], method: str = "POST", **members: Any) -> Answer:
    """What is answered to a script of the client's page, which a browser sends."""
    sent = [("Origin", SPA), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), *headers]
    body = json.dumps(members).encode() if method != "GET" else b""
    content = [("Content-Type", "application/json")] if body else []
    return server.answer(Sent(method=method, path=path, headers=[*sent, *content], body=body))


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_tells_a_listed_origin_what_it_may_send(server: Server, path: str) -> None:
    answer = server.answer(Sent(method="OPTIONS", path=f"/auth/{path}", headers=[("Origin", SPA), *ASKED]))
    assert (answer.status, answer.body) == (204, b"")
    assert allowances(answer) == {
        "access-control-allow-origin": SPA,
        "access-control-allow-methods": ", ".join(PATHS[path]),
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "600",
    }
    assert answer.every("vary") == ["Origin"]
    assert answer.header("content-type") is None


@pytest.mark.parametrize("origin", OTHERS)
def test_a_preflight_tells_others_nothing(server: Server, origin: str) -> None:
    answer = server.answer(Sent(method="OPTIONS", path="/auth/login", headers=[("Origin", origin), *ASKED]))
    assert answer.status == 204
    assert not allowances(answer)
    assert answer.header("allow") == "POST, OPTIONS"
    assert answer.header("vary") == "Origin"


def test_a_doubled_origin_is_nobodys(server: Server) -> None:
    doubled = [("Origin", SPA), ("Origin", SPA)]
    for method in ("OPTIONS", "POST"):
        assert not allowances(server.answer(Sent(method=method, path="/auth/login", headers=doubled)))


def test_without_the_option_there_is_no_preflight(site: Site, open_site: Open) -> None:
    server = open_site(site.with_options(cors_origins=frozenset()))
    answer = server.answer(Sent(method="OPTIONS", path="/auth/login", headers=[("Origin", SPA), *ASKED]))
    assert answer.status == 405
    assert not allowances(answer)


def test_a_client_signs_in_and_uses_its_token(api_client: ApiClient) -> None:
    server = api_client.server
    login = accepted(from_page(server, "/auth/login", username=api_client.username, password=PASSWORD), status="signed_in")
    assert allowances(login) == {
        "access-control-allow-origin": SPA,
        "access-control-expose-headers": "Retry-After, WWW-Authenticate",
    }
    assert not login.every("set-cookie")
    bearer = ("Authorization", f"Bearer {login.json['access_token']}")
    me = accepted(from_page(server, "/auth/me", bearer, method="GET"), username=api_client.username)
    assert me.header("access-control-allow-origin") == SPA
    assert "Origin" in (me.header("vary") or "")
    accepted(from_page(server, "/auth/refresh", refresh_token=login.json["refresh_token"]))
    accepted(from_page(server, "/auth/logout", bearer, refresh_token=login.json["refresh_token"]), revoked=True)


def test_errors_can_be_read_too(server: Server) -> None:
    too_long = [("Origin", SPA), ("Content-Type", "application/json")]
    answers = [
        refused(from_page(server, "/auth/me", method="GET"), 401, "not_signed_in"),
        refused(from_page(server, "/auth/login"), 400, "bad_request"),
        server.answer(Sent(method="POST", path="/auth/login", headers=too_long, body=b"x" * (MAX_BODY + 1))),
    ]
    assert [answer.status for answer in answers] == [401, 400, 413]
    for answer in answers:
        assert answer.header("access-control-allow-origin") == SPA


def test_a_client_gets_no_cookie(api_client: ApiClient) -> None:
    given = {"username": api_client.username, "password": PASSWORD}
    answer = refused(from_page(api_client.server, "/auth/login", delivery="cookie", **given), 400, "bad_request")
    assert not answer.every("set-cookie")


def test_a_session_is_of_no_use_to_it(browser: Browser) -> None:
    browser.login()
    cookies = [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    for method, path in (("POST", "/auth/logout"), ("GET", "/auth/me"), ("PATCH", "/auth/account")):
        answer = refused(from_page(browser.server, path, *cookies, method=method), 403, "cross_site_request")
        assert "access-control-allow-credentials" not in allowances(answer)
        assert not answer.every("set-cookie")
    accepted(browser.visit("/private"))


def test_nor_are_a_users_cookies_of_another_kind(api_client: ApiClient) -> None:
    given = {"username": api_client.username, "password": PASSWORD}
    refused(from_page(api_client.server, "/auth/login", ("Cookie", "theme=dark"), **given), 403, "cross_site_request")


def test_the_applications_own_routes_are_not_shared(browser: Browser) -> None:
    browser.login()
    cookies: Pairs = [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    assert not allowances(from_page(browser.server, "/private", *cookies, method="GET"))
    refused(from_page(browser.server, "/private", *cookies), 403, "cross_site_request")


def test_others_are_refused_as_ever(api_client: ApiClient) -> None:
    body = json.dumps({"username": api_client.username, "password": PASSWORD}).encode()
    for origin in OTHERS[:-1]:
        headers = [("Origin", origin), ("Content-Type", "application/json")]
        answer = api_client.server.answer(Sent(method="POST", path="/auth/login", headers=headers, body=body))
        assert not allowances(refused(answer, 403, "cross_site_request"))
    own = [("Origin", BASE), ("Content-Type", "application/json")]
    assert not allowances(accepted(api_client.server.answer(Sent(method="POST", path="/auth/login", headers=own, body=body))))
