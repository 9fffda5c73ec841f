"""How costs grow with the work: distinct tokens, groups in a token, pools, refreshes at once, workers, sessions in Redis."""

from __future__ import annotations

import asyncio
import random
import shutil
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha1
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from cognito_auth.guards import Moment, group
from cognito_auth.sessions.stored import CreateSession, LoadSession, ReplaceContent, StoredSession
from cognito_auth.stores import MemoryStore, RedisStore
from cognito_auth.tokens import TokenVerifier
from cognito_auth.user import User
from cognito_auth.web import Request
from tests.support.redis_server import redis_server

from .crowd import LONG_AGO, REFRESH, Crowd
from .loopback import HOST, UVICORN, Asked, running
from .measuring import Turn, each, timed
from .memory import sessions
from .peers import peer
from .reports import Curve, Line, Report, main
from .samples import NOW, access_token, access_tokens, share_key
from .sites import starlette_guard
from .verifiers import bare, loaded, ours

T = TypeVar("T")

Points = tuple[tuple[float, float], ...]
Order = Callable[[Sequence[str], int], list[str]]

BATCH: Final = 100
"""Checks in a turn."""
SCALE: Final = 50
"""By which memory and crowd are smaller where a million tokens are stood for."""
TOGETHER: Final = 4
"""Requests of one session that come at once."""
FEW: Final = 1_000
AT_A_TIME: Final = 10
"""Operations of Redis in a turn."""
PART: Final = 10_000
"""Sessions that Redis copies at a time."""
_COPIES: Final = """
for number = tonumber(ARGV[2]), tonumber(ARGV[3]) do
    local old, new = number % tonumber(ARGV[1]), tostring(number)
    local from, to = redis.sha1hex(tostring(old)), redis.sha1hex(new)
    local rest = string.rep('0', 24)
    redis.call('COPY', 'cognito_auth:session:' .. from .. rest, 'cognito_auth:session:' .. to .. rest)
    redis.call('COPY', 'cognito_auth:owner:owner-' .. old, 'cognito_auth:owner:owner-' .. new)
end
"""
_CHANCE: Final = random.Random(1)


