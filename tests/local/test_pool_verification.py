"""New addresses: the codes they are sent, verifying them, and keeping the original until then."""

from __future__ import annotations

import pytest

from cognito_auth.api.account import ConfirmForgotPassword, ForgotPassword

from .profiles import NEW, OLD, VERIFIED, admin_update, attributes_of, keeping, send_code, signed_in_app, update, verify
from .support import NEW_PASSWORD, refusal

MISMATCH = "CodeMismatch: Invalid verification code provided, please try again."
NO_CODE = "ExpiredCode: Invalid code provided, please request a code again."
LIMIT = "LimitExceeded: Attempt limit exceeded, please try after some time."
DAY = 24 * 3600


# Addresses


def test_a_new_address_is_sent_a_code_and_verified() -> None:
    app, access = signed_in_app()
    assert update(app, access, {"email": NEW, "name": "Ana"}) == [("a***@e***", "EMAIL", "email")]
    assert attributes_of(app) == {"email": NEW, "email_verified": "false", "name": "Ana"}
    message = app.last_message()
    assert (message.to, message.kind, message.medium, len(message.code)) == (NEW, "update_attribute", "EMAIL", 6)
    assert message.text == f"Your verification code is {message.code}. "
    assert refusal(verify, app, access, "000") == MISMATCH
    verify(app, access, message.code)
    assert attributes_of(app)["email_verified"] == "true"
    assert refusal(verify, app, access, message.code) == NO_CODE


def test_both_addresses_are_sent_codes_of_their_own() -> None:
    app, access = signed_in_app(pool={"auto_verified_attributes": ("email", "phone_number")})
    sent = update(app, access, {"email": NEW, "phone_number": "+15550001234"})
    assert sent == [("+*******1234", "SMS", "phone_number"), ("a***@e***", "EMAIL", "email")]
    sms, mail = app.cognito.outbox()
    assert refusal(verify, app, access, sms.code, "email") == MISMATCH
    verify(app, access, sms.code, "phone_number")
    found = attributes_of(app)
    assert (found["phone_number_verified"], found["email_verified"]) == ("true", "false")
    verify(app, access, mail.code, "email")


def test_codes_are_sent_only_where_the_pool_verifies_by_itself() -> None:
    app, access = signed_in_app(pool={"auto_verified_attributes": ("phone_number",)})
    assert update(app, access, {"email": NEW}) == []
    assert attributes_of(app)["email_verified"] == "false"
    assert app.cognito.outbox() == ()


def test_an_address_that_stays_is_not_asked_for_again() -> None:
    app, access = signed_in_app()
    assert update(app, access, {"email": OLD, "name": "Ana"}) == []
    assert attributes_of(app)["email_verified"] == "true"
    update(app, access, {"email": NEW})
    code = app.last_message().code
    assert update(app, access, {"email": NEW, "name": "Eva"}) == []
    verify(app, access, code)


def test_an_administrator_vouches_for_an_address() -> None:
    app, access = signed_in_app()
    admin_update(app, {"email": NEW, "email_verified": "true"})
    assert attributes_of(app) == {"email": NEW, "email_verified": "true"}
    assert app.cognito.outbox() == ()
    admin_update(app, {"email_verified": "false"})
    assert attributes_of(app)["email_verified"] == "false"
    admin_update(app, {"email": OLD, "email_verified": "false"})
    assert app.last_message().to == OLD
    verify(app, access)
    assert attributes_of(app) == VERIFIED


def test_a_code_is_void_when_the_address_has_changed() -> None:
    app, access = signed_in_app()
    update(app, access, {"email": NEW})
    code = app.last_message().code
    admin_update(app, {"email": "third@example.com", "email_verified": "true"})
    assert refusal(verify, app, access, code) == NO_CODE
    assert attributes_of(app)["email"] == "third@example.com"


def test_a_code_for_a_password_is_void_when_the_address_has_changed() -> None:
    app, access = signed_in_app()
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    code = app.last_message().code
    update(app, access, {"email": NEW})
    reset = ConfirmForgotPassword(client_id=app.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD)
    assert refusal(app.send, reset) == NO_CODE
    assert attributes_of(app)["email_verified"] == "false"


# Codes on demand


def test_a_code_on_demand() -> None:
    app, access = signed_in_app(pool={"auto_verified_attributes": None}, attributes={"email": OLD})
    details = send_code(app, access)
    assert (details.destination, details.delivery_medium, details.attribute_name) == ("a***@e***", "EMAIL", "email")
    first = app.last_message()
    assert (first.kind, first.to) == ("verify_attribute", OLD)
    send_code(app, access)
    assert refusal(verify, app, access, first.code) == MISMATCH
    verify(app, access)
    assert attributes_of(app) == VERIFIED
    send_code(app, access)
    verify(app, access)


