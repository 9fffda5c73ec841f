"""The page about the ASVS has each requirement of its chapters once, and the tests that it names are there."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pytest

from .named_tests import ROOT, exists, named_tests

LEVELS: Final = {
    6: ("122", "111111112222", "11223333", "112233", "22222333", "2223", "33", "2222"),
    7: ("222", "1111", "22", "11222", "223", "22"),
    8: ("1233", "1123", "133", "23"),
    9: ("111", "1222"),
    10: ("22", "223", "22223", "1111122222233333", "22222", "22", "222"),
}
"""The level of each requirement of ASVS 5.0.0 in each section of the chapters; sections and requirements have no gaps."""
REQUIREMENTS: Final = [
    (f"V{chapter}.{section}", f"V{chapter}.{section}.{number}", level)
    for chapter, sections in LEVELS.items()
    for section, levels in enumerate(sections, 1)
    for number, level in enumerate(levels, 1)
]
KINDS: Final = ("library", "Cognito", "application", "not applicable", "not met")


class Row(NamedTuple):
    """A row of one of the page's tables."""

    section: str
    id: str
    level: str
    short: str
    how: str
    tests: str


def rows() -> list[Row]:
    """Every row whose first cell is a requirement's id, with the section whose heading it stands under."""
    found: list[Row] = []
    section = ""
    for line in (ROOT / "docs" / "asvs.md").read_text().splitlines():
        if line.startswith("### "):
            section = line.split()[1]
        elif re.match(r"\| V\d", line):
            found.append(Row(section, *(cell.strip() for cell in line.strip("|").split("|"))))
    return found


ROWS: Final = rows()
each_row: Final = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def test_every_requirement_is_there_once_and_in_order() -> None:
    assert [(row.section, row.id, row.level) for row in ROWS] == REQUIREMENTS


@each_row
def test_a_row_says_how_it_is_met(row: Row) -> None:
    kind, _, clause = row.how.partition(": ")
    assert row.short
    assert kind in KINDS
    assert clause
    assert row.tests if kind == "library" else kind == "application" or not row.tests


@each_row
def test_the_tests_that_it_names_are_there(row: Row) -> None:
    named = list(named_tests(row.tests))
    assert row.tests == ", ".join(f"`{path}::{name}`" for path, name in named)
    assert len(named) <= 2
    assert [f"{path}::{name}" for path, name in named if not exists(path, name)] == []


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md", "docs/assurance.md", "docs/threat-model.md"])
def test_it_is_linked(page: str) -> None:
    assert re.search(r"\]\((?:docs/)?asvs\.md\)", (ROOT / page).read_text())
