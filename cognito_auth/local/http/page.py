"""The page at ``/_local/``: the pools, and the newest messages with their codes, for the person who develops.

One HTML document without script, image, font or form, so that its Content-Security-Policy can forbid them all; it asks the
browser to load it anew every few seconds. Everything that comes from outside passes through `html.escape`.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from types import MappingProxyType
from typing import Final

from ..users.outbox import Message

_REFRESH: Final = 4  # seconds
_SHOWN: Final = 50

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #777; --accent: #0a6cbd; }
@media (prefers-color-scheme: dark) { :root { --accent: #6cb8f5; --quiet: #999; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { color: var(--quiet); margin: .2rem 0; }
a { color: var(--accent); }
table { border-collapse: collapse; width: 100%; }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem .6rem; vertical-align: top; overflow-wrap: anywhere; }
tbody tr:nth-child(odd) { background: var(--soft); }
code { font: 14px ui-monospace, monospace; }
.code { font-size: 1.1rem; font-weight: 600; letter-spacing: .06em; user-select: all; }
.text { color: var(--quiet); font-size: .85rem; white-space: pre-wrap; }
.time { white-space: nowrap; }
"""

_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = MappingProxyType(
    {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'",
        "x-frame-options": "DENY",
    }
)
"""The headers that go with the page."""


def render(*, endpoint: str, now: float, pools: Sequence[str], messages: Sequence[Message]) -> str:
    """The page. ``now`` is the pool's time in seconds since the epoch; ``messages`` are oldest first."""
    newest = messages[::-1][:_SHOWN]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{_REFRESH}">
<title>cognito-auth local</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Embedded user pool</h1>
<p>{escape(endpoint)} · pool time {_time(now, "%Y-%m-%d %H:%M:%S")} UTC · <a href="/_local/operations">operations</a></p>
<h2>Pools</h2>
{_table(("Pool id", "Documents"), map(_pool_row, pools), "No pool yet.")}
<h2>Messages</h2>
{_table(("Sent", "To", "For", "Code"), map(_message_row, newest), "No message yet. Codes appear here as they are sent.")}
</body>
</html>
"""


def _table(head: Sequence[str], rows: Iterable[str], otherwise: str) -> str:
    body = "\n".join(rows)
    if not body:
        return f"<p>{otherwise}</p>"
    heads = "".join(f"<th>{name}</th>" for name in head)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _pool_row(pool: str) -> str:
    base = f"/{escape(pool)}/.well-known"
    links = f'<a href="{base}/jwks.json">key set</a> · <a href="{base}/openid-configuration">discovery</a>'
    return f"<tr><td><code>{escape(pool)}</code></td><td>{links}</td></tr>"


def _message_row(message: Message) -> str:
    return (
        f'<tr><td class="time">{_time(message.sent_at, "%H:%M:%S")}</td>'
        f'<td>{escape(message.to)}<div class="text">{escape(message.medium)}</div></td>'
        f'<td>{escape(message.username)}<div class="text">{escape(message.kind)} · {escape(message.user_pool_id)}</div></td>'
        f'<td><code class="code">{escape(message.code)}</code><div class="text">{escape(message.text)}</div></td></tr>'
    )


def _time(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)
