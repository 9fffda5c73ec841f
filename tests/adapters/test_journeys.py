"""Every journey on every framework, by browser, with both kinds of sessions, and by API client; all frameworks answer alike,
and no endpoint is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Final, TypeAlias

import pytest
from anyio.from_thread import BlockingPortal

from cognito_auth.config import Settings
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ROUTES, Route, ServerSessions, WebOptions

from ..scenarios.journeys import JOURNEYS
from ..scenarios.world import World
from .faces import FACES, ApiClient, Browser, Face
from .servers import Server
from .sites import FRAMEWORKS, OPTIONS, Site

OF_A_SITE: Final = {"site_sessions", "site_sessions_end", "passkeys_script"}
"""Endpoints of which programs have no counterpart; `test_server_sessions` and `test_passkeys_script` call them."""

TOKENS: Final = {"access_token", "id_token", "refresh_token"}

Key: TypeAlias = tuple[str, str, str]
"""Framework, visitor and journey."""

VISITORS: Final[Mapping[str, tuple[type[Face], WebOptions]]] = {
    "browser": (Browser, OPTIONS),
    "browser with a session on the server": (Browser, replace(OPTIONS, sessions=ServerSessions(store=MemoryStore()))),
    "api client": (ApiClient, OPTIONS),
}
"""Who comes, and what the site is like."""


@dataclass(slots=True)
class Journal:
    """Makes journeys, each once, and keeps what the visitors saw. A site is opened once for each framework and its settings."""

    world: World
    portal: BlockingPortal
    open: ExitStack
    servers: dict[tuple[str, str, Settings], Server] = field(default_factory=dict[tuple[str, str, Settings], Server])
    visitors: dict[Key, Face] = field(default_factory=dict[Key, Face])

    def visitor(self, key: Key) -> Face:
        """The visitor after the journey."""
        if key not in self.visitors:
            framework, kind, name = key
            journey, (face, options) = JOURNEYS[name], VISITORS[kind]
            confidential = face is Browser
            settings = self.world.settings(
                journey.pool, confidential=confidential, rotating=journey.rotating, flows=journey.flows
            )
            site = Site(world=self.world, settings=settings, options=options)
            server = self.server(framework, kind, site)
            visitor = face(site=site, server=server, username=self.world.name())
            journey.make(visitor)
            self.visitors[key] = visitor
        return self.visitors[key]

    def server(self, framework: str, kind: str, site: Site) -> Server:
        """The site on the framework, as this kind of visitor finds it."""
        key = framework, kind, site.settings
        if key not in self.servers:
            self.servers[key] = self.open.enter_context(FRAMEWORKS[framework](site, self.portal))
        return self.servers[key]


@pytest.fixture(scope="session")
def journal(world: World, portal: BlockingPortal) -> Iterator[Journal]:
    with ExitStack() as stack:
        yield Journal(world, portal, stack)


@pytest.mark.parametrize("kind", list(VISITORS))
@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(journal: Journal, kind: str, journey: str) -> None:
    """Each framework brings it to its end, all in the same words, and no script of a page sees a token."""
    transcripts = [journal.visitor((framework, kind, journey)).transcript for framework in FRAMEWORKS]
    assert all(transcripts)
    for one, other in pairwise(transcripts):
        for answer, counterpart in zip(one, other, strict=True):
            assert answer == counterpart
    if VISITORS[kind][0] is Browser:
        for answer in chain(*transcripts):
            assert not TOKENS & set(answer["body"] or {}), answer["request"]


def test_an_api_client_does(journal: Journal) -> None:
    """Tokens would be seen in a transcript, if there were any."""
    answers = journal.visitor(("flask", "api client", "USER_SRP_AUTH: the password alone")).transcript
    assert any(set(answer["body"] or {}) >= TOKENS for answer in answers)


def test_every_endpoint_is_called_with_success(journal: Journal) -> None:
    called = {call for kind in VISITORS for journey in JOURNEYS for call in journal.visitor(("flask", kind, journey)).called}
    assert {name for name, status in called if status < 400} == {route.name for route in ROUTES} - OF_A_SITE


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_endpoint_takes_what_it_does_not_know(site: Site, server: Server, face: str, route: Route) -> None:
    """It is told so before anything else, whoever asks."""
    stranger = FACES[face](site=site, server=server, username="nobody")
    answer = stranger.auth(route.name, nonsense=True)
    assert answer.refusal == "bad_request"
