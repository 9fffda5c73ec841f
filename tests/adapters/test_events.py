"""What is reported of what people do: a table of journeys and their events, alike on every framework."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal

from cognito_auth.events import EVENT_NAMES, EventName, SecurityEvent
from cognito_auth.stores import MemoryStore
from cognito_auth.web import ROUTES, ServerSessions

from ..scenarios.world import HOUR, NEW_PASSWORD, PASSWORD, World, wrong
from .conftest import Open
from .expectations import accepted, challenged, refused, register, set_up_app
from .faces import FACES, ApiClient, Browser, Face
from .servers import Answer, Sent, Server
from .sites import FRAMEWORKS, Site

LOGGER: Final = "cognito_auth.security"
Told = tuple[str, str | None, str | None]
"""Of an event: name, route, and the error's class or the challenge."""


@dataclass(slots=True)
class Ear:
    """What an application has called with events; it hears nothing until it listens."""

    events: list[SecurityEvent] = field(default_factory=list[SecurityEvent])

    def __call__(self, event: SecurityEvent) -> None:
        self.events.append(event)

    def told(self) -> list[Told]:
        return [(event.name, event.route, event.error or event.challenge) for event in self.events]


def sign_in(face: Face) -> None:
    accepted(face.login())
    accepted(face.visit("/private"))


def wrong_password(face: Face) -> None:
    refused(face.login("Wr0ng-password"), 401, "incorrect_credentials")


def second_factor(face: Face) -> None:
    accepted(face.login())
    secret = set_up_app(face)
    asked = challenged(face.login(), "SOFTWARE_TOKEN_MFA")
    code = face.totp(secret)
    refused(face.answer(asked, code=wrong(code)), 400, "code_mismatch")
    accepted(face.answer(asked, code=code), status="signed_in")


def refresh(face: Face) -> None:
    accepted(face.login())
    accepted(face.refresh())


def refresh_in_vain(face: Face) -> None:
    accepted(face.login())
    before = face.copy()
    accepted(face.logout())
    refused(before.refresh(), 401, "refresh_token_invalid")


def sign_out(face: Face) -> None:
    accepted(face.login())
    accepted(face.logout())
    face.logout()


def guard(face: Face) -> None:
    refused(face.visit("/private"), 401, "not_signed_in")
    accepted(face.login())
    refused(face.visit("/admin"), 403, "forbidden")
    refused(face.visit("/mfa"), 401, "insufficient_user_authentication")


def bad_request(face: Face) -> None:
    refused(face.auth("login", username=face.username, nonsense=True), 400, "bad_request")
    refused(face.auth("challenge", state="no state", answer={}), 400, "invalid_state")


def signing_up(face: Face) -> None:
    face.username = face.world.name()
    accepted(face.auth("signup", username=face.username, password=PASSWORD, attributes={"email": "ana@example.com"}), 201)
    accepted(face.auth("signup_resend", username=face.username))
    code = face.world.code(face.settings, face.username)
    refused(face.auth("signup_confirm", username=face.username, code=wrong(code)), 400, "code_mismatch")
    accepted(face.auth("signup_confirm", username=face.username, code=code), status="confirmed")


def passwords(face: Face) -> None:
    accepted(face.auth("password_forgot", username=face.username))
    code = face.world.code(face.settings, face.username)
    accepted(face.auth("password_reset", username=face.username, code=code, new_password=NEW_PASSWORD))
    accepted(face.login(NEW_PASSWORD))
    accepted(face.auth("password_change", previous_password=NEW_PASSWORD, new_password=PASSWORD))
    refused(face.auth("password_change", previous_password=NEW_PASSWORD, new_password=PASSWORD), 401, "incorrect_credentials")


def account(face: Face) -> None:
    accepted(face.login())
    accepted(face.auth("account_change", attributes={"name": "Ana"}))
    accepted(face.auth("account_attributes_delete", names=["name"]))
    accepted(face.auth("account_delete"))


