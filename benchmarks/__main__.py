"""Runs the benchmarks, all or those that are named, each in a process of its own, and joins what they found in one file.

``python -m benchmarks [NAME ...] [--effort 1.0] [--write]``; ``--write`` makes the tables and pictures of the docs from it.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from .pages import write
from .reports import Report

ALL: Final = ("verify", "srp", "guards", "loopback", "cookies", "calls", "starting", "memory", "asked", "growth", "pool")
FOLDER: Final = Path("build") / "benchmarks"
JOINED: Final = FOLDER / "all.json"


def machine() -> dict[str, str]:
    """What the figures were measured with."""
    packages = ("cryptography", "pyjwt", "httpx", "starlette", "fastapi", "flask", "uvicorn", "gunicorn")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def main() -> int:
    """Run, join, and write where that is asked for."""
    parser = argparse.ArgumentParser(description="Runs the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; all by default")
    parser.add_argument("--effort", type=float, default=1.0, help="how many rounds, as a multiple (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="make the docs' tables and pictures from what was found")
    given = parser.parse_args()
    unknown = set(given.names) - set(ALL)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    failed: list[str] = []
    for name in given.names or ALL:
        print(f"\n== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", "--effort", str(given.effort)]
        if subprocess.run([*command, "--json", str(FOLDER / f"{name}.json")], check=False).returncode:
            failed.append(name)
    found = [json.loads(path.read_text()) for name in ALL if (path := FOLDER / f"{name}.json").exists()]
    joined: dict[str, Any] = {"machine": machine(), "reports": found}
    JOINED.write_text(json.dumps(joined, indent=1) + "\n")
    print(f"\nAll figures: {JOINED}")
    if given.write:
        write([Report.from_json(each) for each in found], joined["machine"])
    if failed:
        print(f"did not end well: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
