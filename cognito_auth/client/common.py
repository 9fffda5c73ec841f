"""What both drivers have in common: their surroundings, the effects that need no waiting, the meaning of httpx's answers."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, cast

import httpcore
import httpx

from .. import exchange
from ..api.raw import name_of
from ..api.structure import Operation
from ..config import Settings
from ..effects import (
    Configuration,
    Effect,
    Exchange,
    FetchKeySet,
    Flow,
    HttpResponse,
    Monotonic,
    Now,
    PackageFile,
    RandomBytes,
)
from ..errors import TransportError
from ..events import Listener, SecurityEvent
from ..observer import Activity, Observer
from ..retry import RetryPolicy
from ..signing import AwsCredentials, Signer

_log: Final = logging.getLogger("cognito_auth")
_security_log: Final = logging.getLogger("cognito_auth.security")

TOO_LATE: Final = (httpx.TimeoutException, httpcore.TimeoutException)
NO_ANSWER: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
"""What transports raise, ours httpcore's errors as they are; their names are httpx's."""

Step: TypeAlias = Literal["connect", "read", "write", "pool"]

_ALWAYS: Final = ((b"Accept", b"*/*"), (b"Accept-Encoding", b"identity"), (b"User-Agent", b"cognito-auth"))
"""Sent with every request. An answer is asked for plain, so that its size can be bounded as it comes in; a firewall in front of
a pool may refuse who does not say what it is."""


AT_ONCE: Final[frozenset[type]] = frozenset({Configuration, Monotonic, Now, PackageFile, RandomBytes})
"""Effects that need no waiting: drivers carry them out on the spot, as most that flows ask for are of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where time and randomness come from; replaced to test with another clock."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    random_bytes: Callable[[int], bytes] = os.urandom
    retry: RetryPolicy = field(default_factory=RetryPolicy)


class Driver:
    """What both drivers know."""

    def __init__(
        self,
        settings: Settings,
        *,
        credentials: AwsCredentials | None = None,
        surroundings: Surroundings | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.settings: Final = settings
        self._observer: Final = observer
        self._surroundings: Final = surroundings or Surroundings()
        self.clocks: Final = self._surroundings if observer is None else None
        """The clocks, for what is known already and takes no flow to tell (`cognito_auth.web.WebAuth.recall`). ``None`` where
        an observer is to see how everything is found out."""
        self._signer: Final = Signer(settings, credentials)

    def _plan(self, effect: Effect[Any]) -> Flow[Any] | None:
        """The flow that carries out an effect by means of simpler ones, for those that have one."""
        if isinstance(effect, Operation):
            return exchange.send(effect, self._surroundings.retry)
        if isinstance(effect, FetchKeySet):
            return exchange.fetch_key_set(effect.url)
        return None

    def _activity(self, effect: Effect[Any]) -> Activity:
        """What an effect that has a plan is to an observer."""
        if isinstance(effect, FetchKeySet):
            return Activity(kind="key_set", name="key_set", url=effect.url)
        return Activity(kind="operation", name=name_of(cast("Operation[Any]", effect)), url=self.settings.endpoint)

    def _answered(self, response: HttpResponse) -> HttpResponse:
        """The answer, of which the observer has been told."""
        if self._observer is not None:
            self._observer.answered(response.status)
        return response

    def _record(self, event: SecurityEvent) -> None:
        """Log an event, and tell the observer of it."""
        if self._observer is not None:
            self._observer.reported(event)
        _security_log.log(event.level, "%s", event.line(), extra=dict(event.members()))

    def _at_once(self, effect: Effect[Any]) -> Any:
        """The result of an effect that needs no waiting."""
        match effect:
            case Configuration():
                return self.settings
            case Now():
                return self._surroundings.now()
            case Monotonic():
                return self._surroundings.monotonic()
            case RandomBytes(size):
                return self._surroundings.random_bytes(size)
            case PackageFile(path):
                return _package_file(path)
            case _:
                raise TypeError(f"a flow asked for {type(effect).__name__}, which is not an effect that drivers know")


@cache
def _package_file(path: str) -> bytes:
    """A file of the package, read once; there are few, and they are small."""
    return files("cognito_auth").joinpath(path).read_bytes()


def call_listeners(event: SecurityEvent, listeners: tuple[Listener, ...]) -> None:
    """Call each with the event, in order; none of them keeps the next from being called, or the request from going on."""
    for listener in listeners:
        try:
            listener(event)
        except Exception:  # whatever the application's own code raises, nobody is signed in or refused for it
            _log.exception("a listener failed at the event %s", event.name)


def check_answer(response: httpx.Response) -> None:
    """Raise `TransportError` for an answer in an encoding, which was not asked for and could unpack to any size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise TransportError("the answer is encoded, although it was asked for plain")


def check_size(body: bytearray, limit: int) -> None:
    """Raise `TransportError` when ``body`` is longer than ``limit`` bytes."""
    if len(body) > limit:
        raise TransportError(f"the answer is longer than {limit} bytes")


def request_of(effect: Exchange, *timed: Step) -> httpx.Request:
    """What httpx's transports carry, with a limit to the time of the steps that are named. Raises `httpx.InvalidURL`."""
    request = effect.request
    url, host = _address(request.url)
    headers = [(b"Host", host), *_ALWAYS]
    headers += [(name.encode("ascii"), value.encode("ascii")) for name, value in request.headers.items()]
    if request.body or request.method != "GET":
        headers.append((b"Content-Length", b"%d" % len(request.body)))
    extensions = {"timeout": dict.fromkeys(timed, effect.timeout)}
    return httpx.Request(request.method, url, headers=headers, stream=httpx.ByteStream(request.body), extensions=extensions)


@lru_cache(maxsize=64)
def _address(url: str) -> tuple[httpx.URL, bytes]:
    """An address, taken apart, and its host as a request names it; there are few, and they are long in taking apart."""
    parsed = httpx.URL(url)
    return parsed, parsed.netloc


def stream_of(response: httpx.Response) -> httpx.SyncByteStream | httpx.AsyncByteStream:
    """The body as it comes in, or once more where a transport has read it already."""
    return httpx.ByteStream(response.content) if response.is_stream_consumed else response.stream


def response_of(response: httpx.Response, body: bytearray) -> HttpResponse:
    """httpx's answer as a flow sees it."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpResponse(status=response.status_code, headers=headers, body=bytes(body))


def transport_error(error: Exception) -> TransportError:
    """A transport's error as ours."""
    # Its text may hold the address, never the body or a header.
    return TransportError(f"{type(error).__name__}: {error}")
