"""Attributes: changing and removing them, by the user and by administrators, and values that are others' names."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.mfa import SetUserMFAPreference, SmsMfaSettings
from cognito_auth.api.pool_settings import (
    NumberAttributeConstraints,
    SchemaAttribute,
    SmsConfiguration,
    StringAttributeConstraints,
    UsernameConfiguration,
)
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminDeleteUserAttributes, AdminGetUser, AdminUpdateUserAttributes

from .profiles import (
    NEW,
    OLD,
    VERIFIED,
    admin_delete,
    admin_update,
    attributes_of,
    delete,
    keeping,
    signed_in_app,
    update,
    verify,
)
from .support import START, new_app, refusal

UNAUTHORIZED = "NotAuthorized: A client attempted to write unauthorized attribute"
SCHEMA = "InvalidParameter: Attributes did not conform to the schema: "
ALIAS = "AliasExists: An account with the email already exists."
SMS = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")


CUSTOM = (
    SchemaAttribute(name="note", mutable=True, string_attribute_constraints=StringAttributeConstraints(max_length="5")),
    SchemaAttribute(
        name="rank",
        attribute_data_type="Number",
        mutable=True,
        number_attribute_constraints=NumberAttributeConstraints(min_value="-3", max_value="9"),
    ),
    SchemaAttribute(name="member", attribute_data_type="Boolean", mutable=True),
    SchemaAttribute(name="since", attribute_data_type="DateTime", mutable=True),
    SchemaAttribute(name="born", mutable=False),
    SchemaAttribute(name="plan", developer_only_attribute=True, mutable=True),
    SchemaAttribute(name="nickname", mutable=True, required=True),
)


# Changing


def test_an_administrator_changes_attributes() -> None:
    app, access = signed_in_app(pool={"schema": CUSTOM[:-1]})
    app.cognito.clock.move(10)
    admin_update(app, {"name": "Ana", "custom:note": "hi", "dev:custom:plan": "gold", "preferred_username": "queen"})
    expected = {**VERIFIED, "name": "Ana", "custom:note": "hi", "dev:custom:plan": "gold", "preferred_username": "queen"}
    assert list(attributes_of(app).items()) == list(expected.items())
    assert {each.name: each.value for each in app.send(GetUser(access_token=access)).user_attributes}["name"] == "Ana"
    shown = app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana"))
    assert shown.user_create_date is not None
    assert shown.user_last_modified_date is not None
    assert (shown.user_create_date.timestamp(), shown.user_last_modified_date.timestamp()) == (START, START + 10)
    assert app.cognito.outbox() == ()


def test_a_user_changes_attributes() -> None:
    app, access = signed_in_app()
    assert update(app, access, {"name": "Ana", "gender": "f"}) == []
    assert update(app, access, {"gender": "x"}) == []
    assert attributes_of(app) == {**VERIFIED, "name": "Ana", "gender": "x"}


def test_a_blank_value_removes() -> None:
    app, access = signed_in_app(attributes={**VERIFIED, "name": "Ana", "gender": "f", "locale": "en", "website": "w"})
    update(app, access, {"name": "", "picture": ""})
    nothing = (Attribute(name="gender"),)
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=nothing))
    delete(app, access, "locale", "locale", "profile")
    admin_delete(app, "website", "picture")
    assert attributes_of(app) == VERIFIED


def test_removing_an_address_removes_what_hangs_on_it() -> None:
    app, access = signed_in_app(pool={"alias_attributes": ("email",)})
    assert app.password_auth(OLD).authentication_result
    delete(app, access, "email")
    assert attributes_of(app) == {}
    assert refusal(app.password_auth, OLD) == "NotAuthorized: Incorrect username or password."
    admin_update(app, VERIFIED)
    assert app.password_auth(OLD).authentication_result
    admin_delete(app, "email_verified")
    assert attributes_of(app) == {"email": OLD, "email_verified": "false"}
    assert refusal(app.password_auth, OLD) == "NotAuthorized: Incorrect username or password."


IMMUTABLE = "InvalidParameter: user.{}: Attribute cannot be updated. (changing an immutable attribute)"
ABSENT = "InvalidParameter: {}: Attribute does not exist in the schema."


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"custom:x": "1"}, ABSENT.format("custom:x")),
        ({"shoe_size": "44"}, ABSENT.format("shoe_size")),
        ({"sub": "mine"}, IMMUTABLE.format("sub")),
        ({"identities": "[]"}, IMMUTABLE.format("identities")),
        ({"custom:born": "1999"}, IMMUTABLE.format("custom:born")),
        ({"custom:born": ""}, IMMUTABLE.format("custom:born")),
        ({"nickname": ""}, f"{SCHEMA}nickname: The attribute is required"),
        ({"email": "nobody"}, "InvalidParameter: Invalid email address format."),
        ({"phone_number": "0555"}, "InvalidParameter: Invalid phone number format."),
        ({"phone_number_verified": "true"}, "InvalidParameter: Phone Number is required to verify/un-verify a phone number"),
        ({"email": "", "email_verified": "true"}, "InvalidParameter: Email is required to verify/un-verify an email"),
        ({"email_verified": "yes"}, f"{SCHEMA}email_verified: Boolean must be true or false"),
        ({"custom:note": "123456"}, f"{SCHEMA}custom:note: String must be no longer than 5 characters"),
        ({"custom:rank": "1.5"}, f"{SCHEMA}custom:rank: Number must be an integer"),
        ({"custom:rank": "-4"}, f"{SCHEMA}custom:rank: Number must be no less than -3"),
        ({"custom:rank": "10"}, f"{SCHEMA}custom:rank: Number must be no greater than 9"),
        ({"custom:member": "1"}, f"{SCHEMA}custom:member: Boolean must be true or false"),
        ({"custom:since": "soon"}, f"{SCHEMA}custom:since: DateTime must be a date or a time of ISO 8601"),
        ({"birthdate": "1999-1-1"}, f"{SCHEMA}birthdate: String must be no shorter than 10 characters"),
        ({"address": "é" * 1025}, f"{SCHEMA}address: Value must be no longer than 2048 bytes"),
    ],
    ids=[
        *("unknown custom", "unknown standard", "sub", "identities", "immutable", "removing an immutable", "required"),
        *("email", "phone", "flag without phone", "flag without email", "flag", "long", "fraction", "too small", "too large"),
        *("boolean", "time", "short", "bytes"),
    ],
)
def test_changes_that_cannot_be(changes: dict[str, str], refused: str) -> None:
    born = {"custom:born": "1998"} if changes.get("custom:born") else {}
    app, _ = signed_in_app(pool={"schema": CUSTOM}, attributes={**VERIFIED, "nickname": "An", **born})
    before = attributes_of(app)
    assert refusal(admin_update, app, {"name": "Ana", **changes}) == refused
    assert attributes_of(app) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("custom:note", "12345"),
        ("custom:rank", "-3"),
        ("custom:rank", "9"),
        ("custom:member", "true"),
        ("custom:since", "2026-03-08T04:05:06Z"),
        ("custom:since", "2026-03-08"),
        ("birthdate", "1999-01-01"),
        ("updated_at", "0"),
        ("address", "é" * 1024),
        ("nickname", "Annie"),
    ],
)
def test_changes_of_every_type(name: str, value: str) -> None:
    app, access = signed_in_app(pool={"schema": CUSTOM}, attributes={**VERIFIED, "nickname": "An"})
    assert update(app, access, {name: value}) == []
    assert attributes_of(app)[name] == value


@pytest.mark.parametrize("name", ["sub", "custom:born", "custom:x", "nickname"])
def test_attributes_that_cannot_be_removed(name: str) -> None:
    app, access = signed_in_app(pool={"schema": CUSTOM}, attributes={**VERIFIED, "nickname": "An"})
    refused = {
        "sub": IMMUTABLE.format("sub"),
        "custom:born": IMMUTABLE.format("custom:born"),
        "custom:x": ABSENT.format("custom:x"),
        "nickname": f"{SCHEMA}nickname: The attribute is required",
    }[name]
    assert refusal(admin_delete, app, name) == refused
    assert refusal(delete, app, access, name) == (UNAUTHORIZED if name == "sub" else refused)


def test_a_client_writes_what_it_may() -> None:
    app, access = signed_in_app(write_attributes=("name", "email"))
    update(app, access, {"name": "Ana"})
    delete(app, access, "name")
    for name in ("gender", "email_verified", "sub"):
        assert refusal(update, app, access, {"name": "Ana", name: "true"}) == UNAUTHORIZED
        assert refusal(delete, app, access, "name", name) == UNAUTHORIZED
    assert attributes_of(app) == VERIFIED


def test_what_no_client_writes() -> None:
    app, access = signed_in_app(pool={"schema": CUSTOM[:-1]})
    for name in ("sub", "identities", "email_verified", "phone_number_verified", "dev:custom:plan"):
        assert refusal(update, app, access, {name: "true"}) == UNAUTHORIZED
        assert refusal(delete, app, access, name) == UNAUTHORIZED


# Names that are taken


def test_an_address_that_is_anothers_alias() -> None:
    app, access = signed_in_app(pool={"alias_attributes": ("email", "preferred_username")})
    app.create_user("eva", email="eva@example.com", email_verified="true", preferred_username="queen")
    for changes in ({"email": "eva@example.com"}, {"email": "eva@example.com", "email_verified": "true"}):
        assert refusal(admin_update, app, changes) == ALIAS
    assert refusal(update, app, access, {"email": "eva@example.com"}) == ALIAS
    taken = "AliasExists: An account with the preferred_username already exists."
    assert refusal(update, app, access, {"preferred_username": "queen"}) == taken
    assert attributes_of(app) == VERIFIED
    update(app, access, {"preferred_username": "king", "email": OLD})
    assert app.password_auth("king").authentication_result


def test_an_alias_is_the_same_in_capitals_where_case_does_not_count() -> None:
    insensitive = UsernameConfiguration(case_sensitive=False)
    app, access = signed_in_app(pool={"alias_attributes": ("email",), "username_configuration": insensitive})
    app.create_user("eva", email="eva@example.com", email_verified="true")
    assert refusal(update, app, access, {"email": "EVA@example.com"}) == ALIAS


@pytest.mark.parametrize("pool", [{}, keeping("email")], ids=["at once", "kept"])
def test_an_alias_that_was_taken_meanwhile(pool: dict[str, Any]) -> None:
    app, access = signed_in_app(pool={**pool, "alias_attributes": ("email",)})
    update(app, access, {"email": NEW})
    code = app.last_message().code
    app.create_user("eva", email=NEW, email_verified="true")
    assert refusal(verify, app, access, code) == ALIAS
    admin_delete_of = AdminDeleteUserAttributes(user_pool_id=app.pool_id, username="eva", user_attribute_names=("email",))
    app.send(admin_delete_of)
    verify(app, access, code)
    assert attributes_of(app) == {"email": NEW, "email_verified": "true"}


def test_verifying_an_address_that_an_administrator_may_not_verify() -> None:
    app, _ = signed_in_app(pool={"alias_attributes": ("email",)})
    app.create_user("eva", email=OLD, email_verified="false")
    assert refusal(admin_update, app, {"email_verified": "true"}, "eva") == ALIAS


def test_addresses_that_are_names() -> None:
    app = new_app(pool={"username_attributes": ("email", "phone_number")})
    app.create_user(OLD, name="Ana")
    app.create_user("eva@example.com", name="Eva")
    access = app.tokens(OLD).access_token or ""
    needed = "InvalidParameter: A user of this pool must have one of: email, phone_number"
    assert refusal(delete, app, access, "email") == needed
    assert refusal(update, app, access, {"email": "eva@example.com"}) == ALIAS
    update(app, access, {"email": NEW, "phone_number": "+15550001234"})
    for name in (NEW, "+15550001234"):
        assert app.password_auth(name).authentication_result
    assert refusal(app.password_auth, OLD) == "NotAuthorized: Incorrect username or password."
    delete(app, access, "email")
    assert refusal(delete, app, access, "phone_number") == needed
    assert app.password_auth("+15550001234").authentication_result


# Second factors


def test_a_factor_goes_with_its_address() -> None:
    attributes = {**VERIFIED, "phone_number": "+15550001234", "phone_number_verified": "true"}
    pool = {"mfa_configuration": "OPTIONAL", "sms_configuration": SMS}
    app, access = signed_in_app(pool=pool, attributes=attributes)
    app.send(SetUserMFAPreference(access_token=access, sms_mfa_settings=SmsMfaSettings(enabled=True, preferred_mfa=True)))
    update(app, access, {"phone_number": "+15550009999"})
    assert app.password_auth().challenge_name == "SMS_MFA"
    delete(app, access, "phone_number")
    user = app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana"))
    assert (user.user_mfa_setting_list, user.preferred_mfa_setting, user.mfa_options) == (None, None, None)
    assert app.password_auth().authentication_result


def test_the_last_factor_stays_where_everybody_must_have_one() -> None:
    attributes = {**VERIFIED, "phone_number": "+15550001234", "phone_number_verified": "true"}
    app = new_app(pool={"mfa_configuration": "ON", "sms_configuration": SMS})
    app.create_user("ana", **attributes)
    challenge = app.password_auth()
    access = app.reply_to(challenge, SMS_MFA_CODE=app.last_message().code).authentication_result
    assert access is not None
    token = access.access_token or ""
    app.send(SetUserMFAPreference(access_token=token, sms_mfa_settings=SmsMfaSettings(enabled=True)))
    assert refusal(delete, app, token, "phone_number").startswith("InvalidParameter: ")
    assert refusal(admin_delete, app, "phone_number").startswith("InvalidParameter: ")
    assert attributes_of(app) == attributes
