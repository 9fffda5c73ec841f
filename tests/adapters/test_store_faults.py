"""A real Redis that keeps the sessions, and is stopped, made to hang, filled and made to evict. On every framework.

Nobody is let in by a session that cannot be looked up, nobody gets another's, bearers go on, and it heals by itself.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
import redis

from cognito_auth.stores import RedisStore
from cognito_auth.web import ServerSessions

from ..support.redis_server import RedisServer, redis_server
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient, Browser
from .sites import Site
from .test_renewal import let_the_access_token_expire

TIMEOUT: Final = 0.3
_FULL: Final = ("--maxmemory", "3mb", "--maxmemory-policy")


@pytest.fixture
def redis_at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, *getattr(request, "param", ())) as running:
        yield running
        resume(running)


@pytest.fixture
def kept(site: Site, redis_at: RedisServer) -> Iterator[Site]:
    """A site whose sessions are in Redis."""
    store = RedisStore(redis_at.url, timeout=TIMEOUT)
    yield site.with_options(sessions=ServerSessions(store=store))
    store.close()


@pytest.fixture
def people(kept: Site, open_site: Open) -> tuple[Browser, Browser, ApiClient]:
    """Two people with browsers, and a third with an API client, all signed in."""
    server = open_site(kept)
    ana, ben, client = Browser.registered(kept, server), Browser.registered(kept, server), ApiClient.registered(kept, server)
    for each in (ana, ben, client):
        accepted(each.login(), status="signed_in")
    return ana, ben, client


def own_sessions(*browsers: Browser) -> None:
    for browser in browsers:
        accepted(browser.visit("/private"), username=browser.username)


def told_to_come_back(*browsers: Browser) -> None:
    for browser in browsers:
        answer = refused(browser.visit("/private"), 503, "service_unavailable")
        assert answer.header("retry-after")
        assert not answer.every("set-cookie"), "the browser keeps its session"


def hang(server: RedisServer) -> None:
    """It takes connections, and answers nobody."""
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)


def resume(server: RedisServer) -> None:
    if server.process is not None:
        os.kill(server.process.pid, signal.SIGCONT)


People = tuple[Browser, Browser, ApiClient]


def test_redis_hangs_and_goes_on(people: People, redis_at: RedisServer) -> None:
    ana, ben, client = people
    own_sessions(ana, ben)
    hang(redis_at)
    told_to_come_back(ana, ben)
    accepted(client.visit("/private"), username=client.username)
    assert refused(ana.login(), 503, "service_unavailable").header("retry-after")
    resume(redis_at)
    own_sessions(ana, ben)


def test_redis_goes_away_and_comes_back(people: People, redis_at: RedisServer) -> None:
    ana, ben, client = people
    redis_at.stop()
    told_to_come_back(ana, ben)
    accepted(client.visit("/private"), username=client.username)
    redis_at.start()
    for browser in (ana, ben):
        refused(browser.visit("/private"), 401, "not_signed_in")
        accepted(browser.login(), status="signed_in")
    own_sessions(ana, ben)


@pytest.fixture
def bare(redis_at: RedisServer) -> Iterator[Any]:
    connection = redis.Redis(port=redis_at.port)
    yield connection
    connection.close()


def fill(bare: Any, until: Callable[[], bool]) -> None:
    """Put what is not a session into Redis."""
    for number in count():
        try:
            bare.set(f"other:{number}", b"x" * 10_000)
        except redis.ResponseError:
            return
        if number % 20 == 0 and until():
            return


@pytest.mark.parametrize("redis_at", [(*_FULL, "noeviction")], indirect=True)
def test_redis_is_full(people: People, bare: Any) -> None:
    ana, ben, client = people
    fill(bare, lambda: False)
    bare.config_set("maxmemory", "1mb")  # what it frees by itself, of connections that end, makes no room
    own_sessions(ana, ben)
    accepted(client.visit("/private"), username=client.username)
    newcomer = ana.elsewhere()
    assert refused(newcomer.login(), 503, "service_unavailable").header("retry-after")
    assert not newcomer.cookies
    let_the_access_token_expire(ana)
    told_to_come_back(ana)
    bare.delete(*bare.keys("other:*"))
    bare.config_set("maxmemory", "3mb")
    own_sessions(ana, ben)
    accepted(newcomer.login(), status="signed_in")
    own_sessions(newcomer)


@pytest.mark.parametrize("redis_at", [(*_FULL, "allkeys-random")], indirect=True)
def test_redis_evicts(people: People, bare: Any) -> None:
    ana, ben, client = people
    fill(bare, lambda: not bare.keys("cognito_auth:session:*"))
    for browser in (ana, ben):
        refused(browser.visit("/private"), 401, "not_signed_in")
    accepted(client.visit("/private"), username=client.username)
    bare.delete(*bare.keys("other:*"))
    for browser in (ana, ben):
        accepted(browser.login(), status="signed_in")
    own_sessions(ana, ben)
