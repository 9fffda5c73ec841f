"""API clients on pages of other origins: what they may send, what they are handed, and what their pages may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from cognito_auth.errors import CrossSiteRequest, RequestRejected
from cognito_auth.secret import Secret
from cognito_auth.sessions import SetCookie
from cognito_auth.web import ROUTES, Reply, Request, WebOptions
from cognito_auth.web.cors import for_client, preflight, require_allowed, shared
from cognito_auth.web.route import Route

HOST: Final = "www.example.com"
SPA: Final = "https://spa.example.com"
OPTIONS: Final = WebOptions(
    secrets=(Secret("0123456789" * 4),),
    cors_origins=frozenset({SPA, "https://other.example.com"}),
    trusted_origins=frozenset({"https://app.example.com"}),
)
NOBODIES: Final = ("https://evil.example", "https://spa.example.com.evil.example", "http://spa.example.com", f"{SPA}/", "null")
ROUTE: Final[Mapping[str, Route]] = {route.name: route for route in ROUTES}
COOKIE: Final = SetCookie(name="session", value="sealed", max_age=60, secure=True)


def sent(origin: str | None, method: str = "POST", **headers: str) -> Request:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    origins = [] if origin is None else [("Origin", origin)]
    return Request(method=method, scheme="https", headers=(*origins, ("Host", HOST), *pairs))


def doubled(method: str = "OPTIONS") -> Request:
    return Request(method=method, scheme="https", headers=(("Origin", SPA), ("Origin", SPA), ("Host", HOST)))


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        pytest.param(sent(SPA), None, id="a client"),
        pytest.param(sent(SPA, Sec_Fetch_Site="cross-site"), None, id="a client in a new browser"),
        pytest.param(sent(SPA, "GET"), None, id="a client that reads"),
        pytest.param(sent(SPA, Cookie="a=b"), "a request of another origin carries cookies", id="cookies"),
        pytest.param(sent(SPA, "GET", Cookie="a=b"), "a request of another origin carries cookies", id="cookies, to read"),
        pytest.param(sent(SPA, Cookie="a=b", Sec_Fetch_Site="same-origin"), None, id="cookies of this very site"),
        pytest.param(sent(None), None, id="no browser"),
        pytest.param(sent(f"https://{HOST}", Cookie="a=b"), None, id="own"),
        pytest.param(sent("https://app.example.com", Cookie="a=b"), None, id="trusted"),
        pytest.param(sent("https://evil.example", "GET"), None, id="another origin that changes nothing"),
        pytest.param(sent("https://evil.example"), "the request comes from another site", id="another origin"),
    ],
)
def test_who_may_send_what(request_: Request, sentence: str | None) -> None:
    if sentence is None:
        require_allowed(request_, OPTIONS)
        return
    with pytest.raises(CrossSiteRequest) as caught:
        require_allowed(request_, OPTIONS)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("route", "body", "meant"),
    [
        pytest.param("login", {}, {"delivery": "tokens"}, id="says nothing"),
        pytest.param("login", {"delivery": "tokens"}, {"delivery": "tokens"}, id="asks for tokens"),
        pytest.param("login", {"username": "ana"}, {"username": "ana", "delivery": "tokens"}, id="the rest is kept"),
        pytest.param("refresh", {"refresh_token": "r"}, {"refresh_token": "r"}, id="where there is no choice"),
        pytest.param("me", {}, {}, id="where nothing is handed over"),
    ],
)
def test_a_client_is_handed_tokens(route: str, body: dict[str, Any], meant: dict[str, Any]) -> None:
    assert for_client(sent(SPA), OPTIONS, ROUTE[route], body) == meant


def test_a_client_that_wants_a_cookie_is_refused() -> None:
    with pytest.raises(RequestRejected) as caught:
        for_client(sent(SPA), OPTIONS, ROUTE["login"], {"delivery": "cookie"})
    assert caught.value.message == "delivery must be tokens for another origin"


@pytest.mark.parametrize("body", [{}, {"delivery": "cookie"}, {"delivery": "tokens"}], ids=str)
@pytest.mark.parametrize("request_", [sent(None), sent(f"https://{HOST}"), sent("https://app.example.com")], ids=str)
def test_everybody_else_gets_what_they_ask_for(request_: Request, body: dict[str, Any]) -> None:
    assert for_client(request_, OPTIONS, ROUTE["login"], body) == body


@pytest.mark.parametrize("origin", [SPA, "https://other.example.com"])
def test_a_page_reads_its_reply_and_gets_no_cookie(origin: str) -> None:
    reply = Reply(status=429, document={"error": "too_many"}, headers={"Retry-After": "3"}, cookies=(COOKIE,))
    assert shared(reply, sent(origin), OPTIONS) == Reply(
        status=429,
        document={"error": "too_many"},
        headers={
            "Retry-After": "3",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After, WWW-Authenticate",
        },
    )


@pytest.mark.parametrize(
    "request_",
    [*map(sent, NOBODIES), sent(None), sent(f"https://{HOST}"), sent("https://app.example.com"), doubled("POST")],
    ids=lambda request_: str(request_.every_header("origin")),
)
def test_nobody_elses_reply_is_shared(request_: Request) -> None:
    reply = Reply(headers={"Retry-After": "3"}, cookies=(COOKIE,))
    assert shared(reply, request_, OPTIONS) == reply


def test_a_preflight_tells_a_listed_origin_what_it_may_send() -> None:
    assert preflight(("GET", "PATCH"), sent(SPA, "OPTIONS"), OPTIONS) == Reply(
        status=204,
        headers={
            "Allow": "GET, PATCH, OPTIONS",
            "Vary": "Origin",
            "Access-Control-Allow-Origin": SPA,
            "Access-Control-Allow-Methods": "GET, PATCH",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": "600",
        },
    )


@pytest.mark.parametrize(
    "request_",
    [*(sent(origin, "OPTIONS") for origin in NOBODIES), sent(None, "OPTIONS"), doubled()],
    ids=lambda request_: str(request_.every_header("origin")),
)
def test_a_preflight_tells_others_nothing(request_: Request) -> None:
    assert preflight(("POST",), request_, OPTIONS) == Reply(status=204, headers={"Allow": "POST, OPTIONS", "Vary": "Origin"})
