"""When to fetch the key set, and until when to trust what was fetched: a pure decision over a monotonic clock.

======================  ==================================================================================================
the keys at hand        what happens
======================  ==================================================================================================
fresh                   they serve; a token that names another key has the set fetched at once, and when that does not bring
                        the key, no token has it fetched for the next ``unknown_kid_interval``
past ``refresh_after``  they serve, while the set is fetched in the background; after a failure again, with growing pauses
past ``max_age``        they are not trusted any more: the issuer could not be reached for so long that a key might have been
                        withdrawn without anybody here learning of it
none                    every token waits for one fetch; after a failure all are told to come back in a moment
======================  ==================================================================================================

A fetched set replaces the old one whole, so that a withdrawn key goes with the next successful fetch. Times are seconds on a
clock that never steps back. Knows nothing of keys, tokens and fetching.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Final

from ..errors import ConfigurationError

_MAX_DOUBLINGS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPolicy:
    """How long keys are trusted and how often they are fetched, in seconds. Raises `ConfigurationError`."""

    refresh_after: float = 3600.0
    """Age from which the key set is fetched anew in the background."""
    max_age: float = 26 * 3600.0
    """Age from which keys are not trusted any more; the default outlasts a whole day without the issuer. This is how long a
    withdrawn key can live on while the issuer cannot be reached; otherwise it is ``refresh_after``."""
    unknown_kid_interval: float = 10.0
    """Pause after a fetch that did not bring the key that a token names."""
    retry_without_keys: float = 1.0
    """Pause after a failed fetch while there are no keys to trust. Short, for nobody gets in before one succeeds."""
    retry_with_keys: float = 60.0
    """Pause after a failed fetch in the background; it doubles with each further failure."""
    max_retry: float = 600.0
    """Longest pause in the background."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 < value < math.inf:
                raise ConfigurationError(f"{field.name} is {value!r}; it must be a positive number of seconds")
        if self.max_age <= self.refresh_after:
            raise ConfigurationError("max_age must be more than refresh_after, or keys would lapse before they are refetched")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSchedule:
    """Where things stand. A value: `succeeded` and `failed` give the next one. Before the first fetch nothing is trusted."""

    policy: KeyPolicy
    trusted_until: float = -math.inf
    refresh_from: float = -math.inf
    paused_until: float = -math.inf
    failures: int = 0
    """Failed fetches since the last successful one."""

    def trusts(self, monotonic: float) -> bool:
        """Whether the keys at hand still serve."""
        return monotonic < self.trusted_until

    def wants_refresh(self, monotonic: float) -> bool:
        """Whether the set is due to be fetched though no token needs it."""
        return monotonic >= self.refresh_from

    def may_fetch(self, monotonic: float) -> bool:
        """Whether a token may have the set fetched."""
        return monotonic >= self.paused_until

    def succeeded(self, monotonic: float, *, jitter: float, brought_key: bool) -> FetchSchedule:
        """After a fetch that gave a usable set.

        ``jitter`` from 0 to 1 lengthens the pauses of the background by up to a quarter, so that many processes do not all ask
        at once. ``brought_key`` is false when a token asked for a key that the set does not have.
        """
        policy = self.policy
        return replace(
            self,
            trusted_until=monotonic + policy.max_age,
            refresh_from=monotonic + _spread(policy.refresh_after, jitter),
            paused_until=monotonic if brought_key else monotonic + policy.unknown_kid_interval,
            failures=0,
        )

    def failed(self, monotonic: float, *, jitter: float) -> FetchSchedule:
        """After a fetch that gave nothing usable; what was trusted stays trusted."""
        policy = self.policy
        backoff = min(policy.retry_with_keys * 2 ** min(self.failures, _MAX_DOUBLINGS), policy.max_retry)
        pause = policy.unknown_kid_interval if self.trusts(monotonic) else policy.retry_without_keys
        return replace(
            self,
            refresh_from=monotonic + _spread(backoff, jitter),
            paused_until=monotonic + pause,
            failures=self.failures + 1,
        )


def _spread(seconds: float, jitter: float) -> float:
    return seconds * (1 + jitter / 4)
