"""Random lives of sessions: browsers of two people, and of thieves, do what they like, and get what a simple model says."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from cognito_auth.stores import MemoryStore
from cognito_auth.web import ServerSessions

from ..scenarios.world import HOUR, MINUTE, World
from .expectations import accepted, refused
from .faces import Browser
from .servers import Server
from .sites import FRAMEWORKS, OPTIONS, Site

DAY: Final = 24 * HOUR
ODD: Final = 1234.0
"""Seconds: nothing ends in the very minute in which somebody comes by."""
LIFETIME: Final = 3 * DAY + ODD
IDLE: Final = 12 * HOUR + ODD
ACCESS: Final = HOUR
LEEWAY: Final = 30.0
MOVES: Final = (1, 20, 61, 6 * 60, 30 * 60, 5 * 24 * 60)
"""Minutes."""
LIVES: Final = 25
STEPS: Final = 30
OK: Final = "ok"

visitors = st.integers(0, 2)


@dataclass(slots=True)
class Person:
    """Somebody with an account."""

    name: str
    ended_at: float = 0.0
    """When the access to everything given so far was ended here."""
    grants: list[Grant] = field(default_factory=list[Any])
    sessions: list[Session] = field(default_factory=list[Any])


@dataclass(slots=True)
class Grant:
    """What Cognito knows of one sign-in."""

    revoked: bool = False
    access_ended: bool = False
    """As it was noted here."""


@dataclass(slots=True)
class Session:
    """What a browser, or the store, has of one sign-in."""

    grant: Grant
    issued: float
    ends_at: float
    seen: float
    gone: bool = False


@dataclass(slots=True)
class Visitor:
    """A browser, and whose it is."""

    person: Person
    browser: Browser
    session: Session | None = None


class Lives(RuleBasedStateMachine):
    """A site and the model, side by side."""

    def __init__(self, site: Site, server: Server) -> None:
        super().__init__()
        self.world: Final = site.world
        self.stored: Final = isinstance(site.options.sessions, ServerSessions)
        self.noted: Final = site.options.early_end is not None

        def browser(person: Person) -> Browser:
            return Browser(site=site, server=server, username=person.name)

        ana, ben = (Person(self.world.name(beginning)) for beginning in ("ana", "ben"))
        for person in (ana, ben):
            self.world.create_user(site.settings, person.name)
        self.visitors: Final = [Visitor(person, browser(person)) for person in (ana, ana, ben)]

    @property
    def now(self) -> float:
        return self.world.stand.now()

    # The model

    def found(self, visitor: Visitor) -> Session | None:
        """The session, unless it has ended; that it is used is noted."""
        session = visitor.session
        if session is None or session.gone or self.now >= session.ends_at:
            return None
        if self.stored and self.now >= session.seen + IDLE:
            session.gone = True
            return None
        session.seen = self.now
        return session

    def renewal(self, visitor: Visitor, session: Session) -> str:
        if session.grant.revoked:
            self.forget(visitor)
            return "refresh_token_invalid"
        session.issued = self.now
        return OK

    def admission(self, visitor: Visitor) -> str:
        session = self.found(visitor)
        if session is None:
            return "not_signed_in"
        if self.now >= session.issued + ACCESS + LEEWAY:
            return self.renewal(visitor, session)
        if self.noted and (session.grant.access_ended or session.issued <= visitor.person.ended_at):
            self.forget(visitor)
            return "invalid_token"
        return OK

    def forget(self, visitor: Visitor) -> None:
        if visitor.session is not None and self.stored:
            visitor.session.gone = True
        visitor.session = None

    # What they do

    @rule(number=visitors)
    def sign_in(self, number: int) -> None:
        visitor = self.visitors[number]
        self.forget(visitor)
        accepted(visitor.browser.login(), status="signed_in")
        session = Session(Grant(), issued=self.now, ends_at=self.now + LIFETIME, seen=self.now)
        visitor.session = session
        visitor.person.grants.append(session.grant)
        visitor.person.sessions.append(session)

    @rule(number=visitors)
    def visit(self, number: int) -> None:
        visitor = self.visitors[number]
        expected = self.admission(visitor)
        answer = visitor.browser.visit("/private")
        if expected == OK:
            accepted(answer, username=visitor.person.name)
        else:
            refused(answer, 401, expected)

    @rule(number=visitors)
    def refresh(self, number: int) -> None:
        visitor = self.visitors[number]
        session = self.found(visitor)
        expected = "not_signed_in" if session is None else self.renewal(visitor, session)
        answer = visitor.browser.refresh()
        if expected == OK:
            accepted(answer, username=visitor.person.name)
        else:
            refused(answer, 401, expected)

    @rule(number=visitors, everywhere=st.booleans())
    def sign_out(self, number: int, *, everywhere: bool) -> None:
        visitor = self.visitors[number]
        session = self.found(visitor)
        # Cognito takes no access token of what was revoked.
        everybody = everywhere and session is not None and self.admission(visitor) == OK and not session.grant.revoked
        if session is not None:
            session.grant.revoked = True
            session.grant.access_ended |= self.now < session.issued + ACCESS + LEEWAY
        if everybody:
            visitor.person.ended_at = self.now
            for grant in visitor.person.grants:
                grant.revoked = True
            if self.stored:
                self.end(*visitor.person.sessions)
        visitor.session = session
        self.forget(visitor)
        answer = visitor.browser.logout(everywhere=everywhere)
        accepted(answer, status="signed_out", revoked=session is not None, everywhere=everybody)
        assert visitor.browser.cookies == {}
        self.world.move(MINUTE)  # what is given from now on is not what was ended

    @precondition(lambda self: self.stored)
    @rule(number=visitors)
    def end_others(self, number: int) -> None:
        visitor = self.visitors[number]
        expected = self.admission(visitor)
        answer = visitor.browser.auth("site_sessions_end", others=True)
        if expected != OK:
            refused(answer, 401, expected)
            return
        others = [each for each in visitor.person.sessions if each is not visitor.session and self.goes_on(each)]
        accepted(answer, status="ended")
        assert len(answer.json["sessions"]) == len(others)
        for other in others:
            other.grant.revoked = other.grant.access_ended = True
        self.end(*others)

    def teardown(self) -> None:
        """At the end, whatever went before, each is admitted or not as the model says."""
        for number in range(len(self.visitors)):
            self.visit(number)

    def goes_on(self, session: Session) -> bool:
        return not session.gone and self.now < min(session.ends_at, session.seen + IDLE)

    @staticmethod
    def end(*sessions: Session) -> None:
        for session in sessions:
            session.gone = True

    @rule(number=visitors, thief=visitors, notices=st.booleans())
    def copy(self, number: int, thief: int, *, notices: bool) -> None:
        """Somebody comes by the cookies of a browser, whose owner may notice, and then signs out and in again."""
        visitor = self.visitors[number]
        session = visitor.session
        if session is not None and not self.stored:
            session = replace(session)
        self.visitors[thief] = Visitor(visitor.person, visitor.browser.copy(), session)
        if notices and thief != number:
            self.sign_out(number, everywhere=False)
            self.sign_in(number)

    @rule(minutes=st.sampled_from(MOVES))
    def wait(self, minutes: int) -> None:
        self.world.move(minutes * MINUTE)


@pytest.mark.parametrize("stored", [False, True], ids=["in the browser", "on the server"])
@pytest.mark.parametrize("noted", [False, True], ids=["until tokens expire", "ended early"])
def test_lives(framework: str, portal: BlockingPortal, *, stored: bool, noted: bool) -> None:
    sessions = ServerSessions(store=MemoryStore(), idle_lifetime=IDLE) if stored else OPTIONS.sessions
    options = replace(OPTIONS, sessions=sessions, session_lifetime=LIFETIME, early_end=MemoryStore() if noted else None)
    chosen = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    with closing(World()) as world:
        site = Site(world=world, settings=world.settings(confidential=True), options=options)
        with FRAMEWORKS[framework](site, portal) as server:

            class Here(Lives):
                def __init__(self) -> None:
                    super().__init__(site, server)

            run_state_machine_as_test(Here, settings=chosen)
