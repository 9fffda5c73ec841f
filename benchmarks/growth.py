"""How costs grow with the work: distinct tokens, groups in a token, pools, refreshes at once, workers, sessions in Redis."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.flows import refresh_tokens, sign_in
from cognito_auth.guards import Moment, group
from cognito_auth.local import LocalCognito
from cognito_auth.sessions.stored import LoadSession, ReplaceContent
from cognito_auth.states import SignedIn
from cognito_auth.stores import RedisStore
from cognito_auth.tokens import TokenVerifier
from cognito_auth.user import User
from tests.support.administration import asynchronous, blocking, settings_of
from tests.support.redis_server import redis_server

from .loopback import Asked, serving
from .memory import sessions
from .peers import peer
from .reports import Curve, Line, Report, main
from .samples import NOW, access_token, access_tokens, share_key
from .sites import flask_guard
from .verifiers import Verify, bare, loaded, ours

Points = list[tuple[float, float]]

CHECKS: Final = 1_500
"""That are timed for each point."""
SCALE: Final = 50
"""By which memory and crowd are smaller where a million tokens are stood for."""
_CHANCE: Final = random.Random(1)
_PASSWORD: Final = "Corr3ct-Horse!"


def typical(call: Callable[[], object], repeats: int) -> float:
    """The median of so many calls, in seconds."""
    took: list[float] = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        took.append(time.perf_counter() - begin)
    return median(took)


def mean(call: Verify, tokens: Sequence[str]) -> float:
    """Seconds of a call, over all tokens, each a string of its own."""
    mine = [token.encode().decode() for token in tokens]
    begin = time.perf_counter()
    for token in mine:
        call(token)
    return (time.perf_counter() - begin) / len(mine)


def relative(points: Points) -> tuple[tuple[float, float], ...]:
    """The points as multiples of the first."""
    return tuple((x, y / points[0][1]) for x, y in points)


def by_tokens(effort: float) -> Curve:
    """People who come back in any order, to a verifier that remembers some of their tokens."""
    most = max(2_000, int(20_000 * min(effort, 1)))
    tokens = access_tokens(most)
    mean(bare, tokens[:CHECKS])  # takes the tokens apart
    check = mean(bare, tokens[:CHECKS])

    def line(limit: int, scale: int) -> Iterator[tuple[float, float]]:
        for share in (0.0001, 0.001, 0.01, 0.1, 0.5, 0.8, 1, 1.2, 1.5, 2, 5, 10, 100):
            count = int(limit * share)
            if 1 <= count <= most:
                verify = ours(tokens[:count], limit=limit)
                yield count * scale, mean(verify, _CHANCE.choices(tokens[:count], k=CHECKS)) / check

    real, small = most // 2, most // 100
    return Curve(
        name="tokens",
        title="Distinct tokens in use",
        x="distinct tokens in use",
        y="cost of a check (bare RSA check = 1)",
        lines=(
            Line(name=f"{real:,} remembered", points=tuple(line(real, 1))),
            Line(name=f"{small:,} remembered, all numbers times {SCALE}", points=tuple(line(small, SCALE))),
        ),
        sentence="""What bends it is the bound of the memory (`remember`). Up to there a check is a look-up; beyond, the tokens
that were forgotten in between are checked whole, until nearly all are, and then their number does not matter any more. They
come in random order. A million are stood for by a memory and a crowd that are both smaller by the same factor.""",
    )


def by_groups(effort: float) -> Curve:
    """Groups in one token."""
    repeats, moment = max(50, int(500 * effort)), Moment(NOW)
    first: Points = []
    guarded: Points = []
    for count in (1, 10, 50, 100, 200, 350, 500):
        token = access_token(**{"cognito:groups": [f"group-{number:05}" for number in range(count)]})
        check = loaded((), limit=0).check_access_token
        first.append((count, typical(partial(check, token, NOW), repeats)))
        user, last = User(token=check(token, NOW)), group(f"group-{count - 1:05}")
        guarded.append((count, typical(partial(last.check, user, moment), repeats)))
    return Curve(
        name="groups",
        title="Groups in a token",
        x="groups in the token",
        y="cost (one group = 1)",
        lines=(
            Line(name="check of a first-seen token", points=relative(first)),
            Line(name="guard by the last group", points=relative(guarded)),
        ),
        sentence="""What bends it is the length of the token: each group is read once at the first check, and looked at once, in
order, by each guard. Cognito puts at most a hundred groups on a user.""",
    )


def by_pools(effort: float) -> Curve:
    """Verifiers in one process, each with a memory of its own, asked in turn."""
    token, repeats = access_token(), max(50, int(500 * effort))
    points: Points = []
    for count in (1, 10, 100, 1_000):
        following = cycle([loaded((token,)) for _ in range(count)]).__next__
        points.append((count, typical(partial(check_next, following, token), 4 * repeats)))
    return Curve(
        name="pools",
        title="User pools in one process",
        x="pools",
        y="cost of a remembered token (one pool = 1)",
        lines=(Line(name="asked in turn", points=relative(points)),),
        sentence="""Nothing in the code bends it: pools share nothing, and none is looked for. What is seen is the processor's
