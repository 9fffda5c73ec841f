"""What is shown of bulk work: lines of text, a bar, and one helpful error where what draws it is missing."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Final

import pytest

from cognito_auth.bulk.progress import Failure, Text, bar, described

FAILURE: Final = Failure(line=7, username="ana@example.com", reason="AdminCreateUser: no\x1b[2J\nline 8: fine")


def test_text_now_and_then() -> None:
    stream = io.StringIO()
    shown = Text(stream, every=0.0)
    shown.begin("groups", None)
    shown.advance()
    shown.begin("users", 3)
    shown.advance(2)
    shown.advance()
    assert stream.getvalue() == "groups: 1\nusers: 2 of 3\nusers: 3 of 3\n"


def test_text_of_failures_only() -> None:
    stream = io.StringIO()
    shown = Text(stream, every=float("inf"))
    shown.begin("users", 3)
    shown.advance()
    shown.fail(FAILURE)
    assert stream.getvalue() == f"{described(FAILURE)}\n"


def test_a_failure_is_one_line_that_names_nobody_and_moves_no_cursor() -> None:
    assert described(FAILURE) == "line 7: AdminCreateUser: no?[2J?line 8: fine"
    assert "ana" not in repr(FAILURE)


def test_a_bar(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rich")
    with bar() as shown:
        shown.advance()
        shown.begin("groups", None)
        shown.begin("users", 3)
        shown.advance(2)
        shown.fail(FAILURE)
    output, errors = capfd.readouterr()
    assert output == ""
    assert "users" in errors
    assert "2/3" in errors
    assert "groups" not in errors
    assert "line 7" in errors


def test_a_bar_without_what_draws_it() -> None:
    code = "import sys; sys.modules['rich'] = None; from cognito_auth.bulk.progress import bar\nwith bar(): pass"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("A progress bar needs more packages: pip install 'cognito-auth-kit[bulk]'")
