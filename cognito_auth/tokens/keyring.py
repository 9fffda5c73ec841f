"""The keys at hand, and the flows that have them fetched.

`KeyRing` is the only part of a verifier that changes. Its two members are values that are replaced whole, so that no reader
needs a lock, in whatever thread it is. They are replaced by the flow that fetches, of which a driver runs one at a time
(`Share`); where several drivers, each with its own threads or event loop, use one verifier, the worst is a fetch too many.
"""

from __future__ import annotations

import logging
import math
from typing import Final

from ..effects import Background, FetchKeySet, Flow, Monotonic, RandomBytes, Share, perform
from ..errors import KeysUnavailable, TokenError, UnknownKey
from .jws import shown
from .keys import KeySet
from .schedule import FetchSchedule, KeyPolicy
from .trust import Trust

_log: Final = logging.getLogger("cognito_auth.keys")

LOG_EVERY: Final = 60.0
"""Seconds in which at most one failed fetch is logged, however many requests want one."""

_NO_TRUST: Final = Trust(KeySet({}), remember=0)


class KeyRing:
    """The keys of one pool. Times are seconds on a monotonic clock."""

    __slots__ = ("_key", "_quiet_until", "_remember", "_schedule", "_uri", "latest")

    def __init__(self, uri: str, *, policy: KeyPolicy, remember: int) -> None:
        self._uri: Final = uri
        self._remember: Final = remember
        # The ring's own identity is part of the key: a fetch stores what it brings in one ring only.
        self._key: Final = ("jwks", uri, f"{id(self):x}")
        self._schedule = FetchSchedule(policy=policy)
        self._quiet_until = -math.inf
        self.latest = _NO_TRUST
        """What was fetched last, however long ago."""

    def trust(self, monotonic: float) -> Trust:
        """What may be trusted now: the latest keys, or none."""
        return self.latest if self._schedule.trusts(monotonic) else _NO_TRUST

    def settled(self, monotonic: float) -> Trust:
        """What may be trusted now without doing anything about it: the latest keys while they are fresh, or none."""
        schedule = self._schedule
        return self.latest if monotonic < schedule.refresh_from and monotonic < schedule.trusted_until else _NO_TRUST

    def tend(self, monotonic: float) -> Flow[None]:
        """Have the set fetched in the background when it is due, while the old keys go on serving."""
        if self._schedule.trusts(monotonic) and self._schedule.wants_refresh(monotonic):
            yield from perform(Background(self._key, self._refreshed))

    def _refreshed(self) -> Flow[None]:
        """Fetch in the background, where nobody waits; a failure has been logged."""
        try:
            yield from self._shared(None)
        except KeysUnavailable:
            return

    def obtain(self, kid: str, monotonic: float) -> Flow[None]:
        """Have the set fetched for the key that a token names, if it may be. Raises `KeysUnavailable` without any keys."""
        if self._schedule.may_fetch(monotonic):
            try:
                yield from self._shared(kid)
            except KeysUnavailable:
                if not self._schedule.trusts(monotonic):
                    raise

    def load(self) -> Flow[None]:
        """Have keys to trust, or raise `KeysUnavailable`."""
        monotonic = yield from perform(Monotonic())
        if not self._schedule.trusts(monotonic):
            try:
                yield from self._shared(None)
            except KeysUnavailable as error:
                raise KeysUnavailable(f"the key set at {self._uri}: {error}") from error
            monotonic = yield from perform(Monotonic())
        if not self._schedule.trusts(monotonic):
            raise self._unavailable(monotonic)

    def refusal(self, kid: str, monotonic: float) -> TokenError | KeysUnavailable:
        """The error for a token whose key is not here and may not be fetched now.

        Only without any keys it is `KeysUnavailable`. With keys, a stranger who makes up names must not get server errors out
        of an application that works.
        """
        if self._schedule.trusts(monotonic):
            fault = "; the last attempt to fetch the set failed" if self._schedule.failures else ""
            return UnknownKey(f"kid {shown(kid)} names no key of the pool's key set{fault}")
        return self._unavailable(monotonic)

    def _unavailable(self, monotonic: float) -> KeysUnavailable:
        error = KeysUnavailable(f"the key set at {self._uri} could not be fetched a moment ago")
        error.retry_after = math.ceil(max(1.0, self._schedule.paused_until - monotonic))
        return error

    def _shared(self, kid: str | None) -> Flow[None]:
        return perform(Share(self._key, lambda: self._fetch(kid)))

    def _fetch(self, kid: str | None) -> Flow[None]:
        monotonic = yield from perform(Monotonic())
        if not self._is_due(kid, monotonic):
            return  # somebody else has just been there
        jitter = (yield from perform(RandomBytes(1)))[0] / 255
        try:
            keys = KeySet.parse((yield from perform(FetchKeySet(self._uri))))
            monotonic = yield from perform(Monotonic())
        except BaseException as error:
            # Hanging up counts too, or a stranger could have the issuer asked without end. Without any keys it does not: then
            # somebody else who waits must be able to take over at once.
            if self._schedule.trusts(monotonic) or not isinstance(error, GeneratorExit):
                self._schedule = self._schedule.failed(monotonic, jitter=jitter)
            if isinstance(error, KeysUnavailable):
                self._warn(error, monotonic)
            raise
        if self._schedule.failures:
            _log.info("the key set at %s could be fetched again", self._uri)
        if keys != self.latest.keys:
            self.latest = Trust(keys, remember=self._remember)
        # After the keys, for whoever reads the schedule first and finds that they may be trusted.
        brought_key = kid is None or kid in keys.by_kid
        self._schedule = self._schedule.succeeded(monotonic, jitter=jitter, brought_key=brought_key)

    def _warn(self, error: KeysUnavailable, monotonic: float) -> None:
        """Log a failed fetch, unless another was logged a moment ago."""
        if monotonic >= self._quiet_until:
            self._quiet_until = monotonic + LOG_EVERY
            served = "its last keys serve on" if self._schedule.trusts(monotonic) else "no token can be verified"
            _log.warning("the key set at %s: %s; %s", self._uri, error, served)

    def _is_due(self, kid: str | None, monotonic: float) -> bool:
        schedule = self._schedule
        if not schedule.trusts(monotonic):
            return schedule.may_fetch(monotonic)
        if kid is None:
            return schedule.wants_refresh(monotonic)
        return kid not in self.latest.keys.by_kid and schedule.may_fetch(monotonic)
