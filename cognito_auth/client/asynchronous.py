"""The asynchronous driver, for asyncio and trio."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from itertools import count
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import anyio
import anyio.to_thread
import httpx
from anyio.lowlevel import RunVar

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
from .transports import Connections

R = TypeVar("R")
T = TypeVar("T")

_log: Final = logging.getLogger("cognito_auth")


class _Turn:
    """A shared flow that is under way."""

    def __init__(self) -> None:
        self.done: Final = anyio.Event()
        self.finished = False
        self.result: Any = None
        self.error: Exception | None = None


class _Loop:
    """What belongs to one event loop: connections, shared flows, background tasks."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None) -> None:
        self.http: Final = Connections() if transport is None else transport
        self.shared: Final[dict[tuple[str, ...], _Turn]] = {}
        self.background: Final[dict[tuple[str, ...], asyncio.Task[None]]] = {}


_numbers: Final = count()


class AsyncCognitoClient(Driver):
    """Talks to Cognito asynchronously, on asyncio or trio; each event loop that uses it has connections of its own.

    Close it with `aclose`, or use it in an ``async with`` statement. Parameters as `CognitoClient`'s.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        credentials: AwsCredentials | None = None,
        surroundings: Surroundings | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(settings, credentials=credentials, surroundings=surroundings, observer=observer)
        self._transport: Final = transport
        # A run variable is known by its name.
        self._loops: Final[RunVar[_Loop | None]] = RunVar(f"cognito_auth {next(_numbers)}", None)

    async def send(self, operation: Operation[R]) -> R:
        """Send one operation and return its reply. See `cognito_auth.exchange.send` for what it raises."""
        return cast(R, await self._carry_out(operation))

    async def pages(self, listing: Listing[R, object]) -> AsyncGenerator[R, None]:
        """The replies of a listing, one for each page; the next is asked for when it is wanted.

        Raises what `send` raises, and `ProtocolError` when the service goes in circles.
        """
        pager = Pager(listing)
        while pager.more:
            yield await self.run(pager.page())

    async def items(self, listing: Listing[object, T]) -> AsyncGenerator[T, None]:
        """The items of a listing, whatever pages they come in. Raises what `pages` raises."""
        pager = Pager(listing)
        while pager.more:
            for item in await self.run(pager.items()):
                yield item

    async def run(self, flow: Flow[T]) -> T:
        """Carry out a flow and return its result; an error that an effect raises is thrown into the flow first."""
        with closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        result = self._at_once(effect) if type(effect) in AT_ONCE else await self._carry_out(effect)
                    except Exception as error:  # the flow decides what becomes of it
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(result)
            except StopIteration as done:
                return cast(T, done.value)

    async def aclose(self) -> None:
        """Stop background work and close the connections of the running event loop."""
        loop = self._loops.get()
        if loop is None:
            return
        self._loops.set(None)
        for task in tuple(loop.background.values()):
            task.cancel()
        await loop.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _loop(self) -> _Loop:
        loop = self._loops.get()
        if loop is None:
            loop = _Loop(self._transport)
            self._loops.set(loop)
        return loop

    async def _carry_out(self, effect: Effect[Any]) -> Any:
        plan = self._plan(effect)
        if plan is not None:
            return await self._observed(self._activity(effect), plan)
        match effect:
            case Exchange():
                return self._answered(await self._exchange(effect))
            case Sign(request):
                return await anyio.to_thread.run_sync(self._signer.sign, request)
            case Compute(work):
                return await anyio.to_thread.run_sync(work)
            case Sleep(seconds):
                return await anyio.sleep(seconds)
            case Share(key, flow):
                return await self._share(key, flow)
            case Background(key, flow):
                return await self._start(key, flow)
            case Finish(flow):
                with anyio.CancelScope(shield=True):
                    return await self.run(flow())
            case AskStore(store, operation):
                return await store.carry_out_async(operation)
            case Observed(activity, flow):
                return await self._observed(activity, flow())
            case Report(event, listeners):
                self._record(event)
                return await anyio.to_thread.run_sync(call_listeners, event, listeners) if listeners else None
            case _:
                return self._at_once(effect)

    async def _observed(self, activity: Activity, flow: Flow[T]) -> T:
        if self._observer is None:
            return await self.run(flow)
        with self._observer.observe(activity):
            return await self.run(flow)

    async def _exchange(self, effect: Exchange) -> HttpResponse:
        try:
            with anyio.fail_after(effect.timeout):
                # Only connecting is limited by itself, so that each address of a host has its share.
                response = await self._loop().http.handle_async_request(request_of(effect, "connect"))
                try:
                    check_answer(response)
                    body = bytearray()
                    async for chunk in cast(httpx.AsyncByteStream, stream_of(response)):
                        body += chunk
                        check_size(body, effect.max_bytes)
                finally:
                    await response.aclose()
        except (TimeoutError, *TOO_LATE) as error:
            raise TransportError(f"no whole answer within {effect.timeout:g} seconds") from error
        except NO_ANSWER as error:
            raise transport_error(error) from error
        return response_of(response, body)

    async def _share(self, key: tuple[str, ...], flow: Callable[[], Flow[T]]) -> T:
        shared = self._loop().shared
        while (turn := shared.get(key)) is not None:
            await turn.done.wait()
            if turn.error is not None:
                raise turn.error
            if turn.finished:
                return cast(T, turn.result)
            # Whoever ran it was cancelled: somebody who waited takes over.
        turn = shared[key] = _Turn()
        try:
            turn.result = await self.run(flow())
            turn.finished = True
        except Exception as error:  # all who wait get it
            turn.error = error
            raise
        finally:
            del shared[key]
            turn.done.set()
        return cast(T, turn.result)

    async def _start(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        loop = self._loop()
        if key in loop.background:
            return
        try:
            task = asyncio.get_running_loop().create_task(self._in_background(key, flow))
        except RuntimeError:  # trio has no tasks that outlive their caller
            await self._in_background(key, flow)
        else:
            loop.background[key] = task
            task.add_done_callback(lambda _: loop.background.pop(key))

    async def _in_background(self, key: tuple[str, ...], flow: Callable[[], Flow[None]]) -> None:
        try:
            await self.run(flow())
        except Exception as error:  # nobody waits for the result, so the log is the only place left for the error
            _log.warning("background work %r failed: %s", key[0], error, exc_info=not isinstance(error, CognitoAuthError))
