"""What people do on a site, from end to end: each journey is one function over a visitor, whatever framework and face.

Together they call every endpoint, with success and with its errors; `tests.adapters.test_journeys` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from cognito_auth.api.users import AdminCreateUser

from ..scenarios.world import MINUTE, NEW_PASSWORD, PASSWORD, WEAK_PASSWORD, wrong
from . import account_journeys
from .expectations import accepted, challenged, refused, register, set_up_app
from .faces import Face

PHONE: Final = "+15551234567"


def whole_life(visitor: Face) -> None:
    """Sign up, confirm, sign in, set up an authenticator app, sign out and in, and pass guards."""
    visitor.username = visitor.site.world.name()
    name, mail = visitor.username, {"email": "ana@example.com"}
    refused(visitor.visit("/private"), 401, "not_signed_in")
    refused(visitor.auth("signup", username=name, password=WEAK_PASSWORD, attributes=mail), 400, "invalid_password")
    accepted(visitor.auth("signup", username=name, password=PASSWORD, attributes=mail), 201, status="confirmation_required")
    refused(visitor.auth("signup", username=name, password=PASSWORD, attributes=mail), 409, "username_exists")
    refused(visitor.login(), 403, "user_not_confirmed")
    refused(visitor.auth("signup_confirm", username=name, code=wrong(visitor.code())), 400, "code_mismatch")
    refused(visitor.auth("signup_resend", username=""), 400, "bad_request")
    accepted(visitor.auth("signup_resend", username=name), status="code_sent")
    accepted(visitor.auth("signup_confirm", username=name, code=visitor.code()), status="confirmed")
    refused(visitor.login("Wr0ng-password"), 401, "incorrect_credentials")
    accepted(visitor.login(), status="signed_in", username=name)
    accepted(visitor.visit("/private"), username=name)
    accepted(visitor.auth("me"), username=name, groups=[])

    secret = set_up_app(visitor)
    accepted(visitor.logout(), status="signed_out", revoked=True, everywhere=False)
    refused(visitor.auth("me"), 401, "not_signed_in")
    asked = challenged(visitor.login(), "SOFTWARE_TOKEN_MFA")
    code = visitor.totp(secret)
    refused(visitor.challenge(asked, code=wrong(code)), 400, "code_mismatch")
    accepted(visitor.challenge(asked, code=code), status="signed_in", username=name)
    refused(visitor.challenge(asked, code=visitor.totp(secret)), 401, "session_invalid")
    pass_guards(visitor)
    accepted(visitor.logout(), revoked=True)
    refused(visitor.visit("/private"), 401, "not_signed_in")


def pass_guards(visitor: Face) -> None:
    """Guards by sign-in, by scope and by group, which a refresh brings into the token."""
    accepted(visitor.visit("/private"), username=visitor.username)
    accepted(visitor.visit("/private", "POST"), username=visitor.username)
    accepted(visitor.visit("/account"), username=visitor.username)
    scoped = refused(visitor.visit("/orders"), 403, "forbidden")
    assert scoped.header("www-authenticate") == 'Bearer error="insufficient_scope", scope="orders/read"'
    denied = refused(visitor.visit("/admin"), 403, "forbidden")
    assert denied.header("www-authenticate") == 'Bearer error="insufficient_scope"'
    add_to_group(visitor, "admin")
    refused(visitor.visit("/admin"), 403, "forbidden")
    accepted(visitor.refresh(), status="signed_in")
    accepted(visitor.visit("/admin"), username=visitor.username)
    assert visitor.auth("me").json["groups"] == ["admin"]


def add_to_group(visitor: Face, group: str) -> None:
    world, settings = visitor.site.world, visitor.site.settings
    world.ensure_group(settings, group)
    world.add_to_group(settings, visitor.username, group)


def forgotten_password(visitor: Face) -> None:
    """Replace a forgotten password."""
    register(visitor)
    name = visitor.username
    refused(visitor.auth("password_forgot"), 400, "bad_request")
    accepted(visitor.auth("password_forgot", username=name), status="code_sent")
    code = visitor.code()
    attempt = {"username": name, "new_password": NEW_PASSWORD}
    refused(visitor.auth("password_reset", code=wrong(code), **attempt), 400, "code_mismatch")
    weak = {"username": name, "new_password": WEAK_PASSWORD}
    refusal = refused(visitor.auth("password_reset", code=code, **weak), 400, "invalid_password")
    assert "uppercase" in refusal.json["error"]["message"]
    accepted(visitor.auth("password_reset", code=code, **attempt), status="password_replaced")
    refused(visitor.login(), 401, "incorrect_credentials")
    accepted(visitor.login(NEW_PASSWORD), status="signed_in")


def changed_password(visitor: Face) -> None:
    """Change a known password."""
    register(visitor)
    attempt = {"previous_password": PASSWORD, "new_password": NEW_PASSWORD}
    refused(visitor.auth("password_change", **attempt), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    wrong_one = {**attempt, "previous_password": "Wr0ng-password"}
    refused(visitor.auth("password_change", **wrong_one), 401, "incorrect_credentials")
    refused(visitor.auth("password_change", new_password=NEW_PASSWORD), 400, "invalid_parameter")
    refused(visitor.auth("password_change", **{**attempt, "new_password": WEAK_PASSWORD}), 400, "invalid_password")
    accepted(visitor.auth("password_change", **attempt), status="password_replaced")
    accepted(visitor.visit("/private"))
    accepted(visitor.logout(), revoked=True)
    refused(visitor.login(), 401, "incorrect_credentials")
    accepted(visitor.login(NEW_PASSWORD), status="signed_in")


def invited(visitor: Face) -> None:
    """Come with a temporary password: replace it, and give the attributes that the pool requires."""
    temporary = "Temp0rary-password"
    with visitor.site.world.admin(visitor.site.settings) as admin:
        admin.send(AdminCreateUser(username=visitor.username, temporary_password=temporary, message_action="SUPPRESS"))
    asked = challenged(visitor.login(temporary), "NEW_PASSWORD_REQUIRED")
    assert asked.json["challenge"]["required_attributes"] == ["email"]
    mail = {"email": "ana@example.com"}
    refused(visitor.challenge(asked, new_password=NEW_PASSWORD), 400, "invalid_answer")
    refused(visitor.challenge(asked, code="123456"), 400, "bad_request")
    refused(visitor.challenge(asked, new_password=WEAK_PASSWORD, attributes=mail), 400, "invalid_password")
    accepted(visitor.challenge(asked, new_password=NEW_PASSWORD, attributes=mail), status="signed_in")
    accepted(visitor.auth("me"), username=visitor.username)


def several_factors(visitor: Face) -> None:
    """Switch second factors on and off: text messages, the choice of two, mail."""
    world, settings = visitor.site.world, visitor.site.settings
    world.create_user(settings, visitor.username, email="ana@example.com", phone_number=PHONE, phone_number_verified="true")
    refused(visitor.auth("mfa_preference", sms="on"), 401, "not_signed_in")
    refused(visitor.auth("mfa_totp_setup"), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    refused(visitor.auth("mfa_preference"), 400, "bad_request")
    refused(visitor.auth("mfa_preference", software_token="on"), 400, "invalid_parameter")
    secret = set_up_app(visitor)
    accepted(visitor.auth("mfa_preference", software_token="on", sms="on"), status="changed")

    asked = challenged(visitor.login(), "SELECT_MFA_TYPE")
    refused(visitor.challenge(asked, choice="EMAIL_OTP"), 400, "invalid_answer")
    asked = challenged(visitor.challenge(asked, choice="SMS_MFA"), "SMS_MFA")
    assert asked.json["challenge"]["destination"] == "+*******4567"
    refused(visitor.challenge(asked, code=wrong(visitor.code())), 400, "code_mismatch")
    accepted(visitor.challenge(asked, code=visitor.code()), status="signed_in")

    accepted(visitor.auth("mfa_preference", email="preferred"), status="changed")
    asked = challenged(visitor.login(), "EMAIL_OTP")
    assert asked.json["challenge"]["destination"].startswith("a***")
    refused(visitor.auth("challenge", state=asked.json["state"], wish="resend_code"), 400, "invalid_answer")
    accepted(visitor.challenge(asked, code=visitor.code()), status="signed_in")
    accepted(visitor.auth("mfa_preference", email="off", sms="off"), status="changed")
    asked = challenged(visitor.login(), "SOFTWARE_TOKEN_MFA")
    assert asked.json["challenge"]["device_name"] == "phone"
    accepted(visitor.challenge(asked, code=visitor.totp(secret)), status="signed_in")


def required_factor(visitor: Face) -> None:
    """Sign in where everybody must have a second factor, and set one up on the way."""
    register(visitor)
    asked = challenged(visitor.login(), "MFA_SETUP")
    assert asked.json["challenge"]["choices"] == ["SOFTWARE_TOKEN_MFA"]
    refused(visitor.challenge(asked, choice="SMS_MFA"), 400, "bad_request")
    asked = challenged(visitor.challenge(asked, choice="SOFTWARE_TOKEN_MFA"), "MFA_SETUP")
    secret = asked.json["challenge"]["secret_code"]
    assert secret in asked.json["challenge"]["otpauth_uri"]
    assert asked.json["challenge"]["qr_svg"].startswith("<svg ")
    code = visitor.totp(secret)
    refused(visitor.challenge(asked, code=wrong(code)), 400, "code_mismatch")
    accepted(visitor.challenge(asked, code=code, device_name="phone"), status="signed_in")
    accepted(visitor.visit("/private"), username=visitor.username)
    asked = challenged(visitor.login(), "SOFTWARE_TOKEN_MFA")
    visitor.site.world.cognito.clock.move(4 * MINUTE)
    refused(visitor.challenge(asked, code=visitor.totp(secret)), 401, "session_expired")
    visitor.site.world.cognito.clock.move(visitor.options.state_lifetime)
    refused(visitor.challenge(asked, code=visitor.totp(secret)), 400, "expired_state")


def ended_elsewhere(visitor: Face) -> None:
    """Sign out everywhere; what is left of another sign-in is worth nothing."""
    register(visitor)
    refused(visitor.auth("refresh"), 401, "not_signed_in")
    accepted(visitor.auth("logout"), status="signed_out", revoked=False)
    accepted(visitor.login(), status="signed_in")
    elsewhere = type(visitor)(site=visitor.site, server=visitor.server, username=visitor.username)
    accepted(elsewhere.login(), status="signed_in")
    accepted(visitor.logout(everywhere=True), everywhere=True, revoked=True)
    visitor.transcript += elsewhere.transcript
    refused(elsewhere.refresh(), 401, "refresh_token_invalid")
    refused(visitor.auth("refresh", refresh_token="nonsense"), 400, "invalid_state")
    refused(visitor.auth("logout", refresh_token="nonsense"), 400, "invalid_state")


class Journey(NamedTuple):
    """A journey, and the pool that it leads through."""

    make: Callable[[Face], None]
    pool: str = "optional"


JOURNEYS: Final[Mapping[str, Journey]] = {
    "whole life": Journey(whole_life),
    "forgotten password": Journey(forgotten_password),
    "changed password": Journey(changed_password),
    "invited": Journey(invited),
    "several factors": Journey(several_factors),
    "required factor": Journey(required_factor, pool="required"),
    "ended elsewhere": Journey(ended_elsewhere),
    "profile": Journey(account_journeys.profile),
    "careful profile": Journey(account_journeys.careful_profile, pool="tracked"),
    "factors removed": Journey(account_journeys.factors_removed),
    "devices": Journey(account_journeys.devices, pool="tracked"),
    "known device": Journey(account_journeys.known_device, pool="guarded"),
    "passkeys": Journey(account_journeys.passkeys, pool="choice"),
    "sessions": Journey(account_journeys.sessions, pool="tracked"),
    "account deleted": Journey(account_journeys.account_deleted),
    "account gone": Journey(account_journeys.account_gone),
}
