"""Fuzzes one target with atheris: ``python -m tests.fuzz TARGET [ARGUMENTS OF LIBFUZZER]``. `scripts/fuzz` calls it.

The target ``every`` takes the first byte for which of the others to run.
"""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any, Final

EVERY: Final = "every"


def main() -> None:
    name, *arguments = sys.argv[1:]
    logging.disable()
    # Not everywhere: it is for Linux, and for the versions of Python that its maintainers build it for.
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["cognito_auth"]):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS

    def every(data: bytes) -> None:
        if data:
            names = list(targets)
            targets[names[data[0] % len(names)]].run(data[1:])

    atheris.Setup([sys.argv[0], *arguments], every if name == EVERY else targets[name].run)
    atheris.Fuzz()


main()
