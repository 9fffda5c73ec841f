"""Users who come from elsewhere, by the trigger that knows them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.account import ForgotPassword
from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.users import AdminGetUser
from cognito_auth.local import Triggers

from .support import PASSWORD, App, refusal, signed_in
from .triggers import DATA, Calls, Change, app_with, attributes, names, refusing, responding, status

NO_ANSWER: Final = "InvalidLambdaResponse: Unrecognizable lambda output"
INCORRECT: Final = "NotAuthorized: Incorrect username or password."
ADDRESS: Final = {"email": "ana@example.com", "email_verified": "true"}
WEAK: Final = "weak"


def app_that_migrates(change: Change | None, *, pool: dict[str, Any] | None = None, **client: Any) -> tuple[App, Calls]:
    calls = Calls()
    return app_with(Triggers(user_migration=calls(change)), pool=pool, **client), calls


def told(**members: object) -> Change:
    return responding(**{"userAttributes": dict(ADDRESS), "finalUserStatus": "CONFIRMED", **members})


def test_a_user_is_taken_over_with_any_password() -> None:
    app, calls = app_that_migrates(told())
    parameters = app.parameters("ana", PASSWORD=WEAK)
    request = InitiateAuth(
        client_id=app.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters, client_metadata=DATA
    )
    assert signed_in(app.send(request))
    assert calls.last["triggerSource"] == "UserMigration_Authentication"
    assert calls.last["userName"] == "ana"
    assert calls.last["request"] == {"password": WEAK, "validationData": DATA}
    assert (status(app), attributes(app)["email_verified"]) == ("CONFIRMED", "true")
    assert app.tokens(password=WEAK)
    assert signed_in(app.srp_auth(password=WEAK))
    assert refusal(app.password_auth, "ana", PASSWORD) == INCORRECT
    assert len(calls.events) == 1


def test_who_is_here_is_not_asked_for() -> None:
    app, calls = app_that_migrates(told())
    app.create_user()
    assert refusal(app.password_auth, "ana", WEAK) == INCORRECT
    assert calls.events == []


def test_by_choice() -> None:
    app, calls = app_that_migrates(told(), explicit_auth_flows=("ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"))
    for preferred in ("PASSWORD_SRP", "PASSWORD"):
        assert calls.events == []
        parameters = app.parameters("ana", PASSWORD=WEAK, PREFERRED_CHALLENGE=preferred)
        reply = app.send(InitiateAuth(client_id=app.client_id, auth_flow="USER_AUTH", auth_parameters=parameters))
    assert signed_in(reply)


def test_srp_asks_for_nobody() -> None:
    app, calls = app_that_migrates(told())
    assert refusal(app.srp_auth) == INCORRECT
    assert calls.events == []


@pytest.mark.parametrize("status_told", ["RESET_REQUIRED", None])
def test_a_password_that_has_to_be_replaced(status_told: str | None) -> None:
    app, _ = app_that_migrates(told(finalUserStatus=status_told))
    assert refusal(app.password_auth) == "PasswordResetRequired: Password reset required for the user"
    assert status(app) == "RESET_REQUIRED"


@pytest.mark.parametrize("change", [None, refusing("bad password"), told(userAttributes={})])
def test_who_is_not_taken_over(change: Change | None) -> None:
    app, calls = app_that_migrates(change)
    assert refusal(app.password_auth) == INCORRECT
    assert len(calls.events) == 1
    assert names(app) == []


def test_a_refusal_is_told_where_everybody_may_know() -> None:
    app, _ = app_that_migrates(refusing("bad password"), prevent_user_existence_errors="LEGACY")
    assert refusal(app.password_auth) == f"UserNotFound: Exception migrating user in app client {app.client_id}"


def test_guesses_are_counted() -> None:
    app, calls = app_that_migrates(refusing())
    for _ in range(5):
        assert refusal(app.password_auth) == INCORRECT
    assert refusal(app.password_auth) == "NotAuthorized: Password attempts exceeded"
    assert len(calls.events) == 5


def test_a_forgotten_password() -> None:
    app, calls = app_that_migrates(told(finalUserStatus=None))
    request = ForgotPassword(client_id=app.client_id, username="ana", client_metadata=DATA)
    details = app.send(request).code_delivery_details
    assert details is not None
    assert details.destination == "a***@e***"
    assert calls.last["triggerSource"] == "UserMigration_ForgotPassword"
    assert calls.last["request"] == {"validationData": None, "clientMetadata": DATA}
    assert status(app) == "RESET_REQUIRED"
    assert app.last_message().kind == "forgot_password"


def test_a_pool_whose_names_are_addresses() -> None:
    app, _ = app_that_migrates(told(), pool={"username_attributes": ("email",)})
    assert app.tokens("ana@example.com", WEAK)


def test_another_name_and_a_factor() -> None:
    app, _ = app_that_migrates(
        told(userAttributes={**ADDRESS, "username": "ana", "phone_number": "+15550001234"}, enableSMSMFA=True),
        pool={"alias_attributes": ("email",)},
    )
    assert app.tokens("ana@example.com", WEAK)
    found = app.send(AdminGetUser(user_pool_id=app.pool_id, username="ana"))
    assert found.user_mfa_setting_list == ("SMS_MFA",)


WRONG: Final[dict[str, tuple[dict[str, object], str]]] = {
    "status": ({"finalUserStatus": "UNKNOWN"}, NO_ANSWER),
    "action": ({"messageAction": "SHOUT"}, NO_ANSWER),
    "mediums": ({"desiredDeliveryMediums": "EMAIL"}, NO_ANSWER),
    "factor without telephone": ({"enableSMSMFA": True}, NO_ANSWER),
    "attributes": ({"userAttributes": {"email": 7}}, NO_ANSWER),
    "address": ({"userAttributes": {"email": "x"}}, "InvalidParameter: Invalid email address format."),
}


@pytest.mark.parametrize("name", WRONG)
def test_who_cannot_be_a_user(name: str) -> None:
    members, text = WRONG[name]
    app, _ = app_that_migrates(told(**members))
    assert refusal(app.password_auth) == text
    assert names(app) == []


@pytest.mark.parametrize("force", [False, True])
def test_an_address_that_is_anothers(force: bool) -> None:
    app, _ = app_that_migrates(told(forceAliasCreation=force), pool={"alias_attributes": ("email",)})
    app.create_user("bob", **ADDRESS)
    if force:
        assert app.tokens("ana", WEAK)
        assert attributes(app, "bob")["email_verified"] == "false"
    else:
        assert refusal(app.password_auth, "ana", WEAK) == NO_ANSWER
