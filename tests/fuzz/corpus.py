"""The inputs that a target begins with: its seeds, and those that earlier runs found to lead somewhere new.

The latter are kept in ``corpus/``, one file for each target, an input in base64 on each line.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from .targets import TARGETS, WORDS

_FOLDER: Final = Path(__file__).parent / "corpus"
_LONGEST: Final = 600
_MOST: Final = 120
"""Of what was found, the shortest are kept: bytes of one, and how many."""


def inputs(name: str) -> list[bytes]:
    """What the target begins with."""
    return [*TARGETS[name].seeds, *kept(name)]


def kept(name: str) -> list[bytes]:
    """What earlier runs found."""
    file = _FOLDER / f"{name}.txt"
    return [b64decode(line) for line in file.read_text().splitlines()] if file.exists() else []


def keep(name: str, found: Iterable[bytes]) -> int:
    """Keep what was found in place of what is kept; says how many they are."""
    short = sorted(
        {data for data in found if len(data) <= _LONGEST} - set(TARGETS[name].seeds), key=lambda data: (len(data), data)
    )
    lines = [b64encode(data).decode() for data in short[:_MOST]]
    _FOLDER.mkdir(exist_ok=True)
    (_FOLDER / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))
    return len(lines)


def lay_out(folder: Path, data: Iterable[bytes]) -> None:
    """Write inputs as the fuzzer wants them, each into a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in data:
        (folder / hashlib.sha256(each).hexdigest()[:32]).write_bytes(each)


def dictionary() -> str:
    """`WORDS` as the fuzzer wants them."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in dict.fromkeys(WORDS))
