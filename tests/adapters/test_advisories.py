"""Past advisories of the frameworks and their peers: each attack once more, on every framework.

A test is named after its advisory. Those of token libraries are in `tests/unit/test_advisories.py`.
"""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from cognito_auth_starlette.translate import to_request

from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .servers import HOST, Sent, Server
from .sites import ADDRESS
from .test_renewal import let_the_access_token_expire


@pytest.mark.parametrize(
    "host", [f"{HOST}{ADDRESS}?", f"{HOST}/auth/login#", "a/?x=", f"{HOST}{ADDRESS}/..", f"{HOST}@x", "[", ""], ids=repr
)
def test_cve_2026_48710_of_starlette(server: Server, api_client: ApiClient, host: str) -> None:
    """A ``Host`` that makes an address look like another's opens nothing: guards stand on the endpoint, not on a path."""
    api_client.login()
    bearer = ("Authorization", f"Bearer {api_client.access_token}")
    refused(server.answer(Sent(method="GET", path="/private", headers=[("Host", host)])), 401, "not_signed_in")
    refused(server.answer(Sent(method="GET", path="/admin", headers=[("Host", host), bearer])), 403, "forbidden")
    accepted(server.answer(Sent(method="GET", path="/private", headers=[("Host", host), bearer])), username=api_client.username)


@pytest.mark.parametrize("path", ["@stranger.example", ":80@stranger.example/", "//stranger.example/"])
def test_cve_2026_54282_of_starlette(path: str) -> None:
    """The host that an origin is compared with is the header's, whatever the path is."""
    scope = {"type": "http", "method": "POST", "scheme": "https", "path": path, "headers": [(b"host", HOST.encode())]}
    assert to_request(HTTPConnection(scope)).host == HOST


@pytest.mark.parametrize("path", ["/private", "/admin"])
def test_cve_2026_27205_of_flask(browser: Browser, path: str) -> None:
    """Whatever was answered once a guard was asked, no cache gives it to another browser; what nobody guards is left alone."""
    for _ in range(2):
        assert "Cookie" in (browser.visit(path).header("vary") or "").split(", ")
        assert browser.visit(ADDRESS).header("vary") is None
        browser.login()


def test_cve_2023_30861_of_flask(browser: Browser) -> None:
    """No cache keeps an answer that sets a session, be it a new one or one that was renewed on the way."""
    assert browser.login().header("cache-control") == "no-store"
    let_the_access_token_expire(browser)
    answer = browser.visit("/private")
    assert answer.every("set-cookie")
    assert (answer.header("cache-control"), answer.header("vary")) == ("no-store", "Authorization, Cookie")
