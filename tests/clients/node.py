"""Node with the packages of the lock file, and what it runs: scripts of ``js/`` that print what happened as JSON."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tests.support.requirements import require_or_skip

_JS: Final = Path(__file__).parent / "js"
_PATIENCE: Final = 300  # seconds until a script that does not end is killed


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The program, ready to run the scripts."""

    program: str

    def run(self, script: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """What ``script`` printed; it gets ``given`` as its argument."""
        command = [self.program, script, json.dumps(given)]
        done = subprocess.run(command, cwd=_JS, check=False, capture_output=True, text=True, timeout=_PATIENCE)
        assert done.returncode == 0, done.stderr
        return cast("dict[str, Any]", json.loads(done.stdout))


def ready() -> Node:
    """Install what is not installed yet. Skips the test where there is no node."""
    programs = [shutil.which(name) for name in ("node", "npm")]
    require_or_skip(all(programs), "node and npm are not installed")
    program, npm = map(str, programs)
    lock, installed = _JS / "package-lock.json", _JS / "node_modules" / ".package-lock.json"
    # The tests may run in several processes, of which one installs and the others wait.
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=_JS, check=True, stdout=subprocess.DEVNULL)
            installed.touch()
    return Node(program=program)
