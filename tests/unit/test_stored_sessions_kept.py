"""A session on the server from its beginning to its end: what the browser is given, and what the store holds."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.effects import AskStore
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Session, SetCookie
from cognito_auth.sessions.packing import pack
from cognito_auth.sessions.stored import CreateSession, LoadSession, StoredSession
from cognito_auth.states import Tokens
from cognito_auth.stores import MemoryStore
from cognito_auth.web import Request, ServerSessions, WebOptions
from cognito_auth.web.keeper import Held
from cognito_auth.web.stored_sessions import StoredSessions, hashed
from cognito_auth.web.vault import Vault
from tests.support.scripted import NOW, SETTINGS, Scripted

OPTIONS: Final = WebOptions(
    secrets=(Secret("a-secret-that-only-these-tests-seal-with"),),
    session_lifetime=600.9,
    cookie=CookiePolicy(name="shop", same_site="Strict"),
)
CLAIMS: Final = urlsafe_b64encode(json.dumps({"sub": "3f1c2a5e", "username": "ana"}).encode()).rstrip(b"=").decode()
SESSION: Final = Session(username="ana", tokens=Tokens(access_token=f"e30.{CLAIMS}.c2ln", refresh_token="once"))
OPAQUE: Final = Session(username="ana", tokens=Tokens(access_token="opaque"))
ID: Final = "Bw" + "cHBw" * 10 + "c"
"""What 32 bytes of 7 are in base64url."""


class Place:
    """A keeper with a store."""

    def __init__(self) -> None:
        self.store: Final = MemoryStore()
        sessions = ServerSessions(store=self.store, idle_lifetime=120.0)
        self.vault: Final = Vault(OPTIONS.secrets, SETTINGS)
        self.keeper: Final = StoredSessions(OPTIONS, sessions, self.vault)

    def begun(self, request: Request, session: Session = SESSION, random: bytes = b"\x07") -> SetCookie:
        (cookie,) = Scripted(random=random).run(self.keeper.begin(request, session))
        return cookie

    def found(self, request: Request, now: float = NOW) -> Held | None:
        return Scripted(now=now).run(self.keeper.find(request))

    def stored(self, session_id: str = ID) -> StoredSession | None:
        return self.store.carry_out(LoadSession(hashed(session_id), NOW))


def sent(*cookies: SetCookie, scheme: str = "https", host: str = "app.example.com") -> Request:
    headers = tuple(("Cookie", f"{cookie.name}={cookie.value}") for cookie in cookies)
    return Request(method="GET", scheme=scheme, headers=(("Host", host), *headers))


def cookie(value: str, name: str = "__Host-shop_id") -> SetCookie:
    return SetCookie(name=name, value=value, max_age=60, secure=True)


@pytest.mark.parametrize(
    ("request_", "header"),
    [
        pytest.param(sent(), f"__Host-shop_id={ID}; Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure", id="a site"),
        pytest.param(
            sent(scheme="http", host="localhost:5000"),
            f"shop_id={ID}; Path=/; Max-Age=600; HttpOnly; SameSite=Strict",
            id="this machine",
        ),
    ],
)
def test_the_browser_is_given_an_id_and_nothing_else(request_: Request, header: str) -> None:
    place = Place()
    given = place.begun(request_)
    assert given.header() == header
    host = dict(request_.headers)["Host"]
    held = place.found(sent(given, scheme=request_.scheme, host=host))
    assert held is not None
    assert held.session == SESSION
    assert held.stored == place.stored()


@pytest.mark.parametrize(("session", "owner"), [(SESSION, "3f1c2a5e"), (OPAQUE, "ana")], ids=["sub", "opaque-token"])
def test_what_the_store_holds(session: Session, owner: str) -> None:
    place = Place()
    place.begun(sent(), session)
    stored = place.stored()
    assert stored is not None
    assert stored == StoredSession(
        id=hashed(ID),
        owner=owner,
        content=stored.content,
        created_at=NOW,
        seen_at=NOW,
        expires_at=NOW + 600.9,
        idle_lifetime=120.0,
        version=1,
    )
    opened = Scripted(now=NOW + 599).run(place.vault.open(stored.content.decode(), f"session {hashed(ID)}"))
    assert opened.content == pack(session)


def test_who_signs_in_again_has_a_new_id_and_the_old_one_is_worth_nothing() -> None:
    place = Place()
    old = place.begun(sent())
    new = place.begun(sent(old), random=b"\x08")
    assert new.value != old.value
    assert place.found(sent(old)) is None
    assert place.found(sent(new)) is not None


@pytest.mark.parametrize(
    "request_",
    [
        sent(),
        sent(cookie("")),
        sent(cookie(ID[:-1])),
        sent(cookie(f"{ID}A")),
        sent(cookie(f"{ID[:-1]}=")),
        sent(cookie(ID, "shop_id")),
        sent(cookie(ID, "__Host-cognito_auth_id")),
    ],
    ids=lambda request_: str(request_.cookies),
)
def test_no_store_is_asked_for_what_can_be_no_id(request_: Request) -> None:
    place, driver = Place(), Scripted()
    place.begun(sent())
    assert driver.run(place.keeper.find(request_)) is None
    driver.run(place.keeper.end(request_, None))
    assert not [effect for effect in driver.asked if isinstance(effect, AskStore)]


@pytest.mark.parametrize("content", [b"\xff", b"nonsense", b""])
def test_what_does_not_open_is_no_session(content: bytes) -> None:
    place = Place()
    place.begun(sent())
    stored = place.stored()
    assert stored is not None
    place.store.carry_out(CreateSession(replace(stored, id=hashed("A" * 43), content=content)))
    assert place.found(sent(cookie("A" * 43))) is None


def test_what_is_stored_for_one_session_opens_for_no_other() -> None:
    place = Place()
    place.begun(sent())
    stored = place.stored()
    assert stored is not None
    place.store.carry_out(CreateSession(replace(stored, id=hashed("A" * 43))))
    assert place.found(sent(cookie("A" * 43))) is None


def test_keeping_changes_the_content_and_its_version() -> None:
    place = Place()
    request = sent(place.begun(sent()))
    held = place.found(request)
    assert held is not None
    held = replace(held, cookies=(cookie("x", "other"),))
    changed = replace(SESSION, proofs=("SMS_MFA",))
    kept = Scripted().run(place.keeper.keep(request, held, changed))
    assert (kept.session, kept.cookies) == (changed, held.cookies)
    assert kept.stored == place.stored()
    assert kept.stored is not None
    assert kept.stored.version == 2


def test_the_sessions_of_a_user_are_listed_while_they_last_and_ended() -> None:
    place = Place()
    first, second = place.begun(sent()), place.begun(sent(), random=b"\x08")
    place.begun(sent(), OPAQUE, random=b"\x09")

    def listed(owner: str, now: float = NOW) -> list[str]:
        return [stored.id for stored in Scripted(now=now).run(place.keeper.list_of(owner))]

    assert listed("3f1c2a5e") == [hashed(first.value), hashed(second.value)]
    assert listed("3f1c2a5e", NOW + 120) == listed("nobody") == []
    stored = place.stored()
    assert stored is not None
    assert Scripted().run(place.keeper.remove(stored)) == SESSION
    assert place.found(sent(first)) is None
    assert Scripted().run(place.keeper.remove(replace(stored, content=b"nonsense"))) is None
    assert Scripted().run(place.keeper.remove_all("3f1c2a5e")) == 1
    assert Scripted().run(place.keeper.remove_all("3f1c2a5e")) == 0
    assert place.found(sent(second)) is None
    assert len(listed("ana")) == 1


@pytest.mark.parametrize(
    ("scheme", "host", "header"),
    [
        ("https", "app.example.com", "__Host-shop_id=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"),
        ("http", "localhost", "shop_id=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
    ],
)
def test_the_end(scheme: str, host: str, header: str) -> None:
    place = Place()
    where: dict[str, Any] = {"scheme": scheme, "host": host}
    given = place.begun(sent(**where))
    assert Scripted().run(place.keeper.end(sent(**where), None)) == ()
    assert place.stored() is not None
    (deleted,) = Scripted().run(place.keeper.end(sent(given, **where), None))
    assert deleted.header() == header
    assert place.stored() is None
