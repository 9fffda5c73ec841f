"""Errors on demand: the next calls of an operation are refused with a code that its caller wants to see handled.

Much of what Cognito may answer never happens on one machine: throttling, roles that send messages, a firewall. An
application's handling of it can be tested all the same, because the pool refuses what it was told to refuse, before it looks at
the request. This module keeps what was asked for; it knows no operation's meaning.

Source of the codes that any operation may meet:
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast

from ..api import OPERATIONS
from .base.faults import Fault, Refusal

GENERAL: Final = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InternalFailure",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "SerializationException",
        "ServiceUnavailable",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
    }
)
"""Codes that any operation may be answered with; no operation's model declares them."""
MAX_TIMES: Final = 10_000
_MAX_WAITING: Final = 1_000
_MEMBERS: Final[Mapping[str, type]] = MappingProxyType({"operation": str, "code": str, "message": str, "times": int})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calls are to be refused, and with what."""

    operation: str
    code: str
    message: str = ""
    times: int = 1


@dataclass(slots=True, kw_only=True)
class _Waiting:
    kind: Refusal
    message: str
    times: int


class Injection:
    """The refusals that wait for their operations; may be used from any number of threads."""

    def __init__(self) -> None:
        self._waiting: Final[dict[str, deque[_Waiting]]] = {}
        self._lock: Final = threading.Lock()

    def plan(self, operation: str, code: str, *, message: str = "", times: int = 1) -> None:
        """Refuse the next ``times`` calls of ``operation`` with ``code``, after those that wait already.

        Raises `ValueError` for a name that is no operation's, for a code that is neither declared for the operation nor
        general, and for a number outside 1 to 10000.
        """
        kind = OPERATIONS.get(operation)
        if kind is None:
            raise ValueError(f"there is no operation {operation!r}")
        if code not in kind.errors | GENERAL:
            raise ValueError(f"{operation} is never refused with {code!r}")
        if not 1 <= times <= MAX_TIMES:
            raise ValueError(f"times is {times}, but must be from 1 to {MAX_TIMES}")
        with self._lock:
            waiting = self._waiting.setdefault(operation, deque())
            if len(waiting) >= _MAX_WAITING:
                raise ValueError(f"{_MAX_WAITING} refusals of {operation} wait already")
            waiting.append(_Waiting(kind=_refusal(code), message=message, times=times))

    def check(self, operation: str) -> None:
        """Raises the `Fault` that waits for the operation, if one does."""
        with self._lock:
            waiting = self._waiting.get(operation)
            if not waiting:
                return
            first = waiting[0]
            first.times -= 1
            if not first.times:
                waiting.popleft()
        raise first.kind(first.message)


def read(body: bytes) -> Wanted:
    """What a JSON object with ``operation``, ``code`` and perhaps ``message`` and ``times`` asks for. Raises `ValueError`."""
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    given = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    named = {"operation", "code"} <= given.keys() <= _MEMBERS.keys()
    if not named or any(type(value) is not _MEMBERS[name] for name, value in given.items()):
        raise ValueError('Send {"operation": text, "code": text}, with "message": text and "times": number if need be.')
    return Wanted(**given)


def _refusal(code: str) -> Refusal:
    unavailable = {"status": 503} if code == "ServiceUnavailable" else {}
    return type(code, (Fault,), {"code": code, "text": "{}", **unavailable})
