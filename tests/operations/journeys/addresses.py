"""The signed-in user's addresses: changing and verifying them."""

from __future__ import annotations

from ..registry import journey
from ..world import DAY, App, World, listed, named

DETAILS = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "n***@e***"}


@journey("UpdateUserAttributes", "VerifyUserAttribute")
def changed_address(world: World) -> None:
    app = world.app
    username, token = app.member()
    reply = app.call("UpdateUserAttributes", AccessToken=token, UserAttributes=listed({"email": "new@example.org"}))
    assert reply == {"CodeDeliveryDetailsList": [DETAILS]}
    found = named(app.call("GetUser", AccessToken=token)["UserAttributes"])
    assert (found["email"], found["email_verified"]) == ("new@example.org", "false")
    given = {"AccessToken": token, "AttributeName": "email", "Code": app.code(username)}
    assert app.call("VerifyUserAttribute", **given) == {}
    assert named(app.call("GetUser", AccessToken=token)["UserAttributes"])["email_verified"] == "true"
    app.refused("ExpiredCode", "VerifyUserAttribute", **given)


@journey("UpdateUserAttributes", "VerifyUserAttribute")
def kept_until_verified(world: World) -> None:
    app = world.new(UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]})
    username, token = app.member(email="old@example.org", email_verified="true")
    app.call("UpdateUserAttributes", AccessToken=token, UserAttributes=listed({"email": "new@example.org"}))
    found = named(app.call("GetUser", AccessToken=token)["UserAttributes"])
    assert (found["email"], found["email_verified"]) == ("old@example.org", "true")
    app.call("VerifyUserAttribute", AccessToken=token, AttributeName="email", Code=app.code(username))
    found = named(app.call("GetUser", AccessToken=token)["UserAttributes"])
    assert (found["email"], found["email_verified"]) == ("new@example.org", "true")


@journey("UpdateUserAttributes", "VerifyUserAttribute")
def taken_alias(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    app.user(email="shared@example.org", email_verified="true")
    username, token = app.member(email="other@example.org", email_verified="true")
    taken = {"AccessToken": token, "UserAttributes": listed({"email": "shared@example.org"})}
    text = app.refused("AliasExists", "UpdateUserAttributes", **taken)
    assert text == "An account with the email already exists."
    assert app.call("AdminGetUser", Username="other@example.org")["Username"] == username


@journey("VerifyUserAttribute")
def taken_before_verified(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    username, token = app.member(email="shared@example.org")
    app.call("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
    code = app.code(username)
    app.user(email="shared@example.org", email_verified="true")
    app.refused("AliasExists", "VerifyUserAttribute", AccessToken=token, AttributeName="email", Code=code)


@journey("GetUserAttributeVerificationCode", "VerifyUserAttribute")
def verify(world: World) -> None:
    app = world.app
    username, token = app.member(email="new@example.org")
    reply = app.call("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
    assert reply == {"CodeDeliveryDetails": DETAILS}
    code = app.code(username)
    _wrong_codes(app, token, code)
    app.call("VerifyUserAttribute", AccessToken=token, AttributeName="email", Code=code)
    assert named(app.call("GetUser", AccessToken=token)["UserAttributes"])["email_verified"] == "true"


def _wrong_codes(app: App, token: str, code: str) -> None:
    given = {"AccessToken": token, "AttributeName": "email"}
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    text = app.refused("CodeMismatch", "VerifyUserAttribute", **given, Code=wrong)
    assert text == "Invalid verification code provided, please try again."


@journey("VerifyUserAttribute")
def late(world: World) -> None:
    app = world.app.with_client(AccessTokenValidity=24, TokenValidityUnits={"AccessToken": "hours"})
    username, token = app.member(email="new@example.org")
    app.call("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
    code = app.code(username)
    app.tools.move(DAY + 1)
    token = app.tokens(username)["AccessToken"]
    text = app.refused("ExpiredCode", "VerifyUserAttribute", AccessToken=token, AttributeName="email", Code=code)
    assert text == "Invalid code provided, please request a code again."


@journey("VerifyUserAttribute", "GetUserAttributeVerificationCode")
def too_often(world: World) -> None:
    app = world.app
    _, token = app.member(email="new@example.org")
    given = {"AccessToken": token, "AttributeName": "email"}
    for _ in range(6):
        app.attempt("GetUserAttributeVerificationCode", **given)
    app.refused("LimitExceeded", "GetUserAttributeVerificationCode", **given)
    for _ in range(16):
        app.attempt("VerifyUserAttribute", **given, Code="no-code")
    app.refused("LimitExceeded", "VerifyUserAttribute", **given, Code="no-code")
    assert named(app.call("GetUser", AccessToken=token)["UserAttributes"]).get("email_verified", "false") == "false"


@journey("GetUserAttributeVerificationCode", "VerifyUserAttribute")
def no_address(world: World) -> None:
    app = world.app
    _, token = app.member(name="Nobody Nowhere")
    app.refused("InvalidParameter", "GetUserAttributeVerificationCode", AccessToken=token, AttributeName="name")
    app.refused("CodeDeliveryFailure", "GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
    app.refused("InvalidParameter", "VerifyUserAttribute", AccessToken=token, AttributeName="name", Code="123456")
