"""What a guard costs over the loopback interface: a guarded route's requests a second against the same route without one.

Each application is a server of its own with one worker: uvicorn for Starlette and FastAPI, gunicorn for Flask. In each round
wrk (a Debian package) asks each for a moment, one after another. It and the servers have a processor each, where there are two.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .guards import OURS
from .measuring import Candidate, Compared, Table, Target, at_least, side_by_side
from .peers import named
from .reports import Report, main
from .samples import access_token, share_key
from .sites import FRAMEWORKS, Make

SECONDS: Final = 1
"""For which each is asked in a round."""
CONNECTIONS: Final = 8
ROUNDS: Final = 16
HOST: Final = "127.0.0.1"
UVICORN: Final = ("uvicorn", "--log-level", "error", "--no-access-log")
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_BAD: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A route of a server that runs."""

    port: int
    path: str
    token: str

    def took(self) -> float:
        """Seconds for each request, when several connections ask as fast as they are answered."""
        command = [
            *on_processor(1),
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{SECONDS}s",
            "-H",
            f"Authorization: Bearer {self.token}",
        ]
        told = subprocess.run([*command, f"http://{HOST}:{self.port}{self.path}"], capture_output=True, text=True, check=True)
        rate = _RATE.search(told.stdout)
        if rate is None or _BAD.search(told.stdout):
            raise RuntimeError(f"wrk: {told.stdout}")
        return 1 / float(rate[1])


def serving(make: Make, framework: str, environment: Mapping[str, str]) -> AbstractContextManager[int]:
    """A server of an application, with one worker; gives its port."""
    with socket.create_server((HOST, 0)) as free:
        port = int(free.getsockname()[1])
    where, bound = f"benchmarks.sites:{make.__name__}", f"{HOST}:{port}"
    if framework == "Flask":
        command = ["gunicorn", "--bind", bound, "--log-level", "error", f"{where}()"]
    else:
        command = [*UVICORN, "--host", HOST, "--port", str(port), "--factory", where]
    return running(command, port, environment, processor=0)


def on_processor(number: int) -> tuple[str, ...]:
    """What has a command run on this processor alone, where there are two and a tool for it: the guard's share would be the
    smaller, the more the server waits for whoever asks."""
    return ("taskset", "-c", str(number)) if (os.cpu_count() or 1) > 1 and shutil.which("taskset") else ()


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str],
    *,
    processor: int | None = None,
    given: Sequence[int] = (),
) -> Generator[int]:
    """A server that listens on ``port``, or at a socket that it is ``given``; gives the port."""
    where = () if processor is None else on_processor(processor)
    process = subprocess.Popen([*where, sys.executable, "-m", *command], env=environment, pass_fds=given)
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody answers, whatever it is. Raises `RuntimeError` when the process ends instead."""
    while process.poll() is None:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse()
            connection.close()
            return
        time.sleep(0.05)
    raise RuntimeError("a server did not start")


def compared(framework: str, rounds: int, skipped: list[str]) -> Table:
    """A framework's table."""
    token = access_token()
    plain, peers = FRAMEWORKS[framework]
    sites: dict[str, tuple[Make, str, Target | None]] = {}
    for name, (make, target) in OURS[framework].items():
        sites[name] = make, "/guarded", target and at_least(0.90)
    for package, make in peers.items():
        try:
            sites[named(package)] = (make, "/guarded", None)
        except PackageNotFoundError:
            skipped.append(f"{package}: not installed")
    with ExitStack() as stack, TemporaryDirectory() as folder:
        environment = share_key(Path(folder))

        def candidate(name: str, make: Make, path: str, target: Target | None) -> Candidate:
            port = stack.enter_context(serving(make, framework, environment))
            return Candidate(name, Asked(port, path, token).took, target)

        candidates = [candidate(f"{framework}, no guard", plain, "/open", None)]
        candidates += [candidate(name, *site) for name, site in sites.items()]
        server = "gunicorn" if framework == "Flask" else "uvicorn"
        title = f"A guarded route of {framework}, over loopback ({server}, wrk)"
        return side_by_side(title, candidates, rounds=rounds, compared=Compared.THROUGHPUT)


def run(effort: float) -> Report:
    """A table for each framework."""
    if shutil.which("wrk") is None:
        return Report(name="loopback", skipped=("everything: wrk is not installed",))
    skipped: list[str] = []
    rounds = max(2, int(ROUNDS * effort))
    tables = tuple(compared(framework, rounds, skipped) for framework in FRAMEWORKS)
    return Report(name="loopback", tables=tables, skipped=tuple(skipped))


if __name__ == "__main__":
    main(run, __doc__)
