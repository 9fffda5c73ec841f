"""Every journey on every framework, by browser and by API client; all frameworks answer alike, and no endpoint is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from anyio.from_thread import BlockingPortal

from cognito_auth.config import Settings
from cognito_auth.web import ROUTES, Route

from ..scenarios.journeys import JOURNEYS
from ..scenarios.world import World
from .faces import FACES, Face
from .servers import Server
from .sites import FRAMEWORKS, Site

Key: TypeAlias = tuple[str, str, str]
"""Framework, face and journey."""


@dataclass(slots=True)
class Journal:
    """Makes journeys, each once, and keeps what the visitors saw. A site is opened once for each framework and its settings."""

    world: World
    portal: BlockingPortal
    open: ExitStack
    servers: dict[tuple[str, Settings], Server] = field(default_factory=dict[tuple[str, Settings], Server])
    visitors: dict[Key, Face] = field(default_factory=dict[Key, Face])

    def visitor(self, key: Key) -> Face:
        """The visitor after the journey."""
        if key not in self.visitors:
            framework, face, name = key
            journey = JOURNEYS[name]
            confidential = face == "browser"
            settings = self.world.settings(
                journey.pool, confidential=confidential, rotating=journey.rotating, flows=journey.flows
            )
            site = Site(world=self.world, settings=settings)
            visitor = FACES[face](site=site, server=self.server(framework, site), username=self.world.name())
            journey.make(visitor)
            self.visitors[key] = visitor
        return self.visitors[key]

    def server(self, framework: str, site: Site) -> Server:
        """The site on the framework."""
        key = framework, site.settings
        if key not in self.servers:
            self.servers[key] = self.open.enter_context(FRAMEWORKS[framework](site, self.portal))
        return self.servers[key]


@pytest.fixture(scope="session")
def journal(world: World, portal: BlockingPortal) -> Iterator[Journal]:
    with ExitStack() as stack:
        yield Journal(world, portal, stack)


every_journey: Callable[[Any], Any] = pytest.mark.parametrize(
    # What a journey came to is kept in one process.
    "journey",
    [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in JOURNEYS],
)
every_face: Callable[[Any], Any] = pytest.mark.parametrize("face", list(FACES))


@every_journey
@every_face
def test_journey(journal: Journal, framework: str, face: str, journey: str) -> None:
    assert journal.visitor((framework, face, journey)).transcript


@every_journey
@every_face
def test_all_frameworks_answer_alike(journal: Journal, face: str, journey: str) -> None:
    transcripts = [journal.visitor((framework, face, journey)).transcript for framework in FRAMEWORKS]
    for one, other in pairwise(transcripts):
        for answer, counterpart in zip(one, other, strict=True):
            assert answer == counterpart


def test_every_endpoint_is_called_with_success(journal: Journal) -> None:
    called = {call for face in FACES for journey in JOURNEYS for call in journal.visitor(("flask", face, journey)).called}
    assert {name for name, status in called if status < 400} == {route.name for route in ROUTES}


@every_face
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_endpoint_takes_what_it_does_not_know(site: Site, server: Server, face: str, route: Route) -> None:
    """Nor does one that wants somebody signed in let a stranger know what it takes."""
    stranger = FACES[face](site=site, server=server, username="nobody")
    answer = stranger.auth(route.name, nonsense=True)
    assert answer.refusal == ("not_signed_in" if route.method == "GET" else "bad_request")
