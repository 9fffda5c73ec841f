"""Endpoints are found wherever a server or a proxy says that the application is, and nothing beside them is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.applications import Starlette

import cognito_auth_fastapi
import cognito_auth_starlette

from .servers import BASE
from .sites import Site


def on_starlette(site: Site) -> Starlette:
    auth = cognito_auth_starlette.CognitoAuth(site.settings, site.options, client=site.async_client())
    return Starlette(routes=[auth.mount()], middleware=[auth.middleware()])


def on_fastapi(site: Site) -> FastAPI:
    app = FastAPI()
    cognito_auth_fastapi.CognitoAuth(site.settings, site.options, client=site.async_client()).install(app)
    return app


MAKERS: Final[dict[str, Callable[[Site], Any]]] = {"starlette": on_starlette, "fastapi": on_fastapi}
PLACES: Final = {
    "at the root": ("", ""),
    "below a prefix": ("/site", "/site"),
    "below a prefix that a proxy took off": ("", "/site"),
    "below a prefix with which the endpoints' begins": ("", "/au"),
    "below a prefix that is the endpoints' own": ("/auth", "/auth"),
}
"""What comes before the path, and what is said to come before it (``root_path`` in ASGI)."""
ASKED: Final = {"GET me": 401, "PUT me": 405, "GET passkeys": 401, "GET nothing": 404, "GET me/me": 404}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("maker", MAKERS)
def test_endpoints_are_found(site: Site, portal: BlockingPortal, maker: str, place: str) -> None:
    before, said = PLACES[place]
    transport = httpx.ASGITransport(MAKERS[maker](site), root_path=said)

    async def answers() -> dict[str, int]:
        async with httpx.AsyncClient(transport=transport, base_url=f"{BASE}{before}/auth/") as client:
            return {asked: (await client.request(*asked.split())).status_code for asked in ASKED}

    assert portal.call(answers) == ASKED
