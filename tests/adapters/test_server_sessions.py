"""Sessions on the server: what the browser holds, what the store holds, who ends what, and access that ends early."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import pytest

from cognito_auth.effects import Flow, Store
from cognito_auth.errors import RefreshTokenInvalid, StoreUnavailable
from cognito_auth.flows import advance
from cognito_auth.sessions import Session
from cognito_auth.sessions.stored import LoadSession, ReplaceContent
from cognito_auth.states import Refresh, SignedIn
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ServerSessions, WebAuth
from cognito_auth.web.options import DAY

from ..scenarios.world import HOUR, MINUTE
from .conftest import Open
from .expectations import accepted, add_to_group, refused, register
from .faces import ApiClient, Browser, Face
from .sites import Site

ID: Final = "__Host-cognito_auth_id"
Come = Callable[..., Browser]
T = TypeVar("T")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def kept(site: Site, store: MemoryStore) -> Site:
    """A site that keeps its sessions, and is told of access that ends early."""
    return site.with_options(sessions=ServerSessions(store=store), early_end=store)


@pytest.fixture
def come(kept: Site, open_site: Open) -> Come:
    """Signs somebody in with a new browser, by default somebody new."""

    def sign_in(site: Site = kept, username: str | None = None) -> Browser:
        browser = Browser(site=site, server=open_site(site), username=username or site.world.name())
        if username is None:
            register(browser)
        accepted(browser.login(), status="signed_in")
        return browser

    return sign_in


def hashed(browser: Browser) -> str:
    return hashlib.sha256(browser.cookies[ID].encode()).hexdigest()


def now(browser: Browser) -> float:
    return browser.world.stand.now()


def carried_out(site: Site, flow: Callable[[WebAuth], Flow[T]]) -> T:
    """What an application does by itself, in a process that shares the store."""
    with site.client() as client:
        return client.run(flow(WebAuth(site.settings, site.options)))


def held_by(browser: Browser, site: Site, store: MemoryStore) -> Session:
    """What the store holds of a browser's session, opened by whoever knows the secret; the session goes on."""
    stored = store.carry_out(LoadSession(hashed(browser), now(browser)))
    assert stored is not None
    elsewhere = site.with_options(sessions=ServerSessions(store=MemoryStore()))
    session = carried_out(elsewhere, lambda web: web.keeper.remove(stored))
    assert session is not None
    return session


def test_the_browser_holds_an_id_and_the_store_nothing_that_is_of_use(come: Come, store: MemoryStore) -> None:
    browser = come()
    assert set(browser.cookies) == {ID}
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", browser.cookies[ID])
    held = store.carry_out(LoadSession(hashed(browser), now(browser)))
    assert held is not None
    assert browser.cookies[ID] not in repr(held) + held.content.decode()
    assert browser.username.encode() not in held.content
    assert not re.search(rb"eyJ[\w-]+\.", held.content), "a token in the clear"
    accepted(browser.visit("/private"), username=browser.username)


def test_each_sign_in_has_an_id_of_its_own(come: Come) -> None:
    browser = come()
    before = browser.copy()
    accepted(browser.login(), status="signed_in")
    assert browser.cookies[ID] != before.cookies[ID]
    refused(before.visit("/private"), 401, "not_signed_in")


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "A" * 44, "*" * 43, "A" * 42 + "\u00e9"])
def test_an_id_that_nobody_was_given(come: Come, value: str) -> None:
    browser = come()
    browser.cookies[ID] = value
    refused(browser.visit("/private"), 401, "not_signed_in")
    accepted(browser.login(), status="signed_in")
    assert browser.cookies[ID] != value, "no id is taken over from a browser"