def in_turns(turns: Mapping[int, Turn], rounds: int) -> Points:
    """What each takes as a multiple of the first, which is measured in the same round; the order moves on by one each time."""
    names = tuple(turns)
    took: dict[int, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        begin = number % len(names)
        for name in (*names[begin:], *names[:begin]):
            took[name].append(turns[name]())
    return tuple((name, median(mine / base for mine, base in zip(took[name], took[names[0]], strict=True))) for name in names)


def repeated(call: Callable[[], object], times: int) -> Turn:
    """A turn of so many calls."""
    return timed(lambda: [call() for _ in range(times)])


def at_random(crowd: Sequence[str], count: int) -> list[str]:
    """Who comes, when all come as often."""
    return _CHANCE.choices(crowd, k=count)


def by_rank(crowd: Sequence[str], count: int) -> list[str]:
    """Who comes, when the second comes half as often as the first, the third a third (Zipf's law)."""
    return _CHANCE.choices(crowd, [1 / rank for rank in range(1, len(crowd) + 1)], k=count)


def in_turn(crowd: Sequence[str], count: int) -> list[str]:
    """Who comes, when nobody comes again before all others did."""
    return list(islice(cycle(crowd), count))


def by_tokens(effort: float) -> Curve:
    """People who come back in any order, to a verifier that remembers some of their tokens."""
    most = max(2_000, int(20_000 * min(effort, 1)))
    tokens = access_tokens(most)
    known = tokens[:BATCH]
    each(bare, known)()  # takes them apart
    batches = max(4, int(20 * min(effort, 1)))

    def line(limit: int, scale: int, order: Order = at_random) -> Iterator[tuple[float, float]]:
        for share in (0.0001, 0.001, 0.01, 0.1, 0.5, 0.8, 1, 1.2, 1.5, 2, 5, 10, 100):
            count = int(limit * share)
            if 1 <= count <= most:
                crowd = tokens[:count]
                verify = ours(crowd, limit=limit)
                coming = order(crowd, 2 * limit + batches * BATCH)
                for token in coming[: 2 * limit]:  # then it remembers what this order leaves
                    verify(token)
                turns = {0: each(bare, known), count: each(verify, coming[2 * limit :], batch=BATCH)}
                yield count * scale, in_turns(turns, batches)[-1][1]

    real, small = most // 2, most // 100
    stood_for = f"{small:,} remembered, all numbers times {SCALE}"
    return Curve(
        name="tokens",
        title="Distinct tokens in use",
        x="distinct tokens in use",
        y="cost of a check (bare RSA check = 1)",
        lines=(
            Line(name=f"{real:,} remembered", points=tuple(line(real, 1))),
            Line(name=stood_for, points=tuple(line(small, SCALE))),
            Line(name="the same, some come much more often", points=tuple(line(small, SCALE, by_rank))),
            Line(name="the same, one after another in turn", points=tuple(line(small, SCALE, in_turn))),
        ),
        sentence=f"""What bends it is the bound of the memory (`remember`): up to there a check is a look-up, beyond it the
tokens that were forgotten in between are checked whole. Where people come at random, the cost rises with the share that is
forgotten; where some come much more often (each as often as one over their rank), the memory goes on serving those; where all
come in turn, the oldest is always the next, and all are checked whole at once. Real tokens go up to {most:,}; a million are
stood for by a memory and a crowd that are both {SCALE} times smaller.""",
    )


def by_groups(effort: float) -> Curve:
    """Groups in one token."""
    rounds, moment = max(10, int(100 * effort)), Moment(NOW)
    first: dict[int, Turn] = {}
    guarded: dict[int, Turn] = {}
    for count in (1, 10, 50, 100, 200, 350, 500):
        token = access_token(**{"cognito:groups": [f"group-{number:05}" for number in range(count)]})
        check = loaded((), limit=0).check_access_token
        first[count] = repeated(partial(check, token, NOW), 10)
        user, last = User(token=check(token, NOW)), group(f"group-{count - 1:05}")
        guarded[count] = repeated(partial(last.check, user, moment), 100)
    return Curve(
        name="groups",
        title="Groups in a token",
        x="groups in the token",
        y="cost (one group = 1)",
        lines=(
            Line(name="check of a first-seen token", points=in_turns(first, rounds)),
            Line(name="guard by the last group", points=in_turns(guarded, rounds)),
        ),
        sentence="""What bends it is the length of the token: each group is read once at the first check, and looked at once, in
order, by each guard. Cognito puts at most a hundred groups on a user.""",
    )


def by_pools(effort: float) -> Curve:
    """Verifiers in one process, each with a memory of its own, asked in turn."""
    token = access_token()
    turns: dict[int, Turn] = {}
    for count in (1, 10, 100, 1_000):
        following = cycle([loaded((token,)) for _ in range(count)]).__next__
        turns[count] = repeated(partial(check_next, following, token), 1_000)
    return Curve(
        name="pools",
        title="User pools in one process",
        x="pools",
        y="cost of a remembered token (one pool = 1)",
        lines=(Line(name="asked in turn", points=in_turns(turns, max(10, int(100 * effort)))),),
        sentence="""Nothing in the code bends it: pools share nothing, and none is looked for. What is seen is the processor's
cache, which holds fewer of a thousand memories than of one.""",
    )


def check_next(following: Callable[[], TokenVerifier], token: str) -> object:
    """The check of the verifier whose turn it is."""
    return following().check_access_token(token, NOW)


def by_refreshes(effort: float) -> Curve:
    """Sessions that all find their tokens expired, each asked for by several requests at once."""
    counts = [count for count in (1, 10, 100, 1_000) if count <= max(100, 1_000 * effort)]
    took = [[refreshed(count) for count in counts] for _ in range(max(2, int(4 * effort)))]
    times = {count: iter([each[at][0] / count for each in took]).__next__ for at, count in enumerate(counts)}
    calls = tuple((count, max(each[at][1] for each in took) / count) for at, count in enumerate(counts))
    return Curve(
        name="refreshes",
        title="Sessions that refresh at once",
        x="sessions that refresh at once",
        y="of each session",
        lines=(
            Line(name="time (one alone = 1)", points=in_turns(times, len(took))),
            Line(name="calls to Cognito", points=calls),
        ),
        sentence=f"""The calls do not bend: each session costs one, though {TOGETHER} requests of it come at once. The more
sessions, the less each takes, as what one alone waits for is used by others. Asyncio in one process, sessions in its memory,
and the embedded pool in the same process.""",
    )


def refreshed(count: int) -> tuple[float, int]:
    """Seconds in which so many sessions are refreshed, and calls to Cognito."""
    crowd = Crowd(MemoryStore())

    async def all_at_once(browsers: Sequence[Request]) -> float:
        async with crowd.asynchronous() as client:
            await client.run(crowd.web.verifier.load_keys())
            begin = time.perf_counter()
            each = (client.run(crowd.web.authenticate(request)) for request in browsers for _ in range(TOGETHER))
            await asyncio.gather(*each)
            return time.perf_counter() - begin

    with closing(crowd.cognito), crowd.client() as client:
        seconds = asyncio.run(all_at_once(crowd.browsers(client, count, ago=LONG_AGO)))
    return seconds, crowd.cognito.asked[REFRESH]


def by_workers(effort: float) -> Curve:
    """Worker processes of one site, asked over loopback, in turns."""
    counts, token = (1, 2, 3, 4), access_token()
    with ExitStack() as stack:
        environment = share_key(Path(stack.enter_context(TemporaryDirectory())))
        sites = [Asked(stack.enter_context(crew(count, environment)), "/guarded", token) for count in counts]
        for asked in (*sites, *sites):  # until all workers have started
            asked.took()
        turns = {count: asked.took for count, asked in zip(counts, sites, strict=True)}
        points = tuple((count, 1 / took) for count, took in in_turns(turns, max(3, int(8 * effort))))
    return Curve(
        name="workers",
        title="Worker processes",
        x="workers (uvicorn)",
        y="requests a second (one worker = 1)",
        lines=(Line(name="guarded route of Starlette", points=points),),
        sentence="""What bends it is the machine: it has two cores, and the load generator takes its share of them. Workers
share nothing that they would wait for. The listening socket is made with `TCP_NODELAY`: with several workers, uvicorn 0.54
leaves it off on Linux, and then each request of a kept connection waits 40 ms, whether its route is guarded or not.""",
    )


@contextmanager
def crew(count: int, environment: Mapping[str, str]) -> Generator[int]:
    """A site of ours with so many workers; gives its port."""
    with socket.create_server((HOST, 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port, given = int(listening.getsockname()[1]), listening.fileno()
        where = f"benchmarks.sites:{starlette_guard.__name__}"
        command = (*UVICORN, "--workers", str(count), "--fd", str(given), "--factory", where)
        with running(command, port, environment, given=(given,)):
            yield port


def by_sessions(effort: float) -> Curve:
    """Sessions in one Redis, beside another that has a thousand."""
    counts = [count for count in (10_000, 100_000, 1_000_000) if count <= max(10_000, 1_000_000 * effort)]
    repeats = max(200, int(FEW * min(effort, 1)))
    found: list[tuple[float, float]] = [(FEW, 1.0)]
    replaced = found.copy()
    with (
        TemporaryDirectory() as one,
        redis_server(Path(one)) as small,
        TemporaryDirectory() as two,
        redis_server(Path(two)) as big,
    ):
        base, store = RedisStore(small.url), RedisStore(big.url)
        client = peer("redis", "redis").Redis.from_url(big.url, socket_timeout=60)
        empty = client.info("memory")["used_memory"]
        store_some(base)
        store_some(store)
        there = FEW
        for count in counts:
            for begin in range(there, count, PART):
                client.eval(_COPIES, 0, FEW, begin, min(begin + PART, count) - 1)
            there = count
            few, many = [[id_of(n) for n in _CHANCE.sample(range(most), repeats)] for most in (FEW, count)]
            turns = {FEW: each_of(partial(find, base), few), count: each_of(partial(find, store), many)}
            found.append(in_turns(turns, repeats // AT_A_TIME)[-1])
            held = [find(base, session_id) for session_id in few], [find(store, session_id) for session_id in many]
            turns = {FEW: each_of(partial(refresh, base), held[0]), count: each_of(partial(refresh, store), held[1])}
            replaced.append(in_turns(turns, repeats // AT_A_TIME)[-1])
        room = (client.info("memory")["used_memory"] - empty) / there
        for each_store in (base, store, client):
            each_store.close()
    return Curve(
        name="redis",
        title="Sessions in Redis",
        x="sessions",
        y="time of an operation (1,000 sessions = 1)",
        lines=(Line(name="find", points=tuple(found)), Line(name="replace", points=tuple(replaced))),
        sentence=f"""Nothing bends it but the memory: Redis finds a key among {there:,} as it finds it among a thousand. There,
each session took {room:,.0f} bytes, its expiry and the index of a user of its own included. The store put a thousand of them
there; the others are copies that Redis made of those.""",
    )


def each_of(call: Callable[[T], object], items: Sequence[T]) -> Turn:
    """A turn that calls with each of the next items."""
    following = iter(items).__next__
    return repeated(lambda: call(following()), AT_A_TIME)


def store_some(store: RedisStore) -> None:
    """Put the first thousand sessions into a Redis, as sign-ins do."""
    for number, session in enumerate(sessions(FEW)):
        store.carry_out(CreateSession(replace(session, id=id_of(number), owner=f"owner-{number}")))


def id_of(number: int) -> str:
    """What a store knows a session by, spread over all that it may be."""
    return sha1(str(number).encode()).hexdigest() + "0" * 24


def find(store: RedisStore, session_id: str) -> StoredSession:
    """Find one of the sessions that are there, as each request does."""
    stored = store.carry_out(LoadSession(session_id, NOW))
    if stored is None:
        raise RuntimeError("a session is not there")
    return stored


def refresh(store: RedisStore, stored: StoredSession) -> None:
    """Put new content into one of them, as each refresh does."""
    if not store.carry_out(ReplaceContent(stored.id, stored.version, stored.content, NOW)):
        raise RuntimeError("a session could not be replaced")


def run(effort: float) -> Report:
    """All curves."""
    curves = [by_tokens(effort), by_groups(effort), by_pools(effort), by_refreshes(effort)]
    skipped: list[str] = []
    if shutil.which("wrk") is None:
        skipped.append("worker processes: wrk is not installed")
    else:
        curves.append(by_workers(effort))
    return Report(name="growth", curves=(*curves, by_sessions(effort)), skipped=tuple(skipped))


if __name__ == "__main__":
    main(run, __doc__)
