"""What drivers tell somebody who measures: what begins and ends, what is answered, which events are reported."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from .events import SecurityEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that takes time: an operation of Cognito's or the fetch of a key set, retries included; an endpoint at work,
    or finding out who sent a request."""

    kind: Literal["operation", "key_set", "endpoint", "authenticate"]
    name: str
    """The operation's or the endpoint's; otherwise the kind again."""
    url: str = ""
    """Where it is asked for, for those that go over the network."""


class Observer(Protocol):
    """Measures what a driver does. It is called in the thread or task that does it, and must not block or raise."""

    def observe(self, activity: Activity) -> AbstractContextManager[object]:
        """What is entered for as long as the activity lasts; an error that ends it passes through."""
        ...

    def answered(self, status: int) -> None:
        """An HTTP answer with this status came in, within the innermost activity."""
        ...

    def reported(self, event: SecurityEvent) -> None:
        """An event was reported."""
        ...
