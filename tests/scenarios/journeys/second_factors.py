"""Journeys with a second factor, after a password that goes by any flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cognito_auth.api.users import AdminDisableUser

from ..person import Outcome, Person, accepted, challenged, refused
from ..world import MINUTE

PHONE: Final = "+15551234567"
REACHABLE: Final = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": PHONE,
    "phone_number_verified": "true",
}
"""What an account has that codes can be sent to."""


def with_factors(me: Person, **factors: str) -> str:
    """Get an account with second factors; gives the authenticator app's secret, where there is one."""
    me.register(**REACHABLE)
    setter = me.elsewhere()
    setter.sign_in()
    secret = setter.set_up_app() if "software_token" in factors else ""
    accepted(setter.auth("mfa_preference", **factors), status="changed")
    return secret


def by_app(me: Person) -> None:
    """By the code of an authenticator app."""
    secret = with_factors(me, software_token="preferred")
    asked = challenged(me.login(), "SOFTWARE_TOKEN_MFA")
    me.is_told(asked, device_name="phone")
    code = me.totp(secret)
    me.mistype_answer(asked, code)
    accepted(me.answer(asked, code=code), status="signed_in", username=me.username)
    me.passes()


def by_text_message(me: Person) -> None:
    """By a text message; a password was given, so the code cannot be sent again."""
    with_factors(me, sms="preferred")
    asked = challenged(me.login(), "SMS_MFA")
    me.is_told(asked, destination="+*******4567")
    refused(me.wish(asked, "resend_code"), "illegal_transition")
    _mistyped_once(me, asked)


def by_mail(me: Person) -> None:
    """By mail, likewise."""
    with_factors(me, email="preferred")
    asked = challenged(me.login(), "EMAIL_OTP")
    me.is_told(asked, destination="a***@e***")
    refused(me.wish(asked, "resend_code"), "invalid_answer")
    refused(me.wish(asked, "choose_again"), "invalid_answer")
    _mistyped_once(me, asked)


def _mistyped_once(me: Person, asked: Outcome) -> None:
    code = me.code()
    me.mistype_answer(asked, code)
    accepted(me.answer(asked, code=code), status="signed_in", username=me.username)
    me.passes()


def chosen(me: Person) -> None:
    """By one of three, each chosen once."""
    secret = with_factors(me, software_token="on", sms="on", email="on")
    names = ("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP")
    for name in names:
        asked = challenged(me.elsewhere().login(), "SELECT_MFA_TYPE")
        assert set(asked.told["challenge"]["choices"]) == set(names)
        refused(me.answer(asked, choice="WEB_AUTHN"), "invalid_answer")
        asked = challenged(me.answer(asked, choice=name), name)
        accepted(me.answer(asked, code=me.totp(secret) if name == "SOFTWARE_TOKEN_MFA" else me.code()), status="signed_in")


def app_set_up(me: Person) -> None:
    """Where everybody needs one: an authenticator app is set up on the way in, and asked for from then on."""
    me.register()
    asked = challenged(me.login(), "MFA_SETUP")
    me.is_told(asked, choices=["SOFTWARE_TOKEN_MFA"])
    refused(me.answer(asked, choice="EMAIL_OTP", email="ana@example.com"), "invalid_answer")
    asked = challenged(me.answer(asked, choice="SOFTWARE_TOKEN_MFA"), "MFA_SETUP")
    secret = asked.told["challenge"]["secret_code"]
    code = me.totp(secret)
    me.mistype_answer(asked, code)
    accepted(me.answer(asked, code=code, device_name="phone"), status="signed_in")
    me.passes()
    asked = challenged(me.elsewhere().login(), "SOFTWARE_TOKEN_MFA")
    me.is_told(asked, device_name="phone")
    accepted(me.answer(asked, code=me.totp(secret)), status="signed_in")


def mail_set_up(me: Person) -> None:
    """Where everybody needs one: codes by mail are set up on the way in, and sent from then on."""
    me.register(name="Ana")
    asked = challenged(me.login(), "MFA_SETUP")
    assert "EMAIL_OTP" in asked.told["challenge"]["choices"]
    asked = challenged(me.answer(asked, choice="EMAIL_OTP", email="ana@example.com"), "EMAIL_OTP")
    _mistyped_once(me, asked)
    asked = challenged(me.elsewhere().login(), "EMAIL_OTP")
    accepted(me.answer(asked, code=me.code()), status="signed_in")


def too_late(me: Person) -> None:
    """Answer after some minutes: in time, and then too late."""
    secret = with_factors(me, software_token="preferred")
    asked = challenged(me.login(), "SOFTWARE_TOKEN_MFA")
    me.world.move(2 * MINUTE)
    accepted(me.answer(asked, code=me.totp(secret)), status="signed_in")
    asked = challenged(me.elsewhere().login(), "SOFTWARE_TOKEN_MFA")
    me.world.move(4 * MINUTE)
    refused(me.answer(asked, code=me.totp(secret)), "session_expired")


def code_used_twice(me: Person) -> None:
    """Use a code of the authenticator app for a second sign-in."""
    secret = with_factors(me, software_token="preferred")
    code = me.totp(secret)
    accepted(me.answer(challenged(me.login(), "SOFTWARE_TOKEN_MFA"), code=code), status="signed_in")
    again = challenged(me.elsewhere().login(), "SOFTWARE_TOKEN_MFA")
    refused(me.answer(again, code=code), "code_expired")
    accepted(me.answer(again, code=me.totp(secret)), status="signed_in")


def answered_twice(me: Person) -> None:
    """Answer a challenge that was answered before."""
    secret = with_factors(me, software_token="preferred")
    asked = challenged(me.login(), "SOFTWARE_TOKEN_MFA")
    accepted(me.answer(asked, code=me.totp(secret)), status="signed_in")
    refused(me.answer(asked, code=me.totp(secret)), "session_invalid")


def disabled_between(me: Person) -> None:
    """Be disabled between the password and the code."""
    secret = with_factors(me, software_token="preferred")
    asked = challenged(me.login(), "SOFTWARE_TOKEN_MFA")
    me.world.send(me.settings, AdminDisableUser(username=me.username))
    refused(me.answer(asked, code=me.totp(secret)), "user_disabled")


def switched_off(me: Person) -> None:
    """Switch every factor on, look at them, switch each off, and sign in without."""
    secret = with_factors(me, software_token="preferred", sms="on", email="on")
    accepted(me.answer(challenged(me.login(), "SOFTWARE_TOKEN_MFA"), code=me.totp(secret)), status="signed_in")
    accepted(me.auth("mfa"), software_token="preferred", sms="on", email="on")
    accepted(me.auth("mfa_preference", email="preferred"), status="changed", email="preferred")
    accepted(me.auth("mfa"), software_token="on", email="preferred")
    removals = {"mfa_totp_remove": "software_token", "mfa_sms_remove": "sms", "mfa_email_remove": "email"}
    for name, factor in removals.items():
        accepted(me.auth(name), status="switched_off", factor=factor)
        accepted(me.auth("mfa"), **{factor: "off"})
    me.elsewhere().sign_in()


FACTORS: Final[Mapping[str, tuple[Callable[[Person], None], str]]] = {
    "SOFTWARE_TOKEN_MFA": (by_app, "optional"),
    "SMS_MFA": (by_text_message, "optional"),
    "EMAIL_OTP": (by_mail, "optional"),
    "SELECT_MFA_TYPE": (chosen, "optional"),
    "MFA_SETUP with an app": (app_set_up, "required"),
    "MFA_SETUP by mail": (mail_set_up, "required by mail"),
}
"""What can follow a password, and the pool that it does in."""
