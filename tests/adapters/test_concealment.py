"""Nobody learns who has an account: the same answers, and as much work, for known and unknown users."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import pytest

from cognito_auth.api.structure import Operation
from cognito_auth.config import PasswordFlow
from cognito_auth.effects import Compute, Effect, Flow, Observed
from cognito_auth.stores import RateLimits
from cognito_auth.web import Reply, Request, WebAuth

from ..scenarios.world import NEW_PASSWORD, PASSWORD, World, wrong
from .conftest import Open
from .expectations import accepted, challenged, refused, register
from .faces import ROUTE, ApiClient, Browser, Face
from .servers import HOST, Answer
from .sites import Site

T = TypeVar("T")

WRONG: Final = "Wr0ng-password"


@dataclass(frozen=True, slots=True)
class Opening:
    """A way to begin a sign-in."""

    flow: PasswordFlow
    members: Mapping[str, str]
    pool: str = "optional"


OPENINGS: Final[Mapping[str, Opening]] = {
    "srp": Opening("USER_SRP_AUTH", {"password": WRONG}),
    "plain": Opening("USER_PASSWORD_AUTH", {"password": WRONG}),
    "administrator": Opening("ADMIN_USER_PASSWORD_AUTH", {"password": WRONG}),
    "choice": Opening("USER_AUTH", {"password": WRONG}, "choice"),
    "preferred plain": Opening("USER_AUTH", {"password": WRONG, "preferred": "PASSWORD"}, "choice"),
    "preferred srp": Opening("USER_AUTH", {"password": WRONG, "preferred": "PASSWORD_SRP"}, "choice"),
    "custom": Opening("CUSTOM_AUTH", {"password": WRONG}),
}
"""Those with a password."""
TALKATIVE: Final = pytest.mark.parametrize("talkative", [False, True], ids=["discreet client", "talkative client"])


def sites(world: World, opening: Opening, *, talkative: bool) -> Site:
    settings = world.settings(opening.pool, confidential=True, talkative=talkative, flows=(opening.flow,))
    return Site(world=world, settings=settings)


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody with an account, and nobody."""

    known: Face
    unknown: Face

    def ask(self, ask: Callable[[Face], Answer]) -> Answer:
        """Have both ask the same; what they are answered must be the same, apart from what differs from run to run."""
        answers = [ask(face) for face in (self.known, self.unknown)]
        shown = [face.transcript[-1] for face in (self.known, self.unknown)]
        assert shown[0] == shown[1]
        assert len(answers[0].body) == len(answers[1].body)
        return answers[0]


def pair(site: Site, open_site: Open, kind: type[Face] = Browser) -> Pair:
    server = open_site(site)
    # Of one length, so that answers that repeat the name, or hold it sealed, must be as well.
    known, unknown = (kind(site=site, server=server, username=f"{site.world.name('somebody'):x<16}") for _ in range(2))
    register(known)
    return Pair(known, unknown)


@TALKATIVE
@pytest.mark.parametrize("kind", [Browser, ApiClient], ids=["browser", "api client"])
@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_signing_in(world: World, open_site: Open, opening: Opening, kind: type[Face], *, talkative: bool) -> None:
    both = pair(sites(world, opening, talkative=talkative), open_site, kind)
    refused(both.ask(lambda face: face.auth("login", username=face.username, **opening.members)), 401, "incorrect_credentials")


@TALKATIVE
@pytest.mark.parametrize("name", ["password_forgot", "signup_resend"])
def test_having_a_code_sent(world: World, open_site: Open, name: str, *, talkative: bool) -> None:
    both = pair(sites(world, OPENINGS["srp"], talkative=talkative), open_site)
    accepted(both.ask(lambda face: face.auth(name, username=face.username)), status="code_sent")


@TALKATIVE
def test_a_wrong_code_for_a_new_password(world: World, open_site: Open, *, talkative: bool) -> None:
    both = pair(sites(world, OPENINGS["srp"], talkative=talkative), open_site)
    both.ask(lambda face: face.auth("password_forgot", username=face.username))
    given = {"code": wrong(both.known.code()), "new_password": NEW_PASSWORD}
    refused(both.ask(lambda face: face.auth("password_reset", username=face.username, **given)), 400, "code_mismatch")


# Without a password it is Cognito that makes the challenge up


