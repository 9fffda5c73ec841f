"""A driver for flows whose world is the test's: its clocks stand still unless moved, its issuer answers as told.

`World.run_all` carries out many flows at once: they advance in turns, one effect at a time, and the issuer answers only when
nobody has anything else to do, so that whoever can ask while a fetch is under way does. No threads, no waiting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar, cast

from cognito_auth.effects import Background, Effect, FetchKeySet, Flow, Monotonic, Now, Observed, RandomBytes, Report, Share
from cognito_auth.errors import KeysUnavailable
from cognito_auth.tokens import TokenVerifier

from .tokens import NOW, key_set, token_of, verifier

T = TypeVar("T")

Settle: TypeAlias = Callable[[Any, Exception | None], None]
"""What is called with a reply, or with an error."""


class Outcome(Generic[T]):
    """What became of a flow."""

    def __init__(self) -> None:
        self.done = False
        self.error: Exception | None = None
        self.value: T | None = None

    def settle(self, value: Any, error: Exception | None) -> None:
        self.done, self.value, self.error = True, value, error

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return cast("T", self.value)


class World:
    """Clocks, an issuer, and everything that is under way."""

    def __init__(self, answer: bytes | Exception | None = None) -> None:
        self.now = NOW
        self.monotonic = 1000.0
        self.answer: bytes | Exception = key_set() if answer is None else answer
        """What the issuer answers from now on."""
        self.chance = 0
        """What every random byte is."""
        self.fetches: list[float] = []
        """When it was asked."""
        self.performed: list[type[Effect[Any]]] = []
        self.logged: list[Exception] = []
        """Errors of the background."""
        self._ready: deque[Callable[[], None]] = deque()
        self._asked: deque[Settle] = deque()
        self._shared: dict[tuple[str, ...], list[Settle]] = {}
        self._background: set[tuple[str, ...]] = set()

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.monotonic += seconds

    def run(self, flow: Flow[T]) -> T:
        """The flow's result; what runs in the background stays there."""
        return self.run_all(flow)[0].result()

    def run_all(self, *flows: Flow[T]) -> list[Outcome[T]]:
        """Run flows at the same time until each has its result."""
        outcomes: list[Outcome[T]] = [Outcome() for _ in flows]
        for flow, outcome in zip(flows, outcomes, strict=True):
            self._go_on(flow, outcome.settle)
        while not all(outcome.done for outcome in outcomes):
            self._turn()
        return outcomes

    def settle(self) -> None:
        """Let everything in the background come to its end."""
        while self._ready or self._asked:
            self._turn()

    def _turn(self) -> None:
        if self._ready:
            self._ready.popleft()()
        elif isinstance(self.answer, bytes):
            self._asked.popleft()(self.answer, None)
        else:
            self._asked.popleft()(None, self.answer)

    def _go_on(self, flow: Flow[Any], settle: Settle, value: Any = None, error: Exception | None = None) -> None:
        self._ready.append(partial(self._step, flow, settle, value, error))

    def _step(self, flow: Flow[Any], settle: Settle, value: Any, error: Exception | None) -> None:
        try:
            effect = flow.send(value) if error is None else flow.throw(error)
        except StopIteration as stop:
            settle(stop.value, None)
        except Exception as raised:  # whatever a flow raises is its outcome, for whoever waits for it
            settle(None, raised)
        else:
            self._carry_out(effect, partial(self._go_on, flow, settle))

    def _carry_out(self, effect: Effect[Any], reply: Settle) -> None:
        self.performed.append(type(effect))
        match effect:
            case Now():
                reply(self.now, None)
            case Monotonic():
                reply(self.monotonic, None)
            case RandomBytes(size):
                reply(bytes([self.chance]) * size, None)
            case FetchKeySet():
                self.fetches.append(self.monotonic)
                self._asked.append(reply)
            case Share(key, flow):
                self._share(key, flow, reply)
            case Background(key, flow):
                if key not in self._background:
                    self._background.add(key)
                    self._go_on(flow(), partial(self._background_done, key))
                reply(None, None)
            case Observed(_, flow):
                self._go_on(flow(), reply)
            case Report():
                reply(None, None)
            case _:
                raise NotImplementedError(effect)

    def _share(self, key: tuple[str, ...], flow: Callable[[], Flow[Any]], reply: Settle) -> None:
        if key in self._shared:
            self._shared[key].append(reply)
        else:
            self._shared[key] = [reply]
            self._go_on(flow(), partial(self._share_done, key))

    def _share_done(self, key: tuple[str, ...], value: Any, error: Exception | None) -> None:
        for reply in self._shared.pop(key):
            reply(value, error)

    def _background_done(self, key: tuple[str, ...], value: Any, error: Exception | None) -> None:
        self._background.remove(key)
        if error is not None:
            self.logged.append(error)


def loaded(world: World, **options: Any) -> TokenVerifier:
    """A verifier that has keys, and has seen a token that the main one signed."""
    made = verifier(**options)
    world.run(made.access_token(token_of()))
    return made


def unreachable() -> KeysUnavailable:
    """What a fetch raises when the issuer does not answer."""
    return KeysUnavailable("no answer")
