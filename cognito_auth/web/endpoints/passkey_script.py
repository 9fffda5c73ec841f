"""The browser's part of passkeys, a JavaScript module that pages load from beside the endpoints that it calls."""

from __future__ import annotations

import hashlib
from typing import Final

from ...effects import Flow, PackageFile, perform
from ..http import Reply, Request
from ..route import Call, Route

_PATH: Final = "web/static/passkeys.js"


def serve(call: Call) -> Flow[Reply]:
    """The module, or the word that the browser has it already (RFC 9110, section 13.1.2).

    Caches may keep it, as there is no secret in it, but ask each time whether it is still the same, so that a page never meets
    the module of another release.
    """
    content = yield from perform(PackageFile(_PATH))
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if _has(call.request, tag):
        return Reply(status=304, body=b"", headers=headers)
    return Reply(body=content, headers={"Content-Type": "text/javascript; charset=utf-8", **headers})


def _has(request: Request, tag: str) -> bool:
    """Whether whoever asks has what the tag stands for, by weak comparison: a proxy that compresses weakens the tag."""
    tags = (each.strip() for line in request.every_header("if-none-match") for each in line.split(","))
    return any(each == "*" or each.removeprefix("W/") == tag for each in tags)


ROUTES: Final = (
    Route(
        name="passkeys_script",
        method="GET",
        path="passkeys.js",
        endpoint=serve,
        summary="The browser's part of passkeys",
        described=False,
    ),
)
