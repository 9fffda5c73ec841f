"""What no file of the project says: where packages come from, whose machine it was written on, what is still to do."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SKIPPED: Final = {"__pycache__", "build", "dist", "node_modules", ".git"}  # which is a file where there are several work trees
"""Folders that are made, not written; hidden ones besides ``.ci`` are skipped too."""

FORBIDDEN: Final = {
    "registry": re.compile(r"pypi\.(?:org|python)|pythonhosted\.|registry\.npmjs|registry\.yarnpkg|npmjs\.com/package"),
    "machine": re.compile(r"(?<![\w.:-])/(?:work|root|Users|home/\w+|mnt)/"),
    "to-do": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "merge": re.compile(r"^(?:<{7}|>{7})", re.MULTILINE),
}


LOCKS: Final = [
    *sorted((ROOT / "requirements").iterdir()),
    *(ROOT / folder / "js" / "package-lock.json" for folder in ("benchmarks", "tests/clients")),
]


def files() -> Iterator[Path]:
    """The files that somebody wrote."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.is_dir():
                if path.name not in SKIPPED and (not path.name.startswith(".") or path.name == ".ci"):
                    folders.append(path)
            elif path.name not in SKIPPED and path.suffix not in {".pyc", ".png", ".ico", ".db"}:
                yield path


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in files() if path != Path(__file__)], ids=name_of)
def test_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for what, pattern in FORBIDDEN.items():
        found = pattern.search(text)
        assert found is None, f"{what}: {found.group()}"


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_lock_files_have_no_addresses_of_packages(path: Path) -> None:
    text = path.read_text()
    assert '"resolved"' not in text
    assert "://" not in text
    if path.suffix == ".txt":
        assert "--hash=sha256:" in text


def test_what_is_looked_for_is_found() -> None:
    for what, planted in {
        "registry": "https://pypi." + "org/simple",
        "machine": "see /root" + "/x",
        "to-do": "# TO" + "DO: later",
        "merge": "<<<<" + "<<< HEAD",
    }.items():
        assert FORBIDDEN[what].search(planted), what


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").iterdir()), ids=name_of)
def test_scripts_can_be_run(path: Path) -> None:
    if path.is_file() and not path.name.startswith("_"):
        assert path.read_text().startswith("#!"), path
        assert path.stat().st_mode & 0o111


def test_git_ignores_what_is_made() -> None:
    done = subprocess.run(["git", "check-ignore", "dist/x", "build/x"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 128:  # not a repository: an unpacked source distribution
        assert done.stdout.split() == ["dist/x", "build/x"]
