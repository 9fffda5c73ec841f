"""What two processes must not share is made anew in the child of a fork: connections, and locks that somebody may hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

_renewals: Final[WeakKeyDictionary[Any, Callable[[Any], None]]] = WeakKeyDictionary()


def renew_after_fork(owner: object, renew: Callable[[Any], None]) -> None:
    """Have ``renew(owner)`` called in the child of every fork, as long as ``owner`` lives; there is one thread then."""
    _renewals[owner] = renew


def _renew() -> None:
    for owner, renew in tuple(_renewals.items()):
        renew(owner)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
