"""Where the examples' sessions are: in the browser alone, or in a store on the server."""

from __future__ import annotations

import os

from cognito_auth.stores import MemoryStore, RedisStore, SqliteStore
from cognito_auth.web import BrowserSessions, ServerSessions


def sessions() -> BrowserSessions | ServerSessions:
    """In the browser, unless ``SESSION_STORE`` names a store: ``memory``, a ``redis://`` address, or an SQLite file's path.

    An application of your own chooses one of these, and needs no function for it.
    """
    store = os.environ.get("SESSION_STORE")
    if store is None:
        return BrowserSessions()
    if store == "memory":
        return ServerSessions(store=MemoryStore())
    return ServerSessions(store=RedisStore(store) if store.startswith(("redis://", "rediss://")) else SqliteStore(store))
