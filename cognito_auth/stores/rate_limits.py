"""Limits on how often the endpoints are asked, counted with the package limits in memory or in what it knows, such as Redis."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import anyio.to_thread

from ..effects import StoreOperation
from ..errors import ConfigurationError, MissingExtra
from ..web.rate_limits import Family, Hit

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.storage import Storage
    from limits.strategies import RateLimiter

R = TypeVar("R")

_log: Final = logging.getLogger("cognito_auth")

_MEMORY: Final = "memory://"
_REDIS: Final = ("redis", "valkey")
_ONE_REDIS: Final = frozenset({"redis", "rediss", "redis+unix"})
_RETRIES: Final = 1
"""A connection that was closed meanwhile, as by a restart, is found out by using it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """How much of one kind is allowed, such as ``5/minute;30/hour``: all of these hold. ``None`` is any number."""

    address: str | None = None
    """From one address, or one IPv6 network of 64 bits."""
    name: str | None = None
    """About one user name, wherever it comes from."""


ALLOWED: Final[Mapping[Family, Allowed]] = {
    "sign_in": Allowed(address="20/minute;200/hour", name="5/minute;30/hour"),
    "answer": Allowed(address="20/minute;200/hour", name="10/minute;50/hour"),
    "sign_up": Allowed(address="5/minute;30/hour", name="3/minute;10/hour"),
    "code": Allowed(address="5/minute;30/hour", name="3/minute;10/hour"),
}
"""What is allowed where an application does not say otherwise."""


class RateLimits:
    """Counts requests, for `WebOptions.limits`, in fixed windows that begin with the first request.

    ``storage_url`` is what the package limits takes: ``memory://`` counts in this process alone, ``redis://...`` or
    ``rediss://...`` together with all that have the same ``prefix``. ``allowed`` replaces rows of `ALLOWED`. ``timeout`` is for
    each question to Redis, in seconds. When the storage does not answer, it is left alone for ``pause`` seconds, and each
    process counts for itself. In memory there are at most about ``max_counters``: beyond, all begin anew, which gives whoever
    asks so often a few tries more.

    Safe to share between threads. Raises `MissingExtra` without the extra ``limits``, or ``redis`` for a Redis, and
    `ConfigurationError` for an address or a limit that makes no sense.
    """

    def __init__(
        self,
        storage_url: str = _MEMORY,
        *,
        allowed: Mapping[Family, Allowed] | None = None,
        prefix: str = "cognito_auth",
        timeout: float = 2.0,
        pause: float = 10.0,
        max_counters: int = 100_000,
    ) -> None:
        try:
            from limits.errors import StorageError
            from limits.storage import MemoryStorage
            from limits.strategies import FixedWindowRateLimiter
        except ImportError:
            raise MissingExtra("RateLimits", "limits") from None
        self._errors: Final = StorageError
        self._memory: Final = MemoryStorage()
        self._max_counters: Final = max_counters
        self._here: Final = FixedWindowRateLimiter(self._memory)
        shared = None if storage_url == _MEMORY else _storage(storage_url, prefix, timeout)
        self._shared: Final = None if shared is None else FixedWindowRateLimiter(shared)
        self._limits: Final = {family: _read(each) for family, each in {**ALLOWED, **(allowed or {})}.items()}
        self._pause: Final = pause
        self._away_until = 0.0

    @classmethod
    def in_memory(cls, *, allowed: Mapping[Family, Allowed] | None = None) -> RateLimits:
        """Limits that are counted in this process alone."""
        return cls(allowed=allowed)

    def carry_out(self, operation: StoreOperation[R]) -> R:
        """Count a `Hit`, the only operation there is."""
        if not isinstance(operation, Hit):
            raise TypeError(f"{type(operation).__name__} is for a store of sessions")
        return cast("R", self._hit(operation))

    async def carry_out_async(self, operation: StoreOperation[R]) -> R:
        """The same, off the event loop where it takes longer than switching tasks would."""
        if self._shared is None:
            return self.carry_out(operation)
        return await anyio.to_thread.run_sync(self.carry_out, operation)

    def _hit(self, hit: Hit) -> float | None:
        counters = list(self._counters(hit))
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                return _wait(self._shared, counters)
            except self._errors as error:
                self._away_until = time.monotonic() + self._pause
                # What caused it may repeat an address with a password in it; its kind says enough.
                _log.warning("rate limits are counted in this process alone for now: %s", type(error.storage_error).__name__)
        if len(self._memory.storage) >= self._max_counters:
            self._memory.reset()
            _log.warning("there were %d counters of rate limits: all begin anew", self._max_counters)
        return _wait(self._here, counters)

    def _counters(self, hit: Hit) -> Iterator[tuple[RateLimitItem, str]]:
        """Whatever this request counts for: first its address, so that one too many from there uses up no user's share."""
        by_address, by_name = self._limits[hit.family]
        if hit.address is not None:
            yield from ((item, f"{hit.family}/{hit.address}") for item in by_address)
        yield from ((item, f"{hit.family}/{hit.name}") for item in by_name)


def _wait(counting: RateLimiter, counters: list[tuple[RateLimitItem, str]]) -> float | None:
    for item, key in counters:
        if not counting.hit(item, key):
            return max(1.0, counting.get_window_stats(item, key).reset_time - time.time())
    return None


def _storage(url: str, prefix: str, timeout: float) -> Storage:
    from limits.errors import ConfigurationError as Unusable
    from limits.storage import Storage, storage_from_string

    kind = url.partition(":")[0]
    options: dict[str, Any] = {"wrap_exceptions": True}
    if kind.startswith(_REDIS):
        options |= {"key_prefix": f"{prefix}:limits", "socket_timeout": timeout, "socket_connect_timeout": timeout}
    try:
        if kind in _ONE_REDIS:
            options["retry"] = _retry()
        storage = storage_from_string(url, **options)
    except Unusable:
        raise ConfigurationError(f"the storage of limits cannot be a {kind!r}") from None
    except ValueError:
        raise ConfigurationError(f"the address of the storage of limits, a {kind!r}, cannot be read") from None
    if not isinstance(storage, Storage):
        raise ConfigurationError(f"the storage of limits cannot be a {kind!r}: give the address without 'async+'")
    return storage


def _retry() -> Any:
    try:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise MissingExtra("RateLimits in Redis", "redis") from None
    return Retry(NoBackoff(), _RETRIES)


def _read(allowed: Allowed) -> tuple[list[RateLimitItem], list[RateLimitItem]]:
    return _items(allowed.address), _items(allowed.name)


def _items(text: str | None) -> list[RateLimitItem]:
    from limits import parse_many

    if text is None:
        return []
    try:
        items = parse_many(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no limit; it must look like '5/minute;30/hour'") from None
    if any(item.amount < 1 for item in items):
        raise ConfigurationError(f"{text!r} would let nobody in")
    return items