def begun(world: World, open_site: Open, flow: PasswordFlow, pool: str) -> tuple[Pair, dict[str, str]]:
    """Both, and the state of each."""
    both = pair(sites(world, Opening(flow, {}, pool), talkative=False), open_site)
    asked = {face.username: face.auth("login", username=face.username) for face in (both.known, both.unknown)}
    names = {answer.json["challenge"]["name"] for answer in asked.values()}
    assert len(names) == 1
    return both, {username: answer.json["state"] for username, answer in asked.items()}


@pytest.mark.parametrize("choice", ["PASSWORD", "PASSWORD_SRP"])
def test_a_choice_and_a_wrong_password(world: World, open_site: Open, choice: str) -> None:
    both, states = begun(world, open_site, "USER_AUTH", "choice")
    given = {"choice": choice, "password": WRONG}
    answer = both.ask(lambda face: face.auth("challenge", state=states[face.username], answer=given))
    refused(answer, 401, "incorrect_credentials")


def test_a_choice_and_a_wrong_code(world: World, open_site: Open) -> None:
    both, states = begun(world, open_site, "USER_AUTH", "choice")
    for face in (both.known, both.unknown):
        asked = face.auth("challenge", state=states[face.username], answer={"choice": "EMAIL_OTP"})
        states[face.username] = challenged(asked, "EMAIL_OTP").json["state"]
        assert set(asked.json["challenge"]) == {"name", "destination"}
    given = {"code": wrong(both.known.code())}
    answer = both.ask(lambda face: face.auth("challenge", state=states[face.username], answer=given))
    refused(answer, 400, "code_mismatch")


def test_a_riddle_and_a_wrong_answer(world: World, open_site: Open) -> None:
    both, states = begun(world, open_site, "CUSTOM_AUTH", "optional")
    answer = both.ask(lambda face: face.auth("challenge", state=states[face.username], answer={"answer": "green"}))
    challenged(answer, "CUSTOM_CHALLENGE")


@pytest.mark.parametrize(("flow", "pool"), [("USER_AUTH", "choice"), ("CUSTOM_AUTH", "optional")])
def test_a_talkative_client_s_own_challenges_are_for_known_users(
    world: World, open_site: Open, flow: PasswordFlow, pool: str
) -> None:
    """Nothing here could make up what the pool would offer; at least the answer is one that a known user can get too."""
    both = pair(sites(world, Opening(flow, {}, pool), talkative=True), open_site)
    accepted(both.known.auth("login", username=both.known.username), status="challenge")
    refused(both.unknown.auth("login", username=both.unknown.username), 401, "incorrect_credentials")


# As much work


def tapped(flow: Flow[T], seen: list[Effect[Any]]) -> Flow[T]:
    """The flow; what it asks for is noted, that of flows within it too."""
    reply: Any = None
    error: Exception | None = None
    while True:
        try:
            effect = flow.send(reply) if error is None else flow.throw(error)
        except StopIteration as stop:
            result: T = stop.value
            return result
        seen.append(effect)
        reply, error = None, None
        try:
            reply = yield observed(effect, seen)
        except Exception as raised:  # whatever it is, it is the flow's affair
            error = raised


def observed(effect: Effect[Any], seen: list[Effect[Any]]) -> Effect[Any]:
    """The effect, whose flow is listened to as well if it is one that is measured."""
    if not isinstance(effect, Observed):
        return effect
    return replace(effect, flow=lambda: tapped(effect.flow(), seen))


def work(site: Site, username: str, members: Mapping[str, str]) -> tuple[Reply, Counter[str]]:
    """The reply to a login, and what was sent and computed for it."""
    seen: list[Effect[Any]] = []
    body = json.dumps({"username": username, **members}).encode()
    headers = (("Host", HOST), ("Content-Type", "application/json"))
    request = Request(method="POST", scheme="https", headers=headers, body=body)
    with site.client() as client:
        reply = client.run(tapped(WebAuth(site.settings, site.options).handle(ROUTE["login"], request), seen))
    return reply, Counter(type(effect).__name__ for effect in seen if isinstance(effect, Operation | Compute))


