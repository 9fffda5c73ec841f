"""The administrator's side: users, groups, pools and clients."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.clients import (
    CreateUserPoolClient,
    RefreshTokenRotation,
    TokenValidityUnits,
    UserPoolClient,
)
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pool_settings import (
    AdminCreateUserConfig,
    MessageTemplate,
    PasswordPolicy,
    SchemaAttribute,
    UserPoolPolicy,
)
from cognito_auth.api.pools import CreateUserPool, UserPool
from cognito_auth.api.users import AdminCreateUser, AdminGetUser, AdminSetUserPassword

from .support import NEW_PASSWORD, PASSWORD, START, App, listed, new_app, new_cognito, refusal, send


def create(app: App, username: str = "ana", attributes: dict[str, str] | None = None, **options: Any) -> Any:
    request = AdminCreateUser(user_pool_id=app.pool_id, username=username, user_attributes=listed(attributes or {}), **options)
    return app.send(request).user


def get(app: App, username: str = "ana") -> Any:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username=username))


# Users


def test_an_invited_user() -> None:
    template = MessageTemplate(email_message="Hello {username}, use {####}", email_subject="Hello")
    config = AdminCreateUserConfig(invite_message_template=template)
    app = new_app(pool={"admin_create_user_config": config})
    made = create(app, "ana", {"email": "ana@example.com", "email_verified": "true"}, desired_delivery_mediums=("EMAIL",))
    assert made.user_status == "FORCE_CHANGE_PASSWORD"
    assert made.enabled is True
    assert made.user_create_date.timestamp() == made.user_last_modified_date.timestamp() == START
    assert [each.name for each in made.attributes] == ["sub", "email", "email_verified"]
    message = app.last_message()
    assert message.kind == "invitation"
    assert message.text == f"Hello ana, use {message.code}"
    assert app.srp_auth("ana", message.code).challenge_name == "NEW_PASSWORD_REQUIRED"


def test_invitations_go_where_they_are_wanted() -> None:
    app = new_app()
    both = {"email": "ana@example.com", "phone_number": "+15550001234"}
    create(app, "one", both)
    create(app, "two", both, desired_delivery_mediums=("SMS", "EMAIL"))
    create(app, "three", both, message_action="SUPPRESS")
    create(app, "four", {"email": "ana@example.com"})
    sent = [(message.username, message.medium) for message in app.cognito.outbox()]
    assert sent == [("one", "SMS"), ("two", "SMS"), ("two", "EMAIL")]
    assert refusal(create, app, "five", {}, desired_delivery_mediums=("EMAIL",)).startswith("CodeDeliveryFailure: ")
    assert refusal(get, app, "five") == "UserNotFound: User does not exist."


def test_temporary_passwords_fulfil_the_policy() -> None:
    policy = PasswordPolicy(minimum_length=40, require_uppercase=True, require_symbols=True, require_numbers=True)
    app = new_app(pool={"policies": UserPoolPolicy(password_policy=policy)})
    create(app, "ana", {"phone_number": "+15550001234"})
    assert len(app.last_message().code) == 40
    weak = "InvalidPassword: Password did not conform with policy: Password not long enough"
    assert refusal(create, app, "eva", temporary_password=PASSWORD) == weak


def test_invitations_again() -> None:
    app = new_app()
    create(app, "ana", {"email": "ana@example.com"}, desired_delivery_mediums=("EMAIL",))
    first = app.last_message().code
    create(app, "ana", message_action="RESEND", desired_delivery_mediums=("EMAIL",))
    second = app.last_message().code
    assert first != second
    assert refusal(app.password_auth, "ana", first).startswith("NotAuthorized: Incorrect")
    assert app.password_auth("ana", second).challenge_name == "NEW_PASSWORD_REQUIRED"
    expired = "NotAuthorized: Temporary password has expired and must be reset by an administrator."
    app.cognito.clock.move(7 * 24 * 3600 - 1)
    assert app.password_auth("ana", second).challenge_name == "NEW_PASSWORD_REQUIRED"
    app.cognito.clock.move(1)
    assert refusal(app.password_auth, "ana", second) == expired
    resent = create(app, "ana", message_action="RESEND", temporary_password=PASSWORD, desired_delivery_mediums=("EMAIL",))
    assert (resent.username, resent.user_status) == ("ana", "FORCE_CHANGE_PASSWORD")
    assert app.password_auth().challenge_name == "NEW_PASSWORD_REQUIRED"
    assert refusal(create, app, "eva", message_action="RESEND") == "UserNotFound: User does not exist."
    app.create_user("bob", email="bob@example.com")
    resent = refusal(create, app, "bob", message_action="RESEND")
    assert resent == "UnsupportedUserState: Resend not possible. bob status is not FORCE_CHANGE_PASSWORD"


def test_names_that_are_taken() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    verified = {"email": "ana@example.com", "email_verified": "true"}
    create(app, "ana", verified)
    assert refusal(create, app) == "UsernameExists: User account already exists"
    taken = "UsernameExists: An account with the given email already exists."
    assert refusal(create, app, "eva", verified) == taken
    assert refusal(create, app, "eva", verified, force_alias_creation=False) == taken
    create(app, "bob", {"email": "ana@example.com"}, force_alias_creation=True)
    assert get(app, "ana@example.com").username == "ana"
    create(app, "eva", verified, force_alias_creation=True)
    assert get(app, "ana@example.com").username == "eva"
    assert {each.name: each.value for each in get(app, "ana").user_attributes}["email_verified"] == "false"


def test_a_preferred_name_is_never_taken_away() -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    create(app, "ana", {"preferred_username": "queen"})
    taken = "UsernameExists: An account with the given preferred_username already exists."
    assert refusal(create, app, "eva", {"preferred_username": "queen"}, force_alias_creation=True) == taken
    assert get(app, "queen").username == "ana"


def test_an_address_that_is_a_name_is_never_taken_away() -> None:
    app = new_app(pool={"username_attributes": ("email",)})
    create(app, "ana@example.com")
    taken = "UsernameExists: An account with the given email already exists."
    assert refusal(create, app, "ana@example.com", force_alias_creation=True) == taken


def test_administrators_need_not_fill_in_everything_but_must_keep_to_the_schema() -> None:
    app = new_app(pool={"schema": (SchemaAttribute(name="email", required=True, mutable=True),)})
    create(app)
    unknown = "InvalidParameter: Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema."
    assert refusal(create, app, "eva", {"custom:x": "1"}) == unknown
    assert "Boolean" in refusal(create, app, "eva", {"email": "a@b", "email_verified": "yes"})
    assert "immutable" in refusal(create, app, "eva", {"sub": "mine"})
    assert "immutable" in refusal(create, app, "eva", {"identities": "[]"})
    absent = "InvalidParameter: Email is required to verify/un-verify an email"
    assert refusal(create, app, "eva", {"email_verified": "true"}) == absent
    long = {"name": "é" * 1025}
    assert refusal(create, app, "eva", long).endswith("name: Value must be no longer than 2048 bytes")


def test_what_can_be_set_once_is_set_when_the_user_is_created() -> None:
    schema = (SchemaAttribute(name="born"), SchemaAttribute(name="plan", developer_only_attribute=True))
    app = new_app(pool={"schema": schema})
    given = {"custom:born": "1999", "dev:custom:plan": "gold"}
    made = create(app, "ana", given)
    assert {each.name: each.value for each in made.attributes}.items() >= given.items()


def test_a_user_by_every_name() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.create_user("ana", email="ana@example.com", email_verified="true")
    sub = get(app).user_attributes[0].value
    assert get(app, sub).username == get(app, "ana@example.com").username == "ana"
    assert refusal(get, app, "nobody") == "UserNotFound: User does not exist."
    user = get(app)
    assert (user.user_status, user.enabled) == ("CONFIRMED", True)
    assert (user.preferred_mfa_setting, user.user_mfa_setting_list) == (None, None)


@pytest.mark.parametrize(
    ("permanent", "status"),
    [(True, "CONFIRMED"), (False, "FORCE_CHANGE_PASSWORD"), (None, "FORCE_CHANGE_PASSWORD")],
)
def test_setting_a_password(permanent: bool | None, status: str) -> None:
    app = new_app()
    app.sign_up()
    request = AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=NEW_PASSWORD, permanent=permanent)
    app.send(request)
    assert get(app).user_status == status
    reply = app.srp_auth("ana", NEW_PASSWORD)
    assert (reply.challenge_name == "NEW_PASSWORD_REQUIRED") == (status != "CONFIRMED")
    weak = AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password="weak")
    assert refusal(app.send, weak).startswith("InvalidPassword: ")
    nobody = AdminSetUserPassword(user_pool_id=app.pool_id, username="nobody", password=NEW_PASSWORD)
    assert refusal(app.send, nobody) == "UserNotFound: User does not exist."
    assert refusal(app.confirm, "ana") == f"NotAuthorized: User cannot be confirmed. Current status is {status}"


def test_setting_a_password_tells_nobody_and_ends_no_sign_in() -> None:
    app = new_app()
    app.create_user()
    access = app.tokens().access_token or ""
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=NEW_PASSWORD))
    assert app.send(GetUser(access_token=access)).username == "ana"
    assert app.cognito.outbox() == ()


def test_who_gets_a_password_must_not_have_anothers_name() -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    create(app, "ana", {"preferred_username": "queen"})
    app.sign_up("eva", email="eva@example.com", preferred_username="queen")
    request = AdminSetUserPassword(user_pool_id=app.pool_id, username="eva", password=NEW_PASSWORD, permanent=True)
    assert refusal(app.send, request).startswith("InvalidParameter: ")
    assert get(app, "eva").user_status == "UNCONFIRMED"


@pytest.mark.parametrize(
    "operation",
    [
        AdminCreateUser(user_pool_id="us-east-1_none", username="ana"),
        AdminGetUser(user_pool_id="us-east-1_none", username="ana"),
        AdminSetUserPassword(user_pool_id="us-east-1_none", username="ana", password=PASSWORD),
        CreateGroup(user_pool_id="us-east-1_none", group_name="staff"),
        AdminAddUserToGroup(user_pool_id="us-east-1_none", group_name="staff", username="ana"),
        CreateUserPoolClient(user_pool_id="us-east-1_none", client_name="c"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_pools_that_are_not_there(operation: Any) -> None:
    assert refusal(send, new_cognito(), operation) == "ResourceNotFound: User pool us-east-1_none does not exist."


# Groups


def test_groups() -> None:
    app = new_app()
    app.create_user()
    group = app.send(CreateGroup(user_pool_id=app.pool_id, group_name="Staff", precedence=3, description="d")).group
    assert group is not None
    assert (group.group_name, group.user_pool_id, group.precedence, group.description) == ("Staff", app.pool_id, 3, "d")
    assert group.creation_date is not None
    for name in ("Staff", "staff"):
        taken = CreateGroup(user_pool_id=app.pool_id, group_name=name)
        assert refusal(app.send, taken) == "GroupExists: A group with the name already exists."
    join = AdminAddUserToGroup(user_pool_id=app.pool_id, group_name="Staff", username="ana")
    app.send(join)
    app.send(join)
    nobody = AdminAddUserToGroup(user_pool_id=app.pool_id, group_name="Staff", username="nobody")
    assert refusal(app.send, nobody) == "UserNotFound: User does not exist."
    nowhere = AdminAddUserToGroup(user_pool_id=app.pool_id, group_name="Board", username="ana")
    assert refusal(app.send, nowhere) == "ResourceNotFound: Group not found."


# Pools


def pool(**options: Any) -> UserPool:
    made = send(new_cognito(region="eu-west-1"), CreateUserPool(pool_name="p", **options)).user_pool
    assert made is not None
    return made


def test_a_pools_defaults() -> None:
    made = pool()
    region, _, name = (made.id or "").partition("_")
    assert region == "eu-west-1"
    assert len(name) == 9
    assert name.isalnum()
    assert made.arn == f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{made.id}"
    assert made.name == "p"
    assert made.policies is not None
    assert made.policies.password_policy == PasswordPolicy(
        minimum_length=8,
        require_uppercase=True,
        require_lowercase=True,
        require_numbers=True,
        require_symbols=True,
        temporary_password_validity_days=7,
    )
    assert (made.mfa_configuration, made.user_pool_tier) == ("OFF", "ESSENTIALS")
    assert (made.deletion_protection, made.estimated_number_of_users) == ("INACTIVE", 0)
    names = [each.name for each in made.schema_attributes or ()]
    assert names[0] == "sub"
    assert len(names) == 21
    assert made.creation_date is not None
    assert made.creation_date.timestamp() == START


def test_a_pools_schema() -> None:
    made = pool(
        schema=(
            SchemaAttribute(name="email", required=True, mutable=False),
            SchemaAttribute(name="rank", attribute_data_type="Number"),
            SchemaAttribute(name="note", developer_only_attribute=True, mutable=True),
        )
    )
    found = {each.name: each for each in made.schema_attributes or ()}
    assert (found["email"].required, found["email"].mutable) == (True, False)
    assert (found["custom:rank"].attribute_data_type, found["custom:rank"].mutable) == ("Number", False)
    assert found["dev:custom:note"].attribute_data_type == "String"


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (
            {"schema": (SchemaAttribute(name="x", required=True),)},
            "InvalidParameter: Required custom attributes are not supported currently.",
        ),
        (
            {"schema": (SchemaAttribute(name="x"), SchemaAttribute(name="x"))},
            "InvalidParameter: custom:x: Existing attribute already has name custom:x.",
        ),
        ({"schema": (SchemaAttribute(name="email", attribute_data_type="Number"),)}, "InvalidParameter: "),
        ({"alias_attributes": ("email",), "username_attributes": ("email",)}, "InvalidParameter: "),
        (
            {
                "alias_attributes": ("preferred_username",),
                "schema": (SchemaAttribute(name="preferred_username", required=True),),
            },
            "InvalidParameter: ",
        ),
    ],
    ids=["required custom", "twice", "standard type", "aliases and addresses", "required alias"],
)
def test_pools_that_cannot_be(options: dict[str, Any], refused: str) -> None:
    assert refusal(pool, **options).startswith(refused)


# Clients


def client(**options: Any) -> UserPoolClient:
    app = new_app()
    request = CreateUserPoolClient(user_pool_id=app.pool_id, client_name="c", **options)
    made = app.send(request).user_pool_client
    assert made is not None
    return made


def test_a_clients_defaults() -> None:
    made = client()
    assert len(made.client_id or "") == 26
    assert made.client_secret is None
    assert made.refresh_token_validity == 30
    assert made.auth_session_validity == 3
    assert made.enable_token_revocation is True
    assert made.prevent_user_existence_errors == "LEGACY"
    assert made.explicit_auth_flows is None


def test_a_clients_secret() -> None:
    assert len(client(generate_secret=True).client_secret or "") == 52
    assert client(client_secret="a" * 24).client_secret == "a" * 24
    assert "a" * 24 not in repr(client(client_secret="a" * 24))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"explicit_auth_flows": ("ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH")}, "InvalidParameter"),
        (
            {
                "explicit_auth_flows": ("ALLOW_REFRESH_TOKEN_AUTH",),
                "refresh_token_rotation": RefreshTokenRotation(feature="ENABLED"),
            },
            "InvalidParameter",
        ),
        ({"read_attributes": ("custom:x",)}, "InvalidParameter"),
        ({"write_attributes": ("name",)}, "InvalidParameter"),
        ({"allowed_oauth_flows": ("code",)}, "InvalidParameter"),
        (
            {
                "allowed_oauth_flows": ("code", "client_credentials"),
                "allowed_oauth_flows_user_pool_client": True,
                "generate_secret": True,
            },
            "InvalidOAuthFlow",
        ),
        (
            {"allowed_oauth_flows": ("client_credentials",), "allowed_oauth_flows_user_pool_client": True},
            "InvalidOAuthFlow",
        ),
        ({"access_token_validity": 25}, "InvalidParameter"),
        ({"access_token_validity": 4, "token_validity_units": TokenValidityUnits(access_token="minutes")}, "InvalidParameter"),
        ({"refresh_token_validity": 3651}, "InvalidParameter"),
        (
            {
                "access_token_validity": 3,
                "refresh_token_validity": 2,
                "token_validity_units": TokenValidityUnits(refresh_token="hours"),
            },
            "InvalidParameter",
        ),
    ],
    ids=[
        *("mixed flows", "rotation", "read list", "write list", "oauth off", "oauth mixed", "oauth secret"),
        *("access too long", "access too short", "refresh too long", "refresh shorter than access"),
    ],
)
def test_clients_that_cannot_be(options: dict[str, Any], code: str) -> None:
    app = new_app(pool={"schema": (SchemaAttribute(name="email", required=True, mutable=True),)})
    request = CreateUserPoolClient(user_pool_id=app.pool_id, client_name="c", **options)
    assert refusal(app.send, request).startswith(f"{code}: ")
