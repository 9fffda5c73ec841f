"""Stops guessing: wrong passwords lock a user out, and repeated requests run into hourly limits.

After five wrong passwords nobody gets in for a second; each further one doubles that, up to fifteen minutes. Attempts during
the lock are refused and not counted. A right password after the lock, or fifteen quiet minutes, make an end of it. Names that
nobody has are counted alike, so that the lock does not tell who exists.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from ..base import faults
from ..base.context import Context
from ..store.records import Failures, Pool, Tally
from ..store.tables import FAILURES, TALLIES

_FREE_FAILURES: Final = 5
_REST: Final = 900.0
_HOUR: Final = 3600.0


class Limited(Enum):
    """What is limited for each user and hour."""

    RESEND = "resend"
    CONFIRM = "confirm"
    RECOVER = "recover"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 a name
    ADMIN_RESET = "admin_reset"
    SEND_CODE = "send_code"
    VERIFY = "verify"


LIMITS: Final[Mapping[Limited, int]] = MappingProxyType(
    {
        Limited.RESEND: 5,
        Limited.CONFIRM: 15,
        Limited.RECOVER: 20,
        Limited.CHANGE_PASSWORD: 5,
        Limited.ADMIN_RESET: 20,
        Limited.SEND_CODE: 5,
        Limited.VERIFY: 15,
    }
)
"""How often in an hour; asking for a new password and confirming it share one limit."""


def check_lock(context: Context, pool: Pool, subject: str) -> None:
    """Raises `Fault` while the subject is locked out. ``subject`` is a sub, or what stands for one."""
    failures = _recent(context, pool, subject)
    if failures is None or failures.count < _FREE_FAILURES:
        return
    # No lock outlives the rest, after which the failures are forgotten.
    if context.now < failures.last_at + 2.0 ** (failures.count - _FREE_FAILURES):
        raise faults.LOCKED_OUT


def count_failure(context: Context, pool: Pool, subject: str) -> None:
    """Count a wrong password."""
    failures = _recent(context, pool, subject)
    count = failures.count + 1 if failures else 1
    context.records.put(FAILURES, Failures(pool_id=pool.id, subject=subject, count=count, last_at=context.now))


def forget_failures(context: Context, pool: Pool, subject: str) -> None:
    """Forget the wrong passwords, after a right one."""
    context.records.delete(FAILURES, pool_id=pool.id, subject=subject)


def count(context: Context, pool: Pool, subject: str, kind: Limited) -> None:
    """Count a request. Raises `Fault` when the hour's number is used up; what is refused is not counted."""
    tally = context.records.get(TALLIES, pool.id, subject, kind.value)
    recent = tuple(moment for moment in (tally.times if tally else ()) if moment > context.now - _HOUR)
    if len(recent) >= LIMITS[kind]:
        raise faults.LIMIT_EXCEEDED
    times = (*recent, context.now)
    context.records.put(TALLIES, Tally(pool_id=pool.id, subject=subject, kind=kind.value, times=times))


def _recent(context: Context, pool: Pool, subject: str) -> Failures | None:
    failures = context.records.get(FAILURES, pool.id, subject)
    return failures if failures is not None and context.now < failures.last_at + _REST else None
