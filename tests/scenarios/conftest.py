"""Each journey runs on every driver, for a public and for a confidential client, in one shared world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from anyio.from_thread import start_blocking_portal

from .drivers import BACKENDS, Make, Scene, blocking, ported
from .world import World


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    made = World()
    with closing(made):
        yield made


@pytest.fixture(scope="session", params=list(BACKENDS))
def make_driver(request: pytest.FixtureRequest) -> Iterator[Make]:
    backend = BACKENDS[request.param]
    if backend is None:
        yield blocking
        return
    with start_blocking_portal(backend) as portal:
        yield ported(portal)


@pytest.fixture(params=[False, True], ids=["public", "confidential"])
def confidential(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def scene(world: World, make_driver: Make, *, confidential: bool) -> Iterator[Scene]:
    made = Scene.of(world, make_driver, world.settings(confidential=confidential))
    with closing(made.driver):
        yield made
