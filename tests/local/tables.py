"""The pool's tables without a pool around them: filled directly, and watched while an operation's handler works on them.

What an operation costs is counted in the steps of SQLite's own machine, so that a test can say "no more than with few users"
without a clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import count, cycle
from random import Random
from typing import Any, Final, TypeVar

from cognito_auth.api.clients import CreateUserPoolClient
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.structure import Operation
from cognito_auth.local.base.context import Context
from cognito_auth.local.base.faults import Fault
from cognito_auth.local.operations import HANDLERS
from cognito_auth.local.store.records import Pool, User
from cognito_auth.local.store.storage import Table, Transaction
from cognito_auth.local.store.tables import POOLS, TABLES, USERS

from .support import FLOWS, START, Refused, key_pair

R = TypeVar("R")

_GRAIN: Final = 10
"""Steps of SQLite's machine between two countings."""
_PLANNED: Final = ("SELECT", "UPDATE", "DELETE", "INSERT")


class Tables:
    """Tables in memory, with one pool and one app client, on which handlers run."""

    def __init__(self) -> None:
        self.connection: Final = sqlite3.connect(":memory:", isolation_level=None)
        for table in TABLES:
            for statement in table.schema():
                self.connection.execute(statement)
        self.records: Final = Transaction(self.connection)
        self._random: Final = Random(7)
        self._keys: Final = cycle(key_pair())
        pool = self.run(CreateUserPool(pool_name="tests")).user_pool
        self.pool_id: Final = (pool and pool.id) or ""
        made = self.run(CreateUserPoolClient(user_pool_id=self.pool_id, client_name="tests", explicit_auth_flows=FLOWS))
        self.client_id: Final = (made.user_pool_client and made.user_pool_client.client_id) or ""

    @property
    def pool(self) -> Pool:
        pool = self.records.get(POOLS, self.pool_id)
        assert pool is not None
        return pool

    @classmethod
    @cache
    def shared(cls) -> Tables:
        """Tables that tests use one after the other."""
        return cls()

    def clear(self, table: Table[Any]) -> None:
        """Remove the pool's records of a kind."""
        self.records.delete(table, pool_id=self.pool_id)

    def context(self) -> Context:
        """What a handler works with."""
        return Context(
            records=self.records,
            now=START,
            random_bytes=self._random.randbytes,
            endpoint="http://cognito.localhost",
            region="us-east-1",
            new_key=self._keys.__next__,
        )

    def run(self, operation: Operation[R]) -> R:
        """Carry an operation out. Raises `Refused` for a fault."""
        handler: Any = HANDLERS[type(operation)]
        self.connection.execute("BEGIN")
        try:
            reply: R = handler(self.context(), operation)
        except Fault as fault:
            raise Refused(fault.code.removesuffix("Exception"), fault.message) from None
        finally:
            self.connection.execute("COMMIT")
        return reply

    def steps(self, operation: Operation[Any]) -> int:
        """How many steps SQLite's machine takes for the operation, roughly."""
        counted = count()

        def one_more() -> None:
            next(counted)

        self.connection.set_progress_handler(one_more, _GRAIN)
        with suppress(Refused):
            self.run(operation)
        self.connection.set_progress_handler(None, 0)
        return _GRAIN * next(counted)

    def plans(self, operation: Operation[Any]) -> Iterator[str]:
        """What SQLite's planner says to each statement of the operation."""
        statements: list[str] = []
        self.connection.set_trace_callback(statements.append)
        with suppress(Refused):
            self.run(operation)
        self.connection.set_trace_callback(None)
        for statement in statements:
            if statement.startswith(_PLANNED):
                for *_, text in self.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                    yield f"{text}  <-  {statement}"

    def fill(self, users: Iterable[User]) -> None:
        """Store users in one transaction."""
        self.connection.execute("BEGIN")
        for user in users:
            self.records.insert(USERS, user)
        self.connection.execute("COMMIT")


def many_users(pool_id: str, number: int, change: Callable[[int], dict[str, str]] = lambda _: {}) -> Iterator[User]:
    """Confirmed users ``user-000000`` and so on; ``change`` gives further attributes of each."""
    for each in range(number):
        name = f"user-{each:06}"
        yield User(
            pool_id=pool_id,
            name=name,
            username=name,
            sub=f"{each:08x}-0000-4000-8000-000000000000",
            status="CONFIRMED",
            enabled=True,
            attributes={"email": f"{name}@example.com", "email_verified": "true", **change(each)},
            created_at=START,
            modified_at=START,
        )
