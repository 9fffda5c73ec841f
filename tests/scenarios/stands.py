"""What a world stands on: the embedded pool, in this process and with a clock of its own, or a server that others wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from pyotp.totp import TOTP

from cognito_auth.client.common import Surroundings
from cognito_auth.config import RefreshFlow
from cognito_auth.local import Clock, LocalCognito
from cognito_auth.local.http.transport import LocalTransport
from cognito_auth.retry import RetryPolicy

from ..support.leaks import NotingTransport, note
from .riddle import RIDDLE

START: Final = 1_772_942_706.0
"""Sun Mar 8 04:05:06 UTC 2026."""
_PERIOD: Final = 30
"""Seconds that a code of an authenticator app is for."""


class Stand(Protocol):
    """Where operations go, and what is asked beside them."""

    @property
    def endpoint(self) -> str: ...

    @property
    def transport(self) -> LocalTransport | None:
        """How requests travel; ``None`` for the network."""
        ...

    @property
    def surroundings(self) -> Surroundings:
        """A client's surroundings, whose time is the pool's."""
        ...

    @property
    def refresh_flow(self) -> RefreshFlow: ...

    @property
    def faithful(self) -> bool:
        """Whether it is as Cognito is where it matters less: wrong codes are refused, and it is told where a code went."""
        ...

    def issuer(self, pool_id: str) -> str:
        """The ``iss`` of a pool's tokens; empty where it is the endpoint's."""
        ...

    def code(self, pool_id: str, username: str) -> str:
        """The code in the newest message to the user."""
        ...

    def totp(self, secret: str) -> str:
        """A code of an authenticator app that the pool has not seen yet."""
        ...

    def now(self) -> float:
        """The pool's time, in seconds since the epoch."""
        ...

    def move(self, seconds: float) -> None:
        """Move the pool's time forward."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Embedded:
    """The embedded pool. Time stands still unless it is moved forward."""

    cognito: LocalCognito = field(default_factory=lambda: LocalCognito(clock=Clock(lambda: START), triggers=RIDDLE))
    refresh_flow: RefreshFlow = "GetTokensFromRefreshToken"
    faithful: bool = True

    @property
    def endpoint(self) -> str:
        return self.cognito.endpoint

    @property
    def transport(self) -> LocalTransport:
        return NotingTransport(self.cognito)

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(now=self.cognito.clock.now)

    def issuer(self, pool_id: str) -> str:
        del pool_id
        return ""

    def code(self, pool_id: str, username: str) -> str:
        code = self.cognito.outbox(pool_id, username)[-1].code
        note(code)
        return code

    def totp(self, secret: str) -> str:
        self.move(_PERIOD)
        return TOTP(secret).at(int(self.now()))

    def now(self) -> float:
        return self.cognito.clock.now()

    def move(self, seconds: float) -> None:
        self.cognito.clock.move(seconds)

    def close(self) -> None:
        self.cognito.close()


@dataclass(slots=True)
class Moto:
    """moto's server. It sends nothing and takes any code; its time is the machine's."""

    endpoint: str
    transport: None = None
    refresh_flow: RefreshFlow = "REFRESH_TOKEN_AUTH"
    """moto lacks ``GetTokensFromRefreshToken``, and answers it with a status 500 that says nothing."""
    faithful: bool = False

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(retry=RetryPolicy(attempts=1))

    def issuer(self, pool_id: str) -> str:
        """moto's tokens name AWS as their issuer, wherever the server is."""
        region = pool_id.partition("_")[0]
        return f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"

    def code(self, pool_id: str, username: str) -> str:
        del pool_id, username
        return "123456"

    def totp(self, secret: str) -> str:
        del secret
        return "123456"

    def now(self) -> float:
        return time.time()

    def move(self, seconds: float) -> None:
        """Time goes its own way."""

    def close(self) -> None:
        """Whoever started the server ends it."""
