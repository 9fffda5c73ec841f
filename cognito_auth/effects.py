"""What a flow may ask of the outside world, and how it asks.

A flow is a generator: it yields an *effect*, a frozen value that says what it needs, and is sent what came back. A driver
(`cognito_auth.client`) carries the effects out, one synchronously, one asynchronously; a flow cannot tell which. This module
knows the closed list of effects; it does not know how any of them is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from .config import Settings
from .events import Listener, SecurityEvent
from .observer import Activity

R = TypeVar("R")
T = TypeVar("T")


class Effect(Generic[R]):
    """Something a flow asks for; ``R`` is the type of what comes back. Every API operation is one (`cognito_auth.api`)."""

    __slots__ = ()


Flow: TypeAlias = Generator[Effect[Any], Any, T]
"""A generator that yields effects, is sent their results, and returns a ``T``."""


@dataclass(frozen=True, slots=True)
class Configuration(Effect[Settings]):
    """The settings that the driver was made with."""


@dataclass(frozen=True, slots=True)
class Now(Effect[float]):
    """The time, in seconds since the Unix epoch."""


@dataclass(frozen=True, slots=True)
class Monotonic(Effect[float]):
    """Seconds on a clock that never steps back; its zero means nothing."""


@dataclass(frozen=True, slots=True)
class RandomBytes(Effect[bytes]):
    """``size`` bytes that nobody can predict."""

    size: int


@dataclass(frozen=True, slots=True)
class Compute(Effect[R]):
    """Run pure ``work`` that takes milliseconds; an asynchronous driver keeps it off its event loop."""

    work: Callable[[], R]


@dataclass(frozen=True, slots=True)
class PackageFile(Effect[bytes]):
    """What is in a file that ships with this package; ``path`` is below the package, with slashes."""

    path: str


@dataclass(frozen=True, slots=True)
class FetchKeySet(Effect[bytes]):
    """The body of the JSON Web Key Set at ``url``; raises `KeysUnavailable` when it cannot be had."""

    url: str


@dataclass(frozen=True, slots=True)
class Share(Effect[R]):
    """Run ``flow`` once for all who ask with the same ``key`` while it runs; each gets its result or its error."""

    key: tuple[str, ...]
    flow: Callable[[], Flow[R]]


@dataclass(frozen=True, slots=True)
class Background(Effect[None]):
    """Start ``flow`` and do not wait for it; nothing happens while one with the same ``key`` runs. Its errors are logged."""

    key: tuple[str, ...]
    flow: Callable[[], Flow[None]]


@dataclass(frozen=True, slots=True)
class Finish(Effect[R]):
    """Run ``flow`` to its end, also when whoever asked is cancelled meanwhile: what is under way is not left half done."""

    flow: Callable[[], Flow[R]]


@dataclass(frozen=True, slots=True)
class Sleep(Effect[None]):
    """Go on after ``seconds``."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Report(Effect[None]):
    """Let whoever watches know of ``event``: it is logged, and then each of ``listeners`` is called with it, in order. What
    they raise is logged. An asynchronous driver calls them in a worker thread and waits for them."""

    event: SecurityEvent
    listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed(Effect[R]):
    """Run ``flow`` as an activity that the driver's observer sees, if it has one."""

    activity: Activity
    flow: Callable[[], Flow[R]]


class StoreOperation(Generic[R]):
    """Something that a store does in one step; ``R`` is the type of what comes back (`cognito_auth.sessions.stored`)."""

    __slots__ = ()


class Store(Protocol):
    """What keeps sessions on the server; raises `StoreUnavailable` when it cannot be asked now."""

    def carry_out(self, operation: StoreOperation[R]) -> R:
        """Carry out an operation, waiting for it."""
        ...

    async def carry_out_async(self, operation: StoreOperation[R]) -> R:
        """Carry out an operation without blocking the event loop."""
        ...


@dataclass(frozen=True, slots=True)
class AskStore(Effect[R]):
    """Have ``store`` carry out ``operation``."""

    store: Store
    operation: StoreOperation[R]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as it goes out; what it holds may be secret."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An answer as it came in; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(Effect[HttpResponse]):
    """Send a request and read its whole answer, at most ``max_bytes`` within ``timeout`` seconds, following no redirect.

    Raises `TransportError` when there is no such answer.
    """

    request: HttpRequest
    timeout: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Sign(Effect[HttpRequest]):
    """The same request with an AWS Signature Version 4."""

    request: HttpRequest


def perform(effect: Effect[R]) -> Flow[R]:
    """``reply = yield from perform(effect)`` has the effect's own result type."""
    return cast("R", (yield effect))
