"""What happened that matters to whoever watches over an application: a closed list of security events.

An event is a value. It holds nothing that opens anything: no password, code, token, state or answer, and no name that a
stranger typed, which people mistake for the field below it; only a keyed hash of that.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeAlias, get_args

EventName: TypeAlias = Literal[
    "signed_in",
    "sign_in_failed",
    "challenged",
    "refreshed",
    "refresh_failed",
    "signed_out",
    "refused",
    "rate_limited",
    "signed_up",
    "sign_up_confirmed",
    "code_requested",
    "password_reset",
    "password_changed",
    "factor_changed",
    "passkey_registered",
    "passkey_deleted",
    "device_confirmed",
    "device_changed",
    "device_forgotten",
    "account_changed",
    "account_deleted",
    "sessions_ended",
    "access_ended",
]
EVENT_NAMES: Final[tuple[EventName, ...]] = get_args(EventName)
FAILURES: Final[frozenset[EventName]] = frozenset({"sign_in_failed", "refresh_failed", "refused", "rate_limited"})
"""Events of what was tried in vain; they are logged as warnings, all others as information."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:@/+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """One event. What is not known, or does not belong to it, is ``None``."""

    name: EventName
    time: float
    """Seconds since the Unix epoch."""
    sub: str | None = None
    """Whom it is about, by the pool's lasting id, as Cognito vouches for it."""
    username: str | None = None
    """The pool's name for the same user."""
    username_hash: str | None = None
    """Whom it is about where nobody vouches for it: a keyed hash of the name, the same for the same name."""
    client_id: str | None = None
    """The app client."""
    route: str | None = None
    """The endpoint, by its name; ``None`` at a guard of the application's own."""
    challenge: str | None = None
    """The challenge that is posed, or was answered."""
    code: str | None = None
    """Of a failure, the code that the client was told."""
    error: str | None = None
    """Of a failure, the class of the error (`cognito_auth.errors`), which names the check that failed."""
    client_address: str | None = None
    """Where the request came from, as far as `WebOptions.trusted_proxies` vouch for it."""
    user_agent: str | None = None
    """What the client calls itself, cut and without control characters; anybody can say anything there."""

    @property
    def level(self) -> int:
        """The level that it is logged with."""
        return logging.WARNING if self.name in FAILURES else logging.INFO

    def members(self) -> Mapping[str, Any]:
        """What is known, by the names of the members; the event's name is ``event``, since records have a name already."""
        known = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "name"}
        return {"event": self.name, **{name: value for name, value in known.items() if value is not None}}

    def line(self) -> str:
        """The event as one line of ASCII: its name, then ``key=value`` pairs. A value with anything but letters, digits and
        ``_.:@/+-`` is a JSON string, so that nothing in it passes for another pair or another line."""
        pairs = (f"{name}={_shown(value)}" for name, value in self.members().items() if name not in ("event", "time"))
        return " ".join((self.name, *pairs))


Listener: TypeAlias = Callable[[SecurityEvent], object]
"""What an application has called for each event."""


def _shown(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
