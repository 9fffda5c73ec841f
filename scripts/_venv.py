"""Runs a script inside the project's own virtual environment, which it makes and keeps up to date. Standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def enter(requirements: str = "dev.txt") -> None:
    """Go on in the environment that holds ``requirements`` (a lock file) and the project itself; returns once inside it."""
    lock = ROOT / "requirements" / requirements
    home = ROOT / f".venv-{lock.stem}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    os.chdir(ROOT)
    if Path(sys.prefix).resolve() == home.resolve():
        return
    stamp = home / "installed"
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Preparing {home.name} (once; about a minute) ...", flush=True)
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True)
        stamp.write_text(wanted)
    os.execv(python, [str(python), *sys.argv])
