"""Tokens that an application has seen before: recognised at once, and still everything is checked, told and measured."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from cognito_auth.observer import Activity

from ..scenarios.world import HOUR
from .conftest import Open
from .expectations import accepted, refused
from .faces import ApiClient
from .servers import Sent, Server
from .sites import Site


@pytest.fixture
def known(api_client: ApiClient) -> ApiClient:
    """Somebody whose token the application has seen."""
    accepted(api_client.login())
    accepted(api_client.visit("/private"))
    return api_client


def test_two_of_them_are_refused(server: Server, known: ApiClient) -> None:
    twice = [*known.credentials("GET"), *known.credentials("GET")]
    assert server.answer(Sent(method="GET", path="/private", headers=twice)).status in {400, 401}


@pytest.mark.parametrize("name", ["X-Anything", "Content-Type", "Cookie"])
def test_headers_beyond_the_bound_are_refused(server: Server, known: ApiClient, name: str) -> None:
    large = [*known.credentials("GET"), (name, "x" * 70_000)]
    refused(server.answer(Sent(method="GET", path="/private", headers=large)), 431, "headers_too_large")


def test_its_time_ends(known: ApiClient) -> None:
    known.world.move(1.1 * HOUR)
    refused(known.visit("/private"), 401, "token_expired")


def test_what_is_refused_is_reported(known: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "cognito_auth.security"):
        refused(known.visit("/admin"), 403, "forbidden")
    assert [(record.name, "refused" in record.getMessage()) for record in caplog.records] == [("cognito_auth.security", True)]


def test_answers_vary_as_ever(known: ApiClient) -> None:
    answer = known.visit("/private")
    assert [value.replace(" ", "").split(",") for value in answer.every("vary")] == [["Authorization", "Cookie"]]


@dataclass(slots=True)
class Seen:
    """Notes what begins."""

    kinds: list[str] = field(default_factory=list[str])

    @contextmanager
    def observe(self, activity: Activity) -> Generator[None]:
        self.kinds.append(activity.kind)
        yield

    def answered(self, status: int) -> None: ...

    def reported(self, event: object) -> None: ...


def test_an_observer_sees_every_time_how_it_is_found_out(open_site: Open, site: Site) -> None:
    seen = Seen()
    watched = replace(site, observer=seen)
    known = ApiClient.registered(watched, open_site(watched))
    accepted(known.login())
    for _ in range(3):
        accepted(known.visit("/private"))
    assert seen.kinds.count("authenticate") == 3
