"""The key set as real networks have it: asked for by many at once, slow, gone, back, and with other keys.

Every test runs a FastAPI application in process and the key set's server on a real socket. The verifier's clock is the test's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any, Final

import anyio
import anyio.to_thread
import pytest

from cognito_auth.client import CognitoClient
from cognito_auth.config import Settings
from cognito_auth.flows import advance, sign_in, sign_up
from cognito_auth.local import LocalCognito
from cognito_auth.local.http.server import running
from cognito_auth.states import ConfirmationCode, SignedIn
from cognito_auth.tokens import KeyPolicy, TokenVerifier

from .guarded import opened
from .key_server import KeyServer, access_token, unknown_tokens

pytestmark = pytest.mark.anyio

POLICY: Final = KeyPolicy()


class CountingPool(LocalCognito):
    """A pool that counts how often its key set is asked for."""

    key_set_fetches = 0

    def key_set(self, user_pool_id: str) -> dict[str, Any] | None:
        self.key_set_fetches += 1
        return super().key_set(user_pool_id)


@pytest.fixture
def pool() -> Generator[CountingPool]:
    made = CountingPool()
    with closing(made), running(made):
        yield made


@pytest.fixture
def pool_settings(pool: CountingPool) -> Settings:
    first = pool.first_pool()
    return Settings(user_pool_id=first.user_pool_id, client_id=first.client_id, endpoint=pool.endpoint)


@pytest.fixture
def user_token(pool: CountingPool, pool_settings: Settings) -> str:
    """The access token of somebody who signed in at the pool's real server."""
    with CognitoClient(pool_settings) as client:
        state = client.run(sign_up("ana", "Passw0rd!x", {"email": "ana@example.com"}))
        code = pool.outbox(pool_settings.user_pool_id, "ana")[-1].code
        client.run(advance(state, ConfirmationCode(code=code)))
        signed_in = client.run(sign_in("ana", "Passw0rd!x"))
    assert isinstance(signed_in, SignedIn)
    return signed_in.tokens.access_token


async def test_many_first_requests_cost_one_fetch(pool: CountingPool, pool_settings: Settings, user_token: str) -> None:
    async with opened(pool_settings) as site:
        statuses = await asyncio.gather(*(site.status(user_token) for _ in range(200)))
    assert set(statuses) == {200}
    assert pool.key_set_fetches == 1


def test_many_first_requests_in_threads_cost_one_fetch(pool: CountingPool, pool_settings: Settings, user_token: str) -> None:
    verifier, start = TokenVerifier.for_settings(pool_settings), Barrier(32)

    def verify(client: CognitoClient) -> str | None:
        start.wait()
        return client.run(verifier.access_token(user_token)).username

    with CognitoClient(pool_settings) as client, ThreadPoolExecutor(start.parties) as threads:
        assert set(threads.map(verify, [client] * start.parties)) == {"ana"}
    assert pool.key_set_fetches == 1


async def test_tokens_of_unknown_keys_cost_one_fetch(keys: KeyServer) -> None:
    async with opened(keys.settings) as site:
        assert await site.status(access_token("known")) == 200
        statuses = await asyncio.gather(*(site.status(token) for token in unknown_tokens(200)))
        assert set(statuses) == {401}
        assert keys.fetches == 2
        site.watch.seconds += POLICY.unknown_kid_interval
        statuses = [await site.status(token) for token in unknown_tokens(100)]
        assert set(statuses) == {401}
        assert keys.fetches == 3
        assert await site.status(access_token("known")) == 200


async def test_a_new_key_is_learnt_without_a_restart(keys: KeyServer) -> None:
    async with opened(keys.settings) as site:
        assert await site.status(access_token("known")) == 200
        keys.kids = ("known", "new")
        assert await site.status(access_token("new")) == 200
        assert await site.status(access_token("known")) == 200
        assert keys.fetches == 2


async def test_a_key_set_that_is_replaced_takes_the_old_key_with_it() -> None:
    server = KeyServer()
    with server.running():
        pass
    async with opened(server.settings) as site:
        with server.running():
            assert await site.status(access_token("known")) == 200
        server.kids = ("new",)
        with server.running():
            assert await site.status(access_token("new")) == 200
            assert await site.status(access_token("known")) == 401
            assert await site.status(access_token("known", signed_by="new")) == 401


async def test_while_a_fetch_is_slow_known_keys_serve(keys: KeyServer) -> None:
    async with opened(keys.settings) as site:
        assert await site.status(access_token("known")) == 200
        keys.held, keys.kids = True, ("known", "new")
        keys.begun.clear()
        waiting = asyncio.create_task(site.status(access_token("new")))
        await anyio.to_thread.run_sync(keys.begun.wait)
        statuses = await asyncio.gather(*(site.status(access_token("known")) for _ in range(50)))
        assert set(statuses) == {200}
        assert not waiting.done()
        keys.release.set()
        assert await waiting == 200


async def test_a_server_that_drips_is_given_up_and_blocks_nobody(keys: KeyServer) -> None:
    keys.dripping = True
    async with opened(keys.settings) as site:
        waiting = asyncio.create_task(site.status(access_token("known")))
        ticks = 0
        while not waiting.done():
            ticks += 1
            await anyio.sleep(0.001)
        assert await waiting == 503
        assert ticks > 100, "the event loop stood still"


async def test_an_application_heals_when_its_key_server_comes_back() -> None:
    gone = KeyServer()
    with gone.running():
        pass
    async with opened(gone.settings) as site:
        assert await site.status(access_token("known")) == 503
        with gone.running():
            assert await site.status(access_token("known")) == 503, "the pause after a failure is not over"
            assert gone.fetches == 0
            site.watch.seconds += POLICY.retry_without_keys
            assert await site.status(access_token("known")) == 200
        assert await site.status(access_token("known")) == 200
        site.watch.seconds += POLICY.refresh_after * 1.5
        assert await site.status(access_token("known")) == 200, "keys outlast a server that is gone again"
        assert await site.status(unknown_tokens(1)[0]) == 401
        site.watch.seconds += POLICY.max_age
        assert await site.status(access_token("known")) == 503, "but not for ever"


async def test_trouble_with_the_key_set_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """Without keys and with keys, in the foreground and in the background, whatever is asked for meanwhile."""
    gone = KeyServer()
    with gone.running():
        pass
    with caplog.at_level(logging.DEBUG, "cognito_auth"):
        async with opened(gone.settings) as site:
            for second in range(180):
                site.watch.seconds = float(second)
                assert await site.status(access_token("known")) == 503
            assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
            with gone.running():
                site.watch.seconds += 1
                assert await site.status(access_token("known")) == 200
            caplog.clear()
            for _ in range(60):
                site.watch.seconds += POLICY.retry_with_keys
                assert await site.status(access_token("known")) == 200
                assert await site.status(unknown_tokens(1)[0]) == 401
                trouble = [record for record in caplog.records if record.levelname == "WARNING"]
                assert len([record for record in trouble if record.name != "cognito_auth.security"]) <= 1
                caplog.clear()
