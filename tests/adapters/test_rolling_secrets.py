"""Deployments with different sealing secrets at the same time, as while one replaces the other. On every framework."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import pytest

from cognito_auth.secret import Secret
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ServerSessions

from .conftest import Open
from .expectations import accepted, challenged, refused, set_up_app
from .faces import ApiClient, Browser, Face
from .sites import Site

OLD: Final = Secret("the-old-secret-of-these-tests-0123456789")
NEW: Final = Secret("the-new-secret-of-these-tests-0123456789")
LISTS: Final = {"old": (OLD,), "old, new": (OLD, NEW), "new, old": (NEW, OLD), "new": (NEW,)}
"""The steps of a change, in order: any deployment meets the next one only."""


@pytest.fixture(params=["cookies", "store"])
def base(request: pytest.FixtureRequest, site: Site) -> Site:
    return site.with_options(sessions=ServerSessions(store=MemoryStore())) if request.param == "store" else site


def at(visitor: Face, base: Site, open_site: Open, step: str) -> None:
    """From now on, the visitor's requests reach a deployment with this list."""
    visitor.server = open_site(base.with_options(secrets=LISTS[step]))


STEPS: Final = list(pairwise(LISTS))


@pytest.mark.parametrize(("older", "newer"), STEPS, ids=[" to ".join(step) for step in STEPS])
def test_sessions_go_to_and_fro(base: Site, open_site: Open, older: str, newer: str) -> None:
    browser = Browser.registered(base, open_site(base))
    at(browser, base, open_site, older)
    accepted(browser.login(), status="signed_in")
    to_and_fro = (newer, older, newer) if LISTS[newer][0] in LISTS[older] else (newer,)
    for step in to_and_fro:
        at(browser, base, open_site, step)
        accepted(browser.visit("/private"), username=browser.username)


def test_what_the_old_secret_sealed_is_sealed_with_the_new_one(site: Site, open_site: Open) -> None:
    browser = Browser.registered(site, open_site(site))
    at(browser, site, open_site, "old")
    accepted(browser.login(), status="signed_in")
    stale = browser.copy()
    at(browser, site, open_site, "new, old")
    accepted(browser.visit("/private"))
    assert browser.cookies != stale.cookies
    at(browser, site, open_site, "new")
    accepted(browser.visit("/private"), username=browser.username)
    at(stale, site, open_site, "new")
    refused(stale.visit("/private"), 401, "not_signed_in")


@pytest.mark.parametrize(("first", "second"), [("old, new", "new, old"), ("new, old", "old, new")])
def test_a_sign_in_begins_here_and_ends_there(site: Site, open_site: Open, first: str, second: str) -> None:
    client = ApiClient.registered(site, open_site(site))
    accepted(client.login())
    secret = set_up_app(client)
    client = replace(client, access_token=None)
    at(client, site, open_site, first)
    asked = challenged(client.login(), "SOFTWARE_TOKEN_MFA")
    at(client, site, open_site, second)
    accepted(client.answer(asked, code=client.totp(secret)), status="signed_in")
    at(client, site, open_site, first)
    accepted(client.refresh(), status="signed_in")
