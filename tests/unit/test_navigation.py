"""Who opens a page, and what an answer varies by."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.web.http import Reply, Request, vary
from cognito_auth.web.sign_in_page import is_navigation

ACCEPTED: Final = {
    "text/html": True,
    "TEXT/HTML": True,
    "text/html;charset=utf-8": True,
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": True,
    "text/html, application/json;q=0.9": True,
    "application/json;q=0.9, text/html": True,
    "text/html;q=0.5, application/json;q=0.4": True,
    "text/html;q=0.5, */*;q=0.1": True,
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
    "text/html," + "a/b," * 1000: False,
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


@given(accept=st.text(max_size=60))
def test_any_accept_header_is_answered(accept: str) -> None:
    assert is_navigation(sent(("Accept", accept))) in (True, False)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (None, "Authorization, Cookie"),
        ("", "Authorization, Cookie"),
        ("Accept-Encoding", "Accept-Encoding, Authorization, Cookie"),
        ("cookie", "cookie, Authorization"),
        ("Cookie,Origin, authorization", "Cookie, Origin, authorization"),
        ("*", "*"),
        ("Cookie, *", "*"),
    ],
)
def test_what_an_answer_varies_by_is_added_once(present: str | None, expected: str) -> None:
    assert vary(present, ("Authorization", "Cookie")) == expected


def test_a_reply_without_a_body() -> None:
    for status in (204, 303):
        reply = Reply(status=status)
        assert reply.content() == b""
        assert "Content-Type" not in dict(reply.header_list())
    assert (Reply().content(), dict(Reply().header_list())["Vary"]) == (b"{}", "Authorization, Cookie, Origin")
