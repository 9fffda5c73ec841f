"""Journeys in which the user chooses how to sign in (``USER_AUTH``), with a password or without."""

from __future__ import annotations

import json
from typing import Any

from cognito_auth.api.users import AdminDisableUser
from cognito_auth.local import SoftwareAuthenticator

from ..person import Outcome, Person, accepted, challenged, refused
from ..world import MINUTE, ORIGIN, PASSWORD
from .second_factors import REACHABLE


def asked_to_choose(me: Person) -> Outcome:
    """Give nothing but the name, and get the choice."""
    return challenged(me.login(None), "SELECT_CHALLENGE")


def what_is_on_offer(me: Person) -> None:
    """Have the choice of what the account can be reached by, and of nothing else."""
    me.register(email="ana@example.com", email_verified="true")
    asked = asked_to_choose(me)
    assert set(asked.told["challenge"]["choices"]) == {"PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"}
    refused(me.answer(asked, choice="SMS_OTP"), "invalid_answer")
    refused(me.answer(asked, choice="EMAIL_OTP", password=PASSWORD), "invalid_answer")


def password_chosen(way: str, me: Person) -> None:
    """Choose a password, and give it at once."""
    me.register(**REACHABLE)
    refused(me.answer(asked_to_choose(me), choice=way, password="Wr0ng-password"), "incorrect_credentials")
    accepted(me.answer(asked_to_choose(me), choice=way, password=PASSWORD), status="signed_in", username=me.username)
    me.passes()


def password_asked_for(way: str, me: Person) -> None:
    """Choose a password, give it when asked, and think again in between."""
    me.register(**REACHABLE)
    asked = challenged(me.answer(asked_to_choose(me), choice=way), way)
    asked = challenged(me.wish(asked, "choose_again"), "SELECT_CHALLENGE")
    asked = challenged(me.answer(asked, choice=way), way)
    refused(me.answer(asked, password="Wr0ng-password"), "incorrect_credentials")
    asked = challenged(me.login(None, preferred=way), way)
    accepted(me.answer(asked, password=PASSWORD), status="signed_in")


def password_preferred(way: str, me: Person) -> None:
    """Prefer a password, which goes along."""
    me.register(**REACHABLE)
    refused(me.login("Wr0ng-password", preferred=way), "incorrect_credentials")
    accepted(me.login(preferred=way), status="signed_in", username=me.username)


def code_chosen(way: str, destination: str, me: Person) -> None:
    """Choose a code, mistype it, have another sent, and come in by that."""
    me.register(**REACHABLE)
    asked = challenged(me.answer(asked_to_choose(me), choice=way), way)
    me.is_told(asked, destination=destination)
    me.mistype_answer(asked, me.code())
    again = challenged(me.wish(asked, "resend_code"), way)
    accepted(me.answer(again, code=me.code()), status="signed_in", username=me.username)
    me.passes()


def code_preferred(way: str, destination: str, me: Person) -> None:
    """Prefer a code, and choose otherwise when it does not come in time."""
    me.register(**REACHABLE)
    asked = challenged(me.login(None, preferred=way), way)
    me.is_told(asked, destination=destination)
    me.world.move(4 * MINUTE)
    refused(me.answer(asked, code=me.code()), "session_expired")
    asked = challenged(me.wish(asked, "choose_again"), "SELECT_CHALLENGE")
    accepted(me.answer(asked, choice="PASSWORD", password=PASSWORD), status="signed_in")


def preferred_in_vain(me: Person) -> None:
    """Prefer what the account cannot do, and get the choice."""
    me.register(email="ana@example.com", email_verified="true")
    asked = challenged(me.login(None, preferred="WEB_AUTHN"), "SELECT_CHALLENGE")
    assert "WEB_AUTHN" not in asked.told["challenge"]["choices"]


def disabled_between(me: Person) -> None:
    """Be disabled between the choice and the code, which is wrong from then on: nobody learns more without a password."""
    me.register(**REACHABLE)
    asked = challenged(me.login(None, preferred="EMAIL_OTP"), "EMAIL_OTP")
    me.world.send(me.settings, AdminDisableUser(username=me.username))
    refused(me.answer(asked, code=me.code()), "code_mismatch")


def used(authenticator: SoftwareAuthenticator, asked: Outcome) -> Any:
    """What a passkey says to the challenge."""
    return json.loads(authenticator.get(asked.told["challenge"]["request_options"]))


def passkey(me: Person) -> None:
    """Register a passkey, sign in with it in both ways, and remove it."""
    me.register(**REACHABLE)
    me.sign_in()
    authenticator = SoftwareAuthenticator(ORIGIN)
    options = accepted(me.auth("passkeys_options")).told["options"]
    accepted(me.auth("passkeys_register", credential=authenticator.create(options)), status="registered")
    for asked in (me.answer(asked_to_choose(me), choice="WEB_AUTHN"), me.login(None, preferred="WEB_AUTHN")):
        challenged(asked, "WEB_AUTHN")
        accepted(me.answer(asked, credential=used(authenticator, asked)), status="signed_in", username=me.username)
        me.passes()
    (listed,) = accepted(me.auth("passkeys")).told["passkeys"]
    assert listed["relying_party_id"] == "example.com"
    accepted(me.auth("passkeys_delete", credential_id=listed["credential_id"]), status="deleted")
    assert "WEB_AUTHN" not in asked_to_choose(me).told["challenge"]["choices"]


def passkeys_wrong_answers(me: Person) -> None:
    """Answer with nothing, and with what the passkey said to another challenge."""
    me.register(**REACHABLE)
    me.sign_in()
    authenticator = SoftwareAuthenticator(ORIGIN)
    options = accepted(me.auth("passkeys_options")).told["options"]
    accepted(me.auth("passkeys_register", credential=authenticator.create(options)))
    asked = challenged(me.login(None, preferred="WEB_AUTHN"), "WEB_AUTHN")
    refused(me.answer(asked, credential={}), "not_authorized")
    another = challenged(me.login(None, preferred="WEB_AUTHN"), "WEB_AUTHN")
    refused(me.answer(asked, credential=used(authenticator, another)), "not_authorized")
    accepted(me.answer(another, credential=used(authenticator, another)), status="signed_in")