def test_it_ends_unused_and_it_ends_anyway(kept: Site, come: Come, store: MemoryStore) -> None:
    brief = kept.with_options(sessions=ServerSessions(store=store, idle_lifetime=HOUR), session_lifetime=3 * HOUR)
    browser = come(brief)
    browser.world.move(50 * MINUTE)
    accepted(browser.visit("/private"))
    browser.world.move(50 * MINUTE)
    accepted(browser.visit("/private"))
    idle = browser.copy()
    browser.world.move(HOUR)
    refused(idle.visit("/private"), 401, "not_signed_in")
    busy = come(brief)
    for _ in range(3):
        busy.world.move(55 * MINUTE)
        accepted(busy.visit("/private"))
    busy.world.move(16 * MINUTE)
    refused(busy.visit("/private"), 401, "not_signed_in")


def test_what_was_copied_is_worth_nothing_after_signing_out(come: Come, store: MemoryStore) -> None:
    browser = come()
    thief = browser.copy()
    accepted(browser.logout(), revoked=True, cookie_cleared=True, access_ended=True)
    assert browser.cookies == {}
    refused(thief.visit("/private"), 401, "not_signed_in")
    refused(thief.refresh(), 401, "not_signed_in")
    assert store.carry_out(LoadSession(hashed(thief), now(thief))) is None


def test_one_session_is_no_other(come: Come, store: MemoryStore) -> None:
    """Somebody who can write the store cannot make one user another."""
    ana, ben = come(), come()
    others = store.carry_out(LoadSession(hashed(ben), now(ben)))
    own = store.carry_out(LoadSession(hashed(ana), now(ana)))
    assert own is not None
    assert others is not None
    assert store.carry_out(ReplaceContent(own.id, own.version, others.content, now(ana)))
    refused(ana.visit("/private"), 401, "not_signed_in")
    assert store.carry_out(ReplaceContent(own.id, own.version + 1, b"\xff\xfe", now(ana)))
    refused(ana.visit("/private"), 401, "not_signed_in")


def test_sessions_are_seen_and_ended(come: Come) -> None:
    here = come()
    there, elsewhere = come(username=here.username), come(username=here.username)
    shown = accepted(here.auth("site_sessions")).json["sessions"]
    assert [each["session_id"] for each in shown] == [hashed(each) for each in (here, there, elsewhere)]
    assert [each["current"] for each in shown] == [True, False, False]
    assert shown[0]["created_at"] <= shown[0]["seen_at"] < shown[0]["ends_at"]

    refused(here.auth("site_sessions_end"), 400, "bad_request")
    refused(here.auth("site_sessions_end", session_id="x", others=True), 400, "bad_request")
    refused(here.auth("site_sessions_end", session_id="x"), 404, "session_not_found")
    stranger = come()
    refused(stranger.auth("site_sessions_end", session_id=hashed(there)), 404, "session_not_found")
    accepted(here.auth("site_sessions_end", session_id=hashed(there)), status="ended", sessions=[hashed(there)])
    refused(there.visit("/private"), 401, "not_signed_in")
    accepted(here.auth("site_sessions_end", others=True), sessions=[hashed(elsewhere)])
    refused(elsewhere.visit("/private"), 401, "not_signed_in")
    accepted(here.auth("site_sessions_end", others=True), sessions=[])
    accepted(here.visit("/private"))
    accepted(stranger.visit("/private"))


@pytest.mark.parametrize("chosen", ["session_id", "others"])
def test_who_copied_the_tokens_of_a_session_is_out_when_it_is_ended(
    come: Come, kept: Site, store: MemoryStore, open_site: Open, chosen: str
) -> None:
    here = come()
    there = come(username=here.username)
    tokens = held_by(there, kept, store).tokens
    thief = ApiClient(site=kept, server=open_site(kept), username=here.username)
    thief.access_token = tokens.access_token
    accepted(thief.visit("/private"))
    accepted(here.auth("site_sessions_end", **{chosen: hashed(there) if chosen == "session_id" else True}))
    refused(thief.visit("/private"), 401, "invalid_token")
    with kept.client() as client, pytest.raises(RefreshTokenInvalid):
        client.run(advance(SignedIn(username=there.username, tokens=tokens), Refresh()))
    accepted(here.visit("/private"))