def test_what_cannot_be_verified() -> None:
    app, access = signed_in_app()
    refused = "InvalidParameter: Only email and phone_number can be verified, not name"
    assert refusal(send_code, app, access, "name") == refused
    assert refusal(verify, app, access, "123456", "name") == refused
    assert refusal(send_code, app, access, "phone_number").startswith("CodeDeliveryFailure: ")
    assert refusal(verify, app, access, "123456") == NO_CODE


def test_codes_on_demand_are_limited() -> None:
    app, access = signed_in_app()
    for _ in range(4):
        send_code(app, access)
    assert refusal(send_code, app, access, "phone_number").startswith("CodeDeliveryFailure: ")
    assert refusal(send_code, app, access) == LIMIT
    app.cognito.clock.move(3599)
    assert refusal(send_code, app, access) == LIMIT
    app.cognito.clock.move(1)
    send_code(app, app.tokens().access_token or "")


def test_guessing_a_code_is_limited() -> None:
    app, access = signed_in_app()
    send_code(app, access)
    for _ in range(15):
        assert refusal(verify, app, access, "000") == MISMATCH
    assert refusal(verify, app, access) == LIMIT
    app.cognito.clock.move(3600)
    verify(app, app.tokens().access_token or "")


def test_codes_grow_old() -> None:
    app, _ = signed_in_app(access_token_validity=24)
    for age, refused in ((DAY - 1, None), (DAY, NO_CODE)):
        access = app.tokens().access_token or ""
        send_code(app, access)
        app.cognito.clock.move(age)
        access = app.tokens().access_token or ""
        if refused is None:
            verify(app, access)
        else:
            assert refusal(verify, app, access) == refused


# The original is kept


def test_the_old_address_stays_until_the_new_one_is_verified() -> None:
    app, access = signed_in_app(pool={**keeping("email"), "alias_attributes": ("email",)})
    assert update(app, access, {"email": NEW, "name": "Ana"}) == [("a***@e***", "EMAIL", "email")]
    assert attributes_of(app) == {**VERIFIED, "name": "Ana"}
    assert app.last_message().to == NEW
    assert app.password_auth(OLD).authentication_result
    assert refusal(app.password_auth, NEW) == "NotAuthorized: Incorrect username or password."
    assert refusal(verify, app, access, "000") == MISMATCH
    verify(app, access)
    assert attributes_of(app) == {"email": NEW, "email_verified": "true", "name": "Ana"}
    assert app.password_auth(NEW).authentication_result
    assert refusal(app.password_auth, OLD) == "NotAuthorized: Incorrect username or password."


def test_a_first_address_waits_too() -> None:
    app, access = signed_in_app(pool=keeping("phone_number"))
    update(app, access, {"phone_number": "+15550001234"})
    assert attributes_of(app) == VERIFIED
    verify(app, access, attribute="phone_number")
    assert attributes_of(app) == {**VERIFIED, "phone_number": "+15550001234", "phone_number_verified": "true"}


def test_an_administrators_change_waits_unless_it_is_vouched_for() -> None:
    app, access = signed_in_app(pool=keeping("email"))
    admin_update(app, {"email": NEW})
    admin_update(app, {"email": NEW, "email_verified": "false"})
    assert attributes_of(app) == VERIFIED
    verify(app, access)
    assert attributes_of(app)["email"] == NEW
    sent = len(app.cognito.outbox())
    admin_update(app, {"email": OLD, "email_verified": "true"})
    assert attributes_of(app) == VERIFIED
    assert len(app.cognito.outbox()) == sent


def test_what_waits_is_sent_again_however_old() -> None:
    app, access = signed_in_app(pool=keeping("email"))
    update(app, access, {"email": NEW})
    send_code(app, access)
    assert (app.last_message().to, app.last_message().kind) == (NEW, "verify_attribute")
    app.cognito.clock.move(DAY)
    access = app.tokens().access_token or ""
    assert refusal(verify, app, access) == NO_CODE
    send_code(app, access)
    verify(app, access)
    assert attributes_of(app) == {"email": NEW, "email_verified": "true"}


@pytest.mark.parametrize("wanted", [OLD, "", "third@example.com"], ids=["the old one", "none", "another"])
def test_what_waits_is_given_up_for(wanted: str) -> None:
    app, access = signed_in_app(pool=keeping("email"))
    update(app, access, {"email": NEW})
    code = app.last_message().code
    update(app, access, {"email": wanted})
    assert refusal(verify, app, access, code) in (NO_CODE, MISMATCH)
    assert attributes_of(app) == (VERIFIED if wanted else {})
    if wanted == OLD:
        send_code(app, access)
        assert app.last_message().to == OLD
