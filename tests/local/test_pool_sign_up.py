"""Signing up: names, attributes, passwords, codes and aliases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_auth.api.pool_settings import (
    AdminCreateUserConfig,
    PasswordPolicy,
    SchemaAttribute,
    SignInPolicy,
    StringAttributeConstraints,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from cognito_auth.api.sign_up import ConfirmSignUp, ResendConfirmationCode, SignUp
from cognito_auth.api.users import AdminDisableUser, AdminGetUser, AdminUpdateUserAttributes

from .support import PASSWORD, App, add_client, listed, new_app, refusal

MISMATCH = "CodeMismatch: Invalid verification code provided, please try again."
NO_CODE = "ExpiredCode: Invalid code provided, please request a code again."
LIMIT = "LimitExceeded: Attempt limit exceeded, please try after some time."
COMBINATION = "UserNotFound: Username/client id combination not found."
SCHEMA = "InvalidParameter: Attributes did not conform to the schema: "
DAY = 24 * 3600


def resend(app: App, username: str = "ana") -> Any:
    request = ResendConfirmationCode(client_id=app.client_id, secret_hash=app.hashed(username), username=username)
    return app.send(request).code_delivery_details


def attributes_of(app: App, username: str = "ana") -> dict[str, str | None]:
    user = app.send(AdminGetUser(user_pool_id=app.pool_id, username=username))
    return {each.name: each.value for each in user.user_attributes or ()}


def test_sign_up_and_its_message() -> None:
    template = VerificationMessageTemplate(email_message="Welcome! {####}", sms_message="Use {####} now")
    app = new_app(pool={"verification_message_template": template})
    reply = app.send(
        SignUp(
            client_id=app.client_id,
            username="ana",
            password=PASSWORD,
            user_attributes=listed({"email": "ana@example.com"}),
        )
    )
    assert reply.user_confirmed is False
    assert len(reply.user_sub) == 36
    details = reply.code_delivery_details
    assert details is not None
    assert (details.destination, details.delivery_medium, details.attribute_name) == ("a***@e***", "EMAIL", "email")
    message = app.last_message()
    assert (message.medium, message.to, message.kind) == ("EMAIL", "ana@example.com", "sign_up")
    assert message.username == "ana"
    assert message.user_pool_id == app.pool_id
    assert message.sent_at == app.cognito.clock.now()
    assert len(message.code) == 6
    assert message.code.isdigit()
    assert message.text == f"Welcome! {message.code}"
    assert message.code not in repr(message)
    assert attributes_of(app) == {"sub": reply.user_sub, "email": "ana@example.com", "email_verified": "false"}
    app.confirm()
    assert attributes_of(app)["email_verified"] == "true"
    assert app.srp_auth().authentication_result


def test_the_telephone_goes_before_the_mail() -> None:
    app = new_app(pool={"auto_verified_attributes": ("email", "phone_number")})
    app.sign_up("ana", email="ana@example.com", phone_number="+15550001234")
    assert app.last_message().medium == "SMS"
    app.confirm()
    found = attributes_of(app)
    assert (found["phone_number_verified"], found["email_verified"]) == ("true", "false")


def test_without_automatic_verification_there_is_no_code() -> None:
    app = new_app(pool={"auto_verified_attributes": None})
    app.sign_up()
    assert app.cognito.outbox() == ()
    assert refusal(resend, app) == "InvalidParameter: Auto verification not turned on."


@pytest.mark.parametrize(
    ("attributes", "refused"),
    [
        ({"email": "nobody"}, "InvalidParameter: Invalid email address format."),
        ({"email": "a@b", "phone_number": "0555"}, "InvalidParameter: Invalid phone number format."),
        ({"email": "a@b", "email_verified": "true"}, "NotAuthorized: A client attempted to write unauthorized attribute"),
        ({"email": "a@b", "sub": "x"}, "NotAuthorized: A client attempted to write unauthorized attribute"),
        ({"email": "a@b", "dev:custom:rank": "x"}, "NotAuthorized: A client attempted to write unauthorized attribute"),
        (
            {"name": "Ana"},
            f"{SCHEMA}email: The attribute is required",
        ),
        (
            {"email": "a@b", "custom:x": "1"},
            f"{SCHEMA}custom:x: Attribute does not exist in the schema.",
        ),
        (
            {"email": "a@b", "birthdate": "1999-1-1"},
            f"{SCHEMA}birthdate: String must be no shorter than 10 characters",
        ),
        (
            {"email": "a@b", "custom:tag": "123456"},
            f"{SCHEMA}custom:tag: String must be no longer than 5 characters",
        ),
        (
            {"email": "a@b", "updated_at": "-1"},
            f"{SCHEMA}updated_at: Number must be no less than 0",
        ),
        (
            {"email": "a@b", "updated_at": "today"},
            f"{SCHEMA}updated_at: Number must be an integer",
        ),
    ],
    ids=["email", "phone", "verified", "sub", "dev", "required", "unknown", "short", "long", "range", "number"],
)
def test_attributes(attributes: dict[str, str], refused: str) -> None:
    tag = SchemaAttribute(name="tag", mutable=True, string_attribute_constraints=StringAttributeConstraints(max_length="5"))
    rank = SchemaAttribute(name="rank", developer_only_attribute=True)
    app = new_app(pool={"schema": (SchemaAttribute(name="email", required=True, mutable=True), tag, rank)})
    assert refusal(app.sign_up, "ana", **attributes) == refused
    assert app.cognito.outbox() == ()


def test_a_client_writes_what_it_may() -> None:
    app = new_app(write_attributes=("email",))
    assert refusal(app.sign_up, "ana", email="a@b", name="Ana").startswith("NotAuthorized: A client attempted")
    app.sign_up("ana", email="a@b")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1!", "Password not long enough"),
        ("abcdef1!", "Password must have uppercase characters"),
        ("ABCDEF1!", "Password must have lowercase characters"),
        ("Abcdefg!", "Password must have numeric characters"),
        ("Abcdefg1", "Password must have symbol characters"),
        ("abc", "Password not long enough"),
    ],
)
def test_password_policy(password: str, reason: str) -> None:
    refused = refusal(new_app().sign_up, password=password)
    assert refused == f"InvalidPassword: Password did not conform with policy: {reason}"


@pytest.mark.parametrize("symbol", "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")
def test_symbols(symbol: str) -> None:
    new_app().sign_up(password=f"Abcdefg1{symbol}")


def test_a_policy_asks_what_it_says_and_no_more() -> None:
    policy = UserPoolPolicy(password_policy=PasswordPolicy(minimum_length=6, require_numbers=True))
    app = new_app(pool={"policies": policy})
    assert "numeric" in refusal(app.sign_up, password="abcdef")
    app.sign_up(password="abcde1")


def test_names_that_are_taken() -> None:
    app = new_app()
    app.sign_up()
    assert refusal(app.sign_up) == "UsernameExists: User already exists"
    legacy = add_client(app.cognito, app.pool_id, prevent_user_existence_errors="LEGACY")
    assert refusal(legacy.sign_up) == "UsernameExists: User already exists"


def test_a_password_may_be_left_out_where_none_is_needed() -> None:
    request = SignUp(username="ana", user_attributes=listed({"email": "ana@example.com"}))
    app = new_app()
    missing = "InvalidParameter: Missing required parameter Password"
    assert refusal(app.send, replace(request, client_id=app.client_id)) == missing
    policy = UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP")))
    app = new_app(pool={"policies": policy})
    app.send(replace(request, client_id=app.client_id))
    app.confirm()
    assert attributes_of(app)["email_verified"] == "true"
    assert refusal(app.password_auth) == "NotAuthorized: Incorrect username or password."


def test_where_only_administrators_create_users() -> None:
    app = new_app(pool={"admin_create_user_config": AdminCreateUserConfig(allow_admin_create_user_only=True)})
    assert refusal(app.sign_up) == "NotAuthorized: SignUp is not permitted for this user pool"


def test_secret_hashes() -> None:
    app = new_app(generate_secret=True)
    app.sign_up()
    secretless = App(app.cognito, app.pool_id, app.client_id)
    missing = f"NotAuthorized: Client {app.client_id} is configured for secret but secret was not received"
    for run in (secretless.sign_up, lambda: secretless.confirm("ana", "123456"), lambda: resend(secretless)):
        assert refusal(run) == missing
    request = SignUp(client_id=app.client_id, username="eva", password=PASSWORD, secret_hash=app.hashed("ana"))
    assert refusal(app.send, request) == f"NotAuthorized: Unable to verify secret hash for client {app.client_id}"


# Confirming


def test_wrong_late_and_used_codes() -> None:
    app = new_app()
    app.sign_up()
    code = app.last_message().code
    assert refusal(app.confirm, "ana", "000") == MISMATCH
    app.cognito.clock.move(DAY)
    assert refusal(app.confirm, "ana", code) == NO_CODE
    details = resend(app)
    assert details.destination == "a***@e***"
    assert app.last_message().kind == "resend"
    assert refusal(app.confirm, "ana", code) == MISMATCH
    app.confirm()
    assert refusal(app.confirm, "ana", app.last_message().code) == (
        "NotAuthorized: User cannot be confirmed. Current status is CONFIRMED"
    )
    assert refusal(resend, app) == "InvalidParameter: User is already confirmed."


def test_guessing_a_code_is_limited() -> None:
    app = new_app()
    app.sign_up()
    code = app.last_message().code
    for _ in range(15):
        assert refusal(app.confirm, "ana", "000") == MISMATCH
    assert refusal(app.confirm, "ana", code) == LIMIT
    app.cognito.clock.move(3600)
    app.confirm("ana", code)


def test_resending_is_limited() -> None:
    app = new_app()
    app.sign_up()
    for _ in range(5):
        resend(app)
    assert refusal(resend, app) == LIMIT
    assert len(app.cognito.outbox()) == 6
    app.cognito.clock.move(3600)
    resend(app)


def test_resending_to_who_is_confirmed_is_limited_like_any_other() -> None:
    app = new_app()
    app.create_user()
    for _ in range(5):
        assert refusal(resend, app) == "InvalidParameter: User is already confirmed."
        resend(app, "nobody")
    for name in ("ana", "nobody"):
        assert refusal(resend, app, name) == LIMIT


def test_resending_to_who_gets_no_code_is_limited_too() -> None:
    app = new_app(pool={"auto_verified_attributes": None})
    app.sign_up()
    for _ in range(5):
        assert refusal(resend, app) == "InvalidParameter: Auto verification not turned on."
    assert refusal(resend, app) == LIMIT


def test_resending_to_who_is_disabled() -> None:
    app = new_app()
    legacy = add_client(app.cognito, app.pool_id, prevent_user_existence_errors="LEGACY")
    app.sign_up()
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    assert resend(app).attribute_name == "email"
    assert refusal(resend, legacy) == "NotAuthorized: User is disabled."
    assert len(app.cognito.outbox()) == 1


def test_a_code_is_void_when_the_address_has_changed() -> None:
    app = new_app()
    app.sign_up()
    code = app.last_message().code
    changed = listed({"email": "new@example.com"})
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=changed))
    assert refusal(app.confirm, "ana", code) == NO_CODE
    resend(app)
    assert app.last_message().to == "new@example.com"
    app.confirm()
    assert attributes_of(app)["email_verified"] == "true"


def test_who_does_not_exist() -> None:
    app = new_app()
    legacy = add_client(app.cognito, app.pool_id, prevent_user_existence_errors="LEGACY")
    assert refusal(app.confirm, "nobody", "123456") == MISMATCH
    assert refusal(legacy.confirm, "nobody", "123456") == COMBINATION
    assert refusal(resend, legacy, "nobody") == COMBINATION
    first, again = resend(app, "nobody"), resend(app, "nobody")
    assert first == again
    assert (first.delivery_medium, first.attribute_name) == ("EMAIL", "email")
    assert resend(app, "eva@example.com").destination == "e***@e***"
    assert resend(app, "+15550001234").destination == "+*******1234"
    assert app.cognito.outbox() == ()
    for _ in range(14):
        assert refusal(app.confirm, "nobody", "123456") == MISMATCH
    assert refusal(app.confirm, "nobody", "123456") == LIMIT


# Aliases and addresses as names


@pytest.mark.parametrize(
    ("alias", "name", "words"),
    [("email", "ana@example.com", "email"), ("phone_number", "+15550001234", "phone number")],
)
def test_a_name_must_not_look_like_an_alias(alias: str, name: str, words: str) -> None:
    app = new_app(pool={"alias_attributes": (alias,)})
    assert refusal(app.sign_up, name) == (
        f"InvalidParameter: Username cannot be of {words} format, since user pool is configured for {words} alias."
    )


def test_an_alias_belongs_to_one_user() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.sign_up("ana", email="shared@example.com")
    app.confirm("ana")
    app.sign_up("eva", email="shared@example.com")
    code = app.cognito.outbox(app.pool_id, "eva")[-1].code
    assert refusal(app.confirm, "eva", code) == "AliasExists: An account with the email already exists."
    assert app.password_auth("shared@example.com").authentication_result
    app.confirm("eva", code, force=True)
    assert attributes_of(app, "ana")["email_verified"] == "false"
    assert attributes_of(app, "shared@example.com")["sub"] == attributes_of(app, "eva")["sub"]


@pytest.mark.parametrize(
    ("kinds", "name", "text"),
    [
        (("email",), "ana", "Username should be an email."),
        (("phone_number",), "ana", "Username should be a phone number."),
        (("email", "phone_number"), "ana", "Username should be either an email or a phone number."),
    ],
)
def test_names_that_must_be_addresses(kinds: tuple[str, ...], name: str, text: str) -> None:
    app = new_app(pool={"username_attributes": kinds})
    assert refusal(app.sign_up, name) == f"InvalidParameter: {text}"


def test_addresses_as_names() -> None:
    app = new_app(pool={"username_attributes": ("email", "phone_number")}, generate_secret=True)
    sub = app.sign_up("ana@example.com", name="Ana")
    user = app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana@example.com"))
    assert user.username == sub
    assert attributes_of(app, sub)["email"] == "ana@example.com"
    taken = "UsernameExists: An account with the given email already exists."
    assert refusal(app.sign_up, "ana@example.com", name="Eva") == taken
    app.confirm("ana@example.com")
    assert app.srp_auth("ana@example.com").authentication_result
    assert app.srp_auth(sub).authentication_result
    app.sign_up("+15550001234", name="Bob")
    forced = ConfirmSignUp(
        client_id=app.client_id,
        secret_hash=app.hashed("+15550001234"),
        username="+15550001234",
        confirmation_code="1",
        force_alias_creation=True,
    )
    assert refusal(app.send, forced) == NO_CODE


def test_a_preferred_name_is_never_taken_away() -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    for name in ("ana", "eva"):
        app.sign_up(name, email=f"{name}@example.com", preferred_username="queen")
    app.confirm("ana")
    taken = "AliasExists: An account with the preferred_username already exists."
    assert refusal(app.confirm, "eva", force=True) == taken
    assert attributes_of(app, "queen")["sub"] == attributes_of(app, "ana")["sub"]


def test_a_preferred_name_works_after_confirmation() -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    app.sign_up("ana", email="ana@example.com", preferred_username="queen")
    assert refusal(app.password_auth, "queen") == "NotAuthorized: Incorrect username or password."
    app.confirm("ana")
    assert app.password_auth("queen").authentication_result
