"""Memory of real processes under many requests over the loopback interface, good and bad, from many connections at once.

Run it with ``python -m benchmarks.load --requests 1000000``. Each server in turn, with two worker processes and sessions in a
real Redis, is asked by connections that never wait for each other. After the first tenth, which fills what is to be filled,
memory should stay where it is: the last column is what each process has gained since, for each thousand requests.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from cognito_auth.local.http.server import running
from tests.faults.key_server import access_token
from tests.processes.sites import Processes, Watched, application, create_user, rotating_client
from tests.scenarios.world import PASSWORD
from tests.support.redis_server import redis_server

SERVERS: Final = ("uvicorn", "gunicorn")
WORKERS: Final = 2
CONNECTIONS: Final = 32
PARTS: Final = 10


def children(process: int) -> list[int]:
    """A process and all that it has started, however far down."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def resident(process: int) -> int:
    """Kilobytes that a process holds in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def visitors(site: Processes, username: str) -> Iterator[bytes]:
    """Requests, of which two of six are good and no two bad ones alike."""
    credentials = {"username": username, "password": PASSWORD}
    with httpx.Client() as browser:
        browser.post(f"{site.url}/auth/login", json=credentials).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    tokens = httpx.post(f"{site.url}/auth/login", json={**credentials, "delivery": "tokens"}).raise_for_status().json()
    good, bad = tokens["access_token"], access_token("nobody's")
    payload, signature = bad.split(".")[1:]
    name = cookie.partition("=")[0]
    for number in count():
        yield asked(f"Authorization: Bearer {good}")
        yield asked(f"Cookie: {cookie}")
        yield asked(f"Authorization: Bearer {good[:-12]}{number:012}")
        yield asked(f"Authorization: Bearer {bad[:8]}{number:08}.{payload}.{signature}")
        yield asked(f"Authorization: Bearer {number}.{number}.{number}")
        yield asked(f"Cookie: {name}={number:043}")


def asked(credentials: str) -> bytes:
    return f"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n{credentials}\r\n\r\n".encode()


async def serve(port: int, requests: Iterator[bytes], number: int) -> Counter[int]:
    """Send so many of the requests over all connections; gives how often each status was answered."""
    statuses: Counter[int] = Counter()
    left = number

    async def connection() -> None:
        nonlocal left
        reader = writer = None
        while left > 0:
            left -= 1
            request = next(requests)
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(request)
                assert reader is not None
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(head.partition("content-length: ")[2].split("\r\n")[0]))
            except (asyncio.IncompleteReadError, ConnectionError):  # the server had enough of this connection
                left += 1
                writer = None
                continue
            statuses[int(head.split(" ")[1])] += 1
            if "connection: close" in head:
                writer.close()
                writer = None
        if writer is not None:
            writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return statuses


def measure(server: str, cognito: Watched, number: int) -> None:
    settings = rotating_client(cognito, grace=0)
    create_user(settings, f"load-{server}")
    with (
        TemporaryDirectory() as home,
        redis_server(Path(home)) as redis_at,
        application(server, settings, redis_at.url, workers=WORKERS) as site,
    ):
        assert site.process is not None
        requests = visitors(site, f"load-{server}")
        statuses: Counter[int] = Counter()
        first: dict[int, int] = {}
        print(f"\n{server}: {number} requests\n{'':10}{'requests':>10}{'kB':>10}{'kB/1000':>10}")
        for part in range(1, PARTS + 1):
            statuses += asyncio.run(serve(site.port, requests, number // PARTS))
            for process in children(site.process.pid):
                now = resident(process)
                gained = now - first.setdefault(process, now)
                since = max(1, part - 1) * number / PARTS / 1000
                print(f"{process:10}{statuses.total():10}{now:10}{gained / since:10.3f}")
        print("answered:", dict(statuses))


def main() -> None:
    parser = argparse.ArgumentParser(description="Memory of processes under load.")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--server", choices=SERVERS, help="one of them only")
    given = parser.parse_args()
    with closing(Watched()) as cognito, running(cognito):
        for server in [given.server] if given.server else SERVERS:
            measure(server, cognito, given.requests)


if __name__ == "__main__":
    main()
