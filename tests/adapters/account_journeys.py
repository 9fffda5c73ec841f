"""What people do with their account once they are signed in: attributes, factors, devices, sessions, leaving."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth.api.sessions import SetUserPoolSessionConfiguration, UserPoolTokenSessionConfig
from cognito_auth.api.users import AdminDeleteUser
from cognito_auth.api.wire import to_json
from cognito_auth.flows import confirm_device, sign_in
from cognito_auth.local.authenticator import SoftwareAuthenticator
from cognito_auth.states import SignedIn

from ..scenarios.world import NEW_PASSWORD, PASSWORD, wrong
from .expectations import accepted, challenged, refused, register, set_up_app
from .faces import Face
from .servers import Answer

PHONE: Final = "+15551234567"
UNKNOWN_DEVICE: Final = "us-east-1_00000000-0000-4000-8000-000000000000"
UNKNOWN_SESSION: Final = "tkn" + 25 * "0"


def profile(visitor: Face) -> None:
    """Read attributes, change them, verify a new address, and remove some."""
    register(visitor)
    refused(visitor.auth("account"), 401, "not_signed_in")
    refused(visitor.auth("account_change", attributes={"nickname": "Ana"}), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    before = accepted(visitor.auth("account"), username=visitor.username).json["attributes"]
    assert before["email_verified"] == "true"
    refused(visitor.auth("account_change"), 400, "bad_request")
    refused(visitor.auth("account_change", attributes={}), 400, "bad_request")
    refused(visitor.auth("account_change", attributes={"riddle": "x"}), 400, "invalid_parameter")
    refused(visitor.auth("account_change", attributes={"email_verified": "true"}), 403, "attribute_not_writable")

    new_one = {"nickname": "Ana", "email": "another@example.com"}
    told = {
        "nickname": {"status": "changed"},
        "email": {"status": "code_sent", "delivery": {"medium": "EMAIL", "destination": "a***@e***"}},
    }
    accepted(visitor.auth("account_change", attributes=new_one), status="changed", attributes=told)
    after = accepted(visitor.auth("account")).json["attributes"]
    assert after == before | new_one | {"email_verified": "false"}
    verify_mail(visitor)
    assert visitor.auth("account").json["attributes"] == before | new_one

    refused(visitor.auth("account_attributes_delete"), 400, "bad_request")
    refused(visitor.auth("account_attributes_delete", names=["email"]), 400, "invalid_parameter")
    accepted(visitor.auth("account_attributes_delete", names=["nickname"]), status="deleted", names=["nickname"])
    assert "nickname" not in visitor.auth("account").json["attributes"]


def verify_mail(visitor: Face) -> None:
    """Have the code sent again, mistype it, and verify the address."""
    refused(visitor.auth("account_verification", attribute="nickname"), 400, "bad_request")
    refused(visitor.auth("account_verification", attribute="phone_number"), 502, "code_delivery_failed")
    delivery = {"medium": "EMAIL", "destination": "a***@e***"}
    accepted(visitor.auth("account_verification", attribute="email"), status="code_sent", delivery=delivery)
    code = visitor.code()
    refused(visitor.auth("account_verification_confirm", attribute="email", code=wrong(code)), 400, "code_mismatch")
    verified = visitor.auth("account_verification_confirm", attribute="email", code=code)
    accepted(verified, status="verified", attribute="email")
    refused(visitor.auth("account_verification_confirm", attribute="email", code=code), 400, "code_expired")


def careful_profile(visitor: Face) -> None:
    """Change an address where the old one counts until the new one is verified."""
    register(visitor)
    accepted(visitor.login(), status="signed_in")
    before = visitor.auth("account").json["attributes"]
    told = visitor.auth("account_change", attributes={"email": "another@example.com"})
    assert accepted(told).json["attributes"]["email"]["status"] == "code_sent"
    assert visitor.auth("account").json["attributes"] == before
    verify_mail(visitor)
    assert visitor.auth("account").json["attributes"] == before | {"email": "another@example.com"}


def factors_removed(visitor: Face) -> None:
    """Switch every kind of second factor on, look at them, and switch each off again."""
    world, settings = visitor.site.world, visitor.site.settings
    world.create_user(settings, visitor.username, email="ana@example.com", phone_number=PHONE, phone_number_verified="true")
    removals = {"mfa_totp_remove": "software_token", "mfa_sms_remove": "sms", "mfa_email_remove": "email"}
    for name in ("mfa", *removals):
        refused(visitor.auth(name), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    accepted(visitor.auth("mfa"), software_token="off", sms="off", email="off", configured=["PASSWORD"])
    set_up_app(visitor)
    accepted(visitor.auth("mfa"), software_token="preferred", configured=["PASSWORD", "SOFTWARE_TOKEN"])
    accepted(visitor.auth("mfa_preference", sms="on", email="preferred"), status="changed", sms="on", email="preferred")
    accepted(visitor.auth("mfa"), software_token="on", sms="on", email="preferred")
    for name, factor in removals.items():
        accepted(visitor.auth(name), status="switched_off", factor=factor)
        accepted(visitor.auth("mfa"), **{factor: "off"})
    accepted(visitor.login(), status="signed_in")


def devices(visitor: Face) -> None:
    """See the devices that other clients have confirmed, remember one, and forget it."""
    register(visitor)
    bodies: dict[str, dict[str, Any]] = {
        "devices": {},
        "devices_remember": {"device_key": "x", "remembered": True},
        "devices_forget": {"device_key": "x"},
    }
    for name, body in bodies.items():
        refused(visitor.auth(name, **body), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    accepted(visitor.auth("devices"), devices=[])
    laptop, phone = confirmed_device(visitor, "laptop"), confirmed_device(visitor, "phone")

    shown = accepted(visitor.auth("devices")).json["devices"]
    assert {(each["device_key"], each["name"]) for each in shown} == {(laptop, "laptop"), (phone, "phone")}
    assert not any(each["remembered"] or each["current"] for each in shown)
    for remembered, status in ((True, "remembered"), (False, "not_remembered")):
        changed = visitor.auth("devices_remember", device_key=laptop, remembered=remembered)
        accepted(changed, status=status, device_key=laptop)
        shown = visitor.auth("devices").json["devices"]
        assert {each["device_key"]: each["remembered"] for each in shown} == {laptop: remembered, phone: False}
    accepted(visitor.auth("devices_forget", device_key=laptop), status="forgotten", device_key=laptop, current=False)
    assert [each["name"] for each in visitor.auth("devices").json["devices"]] == ["phone"]
    for key in (laptop, UNKNOWN_DEVICE):
        refused(visitor.auth("devices_remember", device_key=key, remembered=True), 409, "device_not_found")
        refused(visitor.auth("devices_forget", device_key=key), 409, "device_not_found")
    refused(visitor.auth("devices_forget", device_key="x"), 400, "invalid_parameter")
    refused(visitor.auth("devices_remember", device_key=phone, remembered="yes"), 400, "bad_request")


def known_device(visitor: Face) -> None:
    """Confirm the device that a sign-in offers, and sign in on it without the second factor until it is forgotten."""
    register(visitor)
    refused(visitor.auth("devices_confirm"), 401, "not_signed_in")
    assert accepted(visitor.login(), status="signed_in").json["device_offered"]
    envelope = getattr(visitor, "envelope", None)
    with_envelope = {} if envelope is None else {"refresh_token": envelope}
    if envelope is not None:
        refused(visitor.auth("devices_confirm", device_name="laptop"), 400, "bad_request")
    confirmed = accepted(visitor.auth("devices_confirm", device_name="laptop", **with_envelope), status="confirmed").json
    assert not confirmed["user_decides"]
    device, key = confirmed["device"], confirmed["device_key"]
    assert [each["name"] for each in visitor.auth("devices").json["devices"]] == ["laptop"]
    accepted(visitor.refresh(), status="signed_in")
    accepted(visitor.auth("mfa_preference", email="preferred"), status="changed")

    challenged(visitor.login(), "EMAIL_OTP")
    reply = accepted(login_on(visitor, device), status="signed_in")
    assert "device_offered" not in reply.json
    assert "device_forgotten" not in reply.json
    accepted(visitor.refresh(), status="signed_in")
    refused(login_on(visitor, "nonsense"), 400, "invalid_state")
    accepted(visitor.auth("devices_forget", device_key=key), status="forgotten")
    asked = challenged(login_on(visitor, device), "EMAIL_OTP")
    assert accepted(visitor.challenge(asked, code=visitor.code()), status="signed_in").json["device_forgotten"]


def login_on(visitor: Face, device: str) -> Answer:
    """Log in on a device that is kept sealed."""
    return visitor.auth("login", username=visitor.username, password=PASSWORD, delivery=visitor.delivery, device=device)


def confirmed_device(visitor: Face, name: str) -> str:
    """A device of the visitor that another client has confirmed; gives its key."""
    with visitor.site.client() as client:
        state = client.run(sign_in(visitor.username, PASSWORD))
        assert isinstance(state, SignedIn)
        return client.run(confirm_device(state, name=name)).key


def passkeys(visitor: Face) -> None:
    """Register a passkey, look at it, and remove it."""
    register(visitor)
    authenticator = SoftwareAuthenticator("https://example.com")
    for name in ("passkeys", "passkeys_options"):
        refused(visitor.auth(name), 401, "not_signed_in")
    refused(visitor.auth("passkeys_register", credential={}), 401, "not_signed_in")
    refused(visitor.auth("passkeys_delete", credential_id="x"), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    assert accepted(visitor.auth("passkeys")).json == {"passkeys": []}

    credential = authenticator.create(accepted(visitor.auth("passkeys_options")).json["options"])
    elsewhere = SoftwareAuthenticator("https://example.org").create
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"deeper": deep}
    refused(visitor.auth("passkeys_register", credential=deep), 400, "bad_request")
    refused(visitor.auth("passkeys_register", credential="x"), 400, "bad_request")
    refused(visitor.auth("passkeys_register", credential={}), 400, "invalid_parameter")
    accepted(visitor.auth("passkeys_register", credential=to_json(credential)), status="registered")
    refused(visitor.auth("passkeys_register", credential=to_json(credential)), 400, "code_expired")
    options = accepted(visitor.auth("passkeys_options")).json["options"]
    refused(visitor.auth("passkeys_register", credential=to_json(elsewhere(options))), 502, "service_error")

    (passkey,) = accepted(visitor.auth("passkeys")).json["passkeys"]
    assert passkey["relying_party_id"] == "example.com"
    refused(visitor.auth("passkeys_delete", credential_id="x"), 404, "passkey_not_found")
    gone = accepted(visitor.auth("passkeys_delete", credential_id=passkey["credential_id"]), status="deleted")
    assert gone.json["credential_id"] == passkey["credential_id"]
    assert visitor.auth("passkeys").json == {"passkeys": []}


def sessions(visitor: Face) -> None:
    """See where one is signed in, and end what goes on elsewhere."""
    with visitor.site.world.admin(visitor.site.settings) as admin:
        most = UserPoolTokenSessionConfig(max_per_user=5)
        admin.send(SetUserPoolSessionConfiguration(user_session_tracking="ENABLED", token_session=most))
    register(visitor)
    refused(visitor.auth("sessions"), 401, "not_signed_in")
    refused(visitor.auth("sessions_end", session_id=UNKNOWN_SESSION), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    elsewhere = type(visitor)(site=visitor.site, server=visitor.server, username=visitor.username)
    accepted(elsewhere.login(), status="signed_in")

    shown = accepted(visitor.auth("sessions")).json["sessions"]
    assert {each["client_id"] for each in shown} == {visitor.site.settings.client_id}
    (own,) = [each["session_id"] for each in shown if each["current"]]
    (other,) = [each["session_id"] for each in shown if not each["current"]]
    refused(visitor.auth("sessions_end", session_id=own), 400, "invalid_parameter")
    refused(visitor.auth("sessions_end", session_id="x"), 400, "invalid_parameter")
    accepted(visitor.auth("sessions_end", session_id=other, linked=True), status="ended", session_id=other, linked=True)
    refused(visitor.auth("sessions_end", session_id=other), 404, "session_not_found")
    refused(elsewhere.auth("account"), 401, "access_token_rejected")
    refused(elsewhere.refresh(), 401, "refresh_token_invalid")
    visitor.transcript += elsewhere.transcript
    assert [each["session_id"] for each in visitor.auth("sessions").json["sessions"]] == [own]


def account_deleted(visitor: Face) -> None:
    """Leave for good."""
    register(visitor)
    refused(visitor.auth("account_delete"), 401, "not_signed_in")
    accepted(visitor.login(), status="signed_in")
    in_cookies = visitor.delivery == "cookie"
    refused(visitor.auth("account_delete", sure=True), 400, "bad_request")
    deleted = visitor.auth("account_delete")
    accepted(deleted, status="deleted", username=visitor.username, cookie_cleared=in_cookies)
    refused(visitor.auth("account"), 401, "not_signed_in" if in_cookies else "access_token_rejected")
    refused(visitor.auth("account_delete"), 401, "not_signed_in" if in_cookies else "access_token_rejected")
    refused(visitor.login(), 401, "incorrect_credentials")


def account_gone(visitor: Face) -> None:
    """Find that an administrator has deleted the own account."""
    register(visitor)
    accepted(visitor.login(), status="signed_in")
    with visitor.site.world.admin(visitor.site.settings) as admin:
        admin.send(AdminDeleteUser(username=visitor.username))
    for name in ("account", "account_delete", "mfa", "sessions", "mfa_totp_remove"):
        refused(visitor.auth(name), 401, "access_token_rejected")
    wanted = {"previous_password": PASSWORD, "new_password": NEW_PASSWORD}
    refused(visitor.auth("password_change", **wanted), 401, "access_token_rejected")
    refused(visitor.refresh(), 401, "access_token_rejected")
    refused(visitor.login(), 401, "incorrect_credentials")
