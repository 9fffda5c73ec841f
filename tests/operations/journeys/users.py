"""Users as the administrator handles them: making, finding, changing, disabling and deleting one."""

from __future__ import annotations

from ..registry import journey
from ..world import DAY, HOUR, NEW_PASSWORD, PASSWORD, World, listed, named, unique


@journey("AdminCreateUser", "AdminGetUser")
def create(world: World) -> None:
    app, username = world.app, unique("user")
    mail = f"{username}@example.org"
    user = app.call(
        "AdminCreateUser",
        Username=username,
        UserAttributes=listed({"email": mail, "email_verified": "true"}),
        TemporaryPassword=PASSWORD,
        DesiredDeliveryMediums=["EMAIL"],
    )["User"]
    assert (user["Username"], user["Enabled"], user["UserStatus"]) == (username, True, "FORCE_CHANGE_PASSWORD")
    assert user["UserCreateDate"] == user["UserLastModifiedDate"]
    assert named(user["Attributes"]) == {"sub": named(user["Attributes"])["sub"], "email": mail, "email_verified": "true"}
    found = app.call("AdminGetUser", Username=username)
    assert found["UserAttributes"] == user["Attributes"]
    shared = ("Username", "Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate")
    assert [found[member] for member in shared] == [user[member] for member in shared]
    assert app.code(username) == PASSWORD
    assert app.initiate(username)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@journey("AdminCreateUser")
