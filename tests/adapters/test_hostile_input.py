"""Requests that no well-meaning client sends: each gets a clear refusal, the same on every framework, and never a 5xx."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_auth.web import ROUTES
from cognito_auth.web.body import MAX_BODY

from ..scenarios.world import PASSWORD
from .conftest import Open
from .expectations import refused
from .faces import ApiClient, Browser
from .servers import BASE, Answer, Pairs, Sent, Server
from .sites import Site

JSON: Final = ("Content-Type", "application/json")
LOGIN: Final = {"username": "ana", "password": "x"}


def post(server: Server, body: bytes, *, path: str = "login", headers: Pairs = (JSON,), chunked: bool = False) -> Answer:
    return server.answer(Sent(method="POST", path=f"/auth/{path}", headers=headers, body=body, chunked=chunked))


BODIES: Final[Mapping[str, bytes]] = {
    "nothing": b"",
    "an open brace": b"{",
    "a list": b"[]",
    "a string": b'"username"',
    "null": b"null",
    "two objects": b"{}{}",
    "not UTF-8": b'{"username": "\xff", "password": "x"}',
    "UTF-16": '{"username": "", "password": "x"}'.encode("utf-16"),
    "nested deeply": b"[" * 20_000,
    "objects nested deeply": b'{"username":' * 2_000,
    "a number of many digits": b'{"username": ' + b"9" * 5_000 + b"}",
    "infinity": b'{"username": Infinity}',
    "a number for a name": json.dumps({**LOGIN, "username": 7}).encode(),
    "a list for a name": json.dumps({**LOGIN, "username": ["ana"]}).encode(),
    "an object for a name": json.dumps({**LOGIN, "username": {"$ne": ""}}).encode(),
    "null for a name": json.dumps({**LOGIN, "username": None}).encode(),
    "true for a password": json.dumps({**LOGIN, "password": True}).encode(),
    "an empty name": json.dumps({**LOGIN, "username": ""}).encode(),
    "a long name": json.dumps({**LOGIN, "username": "a" * 129}).encode(),
    "a NUL": json.dumps({**LOGIN, "username": "ana\0"}).encode(),
    "half a character": b'{"username": "\\ud800", "password": "x"}',
    "a member that nobody asked for": json.dumps({**LOGIN, "admin": True}).encode(),
    "a delivery that is none": json.dumps({**LOGIN, "delivery": "carrier pigeon"}).encode(),
    "the longest body": b" " * MAX_BODY,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_bodies(server: Server, body: bytes, *, chunked: bool) -> None:
    refused(post(server, body, chunked=chunked), 400, "bad_request")


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("length", [MAX_BODY + 1, 200_000])
def test_bodies_that_are_too_long(server: Server, length: int, *, chunked: bool) -> None:
    refused(post(server, b" " * length, chunked=chunked), 413, "body_too_large")


@pytest.mark.parametrize("path", ["challenge", "refresh", "password/change", "mfa/preference", "signup"])
def test_a_body_is_judged_before_anything_else(server: Server, path: str) -> None:
    method = "PUT" if path == "mfa/preference" else "POST"
    sent = Sent(method=method, path=f"/auth/{path}", headers=[JSON], body=b"{")
    refused(server.answer(sent), 400, "bad_request")


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", "", None],
)
def test_media_types(server: Server, media_type: str | None) -> None:
    headers = [] if media_type is None else [("Content-Type", media_type)]
    refused(post(server, json.dumps(LOGIN).encode(), headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_media_types_that_are_json(server: Server, site: Site, media_type: str) -> None:
    body = json.dumps({**LOGIN, "username": site.world.name("nobody")}).encode()
    refused(post(server, body, headers=[("Content-Type", media_type)]), 401, "incorrect_credentials")


@pytest.mark.parametrize(
    "answer",
    [None, 7, "code", [], {}, {"code": 7}, {"code": "123456", "more": "x"}, {"new_password": "x"}, {"code": "x" * 65}],
    ids=str,
)
def test_answers_to_a_challenge(browser: Browser, answer: Any) -> None:
    browser.login()
    secret = browser.auth("mfa_totp_setup").json["secret_code"]
    browser.auth("mfa_totp_verify", code=browser.totp(secret))
    asked = browser.login()
    refused(browser.auth("challenge", state=asked.json["state"], answer=answer), 400, "bad_request")
    assert browser.answer(asked, code=browser.totp(secret)).status == 200


def test_a_state_opens_as_a_state_only(api_client: ApiClient) -> None:
    api_client.login()
    envelope = api_client.envelope or ""
    for state in (envelope, envelope[:-4], f"{envelope}AAAA", "A" * 16_384, "\xe9"):
        refused(api_client.auth("challenge", state=state, answer={}), 400, "invalid_state")
    refused(api_client.auth("challenge", state="A" * 16_385, answer={}), 400, "bad_request")


def cookies(names: int, size: int) -> str:
    return "; ".join(f"c{number}={'x' * size}" for number in range(names))


LARGE: Final[Mapping[str, tuple[tuple[str, str], int, str]]] = {
    "a long header": (("X-Anything", "x" * 70_000), 431, "headers_too_large"),
    "a long name": (("X" * 70_000, "x"), 431, "headers_too_large"),
    "many cookies": (("Cookie", cookies(30_000, 0)), 431, "headers_too_large"),
    "large cookies": (("Cookie", cookies(20, 4_000)), 431, "headers_too_large"),
    "a very long token": (("Authorization", f"Bearer {'x' * 70_000}"), 431, "headers_too_large"),
    "a long token": (("Authorization", f"Bearer {'x' * 17_000}"), 401, "invalid_token"),
    "a long session": (("Cookie", f"__Host-cognito_auth.0=1.{'A' * 60_000}"), 401, "not_signed_in"),
    "more pieces than there are": (("Cookie", f"__Host-cognito_auth.0={'9' * 5_000}.A"), 401, "not_signed_in"),
    "cookies that are none": (("Cookie", ";=" * 30_000), 401, "not_signed_in"),
    "a long device": (("Cookie", f"__Host-cognito_auth_device.0=1.{'A' * 60_000}"), 401, "not_signed_in"),
    "a long row of proxies": (("X-Forwarded-For", "1.1.1.1," * 8_000), 401, "not_signed_in"),
}


@pytest.mark.parametrize(("header", "status", "code"), LARGE.values(), ids=LARGE)
def test_headers(server: Server, header: tuple[str, str], status: int, code: str) -> None:
    """At an endpoint, and at a guard of the application."""
    for path in ("/auth/me", "/private"):
        refused(server.answer(Sent(method="GET", path=path, headers=[header])), status, code)


def test_many_headers(server: Server) -> None:
    headers = [(f"X-{number}", "") for number in range(20_000)]
    refused(server.answer(Sent(method="GET", path="/auth/me", headers=headers)), 431, "headers_too_large")
    refused(post(server, json.dumps(LOGIN).encode(), headers=[JSON, *headers]), 431, "headers_too_large")


@pytest.mark.parametrize("member", ["state", "username", "code", "password", "device", "refresh_token", "new_password"])
def test_members_that_are_too_long(server: Server, member: str) -> None:
    for route in ROUTES:
        if not route.guarded and member in {each.name for each in route.members}:
            body = json.dumps({each.name: "x" for each in route.members if each.required} | {member: "x" * 17_000})
            refused(post(server, body.encode(), path=route.path), 400, "bad_request")


def test_attributes_that_are_too_many(server: Server) -> None:
    sign_up = {**LOGIN, "attributes": {f"custom:{number}": "x" for number in range(51)}}
    refused(post(server, json.dumps(sign_up).encode(), path="signup"), 400, "bad_request")


OFFERED: Final = {route.path: {each.method for each in ROUTES if each.path == route.path} for route in ROUTES}
OTHERS: Final = [
    (path, method)
    for path, offered in OFFERED.items()
    for method in ("HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "BREW")
    if method not in offered
]


@pytest.mark.parametrize(("path", "method"), OTHERS)
def test_other_methods(server: Server, path: str, method: str) -> None:
    answer = server.answer(Sent(method=method, path=f"/auth/{path}"))
    # Frameworks let HEAD go wherever GET does, or not; the guard stands there all the same.
    read = [route for route in ROUTES if (route.path, route.method) == (path, "GET") and method == "HEAD"]
    assert answer.status in {405, *(401 if route.guarded else 200 for route in read)}
    assert not answer.every("set-cookie")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_slash_at_the_end(server: Server, route: Any) -> None:
    answer = server.answer(Sent(method=route.method, path=f"/auth/{route.path}/"))
    # Starlette's routers point to the path without it; nothing is done under the other name in any case.
    assert answer.status in (307, 404)
    assert answer.header("location") in (None, f"{BASE}/auth/{route.path}")


@pytest.fixture(params=[False, True], ids=["discreet client", "talkative client"])
def somebody(request: pytest.FixtureRequest, site: Site, open_site: Open) -> Browser:
    """Somebody with an account; whether the app client itself hides who has one must make no difference."""
    site = replace(site, settings=site.world.settings(confidential=True, talkative=request.param))
    return Browser.registered(site, open_site(site))


def test_an_unknown_user_and_a_wrong_password_look_the_same(somebody: Browser) -> None:
    nobody = replace(somebody, username=somebody.site.world.name("nobody"))
    known = somebody.login("Wr0ng-password")
    assert known == nobody.login("Wr0ng-password")
    refused(known, 401, "incorrect_credentials")


def test_a_wrong_code_and_an_unknown_user_look_the_same(somebody: Browser) -> None:
    unconfirmed, nobody = somebody.site.world.name(), somebody.site.world.name("nobody")
    somebody.auth("signup", username=unconfirmed, password=PASSWORD, attributes={"email": "ana@example.com"})
    confirmations = [somebody.auth("signup_confirm", username=name, code="000000") for name in (unconfirmed, nobody)]
    somebody.auth("password_forgot", username=somebody.username)
    reset = {"code": "000000", "new_password": "An0ther-password"}
    resets = [somebody.auth("password_reset", username=name, **reset) for name in (somebody.username, nobody)]
    for known, unknown in (confirmations, resets):
        assert known == unknown
        refused(known, 400, "code_mismatch")


@pytest.mark.parametrize("name", ["password_forgot", "signup_resend"])
def test_who_has_an_account_is_not_told(browser: Browser, name: str) -> None:
    """Not by an answer, and not by the moment from which there are too many requests."""
    unconfirmed, nobody = browser.site.world.name(), browser.site.world.name("nobody")
    browser.auth("signup", username=unconfirmed, password=PASSWORD, attributes={"email": "ana@example.com"})
    answers = [[browser.auth(name, username=user) for _ in range(22)] for user in (browser.username, unconfirmed, nobody)]
    assert answers[0] == answers[1] == answers[2]
    assert {answer.status for answer in answers[0]} == {200}


@pytest.mark.parametrize("name", ["password_forgot", "signup_resend"])
def test_nor_is_it_told_when_the_app_client_tells_it(somebody: Browser, name: str) -> None:
    known = somebody.auth(name, username=somebody.username)
    assert known == somebody.auth(name, username=somebody.site.world.name("nobody"))
    assert known.status == 200


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_texts = st.text(max_size=40) | st.sampled_from(["ana", "123456", "Passw0rd!x", "cookie", "tokens", "on", "off", "preferred"])
_header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60).map(
    str.strip
)
_hosts = st.sampled_from(["app.example.com", "localhost", "[::1]", "[", "a:b:c", "", "evil.example", "127.0.0.1:99999", "\xe9"])
_HEADERS: Final = {
    "Authorization": _header_values | _header_values.map("Bearer {}".format) | st.just("Bearer"),
    "Cookie": _header_values | _header_values.map("__Host-cognito_auth.0=1.{}".format),
    "Origin": _header_values | st.sampled_from([BASE, "null", "https://["]),
    "Sec-Fetch-Site": st.sampled_from(["same-origin", "none", "cross-site", "x"]) | _header_values,
    "Content-Type": st.just("application/json") | _header_values,
    "Host": _hosts,
    "Content-Length": st.sampled_from(["9" * 5_000, "-1", "0x10", "\xb2"]),
    "X-Forwarded-For": _header_values | st.just("9" * 5_000),
    "Forwarded": _header_values | _header_values.map("for={}".format),
    "X-Large": st.integers(0, 90_000).map("x".__mul__),
    "X-Forwarded-Host": _hosts,
    "X-Forwarded-Proto": _header_values,
}


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    """Anything that a server would hand to the application, more often than not with the members of the endpoint."""
    route = draw(st.sampled_from(ROUTES))
    names = draw(st.lists(st.sampled_from(list(_HEADERS)), unique=True, max_size=4))
    headers = [(name, draw(_HEADERS[name])) for name in names]
    if "Content-Type" not in names:
        headers.append(JSON)
    members = {member.name: draw(_texts | _values) for member in route.members if draw(st.booleans())}
    body = draw(
        st.just(json.dumps(members).encode()) | st.binary(max_size=60) | _values.map(lambda value: json.dumps(value).encode())
    )
    return Sent(method=route.method, path=f"/auth/{route.path}", headers=headers, body=body, chunked=draw(st.booleans()))


@given(sent=requests())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_a_client_sends_is_the_servers_fault(server: Server, sent: Sent) -> None:
    assert server.answer(sent).status < 500
