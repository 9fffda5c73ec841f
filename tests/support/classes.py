"""The classes below a class, found by looking, so that a new one cannot be forgotten."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


def below(base: type[T]) -> Iterator[type[T]]:
    """The classes anywhere below ``base``. A slotted dataclass leaves its unslotted forerunner behind, which is none."""
    for kind in base.__subclasses__():
        if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind:
            yield kind
            yield from below(kind)


def leaves(base: type[T]) -> Iterator[type[T]]:
    """The classes below ``base`` that have none below themselves."""
    return (kind for kind in below(base) if not any(below(kind)))
