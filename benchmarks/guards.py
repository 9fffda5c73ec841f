"""What a guard costs on a trivial route: its throughput against the same route without one, in process, by a remembered token.

Applications are called as their servers call them, one request after another, with nothing in between.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.types import Scope

from cognito_auth.stores import MemoryStore
from cognito_auth.web import BrowserSessions, ServerSessions
from cognito_auth_starlette import CognitoAuth as StarletteAuth
from cognito_auth_starlette.middleware import found_in
from cognito_auth_starlette.translate import only_authorization

from .measuring import Candidate, Compared, Table, Target, at_least, side_by_side, timed
from .peers import Missing, named
from .reports import Report, main
from .samples import access_token
from .sites import (
    ADMIN,
    FRAMEWORKS,
    Make,
    Step,
    fastapi_dependency,
    fastapi_middleware,
    fastapi_nothing,
    flask_guard,
    starlette_app,
    starlette_guard,
    starlette_sessions,
    starlette_until,
)

REQUESTS: Final = 20
"""In each turn."""
PER_TURN: Final = f"us for {REQUESTS} requests"
ROUNDS: Final = 200

OURS: Final[dict[str, dict[str, tuple[Make, Target | None]]]] = {
    "Starlette": {"cognito-auth, decorator": (starlette_guard, at_least(0.75))},
    "FastAPI": {
        "a dependency that does nothing": (fastapi_nothing, None),
        "cognito-auth, dependency": (fastapi_dependency, at_least(0.75)),
        "cognito-auth, closed by default": (fastapi_middleware, at_least(0.90)),
    },
    "Flask": {"cognito-auth, decorator": (flask_guard, at_least(0.90))},
}

INSTALLED: Final[dict[str, Make]] = {"Starlette": starlette_guard, "FastAPI": fastapi_dependency, "Flask": flask_guard}
"""Ours, with a route beside the guarded one that anybody may ask for."""

Asked = Callable[[], None]


def asgi(app: Any, path: str, credentials: tuple[bytes, bytes], loop: asyncio.AbstractEventLoop) -> Asked:
    """Some requests to an ASGI application."""
    headers = [(b"host", b"app.example.com"), (b"user-agent", b"curl/8.5.0"), (b"accept", b"*/*"), credentials]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def ask() -> None:
        statuses: list[int] = []

        async def send(message: dict[str, Any]) -> None:
            statuses.append(message.get("status", 0))

        for _ in range(REQUESTS):
            await app(asgi_scope(path, headers), receive, send)
        if statuses != [200, 0] * REQUESTS:
            raise RuntimeError(f"answered with {statuses}")

    return lambda: loop.run_until_complete(ask())


def asgi_scope(path: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """A request as uvicorn has it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50_000),
        "scheme": "https",
        "method": "GET",
        "root_path": "",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": list(headers),
        "state": {},
    }


def wsgi(app: Any, path: str, token: str) -> Asked:
    """Some requests to a WSGI application."""

    statuses: list[str] = []

    def start_response(status: str, headers: object, error: object = None) -> None:
        statuses.append(status)

    def ask() -> None:
        statuses.clear()
        for _ in range(REQUESTS):
            answer = app(wsgi_environ(path, token), start_response)
            b"".join(answer)
            answer.close()
        if statuses != ["200 OK"] * REQUESTS:
            raise RuntimeError(f"answered with {statuses}")

    return ask


def wsgi_environ(path: str, token: str) -> dict[str, Any]:
    """A request as gunicorn has it."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "app.example.com",
        "HTTP_USER_AGENT": "curl/8.5.0",
        "HTTP_ACCEPT": "*/*",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def compared(framework: str, rounds: int, loop: asyncio.AbstractEventLoop, skipped: list[str]) -> Table:
    """A framework's table."""
    token = access_token()
    plain, peers = FRAMEWORKS[framework]

    def candidate(name: str, make: Make, path: str, target: Target | None = None) -> Candidate:
        app = make()
        ask = (
            wsgi(app, path, token)
            if framework == "Flask"
            else asgi(app, path, (b"authorization", f"Bearer {token}".encode()), loop)
        )
        ask()
        return Candidate(name, timed(ask), target)

    candidates = [candidate(f"{framework}, no guard", plain, "/open")]
    candidates += [candidate(name, make, "/guarded", target) for name, (make, target) in OURS[framework].items()]
    candidates.append(candidate("cognito-auth, a route beside it that is open", INSTALLED[framework], "/open"))
    for package, make in peers.items():
        try:
            candidates.append(candidate(named(package), make, "/guarded"))
        except Missing as missing:
            skipped.append(str(missing))
        except RuntimeError as refused:
            skipped.append(f"{package}: {refused}")
    if framework == "Starlette":
        candidates += for_browsers(loop)
    title = f"A guarded route of {framework}, in process"
    return side_by_side(title, candidates, rounds=rounds, compared=Compared.THROUGHPUT, notes=(PER_TURN,))


def for_browsers(loop: asyncio.AbstractEventLoop) -> list[Candidate]:
    """The same guard for somebody with a session, which is opened anew for each request."""
    kinds: dict[str, BrowserSessions | ServerSessions] = {
        "in a cookie": BrowserSessions(),
        "in the process's memory": ServerSessions(store=MemoryStore()),
    }
    candidates: list[Candidate] = []
    for name, sessions in kinds.items():
        app, cookie = starlette_sessions(sessions)
        candidates.append(
            Candidate(f"cognito-auth, session {name}", timed(asgi(app, "/guarded", (b"cookie", cookie.encode()), loop)))
        )
    return candidates


def parts(rounds: int, loop: asyncio.AbstractEventLoop) -> Table:
    """What the things that a guard does come to, each with all before it."""
    credentials = (b"authorization", f"Bearer {access_token()}".encode())
    candidates = [Candidate("Starlette, no guard", timed(asgi(starlette_app(), "/open", credentials, loop)))]
    for name, step in STEPS.items():
        candidates.append(Candidate(name, timed(asgi(starlette_until(step), "/guarded", credentials, loop))))
    candidates.append(Candidate("and Vary: the whole", timed(asgi(starlette_guard(), "/guarded", credentials, loop))))
    return side_by_side("The parts of a guard on Starlette", candidates, rounds=rounds, notes=(PER_TURN,))


def look_up(auth: StarletteAuth, scope: Scope) -> None:
    """Tell whether the request's token is remembered."""
    token = (only_authorization(scope["headers"]) or "")[7:].strip()
    auth.web.verifier.recall_access_token(token, time.time(), time.monotonic())


def recall(auth: StarletteAuth, scope: Scope) -> None:
    """All that a guard does, but for the answer."""
    auth.recall(scope, ADMIN)
    found_in(scope).asked = False


STEPS: Final[dict[str, Step]] = {
    "the middleware, and a decorator that does nothing": lambda auth, scope: None,
    "and headers within their bounds, one that authorizes": lambda auth, scope: only_authorization(scope["headers"]),
    "and a remembered token": look_up,
    "and a user, and the requirement": recall,
}
"""The first of what a guard does, and more and more of it."""


def run(effort: float) -> Report:
    """A table for each framework."""
    skipped: list[str] = []
    loop = asyncio.new_event_loop()
    rounds = max(10, int(ROUNDS * effort))
    tables = [compared(framework, rounds, loop, skipped) for framework in FRAMEWORKS]
    tables.append(parts(rounds, loop))
    loop.close()
    return Report(name="guards", tables=tuple(tables), skipped=tuple(skipped))


if __name__ == "__main__":
    main(run, __doc__)
