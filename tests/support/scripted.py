"""A driver that answers a flow from a script: no clock, no network, no chance. It records everything that it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar, cast

from cognito_auth.api.structure import Operation
from cognito_auth.config import Settings
from cognito_auth.effects import (
    AskStore,
    Background,
    Compute,
    Configuration,
    Effect,
    Exchange,
    FetchKeySet,
    Finish,
    Flow,
    Monotonic,
    Now,
    Observed,
    RandomBytes,
    Report,
    Share,
    Sign,
    Sleep,
)
from cognito_auth.errors import CognitoAuthError
from cognito_auth.secret import Secret

T = TypeVar("T")
Answer: TypeAlias = object
"""What is sent into the flow; an exception is thrown into it; a function is called with the effect and gives either."""

CLIENT_SECRET: Final = "0123456789abcdefghijklmnop"
SETTINGS: Final = Settings(user_pool_id="eu-west-1_Ab1Cd2Ef3", client_id="client1")
CONFIDENTIAL: Final = replace(SETTINGS, client_secret=Secret(CLIENT_SECRET))
NOW: Final = 1_800_000_000.0
RANDOM: Final = b"\x07"


class Scripted:
    """Answers operations, exchanges and key sets from ``script``, in order; everything else at once."""

    def __init__(
        self,
        script: Iterable[Answer] = (),
        *,
        settings: Settings = SETTINGS,
        now: float = NOW,
        random: bytes = RANDOM,
        on_sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._script: Final = list(script)
        self._settings: Final = settings
        self._random: Final = random
        self._on_sleep: Final = on_sleep
        self.now = now
        self.asked: Final[list[Effect[Any]]] = []
        """Every effect, in order."""

    @property
    def operations(self) -> list[Operation[Any]]:
        """The operations among what was asked for."""
        return [effect for effect in self.asked if isinstance(effect, Operation)]

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges among what was asked for."""
        return [effect for effect in self.asked if isinstance(effect, Exchange)]

    @property
    def pauses(self) -> list[float]:
        """The seconds of every pause."""
        return [effect.seconds for effect in self.asked if isinstance(effect, Sleep)]

    def run(self, flow: Flow[T]) -> T:
        """Run the flow to its end; the script must have been used up by then."""
        result = self._run(flow)
        assert not self._script, f"nobody asked for the rest of the script: {self._script}"
        return result

    def run_on(self, flow: Flow[T]) -> T:
        """Run the flow to its end; the rest of the script is for the next."""
        return self._run(flow)

    def _run(self, flow: Flow[T]) -> T:
        with closing(flow):
            try:
                effect = next(flow)
                while True:
                    self.asked.append(effect)
                    result = self._answer(effect)
                    effect = flow.throw(result) if isinstance(result, Exception) else flow.send(result)
            except StopIteration as done:
                return cast(T, done.value)

    @staticmethod
    def _told(work: Callable[[], Any]) -> Any:
        """What came of it; an error is thrown into the flow."""
        try:
            return work()
        except CognitoAuthError as error:
            return error

    def _answer(self, effect: Effect[Any]) -> Any:
        match effect:
            case Configuration():
                return self._settings
            case Now() | Monotonic():
                return self.now
            case RandomBytes(size):
                return self._random * size
            case Compute(work):
                return work()
            case Sleep(seconds):
                self.now += seconds
                return self._on_sleep(seconds) if self._on_sleep else None
            case Report():
                return None
            case Share(flow=flow) | Background(flow=flow) | Finish(flow=flow) | Observed(flow=flow):
                return self._told(lambda: self._run(flow()))
            case AskStore(store, operation):
                return self._told(lambda: store.carry_out(operation))
            case Sign(request):
                return replace(request, headers={**request.headers, "Authorization": "signed"})
            case Operation() | Exchange() | FetchKeySet():
                assert self._script, f"the script has no answer to {effect!r}"
                answer = self._script.pop(0)
                return cast("Callable[[Any], Any]", answer)(effect) if callable(answer) else answer
            case _:
                raise TypeError(f"{effect!r} is not an effect that drivers know")


def run(flow: Flow[T], *script: Answer, settings: Settings = SETTINGS) -> T:
    """The result of a flow whose operations are answered by ``script``."""
    return Scripted(script, settings=settings).run(flow)
