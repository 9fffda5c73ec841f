"""One refresh at a time, whatever goes on: many requests over several processes, and processes that are killed on the way.

Refresh tokens are for one time, so a lost race would end the session; the access token has expired.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx
import pytest

from cognito_auth.local.http.server import running

from ..support.redis_server import RedisServer, redis_server
from .sites import COMMANDS, REFRESH, Processes, Watched, application, rotating_client, signed_in

REQUESTS: Final = 50
WORKERS: Final = 4
PATIENCE: Final = 25.0
"""Seconds within which a session works again, or asks for a sign-in, whatever was killed: a lock lasts ten."""


@pytest.fixture(scope="module")
def cognito() -> Iterator[Watched]:
    with closing(Watched()) as made, running(made):
        yield made


@pytest.fixture(scope="module")
def redis_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


async def at_once(url: str, cookies: httpx.Cookies) -> list[httpx.Response]:
    """Many requests at once, over as many connections."""
    limits = httpx.Limits(max_connections=REQUESTS, max_keepalive_connections=0)
    async with httpx.AsyncClient(cookies=cookies, limits=limits, timeout=30) as browser:
        return await asyncio.gather(*(browser.get(f"{url}/hello") for _ in range(REQUESTS)))


@pytest.mark.parametrize("server", COMMANDS)
def test_fifty_requests_over_four_processes_cost_one_refresh(cognito: Watched, redis_at: RedisServer, server: str) -> None:
    settings = rotating_client(cognito, grace=0)
    with application(server, settings, redis_at.url, workers=WORKERS) as site:
        cookies = signed_in(site.url, cognito, settings, f"crowd-{len(server)}")
        before = cognito.asked[REFRESH]
        answers = asyncio.run(at_once(site.url, cookies))
        assert Counter(answer.status_code for answer in answers) == {200: REQUESTS}
        assert {answer.json()["username"] for answer in answers} == {f"crowd-{len(server)}"}
        assert cognito.asked[REFRESH] == before + 1
        assert httpx.get(f"{site.url}/hello", cookies=cookies).status_code == 200
        assert cognito.asked[REFRESH] <= before + 2, "the newest token is the one that is stored"
        processes = {answer.json()["process"] for answer in answers}
        for _ in range(10):  # which process takes a connection is the kernel's choice
            processes |= {answer.json()["process"] for answer in asyncio.run(at_once(site.url, cookies))}
            if len(processes) > 1:
                break
        assert len(processes) > 1, "several processes serve the session"


def asked_until_it_is_clear(url: str, cookies: httpx.Cookies) -> tuple[httpx.Response, list[int]]:
    """Ask until the answer is neither 'wait' nor nothing at all, as a patient browser would; gives what was answered before."""
    deadline, seen = time.monotonic() + PATIENCE, list[int]()
    while True:
        answer = httpx.get(f"{url}/hello", cookies=cookies, timeout=30)
        if answer.status_code != 503:
            return answer, seen
        assert answer.headers["Retry-After"]
        seen.append(answer.status_code)
        assert time.monotonic() < deadline, "it goes on and on"
        time.sleep(0.5)


MOMENTS: Final = ("before", "after")
"""Of the refresh at Cognito: before it is carried out; after that, but before the answer can be stored."""


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("grace", [0, 60], ids=["one time only", "with a grace period"])
def test_killed_on_the_way(cognito: Watched, redis_at: RedisServer, moment: str, grace: int) -> None:
    settings = rotating_client(cognito, grace=grace)
    with application("uvicorn", settings, redis_at.url, workers=1) as site:
        cookies = signed_in(site.url, cognito, settings, f"killed-{moment}-{grace}")
        kill_at(cognito, moment, site)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{site.url}/hello", cookies=cookies, timeout=30)
        site.start()
        answer, _ = asked_until_it_is_clear(site.url, cookies)
        if moment == "after" and grace == 0:
            # The one new token went down with the process. The person signs in again, once.
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "refresh_token_invalid"
            assert "Max-Age=0" in answer.headers["set-cookie"]
            assert httpx.get(f"{site.url}/hello", cookies=cookies).json()["error"]["code"] == "not_signed_in"
        else:
            assert answer.status_code == 200
            assert httpx.get(f"{site.url}/hello", cookies=cookies).status_code == 200


def kill_at(cognito: Watched, moment: str, site: Processes) -> None:
    """Kill the application once, at this moment of its next refresh."""

    def kill() -> None:
        cognito.before = cognito.after = lambda: None
        site.kill()
        if moment == "before":
            cognito.fail(REFRESH, "InternalErrorException")  # nobody hears this, and nothing is carried out

    setattr(cognito, moment, kill)


def test_killed_after_the_new_token_is_stored(cognito: Watched, redis_at: RedisServer) -> None:
    settings = rotating_client(cognito, grace=0)
    with application("uvicorn", settings, redis_at.url, workers=1) as site:
        cookies = signed_in(site.url, cognito, settings, "killed-later")
        assert httpx.get(f"{site.url}/hello", cookies=cookies).status_code == 200
        site.kill()
        site.start()
        assert httpx.get(f"{site.url}/hello", cookies=cookies).status_code == 200


def test_redis_goes_away_and_comes_back_under_load(cognito: Watched, tmp_path: Path) -> None:
    settings = rotating_client(cognito, grace=60)
    with redis_server(tmp_path) as redis_here, application("uvicorn", settings, redis_here.url, workers=2) as site:
        people = [f"loaded-{number}" for number in range(4)]
        cookies = {name: signed_in(site.url, cognito, settings, name) for name in people}
        statuses: Counter[int] = Counter()
        for turn in range(30):
            if turn == 10:
                redis_here.stop()
            if turn == 20:
                redis_here.start()
            for name in people:
                answer = httpx.get(f"{site.url}/hello", cookies=cookies[name], timeout=30)
                statuses[answer.status_code] += 1
                assert answer.status_code in (200, 401, 503)
                assert answer.status_code != 200 or answer.json()["username"] == name, "never another's session"
                assert (answer.status_code == 503) == (10 <= turn < 20), "it heals by itself"
        assert statuses[503] == 10 * len(people)
        for name in people:
            with httpx.Client() as browser:
                reply = browser.post(f"{site.url}/auth/login", json={"username": name, "password": "Passw0rd!x"})
                assert reply.status_code == 200
                assert browser.get(f"{site.url}/hello").json()["username"] == name
