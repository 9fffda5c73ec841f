"""The journal of an import: what it remembers, wherever it is cut, and whose it is."""

from __future__ import annotations

import json
import stat
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.bulk.journal import Journal, Marks
from cognito_auth.errors import ConfigurationError

IDENTITY: Final = {"input": "abc", "pool": "eu-west-1_A", "endpoint": "https://example.com"}
HEADER: Final = json.dumps({"journal": 1, **IDENTITY, "started": 1}) + "\n"


def opened(path: Path, **changes: str) -> Journal:
    return Journal.open(path, {**IDENTITY, **changes}, now=1000.0)


def test_what_was_noted_is_remembered(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j")
    journal.begin(64)
    journal.done(3)
    journal.failed(4)
    journal.begin(128)
    journal.done(65)
    assert (journal.begun, journal.settled, journal.is_settled(3)) == (128, 2, True)
    journal.close()
    again = Journal.open(tmp_path / "j", IDENTITY, now=2000.0)
    assert (again.begun, again.settled, again.started) == (128, 2, 1000.0)
    assert [number for number in range(200) if again.is_settled(number)] == [3, 65]
    again.done(4)
    again.close()
    with closing(opened(tmp_path / "j")) as last:
        assert last.is_settled(4)


def test_every_event_is_with_the_operating_system_at_once(tmp_path: Path) -> None:
    """A process that is killed writes nothing more."""
    with closing(opened(tmp_path / "j")) as journal:
        journal.begin(7)
        assert (tmp_path / "j").read_text().splitlines()[1:] == ["begun 7"]
        journal.done(1)
        journal.failed(2)
        assert (tmp_path / "j").read_text().splitlines()[1:] == ["begun 7", "done 1", "failed 2"]


def test_wherever_it_was_cut_it_goes_on(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    journal = opened(whole)
    journal.begin(10)
    journal.done(1)
    journal.done(2)
    journal.close()
    content = whole.read_bytes()
    for size in range(len(content)):
        path = tmp_path / str(size)
        path.write_bytes(content[:size])
        cut = opened(path)
        known = content[:size].decode().splitlines(keepends=True)
        assert cut.is_settled(1) == ("done 1\n" in known)
        assert cut.is_settled(2) == ("done 2\n" in known)
        assert cut.begun == (10 if "begun 10\n" in known else 0)
        cut.begin(10)
        cut.done(1)
        cut.done(2)
        cut.close()
        with closing(opened(path)) as again:
            assert (again.settled, again.begun) == (2, 10)


def test_begun_never_goes_back(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "j")) as journal:
        journal.begin(9)
        journal.begin(5)
        assert journal.begun == 9
    assert (tmp_path / "j").read_text().count("begun") == 1


@pytest.mark.parametrize("name", IDENTITY)
def test_it_belongs_to_one_import(tmp_path: Path, name: str) -> None:
    opened(tmp_path / "j").close()
    with pytest.raises(ConfigurationError, match=f"another import: its {name} "):
        opened(tmp_path / "j", **{name: "other"})


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("ana,ana@example.com\n", "not the journal"),
        ("[]\n", "not the journal"),
        ('{"journal": 2, "started": 1}\n', "not the journal"),
        ('{"journal": 1}\n', "not the journal"),
        (f"{HEADER}riddle\n", "damaged"),
        (f"{HEADER}done 99999999999\n", "damaged"),
    ],
    ids=["csv", "list", "version", "no-start", "entry", "line-number"],
)
def test_what_is_no_journal_is_left_as_it_is(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "j"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=complaint):
        opened(path)
    assert path.read_text() == content


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    opened(tmp_path / "j").close()
    assert stat.S_IMODE((tmp_path / "j").stat().st_mode) == 0o600


@given(st.lists(st.integers(1, 10_000)))
def test_marks(numbers: list[int]) -> None:
    marks = Marks()
    for number in numbers:
        marks.add(number)
    assert len(marks) == len(set(numbers))
    assert all(number in marks for number in numbers)
    assert not any(number in marks for number in {*range(1, 50), 20_000} - set(numbers))
