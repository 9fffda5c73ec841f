"""A name server that is silent: nobody waits for it longer than for any other fault, and no threads pile up.

What hangs is the system's own resolver, in a process whose network and name server are the test's (`silent_names`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from ..support.requirements import require_or_skip
from .silent_names import JOBS

ROOT: Final = Path(__file__).parents[2]
APART: Final = ("unshare", "--user", "--map-root-user", "--mount", "--net")
_MOST_LOOKUPS: Final = 4


def can_be_apart() -> bool:
    try:
        return subprocess.run([*APART, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("kind", ["blocking", "asyncio", "aiohttp"])
def test_a_silent_name_server_holds_nobody_and_no_threads(kind: str) -> None:
    require_or_skip(can_be_apart(), "a network of its own needs unshare, and a system that lets users have namespaces")
    command = [*APART, sys.executable, "-m", "tests.faults.silent_names", kind]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    seen: dict[str, Any] = json.loads(ran.stdout)
    assert seen["asked"], "the name server was never asked"
    assert seen["refused"] == ["unavailable"]
    assert seen["lookups"] >= 1, "whoever asked waited until the resolver gave up"
    assert seen["lookups"] <= _MOST_LOOKUPS
    assert seen["heals"] == "ana"
    assert kind == "blocking" or seen["jobs"] == JOBS, "the event loop's threads were held by lookups"