def invitation(world: World) -> None:
    app, username = world.app, unique("user")
    given = listed({"email": f"{username}@example.org"})
    app.call("AdminCreateUser", Username=username, UserAttributes=given, DesiredDeliveryMediums=["EMAIL"])
    made_up = app.code(username)
    assert app.initiate(username, made_up)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    app.tools.move(8 * DAY)
    app.sign_in_refused("NotAuthorized", username, made_up)
    app.call("AdminCreateUser", Username=username, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
    assert app.initiate(username, app.code(username))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@journey("AdminCreateUser")
def create_refused(world: World) -> None:
    app, username = world.app, world.app.user()
    text = app.refused("UsernameExists", "AdminCreateUser", Username=username)
    assert text == "User account already exists"
    text = app.refused("UnsupportedUserState", "AdminCreateUser", Username=username, MessageAction="RESEND")
    assert text == f"Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD"
    app.refused("UserNotFound", "AdminCreateUser", Username=unique("user"), MessageAction="RESEND")
    text = app.refused("InvalidPassword", "AdminCreateUser", Username=unique("user"), TemporaryPassword="short-1")
    assert text.startswith("Password did not conform with policy: ")


@journey("AdminCreateUser")
def create_without_address(world: World) -> None:
    app, username = world.app, unique("user")
    app.refused("CodeDeliveryFailure", "AdminCreateUser", Username=username, DesiredDeliveryMediums=["EMAIL"])
    app.refused("UserNotFound", "AdminGetUser", Username=username)


@journey("AdminCreateUser")
def create_with_taken_alias(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    address = {"email": "shared@example.org", "email_verified": "true"}
    first = app.user(**address)
    second = unique("user")
    given = {"Username": second, "UserAttributes": listed(address), "MessageAction": "SUPPRESS"}
    app.refused("UsernameExists", "AdminCreateUser", **given)
    app.call("AdminCreateUser", **given, ForceAliasCreation=True)
    assert app.call("AdminGetUser", Username="shared@example.org")["Username"] == second
    assert named(app.call("AdminGetUser", Username=first)["UserAttributes"])["email_verified"] == "false"


@journey("AdminUpdateUserAttributes", "AdminDeleteUserAttributes")
def attributes(world: World) -> None:
    app, username = world.app, world.app.user()
    before = app.call("AdminGetUser", Username=username)
    app.tools.move(HOUR)
    given = {"name": "Ana Ba", "email": "new@example.org", "email_verified": "true", "locale": "en"}
    assert app.call("AdminUpdateUserAttributes", Username=username, UserAttributes=listed(given)) == {}
    after = app.call("AdminGetUser", Username=username)
    assert named(after["UserAttributes"]) == {"sub": named(before["UserAttributes"])["sub"], **given}
    assert after["UserCreateDate"] == before["UserCreateDate"] < after["UserLastModifiedDate"]
    assert app.call("AdminDeleteUserAttributes", Username=username, UserAttributeNames=["name", "locale"]) == {}
    assert "name" not in named(app.call("AdminGetUser", Username=username)["UserAttributes"])


@journey("AdminUpdateUserAttributes", "AdminDeleteUserAttributes")
def attributes_refused(world: World) -> None:
    app, username = world.app, world.app.user()
    for given in ({"custom:nothing": "x"}, {"email": "no address"}, {"phone_number": "12"}, {"sub": "x"}):
        app.refused("InvalidParameter", "AdminUpdateUserAttributes", Username=username, UserAttributes=listed(given))
    app.refused("InvalidParameter", "AdminDeleteUserAttributes", Username=username, UserAttributeNames=["sub"])


@journey("AdminUpdateUserAttributes")
def taken_alias(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    address = {"email": "shared@example.org", "email_verified": "true"}
    app.user(**address)
    other = app.user(email="other@example.org")
    text = app.refused("AliasExists", "AdminUpdateUserAttributes", Username=other, UserAttributes=listed(address))
    assert text == "An account with the email already exists."
    assert named(app.call("AdminGetUser", Username=other)["UserAttributes"])["email"] == "other@example.org"


@journey("AdminSetUserPassword")
def password(world: World) -> None:
    app, username = world.app, world.app.user()
    assert app.call("AdminSetUserPassword", Username=username, Password=NEW_PASSWORD, Permanent=True) == {}
    assert "AccessToken" in app.tokens(username, NEW_PASSWORD)
    app.sign_in_refused("NotAuthorized", username)
    app.call("AdminSetUserPassword", Username=username, Password=PASSWORD)
    assert app.call("AdminGetUser", Username=username)["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert app.initiate(username)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@journey("AdminSetUserPassword")
def password_refused(world: World) -> None:
    app = world.new(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 2}})
    username = app.user()
    text = app.refused("InvalidPassword", "AdminSetUserPassword", Username=username, Password="short")
    assert text == "Password did not conform with policy: Password not long enough"
    given = {"Username": username, "Password": PASSWORD, "Permanent": True}
    assert app.refused("PasswordHistoryPolicyViolation", "AdminSetUserPassword", **given) == "Password has previously been used"
    assert "AccessToken" in app.tokens(username)


@journey("AdminResetUserPassword")
def reset(world: World) -> None:
    app, username = world.app, world.app.user()
    assert app.call("AdminResetUserPassword", Username=username) == {}
    assert app.call("AdminGetUser", Username=username)["UserStatus"] == "RESET_REQUIRED"
    text = app.sign_in_refused("PasswordResetRequired", username)
    assert text == "Password reset required for the user"
    code = app.code(username)
    app.call("ConfirmForgotPassword", Username=username, ConfirmationCode=code, Password=NEW_PASSWORD)
    assert app.call("AdminGetUser", Username=username)["UserStatus"] == "CONFIRMED"
    assert "AccessToken" in app.tokens(username, NEW_PASSWORD)


@journey("AdminResetUserPassword")
def reset_refused(world: World) -> None:
    app = world.app
    nowhere = app.user(name="Nobody Nowhere")
    text = app.refused("InvalidParameter", "AdminResetUserPassword", Username=nowhere)
    assert text == "Cannot reset password for the user as there is no registered/verified email or phone_number"
    invited = unique("user")
    app.call("AdminCreateUser", Username=invited, MessageAction="SUPPRESS")
    text = app.refused("NotAuthorized", "AdminResetUserPassword", Username=invited)
    assert text == "User password cannot be reset in the current state."


@journey("AdminDisableUser", "AdminEnableUser")
def disable(world: World) -> None:
    app = world.app
    username = app.user()
    tokens = app.tokens(username)
    for _ in range(2):
        assert app.call("AdminDisableUser", Username=username) == {}
    found = app.call("AdminGetUser", Username=username)
    assert (found["Enabled"], found["UserStatus"]) == (False, "CONFIRMED")
    parameters = app.parameters(username, PASSWORD=PASSWORD)
    sign_in = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    assert app.refused("NotAuthorized", "InitiateAuth", **sign_in) == "User is disabled."
    app.refused("NotAuthorized", "GetUser", AccessToken=tokens["AccessToken"])
    for _ in range(2):
        assert app.call("AdminEnableUser", Username=username) == {}
    assert app.call("AdminGetUser", Username=username)["Enabled"] is True
    app.refused("NotAuthorized", "GetUser", AccessToken=tokens["AccessToken"])
    app.refresh_refused("NotAuthorized", tokens["RefreshToken"])
    assert "AccessToken" in app.tokens(username)


@journey("AdminDeleteUser")
def delete(world: World) -> None:
    app, name = world.app, world.app.group()
    username, token = app.member()
    app.call("AdminAddUserToGroup", Username=username, GroupName=name)
    sub = named(app.call("AdminGetUser", Username=username)["UserAttributes"])["sub"]
    assert app.call("AdminDeleteUser", Username=username) == {}
    assert app.refused("UserNotFound", "AdminGetUser", Username=username) == "User does not exist."
    app.refused("UserNotFound", "GetUser", AccessToken=token)
    assert app.call("ListUsersInGroup", GroupName=name)["Users"] == []
    app.user(username)
    assert named(app.call("AdminGetUser", Username=username)["UserAttributes"])["sub"] != sub
    app.refused("UserNotFound", "GetUser", AccessToken=token)


@journey("AdminGetUser")
def by_other_names(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    username = app.user(email="ana@example.org", email_verified="true")
    found = app.call("AdminGetUser", Username=username)
    assert app.call("AdminGetUser", Username="ana@example.org") == found
    assert app.call("AdminGetUser", Username=named(found["UserAttributes"])["sub"]) == found
