"""A server with one answer to whatever it is asked, as cheap as Python can make it: what a client costs shows beside it.

It runs in a process of its own, prints its port when it listens, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

HOST: Final = "127.0.0.1"
USERNAME: Final = "02d5a4e4-60c1-7043-5d3a-9a3f5ad4b8f1"
"""In every answer."""

_USER: Final = {
    "UserAttributes": [
        {"Name": "email", "Value": "ana.example@example.com"},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "phone_number", "Value": "+15555550100"},
        {"Name": "phone_number_verified", "Value": "false"},
        {"Name": "given_name", "Value": "Ana"},
        {"Name": "family_name", "Value": "Example"},
        {"Name": "locale", "Value": "pt-PT"},
        {"Name": "sub", "Value": USERNAME},
    ],
    "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
    "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
    "Username": USERNAME,
}
_BODY: Final = json.dumps(_USER, separators=(",", ":")).encode()
_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\n"
    b"Date: Tue, 05 May 2026 10:20:30 GMT\r\n"
    b"Content-Type: application/x-amz-json-1.1\r\n"
    b"Content-Length: %d\r\n"
    b"Connection: keep-alive\r\n"
    b"x-amzn-RequestId: 5b0c6b0e-7d53-4a43-9e0a-0c1d2e3f4a5b\r\n"
    b"\r\n%b" % (len(_BODY), _BODY)
)


class _Canned(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := _end_of_request(self._received)) is not None:
            self._received = self._received[end:]
            self._transport.write(_ANSWER)


def _end_of_request(received: bytes) -> int | None:
    """Where the first request ends, if all of it is there."""
    head, ended, _ = received.partition(b"\r\n\r\n")
    if not ended:
        return None
    _, _, after = head.lower().partition(b"content-length:")
    end = len(head) + len(ended) + int(after.partition(b"\r\n")[0] or 0)
    return end if end <= len(received) else None


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Canned, HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def canned_server() -> Generator[str]:
    """The address of a server that runs until the end of the block."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://{HOST}:{int(process.stdout.readline())}"
        # Leaving closes the process's input, which ends it.


if __name__ == "__main__":
    asyncio.run(_serve())
