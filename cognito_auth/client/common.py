"""What both drivers have in common: their surroundings, the effects that need no waiting, the meaning of httpx's answers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import httpx

from .. import exchange
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
from ..retry import RetryPolicy
from ..signing import AwsCredentials, Signer


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
        self, settings: Settings, *, credentials: AwsCredentials | None = None, surroundings: Surroundings | None = None
    ) -> None:
        self.settings: Final = settings
        self._surroundings: Final = surroundings or Surroundings()
        self._signer: Final = Signer(settings, credentials)

    def _plan(self, effect: Effect[Any]) -> Flow[Any] | None:
        """The flow that carries out an effect by means of simpler ones, for those that have one."""
        if isinstance(effect, Operation):
            return exchange.send(effect, self._surroundings.retry)
        if isinstance(effect, FetchKeySet):
            return exchange.fetch_key_set(effect.url)
        return None

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


def check_answer(response: httpx.Response) -> None:
    """Raise `TransportError` for an answer in an encoding, which was not asked for and could unpack to any size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise TransportError("the answer is encoded, although it was asked for plain")


def check_size(body: bytearray, limit: int) -> None:
    """Raise `TransportError` when ``body`` is longer than ``limit`` bytes."""
    if len(body) > limit:
        raise TransportError(f"the answer is longer than {limit} bytes")


def stream_arguments(effect: Exchange) -> dict[str, Any]:
    """What httpx is called with; the answer is asked for plain, so that its size can be bounded as it comes in."""
    request = effect.request
    return {
        "method": request.method,
        "url": request.url,
        "headers": {**request.headers, "Accept-Encoding": "identity"},
        "content": request.body,
        "timeout": effect.timeout,
    }


def response_of(response: httpx.Response, body: bytearray) -> HttpResponse:
    """httpx's answer as a flow sees it."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpResponse(status=response.status_code, headers=headers, body=bytes(body))


def transport_error(error: Exception) -> TransportError:
    """httpx's error as ours."""
    # httpx's text may hold the address, never the body or a header.
    return TransportError(f"{type(error).__name__}: {error}")
