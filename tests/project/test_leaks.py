"""The check that nothing secret is logged or printed finds what is: tests with planted leaks have to fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PLANTED: Final = """
import logging
import sys

import pytest

from tests.support.leaks import note, note_members

log = logging.getLogger("cognito_auth.any")


@pytest.fixture(autouse=True)
def secrets():
    note_members({"AuthParameters": [{"PASSWORD": "Passw0rd!x", "USERNAME": "ana"}]}, frozenset({"PASSWORD"}))
    for secret in ("493817", "AgAAAHNlYWxlZC1zdGF0ZQ", "JBSWY3DPEHPK3PXP"):
        note(secret)


def test_token_is_found():
    log.warning("bad: %s", "eyJhbGciOiJSUzI1NiJ9.eyJ4IjoxfQ.AAAA")


def test_password_at_debug_is_found():
    log.debug("of %s", "Passw0rd!x")


def test_code_in_a_member_is_found():
    log.info("one", extra={"given": "code=493817"})


def test_state_in_a_traceback_is_found():
    try:
        raise ValueError("state AgAAAHNlYWxlZC1zdGF0ZQ is bad")
    except ValueError:
        log.exception("failed")


def test_print_is_found():
    print("JBSWY3DPEHPK3PXP")


def test_standard_error_is_found():
    print("JBSWY3DPEHPK3PXP", file=sys.stderr)


def test_innocent():
    log.warning("refused username=ana code=code_mismatch 493818")
"""


def failed(tmp_path: Path, folder: str) -> set[str]:
    """The planted tests that fail when they are in a folder of this name."""
    test = tmp_path / "tests" / folder / "test_planted.py"
    test.parent.mkdir(parents=True)
    test.write_text(PLANTED)
    configuration = tmp_path / "none.ini"
    configuration.write_text("[pytest]\n")
    arguments = ["-c", str(configuration), "-p", "tests.support.leaks", "--import-mode=importlib", str(test)]
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert "1 passed" in done.stdout or "7 passed" in done.stdout
    return set(re.findall(r"::test_(\w+) let out what is secret", done.stdout))


def test_planted_leaks_are_found(tmp_path: Path) -> None:
    assert failed(tmp_path, "adapters") == set(re.findall(r"def test_(\w+_is_found)", PLANTED))


def test_other_folders_are_not_watched(tmp_path: Path) -> None:
    assert failed(tmp_path, "unit") == set()
