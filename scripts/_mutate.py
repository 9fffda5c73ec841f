"""Mutation tests: which modules are changed, by whose tests each change has to be noticed, and which changes are none.

mutmut makes the mutants and runs the tests against them, in a copy of the project below ``build/mutate``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from _venv import ROOT

FOLDER: Final = ROOT / "build" / "mutate"
EQUIVALENT: Final = ROOT / "tests" / "equivalent_mutants.toml"
PARALLEL: Final = 2
KILLED: Final = frozenset({1, 3})
TIMED_OUT: Final = frozenset({36, 24, -24, 152, 255})
"""What mutmut notes of a mutant that a test noticed, and of one that ran so long that it was stopped, which is noticed too."""

MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "base64url": ("base64url",),
    "tokens/check": ("tokens_accepted", "tokens_memory", "tokens_messages", "tokens_refused", "rfc8725"),
    "tokens/claims": ("tokens_accepted", "tokens_messages", "tokens_refused"),
    "tokens/jws": ("tokens_accepted", "tokens_messages", "tokens_refused", "rfc8725", "advisories"),
    "tokens/keyring": ("recall", "tokens_age", "tokens_flow", "tokens_memory", "tokens_messages"),
    "tokens/keys": ("tokens_keys", "tokens_messages", "advisories"),
    "tokens/schedule": ("tokens_age", "tokens_flow", "tokens_keys"),
    "tokens/strict": ("strict", "tokens_refused", "rfc8725"),
    "tokens/trust": ("recall", "tokens_flow", "tokens_memory", "tokens_messages", "tokens_refused"),
    "tokens/verifier": (
        "recall",
        "tokens_accepted",
        "tokens_age",
        "tokens_flow",
        "tokens_keys",
        "tokens_memory",
        "tokens_messages",
    ),
    "guards": ("guards",),
    "sessions/cookies": ("cookies",),
    "sessions/packing": ("packing",),
    "sessions/seal": ("seal",),
    "sessions/session": ("session",),
    "web/body": ("body",),
    "web/client_address": ("client_address",),
    "web/cookie_sessions": ("cookie_sessions",),
    "web/cors": ("cors",),
    "web/early_end": ("early_end", "recall"),
    "web/http": ("http",),
    "web/options": ("options",),
    "web/origin": ("origin",),
    "web/rate_limits": ("rate_limits",),
    "web/redirects": ("redirects",),
    "web/refusals": ("refusals",),
    "web/sign_in_page": ("navigation",),
    "web/stored_sessions": ("stored_sessions", "stored_sessions_kept"),
    "web/vault": ("vault",),
}
"""The unit tests of each module, without which a mutant of it would live."""

CONFIGURATION: Final = """
[tool.mutmut]
source_paths = ["cognito_auth"]
only_mutate = ["cognito_auth/{module}.py"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist"]
use_git_change_detection = false

[tool.pytest.ini_options]
addopts = ["--strict-markers", "--strict-config", "--import-mode=importlib"]
filterwarnings = ["error"]
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a module; ``old`` and ``new`` are the lines that differ, without their indentation."""

    function: str
    old: str
    new: str


def mutate(module: str) -> tuple[int, int, list[Mutant]]:
    """How many mutants of a module there are, how many of them ran out of time, and those that no test noticed."""
    home = FOLDER / module.replace("/", "_")
    _copy(module, home)
    with (home / "log").open("w") as log:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(PARALLEL)]
        done = subprocess.run(command, cwd=home, check=False, stdout=log, stderr=subprocess.STDOUT)
    meta = home / "mutants" / "cognito_auth" / f"{module}.py.meta"
    if done.returncode or not meta.exists():
        sys.exit(f"mutmut failed; {(home / 'log').relative_to(ROOT)} says why")
    codes: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
    survivors = [_shown(home, name) for name, code in codes.items() if code not in KILLED | TIMED_OUT]
    return len(codes), sum(code in TIMED_OUT for code in codes.values()), survivors


def _copy(module: str, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cognito_auth", home / "cognito_auth", ignore=unwanted)
    shutil.copytree(ROOT / "tests" / "support", home / "tests" / "support", ignore=unwanted)
    tests = [f"tests/unit/test_{name}.py" for name in MODULES[module]]
    (home / "tests" / "unit").mkdir()
    for file in ("tests/__init__.py", "tests/conftest.py", "tests/unit/__init__.py", *tests):
        shutil.copy(ROOT / file, home / file)
    (home / "pyproject.toml").write_text(CONFIGURATION.format(module=module, tests=json.dumps(tests)))


def _shown(home: Path, name: str) -> Mutant:
    command = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(command, cwd=home, check=True, capture_output=True, text=True).stdout.splitlines()
    old, new = (" ".join(line[1:].strip() for line in shown if line[:1] == sign and line[:3] != sign * 3) for sign in "-+")
    return Mutant(name.rpartition("__mutmut_")[0].removeprefix("cognito_auth."), old, new)


def equivalent() -> Iterator[tuple[Mutant, str]]:
    """The mutants that change nothing that anybody could see, each with the reason."""
    for entry in tomllib.loads(EQUIVALENT.read_text())["mutant"]:
        yield Mutant(entry["function"], entry["old"], entry["new"]), entry["reason"]
