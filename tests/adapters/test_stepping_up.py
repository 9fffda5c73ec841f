"""From a guard's refusal to login and back: a client posts what it was told, answers the challenges, and passes (RFC 9470).

A browser's sign-in and an API client's count alike here, for the level that was reached stands in the token.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from cognito_auth.api.auth import AdminUserGlobalSignOut
from cognito_auth.client import CognitoClient
from cognito_auth.config import Settings
from cognito_auth.flows import sign_in_with_choice
from cognito_auth.local import SoftwareAuthenticator
from cognito_auth.states import SignedIn
from cognito_auth.tokens import TokenVerifier
from cognito_auth.web import Request, WebAuth

from ..scenarios.world import HOUR, MINUTE, ORIGIN, PASSWORD, World
from .conftest import Open
from .expectations import accepted, challenged, refused, set_up_app
from .faces import FACES, ROUTE, Browser, Face
from .servers import Answer
from .sites import OPTIONS, Site

LOA: Final = "urn:cognito:loa:{}"
Enter = Callable[[str], Face]


@pytest.fixture(params=list(FACES))
def enter(request: pytest.FixtureRequest, site: Site, open_site: Open) -> Enter:
    """Somebody with a confirmed account, where users may choose how to sign in, by browser and by API client."""

    def visitor(pool: str) -> Face:
        settings = replace(site.world.settings(pool, confidential=True), auth_flows=("USER_SRP_AUTH", "USER_AUTH"))
        chosen = replace(site, settings=settings)
        return FACES[request.param].registered(chosen, open_site(chosen))

    return visitor


def told(answer: Answer) -> dict[str, Any]:
    """What a guard has refused for: what login is to be asked for."""
    refused(answer, 401, "insufficient_user_authentication")
    error = answer.json["error"]
    return {name: error[name] for name in ("acr_values", "max_age") if name in error}


def step_up(visitor: Face, **members: Any) -> Answer:
    return visitor.auth("login", username=visitor.username, delivery=visitor.delivery, **members)


def choose(visitor: Face, posed: Answer, choice: str, **answer: str) -> Answer:
    challenged(posed, "SELECT_CHALLENGE")
    assert choice in posed.json["challenge"]["choices"]
    return visitor.answer(posed, choice=choice, **answer)


def with_app(visitor: Face) -> str:
    """Sign in with a password that counts for a level, and set up an authenticator app; gives its secret."""
    accepted(step_up(visitor, acr_values=LOA.format(1), password=PASSWORD), status="signed_in")
    return set_up_app(visitor)


def test_what_was_missing_is_asked_for_alone(enter: Enter) -> None:
    visitor = enter("optional")
    secret = with_app(visitor)
    wanted = told(visitor.visit("/mfa"))
    posed = challenged(step_up(visitor, **wanted), "SOFTWARE_TOKEN_MFA")
    refused(visitor.answer(posed, code="0000000"), 400, "code_mismatch")
    told(visitor.visit("/mfa"))
    accepted(visitor.answer(posed, code=visitor.totp(secret)), status="signed_in", username=visitor.username)
    accepted(visitor.visit("/mfa"), username=visitor.username)
    accepted(visitor.visit("/recent-mfa"), username=visitor.username)
    accepted(visitor.refresh())
    accepted(visitor.visit("/mfa"), username=visitor.username)
    refused(step_up(visitor, **wanted), 400, "invalid_parameter")  # there is nothing to reach


def test_an_earlier_sign_in_that_asked_for_no_level_counts_for_nothing(enter: Enter) -> None:
    visitor = enter("optional")
    accepted(visitor.login(), status="signed_in")
    secret = set_up_app(visitor)
    posed = step_up(visitor, **told(visitor.visit("/mfa")))
    posed = challenged(choose(visitor, posed, "PASSWORD_SRP", password=PASSWORD), "SOFTWARE_TOKEN_MFA")
    accepted(visitor.answer(posed, code=visitor.totp(secret)), status="signed_in")
    accepted(visitor.visit("/mfa"))


def test_who_is_not_signed_in_begins_anew(enter: Enter) -> None:
    visitor = enter("optional")
    secret = with_app(visitor)
    accepted(visitor.logout())
    posed = step_up(visitor, acr_values=LOA.format(4), preferred="PASSWORD", password=PASSWORD)
    accepted(visitor.answer(challenged(posed, "SOFTWARE_TOKEN_MFA"), code=visitor.totp(secret)), status="signed_in")
    accepted(visitor.visit("/mfa"))


def test_a_sign_in_that_is_too_old_counts_for_nothing(enter: Enter) -> None:
    visitor = enter("optional")
    secret = with_app(visitor)
    visitor.site.world.move(6 * MINUTE)
    wanted = told(visitor.visit("/recent-mfa"))
    assert wanted["max_age"] == 300
    posed = step_up(visitor, **wanted)
    posed = challenged(choose(visitor, posed, "PASSWORD", password=PASSWORD), "SOFTWARE_TOKEN_MFA")
    accepted(visitor.answer(posed, code=visitor.totp(secret)), status="signed_in")
    accepted(visitor.visit("/recent-mfa"))
    assert challenged(step_up(visitor, acr_values=LOA.format(4), max_age=0), "SELECT_CHALLENGE")


def test_an_age_alone_is_met_by_any_sign_in(enter: Enter) -> None:
    visitor = enter("optional")
    accepted(visitor.login())
    visitor.site.world.move(6 * MINUTE)
    wanted = told(visitor.visit("/recent"))
    assert wanted == {"max_age": 300}
    accepted(step_up(visitor, password=PASSWORD, **wanted), status="signed_in")
    accepted(visitor.visit("/recent"))


def test_a_password_that_is_given_counts(enter: Enter) -> None:
    """What the request comes with spares nobody the password that was typed."""
    visitor = enter("optional")
    secret = with_app(visitor)
    wanted = told(visitor.visit("/mfa"))
    refused(step_up(visitor, password="Wr0ng-password", **wanted), 401, "incorrect_credentials")
    posed = challenged(step_up(visitor, password=PASSWORD, **wanted), "SOFTWARE_TOKEN_MFA")
    accepted(visitor.answer(posed, code=visitor.totp(secret)), status="signed_in")
    accepted(visitor.visit("/mfa"))


def test_another_user_takes_nothing_over(enter: Enter) -> None:
    visitor = enter("optional")
    with_app(visitor)
    other = visitor.site.world.name("eva")
    visitor.site.world.create_user(visitor.site.settings, other)
    members = {"delivery": visitor.delivery, "acr_values": LOA.format(1)}
    posed = challenged(visitor.auth("login", username=other, **members), "SELECT_CHALLENGE")
    accepted(choose(visitor, posed, "PASSWORD", password=PASSWORD), status="signed_in", username=other)
    accepted(visitor.auth("me"), username=other)


def test_by_the_sub_as_by_the_name(enter: Enter) -> None:
    visitor = enter("optional")
    with_app(visitor)
    sub = accepted(visitor.auth("me")).json["sub"]
    members = {"delivery": visitor.delivery, "acr_values": LOA.format(4)}
    challenged(visitor.auth("login", username=sub, **members), "SOFTWARE_TOKEN_MFA")
    by_mail = visitor.auth("login", username=visitor.username.upper(), **members)
    challenged(by_mail, "SELECT_CHALLENGE")  # the same user by another spelling begins anew


def test_a_token_of_another_client_counts_for_nothing(world: World) -> None:
    """Also where guards let it in."""
    settings, other = world.settings(), world.settings(talkative=True)
    username = world.name()
    world.create_user(settings, username)
    auth = WebAuth(
        replace(settings, auth_flows=("USER_AUTH",)),
        OPTIONS,
        verifier=TokenVerifier.for_settings(settings, client_ids=[other.client_id]),
    )

    def choices(client: CognitoClient, issued_to: Settings) -> Any:
        flow = sign_in_with_choice(username, password=PASSWORD, acr_values=(LOA.format(1),))
        with CognitoClient(issued_to, transport=world.stand.transport, surroundings=world.stand.surroundings) as elsewhere:
            signed_in = elsewhere.run(flow)
        assert isinstance(signed_in, SignedIn)
        headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {signed_in.tokens.access_token}"))
        body = json.dumps({"username": username, "acr_values": LOA.format(1), "delivery": "tokens"}).encode()
        request = Request(method="POST", scheme="https", headers=headers, body=body)
        assert client.run(auth.verifier.access_token(signed_in.tokens.access_token)).client_id == issued_to.client_id
        return client.run(auth.handle(ROUTE["login"], request))

    with CognitoClient(settings, transport=world.stand.transport, surroundings=world.stand.surroundings) as client:
        assert choices(client, settings).document["error"]["code"] == "invalid_parameter"  # it has that level already
        assert choices(client, other).document["challenge"]["name"] == "SELECT_CHALLENGE"


def test_an_expired_token_counts_for_nothing(enter: Enter) -> None:
    visitor = enter("optional")
    with_app(visitor)
    visitor.site.world.move(1.1 * HOUR)
    challenged(step_up(visitor, acr_values=LOA.format(4)), "SELECT_CHALLENGE")
    accepted(visitor.refresh())
    challenged(step_up(visitor, acr_values=LOA.format(4)), "SOFTWARE_TOKEN_MFA")


def test_a_sign_in_that_was_ended_elsewhere(enter: Enter) -> None:
    visitor = enter("optional")
    with_app(visitor)
    with visitor.site.world.admin(visitor.site.settings) as admin:
        admin.send(AdminUserGlobalSignOut(username=visitor.username))
    refused(step_up(visitor, acr_values=LOA.format(4)), 401, "access_token_rejected")
    assert challenged(step_up(visitor, acr_values=LOA.format(4), password=PASSWORD), "SOFTWARE_TOKEN_MFA")


def test_what_cannot_be_reached(enter: Enter) -> None:
    visitor = enter("optional")
    accepted(visitor.login())
    refused(step_up(visitor, **told(visitor.visit("/mfa"))), 400, "invalid_parameter")
    refused(step_up(visitor, acr_values="gold silver"), 400, "invalid_parameter")
    accepted(visitor.visit("/private"))


@pytest.mark.parametrize(
    "members",
    [
        {"acr_values": ""},
        {"acr_values": " "},
        {"acr_values": 4},
        {"acr_values": [LOA.format(4)]},
        {"acr_values": "a" * 513},
        {"max_age": "300"},
        {"max_age": -1},
        {"max_age": 1.5},
        {"max_age": True},
        {"max_age": 2**31},
    ],
    ids=str,
)
def test_what_no_login_can_ask_for(enter: Enter, members: dict[str, Any]) -> None:
    refused(step_up(enter("optional"), password=PASSWORD, **members), 400, "bad_request")


def test_where_there_is_no_sign_in_by_choice(browser: Browser) -> None:
    refused(step_up(browser, acr_values=LOA.format(3)), 400, "bad_request")
    refused(step_up(browser, acr_values=LOA.format(3), password=PASSWORD), 400, "bad_request")


# What every level is worth to the guard


def by_password(visitor: Face) -> Answer:
    return choose(visitor, step_up(visitor, acr_values=LOA.format(1)), "PASSWORD", password=PASSWORD)


def by_code(visitor: Face) -> Answer:
    posed = challenged(choose(visitor, step_up(visitor, acr_values=LOA.format(2)), "EMAIL_OTP"), "EMAIL_OTP")
    return visitor.answer(posed, code=visitor.code())


def by_password_and_code(visitor: Face) -> Answer:
    posed = choose(visitor, step_up(visitor, acr_values=LOA.format(3)), "PASSWORD", password=PASSWORD)
    posed = challenged(choose(visitor, posed, "EMAIL_OTP"), "EMAIL_OTP")
    return visitor.answer(posed, code=visitor.code())


def by_passkey(visitor: Face) -> Answer:
    accepted(visitor.login())
    authenticator = SoftwareAuthenticator(ORIGIN)
    credential = authenticator.create(accepted(visitor.auth("passkeys_options")).json["options"])
    accepted(visitor.auth("passkeys_register", credential=credential))
    posed = challenged(choose(visitor, step_up(visitor, **told(visitor.visit("/mfa"))), "WEB_AUTHN"), "WEB_AUTHN")
    answer = json.loads(authenticator.get(posed.json["challenge"]["request_options"]))
    return visitor.answer(posed, credential=answer)


@pytest.mark.parametrize(
    ("sign_in", "passes"),
    [(by_password, False), (by_code, False), (by_password_and_code, True), (by_passkey, True)],
)
def test_levels(enter: Enter, sign_in: Callable[[Face], Answer], passes: bool) -> None:
    """The fourth level is reached by the app, above."""
    visitor = enter("choice")
    accepted(sign_in(visitor), status="signed_in")
    if passes:
        accepted(visitor.visit("/mfa"), username=visitor.username)
    else:
        assert told(visitor.visit("/mfa"))


def test_a_sign_in_that_begins_again_is_to_reach_the_same(enter: Enter) -> None:
    visitor = enter("choice")
    accepted(by_password(visitor), status="signed_in")
    wanted = told(visitor.visit("/mfa"))
    posed = step_up(visitor, **wanted)
    assert set(posed.json["challenge"]["choices"]) == {"EMAIL_OTP"}
    asked = challenged(visitor.answer(posed, choice="EMAIL_OTP"), "EMAIL_OTP")
    first = visitor.code()
    asked = challenged(visitor.auth("challenge", state=asked.json["state"], wish="resend_code"), "EMAIL_OTP")
    assert visitor.code() != first
    again = challenged(visitor.auth("challenge", state=asked.json["state"], wish="choose_again"), "SELECT_CHALLENGE")
    assert set(again.json["challenge"]["choices"]) == {"EMAIL_OTP"}
    asked = challenged(visitor.answer(again, choice="EMAIL_OTP"), "EMAIL_OTP")
    accepted(visitor.answer(asked, code=visitor.code()), status="signed_in")
    accepted(visitor.visit("/mfa"))
