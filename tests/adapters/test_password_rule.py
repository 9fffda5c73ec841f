"""New passwords that an application refuses before Cognito sees them (`WebOptions.password_rule`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pytest

from cognito_auth.web import ROUTES
from cognito_auth.web.endpoints.sign_in import ANSWERS

from ..scenarios.world import NEW_PASSWORD, PASSWORD
from .conftest import Open
from .expectations import accepted, challenged, refused, register
from .faces import FACES, Face
from .servers import Answer
from .sites import Site

BAD: Final = "Acme-2026-forever"
REASON: Final = "Password must not hold the name of the site"
TEMPORARY: Final = "Temp0rary-password"


@dataclass(slots=True)
class Rule:
    """Refuses the site's name, and keeps what it was asked about."""

    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def __call__(self, username: str, password: str) -> str | None:
        self.asked.append((username, password))
        return REASON if "acme" in password.casefold() else None


@pytest.fixture
def rule() -> Rule:
    return Rule()


@pytest.fixture(params=list(FACES))
def visitor(request: pytest.FixtureRequest, site: Site, open_site: Open, rule: Rule) -> Face:
    """Somebody without an account, where passwords must not hold the site's name."""
    strict = site.with_options(password_rule=rule)
    return FACES[request.param](site=strict, server=open_site(strict), username=site.world.name())


def told_why(answer: Answer) -> None:
    refused(answer, 400, "invalid_password")
    assert answer.json["error"]["message"] == f"That password does not follow the rules. {REASON}."


def test_signing_up(visitor: Face, rule: Rule) -> None:
    given = {"username": visitor.username, "attributes": {"email": "ana@example.com"}}
    told_why(visitor.auth("signup", password=BAD, **given))
    accepted(visitor.auth("signup", password=PASSWORD, **given), 201)
    assert rule.asked == [(visitor.username, BAD), (visitor.username, PASSWORD)]


def test_changing_it(visitor: Face, rule: Rule) -> None:
    register(visitor)
    accepted(visitor.login())
    told_why(visitor.auth("password_change", previous_password=PASSWORD, new_password=BAD))
    accepted(visitor.login())
    accepted(visitor.auth("password_change", previous_password=PASSWORD, new_password=NEW_PASSWORD))
    assert rule.asked == [(visitor.username, BAD), (visitor.username, NEW_PASSWORD)], "what signs in is no new password"


def test_having_forgotten_it(visitor: Face, rule: Rule) -> None:
    """The code is good for another try, and nothing tells whether there is such a user."""
    register(visitor)
    accepted(visitor.auth("password_forgot", username=visitor.username))
    given = {"username": visitor.username, "code": visitor.code()}
    told_why(visitor.auth("password_reset", new_password=BAD, **given))
    told_why(visitor.auth("password_reset", new_password=BAD, **given | {"username": visitor.world.name("nobody")}))
    accepted(visitor.auth("password_reset", new_password=NEW_PASSWORD, **given), status="password_replaced")
    assert (visitor.username, BAD) in rule.asked


def test_replacing_a_temporary_one(visitor: Face, rule: Rule) -> None:
    register(visitor)
    visitor.world.reset_to_temporary(visitor.settings, visitor.username, TEMPORARY)
    asked = challenged(visitor.login(TEMPORARY), "NEW_PASSWORD_REQUIRED")
    told_why(visitor.answer(asked, new_password=BAD))
    accepted(visitor.answer(asked, new_password=NEW_PASSWORD), status="signed_in")
    assert rule.asked == [(visitor.username, BAD), (visitor.username, NEW_PASSWORD)]


def test_no_new_password_is_left_out_of_these_tests() -> None:
    taken = {route.name for route in ROUTES for member in route.members if member.name == "new_password"}
    taken |= {state.__name__ for state, (members, _) in ANSWERS.items() for member in members if member.name == "new_password"}
    assert taken == {"password_change", "password_reset", "NewPasswordRequired"}, "besides signing up"
