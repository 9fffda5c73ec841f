"""`TokenVerifier`: the face of this package. It joins the check of a token with the keys that the check needs.

A check is synchronous and pure. A flow asks for the time, checks, and has the key set fetched when the token names a key that
is not here; for a known key it asks for nothing but the two clocks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

from ..config import Settings, is_trustworthy_url
from ..effects import Flow, Monotonic, Now, perform
from ..errors import ConfigurationError
from .check import Rules
from .claims import AccessToken, IdToken, VerifiedToken
from .keyring import KeyRing
from .schedule import KeyPolicy
from .trust import KeyWanted

V = TypeVar("V", bound=VerifiedToken)

MAX_LEEWAY: Final = 60.0
"""Seconds; a greater difference is not a matter of clocks any more."""
_SOME: Final = "at least one string"
_COMPARED: Final = {"issuers": _SOME, "client_ids": _SOME, "audiences": "strings"}
"""What tokens are compared with, and what it must be a collection of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVerifier:
    """Tells tokens that one user pool issued to given app clients from everything else.

    One verifier serves the whole process: it holds the pool's keys, and what they have proved. Raises `ConfigurationError` for
    settings with which it could not tell.
    """

    issuers: Collection[str]
    """Every ``iss`` to accept, compared exactly."""
    client_ids: Collection[str]
    """The app clients whose tokens are accepted."""
    audiences: Collection[str] = ()
    """The resource servers that this service is: what ``aud`` may be in an access token that has one, besides an app client of
    ``client_ids``. Cognito sets it where the token was asked for with ``resource`` (RFC 8707)."""
    jwks_uri: str
    """Where the pool's key set is; https, or http on this machine."""
    leeway: float = 30.0
    """Seconds by which this machine's clock may differ from Cognito's; at most 60."""
    max_token_bytes: int = 16_384
    """Longer tokens are refused unread."""
    remember: int = 10_000
    """How many verified tokens to remember, whose next use costs no signature check; about 4 kB each, 0 for none."""
    policy: KeyPolicy = field(default_factory=KeyPolicy)
    """How long keys are trusted, and how often they are fetched."""
    _rules: Rules = field(init=False, repr=False, compare=False)
    _ring: KeyRing = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, wanted in _COMPARED.items():
            values = getattr(self, name)
            missing = not values and wanted == _SOME
            if isinstance(values, str) or missing or not all(isinstance(value, str) and value for value in values):
                raise ConfigurationError(f"{name} is {values!r}; it must be a collection of {wanted}")
            object.__setattr__(self, name, frozenset(values))
        if not is_trustworthy_url(self.jwks_uri):
            raise ConfigurationError(f"jwks_uri is {self.jwks_uri!r}; it must be https, or http on this machine")
        if not 0 <= self.leeway <= MAX_LEEWAY:
            raise ConfigurationError(f"leeway is {self.leeway!r}; it must be from 0 to {MAX_LEEWAY:.0f} seconds")
        if self.max_token_bytes < 1 or self.remember < 0:
            raise ConfigurationError("max_token_bytes must be at least 1, and remember at least 0")
        rules = Rules(
            issuers=frozenset(self.issuers),
            client_ids=frozenset(self.client_ids),
            audiences=frozenset(self.client_ids) | frozenset(self.audiences),
            leeway=self.leeway,
            max_token_bytes=self.max_token_bytes,
        )
        object.__setattr__(self, "_rules", rules)
        object.__setattr__(self, "_ring", KeyRing(self.jwks_uri, policy=self.policy, remember=self.remember))

    @classmethod
    def for_settings(
        cls,
        settings: Settings,
        *,
        client_ids: Collection[str] = (),
        audiences: Collection[str] = (),
        leeway: float = 30.0,
        max_token_bytes: int = 16_384,
        remember: int = 10_000,
        policy: KeyPolicy | None = None,
    ) -> Self:
        """The verifier for a pool and its app client; ``client_ids`` are further clients of the pool whose tokens to accept,
        ``audiences`` the resource servers that the service is."""
        return cls(
            issuers=settings.issuers,
            client_ids={settings.client_id, *client_ids},
            audiences=audiences,
            jwks_uri=settings.jwks_uri,
            leeway=leeway,
            max_token_bytes=max_token_bytes,
            remember=remember,
            policy=policy or KeyPolicy(),
        )

    def access_token(self, token: str) -> Flow[AccessToken]:
        """Verify an access token, having keys fetched where needed.

        Raises a `TokenError` whose class names the failed check, or `KeysUnavailable` when there are no keys to judge with.
        """
        return self._verified(AccessToken, token)

    def id_token(self, token: str) -> Flow[IdToken]:
        """Verify an ID token; otherwise as `access_token`."""
        return self._verified(IdToken, token)

    def load_keys(self) -> Flow[None]:
        """Have keys fetched unless they are here: a strict check at start. Raises `KeysUnavailable`."""
        return self._ring.load()

    def check_access_token(self, token: str, now: float) -> AccessToken:
        """Verify an access token with the keys that were fetched last; ``now`` is in seconds since the epoch.

        Raises a `TokenError`, or `KeyWanted` when the token names a key that is not here. How old the keys are is for
        `access_token` to judge: a caller that never runs it, or `load_keys`, trusts a withdrawn key for ever.
        """
        return self._rules.check(AccessToken, token, now, self._ring.latest)

    def check_id_token(self, token: str, now: float) -> IdToken:
        """Verify an ID token; otherwise as `check_access_token`."""
        return self._rules.check(IdToken, token, now, self._ring.latest)

    def recall_access_token(self, token: str, now: float, monotonic: float) -> AccessToken | None:
        """An access token that was verified before, if that holds now: in time, by keys that are fresh.

        ``None`` says nothing of the token: `access_token` has to tell. It costs a look-up, and asks for nothing. ``now`` is in
        seconds since the epoch, ``monotonic`` on a clock that never steps back.
        """
        proven = self._ring.settled(monotonic).recall(AccessToken, token, now)
        return None if proven is None else proven[0]

    def _verified(self, kind: type[V], token: str) -> Flow[V]:
        now = yield from perform(Now())
        monotonic = yield from perform(Monotonic())
        yield from self._ring.tend(monotonic)
        try:
            return self._rules.check(kind, token, now, self._ring.trust(monotonic))
        except KeyWanted as wanted:
            kid = wanted.kid
        yield from self._ring.obtain(kid, monotonic)
        now = yield from perform(Now())
        monotonic = yield from perform(Monotonic())
        try:
            return self._rules.check(kind, token, now, self._ring.trust(monotonic))
        except KeyWanted:
            raise self._ring.refusal(kid, monotonic) from None
