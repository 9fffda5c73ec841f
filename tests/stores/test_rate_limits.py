"""Counting requests: in memory and in a real Redis, synchronously and on both event loops."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Final, get_args

import pytest
from anyio.from_thread import BlockingPortal

from cognito_auth.errors import ConfigurationError
from cognito_auth.sessions.stored import LoadSession
from cognito_auth.stores import Allowed, RateLimits
from cognito_auth.stores.rate_limits import ALLOWED
from cognito_auth.web.rate_limits import Family, Hit

from ..support.redis_server import RedisServer, redis_server
from .conftest import Asked

_numbers: Final = count()
MINUTE: Final = 60.0

Make = Callable[[Allowed], Asked]


def sign_in(address: str | None = "a", name: str = "ana") -> Hit:
    return Hit("sign_in", address, name)


@pytest.fixture(params=["memory", "redis"])
def storage_url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory://"
    server: RedisServer = request.getfixturevalue("redis_at")
    return server.url


@pytest.fixture
def prefix() -> str:
    return f"tests{next(_numbers)}"


@pytest.fixture
def limits(storage_url: str, prefix: str, portal: BlockingPortal | None) -> Make:
    """Makes limits that share their counts, where the storage can."""
    return lambda allowed: Asked(RateLimits(storage_url, allowed={"sign_in": allowed}, prefix=prefix), portal)


def test_so_many_and_no_more(limits: Make) -> None:
    ask = limits(Allowed(name="3/minute"))
    assert [ask(sign_in()) for _ in range(3)] == [None] * 3
    seconds = ask(sign_in())
    assert seconds is not None
    assert 1 <= seconds <= MINUTE
    assert ask(sign_in(name="ben")) is None
    assert ask(Hit("answer", "a", "ana")) is None, "another kind is counted by itself"


def test_an_address_is_counted_whomever_it_is_about(limits: Make) -> None:
    ask = limits(Allowed(address="2/minute"))
    assert [ask(sign_in(name=name)) is None for name in ("ana", "ben", "eve")] == [True, True, False]
    assert ask(sign_in("b")) is None
    assert [ask(sign_in(None)) for _ in range(5)] == [None] * 5, "what has no address is not counted by it"


def test_every_limit_holds(limits: Make) -> None:
    ask = limits(Allowed(address="5/minute", name="2/minute;3/hour"))
    assert [ask(sign_in()) is None for _ in range(3)] == [True, True, False]
    assert [ask(sign_in(name="ben")) is None for _ in range(3)] == [True, True, False]


def test_one_too_many_from_an_address_uses_up_no_user_s_share(limits: Make) -> None:
    ask = limits(Allowed(address="1/minute", name="2/minute"))
    ask(sign_in(name="somebody"))
    assert [ask(sign_in()) is None for _ in range(5)] == [False] * 5
    assert [ask(sign_in(address)) is None for address in "bcd"] == [True, True, False]


def test_trying_again_after_that_long_is_let_through(limits: Make) -> None:
    ask = limits(Allowed(name="1/second"))
    assert ask(sign_in()) is None
    seconds = ask(sign_in())
    while seconds is not None:
        time.sleep(seconds)
        seconds = ask(sign_in())


def test_of_many_at_once_no_more_are_let_through(limits: Make) -> None:
    ask = limits(Allowed(name="5/minute"))
    with ThreadPoolExecutor(16) as pool:
        asked = list(pool.map(ask, [sign_in()] * 40))
    assert asked.count(None) == 5


def test_processes_share_what_redis_counts(redis_at: RedisServer, prefix: str, portal: BlockingPortal | None) -> None:
    allowed: dict[Family, Allowed] = {"sign_in": Allowed(name="2/minute")}
    first, second = (Asked(RateLimits(redis_at.url, allowed=allowed, prefix=prefix), portal) for _ in range(2))
    apart = Asked(RateLimits(redis_at.url, allowed=allowed, prefix=f"{prefix}x"), portal)
    assert [first(sign_in()), second(sign_in())] == [None, None]
    assert first(sign_in()) is not None
    assert second(sign_in()) is not None
    assert apart(sign_in()) is None


def test_while_redis_is_away_each_process_counts_for_itself(
    tmp_path: Path, portal: BlockingPortal | None, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_server(tmp_path) as server:
        url = server.url.replace("redis://", "redis://:pass-word@")
        limits = RateLimits(server.url, allowed={"sign_in": Allowed(name="2/minute")}, timeout=0.5)
        ask = Asked(limits, portal)
        assert ask(sign_in()) is None
        server.stop()
        with caplog.at_level(logging.WARNING, "cognito_auth"):
            assert [ask(sign_in()) is None for _ in range(3)] == [True, True, False]
            broken = RateLimits(url, allowed={"sign_in": Allowed(name="2/minute")}, timeout=0.5)
            assert Asked(broken, portal)(sign_in()) is None
    said = "rate limits are counted in this process alone for now: ConnectionError"
    assert caplog.messages == [said, said], "once, not for each request, and without the address"


def test_redis_is_asked_again_after_a_while(tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:
        limits = RateLimits(server.url, allowed={"sign_in": Allowed(name="1/minute")}, timeout=0.5, pause=0.01)
        server.stop()
        assert limits.carry_out(sign_in()) is None
        assert limits.carry_out(sign_in()) is not None
        server.start()
        time.sleep(0.02)
        assert limits.carry_out(sign_in()) is None, "what was counted here counts no more"
        assert limits.carry_out(sign_in()) is not None


def test_what_was_counted_is_forgotten_in_time() -> None:
    limits = RateLimits(allowed={"sign_in": Allowed(address="100000/second", name="1/second")})
    storage = limits._memory  # pyright: ignore[reportPrivateUsage]
    for number in range(1000):
        limits.carry_out(sign_in(name=str(number)))
    while len(storage.storage) > 10:
        time.sleep(0.1)
        limits.carry_out(sign_in(name="somebody else"))


def test_memory_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    limits = RateLimits(allowed={"sign_in": Allowed(name="1/hour")}, max_counters=50)
    storage = limits._memory  # pyright: ignore[reportPrivateUsage]
    for number in range(120):
        assert limits.carry_out(sign_in(name=str(number))) is None
        assert len(storage.storage) <= 50
    assert limits.carry_out(sign_in(name="119")) is not None
    assert limits.carry_out(sign_in(name="0")) is None
    assert caplog.messages == ["there were 50 counters of rate limits: all begin anew"] * 2


def test_every_kind_has_a_limit_of_its_own_by_default() -> None:
    assert set(ALLOWED) == set(get_args(Family))
    assert all(allowed.address and allowed.name for allowed in ALLOWED.values())
    limits = RateLimits.in_memory()
    for family in ALLOWED:
        asked = [limits.carry_out(Hit(family, "a", "ana")) for _ in range(11)]
        assert asked[0] is None
        assert asked[-1] is not None


@pytest.mark.parametrize("text", ["", "many", "5", "5/fortnight", "5/minute;", "0/minute", "-1/minute"])
def test_a_limit_that_makes_no_sense(text: str) -> None:
    with pytest.raises(ConfigurationError, match="minute"):
        RateLimits.in_memory(allowed={"sign_in": Allowed(name=text)})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "carrier+pigeon://u:pass-word@coop",
        "async+redis://u:pass-word@127.0.0.1",
        "async+memory://u:pass-word@",
        "redis://u:pass-word@127.0.0.1:port",
    ],
)
def test_a_storage_that_makes_no_sense(url: str) -> None:
    with pytest.raises(ConfigurationError, match="storage of limits") as caught:
        RateLimits(url)
    assert "pass-word" not in str(caught.value)


def test_it_is_no_store_of_sessions() -> None:
    with pytest.raises(TypeError, match="LoadSession"):
        RateLimits.in_memory().carry_out(LoadSession("one", 0.0))
