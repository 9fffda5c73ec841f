"""How fast operations may follow each other: a token bucket for each of Cognito's rate categories, and one brake for all.

Cognito counts requests in categories, each with a quota for the whole account and region
(https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html). A request that is throttled nevertheless, because
somebody else draws on the same quota, makes all of them wait: `Pace` holds every operation back, twice as long each time, and
forgets it when one has passed.

Nothing here sleeps or reads a clock: `paced` makes a flow of a flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from ..api.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    CreateGroup,
    GetGroup,
    ListGroups,
    ListUsersInGroup,
    UpdateGroup,
)
from ..api.mfa import AdminSetUserMFAPreference
from ..api.pools import DescribeUserPool
from ..api.structure import Operation
from ..api.users import (
    AdminCreateUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    ListUsers,
)
from ..effects import Flow, Monotonic, Sleep, perform
from ..errors import CognitoAuthError, ConfigurationError, TooManyRequests
from ..exchange import send
from ..retry import RetryPolicy

R = TypeVar("R")
T = TypeVar("T")


class Category(Enum):
    """Cognito's names of the categories that bulk work draws on."""

    USER_CREATION = "UserCreation"
    USER_ACCOUNT_RECOVERY = "UserAccountRecovery"
    USER_READ = "UserRead"
    USER_UPDATE = "UserUpdate"
    USER_RESOURCE_READ = "UserResourceRead"
    USER_RESOURCE_UPDATE = "UserResourceUpdate"
    USER_LIST = "UserList"
    USER_POOL_READ = "UserPoolRead"
    USER_POOL_RESOURCE_READ = "UserPoolResourceRead"
    USER_POOL_RESOURCE_UPDATE = "UserPoolResourceUpdate"


DEFAULT_RATES: Final[Mapping[Category, float]] = MappingProxyType(
    {
        Category.USER_CREATION: 50,
        Category.USER_ACCOUNT_RECOVERY: 30,
        Category.USER_READ: 120,
        Category.USER_UPDATE: 25,
        Category.USER_RESOURCE_READ: 50,
        Category.USER_RESOURCE_UPDATE: 25,
        Category.USER_LIST: 30,
        Category.USER_POOL_READ: 15,
        Category.USER_POOL_RESOURCE_READ: 20,
        Category.USER_POOL_RESOURCE_UPDATE: 15,
    }
)
"""Requests in a second that Cognito's quotas allow when nobody has raised them."""

CATEGORIES: Final[Mapping[type[Operation[Any]], Category]] = MappingProxyType(
    {
        AdminAddUserToGroup: Category.USER_RESOURCE_UPDATE,
        AdminCreateUser: Category.USER_CREATION,
        AdminDisableUser: Category.USER_UPDATE,
        AdminEnableUser: Category.USER_UPDATE,
        AdminGetUser: Category.USER_READ,
        AdminListGroupsForUser: Category.USER_RESOURCE_READ,
        AdminRemoveUserFromGroup: Category.USER_RESOURCE_UPDATE,
        AdminSetUserMFAPreference: Category.USER_UPDATE,
        AdminSetUserPassword: Category.USER_ACCOUNT_RECOVERY,
        AdminUpdateUserAttributes: Category.USER_UPDATE,
        CreateGroup: Category.USER_POOL_RESOURCE_UPDATE,
        DescribeUserPool: Category.USER_POOL_READ,
        GetGroup: Category.USER_POOL_RESOURCE_READ,
        ListGroups: Category.USER_POOL_RESOURCE_READ,
        ListUsers: Category.USER_LIST,
        ListUsersInGroup: Category.USER_LIST,
        UpdateGroup: Category.USER_POOL_RESOURCE_UPDATE,
    }
)

_FIRST_HOLD: Final = 0.5
_LONGEST_HOLD: Final = 30.0
"""Seconds for which everything is held back the first time that a request was throttled, and at most."""
_THROTTLED_AT_MOST: Final = 12
"""Times that one operation is throttled until it fails."""


