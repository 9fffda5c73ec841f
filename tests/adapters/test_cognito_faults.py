"""Cognito is busy, fails, or its answers are lost on the way: what is asked again, what never is, and what becomes of sessions.

On every framework; between the application and its pool is a real server that does the damage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import pytest

from cognito_auth.api.clients import CreateUserPoolClient, RefreshTokenRotation
from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ServerSessions

from ..scenarios.world import World
from ..support.lossy import Fault, Lossy, answering, closing, cut, hung_up, lossy, reset
from .conftest import Open
from .expectations import accepted, challenged, refused, set_up_app
from .faces import Browser
from .sites import Site
from .test_renewal import let_the_access_token_expire

REFRESH: Final = "GetTokensFromRefreshToken"
RESPOND: Final = "RespondToAuthChallenge"
BUSY: Final[dict[str, Fault]] = {
    "TooManyRequestsException": answering(400, "TooManyRequestsException"),
    "ThrottlingException": answering(400, "ThrottlingException"),
    "429": answering(429),
    "InternalErrorException": answering(500, "InternalErrorException"),
    "502": answering(502, text=b"<html>Bad Gateway</html>"),
    "503": answering(503),
}
LOST: Final[dict[str, Fault]] = {"cut": cut, "reset": reset}
FAILED: Final = ("InternalErrorException", "502", "503")
"""What leaves open whether the pool did it."""


@pytest.fixture
def between(world: World) -> Iterator[Lossy]:
    transport = world.stand.transport
    assert transport is not None
    with lossy(transport, world.stand.endpoint) as running:
        yield running


Visit = Callable[..., Browser]


@pytest.fixture
def visit(site: Site, between: Lossy, open_site: Open) -> Visit:
    """The browser of somebody new at a site that reaches its pool by way of the server between; the sessions of the site are in
    a store if ``stored`` says so, and ``flows`` are what its passwords open."""

    def visitor(near: Site = site, *, stored: bool = False, flows: tuple[PasswordFlow, ...] = ("USER_SRP_AUTH",)) -> Browser:
        username = near.world.name()
        near.world.create_user(near.settings, username)
        far = replace(near, settings=replace(between.settings(near.settings), auth_flows=flows), online=False)
        if stored:
            far = far.with_options(sessions=ServerSessions(store=MemoryStore()))
        return Browser(site=far, server=open_site(far), username=username)

    return visitor


def in_session(browser: Browser) -> Browser:
    accepted(browser.login(), status="signed_in")
    return browser


@pytest.mark.parametrize("stored", [False, True], ids=["cookies", "store"])
@pytest.mark.parametrize("busy", BUSY)
def test_a_refresh_is_tried_again_and_then_put_off(visit: Visit, between: Lossy, busy: str, stored: bool) -> None:
    browser = in_session(visit(stored=stored))
    let_the_access_token_expire(browser)
    between.befall(REFRESH, BUSY[busy], BUSY[busy])
    accepted(browser.visit("/private"), username=browser.username)
    assert between.asked[REFRESH] == 3

    let_the_access_token_expire(browser)
    between.befall(REFRESH, *[BUSY[busy]] * 3)
    kept = dict(browser.cookies)
    answer = refused(browser.visit("/private"), 503, "service_unavailable")
    assert answer.header("retry-after")
    assert browser.cookies == kept, "the session is kept"
    assert between.asked[REFRESH] == 3
    accepted(browser.visit("/private"), username=browser.username)


@pytest.mark.parametrize("busy", BUSY)
def test_a_password_s_proof_is_sent_again_only_where_it_was_not_heard(visit: Visit, between: Lossy, busy: str) -> None:
    browser = visit()
    between.befall(RESPOND, BUSY[busy])
    if busy in FAILED:
        assert refused(browser.login(), 503, "service_unavailable").header("retry-after")
        assert between.asked[RESPOND] == 1
    else:
        accepted(browser.login(), status="signed_in")
        assert between.asked[RESPOND] == 2


@pytest.mark.parametrize("busy", FAILED)
def test_a_plain_password_is_sent_once(visit: Visit, between: Lossy, busy: str) -> None:
    browser = visit(flows=("USER_PASSWORD_AUTH",))
    between.befall("InitiateAuth", BUSY[busy])
    assert refused(browser.login(), 503, "service_unavailable").header("retry-after")
    assert between.asked["InitiateAuth"] == 1
    accepted(browser.login(), status="signed_in")


def test_a_wrong_password_is_sent_once(visit: Visit, between: Lossy) -> None:
    browser = visit()
    refused(browser.login("Wr0ng-password"), 401, "incorrect_credentials")
    assert (between.asked["InitiateAuth"], between.asked[RESPOND]) == (1, 1)


@pytest.mark.parametrize("fault", [*FAILED, "hung up"])
def test_a_code_is_sent_once_and_the_challenge_stays_open(visit: Visit, between: Lossy, fault: str) -> None:
    browser = in_session(visit())
    secret = set_up_app(browser)
    asked = challenged(browser.login(), "SOFTWARE_TOKEN_MFA")
    code = browser.totp(secret)
    between.befall(RESPOND, hung_up if fault == "hung up" else BUSY[fault])
    assert refused(browser.answer(asked, code=code), 503, "service_unavailable").header("retry-after")
    assert between.asked[RESPOND] == 1
    accepted(browser.answer(asked, code=code), status="signed_in")


@pytest.mark.parametrize("loss", LOST)
def test_a_refresh_whose_answer_was_lost_is_sent_again(site: Site, visit: Visit, between: Lossy, loss: str) -> None:
    """The pool has rotated the token; within its grace period the old one works once more."""
    rotating = replace(site, settings=site.world.settings(confidential=True, rotating=True))
    for stored in (False, True):
        browser = in_session(visit(rotating, stored=stored))
        for _ in range(2):
            let_the_access_token_expire(browser)
            between.befall(REFRESH, LOST[loss])
            accepted(browser.visit("/private"), username=browser.username)
            assert between.asked[REFRESH] == 2
            assert len(set(between.connections[REFRESH])) == 2, "on a connection of its own"


@pytest.mark.parametrize("loss", LOST)
def test_where_tokens_have_no_grace_the_user_signs_in_again(site: Site, visit: Visit, between: Lossy, loss: str) -> None:
    merciless = replace(site, settings=without_grace(site))
    for stored in (False, True):
        browser = in_session(visit(merciless, stored=stored))
        let_the_access_token_expire(browser)
        between.befall(REFRESH, LOST[loss])
        refused(browser.visit("/private"), 401, "refresh_token_invalid")
        assert between.asked[REFRESH] == 2
        assert not browser.cookies
        refused(browser.visit("/private"), 401, "not_signed_in")
        assert between.asked[REFRESH] == 2, "no loop"
        accepted(browser.login(), status="signed_in")
        accepted(browser.visit("/private"), username=browser.username)


def without_grace(site: Site) -> Settings:
    rotation = RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=0)
    operation = CreateUserPoolClient(
        client_name="merciless", explicit_auth_flows=("ALLOW_USER_SRP_AUTH",), refresh_token_rotation=rotation
    )
    made = site.world.send(site.settings, operation).user_pool_client
    assert made is not None
    return replace(site.settings, client_id=made.client_id or "", client_secret=None)


@pytest.mark.parametrize("loss", [*LOST, "hung up"])
def test_what_only_reads_is_asked_again_on_a_fresh_connection(visit: Visit, between: Lossy, loss: str) -> None:
    browser = in_session(visit())
    accepted(browser.auth("account"))
    between.befall("GetUser", LOST.get(loss, hung_up))
    accepted(browser.auth("account"))
    assert between.asked["GetUser"] == 2
    assert len(set(between.connections["GetUser"])) == 2


def test_connections_that_the_server_closes_meanwhile_are_not_used_again(visit: Visit, between: Lossy) -> None:
    """Not even by what is sent once only. (While the server is about to close one, nobody can know.)"""
    browser = visit()
    for turn in range(1, 4):
        between.befall(RESPOND, closing)
        accepted(browser.login(), status="signed_in")
        assert between.asked[RESPOND] == 1
        while between.closed < turn:
            time.sleep(0.001)