@TALKATIVE
@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_as_much_is_sent_and_computed(world: World, opening: Opening, *, talkative: bool) -> None:
    site = sites(world, opening, talkative=talkative)
    known = world.name()
    world.create_user(site.settings, known)
    of_known, of_unknown = (work(site, username, opening.members) for username in (known, world.name("nobody")))
    assert of_known == of_unknown
    srp = opening.flow != "USER_PASSWORD_AUTH" and opening.flow != "ADMIN_USER_PASSWORD_AUTH"
    assert of_known[1]["Compute"] == (2 if srp and opening.members.get("preferred") != "PASSWORD" else 0)
    assert sum(of_known[1].values()) - of_known[1]["Compute"] == (of_known[1]["Compute"] or 1)


def test_limits_are_met_before_cognito_locks_out(world: World, open_site: Open) -> None:
    """Which with a talkative client it does only to users who exist."""
    site = sites(world, OPENINGS["srp"], talkative=True)
    both = pair(site.with_options(limits=RateLimits.in_memory()), open_site)
    tries = [[face.login(WRONG).status for _ in range(8)] for face in (both.known, both.unknown)]
    assert tries[0] == tries[1] == [401] * 5 + [429] * 3


# Signing up


@pytest.fixture(params=[("optional", False), ("optional", True), ("choice", False)], ids=["discreet", "talkative", "choice"])
def concealing(request: pytest.FixtureRequest, world: World) -> Site:
    pool, talkative = request.param
    return sites(world, Opening("USER_SRP_AUTH", {}, pool), talkative=talkative).with_options(conceal_sign_up=True)


def sign_up(face: Face, password: str = PASSWORD) -> Answer:
    return face.auth("signup", username=face.username, password=password, attributes={"email": "ana@example.com"})


def test_signing_up_with_a_name_that_is_taken(concealing: Site, open_site: Open) -> None:
    both = pair(concealing, open_site)
    fresh = accepted(both.ask(sign_up), 201, status="confirmation_required")
    assert set(fresh.json) == {"status", "state"}
    refused(both.ask(lambda face: face.login(PASSWORD if face is both.unknown else WRONG)), 401, "incorrect_credentials")
    again = both.ask(sign_up)
    accepted(again, 201, status="confirmation_required")


@pytest.mark.parametrize("by", ["username", "state"])
def test_confirming_what_is_another_s(concealing: Site, open_site: Open, by: str) -> None:
    both = pair(concealing, open_site)
    given = {
        face.username: {"username": face.username, "state": sign_up(face).json["state"]} for face in (both.known, both.unknown)
    }
    code = both.unknown.code()

    def confirm(face: Face, code: str) -> Answer:
        return face.auth("signup_confirm", **{by: given[face.username][by]}, code=code, sign_in=by == "state")

    refused(both.ask(lambda face: confirm(face, wrong(code))), 400, "code_mismatch")
    refused(confirm(both.known, code), 400, "code_mismatch")
    accepted(confirm(both.unknown, code), status="confirmed")
    refused(confirm(both.unknown, code), 400, "code_mismatch")
    accepted(both.unknown.login(), status="signed_in")


def test_a_new_password_that_nobody_asked_for(concealing: Site, open_site: Open) -> None:
    both = pair(concealing, open_site)
    given = {"code": "000000", "new_password": NEW_PASSWORD}
    answer = both.ask(lambda face: face.auth("password_reset", username=face.username, **given))
    refused(answer, 400, "code_mismatch")


def test_without_the_option_it_is_told(site: Site, open_site: Open) -> None:
    both = pair(site, open_site)
    refused(sign_up(both.known), 409, "username_exists")
    assert "delivery" in accepted(sign_up(both.unknown), 201, status="confirmation_required").json
    refused(both.unknown.login(), 403, "user_not_confirmed")
    refused(both.known.auth("signup_confirm", username=both.known.username, code="000000"), 409, "already_confirmed")


def test_an_address_that_is_taken(world: World, open_site: Open) -> None:
    """In a pool whose users sign up by mail address."""
    site = sites(world, Opening("USER_SRP_AUTH", {}, "mail"), talkative=False).with_options(conceal_sign_up=True)
    server = open_site(site)
    known, unknown = (Browser(site=site, server=server, username=f"{world.name('somebody')}@example.com") for _ in range(2))
    register(replace(known))
    answers = [face.auth("signup", username=face.username, password=PASSWORD) for face in (known, unknown)]
    assert known.transcript == unknown.transcript
    accepted(answers[0], 201, status="confirmation_required")