def test_signing_out_everywhere_ends_every_session(come: Come) -> None:
    here = come()
    there, stranger = come(username=here.username), come()
    accepted(here.logout(everywhere=True), everywhere=True, access_ended=True)
    refused(there.visit("/private"), 401, "not_signed_in")
    accepted(stranger.visit("/private"))


def test_leaving_ends_every_session(come: Come) -> None:
    here = come()
    there = come(username=here.username)
    accepted(here.auth("account_delete"), status="deleted", cookie_cleared=True)
    refused(there.visit("/private"), 401, "not_signed_in")


@pytest.fixture
def bearer(kept: Site, open_site: Open) -> ApiClient:
    client = ApiClient(site=kept, server=open_site(kept), username=kept.world.name())
    register(client)
    accepted(client.login(), status="signed_in")
    return client


def test_a_bearers_access_ends_with_its_sign_in(bearer: ApiClient) -> None:
    other = bearer.elsewhere()
    accepted(other.login())
    thief = bearer.copy()
    accepted(thief.visit("/private"))
    accepted(bearer.logout(), revoked=True, access_ended=True)
    answer = refused(thief.visit("/private"), 401, "invalid_token")
    assert 'error="invalid_token"' in (answer.header("www-authenticate") or "")
    accepted(other.visit("/private"))
    accepted(other.logout(everywhere=True), everywhere=True, access_ended=True)


def test_what_a_bearer_made_up_ends_nobodys_access(bearer: ApiClient) -> None:
    """The access token beside an envelope is verified before anything is noted of it."""
    victim = bearer.copy()
    head, payload, _ = (bearer.access_token or "").split(".")
    bearer.access_token = f"{head}.{payload}.{'A' * 342}"
    accepted(bearer.auth("logout", refresh_token=bearer.envelope), access_ended=False)
    accepted(victim.visit("/private"))


def test_signing_out_everywhere_ends_the_access_of_every_bearer(bearer: ApiClient) -> None:
    other = bearer.elsewhere()
    accepted(other.login())
    accepted(other.visit("/private"))
    accepted(bearer.logout(everywhere=True), everywhere=True, access_ended=True)
    refused(other.visit("/private"), 401, "invalid_token")
    other.world.move(2)
    accepted(other.login(), status="signed_in")
    accepted(other.visit("/private"))


def test_without_a_place_to_note_it_access_goes_on_until_the_token_expires(site: Site, open_site: Open) -> None:
    client = ApiClient(site=site, server=open_site(site), username=site.world.name())
    register(client)
    accepted(client.login())
    thief = client.copy()
    accepted(client.logout(), revoked=True, access_ended=False)
    accepted(thief.visit("/private"))


def test_a_session_in_the_browser_alone_ends_with_its_access(site: Site, open_site: Open) -> None:
    noted = site.with_options(early_end=MemoryStore())
    browser = Browser.registered(noted, open_site(noted))
    accepted(browser.login(), status="signed_in")
    thief = browser.copy()
    accepted(browser.logout(), revoked=True, access_ended=True)
    assert thief.cookies
    refused(thief.visit("/private"), 401, "invalid_token")
    assert thief.cookies == {}


def test_whose_access_has_ended_ends_nobody_elses(site: Site, open_site: Open) -> None:
    noted = site.with_options(early_end=MemoryStore())
    browser = Browser.registered(noted, open_site(noted))
    accepted(browser.login(), status="signed_in")
    thief = browser.copy()
    accepted(browser.logout(), access_ended=True)
    accepted(browser.login(), status="signed_in")
    accepted(thief.logout(everywhere=True), everywhere=False, access_ended=False)
    accepted(browser.visit("/private"))


def join(visitor: Face, group: str, kept: Site) -> None:
    """Join a group, which the application gets to know of."""
    add_to_group(visitor, group)
    refused(visitor.visit("/admin"), 403, "forbidden")
    sub = accepted(visitor.auth("me")).json["sub"]
    visitor.world.move(2)
    assert carried_out(kept, lambda web: web.refresh_access(sub))
    visitor.world.move(2)


