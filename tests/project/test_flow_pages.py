"""The pages about flows: their examples print what they show, and their requests are answered as they show."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast, get_args

import pytest

from cognito_auth import errors
from cognito_auth.api.shapes import AuthFlow, ChallengeName
from cognito_auth.api.structure import Constraint
from cognito_auth.states import SEALABLE, Challenge, Event
from cognito_auth.transitions import AUTOMATIC, MOVES
from tests.support.flow_page import FLOWS, Recorder, blocks, exchanges, matches, section, visit
from tests.support.machine import STATES

PAGES: Final = [page for page in sorted(FLOWS.glob("*.md")) if page.stem != "README"]
INDEX: Final = FLOWS / "README.md"
PATIENCE: Final = 60  # seconds until a program that does not end counts as hanging

each_page: Final = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@each_page
def test_a_page_has_all_its_parts(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE)
    wanted = ["To switch on", "Diagram", "Operations", "Example", "Over HTTP", "What can go wrong"]
    assert [heading for heading in headings if heading in wanted] == wanted


def test_the_index_lists_every_page_once() -> None:
    rows = re.findall(r"^\| \[.+?\]\((\w+)\.md\) \|", INDEX.read_text(), re.MULTILINE)
    assert sorted(rows) == [page.stem for page in PAGES]


def program_of(page: Path) -> str:
    (program,) = blocks(section(page.read_text(), "Example"), "python")
    return program


@each_page
def test_the_example_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    program = tmp_path / f"{page.stem}.py"
    program.write_text(program_of(page))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [done.stdout] == blocks(section(page.read_text(), "Example"), "text")


def test_the_examples_type_check(tmp_path: Path) -> None:
    for page in PAGES:
        (tmp_path / f"{page.stem}.py").write_text(program_of(page))
    # A cache of its own: two that write to one at once break it.
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(tmp_path)]
    done = subprocess.run(command, cwd=FLOWS.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@each_page
def test_requests_are_answered_as_the_page_shows(page: Path) -> None:
    """The application has the example's pool, as the example leaves it."""
    names: dict[str, Any] = {"__name__": page.stem}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(program_of(page), str(page), "exec"), names)
    recorder = Recorder(names["cognito"])
    shown = list(exchanges(page.read_text()))
    assert shown
    with visit(names, recorder) as visitor:
        for exchange in shown:
            status, document = visitor.send(exchange)
            assert status == exchange.status, (exchange, document)
            assert matches(exchange.reply, document), (exchange, document)
    (listed,) = blocks(section(page.read_text(), "Operations"), "text")
    lines = listed.splitlines()
    assert [line for line in dict.fromkeys(recorder.lines) if line in lines] == lines


ERROR: Final = re.compile(r"\| `(\w+)` \| (\d+) `(\w+)` \| `(\w+)` \| .+ \|")


@pytest.mark.parametrize("page", [INDEX, *PAGES], ids=lambda page: page.stem)
def test_errors_are_as_their_classes_say(page: Path) -> None:
    rows = [line for line in page.read_text().partition("\n## What can go wrong")[2].splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        found = ERROR.fullmatch(row)
        assert found is not None, row
        kind = getattr(errors, found[1])
        assert found.groups() == (kind.__name__, str(kind.http_status), kind.code, kind.retry.name)


def test_whatever_comes_is_answered() -> None:
    """The function of the index answers each state in which a person is waited for with an event that the table has."""
    (source,) = blocks(section(INDEX.read_text(), "Whatever comes"), "python")
    names: dict[str, Any] = {}
    exec(compile(source, str(INDEX), "exec"), names)
    next_event: Callable[[Challenge, Callable[[str], str]], Event] = names["next_event"]
    for kind in SEALABLE.values():
        state: Any = STATES[kind]
        assert (kind, type(next_event(state, lambda question: question))) in MOVES
    for automatic in AUTOMATIC:
        with pytest.raises(TypeError, match="by itself"):
            next_event(cast("Challenge", STATES[automatic]), str)


ROW: Final = re.compile(r"^\| `(\w+)` \| \[.+?\]\(docs/flows/\w+\.md\) \| yes \| yes \| yes \|$", re.MULTILINE)
OLDER: Final = {"ADMIN_NO_SRP_AUTH", "REFRESH_TOKEN"}
"""Other names of flows that are listed; the first is among the challenges too."""


def test_the_readme_lists_every_flow_and_every_challenge() -> None:
    (constraint,) = (each for each in get_args(ChallengeName) if isinstance(each, Constraint))
    wanted = {*get_args(AuthFlow), *constraint.enum} - OLDER
    assert sorted(ROW.findall((FLOWS.parents[1] / "README.md").read_text())) == sorted(wanted)
