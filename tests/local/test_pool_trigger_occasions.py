"""The triggers around accounts, sign-ins and messages: when they are called, and with what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth.api.account import (
    ConfirmForgotPassword,
    ForgotPassword,
    GetUserAttributeVerificationCode,
    UpdateUserAttributes,
)
from cognito_auth.api.auth import AdminInitiateAuth, GetTokensFromRefreshToken, InitiateAuth, RespondToAuthChallenge
from cognito_auth.api.pool_settings import DeviceConfiguration, EmailConfiguration
from cognito_auth.api.sign_up import AdminConfirmSignUp, ResendConfirmationCode, SignUp
from cognito_auth.api.users import AdminCreateUser, AdminResetUserPassword, AdminUpdateUserAttributes
from cognito_auth.local import Triggers

from .support import NEW_PASSWORD, PASSWORD, App, listed, refusal
from .triggers import DATA, Calls, app_with, attributes, confirm_by_code, names, refusing, responding, status

OWN_MAIL: Final = {"email_configuration": EmailConfiguration(email_sending_account="DEVELOPER")}


# Before and after a registration


def test_the_event_before_sign_up() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_sign_up=calls()))
    app.send(
        SignUp(
            client_id=app.client_id,
            username="ana",
            password=PASSWORD,
            user_attributes=listed({"email": "ana@example.com"}),
            validation_data=listed({"captcha": "42"}),
            client_metadata=DATA,
        )
    )
    assert calls.events == [
        {
            "version": "1",
            "triggerSource": "PreSignUp_SignUp",
            "region": "us-east-1",
            "userPoolId": app.pool_id,
            "userName": "ana",
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": app.client_id},
            "request": {
                "userAttributes": {"email": "ana@example.com"},
                "validationData": {"captcha": "42"},
                "clientMetadata": DATA,
            },
            "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
        }
    ]
    assert status(app) == "UNCONFIRMED"
    assert len(app.cognito.outbox()) == 1


def test_a_user_is_confirmed_and_verified_at_once() -> None:
    calls = Calls()
    triggers = Triggers(pre_sign_up=calls(responding(autoConfirmUser=True, autoVerifyEmail=True)), post_confirmation=calls())
    app = app_with(triggers)
    reply = app.send(
        SignUp(client_id=app.client_id, username="ana", password=PASSWORD, user_attributes=listed({"email": "ana@example.com"}))
    )
    assert reply.user_confirmed is True
    assert reply.code_delivery_details is None
    assert (status(app), attributes(app)["email_verified"]) == ("CONFIRMED", "true")
    assert app.cognito.outbox() == ()
    assert calls.sources == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
    assert calls.last["request"]["userAttributes"]["cognito:user_status"] == "CONFIRMED"
    assert app.tokens().access_token


def test_an_absent_address_cannot_be_verified() -> None:
    app = app_with(Triggers(pre_sign_up=Calls()(responding(autoVerifyPhone=True))))
    assert refusal(app.sign_up) == "InvalidLambdaResponse: Unrecognizable lambda output"
    assert names(app) == []


def test_a_refused_sign_up_leaves_nothing() -> None:
    app = app_with(Triggers(pre_sign_up=Calls()(refusing("not from here"))))
    assert refusal(app.sign_up) == "UserLambdaValidation: PreSignUp failed with error not from here."
    assert names(app) == []


def test_an_administrators_user_is_announced_and_not_confirmed() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_sign_up=calls(responding(autoConfirmUser=True, autoVerifyEmail=True))))
    app.send(
        AdminCreateUser(
            user_pool_id=app.pool_id,
            username="ana",
            user_attributes=listed({"email": "ana@example.com"}),
            validation_data=listed({"by": "root"}),
            client_metadata=DATA,
            message_action="SUPPRESS",
        )
    )
    assert calls.last["triggerSource"] == "PreSignUp_AdminCreateUser"
    assert calls.last["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
    assert calls.last["request"]["validationData"] == {"by": "root"}
    assert calls.last["request"]["clientMetadata"] == DATA
    assert (status(app), attributes(app)["email_verified"]) == ("FORCE_CHANGE_PASSWORD", "false")


def confirm_as_administrator(app: App) -> None:
    app.sign_up()
    app.send(AdminConfirmSignUp(user_pool_id=app.pool_id, username="ana", client_metadata=DATA))


def confirm_a_new_password(app: App) -> None:
    app.create_user()
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    code = app.last_message().code
    app.send(
        ConfirmForgotPassword(
            client_id=app.client_id, username="ana", confirmation_code=code, password=NEW_PASSWORD, client_metadata=DATA
        )
    )


CONFIRMATIONS: Final[dict[str, tuple[Callable[[App], None], str]]] = {
    "code": (confirm_by_code, "ConfirmSignUp"),
    "administrator": (confirm_as_administrator, "ConfirmSignUp"),
    "new password": (confirm_a_new_password, "ConfirmForgotPassword"),
}


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_confirmations_are_told(name: str) -> None:
    confirm, occasion = CONFIRMATIONS[name]
    calls = Calls()
    app = app_with(Triggers(post_confirmation=calls()))
    confirm(app)
    assert calls.sources == [f"PostConfirmation_{occasion}"]
    request = calls.last["request"]
    assert request["clientMetadata"] == DATA
    assert request["userAttributes"]["cognito:user_status"] == "CONFIRMED"
    assert request["userAttributes"]["email"] == "ana@example.com"


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_who_was_confirmed_stays_so(name: str) -> None:
    confirm, _ = CONFIRMATIONS[name]
    app = app_with(Triggers(post_confirmation=Calls()(refusing("too late"))))
    assert refusal(confirm, app) == "UserLambdaValidation: PostConfirmation failed with error too late."
    assert status(app) == "CONFIRMED"


# Around a sign-in


def test_the_order_of_a_sign_in() -> None:
    calls = Calls()
    app = app_with(
        Triggers(pre_authentication=calls(), post_authentication=calls(), pre_token_generation=calls(), pre_sign_up=None)
    )
    app.create_user()
    parameters = app.parameters("ana", PASSWORD=PASSWORD)
    app.send(
        InitiateAuth(client_id=app.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters, client_metadata=DATA)
    )
    assert calls.sources == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ]
    before, after, tokens = (event["request"] for event in calls.events)
    assert before["validationData"] == DATA
    assert before["userNotFound"] is False
    assert after["newDeviceUsed"] is False
    assert not any("clientMetadata" in request for request in (before, after, tokens))
    assert all(event["callerContext"]["clientId"] == app.client_id for event in calls.events)


def test_answers_carry_their_own_metadata() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_authentication=calls(), post_authentication=calls(), pre_token_generation=calls()))
    app.create_user()
    pair, challenge = app.srp_challenge()
    app.send(
        RespondToAuthChallenge(
            client_id=app.client_id,
            challenge_name="PASSWORD_VERIFIER",
            challenge_responses=app.srp_claim(pair, challenge),
            client_metadata=DATA,
        )
    )
    assert len(calls.events) == 3
    assert calls.events[0]["request"]["validationData"] is None
    assert [event["request"].get("clientMetadata") for event in calls.events] == [None, DATA, DATA]


@pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH"])
def test_every_flow_is_announced(flow: Any) -> None:
    app = app_with(
        Triggers(pre_authentication=Calls()(refusing("closed"))),
        explicit_auth_flows=(f"ALLOW_{flow}", "ALLOW_REFRESH_TOKEN_AUTH"),
    )
    app.create_user()
    parameters = app.parameters("ana", PASSWORD=PASSWORD, SRP_A="ab" * 200)
    request = AdminInitiateAuth(user_pool_id=app.pool_id, client_id=app.client_id, auth_flow=flow, auth_parameters=parameters)
    assert refusal(app.send, request) == "UserLambdaValidation: PreAuthentication failed with error closed."


def test_the_password_is_not_judged_before_the_trigger() -> None:
    app = app_with(Triggers(pre_authentication=Calls()(refusing("closed"))))
    app.create_user()
    for password in (PASSWORD, NEW_PASSWORD):
        assert (
            refusal(app.password_auth, "ana", password) == "UserLambdaValidation: PreAuthentication failed with error closed."
        )


def test_who_is_locked_out_is_not_announced() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_authentication=calls()))
    for _ in range(5):
        refusal(app.password_auth, "bob")
    for attempt in (app.password_auth, app.srp_challenge):
        assert refusal(attempt, "bob") == "NotAuthorized: Password attempts exceeded"
    assert len(calls.events) == 5


def test_strangers_are_announced_where_nobody_is_told_who_exists() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_authentication=calls()))
    assert refusal(app.password_auth, "bob") == "NotAuthorized: Incorrect username or password."
    assert (calls.last["userName"], calls.last["request"]["userNotFound"]) == ("bob", True)
    assert calls.last["request"]["userAttributes"] == {}


def test_strangers_are_not_announced_elsewhere() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_authentication=calls()), prevent_user_existence_errors="LEGACY")
    assert refusal(app.password_auth, "bob") == "UserNotFound: User does not exist."
    assert calls.events == []


def test_a_refusal_after_the_sign_in_gives_no_tokens() -> None:
    app = app_with(Triggers(post_authentication=Calls()(refusing("late"))))
    app.create_user()
    assert refusal(app.password_auth) == "UserLambdaValidation: PostAuthentication failed with error late."


def test_a_new_device_is_told() -> None:
    calls = Calls()
    app = app_with(Triggers(post_authentication=calls()), pool={"device_configuration": DeviceConfiguration()})
    app.create_user()
    app.tokens()
    assert calls.last["request"]["newDeviceUsed"] is True


def test_a_refresh_runs_one_trigger() -> None:
    calls = Calls()
    app = app_with(Triggers(pre_authentication=calls(), post_authentication=calls(), pre_token_generation=calls()))
    app.create_user()
    token = app.tokens().refresh_token or ""
    calls.events.clear()
    app.send(InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters={"REFRESH_TOKEN": token}))
    app.send(GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=token, client_metadata=DATA))
    assert calls.sources == ["TokenGeneration_RefreshTokens"] * 2
    assert [event["request"].get("clientMetadata") for event in calls.events] == [None, DATA]


# Messages


def on_sign_up(app: App) -> None:
    app.sign_up()


def on_resend(app: App) -> None:
    app.sign_up()
    app.send(ResendConfirmationCode(client_id=app.client_id, username="ana"))


def on_forgotten_password(app: App) -> None:
    app.create_user()
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))


def on_reset(app: App) -> None:
    app.create_user()
    app.send(AdminResetUserPassword(user_pool_id=app.pool_id, username="ana"))


def on_update(app: App) -> None:
    app.create_user()
    access = app.tokens().access_token or ""
    app.send(UpdateUserAttributes(access_token=access, user_attributes=listed({"email": "new@example.com"})))


def on_administrators_update(app: App) -> None:
    app.create_user()
    given = listed({"email": "new@example.com"})
    app.send(AdminUpdateUserAttributes(user_pool_id=app.pool_id, username="ana", user_attributes=given))


def on_verification(app: App) -> None:
    app.create_user()
    access = app.tokens().access_token or ""
    app.send(GetUserAttributeVerificationCode(access_token=access, attribute_name="email"))


MESSAGES: Final[dict[str, tuple[Callable[[App], None], str, bool]]] = {
    "sign-up": (on_sign_up, "SignUp", True),
    "resend": (on_resend, "ResendCode", True),
    "forgotten": (on_forgotten_password, "ForgotPassword", True),
    "reset": (on_reset, "ForgotPassword", False),
    "update": (on_update, "UpdateUserAttribute", True),
    "administrator's update": (on_administrators_update, "UpdateUserAttribute", False),
    "verification": (on_verification, "VerifyUserAttribute", True),
}
"""What sends it, the occasion, and whether an app client is behind it."""


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name: str) -> None:
    run, occasion, by_client = MESSAGES[name]
    calls = Calls()
    app = app_with(Triggers(custom_message=calls(responding(emailMessage="Code: {####}!"))), pool=OWN_MAIL)
    run(app)
    assert calls.last["triggerSource"] == f"CustomMessage_{occasion}"
    assert calls.last["callerContext"]["clientId"] == (app.client_id if by_client else "CLIENT_ID_NOT_APPLICABLE")
    assert calls.last["request"]["codeParameter"] == "{####}"
    assert calls.last["request"]["usernameParameter"] is None
    message = app.last_message()
    assert message.text == f"Code: {message.code}!"


def invite(app: App) -> None:
    app.send(
        AdminCreateUser(
            user_pool_id=app.pool_id,
            username="ana",
            user_attributes=listed({"email": "ana@example.com"}),
            temporary_password=PASSWORD,
            desired_delivery_mediums=("EMAIL",),
        )
    )


def test_invitations_have_two_places() -> None:
    calls = Calls()
    app = app_with(Triggers(custom_message=calls(responding(emailMessage="{username} {####}"))), pool=OWN_MAIL)
    invite(app)
    assert calls.last["triggerSource"] == "CustomMessage_AdminCreateUser"
    assert calls.last["request"]["usernameParameter"] == "{username}"
    assert app.last_message().text == f"ana {PASSWORD}"


@pytest.mark.parametrize("said", [{}, {"emailMessage": ""}, {"smsMessage": "{####}"}])
def test_what_is_not_said_stays(said: dict[str, str]) -> None:
    app = app_with(Triggers(custom_message=Calls()(responding(**said))), pool=OWN_MAIL)
    app.sign_up()
    assert app.last_message().text == f"Your verification code is {app.last_message().code}. "


WRONG_MESSAGES: Final[dict[str, tuple[Callable[[App], None], dict[str, Any], dict[str, object]]]] = {
    "no code": (on_sign_up, OWN_MAIL, {"emailMessage": "hello"}),
    "no name": (invite, OWN_MAIL, {"emailMessage": "{####}"}),
    "Cognito's own sender": (on_sign_up, {}, {"emailMessage": "{####}"}),
    "Cognito's own sender, subject": (on_sign_up, {}, {"emailSubject": "hello"}),
    "a number": (on_sign_up, OWN_MAIL, {"emailMessage": 7}),
}


@pytest.mark.parametrize("name", WRONG_MESSAGES)
def test_messages_that_cannot_be_sent(name: str) -> None:
    run, pool, said = WRONG_MESSAGES[name]
    app = app_with(Triggers(custom_message=Calls()(responding(**said))), pool=pool)
    assert refusal(run, app) == "InvalidLambdaResponse: Unrecognizable lambda output"
    assert names(app) == []
