"""What must not become dearer unnoticed, by counts of instructions: the same on a busy machine as on an idle one.

Valgrind counts them in one run of `work`. What is not ours is counted beside it and taken away: which code OpenSSL has for
signatures and ciphers depends on the processor, and what compressing costs on the system's zlib. What is left is ours, Python's
and the json module's. It is given as a multiple of the least that reading a token takes with the standard library, which
another release of Python makes dearer or cheaper along with it; a guarded request as a multiple of one without a guard.

A limit is some 15 per cent above what was counted when it was set. Whoever makes something cheaper may lower it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..support.requirements import require_or_skip
from ..support.tokens import access_claims, header, key_set, signed, token_of
from .work import TIMES, Material

ROOT: Final = Path(__file__).parents[2]
_TOTALS: Final = re.compile(r"^totals: (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something that has a limit."""

    name: str
    work: str
    apart_from: tuple[str, ...] = ()
    """What is a part of the work and not ours."""
    base: str = "reading"
    limit: float


ROWS: Final = (
    Row(name="check a first-seen token, apart from its signature", work="first_seen", apart_from=("signature",), limit=1.5),
    Row(name="check a remembered token", work="remembered", limit=0.052),
    Row(name="refuse garbage", work="garbage", limit=0.34),
    Row(name="refuse an unknown kid", work="unknown", limit=0.66),
    Row(name="seal a session, apart from cipher and zlib", work="seal", apart_from=("encrypting", "deflating"), limit=4.15),
    Row(name="open a session, apart from cipher and zlib", work="open", apart_from=("decrypting", "inflating"), limit=3.7),
    Row(name="a guarded request to Starlette", work="guarded", base="unguarded", limit=1.46),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Instructions of each piece of work, and the files that tell more of them."""

    instructions: Mapping[str, int]
    files: Mapping[str, Path]

    def ratio(self, row: Row) -> float:
        """What is held against the row's limit."""
        ours = self.instructions[row.work] - sum(self.instructions[part] for part in row.apart_from)
        return ours / self.instructions[row.base]


def material() -> Material:
    """Tokens that differ, of one length."""
    now = int(time.time())
    return Material(
        key_set=key_set().decode(),
        tokens=tuple(token_of(username=f"user-{number:031}") for number in range(TIMES + 1)),
        unknown=signed(access_claims(), header(kid="x" * 44)),
        fresh=signed(access_claims(auth_time=now - 60, iat=now - 60, exp=now + 36_000)),
    )


def counted(folder: Path) -> Counted:
    """One run of everything; its files go into the folder."""
    valgrind = shutil.which("valgrind")
    require_or_skip(valgrind, "counting instructions needs valgrind")
    material().write(folder / "material.json")
    done = subprocess.run(
        [
            *(str(valgrind), "--tool=callgrind", "--dump-before=getppid", f"--callgrind-out-file={folder / 'callgrind.out'}"),
            *(sys.executable, "-m", "tests.performance.work", str(folder / "material.json")),
        ],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "0", "PYTHONPATH": f"{ROOT}:{ROOT / 'adapters'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = done.stdout.split()
    assert len(list(folder.glob("callgrind.out.*"))) == 2 * len(names), "something else has called getppid"
    # The file of a mark tells what was done since the mark before it.
    files = {name: folder / f"callgrind.out.{2 * number}" for number, name in enumerate(names, 1)}
    return Counted({name: int(_TOTALS.findall(file.read_text())[0]) for name, file in files.items()}, files)


def test_nothing_has_become_dearer(tmp_path: Path) -> None:
    """All rows in one test, so that one process counts for all of them."""
    found = counted(tmp_path)
    ratios = {row: found.ratio(row) for row in ROWS}
    dearer = [
        f"{row.name}: {ratio:.3f} times as many instructions as {row.base!r}, and at most {row.limit:g} are allowed. "
        f"Where they go: callgrind_annotate {found.files[row.work]}; "
        f"by Python's functions: python -m cProfile -s tottime -m tests.performance.work {tmp_path / 'material.json'}"
        for row, ratio in ratios.items()
        if ratio > row.limit
    ]
    assert not dearer, "\n".join(dearer)
