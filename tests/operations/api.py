"""The face that journeys see: operations by name with members in wire names, and one error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Refused(Exception):
    """An error reply: the code as on the wire, and the text."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Api(Protocol):
    """Carries out operations."""

    def call(self, operation: str, /, **members: Any) -> Mapping[str, Any]:
        """The reply's members in wire names, times as seconds. Raises `Refused` for an error reply."""
        ...


class Tools(Protocol):
    """What a journey needs of the pool beside the API."""

    def code(self, user_pool_id: str, username: str) -> str:
        """The code in the newest message to the user."""
        ...

    def now(self) -> float:
        """The pool's time, in seconds since the epoch."""
        ...

    def move(self, seconds: float) -> None:
        """Move the pool's clock forward."""
        ...
