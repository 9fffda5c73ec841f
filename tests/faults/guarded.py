"""An application with one guarded route, on an event loop or in threads, as its visitors see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Final

import anyio
import anyio.to_thread
import httpx
from fastapi import Depends, FastAPI
from flask import Flask

import cognito_auth_fastapi
import cognito_auth_flask
from cognito_auth.client import AsyncCognitoClient, CognitoClient, Surroundings
from cognito_auth.config import Settings
from cognito_auth.secret import Secret
from cognito_auth.user import User
from cognito_auth.web import WebOptions
from cognito_auth_flask import current_user

OPTIONS: Final = WebOptions(secrets=(Secret("a-secret-that-only-these-tests-seal-with"),))
KINDS: Final = ("fastapi", "flask")
PATIENCE: Final = 60.0
"""Seconds after which a test that hangs has failed."""


@dataclass(slots=True)
class Stopwatch:
    """A monotonic clock that the test moves."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An application, as its visitors see it."""

    ask: Callable[[Mapping[str, str]], Awaitable[tuple[int, str | None]]]
    """Asks for the guarded route with headers; gives the status, and ``Retry-After``."""
    watch: Stopwatch

    async def status(self, token: str) -> int:
        status, retry_after = await self.ask({"Authorization": f"Bearer {token}"})
        assert (status == 503) == (retry_after is not None)
        assert retry_after is None or int(retry_after) > 0
        return status


@asynccontextmanager
async def opened(settings: Settings, kind: str = "fastapi", options: WebOptions = OPTIONS) -> AsyncGenerator[Site]:
    async with AsyncExitStack() as stack:
        watch = Stopwatch()
        ask = await _OPEN[kind](stack, settings, options, Surroundings(monotonic=watch))
        with anyio.fail_after(PATIENCE):
            yield Site(ask=ask, watch=watch)


async def _on_fastapi(
    stack: AsyncExitStack, settings: Settings, options: WebOptions, surroundings: Surroundings
) -> Callable[[Mapping[str, str]], Awaitable[tuple[int, str | None]]]:
    client = AsyncCognitoClient(settings, surroundings=surroundings)
    auth = cognito_auth_fastapi.CognitoAuth(settings, options, client=client)
    app = FastAPI()
    auth.install(app)

    async def me(user: User) -> str | None:
        return user.username

    me.__annotations__["user"] = Annotated[User, Depends(auth.user)]
    app.add_api_route("/me", me)
    await stack.enter_async_context(auth.lifespan())
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://app.example.com")
    await stack.enter_async_context(http)

    async def ask(headers: Mapping[str, str]) -> tuple[int, str | None]:
        reply = await http.get("/me", headers=headers)
        return reply.status_code, reply.headers.get("retry-after")

    return ask


async def _on_flask(
    stack: AsyncExitStack, settings: Settings, options: WebOptions, surroundings: Surroundings
) -> Callable[[Mapping[str, str]], Awaitable[tuple[int, str | None]]]:
    client = stack.enter_context(CognitoClient(settings, surroundings=surroundings))
    app = Flask("guarded")
    auth = cognito_auth_flask.CognitoAuth(app, settings, options, client=client)

    @app.get("/me")
    @auth.login_required
    def me() -> str:  # pyright: ignore[reportUnusedFunction]  # Flask calls it
        return current_user.username or ""

    def asked(headers: Mapping[str, str]) -> tuple[int, str | None]:
        reply = app.test_client().get("/me", headers=dict(headers))
        return reply.status_code, reply.headers.get("Retry-After")

    async def ask(headers: Mapping[str, str]) -> tuple[int, str | None]:
        return await anyio.to_thread.run_sync(asked, headers)

    return ask


_OPEN: Final = {"fastapi": _on_fastapi, "flask": _on_flask}
