"""Requests from other sites: which pass, by what the browser says of them."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import CrossSiteRequest, RequestRejected
from cognito_auth.web.http import SAFE_METHODS, Request
from cognito_auth.web.origin import as_browsers_send_it, is_secure, require_same_origin

TRUSTED: Final = frozenset({"https://app.example.com", "https://www.example.com"})
HOST: Final = "www.example.com"


def request(method: str = "POST", *, host: str | None = HOST, scheme: str = "https", **headers: str) -> Request:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(method=method, scheme=scheme, headers=(*pairs, *([("Host", host)] if host is not None else [])))


def passes(sent: Request, trusted: frozenset[str] = frozenset()) -> bool:
    try:
        require_same_origin(sent, trusted)
    except CrossSiteRequest:
        return False
    return True


def test_the_refusal_says_why() -> None:
    with pytest.raises(CrossSiteRequest) as caught:
        require_same_origin(request(Origin="https://evil.example"), frozenset())
    assert str(caught.value) == "the request comes from another site"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("HTTPS://App.Example.COM:443/a?b#c", "https://app.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("https://localhost:80", "https://localhost:80"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("ws://localhost:80", "ws://localhost:80"),
        ("https://[::1]:443", "https://[::1]"),
        ("https://[", None),
    ],
)
def test_as_browsers_send_it(url: str, origin: str | None) -> None:
    assert as_browsers_send_it(url) == origin


BY_FETCH_METADATA: Final = [
    ("same-origin", None, True),
    ("same-origin", "https://www.example.com", True),
    ("none", None, True),
    ("same-site", None, False),
    ("same-site", "https://www.example.com", False),
    ("cross-site", None, False),
    ("cross-site", "https://www.example.com", False),
    ("cross-site", "null", False),
    ("", None, False),
    ("SAME-ORIGIN", None, False),
    ("same-origin, cross-site", None, False),
    ("something-new", None, False),
]


@pytest.mark.parametrize(("fetch_site", "origin", "passing"), BY_FETCH_METADATA)
def test_sec_fetch_site_decides(fetch_site: str, origin: str | None, *, passing: bool) -> None:
    headers = {"Sec_Fetch_Site": fetch_site} | ({} if origin is None else {"Origin": origin})
    assert passes(request(**headers)) is passing


BY_ORIGIN: Final = [
    pytest.param(None, HOST, True, id="no-browser"),
    pytest.param("https://www.example.com", HOST, True, id="own"),
    pytest.param("http://www.example.com", HOST, True, id="own-behind-a-proxy"),
    pytest.param("https://WWW.Example.COM", HOST, True, id="own-in-capitals"),
    pytest.param("https://www.example.com", "WWW.EXAMPLE.COM", True, id="host-in-capitals"),
    pytest.param("https://www.example.com:8443", "www.example.com:8443", True, id="own-port"),
    pytest.param("http://[::1]:5000", "[::1]:5000", True, id="own-address"),
    pytest.param("https://www.example.com:8443", HOST, False, id="other-port"),
    pytest.param("https://www.example.com", "www.example.com:8443", False, id="no-port"),
    pytest.param("https://evil.example", HOST, False, id="other"),
    pytest.param("https://sub.www.example.com", HOST, False, id="below"),
    pytest.param("https://example.com", HOST, False, id="above"),
    pytest.param("https://www.example.com.evil.example", HOST, False, id="own-as-a-prefix"),
    pytest.param("https://evilwww.example.com", HOST, False, id="own-as-a-suffix"),
    pytest.param("https://evil.example/www.example.com", HOST, False, id="own-in-the-path"),
    pytest.param("https://www.example.com@evil.example", HOST, False, id="own-as-a-user"),
    pytest.param("https://evil.example#www.example.com", HOST, False, id="own-in-the-fragment"),
    pytest.param("https://www.example.com https://evil.example", HOST, False, id="two"),
    pytest.param("null", HOST, False, id="null"),
    pytest.param("null", "null", False, id="null-host"),
    pytest.param("", HOST, False, id="empty"),
    pytest.param("", "", False, id="empty-and-empty-host"),
    pytest.param("https://www.example.com", None, False, id="no-host"),
    pytest.param("www.example.com", HOST, False, id="no-scheme"),
    pytest.param("https://[", HOST, False, id="open-bracket"),
    pytest.param("https://[", "[", False, id="open-brackets"),
    pytest.param("file://", "", False, id="file"),
    pytest.param("https://app.example.com", HOST, False, id="trusted-elsewhere"),
]


@pytest.mark.parametrize(("origin", "host", "passing"), BY_ORIGIN)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "WEBSOCKET", "CONNECT"])
def test_origin_decides_where_the_browser_is_older(origin: str | None, host: str | None, method: str, *, passing: bool) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert passes(request(method, host=host, **headers)) is passing


BY_REFERER: Final = [
    pytest.param("https://www.example.com/sign-in?next=%2F", True, id="own"),
    pytest.param("https://www.example.com", True, id="own-without-a-path"),
    pytest.param("http://WWW.example.com/", True, id="own-behind-a-proxy"),
    pytest.param("https://app.example.com/page", True, id="trusted"),
    pytest.param("https://app.example.com:443/page", True, id="trusted-with-its-port"),
    pytest.param("http://app.example.com/page", False, id="trusted-without-tls"),
    pytest.param("https://evil.example/", False, id="other"),
    pytest.param("https://evil.example/https://www.example.com/", False, id="own-in-the-path"),
    pytest.param("https://evil.example?https://www.example.com/", False, id="own-in-the-query"),
    pytest.param("https://www.example.com.evil.example/", False, id="own-as-a-prefix"),
    pytest.param("https://www.example.com@evil.example/", False, id="own-as-a-user"),
    pytest.param("https://www.example.com:8443/", False, id="other-port"),
    pytest.param("https://[", False, id="open-bracket"),
    pytest.param("/sign-in", False, id="no-origin"),
    pytest.param("about:blank", False, id="blank"),
    pytest.param("", False, id="empty"),
]


@pytest.mark.parametrize(("referer", "passing"), BY_REFERER)
@pytest.mark.parametrize("method", ["POST", "DELETE", "WEBSOCKET"])
def test_referer_decides_where_there_is_nothing_else(referer: str, method: str, *, passing: bool) -> None:
    assert passes(request(method, Referer=referer), TRUSTED - {"https://www.example.com"}) is passing
    assert passes(request("GET", Referer=referer))


def test_referer_counts_for_nothing_beside_what_says_more() -> None:
    own, other = f"https://{HOST}/", "https://evil.example/"
    assert not passes(request(Referer=own, Sec_Fetch_Site="cross-site"))
    assert not passes(request(Referer=own, Origin="https://evil.example"))
    assert not passes(request(Referer=own, Origin="null"))
    assert passes(request(Referer=other, Sec_Fetch_Site="same-origin"))
    assert passes(request(Referer=other, Origin=f"https://{HOST}"))


@pytest.mark.parametrize("fetch_site", [None, "same-site", "cross-site", "same-origin"])
@pytest.mark.parametrize("host", [HOST, "internal:8000", None])
def test_a_trusted_origin_may_always(fetch_site: str | None, host: str | None) -> None:
    headers = {"Origin": "https://app.example.com"} | ({} if fetch_site is None else {"Sec_Fetch_Site": fetch_site})
    assert passes(request(host=host, **headers), TRUSTED)


@pytest.mark.parametrize(
    "origin",
    [
        "http://app.example.com",
        "https://app.example.com:443",
        "https://app.example.com/",
        "https://APP.example.com",
        "https://app.example.com.evil.example",
        "null",
        "",
    ],
)
def test_trusted_origins_are_compared_exactly(origin: str) -> None:
    assert not passes(request(Origin=origin, Sec_Fetch_Site="cross-site"), TRUSTED)
    assert not passes(request(Origin=origin), TRUSTED)


@pytest.mark.parametrize("method", sorted(SAFE_METHODS))
def test_methods_that_change_nothing_pass(method: str) -> None:
    assert passes(request(method, Origin="https://evil.example", Sec_Fetch_Site="cross-site"))


@pytest.mark.parametrize("name", ["Origin", "Sec-Fetch-Site", "Host"])
def test_a_header_that_was_sent_twice_is_refused(name: str) -> None:
    doubled = (("Origin", f"https://{HOST}"), ("Host", HOST), (name.upper(), "same-origin"), (name, "same-origin"))
    with pytest.raises(RequestRejected, match="more than one"):
        require_same_origin(Request(method="POST", scheme="https", headers=doubled), frozenset())


@given(origin=st.text(max_size=20), host=st.text(max_size=20))
def test_any_headers_at_all_pass_or_are_refused(origin: str, host: str) -> None:
    sent = request(host=host, Origin=origin)
    passes(sent)
    passes(request(host=host, Referer=origin), TRUSTED)
    assert isinstance(is_secure(sent, ""), bool)


@pytest.mark.parametrize(
    ("scheme", "host", "public_url", "secure"),
    [
        pytest.param("https", HOST, "", True, id="https"),
        pytest.param("wss", HOST, "", True, id="wss"),
        pytest.param("http", HOST, "", True, id="http-elsewhere"),
        pytest.param("ws", HOST, "", True, id="ws-elsewhere"),
        pytest.param("http", "localhost", "", False, id="localhost"),
        pytest.param("http", "LOCALHOST:5000", "", False, id="localhost-in-capitals"),
        pytest.param("ws", "127.0.0.1:5000", "", False, id="loopback"),
        pytest.param("wss", "127.0.0.1:5000", "", True, id="wss-loopback"),
        pytest.param("http", "[::1]:5000", "", False, id="loopback-6"),
        pytest.param("https", "localhost", "", True, id="https-localhost"),
        pytest.param("http", None, "", True, id="no-host"),
        pytest.param("http", "", "", True, id="empty-host"),
        pytest.param("http", "[::1", "", True, id="open-bracket"),
        pytest.param("http", "localhost.evil.example", "", True, id="localhost-as-a-prefix"),
        pytest.param("http", "localhost", "https://www.example.com", True, id="behind-a-proxy"),
        pytest.param("http", HOST, "http://localhost:5000", False, id="public-on-this-machine"),
    ],
)
def test_secure_cookies(scheme: str, host: str | None, public_url: str, *, secure: bool) -> None:
    assert is_secure(request(host=host, scheme=scheme), public_url) is secure
