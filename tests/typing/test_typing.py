"""mypy's view of a user's code: what must check does, and what must not is found, line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
GOOD: Final = HERE / "must_check.py"
BAD: Final = HERE / "must_not_check.py"
REPORT: Final = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[\w-]+)\]")


def reported(cache: Path) -> set[tuple[str, int, str]]:
    """File, line and code of every error that mypy reports in the two files."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context", str(GOOD), str(BAD)]
    # A cache of its own: two that write to one at once break it.
    command += ["--cache-dir", str(cache)]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if ": note: " not in line]
    found = [REPORT.fullmatch(line) for line in lines]
    assert all(found), done.stdout
    return {(Path(report["file"]).name, int(report["line"]), report["code"]) for report in found if report}


def test_what_must_check_and_what_must_not(tmp_path: Path) -> None:
    marked = {
        (BAD.name, number, found[1])
        for number, line in enumerate(BAD.read_text().splitlines(), 1)
        if (found := re.search(r"# E: ([\w-]+)$", line))
    }
    assert len(marked) > 20
    assert reported(tmp_path) == marked
