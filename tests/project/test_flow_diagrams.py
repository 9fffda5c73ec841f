"""The diagrams of the pages about flows, read back: together they hold the state machine's table, and nothing else."""

from __future__ import annotations

import re
import runpy
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from cognito_auth.states import ChallengeResponses, CustomChallenge, OtherChallenge, SignedIn, SignedOut
from cognito_auth.transitions import AUTOMATIC, MOVES
from tests.support.flow_page import FLOWS, blocks

SCRIPT: Final = runpy.run_path(str(FLOWS.parents[1] / "scripts" / "_flow_diagrams.py"), run_name="_flow_diagrams")
NAMES: Final = sorted(page.stem for page in FLOWS.glob("*.md") if page.stem != "README")
TABLE: Final = {
    (state.__name__, event.__name__): {target.__name__ for target in move.to} for (state, event), move in MOVES.items()
}
LEFT_OUT: Final = {OtherChallenge.__name__}
ON_ITS_PAGE: Final = {CustomChallenge.__name__}
"""Left out too, but for the page about it."""
UNTOLD: Final = (OtherChallenge.__name__, ChallengeResponses.__name__)

ARROW: Final = re.compile(r"    (\S+) --> (\w+)(?:: (.+))?")
JUNCTION: Final = re.compile(r"    state (\w+) <<choice>>")
CONTENT: Final = re.compile(r"    (\w+): (.+)")
STYLE: Final = re.compile(r"    class (\S+) automatic")


@dataclass(kw_only=True)
class Picture:
    """What a diagram says."""

    moves: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Origin, event and target."""
    plain: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Arrows without an event, by their origin."""
    junctions: set[str] = field(default_factory=set[str])
    boxes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The lines in each box, the first of which is its title."""
    automatic: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, name: str) -> Picture:
        (source,) = blocks((FLOWS / f"{name}.md").read_text(), "mermaid")
        head, *lines = source.splitlines()
        assert head == "stateDiagram-v2"
        picture = cls()
        for line in lines:
            picture._read(line)
        return picture

    def _read(self, line: str) -> None:
        if found := ARROW.fullmatch(line):
            origin, target, events = found.groups()
            if events:
                self.moves += ((origin, event, target) for event in events.split(", "))
            else:
                self.plain.setdefault(origin, set()).add(target)
        elif found := JUNCTION.fullmatch(line):
            self.junctions.add(found[1])
        elif found := CONTENT.fullmatch(line):
            self.boxes.setdefault(found[1], []).append(found[2])
        elif found := STYLE.fullmatch(line):
            self.automatic |= set(found[1].split(","))
        else:
            assert line == "    classDef automatic font-style:italic"

    def states(self, node: str) -> set[str]:
        """The states that a node of the diagram stands for."""
        if node in self.junctions:
            return set[str]().union(*(self.states(target) for target in self.plain[node]))
        return set(self.boxes[node][1:]) if node in self.boxes else {node}

    def rows(self) -> dict[tuple[str, str], set[str]]:
        """The moves, each with all states that it leads to."""
        found: dict[tuple[str, str], set[str]] = {}
        for origin, event, target in self.moves:
            found.setdefault((origin, event), set()).update(self.states(target))
        return found


def test_every_page_has_a_part_and_every_part_a_page() -> None:
    assert sorted(SCRIPT["PARTS"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_diagram_is_up_to_date(name: str) -> None:
    text = (FLOWS / f"{name}.md").read_text()
    assert SCRIPT["with_diagram"](name, text) == text


@pytest.mark.parametrize("text", ["", "{BEGIN}\n{END}\n" * 2], ids=["none", "two"])
def test_a_page_has_one_place_for_its_diagram(text: str) -> None:
    with pytest.raises(ValueError, match="places for its diagram"):
        SCRIPT["with_diagram"]("refresh", text.format(**SCRIPT))


@pytest.mark.parametrize("name", NAMES)
def test_each_move_leads_where_the_table_says(name: str) -> None:
    left_out = LEFT_OUT if name == "custom_auth" else LEFT_OUT | ON_ITS_PAGE
    for row, targets in Picture.of(name).rows().items():
        assert targets == TABLE[row] - left_out, row


def test_every_move_is_in_a_diagram() -> None:
    drawn = {row for name in NAMES for row in Picture.of(name).rows()}
    assert TABLE.keys() - drawn == {UNTOLD}


@pytest.mark.parametrize("name", NAMES)
def test_what_another_page_tells_leads_to_the_end(name: str) -> None:
    picture = Picture.of(name)
    walked = {origin for origin, _, _ in picture.moves}
    for origin, targets in picture.plain.items():
        if origin not in picture.junctions and origin != "[*]":
            assert targets == {SignedIn.__name__}
            assert origin not in walked
            assert all(SignedIn.__name__ in reached(state) for state in picture.states(origin))


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_reached_from_the_beginning(name: str) -> None:
    picture = Picture.of(name)
    onward: dict[str, set[str]] = {origin: set(targets) for origin, targets in picture.plain.items()}
    for origin, _, target in picture.moves:
        onward.setdefault(origin, set()).add(target)
    start = next(beginning for beginning in ("[*]", SignedOut.__name__, SignedIn.__name__) if beginning in onward)
    found, waiting = {start}, [start]
    for node in waiting:  # which grows on the way
        new = onward.get(node, set()) - found
        found |= new
        waiting += new
    assert set(onward) <= found


@pytest.mark.parametrize("name", NAMES)
def test_states_that_the_library_leaves_are_marked(name: str) -> None:
    picture = Picture.of(name)
    drawn = {node for origin, _, target in picture.moves for node in (origin, target)}
    for origin, targets in picture.plain.items():
        drawn |= {origin, *targets}
    assert picture.automatic == drawn & {state.__name__ for state in AUTOMATIC}


def reached(state: str) -> set[str]:
    """Every state that the table leads to from this one."""
    found, waiting = set[str](), [state]
    for each in waiting:  # which grows on the way
        for (origin, _), targets in TABLE.items():
            if origin == each:
                waiting += targets - found
                found |= targets
    return found


def test_a_part_that_walks_through_what_it_does_not_reach_is_refused() -> None:
    part: Any = SCRIPT["Part"](opens=((SignedOut, SCRIPT["SrpPassword"]),), walks=(SignedOut,))
    with pytest.raises(ValueError, match="nothing leads to SignedOut"):
        SCRIPT["rows"](part)
