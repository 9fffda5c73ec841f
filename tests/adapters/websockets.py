"""A WebSocket's client, as far as these tests need one: it opens a connection, hears what is said, and leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal
from starlette.types import ASGIApp, Message

from .servers import HOST, Pairs


@dataclass(slots=True)
class Talk:
    """What came of a handshake."""

    messages: list[Message] = field(default_factory=list[Message])

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The HTTP status of the answer to the handshake."""
        kind = self.messages[0]["type"]
        return 101 if kind == "websocket.accept" else int(self.messages[0].get("status", 0))

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of that answer."""
        pairs: Any = self.messages[0].get("headers", [])
        return [(name.decode().lower(), value.decode()) for name, value in pairs]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages if message["type"] == "websocket.send"]


def talk(
    app: ASGIApp, portal: BlockingPortal, path: str, *, headers: Pairs = (), deniable: bool = True, staying: bool = False
) -> Talk:
    """Open a connection. ``deniable`` tells whether the server can send a response in place of accepting, ``staying`` whether
    the client waits for the server to end it."""
    heard, coming = Talk(), iter([{"type": "websocket.connect"}])

    async def receive() -> Message:
        message = next(coming, None)
        if message is None and staying:
            await anyio.sleep_forever()
        return message or {"type": "websocket.disconnect", "code": 1000}

    scope: dict[str, Any] = {
        "type": "websocket",
        "path": path,
        "scheme": "wss",
        "query_string": b"",
        "subprotocols": [],
        "headers": [(name.lower().encode(), value.encode()) for name, value in [("Host", HOST), *headers]],
        "extensions": {"websocket.http.response": {}} if deniable else {},
    }
    portal.call(app, scope, receive, heard.send)
    return heard
