"""What every store does; each test runs on each store, synchronously and on both event loops."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.effects import StoreOperation
from cognito_auth.sessions import stored
from cognito_auth.sessions.stored import (
    AcquireLock,
    CreateSession,
    ListSessionsOf,
    LoadMarks,
    LoadSession,
    Mark,
    ReleaseLock,
    RemoveSession,
    RemoveSessionsOf,
    ReplaceContent,
    StoredSession,
    TouchSession,
)

from ..support.classes import below
from .conftest import Asked

NOW: Final = time.time()
HOUR: Final = 3600.0


def session(name: str = "one", owner: str = "ana", **changes: Any) -> StoredSession:
    made = StoredSession(
        id=name,
        owner=owner,
        content=b"sealed \x00\xff",
        created_at=NOW,
        seen_at=NOW,
        expires_at=NOW + 10 * HOUR,
        idle_lifetime=HOUR,
    )
    return replace(made, **changes)


def ids(found: tuple[StoredSession, ...]) -> list[str]:
    return [each.id for each in found]


def test_what_is_kept_is_found(ask: Asked, other: Asked) -> None:
    ask(CreateSession(session()))
    assert ask(LoadSession("one", NOW)) == session()
    assert other(LoadSession("one", NOW)) == session()
    assert ask(LoadSession("two", NOW)) is None


def test_a_session_ends_when_it_is_not_used(ask: Asked) -> None:
    ask(CreateSession(session()))
    assert ask(LoadSession("one", NOW + HOUR - 1)) is not None
    ask(TouchSession("one", NOW + HOUR - 1))
    found = ask(LoadSession("one", NOW + HOUR))
    assert found is not None
    assert found.seen_at == NOW + HOUR - 1
    assert ask(LoadSession("one", NOW + 2 * HOUR - 1)) is None


def test_a_session_ends_however_much_it_is_used(ask: Asked) -> None:
    ask(CreateSession(session(idle_lifetime=100 * HOUR)))
    ask(TouchSession("one", NOW + 10 * HOUR - 1))
    assert ask(LoadSession("one", NOW + 10 * HOUR - 1)) is not None
    assert ask(LoadSession("one", NOW + 10 * HOUR)) is None
    ask(TouchSession("one", NOW + 10 * HOUR))
    assert ask(LoadSession("one", NOW + 10 * HOUR)) is None


def test_a_clock_that_steps_back_makes_nothing_older(ask: Asked) -> None:
    ask(CreateSession(session()))
    ask(TouchSession("one", NOW + 60))
    ask(TouchSession("one", NOW))
    found = ask(LoadSession("one", NOW))
    assert found is not None
    assert found.seen_at == NOW + 60


def test_touching_does_not_bring_back(ask: Asked) -> None:
    ask(TouchSession("one", NOW))
    assert ask(LoadSession("one", NOW)) is None


def test_content_is_replaced_at_its_version_only(ask: Asked, other: Asked) -> None:
    ask(CreateSession(session()))
    assert ask(ReplaceContent("one", 1, b"new", NOW + 5))
    assert not other(ReplaceContent("one", 1, b"late", NOW + 6))
    found = other(LoadSession("one", NOW + 6))
    assert found == session(content=b"new", version=2, seen_at=NOW + 5)
    assert other(ReplaceContent("one", 2, b"newer", NOW + 7))
    assert not ask(ReplaceContent("two", 1, b"x", NOW))
    assert not ask(ReplaceContent("one", 3, b"x", NOW + 7 + HOUR)), "it has ended by then"


def test_of_many_writers_one_succeeds(ask: Asked) -> None:
    def write(number: int) -> bool:
        return ask(ReplaceContent("one", 1, b"%d" % number, NOW))

    ask(CreateSession(session()))
    with ThreadPoolExecutor(16) as pool:
        written = list(pool.map(write, range(16)))
    assert written.count(True) == 1
    found = ask(LoadSession("one", NOW))
    assert found is not None
    assert found.content == b"%d" % written.index(True)


def test_ended_is_ended(ask: Asked, other: Asked) -> None:
    ask(CreateSession(session()))
    assert other(RemoveSession("one"))
    assert not ask(RemoveSession("one"))
    assert ask(LoadSession("one", NOW)) is None
    assert not ask(ReplaceContent("one", 1, b"x", NOW))
    assert ids(ask(ListSessionsOf("ana", NOW))) == []


def test_the_sessions_of_a_user(ask: Asked, other: Asked) -> None:
    for number, (name, owner) in enumerate([("one", "ana"), ("two", "ana"), ("three", "ben"), ("four", "ana")]):
        ask(CreateSession(session(name, owner, created_at=NOW + number)))
    ask(CreateSession(session("old", "ana", expires_at=NOW + 1)))
    assert ids(other(ListSessionsOf("ana", NOW + 2))) == ["one", "two", "four"]
    assert other(RemoveSessionsOf("ana", "two")) in (2, 3), "one that has ended may be gone already"
    assert ids(ask(ListSessionsOf("ana", NOW))) == ["two"]
    assert ids(ask(ListSessionsOf("ben", NOW))) == ["three"]
    assert ask(RemoveSessionsOf("ana")) == 1
    assert ask(RemoveSessionsOf("ana")) == 0
    assert ask(LoadSession("three", NOW)) is not None


def test_a_lock_has_one_holder(ask: Asked, other: Asked) -> None:
    assert ask(AcquireLock("refresh", "a", 10, NOW))
    assert not other(AcquireLock("refresh", "b", 10, NOW))
    assert not ask(AcquireLock("refresh", "a", 10, NOW)), "not even the holder takes it twice"
    assert other(AcquireLock("another", "b", 10, NOW))
    other(ReleaseLock("refresh", "b"))
    assert not other(AcquireLock("refresh", "b", 10, NOW)), "only the holder gives it back"
    ask(ReleaseLock("refresh", "a"))
    assert other(AcquireLock("refresh", "b", 10, NOW))
    ask(ReleaseLock("nothing", "a"))


def test_of_many_who_want_a_lock_one_gets_it(ask: Asked) -> None:
    def acquire(number: int) -> bool:
        return ask(AcquireLock("refresh", str(number), 10, NOW))

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(acquire, range(16)))
    assert got.count(True) == 1


def test_a_lock_does_not_survive_its_holder(ask: Asked, other: Asked) -> None:
    assert ask(AcquireLock("refresh", "a", 0.05, NOW))
    time.sleep(0.06)
    assert other(AcquireLock("refresh", "b", 10, NOW + 0.06))
    ask(ReleaseLock("refresh", "a"))
    assert not ask(AcquireLock("refresh", "c", 10, NOW + 0.06)), "it was not a's to give back any more"


def test_marks(ask: Asked, other: Asked) -> None:
    assert ask(LoadMarks(("a", "b"), NOW)) == (None, None)
    ask(Mark("a", NOW, HOUR))
    assert other(LoadMarks(("a", "b"), NOW)) == (NOW, None)
    ask(Mark("a", NOW + 5, HOUR))
    ask(Mark("a", NOW + 1, HOUR))
    assert ask(LoadMarks(("b", "a"), NOW)) == (None, NOW + 5)
    assert ask(LoadMarks((), NOW)) == ()


def test_a_mark_is_forgotten(ask: Asked) -> None:
    ask(Mark("a", NOW, 0.05))
    time.sleep(0.06)
    assert ask(LoadMarks(("a",), NOW + 0.06)) == (None,)


@pytest.mark.parametrize("name", ["", "a:b", "ä", "*", "'; DROP TABLE sessions; --", "x" * 1000, "a b\n"])
def test_any_name_will_do(ask: Asked, name: str) -> None:
    ask(CreateSession(session(name, name)))
    assert ask(LoadSession(name, NOW)) == session(name, name)
    assert ids(ask(ListSessionsOf(name, NOW))) == [name]
    assert ask(AcquireLock(name, name, 10, NOW))
    ask(Mark(name, NOW, HOUR))
    assert ask(LoadMarks((name,), NOW)) == (NOW,)
    assert ask(RemoveSessionsOf(name)) == 1


def test_no_operation_is_left_out_of_these_tests() -> None:
    operations = {kind.__name__ for kind in below(StoreOperation) if kind.__module__ == stored.__name__}
    assert operations
    assert operations <= set(globals())


def test_a_new_session_takes_the_place_of_one_with_its_id(ask: Asked) -> None:
    ask(CreateSession(session(version=3)))
    ask(CreateSession(session(content=b"new")))
    assert ask(LoadSession("one", NOW)) == session(content=b"new")
