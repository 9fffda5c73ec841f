"""The JavaScript module for passkeys, as the site on each framework hands it to pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

import cognito_auth

from ..scenarios.world import HOUR
from .conftest import Open
from .faces import Browser
from .servers import Answer, Pairs, Sent, Server
from .sites import Site

FILE: Final = Path(cognito_auth.__file__).parent / "web" / "static" / "passkeys.js"


def script(server: Server, *headers: tuple[str, str], path: str = "/auth/passkeys.js", method: str = "GET") -> Answer:
    return server.answer(Sent(method=method, path=path, headers=headers))


def test_it_is_the_file_and_caches_ask_for_it_again(server: Server) -> None:
    answer = script(server)
    assert (answer.status, answer.body) == (200, FILE.read_bytes())
    expected = {"content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache"}
    expected["x-content-type-options"] = "nosniff"
    for name, value in expected.items():
        assert answer.every(name) == [value]
    assert answer == script(server)


@pytest.mark.parametrize("sent", ["{}", "W/{}", '"other", {}', '"other",W/{}', "*"])
def test_whoever_has_it_is_told_so(server: Server, sent: str) -> None:
    tag = script(server).header("etag") or ""
    answer = script(server, ("If-None-Match", sent.format(tag)))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.every("etag") == [tag]
    assert answer.every("cache-control") == ["no-cache"]
    assert answer.header("content-type") is None


@pytest.mark.parametrize("sent", ['"other"', "", "nonsense", '""', "\xe9"])
def test_whoever_has_something_else_gets_it(server: Server, sent: str) -> None:
    assert script(server, ("If-None-Match", sent)).body == FILE.read_bytes()


@pytest.mark.parametrize(
    "headers", [[], [("Authorization", "Bearer nonsense")], [("Sec-Fetch-Site", "cross-site")]], ids=["nobody", "token", "site"]
)
def test_it_is_for_everybody(server: Server, headers: Pairs) -> None:
    assert script(server, *headers).status == 200


def test_it_leaves_sessions_alone(browser: Browser) -> None:
    """A session that is due is not renewed for it, or a cache might keep the cookies."""
    browser.login()
    browser.site.world.move(1.1 * HOUR)
    assert not script(browser.server, *browser.credentials("GET")).every("set-cookie")
    assert browser.visit("/private").every("set-cookie")


def test_it_is_below_the_prefix(site: Site, open_site: Open) -> None:
    elsewhere = open_site(replace(site, options=replace(site.options, prefix="/people/auth")))
    assert script(elsewhere, path="/people/auth/passkeys.js").body == FILE.read_bytes()
    assert script(elsewhere).status == 404
