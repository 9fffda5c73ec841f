"""What is kept: a token that is remembered, and a session that lives, in each place; and that it is bounded."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cognito_auth.effects import Store
from cognito_auth.errors import StoreUnavailable
from cognito_auth.sessions import CookiePolicy
from cognito_auth.sessions.stored import CreateSession, StoredSession
from cognito_auth.stores import MemoryStore, RedisStore, SqliteStore
from tests.support.realistic import realistic
from tests.support.redis_server import redis_server

from .cookies import our_seal
from .peers import peer
from .reports import Grid, Report, main
from .samples import NOW, access_tokens
from .verifiers import ours

LIMIT: Final = 2_000
"""Tokens that are remembered, where the bound is to be seen."""
SESSIONS: Final = 2_000
MONTH: Final = 2_592_000.0


def growth(work: Callable[[], object]) -> int:
    """Bytes that Python has allocated when the work is done, and had not before. What the work gives is held meanwhile."""
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    held = work()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del held
    return after - before


def remembered(count: int) -> int:
    """Bytes that a verifier keeps after so many tokens, each a new string as it would come out of a request."""
    check = ours(access_tokens(1), limit=LIMIT)
    tokens = [token.encode() for token in access_tokens(count + 1)[1:]]

    def verify() -> None:
        for token in tokens:
            check(token.decode())

    return growth(verify)


def sessions(count: int) -> list[StoredSession]:
    """Sessions as sign-ins store them."""
    return [
        StoredSession(
            id=f"{number:064x}",
            owner=f"owner-{number:030}",
            content=our_seal(realistic(number % 50)).encode(),
            created_at=NOW,
            seen_at=NOW,
            expires_at=NOW + MONTH,
            idle_lifetime=MONTH,
        )
        for number in range(count)
    ]


def fill(store: Store, kept: list[StoredSession]) -> Any:
    """Put the sessions into a store."""
    for session in kept:
        store.carry_out(CreateSession(session))
    return store


def in_sqlite(kept: list[StoredSession]) -> tuple[int, int]:
    """Bytes on disk: of the file once its log is written into it, as closing does, and of the log until then."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sessions.sqlite"
        store = fill(SqliteStore(path), kept)
        log = path.with_name(f"{path.name}-wal").stat().st_size
        store.close()
        return path.stat().st_size, log


def turned_away(kept: list[StoredSession]) -> int:
    """Sessions that the process's memory refuses, where it is to keep half of them."""
    store, refused = MemoryStore(max_sessions=len(kept) // 2), 0
    for session in kept:
        try:
            store.carry_out(CreateSession(session))
        except StoreUnavailable:
            refused += 1
    return refused


def in_redis(kept: list[StoredSession]) -> int:
    """Bytes that Redis says it uses more than before."""
    with TemporaryDirectory() as folder, redis_server(Path(folder)) as server:
        client = peer("redis", "redis").Redis.from_url(server.url)
        before = client.info("memory")["used_memory"]
        store = RedisStore(server.url)
        fill(store, kept)
        used: int = client.info("memory")["used_memory"] - before
        store.close()
        client.close()
        return used


def run(effort: float) -> Report:
    """A grid for tokens, one for sessions."""
    count = max(200, int(SESSIONS * effort))
    once, twice = remembered(LIMIT), remembered(2 * LIMIT)
    kept = sessions(count)
    sealed = our_seal(realistic(0))
    cookie = next(iter(CookiePolicy().write(sealed, max_age=int(MONTH), secure=True, present={})))
    in_memory = growth(lambda: fill(MemoryStore(), sessions(count)))
    token = len(access_tokens(1)[0])
    on_disk, log = in_sqlite(kept)
    bounds = f"""{count:,} sessions, each sealed in {len(sealed)} characters. A session ends after its lifetime, or unused
after its idle lifetime, and its place is free again. `MemoryStore.max_sessions` is the bound of the memory: of {count:,}
sessions, one that keeps half of them refused {turned_away(kept):,}. SQLite's log takes {log / 1e6:.1f} MB besides, however many
there are."""
    return Report(
        name="memory",
        grids=(
            Grid(
                title="Memory of verified tokens",
                columns=("kB in all", "kB each"),
                rows=(
                    (f"after {LIMIT:,} tokens, {LIMIT:,} remembered", f"{once / 1000:.0f}", f"{once / LIMIT / 1000:.2f}"),
                    (f"after {2 * LIMIT:,} tokens, {LIMIT:,} remembered", f"{twice / 1000:.0f}", f"{twice / LIMIT / 1000:.2f}"),
                ),
                notes=(f"Tokens of {token} characters, of which each is kept whole. `TokenVerifier.remember` is the bound.",),
            ),
            Grid(
                title="What a live session takes on the server",
                columns=("bytes each",),
                rows=(
                    ("in a cookie", f"0, and {len(cookie.header())} in the browser"),
                    ("MemoryStore", f"{in_memory / count:.0f}"),
                    ("SqliteStore, on disk", f"{on_disk / count:.0f}"),
                    ("RedisStore", f"{in_redis(kept) / count:.0f}"),
                ),
                notes=(bounds,),
            ),
        ),
    )


if __name__ == "__main__":
    main(run, __doc__)
