"""A store in Redis or Valkey, shared by many machines.

Every operation is a generator that yields commands, which a synchronous or an asynchronous connection carries out. What has to
happen in one step is one command or one script over one key, so that it works in a cluster too.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Generator, Mapping
from importlib import import_module
from typing import Any, Final, TypeAlias, TypeVar, cast

import anyio.to_thread
from anyio.lowlevel import RunVar

from ..effects import StoreOperation
from ..errors import MissingExtra, StoreUnavailable
from ..sessions.stored import (
    AcquireLock,
    CreateSession,
    ListSessionsOf,
    LoadMarks,
    LoadSession,
    Mark,
    ReleaseLock,
    RemoveSession,
    RemoveSessionsOf,
    ReplaceContent,
    StoredSession,
    TouchSession,
)

R = TypeVar("R")
Command: TypeAlias = tuple[str | bytes | int | float, ...]
Commands: TypeAlias = Generator[Command, Any, R]

_RETRIES: Final = 1
"""A connection that was closed meanwhile, as by a restart, is found out by using it."""

# A full Redis refuses a script's first write, and none that follows: what needs room comes first.
_INDEX: Final = """
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[4])))
return 1
"""
_CREATE: Final = """
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""
_REPLACE: Final = """
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'content', ARGV[2], 'version', ARGV[3], 'seen_at', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
"""
_TOUCH: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'seen_at', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
_RELEASE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
_MARK: Final = """
local held, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', math.max(left, tonumber(ARGV[2])))
return 1
"""


class RedisStore:
    """Keeps sessions in the Redis or Valkey at ``url``, such as ``redis://localhost:6379/0`` or ``rediss://...``.

    ``prefix`` begins every key; applications that share a Redis take different ones. ``timeout`` is for each command, in
    seconds. Connections are made when they are first needed, for each process and event loop its own. Raises `MissingExtra`
    without the extra ``redis``.
    """

    def __init__(self, url: str, *, prefix: str = "cognito_auth", timeout: float = 2.0) -> None:
        try:
            import redis
        except ImportError:
            raise MissingExtra("RedisStore", "redis") from None
        self._url: Final = url
        self._prefix: Final = prefix
        self._timeout: Final = timeout
        self._blocking: Final[Any] = self._connect("redis", "redis.retry")
        self._loops: Final[RunVar[Any]] = RunVar(f"cognito_auth redis {id(self)}", None)
        self._errors: Final = (redis.RedisError, OSError)

    def carry_out(self, operation: StoreOperation[R]) -> R:
        """Carry out an operation."""
        commands = self._commands(operation)
        try:
            command = next(commands)
            while True:
                command = commands.send(self._blocking.execute_command(*command))
        except StopIteration as done:
            return cast("R", done.value)
        except self._errors as error:
            raise _unavailable(error) from error

    async def carry_out_async(self, operation: StoreOperation[R]) -> R:
        """The same on the running event loop; on trio, which redis does not know, in a thread."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return await anyio.to_thread.run_sync(self.carry_out, operation)
        connection, commands = self._of_loop(), self._commands(operation)
        try:
            command = next(commands)
            while True:
                command = commands.send(await connection.execute_command(*command))
        except StopIteration as done:
            return cast("R", done.value)
        except self._errors as error:
            raise _unavailable(error) from error

    def close(self) -> None:
        """Close the connections that are used without an event loop."""
        self._blocking.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        connection = self._loops.get()
        if connection is not None:
            self._loops.set(None)
            await connection.aclose()

    def _of_loop(self) -> Any:
        connection = self._loops.get()
        if connection is None:
            connection = self._connect("redis.asyncio", "redis.asyncio.retry")
            self._loops.set(connection)
        return connection

    def _connect(self, package: str, retry: str) -> Any:
        """A connection of one of redis's two kinds; their types tell too little to be of use."""
        from redis.backoff import NoBackoff

        made: Any = import_module(package)
        return made.Redis.from_url(
            self._url,
            retry=import_module(retry).Retry(NoBackoff(), _RETRIES),
            socket_timeout=self._timeout,
            socket_connect_timeout=self._timeout,
        )

    def _commands(self, operation: StoreOperation[R]) -> Commands[R]:
        return cast("Commands[R]", _DOES[type(operation)](self, operation))

    def _key(self, kind: str, name: str) -> str:
        return f"{self._prefix}:{kind}:{name}"

    def create(self, wanted: CreateSession) -> Commands[None]:
        session = wanted.session
        index, now = self._key("owner", session.owner), session.seen_at
        # First the index: an entry that leads nowhere does no harm, a session that nobody finds cannot be ended from afar.
        lasts = _milliseconds(session.expires_at - now)
        yield ("EVAL", _INDEX, 1, index, now, session.expires_at, session.id, lasts)
        fields = [part for name in _FIELDS for part in (name, getattr(session, name))]
        key = self._key("session", session.id)
        yield ("EVAL", _CREATE, 1, key, _milliseconds(session.ends_at - now), *fields)

    def load(self, wanted: LoadSession) -> Commands[StoredSession | None]:
        session = _session(wanted.id, (yield ("HMGET", self._key("session", wanted.id), *_FIELDS)))
        return session if session is not None and session.ends_at > wanted.now else None

    def touch(self, wanted: TouchSession) -> Commands[None]:
        session = yield from self.load(LoadSession(wanted.id, wanted.now))
        if session is not None:
            yield ("EVAL", _TOUCH, 1, self._key("session", wanted.id), *_seen(session, wanted.now))

    def replace(self, wanted: ReplaceContent) -> Commands[bool]:
        session = yield from self.load(LoadSession(wanted.id, wanted.now))
        if session is None:
            return False
        arguments = (wanted.version, wanted.content, wanted.version + 1, *_seen(session, wanted.now))
        return bool((yield ("EVAL", _REPLACE, 1, self._key("session", wanted.id), *arguments)))

    def remove(self, wanted: RemoveSession) -> Commands[bool]:
        key = self._key("session", wanted.id)
        owner: bytes | None = yield ("HGET", key, "owner")
        gone = bool((yield ("DEL", key)))
        if owner is not None:
            yield ("ZREM", self._key("owner", owner.decode()), wanted.id)
        return gone

    def remove_of(self, wanted: RemoveSessionsOf) -> Commands[int]:
        gone = 0
        for each in (yield ("ZRANGE", self._key("owner", wanted.owner), 0, -1)):
            if each.decode() != wanted.spared:
                gone += yield from self.remove(RemoveSession(each.decode()))
        return gone

    def list_of(self, wanted: ListSessionsOf) -> Commands[tuple[StoredSession, ...]]:
        found: list[StoredSession] = []
        for each in (yield ("ZRANGE", self._key("owner", wanted.owner), 0, -1)):
            session = yield from self.load(LoadSession(each.decode(), wanted.now))
            if session is not None:
                found.append(session)
        return tuple(sorted(found, key=lambda session: session.created_at))

    def acquire(self, wanted: AcquireLock) -> Commands[bool]:
        lasts = _milliseconds(wanted.seconds)
        return (yield ("SET", self._key("lock", wanted.name), wanted.holder, "NX", "PX", lasts)) is not None

    def release(self, wanted: ReleaseLock) -> Commands[None]:
        yield ("EVAL", _RELEASE, 1, self._key("lock", wanted.name), wanted.holder)

    def mark(self, wanted: Mark) -> Commands[None]:
        yield ("EVAL", _MARK, 1, self._key("mark", wanted.subject), wanted.moment, _milliseconds(wanted.seconds))

    def marks(self, wanted: LoadMarks) -> Commands[tuple[float | None, ...]]:
        found: list[float | None] = []
        for subject in wanted.subjects:
            held: bytes | None = yield ("GET", self._key("mark", subject))
            found.append(None if held is None else float(held))
        return tuple(found)


