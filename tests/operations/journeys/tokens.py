"""Refreshing and revoking tokens."""

from __future__ import annotations

from typing import Any, Final

from ..registry import journey
from ..world import DAY, World

ROTATION: Final = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
ROTATING: Final = {
    "RefreshTokenRotation": ROTATION,
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
}


@journey("InitiateAuth")
def refresh(world: World) -> None:
    app, username = world.app, world.app.user()
    tokens = app.tokens(username)
    renewed = app.refresh(tokens["RefreshToken"])["AuthenticationResult"]
    assert renewed.keys() == {"AccessToken", "ExpiresIn", "IdToken", "TokenType"}
    assert app.call("GetUser", AccessToken=renewed["AccessToken"])["Username"] == username
    app.tools.move(31 * DAY)
    assert app.refresh_refused("NotAuthorized", tokens["RefreshToken"]) == "Refresh Token has expired"
    assert app.refresh_refused("NotAuthorized", "nonsense") == "Invalid Refresh Token"


@journey("GetTokensFromRefreshToken")
def renew(world: World) -> None:
    app, username = world.app, world.app.user()
    tokens = app.tokens(username)
    reply = app.call("GetTokensFromRefreshToken", RefreshToken=tokens["RefreshToken"])
    assert reply["AuthenticationResult"].keys() == {"AccessToken", "ExpiresIn", "IdToken", "TokenType"}
    token = reply["AuthenticationResult"]["AccessToken"]
    assert app.call("GetUser", AccessToken=token)["Username"] == username
    app.call("AdminUserGlobalSignOut", Username=username)
    given = {"RefreshToken": tokens["RefreshToken"]}
    assert app.refused("NotAuthorized", "GetTokensFromRefreshToken", **given) == "Refresh Token has been revoked"


@journey("GetTokensFromRefreshToken")
def rotate(world: World) -> None:
    app, username = world.app.with_client(**ROTATING), world.app.user()
    first = app.tokens(username)["RefreshToken"]
    renewed = app.call("GetTokensFromRefreshToken", RefreshToken=first)["AuthenticationResult"]
    assert renewed["RefreshToken"] != first
    app.call("GetTokensFromRefreshToken", RefreshToken=first)
    app.tools.move(11)
    app.refused("RefreshTokenReuse", "GetTokensFromRefreshToken", RefreshToken=first)
    assert app.call("GetUser", AccessToken=app.tokens(username)["AccessToken"])["Username"] == username


@journey("GetTokensFromRefreshToken")
def renew_with_secret(world: World) -> None:
    app, username = world.app.with_client(GenerateSecret=True), world.app.user()
    token = app.tokens(username)["RefreshToken"]
    app.refused("NotAuthorized", "GetTokensFromRefreshToken", RefreshToken=token)
    wrong = {"RefreshToken": token, "ClientSecret": 26 * "x"}
    app.refused("NotAuthorized", "GetTokensFromRefreshToken", **wrong)
    reply = app.call("GetTokensFromRefreshToken", RefreshToken=token, ClientSecret=app.secret)
    assert "AccessToken" in reply["AuthenticationResult"]


@journey("GetTokensFromRefreshToken")
def renew_after_the_user(world: World) -> None:
    app, username = world.app, world.app.user()
    token = app.tokens(username)["RefreshToken"]
    app.call("AdminDeleteUser", Username=username)
    app.refused("UserNotFound", "GetTokensFromRefreshToken", RefreshToken=token)


@journey("InitiateAuth", "AdminInitiateAuth")
def rotation_excludes_the_older_operations(world: World) -> None:
    app, username = world.app.with_client(**ROTATING), world.app.user()
    token = app.tokens(username)["RefreshToken"]
    given: dict[str, Any] = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": token}}
    app.refused("UnsupportedOperation", "InitiateAuth", **given)
    app.refused("UnsupportedOperation", "AdminInitiateAuth", **given)
    assert "AccessToken" in app.call("GetTokensFromRefreshToken", RefreshToken=token)["AuthenticationResult"]


@journey("RevokeToken")
def revoke(world: World) -> None:
    app, username = world.app, world.app.user()
    tokens, other = app.tokens(username), app.tokens(username)
    assert app.call("RevokeToken", Token=tokens["RefreshToken"]) == {}
    assert app.refresh_refused("NotAuthorized", tokens["RefreshToken"]) == "Refresh Token has been revoked"
    app.refused("NotAuthorized", "GetUser", AccessToken=tokens["AccessToken"])
    assert app.call("GetUser", AccessToken=other["AccessToken"])["Username"] == username
    assert "AccessToken" in app.refresh(other["RefreshToken"])["AuthenticationResult"]


@journey("RevokeToken")
def revoke_refused(world: World) -> None:
    app, username = world.app, world.app.user()
    tokens = app.tokens(username)
    app.refused("UnsupportedTokenType", "RevokeToken", Token=tokens["AccessToken"])
    app.refused("UnsupportedTokenType", "RevokeToken", Token=tokens["IdToken"])
    app.with_client().refused("Unauthorized", "RevokeToken", Token=tokens["RefreshToken"])
    without = app.with_client(EnableTokenRevocation=False)
    without.refused("UnsupportedOperation", "RevokeToken", Token=without.tokens(username)["RefreshToken"])
    app.with_client(GenerateSecret=True).refused("Unauthorized", "RevokeToken", Token=tokens["RefreshToken"])
    assert "AccessToken" in app.refresh(tokens["RefreshToken"])["AuthenticationResult"]
