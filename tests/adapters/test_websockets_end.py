"""WebSockets end when the access does that opened them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

import cognito_auth_fastapi
import cognito_auth_starlette

from ..scenarios.world import HOUR
from .expectations import accepted, signed_in
from .faces import ApiClient, Browser
from .servers import AsgiServer
from .sites import Site
from .websockets import talk

Auth = cognito_auth_starlette.CognitoAuth | cognito_auth_fastapi.CognitoAuth
Talk = Callable[[WebSocket], Any]


@pytest.fixture(params=["starlette", "fastapi"])
def auth(request: pytest.FixtureRequest, site: Site, portal: BlockingPortal) -> Iterator[Auth]:
    kinds: dict[str, type[Auth]] = {
        "starlette": cognito_auth_starlette.CognitoAuth,
        "fastapi": cognito_auth_fastapi.CognitoAuth,
    }
    made = kinds[request.param](site.settings, site.options, client=site.async_client())
    with portal.wrap_async_context_manager(made.lifespan()):
        yield made


def application(auth: Auth, endpoint: Talk) -> Starlette:
    """An application with one WebSocket, closed by default."""
    route = WebSocketRoute("/talk", endpoint)
    if isinstance(auth, cognito_auth_fastapi.CognitoAuth):
        app = FastAPI(routes=[route])
        auth.install(app)
        auth.protect_all(app)
        return app
    made = Starlette(routes=[auth.mount(), route], middleware=[auth.middleware()])
    auth.protect_all(made)
    return made


def closes(messages: list[Any]) -> list[int]:
    return [message["code"] for message in messages if message["type"] == "websocket.close"]


def test_it_is_closed_when_the_token_expires(auth: Auth, site: Site, portal: BlockingPortal) -> None:
    reached: list[str] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        site.world.move(2 * HOUR)
        async with auth.until_expiry(websocket) as user:
            reached.append(user.username or "")
            await websocket.receive_text()
            reached.append("heard something")
        reached.append("after")

    app = application(auth, endpoint)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    heard = talk(app, portal, "/talk", headers=visitor.credentials("GET"), staying=True)
    assert heard.status == 101
    assert closes(heard.messages) == [1008]
    assert reached == [visitor.username, "after"]


def test_until_then_it_is_left_alone(auth: Auth, site: Site, portal: BlockingPortal) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        async with auth.until_expiry(websocket) as user:
            await websocket.send_text(user.username or "")
        await websocket.close(4000)

    app = application(auth, endpoint)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    heard = talk(app, portal, "/talk", headers=visitor.credentials("GET"), staying=True)
    assert heard.texts == [visitor.username]
    assert closes(heard.messages) == [4000]


def test_what_goes_wrong_inside_comes_out_as_it_is(auth: Auth, site: Site, portal: BlockingPortal) -> None:
    gone: list[int] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            async with auth.until_expiry(websocket):
                await websocket.receive_text()
        except WebSocketDisconnect as error:
            gone.append(error.code)

    app = application(auth, endpoint)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    heard = talk(app, portal, "/talk", headers=visitor.credentials("GET"))
    assert gone == [1000]
    assert not closes(heard.messages)


def test_what_was_closed_by_then_is_not_closed_again(auth: Auth, site: Site, portal: BlockingPortal) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close(4000)
        site.world.move(2 * HOUR)
        async with auth.until_expiry(websocket):
            await websocket.receive()

    app = application(auth, endpoint)
    visitor = signed_in(ApiClient, site, AsgiServer(app, portal))
    heard = talk(app, portal, "/talk", headers=visitor.credentials("GET"), staying=True)
    assert closes(heard.messages) == [4000]


FOREIGN: Final = [("Origin", "https://evil.example"), ("Referer", "https://evil.example/"), ("Sec-Fetch-Site", "same-site")]


@pytest.mark.parametrize("said", FOREIGN, ids=lambda pair: pair[0])
def test_another_sites_page_opens_none(auth: Auth, site: Site, portal: BlockingPortal, said: tuple[str, str]) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        raise AssertionError("called")

    app = application(auth, endpoint)
    username = signed_in(ApiClient, site, AsgiServer(app, portal)).username
    browser = Browser(site=site, server=AsgiServer(app, portal), username=username)
    accepted(browser.login())
    cookies = [pair for pair in browser.credentials("GET") if pair[0] == "Cookie"]
    assert talk(app, portal, "/talk", headers=[*cookies, said]).status == 403
    refused = talk(app, portal, "/talk", headers=[*cookies, said], deniable=False)
    assert closes(refused.messages) == [1008]
