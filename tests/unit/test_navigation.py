"""Who opens a page, and where nobody is sent who does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import AccessDenied, CognitoAuthError, KeysUnavailable, NotSignedIn, TokenExpired, service_error
from cognito_auth.sessions import SetCookie
from cognito_auth.web.http import Reply, Request
from cognito_auth.web.sign_in_page import is_navigation, sent_to_sign_in

ACCEPTED: Final = {
    "text/html": True,
    "TEXT/HTML": True,
    "text/html;charset=utf-8": True,
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": True,
    "text/html, application/json;q=0.9": True,
    "application/json;q=0.9, text/html": True,
    "text/html;q=0.5, application/json;q=0.4": True,
    "text/html;q=0.5, */*;q=0.1": True,
    "text/html;q=0.1, */*;q=0.5": False,
    "text/html, application/json": False,
    "text/html;q=0.5, application/json": False,
    "text/html;q=0.5, application/*": False,
    "text/html;q=0": False,
    "text/html;q=0.0, */*": False,
    "text/html;q=nan": False,
    "text/html;q=2": False,
    "text/html;q=": False,
    "text/html;q=1e999": False,
    "text/*": False,
    "*/*": False,
    "application/json": False,
    "application/xhtml+xml": False,
    "": False,
    ",,;": False,
    "text/html;q=1.001": False,
    "text/html;q=-0.1": False,
    "text/html;q=1;q=0": True,
    "text/html ; level=1 ; Q=0.5, */* ; q=0.4": True,
    "text/html;level=q=0.1, */*;q=0.5": True,
    "text/html;q=0, text/html": False,
    "text/html;q=0.1, */*;q=0": True,
    "text/html;q=0.5, application/json;q=0, */*": True,
    "text/html;q=0.5, application/*;q=0.2, */*": True,
    "text/html;q=0.5, application/*, */*;q=0.1": False,
    "text/html," + "a" * 1014: True,
    "text/html," + "a" * 1015: False,
}


def sent(*headers: tuple[str, str], method: str = "GET") -> Request:
    return Request(method=method, scheme="https", headers=headers)


@pytest.mark.parametrize("accept", ACCEPTED, ids=lambda accept: accept[:40])
def test_html_is_preferred(accept: str) -> None:
    assert is_navigation(sent(("Accept", accept))) is ACCEPTED[accept]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET", "get"])
def test_other_methods_open_no_page(method: str) -> None:
    assert not is_navigation(sent(("Accept", "text/html"), method=method))


@pytest.mark.parametrize("name", ["Accept", "Sec-Fetch-Mode"])
def test_what_is_said_twice_opens_no_page(name: str) -> None:
    twice = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}[name]
    assert not is_navigation(sent(("Accept", "text/html"), (name, twice), (name, twice)))


def test_who_says_nothing_opens_no_page() -> None:
    assert not is_navigation(sent())


@given(accept=st.text(max_size=60))
def test_any_accept_header_is_answered(accept: str) -> None:
    assert is_navigation(sent(("Accept", accept))) in (True, False)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(("Authorization", "Bearer token"), id="a token"),
        pytest.param(("X-Requested-With", "XMLHttpRequest"), id="a script of old"),
        pytest.param(("Sec-Fetch-Mode", "cors"), id="a script"),
        pytest.param(("Sec-Fetch-Mode", ""), id="no mode"),
    ],
)
def test_what_no_person_sends_opens_no_page(header: tuple[str, str]) -> None:
    html = ("Accept", "text/html")
    assert not is_navigation(sent(html, header))
    for mode in ([], [("Sec-Fetch-Mode", "navigate")]):
        assert is_navigation(sent(html, *mode))
        assert is_navigation(sent(html, *mode, method="HEAD"))


PAGE: Final = "/sign-in"
VARY: Final = "Accept, Authorization, Cookie, Origin, Sec-Fetch-Mode, X-Requested-With"
REFUSAL: Final = Reply(
    status=401,
    document={"error": "not_signed_in"},
    headers={"WWW-Authenticate": "Bearer", "Vary": "Cookie"},
    cookies=(SetCookie(name="a", value="", max_age=0, secure=True),),
)
TOLD: Final = replace(REFUSAL, headers={"WWW-Authenticate": "Bearer", "Vary": VARY})
NOBODY: Final = NotSignedIn("no token")


def opened(target: str, accept: str = "text/html") -> Request:
    return Request(method="GET", scheme="https", target=target, headers=(("Accept", accept),))


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/orders?page=2&all", "/sign-in?next=%2Forders%3Fpage%3D2%26all"),
        ("/caf\xe9", "/sign-in?next=%2Fcaf%25C3%25A9"),
        ("//evil.example", "/sign-in?next=%2F"),
        ("/sign-in/further", "/sign-in?next=%2Fsign-in%2Ffurther"),
        ("/?next=/sign-in", "/sign-in?next=%2F%3Fnext%3D%2Fsign-in"),
    ],
)
def test_nobody_is_sent_to_sign_in_and_back(target: str, location: str) -> None:
    sent_there = sent_to_sign_in(REFUSAL, NOBODY, opened(target), PAGE)
    assert sent_there == Reply(status=303, headers={"Location": location, "Vary": VARY}, cookies=REFUSAL.cookies)


@pytest.mark.parametrize(
    "error", [TokenExpired("exp"), service_error("NotAuthorizedException", "Refresh Token has expired")], ids=str
)
def test_whose_session_is_good_for_nothing_is_nobody(error: CognitoAuthError) -> None:
    assert sent_to_sign_in(REFUSAL, error, opened("/"), PAGE).status == 303


@pytest.mark.parametrize(
    ("error", "request_"),
    [
        pytest.param(NOBODY, opened("/", "application/json"), id="a program"),
        pytest.param(AccessDenied("group"), opened("/"), id="somebody who may not"),
        pytest.param(KeysUnavailable("down"), opened("/"), id="nobody knows"),
        pytest.param(NOBODY, opened(PAGE), id="the page itself"),
        pytest.param(NOBODY, opened(f"{PAGE}?next=%2F"), id="the page itself, told where to go"),
    ],
)
def test_others_are_told_so(error: CognitoAuthError, request_: Request) -> None:
    assert sent_to_sign_in(REFUSAL, error, request_, PAGE) == TOLD


def test_without_a_page_nobody_is_sent_anywhere() -> None:
    assert sent_to_sign_in(REFUSAL, NOBODY, opened("/"), "") is REFUSAL
