"""The own account: changing a password, and getting a new one when it was forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_auth.api.account import ChangePassword, ConfirmForgotPassword, ForgotPassword, GetUser
from cognito_auth.api.mfa import SetUserMFAPreference, SmsMfaSettings
from cognito_auth.api.pool_settings import (
    AccountRecoverySetting,
    PasswordPolicy,
    RecoveryOption,
    SmsConfiguration,
    UserPoolPolicy,
)
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminDisableUser, AdminSetUserPassword, AdminUpdateUserAttributes

from .support import NEW_PASSWORD, PASSWORD, App, add_client, new_app, refusal

MISMATCH = "CodeMismatch: Invalid verification code provided, please try again."
NO_CODE = "ExpiredCode: Invalid code provided, please request a code again."
LIMIT = "LimitExceeded: Attempt limit exceeded, please try after some time."
COMBINATION = "UserNotFound: Username/client id combination not found."
NO_RECOVERY = "InvalidParameter: Cannot reset password for the user as there is no registered/verified email or phone_number"
BOTH = {
    "email": "ana@example.com",
    "email_verified": "true",
    "phone_number": "+15550001234",
    "phone_number_verified": "true",
}


def forgot(app: App, username: str = "ana") -> Any:
    request = ForgotPassword(client_id=app.client_id, secret_hash=app.hashed(username), username=username)
    return app.send(request).code_delivery_details


def reset(app: App, code: str | None = None, username: str = "ana", password: str = NEW_PASSWORD) -> None:
    request = ConfirmForgotPassword(
        client_id=app.client_id,
        secret_hash=app.hashed(username),
        username=username,
        confirmation_code=code or app.last_message(username).code,
        password=password,
    )
    app.send(request)


def change(app: App, before: str | None = PASSWORD, after: str = NEW_PASSWORD, *, access: str | None = None) -> None:
    token = access or app.tokens("ana", before or PASSWORD).access_token or ""
    app.send(ChangePassword(access_token=token, previous_password=before, proposed_password=after))


def test_changing_a_password() -> None:
    app = new_app()
    app.create_user()
    tokens = app.tokens()
    change(app)
    assert refusal(app.srp_auth).startswith("NotAuthorized: Incorrect")
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result
    assert app.send(GetUser(access_token=tokens.access_token or ""))
    change(app, NEW_PASSWORD, NEW_PASSWORD)


def test_what_a_change_needs() -> None:
    app = new_app()
    app.create_user()
    access = app.tokens().access_token or ""
    assert refusal(change, app, "Wr0ng-one!", access=access) == "NotAuthorized: Incorrect username or password."
    assert refusal(change, app, None, access=access) == "InvalidParameter: Missing required parameter PreviousPassword"
    weak = "InvalidPassword: Password did not conform with policy: Password not long enough"
    assert refusal(change, app, PASSWORD, "Ab1!", access=access) == weak
    for _ in range(4):
        assert "Incorrect" in refusal(change, app, "Wr0ng-one!", access=access)
    assert refusal(change, app, PASSWORD, access=access) == LIMIT
    app.cognito.clock.move(3599)
    access = app.tokens().access_token or ""
    app.cognito.clock.move(1)
    change(app, PASSWORD, access=access)


def test_password_history() -> None:
    policy = UserPoolPolicy(password_policy=PasswordPolicy(minimum_length=6, password_history_size=2))
    app = new_app(pool={"policies": policy})
    app.create_user(password="first1")
    reused = "PasswordHistoryPolicyViolation: Password has previously been used"
    assert refusal(change, app, "first1", "first1") == reused
    change(app, "first1", "second")
    assert refusal(change, app, "second", "first1") == reused
    change(app, "second", "third1")
    again = AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password="second", permanent=True)
    assert refusal(app.send, again) == reused
    change(app, "third1", "first1")


@pytest.mark.parametrize("secret", [False, True], ids=["public", "confidential"])
def test_a_forgotten_password(*, secret: bool) -> None:
    app = new_app(generate_secret=secret)
    app.create_user()
    for _ in range(5):
        refusal(app.password_auth, "ana", "Wr0ng-one!")
    details = forgot(app)
    assert (details.destination, details.delivery_medium, details.attribute_name) == ("a***@e***", "EMAIL", "email")
    message = app.last_message()
    assert message.kind == "forgot_password"
    assert refusal(reset, app, "000") == MISMATCH
    weak = "InvalidPassword: Password did not conform with policy: Password not long enough"
    assert refusal(reset, app, message.code, password="Ab1!") == weak
    reset(app, message.code)
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result
    assert refusal(reset, app, message.code) == NO_CODE


def test_codes_grow_old() -> None:
    app = new_app()
    app.create_user()
    assert refusal(reset, app, "123456") == NO_CODE
    forgot(app)
    app.cognito.clock.move(3600)
    assert refusal(reset, app) == NO_CODE


def test_a_newer_code_replaces_the_older() -> None:
    app = new_app()
    app.create_user()
    forgot(app)
    older = app.last_message().code
    forgot(app)
    assert refusal(reset, app, older) == MISMATCH
    reset(app)


def test_recovery_is_limited() -> None:
    app = new_app()
    app.create_user()
    forgot(app)
    for _ in range(19):
        assert refusal(reset, app, "000") == MISMATCH
    assert refusal(reset, app) == LIMIT
    assert refusal(forgot, app) == LIMIT
    app.cognito.clock.move(3599)
    assert refusal(forgot, app) == LIMIT
    app.cognito.clock.move(1)
    forgot(app)


def ways(*names: str) -> dict[str, Any]:
    options = tuple(RecoveryOption(priority=number, name=name) for number, name in enumerate(names, 1))
    return {"account_recovery_setting": AccountRecoverySetting(recovery_mechanisms=options)}


@pytest.mark.parametrize(
    ("setting", "attributes", "medium"),
    [
        pytest.param({}, BOTH, "SMS", id="legacy: phone first"),
        pytest.param({}, {**BOTH, "phone_number_verified": "false"}, "EMAIL", id="legacy: verified only"),
        pytest.param(ways("verified_email", "verified_phone_number"), BOTH, "EMAIL", id="mail first"),
        pytest.param(ways("verified_phone_number"), BOTH, "SMS", id="phone only"),
    ],
)
def test_where_the_code_goes(setting: dict[str, Any], attributes: dict[str, str], medium: str) -> None:
    app = new_app(pool=setting)
    app.create_user("ana", **attributes)
    assert forgot(app).delivery_medium == medium


def test_a_second_factor_is_no_way_back() -> None:
    sms = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")
    app = new_app(pool={"mfa_configuration": "OPTIONAL", "sms_configuration": sms})
    app.create_user("ana", **BOTH)
    access = app.tokens().access_token or ""
    assert forgot(app).delivery_medium == "SMS"
    app.send(SetUserMFAPreference(access_token=access, sms_mfa_settings=SmsMfaSettings(enabled=True)))
    assert forgot(app).delivery_medium == "EMAIL"


def test_who_gets_no_code() -> None:
    app = new_app(prevent_user_existence_errors="LEGACY")
    app.create_user("ana", email="ana@example.com")
    assert refusal(forgot, app) == NO_RECOVERY
    app.sign_up("eva", email="eva@example.com")
    assert refusal(forgot, app, "eva") == NO_RECOVERY
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="new"))
    assert refusal(forgot, app, "new") == "NotAuthorized: User password cannot be reset in the current state."
    assert refusal(forgot, app, "nobody") == COMBINATION
    assert refusal(reset, app, "123456", "nobody") == COMBINATION
    assert refusal(reset, app, "123456", "eva") == "UserNotConfirmed: User is not confirmed."


def test_where_only_administrators_recover_accounts_nobody_is_told_who_exists() -> None:
    app = new_app(pool=ways("admin_only"))
    app.create_user()
    for name in ("ana", "nobody"):
        assert refusal(forgot, app, name) == "NotAuthorized: Contact administrator to reset password."


@pytest.mark.parametrize("discreet", [True, False], ids=["ENABLED", "LEGACY"])
def test_who_is_disabled_gets_no_code(*, discreet: bool) -> None:
    app = new_app(prevent_user_existence_errors="ENABLED" if discreet else "LEGACY")
    app.create_user()
    forgot(app)
    code = app.last_message().code
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    if discreet:
        assert forgot(app).attribute_name == "email"
        assert refusal(reset, app, code) == MISMATCH
    else:
        assert refusal(forgot, app) == refusal(reset, app, code) == "NotAuthorized: User is disabled."
    assert len(app.cognito.outbox()) == 1


def test_a_new_password_says_nothing_about_the_address() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.create_user()
    forgot(app)
    code = app.last_message().code
    unverified = Attribute(name="email_verified", value="false")
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=(unverified,)))
    app.create_user("eva", email="ana@example.com", email_verified="true")
    reset(app, code)
    assert app.password_auth("ana", NEW_PASSWORD).authentication_result
    assert app.password_auth("ana@example.com").authentication_result


def test_a_discreet_client_tells_nothing() -> None:
    app = new_app()
    app.create_user("ana", email="ana@example.com")
    assert forgot(app).attribute_name == "email"
    first, again = forgot(app, "nobody"), forgot(app, "nobody")
    assert first == again
    assert first.attribute_name == "email"
    assert app.cognito.outbox() == ()
    assert refusal(reset, app, "123456", "nobody") == MISMATCH
    app.sign_up("eva", email="eva@example.com")
    assert refusal(reset, app, "123456", "eva") == NO_CODE


def test_secret_hashes() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    secretless = App(app.cognito, app.pool_id, app.client_id)
    missing = f"NotAuthorized: Client {app.client_id} is configured for secret but secret was not received"
    assert refusal(forgot, secretless) == missing
    assert refusal(reset, secretless, "123456") == missing
    other = add_client(app.cognito, app.pool_id, generate_secret=True)
    wrong = App(app.cognito, app.pool_id, app.client_id, other.secret)
    assert refusal(forgot, wrong) == f"NotAuthorized: Unable to verify secret hash for client {app.client_id}"
