"""Journeys of people who sign up and confirm it."""

from __future__ import annotations

from typing import Final

from ..person import Person, accepted, challenged, refused
from ..world import HOUR, MINUTE, PASSWORD, WEAK_PASSWORD

MAIL: Final = {"email": "ana@example.com"}


def confirmed_by_code(me: Person) -> None:
    """Sign up, mistype the code, have another sent, confirm, and sign in."""
    delivery = accepted(me.sign_up(**MAIL), status="confirmation_required").told["delivery"]
    assert not me.world.stand.faithful or delivery == {"medium": "EMAIL", "destination": "a***@e***"}
    me.mistype("signup_confirm", me.code(), username=me.username)
    accepted(me.auth("signup_resend", username=me.username), status="code_sent")
    accepted(me.auth("signup_confirm", username=me.username, code=me.code()), status="confirmed")
    me.sign_in()
    me.passes()


def refused_at_first(me: Person) -> None:
    """Choose a weak password, then a name that is taken."""
    weak = {"username": me.username, "password": WEAK_PASSWORD, "attributes": MAIL}
    refused(me.auth("signup", **weak), "invalid_password")
    me.sign_up()
    refused(me.auth("signup", **{**weak, "password": PASSWORD}), "username_exists")


def unconfirmed(me: Person) -> None:
    """Sign in before confirming; only whoever knows the password is told why that does not work."""
    me.sign_up()
    refused(me.login("Wr0ng-password"), "incorrect_credentials")
    refused(me.login(), "user_not_confirmed")


def code_too_old(me: Person) -> None:
    """Confirm a day later; a new code helps."""
    me.sign_up()
    old = me.code()
    me.world.move(25 * HOUR)
    refused(me.auth("signup_confirm", username=me.username, code=old), "code_expired")
    accepted(me.auth("signup_resend", username=me.username))
    accepted(me.auth("signup_confirm", username=me.username, code=me.code()), status="confirmed")
    me.sign_in()


def confirmed_twice(me: Person) -> None:
    """Confirm again, which changes nothing."""
    me.sign_up()
    code = me.code()
    accepted(me.auth("signup_confirm", username=me.username, code=code))
    refused(me.auth("signup_confirm", username=me.username, code=code), "already_confirmed")


def signed_in_by_confirming(me: Person) -> None:
    """Be signed in by the confirmation: the session that comes with it stands for a first factor."""
    state = me.sign_up().told["state"]
    me.mistype("signup_confirm", me.code(), state=state, sign_in=True)
    accepted(me.auth("signup_confirm", state=state, code=me.code(), sign_in=True), status="signed_in")
    me.passes()
    accepted(me.refresh(), status="signed_in")


def confirmed_by_state(me: Person) -> None:
    """Confirm with what signing up replied, and sign in as usual."""
    state = me.sign_up().told["state"]
    accepted(me.auth("signup_confirm", state=state, code=me.code()), status="confirmed")
    me.sign_in()


def session_too_old_to_sign_in(me: Person) -> None:
    """Find the code only after the session is over: the account is confirmed all the same."""
    state = me.sign_up().told["state"]
    me.world.move(10 * MINUTE)
    accepted(me.auth("signup_confirm", state=state, code=me.code(), sign_in=True), status="confirmed")
    me.sign_in()


def factor_set_up_at_once(me: Person) -> None:
    """Confirm and sign in where everybody needs a second factor, which is set up on the way."""
    state = me.sign_up().told["state"]
    asked = me.auth("signup_confirm", state=state, code=me.code(), sign_in=True)
    asked = me.answer(challenged(asked, "MFA_SETUP"), choice="SOFTWARE_TOKEN_MFA")
    secret = challenged(asked, "MFA_SETUP").told["challenge"]["secret_code"]
    accepted(me.answer(asked, code=me.totp(secret)), status="signed_in")


def by_mail_address(me: Person) -> None:
    """Use a mail address as the user name; the pool's own name is another, which a refresh has to know."""
    me.username = f"{me.username}@example.com"
    accepted(me.sign_up(), status="confirmation_required")
    accepted(me.auth("signup_confirm", username=me.username, code=me.code()), status="confirmed")
    signed_in = me.sign_in()
    who = accepted(me.auth("me")).told
    assert who["username"] == who["sub"] == signed_in.told["username"] != me.username
    accepted(me.refresh(), status="signed_in")
    assert me.auth("me").told["sub"] == who["sub"]