def test_a_change_of_groups_counts_at_the_next_request(come: Come, bearer: ApiClient, kept: Site) -> None:
    browser = come()
    for visitor in (browser, bearer):
        refused(visitor.visit("/admin"), 403, "forbidden")
        join(visitor, "admin", kept)
    accepted(browser.visit("/admin"), username=browser.username)
    refused(bearer.visit("/admin"), 401, "token_expired")
    accepted(bearer.refresh())
    accepted(bearer.visit("/admin"))


def test_who_signs_out_everywhere_with_a_token_that_is_to_be_replaced(bearer: ApiClient, come: Come, kept: Site) -> None:
    browser = come(username=bearer.username)
    sub = accepted(bearer.auth("me")).json["sub"]
    assert carried_out(kept, lambda web: web.refresh_access(sub))
    accepted(bearer.logout(everywhere=True), everywhere=True, access_ended=True)
    refused(browser.visit("/private"), 401, "not_signed_in")


def test_an_administrator_ends_somebodys_access(come: Come, bearer: ApiClient, kept: Site) -> None:
    browser = come(username=bearer.username)
    stranger = come()
    sub = accepted(browser.auth("me")).json["sub"]
    assert carried_out(kept, lambda web: web.end_access(sub)) == 1
    refused(browser.visit("/private"), 401, "not_signed_in")
    refused(bearer.visit("/private"), 401, "invalid_token")
    accepted(stranger.visit("/private"))


class Broken:
    """A store that is away."""

    def carry_out(self, operation: Any) -> Any:
        raise StoreUnavailable(f"no {type(operation).__name__}")

    async def carry_out_async(self, operation: Any) -> Any:
        return self.carry_out(operation)


def test_without_its_store_a_site_lets_nobody_in_by_a_session(site: Site, open_site: Open) -> None:
    store: Store = Broken()
    without = site.with_options(sessions=ServerSessions(store=store))
    browser = Browser(site=without, server=open_site(without), username=site.world.name())
    register(browser)
    answer = refused(browser.login(), 503, "service_unavailable")
    assert answer.header("retry-after")
    assert not answer.every("set-cookie")
    refused(browser.visit("/private"), 401, "not_signed_in")
    browser.cookies[ID] = "A" * 43
    assert refused(browser.visit("/private"), 503, "service_unavailable").header("retry-after")
    client = ApiClient(site=without, server=browser.server, username=browser.username)
    accepted(client.login(), status="signed_in")
    accepted(client.visit("/private"))


def test_where_access_may_have_ended_early_and_that_cannot_be_known_nobody_is_let_in(site: Site, open_site: Open) -> None:
    client = ApiClient(site=site, server=open_site(site), username=site.world.name())
    register(client)
    accepted(client.login())
    without = site.with_options(early_end=Broken())
    there = ApiClient(site=without, server=open_site(without), username=client.username, access_token=client.access_token)
    refused(there.visit("/private"), 503, "service_unavailable")


@pytest.mark.parametrize("everywhere", [False, True])
def test_signing_out_goes_on_where_it_cannot_be_noted(site: Site, open_site: Open, *, everywhere: bool) -> None:
    store: Store = Broken()
    without = site.with_options(early_end=store)
    browser = Browser.registered(without, open_site(without))
    accepted(browser.login(), status="signed_in")
    thief = browser.copy()
    accepted(
        browser.logout(everywhere=everywhere), revoked=True, everywhere=everywhere, cookie_cleared=True, access_ended=False
    )
    assert browser.cookies == {}
    refused(thief.refresh(), 401, "refresh_token_invalid")


def test_the_session_is_kept_for_as_long_as_it_lasts(come: Come) -> None:
    line = next(line for line in come().transcript[0]["headers"]["set-cookie"] if line.startswith(ID))
    assert f"Max-Age={int(30 * DAY)}" in line