JOURNEYS: Final[Mapping[str, tuple[Callable[[Any], None], list[Told]]]] = {
    "sign-in": (sign_in, [("signed_in", "login", None)]),
    "wrong password": (wrong_password, [("sign_in_failed", "login", "IncorrectCredentials")]),
    "second factor": (
        second_factor,
        [
            ("signed_in", "login", None),
            ("refused", "mfa_totp_verify", "CodeMismatch"),
            ("factor_changed", "mfa_totp_verify", None),
            ("challenged", "login", "SOFTWARE_TOKEN_MFA"),
            ("sign_in_failed", "challenge", "CodeMismatch"),
            ("signed_in", "challenge", "SOFTWARE_TOKEN_MFA"),
        ],
    ),
    "refresh": (refresh, [("signed_in", "login", None), ("refreshed", "refresh", None)]),
    "refresh in vain": (
        refresh_in_vain,
        [("signed_in", "login", None), ("signed_out", "logout", None), ("refresh_failed", "refresh", "RefreshTokenInvalid")],
    ),
    "guard": (
        guard,
        [("signed_in", "login", None), ("refused", None, "AccessDenied"), ("refused", None, "InsufficientAuthentication")],
    ),
    "bad request": (bad_request, [("refused", "login", "RequestRejected"), ("sign_in_failed", "challenge", "SealError")]),
    "signing up": (
        signing_up,
        [
            ("signed_up", "signup", None),
            ("code_requested", "signup_resend", None),
            ("refused", "signup_confirm", "CodeMismatch"),
            ("sign_up_confirmed", "signup_confirm", None),
        ],
    ),
    "passwords": (
        passwords,
        [
            ("code_requested", "password_forgot", None),
            ("password_reset", "password_reset", None),
            ("signed_in", "login", None),
            ("password_changed", "password_change", None),
            ("refused", "password_change", "IncorrectCredentials"),
        ],
    ),
    "account": (
        account,
        [
            ("signed_in", "login", None),
            ("account_changed", "account_change", None),
            ("account_changed", "account_attributes_delete", None),
            ("account_deleted", "account_delete", None),
        ],
    ),
}


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def site(world: World, ear: Ear) -> Site:
    plain = Site(world=world, settings=world.settings(confidential=True))
    return plain.with_options(on_event=(ear,))


@pytest.mark.parametrize("kind", FACES)
@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_journey_gives_exactly_these_events(site: Site, server: Server, ear: Ear, kind: str, journey: str) -> None:
    make, expected = JOURNEYS[journey]
    visitor = FACES[kind](site=site, server=server, username=site.world.name())
    register(visitor)
    make(visitor)
    assert ear.told() == expected


def test_a_sign_out_is_reported_once(browser: Browser, ear: Ear) -> None:
    sign_out(browser)
    assert ear.told() == [("signed_in", "login", None), ("signed_out", "logout", None)]


def test_a_session_that_is_renewed_on_the_way(browser: Browser, ear: Ear) -> None:
    accepted(browser.login())
    before = browser.copy()
    browser.world.move(2 * HOUR)
    accepted(browser.visit("/private"))
    accepted(browser.logout())
    refused(before.visit("/private"), 401, "refresh_token_invalid")
    assert ear.told()[1:] == [
        ("refreshed", None, None),
        ("signed_out", "logout", None),
        ("refresh_failed", None, "RefreshTokenInvalid"),
    ]
    assert {event.username for event in ear.events} == {browser.username}


def test_a_refused_token_is_told_by_the_check_that_it_failed(api_client: ApiClient, ear: Ear) -> None:
    accepted(api_client.login())
    token = api_client.access_token or ""
    for refused_token in (token[:-5] + "AAAAA", "junk"):
        api_client.access_token = refused_token
        refused(api_client.visit("/private"), 401, "invalid_token")
    names = [(event.name, event.code, event.error, event.sub) for event in ear.events[1:]]
    assert [(name, code, sub) for name, code, _, sub in names] == [("refused", "invalid_token", None)] * 2
    assert [error for _, _, error, _ in names] == ["SignatureInvalid", "TokenMalformed"]


