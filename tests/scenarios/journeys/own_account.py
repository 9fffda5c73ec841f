"""Journeys through one's own account: attributes, addresses, sessions, leaving."""

from __future__ import annotations

from typing import Any

from cognito_auth.api.sessions import SetUserPoolSessionConfiguration, UserPoolTokenSessionConfig

from ..person import Person, accepted, refused


def profile(me: Person) -> None:
    """Read attributes, change them, verify a new address, and remove some."""
    me.register()
    refused(me.auth("account"), "not_signed_in")
    me.sign_in()
    before = accepted(me.auth("account"), username=me.username).told["attributes"]
    assert before["email_verified"] == "true"
    refused(me.auth("account_change", attributes={"riddle": "x"}), "invalid_parameter")
    refused(me.auth("account_change", attributes={"email_verified": "true"}), "attribute_not_writable")
    new_one = {"nickname": "Ana", "email": "another@example.com"}
    told = {
        "nickname": {"status": "changed"},
        "email": {"status": "code_sent", "delivery": {"medium": "EMAIL", "destination": "a***@e***"}},
    }
    accepted(me.auth("account_change", attributes=new_one), status="changed", attributes=told)
    assert accepted(me.auth("account")).told["attributes"] == before | new_one | {"email_verified": "false"}
    verify_mail(me)
    assert me.auth("account").told["attributes"] == before | new_one
    refused(me.auth("account_attributes_delete", names=["email"]), "invalid_parameter")
    accepted(me.auth("account_attributes_delete", names=["nickname"]), status="deleted", names=["nickname"])
    assert "nickname" not in me.auth("account").told["attributes"]


def verify_mail(me: Person) -> None:
    """Have the code sent again, mistype it, and verify the address."""
    refused(me.auth("account_verification", attribute="phone_number"), "code_delivery_failed")
    delivery = {"medium": "EMAIL", "destination": "a***@e***"}
    accepted(me.auth("account_verification", attribute="email"), status="code_sent", delivery=delivery)
    code = me.code()
    me.mistype("account_verification_confirm", code, attribute="email")
    accepted(me.auth("account_verification_confirm", attribute="email", code=code), status="verified", attribute="email")
    refused(me.auth("account_verification_confirm", attribute="email", code=code), "code_expired")


def careful_profile(me: Person) -> None:
    """Change an address where the old one counts until the new one is verified."""
    me.register()
    me.sign_in()
    before = me.auth("account").told["attributes"]
    told = me.auth("account_change", attributes={"email": "another@example.com"})
    assert accepted(told).told["attributes"]["email"]["status"] == "code_sent"
    assert me.auth("account").told["attributes"] == before
    verify_mail(me)
    assert me.auth("account").told["attributes"] == before | {"email": "another@example.com"}


def sessions(me: Person) -> None:
    """See where one is signed in, and end what goes on elsewhere."""
    tracking = UserPoolTokenSessionConfig(max_per_user=5)
    me.world.send(me.settings, SetUserPoolSessionConfiguration(user_session_tracking="ENABLED", token_session=tracking))
    me.register()
    refused(me.auth("sessions"), "not_signed_in")
    me.sign_in()
    elsewhere = me.elsewhere()
    elsewhere.sign_in()
    shown = accepted(me.auth("sessions")).told["sessions"]
    (own,) = [each["session_id"] for each in shown if each["current"]]
    (other,) = [each["session_id"] for each in shown if not each["current"]]
    refused(me.auth("sessions_end", session_id=own), "invalid_parameter")
    refused(me.auth("sessions_end", session_id="x"), "invalid_parameter")
    accepted(me.auth("sessions_end", session_id=other, linked=True), status="ended", session_id=other)
    refused(me.auth("sessions_end", session_id=other), "session_not_found")
    refused(elsewhere.auth("account"), "access_token_rejected")
    refused(elsewhere.refresh(), "refresh_token_invalid")
    assert [each["session_id"] for each in me.auth("sessions").told["sessions"]] == [own]


def left(me: Person) -> None:
    """Leave for good."""
    me.register()
    refused(me.auth("account_delete"), "not_signed_in")
    me.sign_in()
    accepted(me.auth("account_delete"), status="deleted", username=me.username)
    refused(me.elsewhere().login(), "incorrect_credentials")


def nobody(me: Person) -> None:
    """Try everything that wants somebody signed in, without being so."""
    me.register()
    deeds: dict[str, dict[str, Any]] = {
        "account_change": {"attributes": {"nickname": "Ana"}},
        "account_attributes_delete": {"names": ["nickname"]},
        "account_verification": {"attribute": "email"},
        "account_verification_confirm": {"attribute": "email", "code": "123456"},
        "account_delete": {},
        "password_change": {"new_password": "An0ther-password"},
        "mfa": {},
        "mfa_totp_setup": {},
        "mfa_totp_verify": {"code": "123456"},
        "mfa_preference": {"sms": "on"},
        "mfa_totp_remove": {},
        "mfa_sms_remove": {},
        "mfa_email_remove": {},
        "devices": {},
        "devices_confirm": {},
        "devices_remember": {"device_key": "x", "remembered": True},
        "devices_forget": {"device_key": "x"},
        "passkeys": {},
        "passkeys_options": {},
        "passkeys_register": {"credential": {}},
        "passkeys_delete": {"credential_id": "x"},
        "sessions": {},
        "sessions_end": {"session_id": "x"},
        "refresh": {},
        "me": {},
    }
    for name, members in deeds.items():
        refused(me.auth(name, **members), "not_signed_in")
    accepted(me.auth("logout"), status="signed_out", revoked=False)
    me.sign_in()
