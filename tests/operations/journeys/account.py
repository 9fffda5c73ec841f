"""The signed-in user's own account: profile, passwords, the end of it."""

from __future__ import annotations

from ..registry import journey
from ..world import HOUR, NEW_PASSWORD, PASSWORD, App, World, listed, named, unique

OTHER_PASSWORD = "Third-Donkey-9"


@journey("GetUser")
def profile(world: World) -> None:
    app = world.app
    username, token = app.member(email="ana@example.org", email_verified="true", name="Ana")
    reply = app.call("GetUser", AccessToken=token)
    assert reply == {
        "Username": username,
        "UserAttributes": app.call("AdminGetUser", Username=username)["UserAttributes"],
    }
    assert reply["UserAttributes"][0]["Name"] == "sub"
    limited = app.with_client(ReadAttributes=["name"])
    seen = limited.call("GetUser", AccessToken=limited.tokens(username)["AccessToken"])["UserAttributes"]
    assert named(seen).keys() <= {"sub", "name"}
    assert named(seen)["name"] == "Ana"


@journey("GetUser")
def expired_token(world: World) -> None:
    app = world.app
    _, token = app.member()
    app.tools.move(HOUR + 1)
    assert app.refused("NotAuthorized", "GetUser", AccessToken=token) == "Access Token has expired"


@journey("ChangePassword")
def change_password(world: World) -> None:
    app = world.app
    username, token = app.member()
    given = {"AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": NEW_PASSWORD}
    assert app.call("ChangePassword", **given) == {}
    assert "AccessToken" in app.tokens(username, NEW_PASSWORD)
    app.sign_in_refused("NotAuthorized", username)


@journey("ChangePassword")
def change_password_refused(world: World) -> None:
    app = world.new(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}})
    _, token = app.member()
    wrong = {"AccessToken": token, "PreviousPassword": "Wrong-Horse-7", "ProposedPassword": NEW_PASSWORD}
    assert app.refused("NotAuthorized", "ChangePassword", **wrong) == "Incorrect username or password."
    short = {"AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": "short"}
    app.refused("InvalidPassword", "ChangePassword", **short)
    same = {"AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": PASSWORD}
    app.refused("PasswordHistoryPolicyViolation", "ChangePassword", **same)


@journey("ChangePassword")
def change_password_too_often(world: World) -> None:
    app = world.app
    username, token = app.member()
    wrong = {"AccessToken": token, "PreviousPassword": "Wrong-Horse-7", "ProposedPassword": NEW_PASSWORD}
    for _ in range(6):
        app.attempt("ChangePassword", **wrong)
    app.refused("LimitExceeded", "ChangePassword", **wrong)
    app.tools.move(2 * HOUR)
    assert "AccessToken" in app.tokens(username)


@journey("ForgotPassword", "ConfirmForgotPassword")
def forgotten_password(world: World) -> None:
    app, username = world.app, world.app.user(email="ana@example.org", email_verified="true")
    reply = app.call("ForgotPassword", Username=username)
    details = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    assert reply == {"CodeDeliveryDetails": details}
    assert "AccessToken" in app.tokens(username)
    given = {"Username": username, "ConfirmationCode": app.code(username), "Password": NEW_PASSWORD}
    assert app.call("ConfirmForgotPassword", **given) == {}
    assert "AccessToken" in app.tokens(username, NEW_PASSWORD)
    assert app.refused("ExpiredCode", "ConfirmForgotPassword", **given)


@journey("ForgotPassword")
def forgotten_password_refused(world: World) -> None:
    app = world.app
    nowhere = app.user(name="Nobody Nowhere")
    text = app.refused("InvalidParameter", "ForgotPassword", Username=nowhere)
    assert text == "Cannot reset password for the user as there is no registered/verified email or phone_number"
    invited = unique("user")
    app.call("AdminCreateUser", Username=invited, MessageAction="SUPPRESS")
    text = app.refused("NotAuthorized", "ForgotPassword", Username=invited)
    assert text == "User password cannot be reset in the current state."


@journey("ForgotPassword")
def recovery_by_the_administrator(world: World) -> None:
    app = world.new(AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]})
    text = app.refused("NotAuthorized", "ForgotPassword", Username=app.user())
    assert text == "Contact administrator to reset password."


