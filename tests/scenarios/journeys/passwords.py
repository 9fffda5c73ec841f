"""Journeys with user name and password, whatever flow the password goes by."""

from __future__ import annotations

from typing import Final

from cognito_auth.api.users import AdminCreateUser, AdminDeleteUser, AdminDisableUser, AdminResetUserPassword

from ..person import Person, accepted, challenged, refused
from ..world import HOUR, NEW_PASSWORD, PASSWORD, WEAK_PASSWORD

TEMPORARY: Final = "Temp0rary-password"
WRONG: Final = "Wr0ng-password"


def signs_in(me: Person) -> None:
    """Sign in, and be recognised."""
    me.register()
    refused(me.guard("/private"), "not_signed_in")
    accepted(me.login(), status="signed_in", username=me.username)
    accepted(me.auth("me"), username=me.username, groups=[])
    me.passes()


def mistyped(me: Person) -> None:
    """Mistype the password, and then the name: both are told alike."""
    me.register()
    refused(me.login(WRONG), "incorrect_credentials")
    stranger = me.elsewhere()
    stranger.username = me.world.name("nobody")
    refused(stranger.login(WRONG), "incorrect_credentials")
    refused(stranger.login(), "incorrect_credentials")
    me.sign_in()


def disabled(me: Person) -> None:
    """Be disabled by an administrator: nobody gets in or on, and only whoever knows the password learns of it."""
    me.register()
    me.sign_in()
    me.world.send(me.settings, AdminDisableUser(username=me.username))
    refused(me.elsewhere().login(), "user_disabled")
    refused(me.refresh(), "refresh_token_invalid")


def reset_by_administrator(me: Person) -> None:
    """Have one's password reset by an administrator, and choose a new one with the code."""
    me.register()
    me.world.send(me.settings, AdminResetUserPassword(username=me.username))
    refused(me.login(), "password_reset_required")
    accepted(me.auth("password_reset", username=me.username, code=me.code(), new_password=NEW_PASSWORD))
    me.sign_in(NEW_PASSWORD)


def deleted(me: Person) -> None:
    """Be deleted by an administrator, and be nobody from then on."""
    me.register()
    me.sign_in()
    me.world.send(me.settings, AdminDeleteUser(username=me.username))
    assert me.auth("account").refusal in ("access_token_rejected", "user_not_found"), "endpoints do not tell which"
    refused(me.elsewhere().login(), "incorrect_credentials")


def invited(me: Person) -> None:
    """Come with a temporary password: replace it, and give the attributes that the pool requires."""
    invitation = AdminCreateUser(username=me.username, temporary_password=TEMPORARY, message_action="SUPPRESS")
    me.world.send(me.settings, invitation)
    asked = challenged(me.login(TEMPORARY), "NEW_PASSWORD_REQUIRED")
    me.is_told(asked, required_attributes=["email"])
    mail = {"email": f"{me.username}@example.com"}
    if me.world.stand.faithful:
        refused(me.answer(asked, new_password=NEW_PASSWORD), "invalid_answer")
    refused(me.answer(asked, new_password=WEAK_PASSWORD, attributes=mail), "invalid_password")
    accepted(me.answer(asked, new_password=NEW_PASSWORD, attributes=mail), status="signed_in")
    if me.world.stand.faithful:
        assert accepted(me.auth("account")).told["attributes"]["email"] == mail["email"]
    refused(me.elsewhere().login(TEMPORARY), "incorrect_credentials")
    me.elsewhere().sign_in(NEW_PASSWORD)


def invited_with_factor(me: Person) -> None:
    """Come with a temporary password where everybody needs a second factor: one after the other."""
    me.register()
    me.world.reset_to_temporary(me.settings, me.username, TEMPORARY)
    asked = challenged(me.login(TEMPORARY), "NEW_PASSWORD_REQUIRED")
    asked = challenged(me.answer(asked, new_password=NEW_PASSWORD), "MFA_SETUP")
    asked = challenged(me.answer(asked, choice="SOFTWARE_TOKEN_MFA"), "MFA_SETUP")
    accepted(me.answer(asked, code=me.totp(asked.told["challenge"]["secret_code"])), status="signed_in")


def invited_too_long_ago(me: Person) -> None:
    """Come with a temporary password that was for a week."""
    invitation = AdminCreateUser(username=me.username, temporary_password=TEMPORARY, message_action="SUPPRESS")
    me.world.send(me.settings, invitation)
    me.world.move(8 * 24 * HOUR)
    refused(me.login(TEMPORARY), "temporary_password_expired")


def forgotten(me: Person) -> None:
    """Replace a forgotten password, with a wrong code, another code and a weak password on the way."""
    me.register()
    accepted(me.auth("password_forgot", username=me.username), status="code_sent")
    attempt = {"username": me.username, "new_password": NEW_PASSWORD}
    me.mistype("password_reset", me.code(), **attempt)
    accepted(me.auth("password_forgot", username=me.username), status="code_sent")
    weak = {"username": me.username, "new_password": WEAK_PASSWORD}
    refused(me.auth("password_reset", code=me.code(), **weak), "invalid_password")
    accepted(me.auth("password_reset", code=me.code(), **attempt), status="password_replaced")
    refused(me.auth("password_reset", code=me.code(), **attempt), "code_expired")
    refused(me.login(), "incorrect_credentials")
    me.sign_in(NEW_PASSWORD)


def forgotten_too_long_ago(me: Person) -> None:
    """Come with a code that was sent more than an hour ago."""
    me.register()
    accepted(me.auth("password_forgot", username=me.username))
    code = me.code()
    me.world.move(1.1 * HOUR)
    attempt = {"username": me.username, "new_password": NEW_PASSWORD}
    refused(me.auth("password_reset", code=code, **attempt), "code_expired")
    me.sign_in()


def forgotten_by_nobody(me: Person) -> None:
    """Ask for a code for an account that there is not: all looks the same."""
    accepted(me.auth("password_forgot", username=me.username), status="code_sent")
    attempt = {"username": me.username, "code": "123456", "new_password": NEW_PASSWORD}
    refused(me.auth("password_reset", **attempt), "code_mismatch")


def changed(me: Person) -> None:
    """Change a known password; what is signed in stays so."""
    me.register()
    attempt = {"previous_password": PASSWORD, "new_password": NEW_PASSWORD}
    refused(me.auth("password_change", **attempt), "not_signed_in")
    me.sign_in()
    refused(me.auth("password_change", **{**attempt, "previous_password": WRONG}), "incorrect_credentials")
    refused(me.auth("password_change", **{**attempt, "new_password": WEAK_PASSWORD}), "invalid_password")
    refused(me.auth("password_change", new_password=NEW_PASSWORD), "invalid_parameter")
    accepted(me.auth("password_change", **attempt), status="password_replaced")
    me.passes()
    accepted(me.refresh(), status="signed_in")
    refused(me.elsewhere().login(), "incorrect_credentials")
    me.elsewhere().sign_in(NEW_PASSWORD)


def locked_out(me: Person) -> None:
    """Mistype the password too often, and wait; each further mistake doubles the wait."""
    me.register()
    for _ in range(5):
        refused(me.login(WRONG), "incorrect_credentials")
    refused(me.login(), "too_many_attempts")
    me.world.move(1)
    refused(me.login(WRONG), "incorrect_credentials")
    me.world.move(1)
    refused(me.login(), "too_many_attempts")
    me.world.move(1)
    me.sign_in()
    refused(me.login(WRONG), "incorrect_credentials")
    me.sign_in()
