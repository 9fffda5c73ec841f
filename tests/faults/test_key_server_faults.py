"""A key set's server in every state of disrepair, and an application that its keys guard, on an event loop and in threads.

The server is a real one; the verifier's clock is the test's.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Final

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from cognito_auth.errors import KeysUnavailable
from cognito_auth.local import LocalCognito
from cognito_auth.local.http.server import running
from cognito_auth.tokens import KeyPolicy

from .guarded import KINDS, OPTIONS, opened
from .key_server import KeyServer, access_token, unknown_tokens

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("kind", KINDS)]

POLICY: Final = KeyPolicy()
CHECKED: Final = replace(OPTIONS, check_at_start=True)
DAY: Final = 24 * 3600.0
MANY: Final = 50


@asynccontextmanager
async def serving(server: KeyServer) -> AsyncGenerator[None]:
    with ExitStack() as stack:
        stack.enter_context(server.running())
        yield


def refuse(server: KeyServer) -> None:
    """It is not started: nobody listens."""


def fail(server: KeyServer) -> None:
    server.status = 500


def hang(server: KeyServer) -> None:
    server.held = True


FAULTS: Final[dict[str, Callable[[KeyServer], None]]] = {"refused": refuse, "500": fail, "hang": hang}


@pytest.mark.parametrize("fault", FAULTS)
async def test_it_starts_without_keys_and_heals(kind: str, fault: str) -> None:
    server = KeyServer()
    with server.running():
        pass  # the port is known from here on
    FAULTS[fault](server)
    async with opened(server.settings, kind) as site, AsyncExitStack() as stack:
        if fault != "refused":
            await stack.enter_async_context(serving(server))
        for _ in range(2):
            assert await site.status(access_token("known")) == 503
        assert await site.ask({}) == (401, None), "whoever sends nothing is told so"
        assert await site.status("garbage") == 401
        if fault == "refused":
            await stack.enter_async_context(serving(server))
        server.status, server.held = 200, False
        site.watch.seconds += POLICY.retry_without_keys
        assert await site.status(access_token("known")) == 200


async def test_it_starts_where_the_name_has_no_address(kind: str, keys: KeyServer) -> None:
    nowhere = replace(keys.settings, jwks_uri="https://keys.invalid/jwks.json")
    async with opened(nowhere, kind) as site:
        assert await site.status(access_token("known")) == 503


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_checked_start_is_refused(kind: str, fault: str) -> None:
    server = KeyServer()
    with server.running():
        pass
    FAULTS[fault](server)
    async with AsyncExitStack() as stack:
        if fault != "refused":
            await stack.enter_async_context(serving(server))
        with pytest.raises(KeysUnavailable, match=f"http://127.0.0.1:{server.port}/jwks.json"):
            await stack.enter_async_context(opened(server.settings, kind, CHECKED))


async def test_a_checked_start_has_the_keys(kind: str, keys: KeyServer) -> None:
    async with opened(keys.settings, kind, CHECKED) as site:
        assert keys.fetches == 1
        assert await site.status(access_token("known")) == 200
        assert keys.fetches == 1


async def test_a_checked_start_tells_of_a_pool_that_is_not_there(kind: str, keys: KeyServer) -> None:
    cognito = LocalCognito()
    pool = cognito.first_pool()
    with ExitStack() as stack:
        stack.callback(cognito.close)
        stack.enter_context(running(cognito))
        home = f"{cognito.endpoint}/{pool.user_pool_id}x"
        wrong = replace(keys.settings, user_pool_id=f"{pool.user_pool_id}x", jwks_uri=f"{home}/.well-known/jwks.json")
        with pytest.raises(KeysUnavailable, match="is the user pool id right") as refused:
            async with opened(wrong, kind, CHECKED):
                pass
        assert home in str(refused.value)


def html(server: KeyServer) -> None:
    server.body = b"<html><body>502 Bad Gateway</body></html>"


def nothing(server: KeyServer) -> None:
    server.body = b""


def garbage(server: KeyServer) -> None:
    server.body = bytes(range(256)) * 4


def endless(server: KeyServer) -> None:
    server.endless = True


def elsewhere(server: KeyServer) -> None:
    server.status, server.location = 302, "/another.json"


ANSWERS: Final = {"html": html, "nothing": nothing, "garbage": garbage, "endless": endless, "redirect": elsewhere, "500": fail}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_a_bad_answer_leaves_the_good_keys(
    kind: str, answer: str, keys: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(keys.settings, kind) as site:
        assert await site.status(access_token("known")) == 200
        keys.kids = ("known", "new")
        ANSWERS[answer](keys)
        assert await site.status(access_token("new")) == 401, "what was answered is taken for a key set"
        assert keys.fetches == 2, "somebody followed the redirect"
        assert ("longer than 1048576 bytes" in caplog.text) == (answer == "endless"), "reading has an end of its own"
        assert await site.status(access_token("known")) == 200
        site.watch.seconds += POLICY.refresh_after * 1.5
        assert await site.status(access_token("known")) == 200
        await settled()
        assert keys.fetches == 3
        assert await site.status(access_token("known")) == 200
        keys.status, keys.body, keys.location, keys.endless = 200, None, "", False
        site.watch.seconds += POLICY.unknown_kid_interval
        assert await site.status(access_token("new")) == 200


async def settled() -> None:
    """Wait until nothing runs in the background."""

    def busy() -> bool:
        names = [thread.name for thread in threading.enumerate()] + [repr(task.get_coro()) for task in asyncio.all_tasks()]
        return any("cognito-auth jwks" in name or "_in_background" in name for name in names)

    while busy():  # noqa: ASYNC110 - no event tells of it
        await anyio.sleep(0.001)


async def test_a_day_without_the_issuer(kind: str, keys: KeyServer, caplog: pytest.LogCaptureFixture) -> None:
    async with opened(keys.settings, kind) as site:
        token = access_token("known")
        assert await site.status(token) == 200
        keys.status = 500
        moments: list[float] = []
        logged: list[float] = []
        with caplog.at_level(logging.WARNING, "cognito_auth"):
            while site.watch.seconds < DAY:
                site.watch.seconds += 30
                before = keys.fetches
                assert await site.status(token) == 200
                await anyio.lowlevel.checkpoint()
                await settled()
                moments += [site.watch.seconds] * (keys.fetches - before)
                logged += [site.watch.seconds] * len(caplog.messages)
                caplog.clear()
        pauses = [later - earlier for earlier, later in pairwise(moments)]
        assert pauses[:3] == sorted(pauses[:3]), "the pauses grow"
        assert min(pauses) >= POLICY.retry_with_keys
        assert max(pauses) <= POLICY.max_retry * 1.25 + 30
        assert len(set(pauses[-20:])) > 1, "without jitter, all processes would come at the same moments"
        assert logged
        assert all(later - earlier >= 60 for earlier, later in pairwise(logged))


async def test_a_new_key_is_fetched_once_for_all_who_wait(kind: str, keys: KeyServer) -> None:
    async with opened(keys.settings, kind) as site:
        assert await site.status(access_token("known")) == 200
        keys.kids = ("known", "new")
        token = access_token("new")
        assert set(await asyncio.gather(*(site.status(token) for _ in range(MANY)))) == {200}
        assert keys.fetches == 2


async def test_a_withdrawn_key_goes_with_its_age_at_the_latest(kind: str, keys: KeyServer) -> None:
    async with opened(keys.settings, kind) as site:
        token, other = access_token("known"), access_token("kept")
        keys.kids = ("known", "kept")
        assert await site.status(token) == 200
        keys.kids = ("kept",)
        site.watch.seconds += POLICY.refresh_after * 1.25
        assert await site.status(other) == 200
        await settled()
        assert await site.status(token) == 401
        keys.status = 500
        site.watch.seconds += POLICY.max_age - 1
        assert await site.status(other) == 200
        await settled()
        site.watch.seconds += 1
        assert await site.status(other) == 503, "nobody knows whether it has been withdrawn meanwhile"


async def test_one_byte_now_and_then_delays_only_who_needs_a_new_key(kind: str, keys: KeyServer) -> None:
    async with opened(keys.settings, kind) as site:
        known = access_token("known")
        assert await site.status(known) == 200
        keys.whole, keys.dripping, keys.kids = 0, True, ("known", "new")
        keys.begun.clear()
        waiting = asyncio.create_task(site.status(access_token("new")))
        await anyio.to_thread.run_sync(keys.begun.wait)
        served = [await site.status(known) for _ in range(MANY)]
        assert set(served) == {200}
        assert not waiting.done(), "the others were served meanwhile, and did not wait for it"
        assert await waiting == 401, "it was given up, and told of a key that nobody knows"
        assert keys.whole == 0, "the server had not come to its end by then"
        assert await site.status(known) == 200


async def test_a_flood_of_unknown_keys(kind: str, keys: KeyServer) -> None:
    async with opened(keys.settings, kind) as site:
        known = access_token("known")
        assert await site.status(known) == 200
        for interval in range(1, 4):
            flood = asyncio.gather(*(site.status(token) for token in unknown_tokens(4 * MANY)))
            assert await site.status(known) == 200
            assert set(await flood) == {401}
            assert keys.fetches == 1 + interval
            site.watch.seconds += POLICY.unknown_kid_interval
