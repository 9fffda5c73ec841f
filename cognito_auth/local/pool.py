"""The embedded user pools as one object: a request's name and body in, the reply's status, headers and body out.

Everything an operation needs is done here in order (find it, check the signature's form, read and validate the body, run the
handler within one transaction, write the reply), and nothing of what any operation means. HTTP is not spoken here either.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from ..api.structure import Structure
from ..config import is_region
from ..errors import ConfigurationError
from ..signing import AwsCredentials
from .base import faults, validation
from .base.context import Context
from .base.faults import Fault
from .base.handlers import Handler
from .base.keys import NewKey, generate_key, published
from .base.reply import Reply, failure, success
from .base.request import Request
from .base.signatures import Signatures
from .base.triggers import NO_TRIGGERS, Triggers
from .clock import Clock
from .injection import Injection
from .operations import BY_NAME, READING
from .pools.discovery import discovery_document
from .pools.first_pool import FirstPool, ensure_first_pool
from .store.snapshot import Snapshot
from .store.storage import Storage, Transaction
from .store.tables import LETTERS, POOLS, TABLES
from .users.names import find_user
from .users.outbox import Message

_log: Final = logging.getLogger(__name__)
_IN_PROCESS: Final = Request()


class LocalCognito:
    """Any number of user pools behind one endpoint.

    ``path`` is a SQLite file, or ``None`` for memory. ``endpoint`` is where the pools are reached: a pool's issuer is
    ``{endpoint}/{pool id}``; it may be set later, because a server learns its port late. ``keys`` makes the RSA keys of new
    pools. ``credentials`` are the AWS keys whose signatures, made for ``region``, are taken; without any, the form of a
    signature is checked and not its truth. ``triggers`` are called on the way, within the operation, and may use this very
    object; they may be set later. May be used from any number of threads; operations run one at a time. Raises
    `ConfigurationError` for a region that no pool id can begin with, or a file of another layout.
    """

    def __init__(
        self,
        *,
        path: str | Path | None = None,
        endpoint: str = "http://cognito.localhost",
        region: str = "us-east-1",
        clock: Clock | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
        keys: NewKey = generate_key,
        credentials: Iterable[AwsCredentials] = (),
        triggers: Triggers = NO_TRIGGERS,
    ) -> None:
        if not is_region(region):
            raise ConfigurationError(f"region is {region!r}, but a region looks like 'eu-west-1'")
        self.endpoint = endpoint
        self.triggers = triggers
        self.clock: Final = clock or Clock()
        self.region: Final = region
        self._signatures: Final = Signatures(credentials, region)
        self._random_bytes = random_bytes
        self._keys = keys
        self._storage = Storage(path, TABLES)
        self._injection = Injection()

    def call(self, operation: str, body: bytes, *, sent: Request = _IN_PROCESS) -> Reply:
        """Carry out the operation with this name (without the service's prefix) and JSON body.

        ``sent`` is the HTTP request as it arrived, whose signature the administrator's operations need; by default there is
        none. Whatever happens becomes a reply; nothing is raised.
        """
        request_id = str(UUID(bytes=self._random_bytes(16), version=4))
        try:
            self._injection.check(operation)
            kind, handler = _known(operation)
            if kind.signed:
                self._signatures.check(sent, self.clock.now())
            return success(operation, self._run(handler, validation.read(kind, body)), request_id)
        except Fault as fault:
            return failure(fault, request_id)
        except Exception:  # the last resort of a server: the caller gets a reply, the developer the traceback
            _log.exception("%s failed (request %s)", operation, request_id)
            return failure(faults.INTERNAL(), request_id)

    def fail(self, operation: str, code: str, *, message: str = "", times: int = 1) -> None:
        """Refuse the next ``times`` calls of ``operation`` with ``code``, whatever they ask for; they have no effect.

        ``code`` is as on the wire, such as ``TooManyRequestsException``. Raises `ValueError` for an unknown operation, a code
        that Cognito does not declare for it and that is not general, or a number outside 1 to 10000.
        """
        self._injection.plan(operation, code, message=message, times=times)

    def key_set(self, user_pool_id: str) -> dict[str, Any] | None:
        """The pool's JSON Web Key Set, or ``None`` when there is no such pool."""
        with self._storage.transaction(writes=False) as records:
            pool = records.get(POOLS, user_pool_id)
        return published((pool.id_key, pool.access_key)) if pool else None

    def discovery(self, user_pool_id: str) -> dict[str, Any] | None:
        """The pool's OpenID configuration, or ``None`` when there is no such pool."""
        return discovery_document(f"{self.endpoint}/{user_pool_id}") if user_pool_id in self.pools() else None

    def outbox(self, user_pool_id: str | None = None, username: str | None = None) -> tuple[Message, ...]:
        """The messages that were sent, newest last: all, or one pool's, or one user's by any of the user's names."""
        with self._storage.transaction(writes=False) as records:
            context = self._context(records)
            found: list[Message] = []
            for pool in records.find(POOLS, **({"id": user_pool_id} if user_pool_id else {})):
                user = find_user(context, pool, username) if username else None
                if username is None or user is not None:
                    wanted = {"pool_id": pool.id, **({"user": user.name} if user else {})}
                    found += [letter.message for letter in records.find(LETTERS, **wanted)]
        return tuple(sorted(found, key=lambda message: message.sent_at))

    def pools(self) -> tuple[str, ...]:
        """The ids of all pools, oldest first."""
        with self._storage.transaction(writes=False) as records:
            return tuple(pool.id for pool in records.find(POOLS))

    def first_pool(self) -> FirstPool:
        """The oldest pool with its first two clients; made for a newcomer's first steps if there is none yet."""
        with self._storage.transaction() as records:
            return ensure_first_pool(self._context(records))

    def snapshot(self) -> Snapshot:
        """Everything as it is now: pools, clients, users, sessions, messages, and how far the clock was moved.

        A pool that takes a while to set up is set up once and then restored, which takes less than a millisecond::

            @pytest.fixture(scope="session")
            def start() -> tuple[LocalCognito, Snapshot]:
                cognito = LocalCognito()
                cognito.first_pool()
                return cognito, cognito.snapshot()

            @pytest.fixture
            def cognito(start: tuple[LocalCognito, Snapshot]) -> LocalCognito:
                cognito, snapshot = start
                cognito.restore(snapshot)
                return cognito

        Tests that run at the same time each make a copy of their own: ``LocalCognito.from_snapshot(snapshot)``.
        """
        return Snapshot(image=self._storage.image(), shift=self.clock.shift, endpoint=self.endpoint, region=self.region)

    def restore(self, snapshot: Snapshot) -> None:
        """Put everything back as it was; what happened since is gone, in a file too.

        ``endpoint`` stays as it is, and no call fails any more because of `fail`.
        """
        self._storage.replace(snapshot.image)
        self.clock.restore(snapshot.shift)
        self._injection = Injection()

    @classmethod
    def from_snapshot(
        cls,
        snapshot: Snapshot,
        *,
        path: str | Path | None = None,
        clock: Clock | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
        keys: NewKey = generate_key,
        credentials: Iterable[AwsCredentials] = (),
        triggers: Triggers = NO_TRIGGERS,
    ) -> LocalCognito:
        """An independent copy: what happens to one of them does not happen to the other.

        Region and endpoint are the snapshot's. What a file at ``path`` held is replaced. ``clock`` is moved as far as the
        one that was in use when the snapshot was taken.
        """
        made = cls(
            path=path,
            endpoint=snapshot.endpoint,
            region=snapshot.region,
            clock=clock,
            random_bytes=random_bytes,
            keys=keys,
            credentials=credentials,
            triggers=triggers,
        )
        made.restore(snapshot)
        return made

    def close(self) -> None:
        """Close the storage; further calls fail."""
        self._storage.close()

    def _run(self, handler: Handler, request: Structure) -> Structure:
        with self._storage.transaction(writes=type(request) not in READING) as records:
            try:
                return handler(self._context(records, request), request)
            except Fault as fault:
                if not fault.keep:
                    raise
                refused = fault
        raise refused

    def _context(self, records: Transaction, request: Structure | None = None) -> Context:
        return Context(
            records=records,
            now=self.clock.now(),
            random_bytes=self._random_bytes,
            endpoint=self.endpoint,
            region=self.region,
            new_key=self._keys,
            triggers=self.triggers,
            client_id=getattr(request, "client_id", None),
            metadata=getattr(request, "client_metadata", None),
        )


def _known(operation: str) -> tuple[Any, Handler]:
    found = BY_NAME.get(operation)
    if found is None:
        raise faults.UNKNOWN_OPERATION
    return found
