"""The pool's time: a source of seconds, and a shift that moves it forward.

Everything in the pool that expires asks this clock, so that a test can let a code, a session or a token grow old at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class Clock:
    """``source`` gives seconds since the Unix epoch; it is the machine's time unless another is passed in."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._shift = 0.0
        self._lock = Lock()

    @property
    def shift(self) -> float:
        """By how many seconds the clock was moved."""
        return self._shift

    def now(self) -> float:
        """The pool's time in seconds since the Unix epoch."""
        return self._source() + self._shift

    def move(self, seconds: float) -> None:
        """Let ``seconds`` pass. Raises `ValueError` for a step back: what has expired stays expired."""
        if not seconds >= 0:
            raise ValueError("the pool's clock moves forward only")
        with self._lock:
            self._shift += seconds

    def restore(self, shift: float) -> None:
        """Set the clock as it was when its shift was this, in seconds; for whoever restores everything else with it."""
        with self._lock:
            self._shift = shift
