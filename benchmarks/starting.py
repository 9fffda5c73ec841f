"""What a cold process takes until it can work: fresh interpreters, each from its start to its end, in the processor's time.

What they read has been read and compiled before, so neither the disk nor the compiler is measured, and nothing is waited for:
on an idle machine it is the time that passes, and on a busy one it still is what the process itself takes.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.support.tokens import CLIENT_ID, POOL_ID, key_set

from .measuring import MILLISECONDS, Candidate, Compared, Target, Turn, at_most, table_of, take_turns
from .reports import Report, main
from .samples import access_token

ROUNDS: Final = 30

PEERS: Final[dict[str, str]] = {
    "http.client and ssl": "import http.client, ssl",
    "boto3 and a client of it": "import boto3; boto3.client('cognito-idp', region_name='eu-west-1')",
    "import fastapi_cognito": "import fastapi_cognito",
    "import flask_cognito_lib": "import flask_cognito_lib",
    "import flask": "import flask",
    "import fastapi": "import fastapi",
    "import starlette.applications": "import starlette.applications",
}
OURS: Final[dict[str, tuple[str, Target | None]]] = {
    "import cognito_auth": ("import cognito_auth", at_most(25)),
    "import cognito_auth_flask": ("import cognito_auth_flask", None),
    "import cognito_auth_fastapi": ("import cognito_auth_fastapi", None),
    "import cognito_auth_starlette": ("import cognito_auth_starlette", None),
}
"""With how many milliseconds above bare Python each may take."""


def start(program: str) -> None:
    """Run a program in a process of its own. Raises `subprocess.CalledProcessError`."""
    run_python(["-c", program])


def run_python(arguments: Sequence[str]) -> None:
    """Run Python in a process of its own, likewise."""
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)


def spent(work: Callable[[], object]) -> Turn:
    """A turn that does the work and gives the seconds that its processes kept a processor busy."""

    def turn() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return turn


BARE: Final = Candidate("bare Python", spent(partial(start, "pass")))


def verifying(folder: Path) -> Candidate:
    """Ours up to the first verified token."""
    files = {"key_set": key_set().decode(), "token": access_token()}
    for name, content in files.items():
        (folder / name).write_text(content)
    program = Path(__file__).with_name("first_token.py")
    arguments = [str(program), *(str(folder / name) for name in files), POOL_ID, CLIENT_ID]
    return Candidate("cognito_auth and a first verified token", spent(partial(run_python, arguments)))


def peers(skipped: list[str]) -> list[Candidate]:
    """Those that start here."""
    found: list[Candidate] = []
    for name, program in PEERS.items():
        try:
            start(program)
        except subprocess.CalledProcessError as error:
            skipped.append(f"{name}: {error.stderr.strip().splitlines()[-1]}")
        else:
            found.append(Candidate(name, spent(partial(start, program))))
    return found


def run(effort: float) -> Report:
    """The same rounds twice: as multiples of bare Python, and as milliseconds above it."""
    skipped: list[str] = []
    with TemporaryDirectory() as folder:
        ours = [Candidate(name, spent(partial(start, program))) for name, (program, _) in OURS.items()]
        candidates = [BARE, *peers(skipped), *ours, verifying(Path(folder))]
        took = take_turns(candidates, rounds=max(5, int(ROUNDS * effort)))
    aimed = [replace(each, target=OURS[each.name][1]) if each.name in OURS else each for each in candidates]
    tables = (
        table_of("A cold process", candidates, took, unit=MILLISECONDS),
        table_of("A cold process above bare Python", aimed, took, unit=MILLISECONDS, compared=Compared.DIFFERENCE),
    )
    return Report(name="starting", tables=tables, skipped=tuple(skipped))


if __name__ == "__main__":
    main(run, __doc__)