_FIELDS: Final = ("owner", "content", "created_at", "seen_at", "expires_at", "idle_lifetime", "version")


def _session(session_id: str, fields: list[bytes | None]) -> StoredSession | None:
    """The session in a reply; one of which something is missing, as after an eviction, is none."""
    owner, content, *moments, version = fields
    if owner is None or content is None or version is None or None in moments:
        return None
    created_at, seen_at, expires_at, idle_lifetime = (float(moment or b"nan") for moment in moments)
    return StoredSession(
        id=session_id,
        owner=owner.decode(),
        content=content,
        created_at=created_at,
        seen_at=seen_at,
        expires_at=expires_at,
        idle_lifetime=idle_lifetime,
        version=int(version),
    )


def _seen(session: StoredSession, now: float) -> tuple[float, int]:
    """When the session counts as seen last, and for how many milliseconds it is to be kept."""
    return max(session.seen_at, now), _milliseconds(min(session.expires_at - now, session.idle_lifetime))


def _milliseconds(seconds: float) -> int:
    return max(1, math.ceil(seconds * 1000))


def _unavailable(error: Exception) -> StoreUnavailable:
    # A reply of Redis may repeat what it was sent; its kind says enough.
    return StoreUnavailable(f"Redis: {type(error).__name__}")


_DOES: Final[Mapping[type[StoreOperation[Any]], Callable[[RedisStore, Any], Commands[Any]]]] = {
    CreateSession: RedisStore.create,
    LoadSession: RedisStore.load,
    TouchSession: RedisStore.touch,
    ReplaceContent: RedisStore.replace,
    RemoveSession: RedisStore.remove,
    RemoveSessionsOf: RedisStore.remove_of,
    ListSessionsOf: RedisStore.list_of,
    AcquireLock: RedisStore.acquire,
    ReleaseLock: RedisStore.release,
    Mark: RedisStore.mark,
    LoadMarks: RedisStore.marks,
}
