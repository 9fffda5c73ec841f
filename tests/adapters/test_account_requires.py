"""What an application wants of whoever changes their account, besides being signed in (`WebOptions.account_requires`)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.guards import group, recent
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ROUTES, Route, ServerSessions
from cognito_auth.web.body import Flag, Member, Names, Object, Texts

from ..scenarios.world import MINUTE
from .conftest import Open
from .expectations import accepted, refused
from .faces import FACES, Browser, Face
from .sites import Site

SAMPLES: Final[dict[type[Member], Any]] = {Member: "x", Flag: True, Names: ["nickname"], Object: {}, Texts: {"nickname": "Ana"}}
CHANGING: Final = [route for route in ROUTES if route.guarded and route.changes]
READING: Final = [route for route in ROUTES if route.guarded and not route.changes]


@pytest.fixture(params=list(FACES))
def visitor(request: pytest.FixtureRequest, site: Site, open_site: Open) -> Face:
    """Somebody who has just signed in where changes want a sign-in of the last five minutes."""
    careful = site.with_options(account_requires=recent(max_age=300), sessions=ServerSessions(store=MemoryStore()))
    visitor = FACES[request.param].registered(careful, open_site(careful))
    accepted(visitor.login(), status="signed_in")
    return visitor


def ask(visitor: Face, route: Route) -> Any:
    """Call an endpoint with a body that it takes."""
    required = [member for member in route.members if member.required]
    body = {member.name: member.choices[0] if member.choices else SAMPLES[type(member)] for member in required}
    return visitor.auth(route.name, **body)


def test_who_signed_in_long_ago_changes_nothing(visitor: Face) -> None:
    visitor.world.move(6 * MINUTE)
    before = accepted(visitor.auth("account")).json
    assert len(CHANGING) > 15
    for route in CHANGING:
        answer = refused(ask(visitor, route), 401, "insufficient_user_authentication")
        assert answer.json["error"]["max_age"] == 300, route.name
        assert 'max_age="300"' in (answer.header("www-authenticate") or "")
    for route in READING:
        assert visitor.auth(route.name).status != 401, route.name
    assert accepted(visitor.auth("account")).json == before
    refused(visitor.login("Wr0ng-password"), 401, "incorrect_credentials")
    refused(visitor.auth("account_change", attributes={"nickname": "Ana"}), 401, "insufficient_user_authentication")


def test_who_signs_in_again_does(visitor: Face) -> None:
    visitor.world.move(6 * MINUTE)
    accepted(visitor.refresh())
    refused(visitor.auth("account_change", attributes={"nickname": "Ana"}), 401, "insufficient_user_authentication")
    accepted(visitor.login(), status="signed_in")
    accepted(visitor.auth("account_change", attributes={"nickname": "Ana"}), status="changed")
    accepted(visitor.auth("site_sessions_end", others=True), status="ended")
    accepted(visitor.auth("account_delete"), status="deleted")


def test_signing_out_takes_no_more_than_a_session(visitor: Face) -> None:
    visitor.world.move(6 * MINUTE)
    accepted(visitor.refresh())
    accepted(visitor.logout(), revoked=True)


def test_a_session_that_is_renewed_on_the_way_is_kept(site: Site, open_site: Open) -> None:
    careful = site.with_options(account_requires=recent(max_age=300) & group("staff"))
    browser = Browser.registered(careful, open_site(careful))
    accepted(browser.login())
    browser.world.move(70 * MINUTE)
    answer = refused(browser.auth("account_change", attributes={"nickname": "Ana"}), 403, "forbidden")
    assert answer.every("set-cookie")
    assert not browser.visit("/private").every("set-cookie")
