"""Pools: what is created is described, what is replaced goes back to its default, and all are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final

import pytest

from cognito_auth.api.domains import CreateUserPoolDomain, DeleteUserPoolDomain
from cognito_auth.api.pool_settings import (
    AcrLevelConfig,
    AdminCreateUserConfig,
    DcrConfiguration,
    EmailConfiguration,
    LambdaConfig,
    PasswordPolicy,
    SchemaAttribute,
    UsernameConfiguration,
    UserPoolAddOns,
    UserPoolPolicy,
    VerificationMessageTemplate,
)
from cognito_auth.api.pools import CreateUserPool, DeleteUserPool, DescribeUserPool, ListUserPools, UpdateUserPool
from cognito_auth.api.structure import Operation
from cognito_auth.api.users import AdminCreateUser
from cognito_auth.local.store.tables import POOLS

from .pool_settings import DEFAULTS, FUNCTION, LEVELS, SETTINGS, create, describe, shown, update
from .support import PASSWORD, START, new_app, new_cognito, refusal, send
from .tables import Tables

# Create and describe


def test_every_setting_is_created_and_described() -> None:
    cognito = new_cognito(region="eu-west-1")
    made = create(
        cognito,
        alias_attributes=("email", "preferred_username"),
        username_configuration=UsernameConfiguration(case_sensitive=False),
        schema=(SchemaAttribute(name="email", required=True, mutable=True),),
        **SETTINGS,
    )
    assert shown(made) == SETTINGS
    assert made.alias_attributes == ("email", "preferred_username")
    assert made.username_configuration == UsernameConfiguration(case_sensitive=False)
    region, _, name = (made.id or "").partition("_")
    assert (region, len(name), name.isalnum()) == ("eu-west-1", 9, True)
    assert made.arn == f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{made.id}"
    assert (made.name, made.status, made.estimated_number_of_users) == ("p", "Enabled", 0)
    assert made.creation_date is not None
    assert made.creation_date == made.last_modified_date
    assert made.creation_date.timestamp() == START
    assert (made.domain, made.custom_domain, made.sms_configuration_failure, made.email_configuration_failure) == (None,) * 4
    assert describe(cognito, made.id) == made


def test_every_default_is_described() -> None:
    cognito = new_cognito()
    made = create(cognito)
    assert shown(made) == DEFAULTS
    assert (made.alias_attributes, made.username_attributes, made.username_configuration) == (None, None, None)
    assert describe(cognito, made.id) == made


def test_no_setting_is_left_out_of_these_tests() -> None:
    common = {each.name for each in fields(CreateUserPool)} & {each.name for each in fields(UpdateUserPool)}
    assert common - {"pool_name"} == set(SETTINGS)


def test_parts_of_a_setting_are_completed() -> None:
    made = create(
        new_cognito(),
        policies=UserPoolPolicy(password_policy=PasswordPolicy(require_numbers=True, temporary_password_validity_days=0)),
        email_configuration=EmailConfiguration(from_="a@example.com"),
        verification_message_template=VerificationMessageTemplate(email_subject="S"),
        admin_create_user_config=AdminCreateUserConfig(unused_account_validity_days=3),
        dcr_configuration=DcrConfiguration(),
        acr_configuration={"Level1": AcrLevelConfig(acr_value="low")},
    )
    assert made.policies is not None
    assert made.policies.password_policy == PasswordPolicy(
        minimum_length=8,
        require_uppercase=False,
        require_lowercase=False,
        require_numbers=True,
        require_symbols=False,
        temporary_password_validity_days=3,
    )
    assert made.email_configuration == EmailConfiguration(from_="a@example.com", email_sending_account="COGNITO_DEFAULT")
    template = VerificationMessageTemplate(email_subject="S", default_email_option="CONFIRM_WITH_CODE")
    assert made.verification_message_template == template
    config = AdminCreateUserConfig(allow_admin_create_user_only=False, unused_account_validity_days=3)
    assert made.admin_create_user_config == config
    assert made.dcr_configuration == DcrConfiguration(enable_status="Enabled", open_dcr_enabled=False)
    assert dict(made.acr_configuration or {}) == {**LEVELS, "Level1": AcrLevelConfig(acr_value="low")}


def test_the_older_name_of_the_days_counts() -> None:
    app = new_app(pool={"admin_create_user_config": AdminCreateUserConfig(unused_account_validity_days=1)})
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", temporary_password=PASSWORD, message_action="SUPPRESS"))
    app.cognito.clock.move(24 * 3600)
    assert "Temporary password has expired" in refusal(app.password_auth)


def test_users_are_counted_as_they_come_and_go() -> None:
    app = new_app()
    other = new_app(app.cognito)
    other.create_user()
    assert describe(app.cognito, app.pool_id).estimated_number_of_users == 0
    app.create_user()
    app.create_user("eva", email="eva@example.com")
    assert describe(app.cognito, app.pool_id).estimated_number_of_users == 2


def test_domains_are_described_while_there_are_any() -> None:
    cognito = new_cognito()
    pool_id = create(cognito).id or ""
    send(cognito, CreateUserPoolDomain(user_pool_id=pool_id, domain="example"))
    assert describe(cognito, pool_id).domain == "example"
    send(cognito, DeleteUserPoolDomain(user_pool_id=pool_id, domain="example"))
    assert describe(cognito, pool_id).domain is None


# Update


def test_an_update_replaces_everything() -> None:
    cognito = new_cognito()
    made = create(cognito, alias_attributes=("email",), username_configuration=UsernameConfiguration(case_sensitive=False))
    cognito.clock.move(60)
    changed = update(cognito, made.id, pool_name="renamed", **SETTINGS)
    assert shown(changed) == SETTINGS
    assert changed.last_modified_date is not None
    assert changed.last_modified_date.timestamp() == START + 60
    kept = ("id", "arn", "creation_date", "schema_attributes", "alias_attributes", "username_configuration")
    assert all(getattr(changed, name) == getattr(made, name) for name in kept)
    assert changed.name == "renamed"
    plain = update(cognito, made.id)
    # Dynamic client registration is the one setting that stays as it is, and a pool cannot lose its name.
    assert shown(plain) == {**DEFAULTS, "dcr_configuration": SETTINGS["dcr_configuration"]}
    assert plain.name == "renamed"
    assert all(getattr(plain, name) == getattr(made, name) for name in kept)


def test_what_is_described_may_be_sent_back() -> None:
    cognito = new_cognito()
    made = create(cognito, **SETTINGS)
    assert update(cognito, made.id, **{name: getattr(made, name) for name in SETTINGS}) == made
    plain = create(cognito)
    assert update(cognito, plain.id, **{name: getattr(plain, name) for name in SETTINGS}) == plain


def test_an_update_takes_effect_at_once() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    app.create_user()
    app.set_up_totp(app.tokens().access_token or "")
    assert app.password_auth().authentication_result is not None
    lenient = UserPoolPolicy(password_policy=PasswordPolicy(minimum_length=6))
    update(app.cognito, app.pool_id, mfa_configuration="ON", policies=lenient)
    assert app.password_auth().challenge_name == "SOFTWARE_TOKEN_MFA"
    app.create_user("eva", password="simple", email="eva@example.com")
    update(app.cognito, app.pool_id)
    assert app.password_auth().authentication_result is not None
    assert refusal(app.create_user, "bob", password="simple").startswith("InvalidPassword: ")
    update(app.cognito, app.pool_id, admin_create_user_config=AdminCreateUserConfig(allow_admin_create_user_only=True))
    assert refusal(app.sign_up, "bob") == "NotAuthorized: SignUp is not permitted for this user pool"


def test_one_pools_update_is_not_anothers() -> None:
    cognito = new_cognito()
    one, two = create(cognito), create(cognito)
    update(cognito, one.id, pool_name="renamed", **SETTINGS)
    assert describe(cognito, two.id) == two


def test_a_refused_update_changes_nothing() -> None:
    cognito = new_cognito()
    made = create(cognito)
    assert refusal(update, cognito, made.id, pool_name="x", user_pool_add_ons=UserPoolAddOns(advanced_security_mode="AUDIT"))
    assert describe(cognito, made.id) == made


# List


def test_pools_in_pages() -> None:
    cognito = new_cognito()
    made = [create(cognito, lambda_config=LambdaConfig(pre_sign_up=FUNCTION)) for _ in range(5)]
    pages: list[list[str | None]] = []
    token: str | None = None
    while not pages or token:
        reply = send(cognito, ListUserPools(max_results=2, next_token=token))
        pages.append([each.id for each in reply.user_pools or ()])
        token = reply.next_token
    assert pages == [[each.id for each in made[at : at + 2]] for at in (0, 2, 4)]


def test_a_pool_in_a_listing() -> None:
    cognito = new_cognito()
    made = create(cognito, lambda_config=LambdaConfig(pre_sign_up=FUNCTION))
    cognito.clock.move(60)
    update(cognito, made.id, pool_name="renamed", lambda_config=LambdaConfig(custom_message=FUNCTION))
    pools = send(cognito, ListUserPools(max_results=60)).user_pools
    assert pools
    listed = pools[0]
    assert (listed.id, listed.name, listed.status) == (made.id, "renamed", "Enabled")
    assert listed.lambda_config == LambdaConfig(custom_message=FUNCTION)
    assert listed.creation_date == made.creation_date
    assert listed.last_modified_date is not None
    assert listed.last_modified_date.timestamp() == START + 60
    assert listed.replica_regions is None


def test_listings_that_cannot_be() -> None:
    cognito = new_cognito()
    assert send(cognito, ListUserPools(max_results=1)).user_pools == ()
    assert refusal(send, cognito, ListUserPools(max_results=1, next_token="x")) == "InvalidParameter: Invalid pagination token."
    for limit in (0, 61):
        assert "at 'maxResults'" in refusal(send, cognito, ListUserPools(max_results=limit))


# Pools that are not there, and pools too many


@pytest.mark.parametrize(
    "operation",
    [
        DescribeUserPool(user_pool_id="us-east-1_none"),
        UpdateUserPool(user_pool_id="us-east-1_none"),
        DeleteUserPool(user_pool_id="us-east-1_none"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_pools_that_are_not_there(operation: Any) -> None:
    assert refusal(send, new_cognito(), operation) == "ResourceNotFound: User pool us-east-1_none does not exist."


def test_at_most_a_thousand_pools() -> None:
    tables = Tables()
    for number in range(998):
        tables.records.insert(POOLS, replace(tables.pool, id=f"us-east-1_{number}"))
    tables.run(CreateUserPool(pool_name="the last"))
    assert refusal(tables.run, CreateUserPool(pool_name="one more")) == "LimitExceeded: There are at most 1000 user pools."
    tables.run(DeleteUserPool(user_pool_id="us-east-1_0"))
    tables.run(CreateUserPool(pool_name="again"))


PLANNED: Final[dict[str, Callable[[Tables], Operation[Any]]]] = {
    "describe": lambda tables: DescribeUserPool(user_pool_id=tables.pool_id),
    "update": lambda tables: UpdateUserPool(user_pool_id=tables.pool_id),
    "delete": lambda tables: DeleteUserPool(user_pool_id=tables.pool_id),
}


@pytest.mark.parametrize("operation", PLANNED)
def test_no_table_is_scanned(operation: str) -> None:
    tables = Tables()
    plans = list(tables.plans(PLANNED[operation](tables)))
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
