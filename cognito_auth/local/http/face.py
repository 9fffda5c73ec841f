"""What the embedded pool answers over HTTP: the API, the key sets, the discovery documents, and its own ``/_local/`` tools.

Framework-neutral: a `Request` in, a `Reply` out. The ASGI application and the httpx transport both answer through `respond`,
so that a path is routed in one place. The API has two forms: Cognito's own, a POST, and AWS's query form, a GET. This module
knows paths, methods and CORS; it knows no socket, and it does not judge who may ask (`cognito_auth.local.http.gate` does,
where a network is involved). Everything here blocks.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl
from uuid import uuid4

from ...api.wire import TARGET_PREFIX
from .. import injection
from ..base.faults import Fault
from ..base.reply import Reply, failure
from ..base.request import Request
from ..base.validation import MAX_BODY_BYTES
from ..pool import LocalCognito
from . import console, openapi, page, query

API: Final = "/"
"""Where the API is, in both forms."""

TOOLS: Final = "/_local/"
"""Where the tools are that Cognito does not have; ``_local`` is no possible pool id."""

_MAX_QUERY_FIELDS: Final = 10
_MAX_MOVE: Final = 10 * 366 * 86400.0

# https://fetch.spec.whatwg.org/#http-cors-protocol; the values are those that the service sends. ``Authorization`` is not
# among the headers, so that a page of another origin can call what is public and nothing that has to be signed.
_CORS: Final = MappingProxyType(
    {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    }
)
_PREFLIGHT: Final = MappingProxyType(
    {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "amz-sdk-invocation-id,amz-sdk-request,cache-control,content-type,x-amz-target,"
        "x-amz-user-agent",
        "access-control-max-age": "600",
    }
)
_PRIVATE: Final = MappingProxyType(
    {
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
)


class _TooLarge(Fault):
    code = "RequestEntityTooLargeException"
    text = "The body is longer than {} bytes."


Handler: TypeAlias = Callable[[LocalCognito, Request], Reply]


def respond(cognito: LocalCognito, request: Request) -> Reply:
    """The reply to any request whatever; never raises for what a client sent."""
    methods = _methods(request.path)
    if methods is None:
        return refusal(404, "not_found", "There is nothing here.")
    handler = methods.get(request.method)
    if handler is None:
        reply = refusal(405, "method_not_allowed", "That method is not for this path.")
        return replace(reply, headers={**reply.headers, "allow": ", ".join(methods)})
    return handler(cognito, request)


def refusal(status: int, code: str, message: str) -> Reply:
    """An error of the face itself, in the form of the library's own endpoints."""
    return _tool_reply({"error": {"code": code, "message": message}}, status=status)


def _methods(path: str) -> Mapping[str, Handler] | None:
    return _WELL_KNOWN if _DOCUMENT.fullmatch(path) else _ROUTES.get(path)


def _api(cognito: LocalCognito, request: Request) -> Reply:
    target = request.headers.get("x-amz-target", "")
    if len(request.body) > MAX_BODY_BYTES:
        reply = replace(failure(_TooLarge(MAX_BODY_BYTES), str(uuid4())), status=413)
    else:
        operation = target.removeprefix(TARGET_PREFIX) if target.startswith(TARGET_PREFIX) else ""
        reply = cognito.call(operation, request.body, sent=request)
    return replace(reply, headers={**reply.headers, **_CORS})


def _query(cognito: LocalCognito, request: Request) -> Reply:
    try:
        asked = query.read(request)
    except Fault as fault:
        reply = failure(fault, str(uuid4()))
    else:
        reply = cognito.call(asked.operation, asked.body, sent=request)
    # What the address holds is secret, so that nothing may be kept or passed on; and every reply is JSON, an empty one too.
    return replace(reply, headers={**reply.headers, **_PRIVATE, **_QUERIED}, body=reply.body or b"{}")


def _preflight(_: LocalCognito, __: Request) -> Reply:
    return Reply(status=200, headers=_PREFLIGHT, body=b"")