class Bucket:
    """A token bucket that holds the requests of one second; a request may draw in advance and waits for its token."""

    def __init__(self, rate: float) -> None:
        self._rate: Final = rate
        self._tokens = max(rate, 1.0)
        self._seen: float | None = None

    def take(self, now: float) -> float:
        """Take a token; gives the seconds until it is there."""
        passed = 0.0 if self._seen is None else max(now - self._seen, 0.0)
        self._tokens = min(self._tokens + passed * self._rate, max(self._rate, 1.0)) - 1
        self._seen = now
        return max(-self._tokens / self._rate, 0.0)


class Pace:
    """When the next operation may be sent; shared by everything that runs at the same time.

    ``rates`` are requests in a second; a category without one is not limited. Operations outside every category go at once.
    Raises `ConfigurationError` for a rate that is not more than 0.
    """

    def __init__(self, rates: Mapping[Category, float] = DEFAULT_RATES) -> None:
        if any(not rate > 0 for rate in rates.values()):  # which not a number is not, either
            raise ConfigurationError("a rate must be more than 0 requests in a second")
        self._buckets: Final = {category: Bucket(rate) for category, rate in rates.items()}
        self._held_at = float("-inf")
        self._held_until = float("-inf")
        self._hold = 0.0

    def turn(self, operation: Operation[Any], now: float) -> float:
        """Seconds until it is the operation's turn in its category; asking draws the token."""
        category = CATEGORIES.get(type(operation))
        bucket = self._buckets.get(category) if category else None
        return bucket.take(now) if bucket else 0.0

    def held(self, now: float) -> float:
        """Seconds for which everything is held back."""
        return max(self._held_until - now, 0.0)

    def throttled(self, sent: float, now: float) -> None:
        """A request sent at ``sent`` was throttled. Those that were on their way when the brake was put on change nothing."""
        if sent < self._held_at:
            return
        self._hold = min(max(2 * self._hold, _FIRST_HOLD), _LONGEST_HOLD)
        self._held_at, self._held_until = now, now + self._hold

    def passed(self, sent: float) -> None:
        """A request sent at ``sent`` was not throttled."""
        if sent >= self._held_until:
            self._hold = 0.0


def paced(flow: Flow[T], pace: Pace) -> Flow[T]:
    """The flow, each of whose operations waits for its turn. What else it asks for is passed on."""
    with closing(flow):
        try:
            effect = next(flow)
            while True:
                try:
                    result = yield from (_in_turn(effect, pace) if isinstance(effect, Operation) else perform(effect))
                except Exception as error:  # the flow decides what becomes of it
                    effect = flow.throw(error)
                else:
                    effect = flow.send(result)
        except StopIteration as done:
            return cast(T, done.value)


def _in_turn(operation: Operation[R], pace: Pace) -> Flow[R]:
    throttled = 0
    yield from _pause(pace.turn(operation, (yield from perform(Monotonic()))))
    while True:
        while (held := pace.held((yield from perform(Monotonic())))) > 0:
            yield from _pause(held)
        sent = yield from perform(Monotonic())
        try:
            reply = yield from send(operation, _UNLESS_THROTTLED)
        except TooManyRequests:
            throttled += 1
            pace.throttled(sent, (yield from perform(Monotonic())))
            if throttled == _THROTTLED_AT_MOST:
                raise
        else:
            pace.passed(sent)
            return reply


def _pause(seconds: float) -> Flow[None]:
    if seconds > 0:
        yield from perform(Sleep(seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnlessThrottled(RetryPolicy):
    """Leaves throttled requests to the `Pace`."""

    def pause(self, error: CognitoAuthError, operation: Operation[Any], attempt: int, chance: float) -> float | None:
        return None if isinstance(error, TooManyRequests) else RetryPolicy.pause(self, error, operation, attempt, chance)


_UNLESS_THROTTLED: Final = _UnlessThrottled(attempts=4, total=15.0)