cache, which holds fewer of a thousand memories than of one.""",
    )


def check_next(following: Callable[[], TokenVerifier], token: str) -> object:
    """The check of the verifier whose turn it is."""
    return following().check_access_token(token, NOW)


def by_refreshes(effort: float) -> Curve:
    """Sessions that refresh at once, on one event loop, with the embedded pool in the same process."""
    counts = [count for count in (1, 10, 100, 1_000) if count <= max(100, 1_000 * effort)]
    cognito = LocalCognito()
    settings = settings_of(cognito)
    with blocking(cognito) as client:
        pool = settings.user_pool_id
        client.send(AdminCreateUser(user_pool_id=pool, username="ana", message_action="SUPPRESS"))
        client.send(AdminSetUserPassword(user_pool_id=pool, username="ana", password=_PASSWORD, permanent=True))
        signed_in = [client.run(sign_in("ana", _PASSWORD)) for _ in range(20)]
    held = [state.tokens.refresh_token or "" for state in signed_in if isinstance(state, SignedIn)]

    async def refresh(count: int) -> float:
        async with asynchronous(cognito) as client:
            begin = time.perf_counter()
            await asyncio.gather(*(client.run(refresh_tokens(held[n % len(held)], "ana")) for n in range(count)))
            return (time.perf_counter() - begin) / count

    points: Points = [(count, median(asyncio.run(refresh(count)) for _ in range(max(3, 100 // count)))) for count in counts]
    cognito.close()
    return Curve(
        name="refreshes",
        title="Refreshes at once",
        x="refreshes at once",
        y="time of each (one alone = 1)",
        lines=(Line(name="asyncio, one process", points=relative(points)),),
        sentence="""Nothing bends it: each costs one call to Cognito, however many requests of its session wait for it, and
different sessions do not wait for one another. The embedded pool answers in the same process.""",
    )


def by_workers(effort: float) -> Curve:
    """Worker processes of one site, asked over loopback."""
    points: Points = []
    token = access_token()
    with TemporaryDirectory() as folder:
        environment = share_key(Path(folder))
        for count in (1, 2, 3, 4):
            with serving(flask_guard, "Flask", {**environment, "WEB_CONCURRENCY": str(count)}) as port:
                asked = Asked(port, "/guarded", token)
                asked.took()
                points.append((count, median(1 / asked.took() for _ in range(max(2, int(4 * effort))))))
    return Curve(
        name="workers",
        title="Worker processes",
        x="workers (gunicorn)",
        y="requests a second (one worker = 1)",
        lines=(Line(name="guarded route of Flask", points=relative(points)),),
        sentence="""What bends it is the machine: it has two cores, and the load generator takes its share of them. Workers
share nothing that they would wait for.""",
    )


def by_sessions(effort: float) -> Curve:
    """Sessions in one Redis."""
    counts = [count for count in (1_000, 10_000, 100_000, 1_000_000) if count <= max(10_000, 1_000_000 * effort)]
    repeats = max(100, int(500 * effort))
    found: Points = []
    replaced: Points = []
    with TemporaryDirectory() as folder, redis_server(Path(folder)) as server:
        store = RedisStore(server.url)
        there = 0
        for count in counts:
            put(server.url, there, count)
            there = count
            found.append((count, typical(partial(find, store, count), repeats)))
            replaced.append((count, typical(partial(replace, store, count), repeats)))
        store.close()
    return Curve(
        name="redis",
        title="Sessions in Redis",
        x="sessions",
        y="time of an operation (1,000 sessions = 1)",
        lines=(Line(name="find", points=relative(found)), Line(name="replace", points=relative(replaced))),
        sentence="""Nothing bends it but the memory: Redis finds a key among a million as it finds it among a thousand, and
needs some 4.6 kB for each session.""",
    )


def find(store: RedisStore, count: int) -> None:
    """Find one of the sessions that are there, as each request does."""
    if store.carry_out(LoadSession(any_of(count), NOW)) is None:
        raise RuntimeError("a session is not there")


def replace(store: RedisStore, count: int) -> None:
    """Put new content into one of them, as each refresh does."""
    wanted = any_of(count)
    stored = store.carry_out(LoadSession(wanted, NOW))
    if stored is None or not store.carry_out(ReplaceContent(wanted, stored.version, stored.content, NOW)):
        raise RuntimeError("a session could not be replaced")


def any_of(count: int) -> str:
    """The id of one of the sessions."""
    return f"{_CHANCE.randrange(count):064x}"


def put(url: str, there: int, wanted: int) -> None:
    """Put sessions into Redis as the store has them, many at a time."""
    client = peer("redis", "redis").Redis.from_url(url)
    fields = ("owner", "content", "created_at", "seen_at", "expires_at", "idle_lifetime", "version")
    sample = sessions(1)[0]
    mapping = {name: getattr(sample, name) for name in fields}
    for start in range(there, wanted, 1_000):
        pipeline = client.pipeline(transaction=False)
        for number in range(start, min(start + 1_000, wanted)):
            pipeline.hset(f"cognito_auth:session:{number:064x}", mapping=mapping)
        pipeline.execute()
    client.close()


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
