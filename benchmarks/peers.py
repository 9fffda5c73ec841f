"""Other people's libraries: imported by name, and left out with a word where they are missing."""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import Any


class Missing(Exception):
    """A peer that is not installed, or does not work with what is."""


def peer(module: str, package: str) -> Any:
    """A peer's module. Raises `Missing`."""
    try:
        return importlib.import_module(module)
    except Exception as error:  # whatever keeps it from being imported, it cannot be measured
        raise Missing(f"{package}: {type(error).__name__}: {error}") from error


def named(package: str) -> str:
    """A peer's name with the version that is installed."""
    return f"{package} {version(package)}"
