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
from ..forking import renew_after_fork
from ..observer import Activity, Observer
from ..pagination import Pager
from ..signing import AwsCredentials
from .common import (
    AT_ONCE,
    NO_ANSWER,
    TOO_LATE,
    Driver,
    Surroundings,
    call_listeners,
    check_answer,
    check_size,
    request_of,
    response_of,
    stream_of,
    transport_error,
)
from .network import within
from .transports import Direct

R = TypeVar("R")
T = TypeVar("T")

_log: Final = logging.getLogger("cognito_auth")


class _Process:
    """What belongs to one process: connections, shared flows, background work. After a fork, each side has its own."""

    def __init__(self, transport: httpx.BaseTransport | None) -> None:
        self.http: Final = Direct() if transport is None else transport
        self.shared: Final[dict[tuple[str, ...], Future[Any]]] = {}
        self.background: Final[set[tuple[str, ...]]] = set()
        self.lock: Final = threading.Lock()


class CognitoClient(Driver):
    """Talks to Cognito synchronously; safe to share between threads, and after a fork. Close it, or use it in a ``with``
    statement.

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
        self._transport: Final = transport
        self._own = _Process(transport)
        renew_after_fork(self, CognitoClient._renew)

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
                        result = self._at_once(effect) if type(effect) in AT_ONCE else self._carry_out(effect)
                    except Exception as error:  # the flow decides what becomes of it
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(result)
            except StopIteration as done:
                return cast(T, done.value)

    def close(self) -> None:
        """Close the connections."""
        self._own.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _renew(self) -> None:
        """Begin anew in the child of a fork; what was made before is left alone, as the parent goes on using it."""
        self._own = _Process(self._transport)

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
        try:
            request = request_of(effect, "connect", "read", "write", "pool")
            with within(effect.timeout), closing(self._own.http.handle_request(request)) as response:
                check_answer(response)
                body = bytearray()
                for chunk in cast(httpx.SyncByteStream, stream_of(response)):
                    body += chunk
                    check_size(body, effect.max_bytes)
        except TOO_LATE as error:
            raise TransportError(f"no whole answer within {effect.timeout:g} seconds") from error
        except NO_ANSWER as error:
            raise transport_error(error) from error
        return response_of(response, body)

    def _share(self, key: tuple[str, ...], flow: Callable[[], Flow[T]]) -> T:
        own = self._own
        while True:
            with own.lock:
                turn: Future[T] | None = own.shared.get(key)
                mine = turn is None
                if turn is None:
                    turn = own.shared[key] = Future()
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
        own = self._own
        with own.lock:
            del own.shared[key]

    def _start(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        own = self._own
        with own.lock:
            if key in own.background:
                return
            own.background.add(key)
        threading.Thread(target=self._in_background, args=(key, flow), name=f"cognito-auth {key[0]}", daemon=True).start()

    def _in_background(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        try:
            self.run(flow())
        except Exception as error:  # nobody waits for the result, so the log is the only place left for the error
            _log.warning("background work %r failed: %s", key[0], error, exc_info=not isinstance(error, CognitoAuthError))
        finally:
            own = self._own
            with own.lock:
                own.background.discard(key)
