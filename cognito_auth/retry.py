"""When a failed request is worth sending again, and after how long.

A pure decision. A throttled request was not carried out, so it may be sent again whatever it is. Any other failure leaves open
whether Cognito acted, so only operations that may be carried out twice are repeated: never a password, a code or a challenge
answer, which would be counted as another attempt. What reads is known by its name, so that a listing's every page and an
operation without a class are covered too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from .api.auth import GetTokensFromRefreshToken, GlobalSignOut, InitiateAuth, RevokeToken
from .api.groups import AdminAddUserToGroup
from .api.mfa import SetUserMFAPreference
from .api.raw import name_of
from .api.structure import Operation
from .api.users import AdminDisableUser, AdminEnableUser, AdminSetUserPassword
from .errors import CognitoAuthError, Retry, TooManyRequests

REPEATABLE: Final[frozenset[type[Operation[Any]]]] = frozenset(
    {
        AdminAddUserToGroup,
        AdminDisableUser,
        AdminEnableUser,
        AdminSetUserPassword,
        GetTokensFromRefreshToken,  # a rotated token works again within its grace period
        GlobalSignOut,
        RevokeToken,
        SetUserMFAPreference,
    }
)
"""Operations that change something and do no harm when they are carried out twice."""

_READING: Final = re.compile(r"(Admin)?(Describe|Get|List)[A-Z]", re.ASCII)
_NOT_READING: Final = re.compile("Code|Token")
"""What is got by this name is made at the request: a code is sent, a token issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential backoff with full jitter, bounded in attempts and in seconds altogether."""

    attempts: int = 3
    base: float = 0.2
    """Seconds that the first pause is at most; each further one doubles."""
    cap: float = 2.0
    """Seconds that a pause is at most."""
    total: float = 5.0
    """Seconds after the first attempt in which a further one may start."""

    def pause(self, error: CognitoAuthError, operation: Operation[Any], attempt: int, chance: float) -> float | None:
        """Seconds to wait before attempt number ``attempt + 1``, or ``None`` to give up; ``chance`` is random in [0, 1)."""
        if error.retry is not Retry.BACKOFF or attempt >= self.attempts:
            return None
        if not isinstance(error, TooManyRequests) and not is_repeatable(operation):
            return None
        return min(self.cap, self.base * 2.0 ** (attempt - 1)) * chance


def is_repeatable(operation: Operation[Any]) -> bool:
    """Whether carrying the operation out twice does no harm."""
    if isinstance(operation, InitiateAuth):
        return operation.auth_flow in ("USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
    return type(operation) in REPEATABLE or is_read(name_of(operation))


def is_read(name: str) -> bool:
    """Whether the operation of this name changes nothing, as far as its name tells."""
    return _READING.match(name) is not None and _NOT_READING.search(name) is None
