"""The wheel and the source distribution: exactly what belongs in them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from cognito_auth import __version__

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = {"cognito_auth", "cognito_auth_fastapi", "cognito_auth_flask", "cognito_auth_starlette"}
PASSKEYS: Final = "cognito_auth/web/static/passkeys.js"
DIST_INFO: Final = f"cognito_auth_kit-{__version__}.dist-info"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> set[str]:
    """The names in the wheel."""
    (path,) = built.glob("*.whl")
    with ZipFile(path) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def sdist(built: Path) -> set[str]:
    """The names in the source distribution, without the folder that holds them."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def sources(folder: Path, base: Path) -> set[str]:
    return {path.relative_to(base).as_posix() for path in folder.rglob("*.py")}


def test_top_level_names(wheel: set[str]) -> None:
    assert {name.partition("/")[0] for name in wheel} == {*PACKAGES, DIST_INFO}


def test_every_module_and_nothing_else(wheel: set[str]) -> None:
    core = sources(ROOT / "cognito_auth", ROOT)
    adapters = sources(ROOT / "adapters", ROOT / "adapters")
    assert {name for name in wheel if name.endswith(".py")} == core | adapters
    others = {name for name in wheel if not name.endswith(".py") and not name.startswith(DIST_INFO)}
    assert others == {*(f"{package}/py.typed" for package in PACKAGES), PASSKEYS}


def test_licence_and_command(wheel: set[str]) -> None:
    assert {f"{DIST_INFO}/licenses/LICENSE", f"{DIST_INFO}/entry_points.txt"} <= wheel


def test_source_distribution(sdist: set[str]) -> None:
    for folder, base in ((ROOT / "cognito_auth", ROOT), (ROOT / "adapters", ROOT), (ROOT / "tests", ROOT)):
        here = {name for name in sources(folder, base) if "node_modules" not in name}
        assert here <= sdist
    assert sources(ROOT / "examples", ROOT)
    assert sources(ROOT / "examples", ROOT) <= sdist
    assert {"LICENSE", "README.md", "pyproject.toml", PASSKEYS, "tests/vectors/srp_vectors.json"} <= sdist
    assert not any("node_modules" in name or "__pycache__" in name for name in sdist)
