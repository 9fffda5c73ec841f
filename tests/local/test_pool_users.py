"""What an administrator does to users: states, sign-out, passwords, factors; and that nothing looks through a whole pool."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from cognito_auth.api.account import (
    ChangePassword,
    ConfirmForgotPassword,
    DeleteUser,
    DeleteUserAttributes,
    ForgotPassword,
    GetUser,
    GetUserAttributeVerificationCode,
    GetUserAuthFactors,
    UpdateUserAttributes,
    VerifyUserAttribute,
)
from cognito_auth.api.auth import AdminUserGlobalSignOut, AuthReply, InitiateAuth
from cognito_auth.api.mfa import SetUserMFAPreference, SmsMfaSettings
from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    RecoveryOption,
    SignInPolicy,
    SmsConfiguration,
    UserPoolPolicy,
)
from cognito_auth.api.providers import AdminDisableProviderForUser, AdminLinkProviderForUser, ProviderUserIdentifier
from cognito_auth.api.sign_up import AdminConfirmSignUp, ConfirmSignUp, ResendConfirmationCode, SignUp
from cognito_auth.api.structure import Operation
from cognito_auth.api.users import (
    AdminCreateUser,
    AdminDeleteUser,
    AdminDeleteUserAttributes,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminResetUserPassword,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    ListUsers,
)
from cognito_auth.local.store.tables import POOLS

from .profiles import attributes_of
from .support import NEW_PASSWORD, PASSWORD, START, App, listed, new_app, refusal
from .tables import Tables, many_users

UNKNOWN = "UserNotFound: User does not exist."
NO_CODE = "ExpiredCode: Invalid code provided, please request a code again."
NO_RECOVERY = "InvalidParameter: Cannot reset password for the user as there is no registered/verified email or phone_number"
NOT_RESETTABLE = "NotAuthorized: User password cannot be reset in the current state."
NOT_CONFIRMABLE = "NotAuthorized: User cannot be confirmed. Current status is "
INCORRECT = "NotAuthorized: Incorrect username or password."
DISABLED = "NotAuthorized: User is disabled."
REVOKED = "NotAuthorized: Access Token has been revoked"
SMS = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")


def get(app: App, username: str = "ana") -> Any:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username=username))


def refresh(app: App, token: str | None) -> AuthReply:
    parameters = {"REFRESH_TOKEN": token or ""}
    return app.send(InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters))


def me(app: App, access: str | None) -> Any:
    return app.send(GetUser(access_token=access or ""))


def administrations(pool_id: str, username: str) -> list[Operation[Any]]:
    """Every operation of an administrator on one user."""
    user: dict[str, Any] = {"user_pool_id": pool_id, "username": username}
    destination = ProviderUserIdentifier(provider_name="Cognito", provider_attribute_value=username)
    source = ProviderUserIdentifier(
        provider_name="Google", provider_attribute_name="Cognito_Subject", provider_attribute_value="1"
    )
    return [
        AdminConfirmSignUp(**user),
        AdminDeleteUser(**user),
        AdminDeleteUserAttributes(**user, user_attribute_names=("name",)),
        AdminDisableProviderForUser(user_pool_id=pool_id, user=destination),
        AdminDisableUser(**user),
        AdminEnableUser(**user),
        AdminGetUser(**user),
        AdminLinkProviderForUser(user_pool_id=pool_id, destination_user=destination, source_user=source),
        AdminResetUserPassword(**user),
        AdminSetUserPassword(**user, password=PASSWORD),
        AdminUpdateUserAttributes(**user, user_attributes=listed({"name": "Ana"})),
        AdminUserGlobalSignOut(**user),
    ]


@pytest.mark.parametrize("number", range(12), ids=[type(each).__name__ for each in administrations("", "")])
def test_users_and_pools_that_are_not_there(number: int) -> None:
    app = new_app()
    assert refusal(app.send, administrations(app.pool_id, "nobody")[number]) == UNKNOWN
    absent = refusal(app.send, administrations("us-east-1_none", "nobody")[number])
    assert absent == "ResourceNotFound: User pool us-east-1_none does not exist."


# States


def test_a_disabled_user() -> None:
    app = new_app()
    app.create_user()
    app.create_user("eva", email="eva@example.com")
    tokens, others = app.tokens(), app.tokens("eva")
    challenge = app.srp_challenge()
    app.cognito.clock.move(10)
    for _ in range(2):
        app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
        assert (get(app).enabled, get(app).user_status) == (False, "CONFIRMED")
    assert get(app).user_last_modified_date.timestamp() == START + 10
    assert refusal(me, app, tokens.access_token) == REVOKED
    assert refusal(refresh, app, tokens.refresh_token) == "NotAuthorized: Refresh Token has been revoked"
    assert refusal(app.password_auth) == DISABLED
    assert refusal(app.password_auth, "ana", "Wr0ng-one!") == INCORRECT
    pair, reply = challenge
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, app.srp_claim(pair, reply)) == DISABLED
    assert me(app, others.access_token).username == "eva"
    for _ in range(2):
        app.send(AdminEnableUser(user_pool_id=app.pool_id, username="ana"))
        assert get(app).enabled is True
    assert refusal(me, app, tokens.access_token) == REVOKED
    assert app.tokens().access_token


def test_signing_a_user_out_everywhere() -> None:
    app = new_app()
    app.create_user()
    app.create_user("eva", email="eva@example.com")
    first, second, others = app.tokens(), app.tokens(), app.tokens("eva")
    for _ in range(2):
        app.send(AdminUserGlobalSignOut(user_pool_id=app.pool_id, username="ana"))
    for each in (first, second):
        assert refusal(me, app, each.access_token) == REVOKED
        assert refusal(refresh, app, each.refresh_token) == "NotAuthorized: Refresh Token has been revoked"
    assert me(app, others.access_token).username == "eva"
    assert me(app, app.tokens().access_token).username == "ana"


def test_confirming_a_sign_up() -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    app.sign_up("ana", email="ana@example.com", preferred_username="queen")
    code = app.last_message().code
    confirm = AdminConfirmSignUp(user_pool_id=app.pool_id, username="ana")
    app.send(confirm)
    assert get(app).user_status == "CONFIRMED"
    assert attributes_of(app)["email_verified"] == "false"
    assert app.password_auth("queen").authentication_result
    assert refusal(app.send, confirm) == f"{NOT_CONFIRMABLE}CONFIRMED"
    assert refusal(app.confirm, "ana", code) == f"{NOT_CONFIRMABLE}CONFIRMED"
    app.sign_up("eva", email="eva@example.com", preferred_username="queen")
    assert refusal(app.send, AdminConfirmSignUp(user_pool_id=app.pool_id, username="eva")).startswith("InvalidParameter: ")
    assert get(app, "eva").user_status == "UNCONFIRMED"


def test_only_who_has_signed_up_is_confirmed() -> None:
    app = new_app()
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", message_action="SUPPRESS"))
    confirm = AdminConfirmSignUp(user_pool_id=app.pool_id, username="ana")
    assert refusal(app.send, confirm) == f"{NOT_CONFIRMABLE}FORCE_CHANGE_PASSWORD"


# Passwords


def reset(app: App, username: str = "ana") -> None:
    app.send(AdminResetUserPassword(user_pool_id=app.pool_id, username=username))


def replace_password(app: App, code: str, username: str = "ana") -> None:
    request = ConfirmForgotPassword(client_id=app.client_id, username=username, confirmation_code=code, password=NEW_PASSWORD)
    app.send(request)


def test_a_password_that_is_to_be_reset() -> None:
    app = new_app()
    app.create_user()
    reset(app)
    assert get(app).user_status == "RESET_REQUIRED"
    message = app.last_message()
    assert (message.kind, message.to, message.medium) == ("forgot_password", "ana@example.com", "EMAIL")
    required = "PasswordResetRequired: Password reset required for the user"
    assert refusal(app.password_auth) == required
    assert refusal(app.srp_auth) == required
    assert refusal(app.password_auth, "ana", "Wr0ng-one!") == INCORRECT
    reset(app)
    assert refusal(replace_password, app, message.code).startswith("CodeMismatch: ")
    replace_password(app, app.last_message().code)
    assert get(app).user_status == "CONFIRMED"
    assert app.password_auth("ana", NEW_PASSWORD).authentication_result
    assert refusal(app.password_auth) == INCORRECT


def test_a_reset_ends_by_an_administrators_password_too() -> None:
    app = new_app()
    app.create_user()
    reset(app)
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=NEW_PASSWORD, permanent=True))
    assert get(app).user_status == "CONFIRMED"
    assert app.password_auth("ana", NEW_PASSWORD).authentication_result


def test_whose_password_cannot_be_reset() -> None:
    app = new_app()
    app.create_user("ana", email="ana@example.com")
    assert refusal(reset, app) == NO_RECOVERY
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="new", message_action="SUPPRESS"))
    assert refusal(reset, app, "new") == NOT_RESETTABLE
    app.sign_up("eva", email="eva@example.com")
    assert refusal(reset, app, "eva") == NOT_RESETTABLE
    assert [get(app, name).user_status for name in ("ana", "new", "eva")] == [
        *("CONFIRMED", "FORCE_CHANGE_PASSWORD", "UNCONFIRMED")
    ]


def test_an_administrator_resets_where_nobody_else_can() -> None:
    options = (RecoveryOption(priority=1, name="admin_only"),)
    app = new_app(pool={"account_recovery_setting": AccountRecoverySetting(recovery_mechanisms=options)})
    app.create_user()
    reset(app)
    replace_password(app, app.last_message().code)


def test_resets_are_limited_and_take_none_of_the_users_own() -> None:
    app = new_app()
    app.create_user()
    for _ in range(20):
        reset(app)
    assert refusal(reset, app) == "LimitExceeded: Attempt limit exceeded, please try after some time."
    assert len(app.cognito.outbox()) == 20
    replace_password(app, app.last_message().code)
    app.cognito.clock.move(3600)
    reset(app)


# Factors


def test_the_factors_of_a_user() -> None:
    policy = UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP", "SMS_OTP")))
    app = new_app(pool={"policies": policy})
    app.create_user()
    access = app.tokens().access_token or ""
    found = app.send(GetUserAuthFactors(access_token=access))
    assert (found.username, found.preferred_mfa_setting, found.user_mfa_setting_list) == ("ana", None, None)
    assert found.configured_user_auth_factors == ("PASSWORD", "EMAIL_OTP")
    app.send(AdminUserGlobalSignOut(user_pool_id=app.pool_id, username="ana"))
    assert refusal(app.send, GetUserAuthFactors(access_token=access)) == REVOKED


def test_the_second_factors_of_a_user() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL", "sms_configuration": SMS})
    app.create_user("ana", phone_number="+15550001234", phone_number_verified="true")
    access = app.tokens().access_token or ""
    app.set_up_totp(access)
    wish = SmsMfaSettings(enabled=True, preferred_mfa=True)
    assert me(app, access).mfa_options is None
    app.send(SetUserMFAPreference(access_token=access, sms_mfa_settings=wish))
    found = app.send(GetUserAuthFactors(access_token=access))
    assert (found.preferred_mfa_setting, found.user_mfa_setting_list) == ("SMS_MFA", ("SMS_MFA",))
    assert found.configured_user_auth_factors == ("PASSWORD", "SOFTWARE_TOKEN")
    in_list = app.send(ListUsers(user_pool_id=app.pool_id)).users
    assert in_list is not None
    for shown in (me(app, access), get(app), in_list[0]):
        assert [(each.delivery_medium, each.attribute_name) for each in shown.mfa_options or ()] == [("SMS", "phone_number")]


# Users without a password


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"email": "ana@example.com", "email_verified": "true"}, "CONFIRMED"),
        ({"email": "ana@example.com"}, "FORCE_CHANGE_PASSWORD"),
        ({"phone_number": "+15550001234", "phone_number_verified": "true"}, "FORCE_CHANGE_PASSWORD"),
    ],
    ids=["verified", "unverified", "another factor"],
)
def test_a_user_who_needs_no_password(attributes: dict[str, str], status: str) -> None:
    policy = UserPoolPolicy(sign_in_policy=SignInPolicy(allowed_first_auth_factors=("PASSWORD", "EMAIL_OTP")))
    app = new_app(pool={"policies": policy})
    request = AdminCreateUser(
        user_pool_id=app.pool_id,
        username="ana",
        user_attributes=listed(attributes),
        desired_delivery_mediums=("EMAIL",) if "email" in attributes else ("SMS",),
    )
    made = app.send(request).user
    assert made is not None
    assert made.user_status == status
    assert (app.cognito.outbox() == ()) == (status == "CONFIRMED")
    given = AdminCreateUser(
        user_pool_id=app.pool_id, username="eva", temporary_password=PASSWORD, user_attributes=listed(attributes)
    )
    with_password = app.send(given).user
    assert with_password is not None
    assert with_password.user_status == "FORCE_CHANGE_PASSWORD"


# Among many users

ONLY_THE_POOL = re.compile(r"\(pool_id=\?\)")
"""How the planner calls a search through everything that a pool has."""


def by_the_user(access: str) -> list[Operation[Any]]:
    return [
        UpdateUserAttributes(access_token=access, user_attributes=listed({"email": "new@example.com"})),
        GetUserAttributeVerificationCode(access_token=access, attribute_name="email"),
        VerifyUserAttribute(access_token=access, attribute_name="email", code="000"),
        DeleteUserAttributes(access_token=access, user_attribute_names=("email",)),
        GetUserAuthFactors(access_token=access),
        ChangePassword(access_token=access, previous_password=PASSWORD, proposed_password=NEW_PASSWORD),
        DeleteUser(access_token=access),
    ]


def test_no_operation_looks_through_a_pool() -> None:
    tables = Tables()
    settings = replace(tables.pool.settings, alias_attributes=("email", "preferred_username"))
    tables.records.put(POOLS, replace(tables.pool, settings=settings))
    tables.fill(many_users(tables.pool_id, 3))
    client: dict[str, Any] = {"client_id": tables.client_id, "username": "ana@example.com"}
    public: list[Operation[Any]] = [
        SignUp(client_id=tables.client_id, username="ana", password=PASSWORD, user_attributes=listed({"name": "Ana"})),
        ConfirmSignUp(**client, confirmation_code="000"),
        ResendConfirmationCode(**client),
        ForgotPassword(**client),
        ConfirmForgotPassword(**client, confirmation_code="000", password=PASSWORD),
    ]
    administered = administrations(tables.pool_id, "user-000000")
    administered.sort(key=lambda operation: isinstance(operation, AdminDeleteUser))
    password = AdminSetUserPassword(user_pool_id=tables.pool_id, username="user-000001", password=PASSWORD, permanent=True)
    tables.run(password)
    parameters = {"USERNAME": "user-000001", "PASSWORD": PASSWORD}
    signed_in = tables.run(
        InitiateAuth(client_id=tables.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters)
    ).authentication_result
    assert signed_in is not None
    seen = 0
    for operation in (*public, *administered, *by_the_user(signed_in.access_token or "")):
        for plan in tables.plans(operation):
            seen += 1
            assert plan.startswith("SEARCH"), (type(operation).__name__, plan)
            assert not ONLY_THE_POOL.search(plan), (type(operation).__name__, plan)
    assert seen > 100
