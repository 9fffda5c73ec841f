"""Signing in and out."""

from __future__ import annotations

from typing import Any

from ..registry import journey
from ..steps import begin
from ..world import FLOWS, NEW_PASSWORD, PASSWORD, World, refusal, unique

RESULT = {"AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"}


@journey("InitiateAuth", "RespondToAuthChallenge")
def by_proof(world: World) -> None:
    app, username = world.app, world.app.user()
    reply = app.prove(username)
    assert reply["AuthenticationResult"].keys() == RESULT
    assert (reply["AuthenticationResult"]["TokenType"], reply["AuthenticationResult"]["ExpiresIn"]) == ("Bearer", 3600)
    token = reply["AuthenticationResult"]["AccessToken"]
    assert app.call("GetUser", AccessToken=token)["Username"] == username


@journey("InitiateAuth")
def by_password(world: World) -> None:
    app, username = world.app, world.app.user()
    reply = app.initiate(username)
    assert reply["AuthenticationResult"].keys() == RESULT
    text = app.sign_in_refused("NotAuthorized", username, "Wrong-Horse-7")
    assert text == "Incorrect username or password."


@journey("InitiateAuth")
def flow_of_another_client(world: World) -> None:
    app, username = world.app, world.app.user()
    unallowed = app.with_client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    text = unallowed.sign_in_refused("InvalidParameter", username)
    assert text == "USER_PASSWORD_AUTH flow not enabled for this client"
    assert app.initiate(username)["ChallengeParameters"] == {}


@journey("AdminInitiateAuth")
def by_the_administrator(world: World) -> None:
    app, username = world.app, world.app.user()
    given: dict[str, Any] = {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}
    reply = app.call("AdminInitiateAuth", **given, AuthParameters=app.parameters(username, PASSWORD=PASSWORD))
    assert reply["AuthenticationResult"].keys() == RESULT
    assert app.call("GetUser", AccessToken=reply["AuthenticationResult"]["AccessToken"])["Username"] == username
    wrong = app.parameters(username, PASSWORD="Wrong-Horse-7")
    text = app.refused("NotAuthorized", "AdminInitiateAuth", **given, AuthParameters=wrong)
    assert text == "Incorrect username or password."
    nobody = app.parameters("nobody", PASSWORD=PASSWORD)
    app.refused("UserNotFound", "AdminInitiateAuth", **given, AuthParameters=nobody)
    unconfirmed = app.parameters(app.sign_up(), PASSWORD=PASSWORD)
    app.refused("UserNotConfirmed", "AdminInitiateAuth", **given, AuthParameters=unconfirmed)
    app.call("AdminResetUserPassword", Username=username)
    right = app.parameters(username, PASSWORD=PASSWORD)
    app.refused("PasswordResetRequired", "AdminInitiateAuth", **given, AuthParameters=right)
    unallowed = app.with_client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    text = unallowed.refused("InvalidParameter", "AdminInitiateAuth", **given, AuthParameters=right)
    assert text == "Auth flow not enabled for this client"


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def proof_refused(world: World) -> None:
    app = world.app
    for prefix in ("", "Admin"):
        username = app.user()
        assert refusal(app.prove, username, "Wrong-Horse-7", prefix=prefix).code == "NotAuthorizedException"
        assert "AuthenticationResult" in app.prove(username, prefix=prefix)
        assert refusal(app.prove, app.sign_up(), prefix=prefix).code == "UserNotConfirmedException"
        app.call("AdminResetUserPassword", Username=username)
        assert refusal(app.prove, username, prefix=prefix).code == "PasswordResetRequiredException"


@journey("GlobalSignOut", "AdminUserGlobalSignOut")
def sign_out(world: World) -> None:
    app, username = world.app, world.app.user()
    tokens, other = app.tokens(username), app.tokens(username)
    assert app.call("GlobalSignOut", AccessToken=tokens["AccessToken"]) == {}
    for each in (tokens, other):
        text = app.refused("NotAuthorized", "GetUser", AccessToken=each["AccessToken"])
        assert text == "Access Token has been revoked"
        assert app.refresh_refused("NotAuthorized", each["RefreshToken"]) == "Refresh Token has been revoked"
    tokens = app.tokens(username)
    assert app.call("AdminUserGlobalSignOut", Username=username) == {}
    app.refused("NotAuthorized", "GetUser", AccessToken=tokens["AccessToken"])
    app.refresh_refused("NotAuthorized", tokens["RefreshToken"])
    assert "AccessToken" in app.tokens(username)


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def new_password(world: World) -> None:
    app = world.app
    for operation in ("RespondToAuthChallenge", "AdminRespondToAuthChallenge"):
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        challenge = begin(app, operation.partition("Respond")[0], username)
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        given = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"]}
        weak = app.parameters(username, NEW_PASSWORD="short")
        app.refused("InvalidPassword", operation, **given, ChallengeResponses=weak)
        right = app.parameters(username, NEW_PASSWORD=NEW_PASSWORD)
        reply = app.call(operation, **given, ChallengeResponses=right)
        assert reply["AuthenticationResult"].keys() == RESULT
        assert app.call("AdminGetUser", Username=username)["UserStatus"] == "CONFIRMED"
        app.refused("NotAuthorized", operation, **given, ChallengeResponses=right)
        assert "AccessToken" in app.tokens(username, NEW_PASSWORD)


FLOW_OF_CHOICE = [*FLOWS, "ALLOW_USER_AUTH"]


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def choice(world: World) -> None:
    app = world.new(client={"ExplicitAuthFlows": FLOW_OF_CHOICE})
    username = app.user()
    for prefix in ("", "Admin"):
        parameters = {"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": username}}
        challenge = app.call(f"{prefix}InitiateAuth", **parameters)
        assert challenge["ChallengeName"] == "SELECT_CHALLENGE"
        assert set(challenge["AvailableChallenges"]) == {"PASSWORD", "PASSWORD_SRP"}
        answer = {"ChallengeName": "SELECT_CHALLENGE", "Session": challenge["Session"]}
        responses = {"USERNAME": username, "ANSWER": "PASSWORD", "PASSWORD": PASSWORD}
        reply = app.call(f"{prefix}RespondToAuthChallenge", **answer, ChallengeResponses=responses)
        assert "AccessToken" in reply["AuthenticationResult"]
