"""Signing up and confirming it."""

from __future__ import annotations

from ..registry import journey
from ..world import DAY, PASSWORD, World, listed, named, unique


@journey("SignUp", "ConfirmSignUp")
def with_code(world: World) -> None:
    app, username = world.app, unique("user")
    given = listed({"email": "ana@example.org"})
    reply = app.call("SignUp", Username=username, Password=PASSWORD, UserAttributes=given)
    assert reply["UserConfirmed"] is False
    details = reply["CodeDeliveryDetails"]
    assert details == {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    found = app.call("AdminGetUser", Username=username)
    assert (found["UserStatus"], named(found["UserAttributes"])["sub"]) == ("UNCONFIRMED", reply["UserSub"])
    sign_in = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": app.parameters(username, PASSWORD=PASSWORD)}
    assert app.refused("UserNotConfirmed", "InitiateAuth", **sign_in) == "User is not confirmed."
    app.confirm(username)
    found = app.call("AdminGetUser", Username=username)
    assert (found["UserStatus"], named(found["UserAttributes"])["email_verified"]) == ("CONFIRMED", "true")
    assert "AccessToken" in app.tokens(username)


@journey("SignUp", "ConfirmSignUp")
def session_of_choice(world: World) -> None:
    flows = ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    app, username = world.new(client={"ExplicitAuthFlows": flows}), unique("user")
    given = listed({"email": "ana@example.org"})
    signed_up = app.call("SignUp", Username=username, Password=PASSWORD, UserAttributes=given)
    confirmation = {"Username": username, "ConfirmationCode": app.code(username), "Session": signed_up["Session"]}
    confirmed = app.call("ConfirmSignUp", **confirmation)
    parameters = {"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": username}}
    reply = app.call("InitiateAuth", **parameters, Session=confirmed["Session"])
    token = reply["AuthenticationResult"]["AccessToken"]
    assert app.call("GetUser", AccessToken=token)["Username"] == username


