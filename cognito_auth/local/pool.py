"""The embedded user pools as one object: a request's name and body in, the reply's status, headers and body out.

Everything an operation needs is done here in order (find it, check the signature's form, read and validate the body, run the
handler within one transaction, write the reply), and nothing of what any operation means. HTTP is not spoken here either.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from ..api.structure import Structure
from ..config import is_region
from ..errors import ConfigurationError
from . import aws_signature, faults, validation
from .clock import Clock
from .context import Context
from .discovery import discovery_document
from .faults import Fault
from .first_pool import FirstPool, ensure_first_pool
from .handlers import Handler
from .keys import NewKey, generate_key, published
from .names import find_user
from .operations import BY_NAME, READING
from .outbox import Message
from .records import LETTERS, POOLS, TABLES
from .reply import Reply, failure, success
from .storage import Storage, Transaction

_log: Final = logging.getLogger(__name__)


class LocalCognito:
    """Any number of user pools behind one endpoint.

    ``path`` is a SQLite file, or ``None`` for memory. ``endpoint`` is where the pools are reached: a pool's issuer is
    ``{endpoint}/{pool id}``; it may be set later, because a server learns its port late. ``keys`` makes the RSA keys of new
    pools. May be used from any number of threads; operations run one at a time. Raises `ConfigurationError` for a region that
    no pool id can begin with, or a file of another layout.
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
    ) -> None:
        if not is_region(region):
            raise ConfigurationError(f"region is {region!r}, but a region looks like 'eu-west-1'")
        self.endpoint = endpoint
        self.clock: Final = clock or Clock()
        self._region = region
        self._random_bytes = random_bytes
        self._keys = keys
        self._storage = Storage(path, TABLES)

    def call(self, operation: str, body: bytes, *, authorization: str | None = None) -> Reply:
        """Carry out the operation with this name (without the service's prefix) and JSON body.

        ``authorization`` is the request's ``Authorization`` header. Whatever happens becomes a reply; nothing is raised.
        """
        request_id = str(UUID(bytes=self._random_bytes(16), version=4))
        try:
            kind, handler = _known(operation)
            if kind.signed:
                aws_signature.check(authorization)
            return success(operation, self._run(handler, validation.read(kind, body)), request_id)
        except Fault as fault:
            return failure(fault, request_id)
        except Exception:  # the last resort of a server: the caller gets a reply, the developer the traceback
            _log.exception("%s failed (request %s)", operation, request_id)
            return failure(faults.INTERNAL(), request_id)

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

    def close(self) -> None:
        """Close the storage; further calls fail."""
        self._storage.close()

    def _run(self, handler: Handler, request: Structure) -> Structure:
        with self._storage.transaction(writes=type(request) not in READING) as records:
            try:
                return handler(self._context(records), request)
            except Fault as fault:
                if not fault.keep:
                    raise
                refused = fault
        raise refused

    def _context(self, records: Transaction) -> Context:
        return Context(
            records=records,
            now=self.clock.now(),
            random_bytes=self._random_bytes,
            endpoint=self.endpoint,
            region=self._region,
            new_key=self._keys,
        )


def _known(operation: str) -> tuple[Any, Handler]:
    found = BY_NAME.get(operation)
    if found is None:
        raise faults.UNKNOWN_OPERATION
    return found
