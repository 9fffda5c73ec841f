"""What an attacker knows and sends, and what would be a success."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

EVIL: Final = "evil.example"
ORIGIN: Final = f"Origin: https://{EVIL}"
JSON: Final = "Content-Type: application/json"
_PATIENCE: Final = 20.0
"""Seconds until a server that does not answer counts as broken."""
_UNKNOWN_ENCODING: Final = 501
"""What servers are to answer a transfer coding with that they do not know (RFC 9112, section 6.1)."""
_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})
"""Frameworks send whoever misspells a path to the path, which is guarded; the address is looked at."""
_STATUS: Final = re.compile(rb"^HTTP/1\.[01] (\d{3})", re.MULTILINE)
_HEADER: Final = re.compile(rb"^([\w-]+): *(.*?)\r$", re.MULTILINE)
_INSIDE: Final = re.compile(rb"Hello |engine room|Traceback|File \"|: ?\"signed_in\"|access_token\":|root:|import ")
"""What is only told to whoever may know it, or to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A site, the administrator who is the victim, and the attacker's own account, which is in no group."""

    port: int
    victim: str
    victims_cookie: str
    """As the victim's browser sends it. Attacks that use it come from another site's page."""
    victims_token: str
    cookie: str
    """The attacker's own."""
    token: str
    id_token: str
    envelope: str
    """The attacker's own refresh token, sealed."""
    state: str
    """A challenge that the attacker has been asked, sealed."""

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"


@dataclass(frozen=True, slots=True)
class Attack:
    """Bytes to be sent."""

    name: str
    sent: bytes
    harmless: bool = False
    """Whether a status that tells of success is the right one, since nothing is given away or changed."""
    hangs_up: bool = False
    """Whether the connection ends where the bytes do, and no answer is waited for longer."""


def request(scene: Scene, method: str, target: str, *headers: str, body: str | bytes = b"") -> bytes:
    """A whole request; a ``Host`` among the headers replaces the site's, a length or an encoding replaces the body's length."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"{method} {target} HTTP/1.1", "Connection: close", *headers]
    given = {line.partition(":")[0].lower() for line in headers}
    if "host" not in given:
        lines.insert(1, f"Host: {scene.host}")
    if content and not given & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


def answer(port: int, attack: Attack) -> bytes:
    """Everything that comes back until the server hangs up."""
    received = bytearray()
    connecting = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    with connecting as connection, suppress(ConnectionError):  # a server may refuse before it has read all
        connection.sendall(attack.sent)
        if attack.hangs_up:
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            received += piece
    return bytes(received)


def success(attack: Attack, received: bytes, scene: Scene) -> str | None:
    """What the attacker has reached, if anything."""
    statuses = {int(status) for status in _STATUS.findall(received)}
    if any(status >= 500 for status in statuses - {_UNKNOWN_ENCODING}):
        return f"the server failed: {statuses}"
    if any(status < 400 for status in statuses - _ELSEWHERE) and not attack.harmless:
        return f"the server obeyed: {statuses}"
    for name, value in _HEADER.findall(received):
        if name.lower() == b"location" and not re.match(rb"(http://%s)?/(?!/)" % scene.host.encode(), value):
            return f"somebody is sent elsewhere: {value!r}"
        if name.lower() == b"set-cookie" and b"Max-Age=0" not in value:
            return "a cookie was set"
        if name.lower() == b"access-control-allow-origin" or EVIL.encode() in value.lower():
            return f"another site is welcome: {name.decode()}"
    told = _INSIDE.search(received) or (scene.victim.encode() in received and b"the victim's name")
    return f"something was told: {told!r}" if told else None
