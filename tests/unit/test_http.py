"""Requests and replies of no framework: what is read of the headers, and what is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from cognito_auth.errors import HeadersTooLarge, RequestRejected
from cognito_auth.sessions import SetCookie
from cognito_auth.web.http import MAX_HEADERS, Reply, Request, seconds, vary

TWICE: Final = (("X-Once", "1"), ("x-twice", "a"), ("X-Twice", "b"))
COOKIES: Final = (
    SetCookie(name="a", value="1", max_age=60, secure=True),
    SetCookie(name="b", value="", max_age=0, secure=True),
)


def sent(*headers: tuple[str, str]) -> Request:
    return Request(method="GET", scheme="https", headers=headers)


def test_headers() -> None:
    request = sent(*TWICE)
    assert [request.every_header(name) for name in ("x-once", "x-twice", "x-none")] == [["1"], ["a", "b"], []]
    assert [request.only_header(name) for name in ("x-once", "x-twice", "x-none")] == ["1", None, None]
    assert [request.header(name) for name in ("x-once", "x-none")] == ["1", None]
    with pytest.raises(RequestRejected) as caught:
        request.header("x-twice")
    assert caught.value.message == "more than one x-twice header was sent"


def test_names_and_values_of_all_headers_are_bounded_together() -> None:
    headers = (("X-A", "a" * 1000), ("X-B", "b" * (MAX_HEADERS - 1006)))
    sent(*headers).require_bounded()
    with pytest.raises(HeadersTooLarge) as caught:
        sent(*headers, ("c", "")).require_bounded()
    assert caught.value.message == "the headers must have at most 65536 characters"


def test_the_host_is_in_lower_case() -> None:
    assert (sent(("Host", "WWW.Example.com:443")).host, sent().host) == ("www.example.com:443", "")


def test_cookies() -> None:
    request = sent(("Cookie", "a=1;  b=2 ;c=x=y;none; ;a=3"), ("X-Cookie", "d=4"), ("cookie", "e=; a=5"))
    assert request.cookies == {"a": "1", "b": "2", "c": "x=y", "e": ""}


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (None, "Authorization, Cookie"),
        ("", "Authorization, Cookie"),
        ("Accept-Encoding", "Accept-Encoding, Authorization, Cookie"),
        ("cookie", "cookie, Authorization"),
        ("Cookie,Origin, authorization", "Cookie, Origin, authorization"),
        (" , Origin ,", "Origin, Authorization, Cookie"),
        ("*", "*"),
        ("Cookie, *", "*"),
    ],
)
def test_what_an_answer_varies_by_is_added_once(present: str | None, expected: str) -> None:
    assert vary(present, ("Authorization", "Cookie")) == expected


def test_moments_are_told_in_whole_seconds() -> None:
    assert seconds(None) is None
    assert seconds(datetime(2027, 1, 15, 8, 0, 0, 999_999, UTC)) == 1_800_000_000


FIXED: Final = [
    ("Cache-Control", "no-store"),
    ("Vary", "Authorization, Cookie, Origin"),
    ("X-Content-Type-Options", "nosniff"),
]
JSON: Final = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("reply", "content", "headers"),
    [
        pytest.param(Reply(), b"{}", [JSON, *FIXED], id="nothing to tell"),
        pytest.param(
            Reply(status=401, document={"name": "an\xe9", "one": 1}),
            '{"name":"an\xe9","one":1}'.encode(),
            [JSON, *FIXED],
            id="JSON",
        ),
        pytest.param(Reply(status=204, document={"lost": 1}), b"", FIXED, id="no content"),
        pytest.param(Reply(status=303, headers={"Location": "/"}), b"", [*FIXED, ("Location", "/")], id="a redirect"),
        pytest.param(
            Reply(body=b"export {}", headers={"Content-Type": "text/javascript", "Cache-Control": "max-age=60"}),
            b"export {}",
            [("Cache-Control", "max-age=60"), *FIXED[1:], ("Content-Type", "text/javascript")],
            id="a file, which may be kept",
        ),
        pytest.param(Reply(body=b""), b"", FIXED, id="an empty file"),
        pytest.param(
            Reply(cookies=COOKIES),
            b"{}",
            [JSON, *FIXED, *(("Set-Cookie", cookie.header()) for cookie in COOKIES)],
            id="a header for each cookie",
        ),
    ],
)
def test_what_is_sent(reply: Reply, content: bytes, headers: list[tuple[str, str]]) -> None:
    assert (reply.content(), reply.header_list()) == (content, headers)
