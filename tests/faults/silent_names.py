"""A program in a network of its own, whose name server hears everything and answers when it is told to.

It is run by ``unshare``, so that the resolver of this system, and not one of ours, is what hangs. It prints a JSON object of
what it saw (`test_names.py` says what that must be), and takes the name of the driver to try.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import anyio

from cognito_auth.client import AiohttpTransport, AsyncCognitoClient, CognitoClient
from cognito_auth.config import Settings
from cognito_auth.effects import Exchange, HttpRequest, perform
from cognito_auth.errors import KeysUnavailable, TransportError
from cognito_auth.tokens import TokenVerifier

from .key_server import KeyServer, access_token

REQUESTS: Final = 50
JOBS: Final = 200
"""What the application does in threads meanwhile."""
_UP: Final = 0x1
_GET_FLAGS: Final = 0x8913
_SET_FLAGS: Final = 0x8914
_ADDRESS: Final = bytes((127, 0, 0, 1))


class NameServer:
    """Hears every question, and answers each with this machine's address once it is told to."""

    def __init__(self) -> None:
        self.answers = False
        self.asked = 0
        self._socket: Final = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            question, sender = self._socket.recvfrom(512)
            self.asked += 1
            if self.answers:
                self._socket.sendto(_answer(question), sender)


def _answer(question: bytes) -> bytes:
    """RFC 1035, section 4.1: the question again, and one address of type A; none of any other type."""
    end = question.index(b"\0", 12) + 5
    is_address = question[end - 4 : end - 2] == b"\0\x01"
    head = question[:2] + b"\x81\x80" + struct.pack(">4H", 1, int(is_address), 0, 0)
    record = b"\xc0\x0c" + struct.pack(">2HIH", 1, 1, 0, 4) + _ADDRESS
    return head + question[12:end] + (record if is_address else b"")


def isolate(home: Path) -> None:
    """Bring the loopback interface up, and put the name server of this machine in place of the system's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(handle, _GET_FLAGS, asked))[1]
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: files dns\n")):
        (home / name).write_text(text)
        subprocess.run(["mount", "--bind", str(home / name), f"/etc/{name}"], check=True)


def lookups() -> int:
    return sum(thread.name.startswith("cognito-auth lookup") for thread in threading.enumerate())


def on_threads(settings: Settings, names: NameServer) -> dict[str, Any]:
    verifier, token = TokenVerifier.for_settings(settings), access_token("known")
    most = 0

    def outcome(_: object) -> str:
        nonlocal most
        try:
            return client.run(verifier.access_token(token)).username or ""
        except KeysUnavailable:
            most = max(most, lookups())
            return "unavailable"

    with CognitoClient(settings) as client, ThreadPoolExecutor(REQUESTS) as threads:
        refused: set[str] = set()
        for _ in range(3):
            refused |= set(threads.map(outcome, range(REQUESTS)))
            time.sleep(1.1)
        names.answers = True
        tries = 1
        while outcome(None) == "unavailable":
            tries += 1
            time.sleep(0.5)
        return {"refused": sorted(refused), "lookups": most, "heals": outcome(None), "tries": tries}


async def on_loop(settings: Settings, names: NameServer, transport: AiohttpTransport | None) -> dict[str, Any]:
    verifier, token = TokenVerifier.for_settings(settings), access_token("known")
    most = 0

    async def outcome() -> str:
        nonlocal most
        try:
            return (await client.run(verifier.access_token(token))).username or ""
        except KeysUnavailable:
            most = max(most, lookups())
            return "unavailable"

    async def ask() -> str:
        try:
            await client.run(
                perform(Exchange(request=HttpRequest(method="GET", url=settings.jwks_uri), timeout=3, max_bytes=1))
            )
        except TransportError:
            return "unavailable"
        return "answered"

    async def work(waiting: asyncio.Future[Any]) -> int:
        """Jobs in the threads of the event loop, as of an application, while everybody waits for the name server."""
        done = 0
        while not waiting.done() and done < JOBS:
            done += await asyncio.to_thread(lambda: 1)
        return done

    async with AsyncCognitoClient(settings, transport=transport) as client:
        refused: set[str] = set()
        jobs: list[int] = []
        for _ in range(3):
            waiting = asyncio.gather(*(outcome() for _ in range(REQUESTS)), *(ask() for _ in range(REQUESTS)))
            jobs.append(await work(waiting))
            refused |= set(await waiting)
            await anyio.sleep(1.1)
        names.answers = True
        tries = 1
        while await outcome() == "unavailable":
            tries += 1
            await anyio.sleep(0.5)
        return {"refused": sorted(refused), "lookups": most, "heals": await outcome(), "tries": tries, "jobs": min(jobs)}


def main() -> None:
    with TemporaryDirectory() as home:
        isolate(Path(home))
        names, keys = NameServer(), KeyServer()
        with keys.running():
            named = replace(keys.settings, jwks_uri=f"http://keys.localhost:{keys.port}/jwks.json")
            kind = sys.argv[1]
            transport = AiohttpTransport() if kind == "aiohttp" else None
            seen = on_threads(named, names) if kind == "blocking" else asyncio.run(on_loop(named, names, transport))
        print(json.dumps({**seen, "asked": names.asked > 0}))


if __name__ == "__main__":
    main()
