"""A short run of every target, the same each time; `scripts/fuzz` makes the long ones."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.requirements import require_or_skip, skip_without

from .corpus import dictionary, inputs, lay_out
from .targets import TARGETS

ROOT: Final = Path(__file__).parents[2]
RUNS: Final = 6000
"""Inputs beyond those that are kept, of all targets together."""


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_kept_is_read_or_refused(name: str) -> None:
    assert TARGETS[name].seeds
    for data in inputs(name):
        TARGETS[name].run(data)


def test_a_short_run(tmp_path: Path) -> None:
    skip_without(sys.platform == "linux" and sys.version_info < (3, 13), "atheris is for Linux, and Python before 3.13")
    require_or_skip(importlib.util.find_spec("atheris"), "atheris is not installed")
    for number, name in enumerate(TARGETS):
        lay_out(tmp_path / "corpus", (bytes([number]) + data for data in inputs(name)))
    (tmp_path / "words").write_text(dictionary())
    options = [f"-runs={RUNS}", "-seed=1", "-max_len=4096", f"-dict={tmp_path / 'words'}", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", "tests.fuzz", "every", *options, str(tmp_path / "corpus")]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "DONE" in done.stderr
