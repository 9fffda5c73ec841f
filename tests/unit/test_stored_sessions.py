"""Refreshing a session on the server: whose turn it is, what the others get, and what becomes of whoever is late or fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.effects import AskStore, Flow, Share, Store, StoreOperation
from cognito_auth.errors import NotSignedIn, RefreshTokenInvalid, StoreUnavailable, TransportError
from cognito_auth.secret import Secret
from cognito_auth.sessions import Session
from cognito_auth.sessions.packing import pack
from cognito_auth.sessions.stored import AcquireLock, LoadSession, ReleaseLock, RemoveSession, ReplaceContent
from cognito_auth.states import Tokens
from cognito_auth.stores import MemoryStore
from cognito_auth.web import Request, ServerSessions, WebOptions
from cognito_auth.web.keeper import Held
from cognito_auth.web.stored_sessions import LOCKED_FOR, StoredSessions, hashed
from cognito_auth.web.vault import Vault
from tests.support.scripted import NOW, SETTINGS, Scripted

SECRET: Final = Secret("a-secret-that-only-these-tests-seal-with")
OLD: Final = Session(username="ana", tokens=Tokens(access_token="old", refresh_token="once"))
NEW: Final = Session(username="ana", tokens=Tokens(access_token="new", refresh_token="next"))


class Place:
    """A keeper with a store, and one session in it."""

    def __init__(self, store: Store | None = None) -> None:
        self.store: Final = store or MemoryStore()
        sessions = ServerSessions(store=self.store)
        options = WebOptions(secrets=(SECRET,), sessions=sessions)
        self.keeper: Final = StoredSessions(options, sessions, Vault(options.secrets, SETTINGS))
        (cookie,) = Scripted().run(self.keeper.begin(self.request(), OLD))
        self.cookie: Final = f"{cookie.name}={cookie.value}"
        self.id: Final = hashed(cookie.value)

    def request(self) -> Request:
        headers = [("Host", "app.example.com")]
        if hasattr(self, "cookie"):
            headers.append(("Cookie", self.cookie))
        return Request(method="GET", scheme="https", headers=tuple(headers))

    def found(self, now: float = NOW) -> Held:
        held = Scripted(now=now).run(self.keeper.find(self.request()))
        assert held is not None
        return held

    def renewed(self, refreshing: Callable[[Session], Flow[Session]], held: Held | None = None) -> Held:
        return Scripted().run(self.keeper.renew(self.request(), held or self.found(), refreshing))

    def is_locked(self) -> bool:
        got = self.store.carry_out(AcquireLock(self.id, "tests", 0.001, NOW))
        self.store.carry_out(ReleaseLock(self.id, "tests"))
        return not got


def succeeding(session: Session) -> Flow[Session]:
    assert session == OLD
    yield from ()
    return NEW


def never(_: Session) -> Flow[Session]:
    yield from ()
    raise AssertionError("nobody had to ask Cognito")


def test_the_new_tokens_are_stored() -> None:
    place = Place()
    renewed = place.renewed(succeeding)
    assert renewed.session == NEW
    assert renewed.cookies == ()
    assert place.found().session == NEW
    assert not place.is_locked()


def test_who_comes_after_another_gets_what_that_one_got() -> None:
    place = Place()
    late = place.found()
    place.renewed(succeeding)
    assert place.renewed(never, late).session == NEW


def sealed(place: Place, session: Session) -> bytes:
    """What another process would store for the session."""
    vault = Vault((SECRET,), SETTINGS)
    return Scripted().run(vault.seal(pack(session), f"session {place.id}", 1000)).encode()


def test_who_has_to_wait_gets_what_the_other_got() -> None:
    place = Place()
    held = place.found()
    place.store.carry_out(AcquireLock(place.id, "another process", LOCKED_FOR, NOW))
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:  # the other process is done
            assert place.store.carry_out(ReplaceContent(place.id, 1, sealed(place, NEW), NOW))

    driver = Scripted(on_sleep=pause)
    assert driver.run(place.keeper.renew(place.request(), held, never)).session == NEW
    assert len(pauses) == 3


class Meddled:
    """A store in which something happens before operations of some kinds."""

    def __init__(self) -> None:
        self.store: Final = MemoryStore()
        self.before: dict[type[StoreOperation[Any]], Callable[[], object]] = {}

    def carry_out(self, operation: Any) -> Any:
        if type(operation) in self.before:
            self.before[type(operation)]()
        return self.store.carry_out(operation)

    async def carry_out_async(self, operation: Any) -> Any:
        return self.carry_out(operation)


def away() -> None:
    raise StoreUnavailable("away")


def test_who_gets_the_lock_looks_once_more() -> None:
    store = Meddled()
    place = Place(store)
    held = place.found()
    overtaking = ReplaceContent(place.id, 1, sealed(place, NEW), NOW)
    store.before = {AcquireLock: lambda: store.store.carry_out(overtaking)}
    assert place.renewed(never, held).session == NEW


def test_a_lock_that_its_holder_left_behind_is_taken_over() -> None:
    place = Place()
    place.store.carry_out(AcquireLock(place.id, "a process that was killed", 1.0, NOW))
    assert place.renewed(succeeding).session == NEW


def test_nobody_waits_for_ever() -> None:
    place = Place()
    place.store.carry_out(AcquireLock(place.id, "a process that takes long", LOCKED_FOR, NOW))
    elapsed = [6.0, 6.1]

    def pause(_: float) -> None:
        driver.now = NOW + elapsed.pop(0)

    driver = Scripted(on_sleep=pause)
    with pytest.raises(StoreUnavailable) as caught:
        driver.run(place.keeper.renew(place.request(), place.found(), never))
    assert str(caught.value) == "another request refreshes the session, and takes too long"
    assert not elapsed, "six seconds are waited, and no more"
    assert place.found().session == OLD


def test_who_is_late_does_not_overwrite_what_is_newer() -> None:
    """The lock was given to another, who was faster."""
    place = Place()
    newest = replace(NEW, tokens=Tokens(access_token="newest", refresh_token="last"))

    def slow(session: Session) -> Flow[Session]:
        content = sealed(place, newest)
        assert place.store.carry_out(ReplaceContent(place.id, 1, content, NOW))
        yield from ()
        return NEW

    assert place.renewed(slow).session == newest
    assert place.found().session == newest


@pytest.mark.parametrize("error", [TransportError("away"), RefreshTokenInvalid("NotAuthorizedException", "no")])
def test_a_refresh_that_fails_leaves_the_session_and_no_lock(error: Exception) -> None:
    place = Place()

    def failing(_: Session) -> Flow[Session]:
        yield from ()
        raise error

    with pytest.raises(type(error)):
        place.renewed(failing)
    assert place.found().session == OLD
    assert not place.is_locked()
    assert place.renewed(succeeding).session == NEW


def test_a_session_that_ends_meanwhile_stays_ended() -> None:
    place = Place()

    def slow(_: Session) -> Flow[Session]:
        place.store.carry_out(RemoveSession(place.id))
        yield from ()
        return NEW

    with pytest.raises(NotSignedIn):
        place.renewed(slow)
    assert place.store.carry_out(LoadSession(place.id, NOW)) is None


def test_a_session_that_has_ended_is_not_refreshed() -> None:
    place = Place()
    held = place.found()
    place.store.carry_out(RemoveSession(place.id))
    with pytest.raises(NotSignedIn) as caught:
        place.renewed(never, held)
    assert str(caught.value) == "the session has ended"


def test_a_lock_that_cannot_be_given_back_expires() -> None:
    store = Meddled()
    place = Place(store)
    store.before = {ReleaseLock: away}
    assert place.renewed(succeeding).session == NEW


def test_tokens_that_are_stored_are_handed_over_without_asking_for_them() -> None:
    store = Meddled()
    place = Place(store)

    def refreshing(_: Session) -> Flow[Session]:
        store.before = {LoadSession: away}
        yield from ()
        return NEW

    renewed = place.renewed(refreshing)
    store.before = {}
    assert renewed == place.found()
    assert renewed.session == NEW


def test_one_request_of_a_process_refreshes_by_a_lock_of_its_own() -> None:
    place = Place()
    driver = Scripted(random=b"\x09")
    driver.run(place.keeper.renew(place.request(), place.found(), succeeding))
    (share,) = (effect for effect in driver.asked if isinstance(effect, Share))
    assert share.key == ("refresh", place.id)
    asked = [effect.operation for effect in driver.asked if isinstance(effect, AskStore)]
    holder = (b"\x09" * 16).hex()
    assert AcquireLock(place.id, holder, LOCKED_FOR, NOW) in asked
    assert ReleaseLock(place.id, holder) in asked


def test_tokens_that_cannot_be_stored_are_used_by_nobody() -> None:
    store = Meddled()
    place = Place(store)
    store.before = {ReplaceContent: away}
    with pytest.raises(StoreUnavailable):
        place.renewed(succeeding)
    store.before = {}
    assert place.found().session == OLD
    assert not place.is_locked()


def test_keeping_yields_to_what_was_stored_meanwhile() -> None:
    place = Place()
    held = place.found()
    place.renewed(succeeding)
    kept = Scripted().run(place.keeper.keep(place.request(), held, replace(OLD, proofs=("SMS_MFA",))))
    assert kept.session == NEW
    kept = Scripted().run(place.keeper.keep(place.request(), place.found(), replace(NEW, proofs=("SMS_MFA",))))
    assert place.found().session == kept.session == replace(NEW, proofs=("SMS_MFA",))


def test_that_it_was_used_is_noted_once_a_minute() -> None:
    place = Place()

    def seen() -> float:
        stored = place.store.carry_out(LoadSession(place.id, NOW))
        assert stored is not None
        return stored.seen_at

    place.found(NOW + 59)
    assert seen() == NOW
    place.found(NOW + 60)
    assert seen() == NOW + 60


def test_only_sessions_in_a_store_are_kept_by_one() -> None:
    place = Place()
    with pytest.raises(LookupError) as caught:
        place.renewed(never, Held(session=OLD))
    assert str(caught.value) == "the session is not in a store"
