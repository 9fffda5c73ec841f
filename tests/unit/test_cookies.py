"""Cookies: pieces, what is left over from longer values, and the text of the header."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.sessions import CookiePolicy, CookieTooLarge, SetCookie
from cognito_auth.sessions.cookies import MAX_PIECES, PIECE

POLICY: Final = CookiePolicy()
BROWSER_LIMIT: Final = 4096
"""Bytes of name, value and attributes that RFC 6265bis, section 5.6, has browsers keep."""


def browse(present: dict[str, str], cookies: list[SetCookie]) -> dict[str, str]:
    """The cookies that a browser holds after an answer."""
    held = dict(present)
    for cookie in cookies:
        if cookie.max_age:
            held[cookie.name] = cookie.value
        else:
            held.pop(cookie.name, None)
    return held


def write(value: str, present: dict[str, str], *, secure: bool = True) -> dict[str, str]:
    return browse(present, list(POLICY.write(value, max_age=60, secure=secure, present=present)))


VALUES: Final = st.integers(0, MAX_PIECES * PIECE).map(lambda size: ("a1-_" * size)[:size])


@given(values=st.lists(VALUES, min_size=1, max_size=4), secure=st.booleans())
def test_what_was_written_last_is_read(values: list[str], *, secure: bool) -> None:
    held: dict[str, str] = {"theme": "dark"}
    for value in values:
        held = write(value, held, secure=secure)
        assert POLICY.read(held, secure=secure) == value
    assert len(held) - 1 == max(1, -(-len(values[-1]) // PIECE))
    assert held["theme"] == "dark"
    assert browse(held, list(POLICY.clear(secure=secure, present=held))) == {"theme": "dark"}


def test_every_piece_fits_a_browser() -> None:
    pieces = list(POLICY.write("a" * MAX_PIECES * PIECE, max_age=10**9, secure=True, present={}))
    assert len(pieces) == MAX_PIECES
    assert all(len(piece.header()) <= BROWSER_LIMIT for piece in pieces)


def test_too_many_pieces() -> None:
    with pytest.raises(CookieTooLarge, match=f"{MAX_PIECES + 1} cookies"):
        list(POLICY.write("a" * (MAX_PIECES * PIECE + 1), max_age=60, secure=True, present={}))


def test_left_over_pieces_are_deleted_and_never_read() -> None:
    held = write("a" * 3 * PIECE, {})
    cookies = list(POLICY.write("b", max_age=60, secure=True, present=held))
    assert [(cookie.name, cookie.max_age) for cookie in cookies] == [
        ("__Host-cognito_auth.0", 60),
        ("__Host-cognito_auth.1", 0),
        ("__Host-cognito_auth.2", 0),
    ]
    stubborn = held | {"__Host-cognito_auth.0": "1.b"}
    assert POLICY.read(stubborn, secure=True) == "b"


@pytest.mark.parametrize("value", ["", ".", "1.a", "a.b.c", "." * (PIECE + 1)])
def test_points_in_a_value_are_its_own(value: str) -> None:
    assert POLICY.read(write(value, {}), secure=True) == value


NOT_WHOLE: Final[dict[str, dict[str, str]]] = {
    "none": {},
    "empty": {"__Host-cognito_auth.0": ""},
    "no-count": {"__Host-cognito_auth.0": "value"},
    "count-zero": {"__Host-cognito_auth.0": "0.value"},
    "count-too-high": {f"__Host-cognito_auth.{number}": f"{MAX_PIECES + 1}.value" for number in range(9)},
    "count-negative": {"__Host-cognito_auth.0": "-1.value"},
    "count-with-sign": {"__Host-cognito_auth.0": "+1.value"},
    "count-in-other-digits": {"__Host-cognito_auth.0": "\u0661.value"},
    "count-with-a-zero": {"__Host-cognito_auth.0": "01.value"},
    "piece-missing": {"__Host-cognito_auth.0": "3.value", "__Host-cognito_auth.2": "value"},
    "first-piece-missing": {"__Host-cognito_auth.1": "1.value"},
    "insecure-name": {"cognito_auth.0": "1.value"},
    "other-name": {"__Host-cognito_auth2.0": "1.value"},
}


@pytest.mark.parametrize("cookies", NOT_WHOLE.values(), ids=NOT_WHOLE.keys())
def test_what_is_not_whole_is_none(cookies: dict[str, str]) -> None:
    assert POLICY.read(cookies, secure=True) is None


def test_a_secure_name_is_not_read_on_plain_http() -> None:
    assert POLICY.read({"__Host-cognito_auth.0": "1.value"}, secure=False) is None
    assert POLICY.read({"cognito_auth.0": "1.value"}, secure=False) == "value"


@pytest.mark.parametrize(
    ("policy", "secure", "header"),
    [
        pytest.param(
            CookiePolicy(),
            True,
            "__Host-cognito_auth.0=1.value; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
            id="secure",
        ),
        pytest.param(
            CookiePolicy(), False, "cognito_auth.0=1.value; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", id="this-machine"
        ),
        pytest.param(
            CookiePolicy(name="shop", same_site="Strict"),
            True,
            "__Host-shop.0=1.value; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure",
            id="own-name",
        ),
    ],
)
def test_header(policy: CookiePolicy, header: str, *, secure: bool) -> None:
    (cookie,) = policy.write("value", max_age=60, secure=secure, present={})
    assert cookie.header() == header
    assert "value" not in repr(cookie)


def test_deleting_is_setting_without_life() -> None:
    (cookie,) = POLICY.clear(secure=True, present={"__Host-cognito_auth.0": "1.value", "other": "x"})
    assert cookie.header() == "__Host-cognito_auth.0=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    assert list(POLICY.clear(secure=True, present={})) == []
