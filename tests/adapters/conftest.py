"""The world of the scenarios, an event loop for the asynchronous frameworks, and a site on each framework."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from ..scenarios.world import World
from .faces import ApiClient, Browser
from .servers import Server
from .sites import FRAMEWORKS, Site

Open = Callable[[Site], Server]


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    made = World()
    with closing(made):
        yield made


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal("asyncio") as started:
        yield started


@pytest.fixture(params=list(FRAMEWORKS))
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(world: World) -> Site:
    return Site(world=world, settings=world.settings(confidential=True))


@pytest.fixture
def open_site(framework: str, portal: BlockingPortal) -> Iterator[Open]:
    """Opens sites on the framework; they are closed after the test."""
    with ExitStack() as stack:
        yield lambda site: stack.enter_context(FRAMEWORKS[framework](site, portal))


@pytest.fixture
def server(open_site: Open, site: Site) -> Server:
    return open_site(site)


@pytest.fixture
def browser(site: Site, server: Server) -> Browser:
    """The browser of somebody with a confirmed account."""
    return Browser.registered(site, server)


@pytest.fixture
def api_client(site: Site, server: Server) -> ApiClient:
    """The API client of somebody with a confirmed account."""
    return ApiClient.registered(site, server)
