"""The state machine: the whole product of states and events, and every outcome of every move."""

from __future__ import annotations

import json
import runpy
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.api.structure import Structure
from cognito_auth.errors import IllegalTransition, ProtocolError
from cognito_auth.flows import advance
from cognito_auth.sessions.session import pack_state, unpack_state
from cognito_auth.states import (
    SEALABLE,
    AdminPassword,
    Challenge,
    ChooseAgain,
    CustomChallenge,
    Event,
    ResendCode,
    SignedIn,
    SignedOut,
    State,
)
from cognito_auth.transitions import AUTOMATIC, MOVES
from tests.support.classes import leaves
from tests.support.machine import (
    DEVICE,
    EVENTS,
    STATES,
    TYPED,
    on_device,
    plain,
)
from tests.support.machine_replies import (
    OUTCOMES,
    SENDS,
    TWINS,
    VERIFIERS,
)
from tests.support.scripted import Scripted

ROOT: Final = Path(__file__).parents[2]

PRODUCT: Final = [
    pytest.param(state, event, id=f"{state.__name__}-{event.__name__}") for state in leaves(State) for event in leaves(Event)
]
LEGAL: Final = [pytest.param(*pair, id=f"{pair[0].__name__}-{pair[1].__name__}") for pair in MOVES]


Row: TypeAlias = tuple[type[State], type[Event]]


class Stop(Exception):
    """Ends a flow at the point where it asked; no flow deals with it."""


def test_every_state_and_event_has_a_sample() -> None:
    assert set(STATES) == set(leaves(State))
    assert set(EVENTS) == set(leaves(Event))
    assert set(SENDS) == set(MOVES)


@pytest.mark.parametrize(("state", "event"), PRODUCT)
def test_product(state: type[State], event: type[Event]) -> None:
    driver = Scripted([Stop()])
    move = MOVES.get((state, event))
    if move is None:
        with pytest.raises(IllegalTransition, match=f"{event.__name__}.*{state.__name__}") as caught:
            driver.run(advance(STATES[state], EVENTS[event]))
        assert (caught.value.state, caught.value.event) == (state, event)
        assert driver.asked == []
    else:
        with pytest.raises(Stop):
            driver.run(advance(STATES[state], EVENTS[event]))
        assert driver.operations == [SENDS[state, event]]
        assert type(driver.operations[0]) is move.operation


@pytest.mark.parametrize(("state", "event"), LEGAL)
def test_outcomes(state: type[State], event: type[Event]) -> None:
    move = MOVES[state, event]
    held, given = on_device(STATES[state]), on_device(EVENTS[event])
    username = getattr(held, "username", TYPED)
    reached: set[type[State]] = set()
    for reply, expected in OUTCOMES[move.operation]:
        if isinstance(expected, VERIFIERS) and type(expected) not in move.to:
            continue
        outcome = Scripted([reply, Stop()]) if type(expected) in AUTOMATIC else Scripted([reply])
        if type(expected) not in move.to:
            with pytest.raises(ProtocolError, match=f"{event.__name__} led from {state.__name__} to {type(expected).__name__}"):
                outcome.run(advance(held, given))
            continue
        reached.add(type(expected))
        if type(expected) in AUTOMATIC:
            with pytest.raises(Stop):
                outcome.run(advance(held, given))
            automatic = MOVES[type(expected), type(AUTOMATIC[type(expected)])].operation
            assert type(outcome.operations[1]) is (TWINS[automatic] if event is AdminPassword else automatic)
        else:
            assert plain(outcome.run(advance(held, given)), username) == plain(expected, username)
    assert reached == set(move.to)


def answer_of(row: Row, to: type[State]) -> Structure:
    """A reply that leads from a row to a state."""
    return next(reply for reply, expected in OUTCOMES[MOVES[row].operation] if type(expected) is to)


def path_to(target: Row) -> list[tuple[Row, type[State]]]:
    """The shortest way from the beginning to where a row starts: the rows on it, each with where it leads."""
    ways: dict[type[State], list[tuple[Row, type[State]]]] = {SignedOut: []}
    waiting: deque[type[State]] = deque([SignedOut])
    while waiting:
        here = waiting.popleft()
        if here is target[0]:
            return ways[here]
        for row in (row for row in MOVES if row[0] is here):
            for there in MOVES[row].to:
                if there not in ways:
                    ways[there] = [*ways[here], (row, there)]
                    waiting.append(there)
    raise AssertionError(f"nothing leads to {target[0].__name__}")


def stands(state: State) -> State:
    """The state as the next move wants it: what it tells is the sample's, what the sign-in carries is its own."""
    sample = STATES[type(state)]
    if isinstance(state, SignedIn | SignedOut):
        return state
    carried = {name: getattr(state, name) for name in ("username", "session", "course") if hasattr(state, name)}
    changed: State = replace(cast("Any", sample), **carried)
    return changed


def walk(state: State, steps: list[tuple[Row, type[State]]]) -> State:
    """Take each step with a reply that leads where it says; what the library answers by itself is a step of its own."""
    for row, to in steps:
        assert type(state) is row[0]
        state = take(state, row, to)
    return state


def take(state: State, row: Row, to: type[State]) -> State:
    driver = Scripted([answer_of(row, to)])
    reached = driver.run(MOVES[row].step(stands(state), on_device(EVENTS[row[1]])))
    assert type(reached) is to
    return reached


@pytest.mark.parametrize("row", [pytest.param(pair, id=f"{pair[0].__name__}-{pair[1].__name__}") for pair in MOVES])
def test_every_row_is_on_a_way_from_the_beginning(row: Row) -> None:
    state = walk(SignedOut(), path_to(row))
    assert type(state) is row[0]


@given(st.data())
def test_random_walks(data: st.DataObject) -> None:
    """From anywhere that a walk gets to, every move leads where the table says, and the sign-in keeps its device."""
    state: State = SignedOut()
    for _ in range(data.draw(st.integers(1, 12), label="steps")):
        rows = [row for row in MOVES if row[0] is type(state) and possible(state, row)]
        if not rows:
            break
        row = data.draw(st.sampled_from(rows), label="row")
        state = take(state, row, data.draw(st.sampled_from(MOVES[row].to), label="to"))
        if isinstance(state, Challenge):
            assert state.course.device == DEVICE
            if type(state) in SEALABLE.values():
                assert unpack_state(json.loads(json.dumps(pack_state(state)))) == state


def possible(state: State, row: Row) -> bool:
    """Whether a sign-in can begin again by name alone, where the row does."""
    if not isinstance(state, Challenge) or row[1] not in (ResendCode, ChooseAgain):
        return True
    return state.course.flow == ("CUSTOM_AUTH" if isinstance(state, CustomChallenge) else "USER_AUTH")


def test_automatic_states_are_left_and_never_sealed() -> None:
    for state, event in AUTOMATIC.items():
        assert (state, type(event)) in MOVES
        assert state not in SEALABLE.values()
    waiting = {state for state, _ in MOVES if issubclass(state, Challenge)} - set(AUTOMATIC)
    assert waiting == set(SEALABLE.values())
    assert all(SEALABLE[kind.__name__] is kind for kind in waiting)


def test_the_page_about_the_machine_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "scripts" / "_diagram.py"))["page"]
    assert (ROOT / "docs" / "states.md").read_text() == page()