@journey("SignUp")
def refused(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    assert app.refused("UsernameExists", "SignUp", Username=username, Password=PASSWORD) == "User already exists"
    text = app.refused("InvalidPassword", "SignUp", Username=unique("user"), Password="short-1")
    assert text.startswith("Password did not conform with policy: ")
    wrong = listed({"email": "no address"})
    text = app.refused("InvalidParameter", "SignUp", Username=unique("user"), Password=PASSWORD, UserAttributes=wrong)
    assert text == "Invalid email address format."
    limited = app.with_client(WriteAttributes=["email"])
    unwritable = {"Username": unique("user"), "Password": PASSWORD, "UserAttributes": listed({"name": "Ana"})}
    text = limited.refused("NotAuthorized", "SignUp", **unwritable)
    assert text == "A client attempted to write unauthorized attribute"


@journey("SignUp")
def closed(world: World) -> None:
    app = world.new(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    text = app.refused("NotAuthorized", "SignUp", Username=unique("user"), Password=PASSWORD)
    assert text == "SignUp is not permitted for this user pool"
    assert "AccessToken" in app.tokens(app.user())


@journey("SignUp")
def secret_hash(world: World) -> None:
    app = world.app.with_client(GenerateSecret=True)
    text = app.refused("NotAuthorized", "SignUp", Username=unique("user"), Password=PASSWORD)
    assert text == f"Client {app.client_id} is configured for secret but secret was not received"
    text = app.refused("NotAuthorized", "SignUp", Username=unique("user"), Password=PASSWORD, SecretHash="abcd")
    assert text == f"Unable to verify secret hash for client {app.client_id}"
    username = unique("user")
    app.call("SignUp", Username=username, Password=PASSWORD, SecretHash=app.parameters(username)["SECRET_HASH"])
    app.call("AdminConfirmSignUp", Username=username)
    assert "AccessToken" in app.tokens(username)


@journey("ConfirmSignUp")
def wrong_codes(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    code = app.code(username)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    text = app.refused("CodeMismatch", "ConfirmSignUp", Username=username, ConfirmationCode=wrong)
    assert text == "Invalid verification code provided, please try again."
    app.tools.move(DAY + 1)
    text = app.refused("ExpiredCode", "ConfirmSignUp", Username=username, ConfirmationCode=code)
    assert text == "Invalid code provided, please request a code again."
    for _ in range(16):
        app.attempt("ConfirmSignUp", Username=username, ConfirmationCode=wrong)
    app.refused("LimitExceeded", "ConfirmSignUp", Username=username, ConfirmationCode=wrong)
    assert app.call("AdminGetUser", Username=username)["UserStatus"] == "UNCONFIRMED"


@journey("ConfirmSignUp")
def once(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    app.confirm(username)
    text = app.refused("NotAuthorized", "ConfirmSignUp", Username=username, ConfirmationCode="123456")
    assert text == "User cannot be confirmed. Current status is CONFIRMED"


@journey("ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword", "InitiateAuth")
def unknown_user(world: World) -> None:
    app = world.app
    combination = "Username/client id combination not found."
    code = {"Username": "nobody", "ConfirmationCode": "123456"}
    assert app.refused("UserNotFound", "ConfirmSignUp", **code) == combination
    assert app.refused("UserNotFound", "ResendConfirmationCode", Username="nobody") == combination
    assert app.refused("UserNotFound", "ForgotPassword", Username="nobody") == combination
    app.refused("UserNotFound", "ConfirmForgotPassword", **code, Password=PASSWORD)
    parameters = app.parameters("nobody", PASSWORD=PASSWORD)
    text = app.refused("UserNotFound", "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    assert text == "User does not exist."


@journey("ConfirmSignUp")
def taken_alias(world: World) -> None:
    app = world.new(AliasAttributes=["email"])
    address = {"email": "shared@example.org"}
    first, second = app.sign_up(**address), app.sign_up(**address)
    app.confirm(first)
    code = app.code(second)
    text = app.refused("AliasExists", "ConfirmSignUp", Username=second, ConfirmationCode=code)
    assert text == "An account with the email already exists."
    app.call("ConfirmSignUp", Username=second, ConfirmationCode=code, ForceAliasCreation=True)
    assert app.call("AdminGetUser", Username="shared@example.org")["Username"] == second
    assert named(app.call("AdminGetUser", Username=first)["UserAttributes"])["email_verified"] == "false"


@journey("ResendConfirmationCode")
def resend(world: World) -> None:
    app, username = world.app, world.app.sign_up(email="ana@example.org")
    first = app.code(username)
    reply = app.call("ResendConfirmationCode", Username=username)
    details = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    assert reply == {"CodeDeliveryDetails": details}
    newest = app.code(username)
    if newest != first:
        app.refused("CodeMismatch", "ConfirmSignUp", Username=username, ConfirmationCode=first)
    app.confirm(username)
    text = app.refused("InvalidParameter", "ResendConfirmationCode", Username=username)
    assert text == "User is already confirmed."


@journey("ResendConfirmationCode")
def resend_too_often(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    for _ in range(6):
        app.attempt("ResendConfirmationCode", Username=username)
    app.refused("LimitExceeded", "ResendConfirmationCode", Username=username)
    app.confirm(username)


@journey("ResendConfirmationCode")
def resend_nowhere(world: World) -> None:
    app = world.app
    text = app.refused("InvalidParameter", "ResendConfirmationCode", Username=app.sign_up(name="Nobody"))
    assert text == "Auto verification not turned on."


@journey("AdminConfirmSignUp")
def by_the_administrator(world: World) -> None:
    app, username = world.app, world.app.sign_up()
    assert app.call("AdminConfirmSignUp", Username=username) == {}
    found = app.call("AdminGetUser", Username=username)
    assert found["UserStatus"] == "CONFIRMED"
    assert named(found["UserAttributes"]).get("email_verified", "false") == "false"
    assert "AccessToken" in app.tokens(username)
    text = app.refused("NotAuthorized", "AdminConfirmSignUp", Username=username)
    assert text == "User cannot be confirmed. Current status is CONFIRMED"
