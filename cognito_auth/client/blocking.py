"""The synchronous driver."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing, suppress
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import httpx

from ..api.listing import Listing
from ..api.structure import Operation
from ..config import Settings
from ..effects import (
    AskStore,
    Background,
    Compute,
    Effect,
    Exchange,
    Finish,
    Flow,
    HttpResponse,
    Observed,
    Report,
    Share,
    Sign,
    Sleep,
)
from ..errors import CognitoAuthError, TransportError
from ..observer import Activity, Observer
from ..pagination import Pager
from ..signing import AwsCredentials
from .common import (
    Driver,
    Surroundings,
    call_listeners,
    check_answer,
    check_size,
    response_of,
    stream_arguments,
    transport_error,
)

R = TypeVar("R")
T = TypeVar("T")

_log: Final = logging.getLogger("cognito_auth")


class CognitoClient(Driver):
    """Talks to Cognito synchronously; safe to share between threads. Close it, or use it in a ``with`` statement.

    ``transport`` replaces httpx's own, for example by `cognito_auth.local.LocalTransport`; ``credentials`` sign the
    administrator's operations in place of AWS's chain; ``observer`` measures (`cognito_auth.otel.OpenTelemetryObserver`).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx.BaseTransport | None = None,
        credentials: AwsCredentials | None = None,
        surroundings: Surroundings | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(settings, credentials=credentials, surroundings=surroundings, observer=observer)
        self._http: Final = httpx.Client(transport=transport, follow_redirects=False)
        self._shared: Final[dict[tuple[str, ...], Future[Any]]] = {}
        self._background: Final[set[tuple[str, ...]]] = set()
        self._lock: Final = threading.Lock()

    def send(self, operation: Operation[R]) -> R:
        """Send one operation and return its reply. See `cognito_auth.exchange.send` for what it raises."""
        return cast(R, self._carry_out(operation))

    def pages(self, listing: Listing[R, object]) -> Iterator[R]:
        """The replies of a listing, one for each page; the next is asked for when it is wanted.

        Raises what `send` raises, and `ProtocolError` when the service goes in circles.
        """
        pager = Pager(listing)
        while pager.more:
            yield self.run(pager.page())

    def items(self, listing: Listing[object, T]) -> Iterator[T]:
        """The items of a listing, whatever pages they come in. Raises what `pages` raises."""
        pager = Pager(listing)
        while pager.more:
            yield from self.run(pager.items())

    def run(self, flow: Flow[T]) -> T:
        """Carry out a flow and return its result; an error that an effect raises is thrown into the flow first."""
        with closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        result = self._carry_out(effect)
                    except Exception as error:  # the flow decides what becomes of it
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(result)
            except StopIteration as done:
                return cast(T, done.value)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _carry_out(self, effect: Effect[Any]) -> Any:
        plan = self._plan(effect)
        if plan is not None:
            return self._observed(self._activity(effect), plan)
        match effect:
            case Exchange():
                return self._answered(self._exchange(effect))
            case Sign(request):
                return self._signer.sign(request)
            case Compute(work):
                return work()
            case Sleep(seconds):
                return time.sleep(seconds)
            case Share(key, flow):
                return self._share(key, flow)
            case Background(key, flow):
                return self._start(key, flow)
            case Finish(flow):
                return self.run(flow())
            case AskStore(store, operation):
                return store.carry_out(operation)
            case Observed(activity, flow):
                return self._observed(activity, flow())
            case Report(event, listeners):
                self._record(event)
                return call_listeners(event, listeners)
            case _:
                return self._at_once(effect)

    def _observed(self, activity: Activity, flow: Flow[T]) -> T:
        if self._observer is None:
            return self.run(flow)
        with self._observer.observe(activity):
            return self.run(flow)

    def _exchange(self, effect: Exchange) -> HttpResponse:
        deadline = time.monotonic() + effect.timeout
        body = bytearray()
        try:
            with self._http.stream(**stream_arguments(effect)) as response:
                check_answer(response)
                for chunk in response.iter_bytes():
                    body += chunk
                    check_size(body, effect.max_bytes)
                    if time.monotonic() > deadline:
                        raise TransportError(f"no whole answer within {effect.timeout:g} seconds")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise transport_error(error) from error
        return response_of(response, body)

    def _share(self, key: tuple[str, ...], flow: Callable[[], Flow[T]]) -> T:
        while True:
            with self._lock:
                turn: Future[T] | None = self._shared.get(key)
                mine = turn is None
                if turn is None:
                    turn = self._shared[key] = Future()
            if mine:
                return self._lead(key, turn, flow)
            with suppress(CancelledError):  # whoever ran it was stopped: somebody who waited takes over
                return turn.result()

    def _lead(self, key: tuple[str, ...], turn: Future[T], flow: Callable[[], Flow[T]]) -> T:
        try:
            result = self.run(flow())
        except BaseException as error:  # whatever it is, those who wait must not wait for ever
            self._end(key)
            if isinstance(error, Exception):
                turn.set_exception(error)
            else:
                turn.cancel()
            raise
        self._end(key)
        turn.set_result(result)
        return result

    def _end(self, key: tuple[str, ...]) -> None:
        with self._lock:
            del self._shared[key]

    def _start(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        with self._lock:
            if key in self._background:
                return
            self._background.add(key)
        threading.Thread(target=self._in_background, args=(key, flow), name=f"cognito-auth {key[0]}", daemon=True).start()

    def _in_background(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        try:
            self.run(flow())
        except Exception as error:  # nobody waits for the result, so the log is the only place left for the error
            _log.warning("background work %r failed: %s", key[0], error, exc_info=not isinstance(error, CognitoAuthError))
        finally:
            with self._lock:
                self._background.discard(key)
