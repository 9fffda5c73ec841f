"""The demo's processes: a user pool, an application, and the walk through it. Standard library only."""

from __future__ import annotations

import ctypes
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

FRAMEWORKS = ("fastapi", "flask", "starlette")
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PATIENCE = 10  # seconds until a process that does not stop is killed
KEPT = 30  # lines of a process's output that are shown when it fails
POOL_IS_READY = re.compile(r"(\{.*\})")
SITE_IS_READY = re.compile(r"unning on (http://[\w.]+:\d+)")


def demonstrate(framework: str, port: int, *, once: bool) -> int:
    """Start everything, walk, and go on serving unless ``once``; gives the exit status. Raises `OSError` for what does not
    start. When this returns, or raises, no process is left."""
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, name), _stop)
    print("Starting a user pool: cognito-auth local", flush=True)
    command = [sys.executable, "-m", "cognito_auth", "local", "--port", "0", "--json"]
    with running(command, _environment(), POOL_IS_READY) as (_, line):
        pool = json.loads(line)
        environment = {
            **_environment(),
            "COGNITO_ENDPOINT": pool["endpoint"],
            "COGNITO_USER_POOL_ID": pool["user_pool_id"],
            "COGNITO_CLIENT_ID": pool["client_id"],
            "COGNITO_AUTH_FLOWS": "USER_SRP_AUTH,USER_AUTH",
            "COGNITO_AUTH_SECRET": secrets.token_urlsafe(32),
        }
        print(f"Starting an application: examples/{framework}_app.py", flush=True)
        command = [sys.executable, str(EXAMPLES / f"{framework}_app.py"), "--port", str(port)]
        with running(command, environment, SITE_IS_READY) as (application, site):
            status = _walk(framework, site, environment)
            if once or status:
                return status
            try:
                print(f"\nThe application goes on at {site}/ (Ctrl+C ends it): sign up there.")
                print(f"The codes that it sends are at {pool['endpoint']}/_local/", flush=True)
                application.wait()
            except KeyboardInterrupt:
                return 0
            print("The application ended by itself.", file=sys.stderr)
            return 1


def _walk(framework: str, site: str, environment: dict[str, str]) -> int:
    command = [sys.executable, str(EXAMPLES / "walk.py"), site]
    if framework != "flask" and find_spec("websockets"):
        command.append("--websocket")
    return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def running(
    command: list[str], environment: dict[str, str], ready: re.Pattern[str]
) -> Generator[tuple[subprocess.Popen[str], str]]:
    """A process for as long as the block lasts, and what ``ready`` finds in the line that says that it is.

    Raises `OSError` with its last lines when it ends before that.
    """
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no thread here holds a lock
    )
    try:
        yield process, _wait(process, ready)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl+C leaves nothing behind either
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[str], ready: re.Pattern[str]) -> str:
    last: deque[str] = deque(maxlen=KEPT)
    for line in process.stdout or ():
        last.append(line)
        found = ready.search(line)
        if found:
            # Somebody has to read on, or the process stops when the pipe is full.
            threading.Thread(target=last.extend, args=(process.stdout,), daemon=True).start()
            return found[1]
    raise OSError(f"a process ended before it was ready:\n{''.join(last)}")


def _environment() -> dict[str, str]:
    """This process's environment for those that it starts: without a pool's settings, and past any proxy to this machine."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COGNITO_")}
    return {**inherited, "NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}


def _end_with_parent() -> None:
    """Have Linux end this process when the demo is killed without a chance to do so itself (prctl(2))."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _stop(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
