"""docs/reliability.md: every row of its tables of faults names tests, and they are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from .named_tests import ROOT, exists, named_tests

PAGE: Final = (ROOT / "docs" / "reliability.md").read_text()
TABLES: Final = PAGE.partition("\n## Faults")[2].partition("\n## ")[0]
ROWS: Final = [line for line in TABLES.splitlines() if line.startswith("|") and not line.startswith(("| fault", "| ---"))]


def test_there_are_rows() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", " ", row.split("|")[1]).strip()[:40])
def test_every_row_names_tests_that_exist(row: str) -> None:
    fault, happens, tests = (cell.strip() for cell in row.strip("|").split("|"))
    assert fault
    assert happens
    named = list(named_tests(tests))
    assert named
    assert len(named) == tests.count(".py::"), "a name that is not written as it must be"
    assert [f"{path}::{name}" for path, name in named if not exists(path, name)] == []


def test_what_does_not_exist_is_told_apart() -> None:
    here = Path("tests/project/test_reliability.py")
    assert exists(here, "test_there_are_rows")
    assert not exists(here, "test_something_else")
    assert not exists(here, "ROWS")
    assert not exists(Path("tests/project/test_nothing.py"), "test_there_are_rows")
    assert exists(Path("tests/unit/test_tokens_flow.py"), "TestABadAnswer::test_refuses_a_strict_start")
    assert not exists(Path("tests/unit/test_tokens_flow.py"), "test_refuses_a_strict_start")
    text = "see `tests/a/test_b.py::test_c`, `tests/a.py::TestD::test_e` and tests/f.py::test_g"
    assert list(named_tests(text)) == [(Path("tests/a/test_b.py"), "test_c"), (Path("tests/a.py"), "TestD::test_e")]