def test_what_is_told_of_somebody(browser: Browser, ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    """Verified names are told, typed ones hashed, alike for every way to write them; what is logged is what is told."""
    caplog.set_level(logging.DEBUG, LOGGER)
    for typed in (browser.username.upper(), browser.username):
        refused(browser.auth("login", username=typed, password="Wr0ng-password"), 401, "incorrect_credentials")
    accepted(browser.login())
    first, second, last = ear.events
    assert first.username_hash is not None
    assert first.username_hash == second.username_hash
    assert (first.username, first.sub) == (None, None)
    assert (last.username, last.username_hash, last.client_id) == (browser.username, None, browser.settings.client_id)
    assert last.sub is not None
    assert last.time == browser.world.stand.now()
    logged = [record for record in caplog.records if record.name == LOGGER]
    assert [record.getMessage() for record in logged] == [event.line() for event in ear.events]
    assert [record.levelname for record in logged] == ["WARNING", "WARNING", "INFO"]
    for record, event in zip(logged, ear.events, strict=True):
        assert {name: getattr(record, name) for name in event.members()} == event.members()


def test_a_listener_that_fails_hinders_nobody(open_site: Open, site: Site, ear: Ear) -> None:
    def failing(event: SecurityEvent) -> None:
        raise ValueError(event.name)

    deaf = site.with_options(on_event=(failing, ear))
    visitor = Browser(site=deaf, server=open_site(deaf), username=deaf.world.name())
    register(visitor)
    accepted(visitor.login())
    assert ear.told() == [("signed_in", "login", None)]


def test_access_that_is_ended(open_site: Open, site: Site, ear: Ear) -> None:
    kept = site.with_options(sessions=ServerSessions(store=MemoryStore()), early_end=MemoryStore())
    visitor = Browser(site=kept, server=open_site(kept), username=kept.world.name())
    register(visitor)
    accepted(visitor.login())
    before = visitor.copy()
    accepted(visitor.logout(everywhere=True))
    refused(before.visit("/private"), 401, "not_signed_in")
    assert ear.told()[1:] == [("access_ended", None, None), ("signed_out", "logout", None)]


HOSTILE: Final = 'curl\x1b[31m\u202e x="1" code=none\x00' + "A" * 1000


def test_nothing_that_is_sent_passes_for_another_pair_or_line(browser: Browser, ear: Ear) -> None:
    path = f"{browser.options.prefix}/login"
    body = json.dumps({"username": 'x"\r\nsigned_in sub=admin', "password": "Wr0ng-password"}).encode()
    headers = [("Content-Type", "application/json"), ("User-Agent", HOSTILE.encode().decode("latin-1"))]
    answer: Answer = browser.server.answer(
        Sent(method="POST", path=path, headers=[*headers, *browser.credentials("POST")], body=body)
    )
    assert answer.status in (400, 401)
    (event,) = ear.events
    assert event.user_agent is not None
    assert event.user_agent.isprintable()
    assert len(event.user_agent) <= 256
    line = event.line()
    assert line.isascii()
    assert line.isprintable()
    assert "admin" not in line
    pairs = [pair.partition("=")[0] for pair in line.split(" user_agent=")[0].split()]
    assert pairs[0] == "sign_in_failed"
    assert len(pairs) == len(set(pairs))
    assert json.loads(line.split(" user_agent=")[1]) == event.user_agent


VARYING: Final = frozenset({"sub", "username", "username_hash", "time"})


def test_all_frameworks_report_alike(world: World, portal: BlockingPortal) -> None:
    """Whatever an event holds, but for whom it is about, and what the frameworks' test clients call themselves."""
    told: list[list[dict[str, Any]]] = []
    for start in FRAMEWORKS.values():
        ear = Ear()
        site = Site(world=world, settings=world.settings(confidential=True)).with_options(on_event=(ear,))
        with start(site, portal) as server:
            visitor = Browser(site=site, server=server, username=world.name())
            register(visitor)
            guard(visitor)
            second_factor(visitor)
        told.append(
            [
                {name: name if name in VARYING else value for name, value in event.members().items() if name != "user_agent"}
                for event in ear.events
            ]
        )
    for one, other in pairwise(told):
        assert one == other


def test_every_event_is_somebodys() -> None:
    """No route reports what is not on the list, and nothing on the list is never reported."""
    by_flow: set[EventName] = {
        "signed_in",
        "challenged",
        "refreshed",
        "signed_out",
        "sign_up_confirmed",
        "access_ended",
        "rate_limited",
    }
    by_route = {route.event for route in ROUTES if route.event} | {route.failure for route in ROUTES}
    assert by_flow | by_route == set(EVENT_NAMES)