def _well_known(cognito: LocalCognito, request: Request) -> Reply:
    pool, name = cast("re.Match[str]", _DOCUMENT.fullmatch(request.path)).groups()
    document = cognito.key_set(pool) if name == "jwks.json" else cognito.discovery(pool)
    if document is None:
        reply = Reply(status=404, headers=_JSON, body=json.dumps({"message": f"User pool {pool} does not exist."}).encode())
    else:
        reply = Reply(status=200, headers=_JSON, body=json.dumps(document).encode())
    return replace(reply, headers={**reply.headers, **_CORS})


def _outbox(cognito: LocalCognito, request: Request) -> Reply:
    try:
        wanted = dict(parse_qsl(request.query, max_num_fields=_MAX_QUERY_FIELDS))
    except ValueError:
        return refusal(400, "bad_request", "The query has too many fields.")
    messages = cognito.outbox(wanted.get("user_pool_id"), wanted.get("username"))
    return _tool_reply({"messages": [asdict(message) for message in messages]})


def _clock(cognito: LocalCognito, _: Request) -> Reply:
    return _tool_reply({"now": cognito.clock.now()})


def _move_clock(cognito: LocalCognito, request: Request) -> Reply:
    # A form or a text of another site goes out without asking first; JSON asks, and is refused, for no CORS header answers.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(415, "unsupported_media_type", "Send the body as application/json.")
    seconds = _seconds(request.body)
    if seconds is None:
        return refusal(400, "bad_request", 'The body must be {"move": seconds}, zero or more and at most ten years.')
    cognito.clock.move(seconds)
    return _clock(cognito, request)


def _fault(cognito: LocalCognito, request: Request) -> Reply:
    # Only as JSON, for the same reason as the clock.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(415, "unsupported_media_type", "Send the body as application/json.")
    try:
        wanted = injection.read(request.body[:MAX_BODY_BYTES])
        cognito.fail(wanted.operation, wanted.code, message=wanted.message, times=wanted.times)
    except ValueError as error:
        return refusal(400, "bad_request", str(error))
    return _tool_reply(asdict(wanted))


def _seconds(body: bytes) -> float | None:
    try:
        document: Any = json.loads(body[:MAX_BODY_BYTES])
    except (ValueError, RecursionError):
        return None
    move: Any = cast("dict[str, Any]", document).get("move") if isinstance(document, dict) else None
    if isinstance(move, bool) or not isinstance(move, int | float) or not math.isfinite(move):
        return None
    return float(move) if 0 <= move <= _MAX_MOVE else None


def _health(_: LocalCognito, __: Request) -> Reply:
    return _tool_reply({"status": "ok"})


def _page(cognito: LocalCognito, _: Request) -> Reply:
    html = page.render(endpoint=cognito.endpoint, now=cognito.clock.now(), pools=cognito.pools(), messages=cognito.outbox())
    return Reply(status=200, headers={**_PRIVATE, **page.HEADERS}, body=html.encode())


def _openapi(cognito: LocalCognito, _: Request) -> Reply:
    return _tool_reply(openapi.document(cognito.endpoint))


def _operations(cognito: LocalCognito, _: Request) -> Reply:
    html = console.render(region=cognito.region)
    return Reply(status=200, headers={**_PRIVATE, **console.HEADERS}, body=html.encode())


def _tool_reply(document: Mapping[str, Any], *, status: int = 200) -> Reply:
    return Reply(status=status, headers={**_PRIVATE, **_JSON}, body=json.dumps(document).encode())


_JSON: Final = MappingProxyType({"content-type": "application/json"})
_QUERIED: Final = MappingProxyType({"Content-Type": "application/json"})
_DOCUMENT: Final = re.compile(r"/([\w-]{1,55})/\.well-known/(jwks\.json|openid-configuration)", re.ASCII)
_WELL_KNOWN: Final[Mapping[str, Handler]] = MappingProxyType({"GET": _well_known})
_ROUTES: Final[Mapping[str, Mapping[str, Handler]]] = MappingProxyType(
    {
        API: {"GET": _query, "POST": _api, "OPTIONS": _preflight},
        TOOLS: {"GET": _page},
        f"{TOOLS}openapi.json": {"GET": _openapi},
        f"{TOOLS}operations": {"GET": _operations},
        f"{TOOLS}outbox": {"GET": _outbox},
        f"{TOOLS}clock": {"GET": _clock, "POST": _move_clock},
        f"{TOOLS}faults": {"POST": _fault},
        f"{TOOLS}health": {"GET": _health},
    }
)