@journey("ForgotPassword", "ConfirmForgotPassword")
def forgotten_too_often(world: World) -> None:
    app, username = world.app, world.app.user()
    for _ in range(21):
        app.attempt("ForgotPassword", Username=username)
    app.refused("LimitExceeded", "ForgotPassword", Username=username)
    given = {"Username": username, "ConfirmationCode": "123456", "Password": NEW_PASSWORD}
    app.refused("LimitExceeded", "ConfirmForgotPassword", **given)
    assert "AccessToken" in app.tokens(username)


@journey("ConfirmForgotPassword")
def forgotten_wrongly(world: World) -> None:
    app = world.new(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}})
    username = app.user()
    app.call("ForgotPassword", Username=username)
    code = app.code(username)
    given = {"Username": username, "ConfirmationCode": code, "Password": NEW_PASSWORD}
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    text = app.refused("CodeMismatch", "ConfirmForgotPassword", **given | {"ConfirmationCode": wrong})
    assert text == "Invalid verification code provided, please try again."
    app.refused("InvalidPassword", "ConfirmForgotPassword", **given | {"Password": "short"})
    app.refused("PasswordHistoryPolicyViolation", "ConfirmForgotPassword", **given | {"Password": PASSWORD})
    app.tools.move(HOUR + 1)
    app.refused("ExpiredCode", "ConfirmForgotPassword", **given)
    assert "AccessToken" in app.tokens(username)


@journey("ConfirmForgotPassword")
def forgotten_before_confirming(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    given = {"Username": username, "ConfirmationCode": "123456", "Password": NEW_PASSWORD}
    app.refused("UserNotConfirmed", "ConfirmForgotPassword", **given)


@journey("DeleteUser")
def delete(world: World) -> None:
    app = world.app
    username, token = app.member()
    assert app.call("DeleteUser", AccessToken=token) == {}
    app.refused("UserNotFound", "AdminGetUser", Username=username)
    app.sign_in_refused("UserNotFound", username)


@journey("GetUserAuthFactors")
def factors(world: World) -> None:
    app = world.new(MfaConfiguration="OPTIONAL")
    username, token = app.member()
    bare = app.call("GetUserAuthFactors", AccessToken=token)
    assert bare == {"Username": username, "ConfiguredUserAuthFactors": ["PASSWORD"]}
    _prefer_authenticator(app, token)
    reply = app.call("GetUserAuthFactors", AccessToken=token)
    assert reply["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    assert reply["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert "PASSWORD" in reply["ConfiguredUserAuthFactors"]


@journey("UpdateUserAttributes", "DeleteUserAttributes")
def attributes(world: World) -> None:
    app = world.app
    username, token = app.member()
    assert (
        app.call("UpdateUserAttributes", AccessToken=token, UserAttributes=listed({"name": "Ana"})).get(
            "CodeDeliveryDetailsList", []
        )
        == []
    )
    assert named(app.call("AdminGetUser", Username=username)["UserAttributes"])["name"] == "Ana"
    assert app.call("DeleteUserAttributes", AccessToken=token, UserAttributeNames=["name", "nickname"]) == {}
    assert "name" not in named(app.call("GetUser", AccessToken=token)["UserAttributes"])


@journey("UpdateUserAttributes", "DeleteUserAttributes")
def attributes_refused(world: World) -> None:
    app = world.app
    username, token = app.member()
    for given in ({"custom:nothing": "x"}, {"email": "no address"}):
        app.refused("InvalidParameter", "UpdateUserAttributes", AccessToken=token, UserAttributes=listed(given))
    app.refused("InvalidParameter", "DeleteUserAttributes", AccessToken=token, UserAttributeNames=["custom:nothing"])
    limited = app.with_client(WriteAttributes=["email"])
    token = limited.tokens(username)["AccessToken"]
    text = limited.refused("NotAuthorized", "UpdateUserAttributes", AccessToken=token, UserAttributes=listed({"name": "Ana"}))
    assert text == "A client attempted to write unauthorized attribute"
    limited.refused("NotAuthorized", "DeleteUserAttributes", AccessToken=token, UserAttributeNames=["name"])


def _prefer_authenticator(app: App, token: str) -> None:
    app.authenticator(token)
    settings = {"Enabled": True, "PreferredMfa": True}
    app.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=settings)
