"""One of the example applications as a real process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
FRAMEWORKS: Final = ("fastapi", "flask", "starlette")
_READY: Final = re.compile(r"unning on (http://[\w.]+:\d+)")
_PATIENCE: Final = 20  # seconds until a process that does not stop is killed


@dataclass(slots=True, kw_only=True)
class Example:
    """A running application, and what it has printed."""

    url: str = ""
    output: list[str] = field(default_factory=list[str])


@contextmanager
def example(framework: str, environment: Mapping[str, str]) -> Generator[Example]:
    """Run an example on a free port with ``environment`` besides this process's own, without any of its ``COGNITO_`` names."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COGNITO_")}
    command = [sys.executable, "-u", str(EXAMPLES / f"{framework}_app.py"), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**inherited, **environment}
    ) as process:
        running = Example()
        output = cast("IO[str]", process.stdout)
        try:
            running.url = _wait(output, running.output)
            # Somebody has to read on, or the process stops when the pipe is full.
            threading.Thread(target=running.output.extend, args=(output,), daemon=True).start()
            yield running
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(output: IO[str], lines: list[str]) -> str:
    for line in output:
        lines.append(line)
        found = _READY.search(line)
        if found:
            return found[1]
    raise AssertionError(f"the application ended before it was ready:\n{''.join(lines)}")
