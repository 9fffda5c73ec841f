"""Every journey on every framework and by both faces; all frameworks answer alike, and no endpoint is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from anyio.from_thread import BlockingPortal

from cognito_auth.web import ROUTES

from ..scenarios.world import World
from .faces import FACES, Face
from .journeys import JOURNEYS
from .sites import FRAMEWORKS, Site

Key: TypeAlias = tuple[str, str, str]
"""Framework, face and journey."""


@dataclass(slots=True)
class Journal:
    """Makes journeys, each once, and keeps what the visitors saw."""

    world: World
    portal: BlockingPortal
    visitors: dict[Key, Face] = field(default_factory=dict[Key, Face])

    def visitor(self, key: Key) -> Face:
        """The visitor after the journey."""
        if key not in self.visitors:
            framework, face, name = key
            journey = JOURNEYS[name]
            site = Site(world=self.world, settings=self.world.settings(journey.pool, confidential=face == "browser"))
            with FRAMEWORKS[framework](site, self.portal) as server:
                visitor = FACES[face](site=site, server=server, username=self.world.name())
                journey.make(visitor)
            self.visitors[key] = visitor
        return self.visitors[key]


@pytest.fixture(scope="session")
def journal(world: World, portal: BlockingPortal) -> Journal:
    return Journal(world, portal)


every_journey: Callable[[Any], Any] = pytest.mark.parametrize("journey", list(JOURNEYS))
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


def test_every_endpoint_is_called_with_success_and_with_an_error(journal: Journal, framework: str) -> None:
    called = {call for face in FACES for journey in JOURNEYS for call in journal.visitor((framework, face, journey)).called}
    succeeded = {name for name, status in called if status < 400}
    failed = {name for name, status in called if status >= 400}
    assert succeeded == {route.name for route in ROUTES}
    assert failed == {route.name for route in ROUTES}
