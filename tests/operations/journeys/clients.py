"""The app clients of a pool."""

from __future__ import annotations

from ..registry import journey
from ..settings import ANALYTICS_BY_ARN, CLIENT
from ..world import PASSWORD, World, refusal, unique

DEFAULTS = {
    "RefreshTokenValidity": 30,
    "AuthSessionValidity": 3,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AllowedOAuthFlowsUserPoolClient": False,
}


@journey("CreateUserPoolClient", "DescribeUserPoolClient")
def create(world: World) -> None:
    app, name = world.app, unique("client")
    made = app.call("CreateUserPoolClient", ClientName=name)["UserPoolClient"]
    assert (made["ClientName"], made["UserPoolId"]) == (name, app.pool_id)
    assert {member: made[member] for member in DEFAULTS} == DEFAULTS
    assert "ClientSecret" not in made
    assert app.call("DescribeUserPoolClient", ClientId=made["ClientId"])["UserPoolClient"] == made
    text = app.refused("ResourceNotFound", "DescribeUserPoolClient", ClientId="nosuchclient")
    assert text == "User pool client nosuchclient does not exist."
    elsewhere = world.new()
    elsewhere.refused("ResourceNotFound", "DescribeUserPoolClient", ClientId=made["ClientId"])


@journey("CreateUserPoolClient", "DescribeUserPoolClient", "UpdateUserPoolClient")
def every_setting(world: World) -> None:
    app, name = world.app, unique("client")
    made = app.call("CreateUserPoolClient", ClientName=name, GenerateSecret=True, **CLIENT)["UserPoolClient"]
    assert {member: made[member] for member in CLIENT} == CLIENT
    assert made["ClientSecret"]
    assert app.call("DescribeUserPoolClient", ClientId=made["ClientId"])["UserPoolClient"] == made
    app.tools.move(60)
    given = {"ClientId": made["ClientId"], "ClientName": unique("client"), **CLIENT, "RefreshTokenValidity": 8}
    changed = app.call("UpdateUserPoolClient", **given)["UserPoolClient"]
    assert {member: changed[member] for member in given} == given
    assert changed["ClientSecret"] == made["ClientSecret"]
    assert made["CreationDate"] == changed["CreationDate"] < changed["LastModifiedDate"]
    assert app.call("DescribeUserPoolClient", ClientId=made["ClientId"])["UserPoolClient"] == changed
    bare = app.call("UpdateUserPoolClient", ClientId=made["ClientId"])["UserPoolClient"]
    assert {member: bare[member] for member in DEFAULTS} == DEFAULTS
    assert "CallbackURLs" not in bare


@journey("CreateUserPoolClient", "DescribeUserPoolClient", "UpdateUserPoolClient")
def analytics(world: World) -> None:
    app = world.app.with_client(AnalyticsConfiguration=ANALYTICS_BY_ARN)
    assert app.call("DescribeUserPoolClient")["UserPoolClient"]["AnalyticsConfiguration"] == ANALYTICS_BY_ARN
    bare = app.call("UpdateUserPoolClient")["UserPoolClient"]
    assert "AnalyticsConfiguration" not in bare
    changed = app.call("UpdateUserPoolClient", AnalyticsConfiguration=ANALYTICS_BY_ARN)["UserPoolClient"]
    assert changed["AnalyticsConfiguration"] == ANALYTICS_BY_ARN


@journey("CreateUserPoolClient")
def given_secret(world: World) -> None:
    secret = 3 * "0123456789abcdef"
    app, username = world.app.with_client(ClientSecret=secret), world.app.user()
    assert app.secret == secret
    assert "AccessToken" in app.tokens(username)
    parameters = {"USERNAME": username, "PASSWORD": PASSWORD}
    text = app.refused("NotAuthorized", "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    assert text == f"Client {app.client_id} is configured with secret but SECRET_HASH was not received"


@journey("UpdateUserPoolClient")
def changed_flows(world: World) -> None:
    app, username = world.app.with_client(), world.app.user()
    assert "AccessToken" in app.tokens(username)
    app.call("UpdateUserPoolClient", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    app.sign_in_refused("InvalidParameter", username)
    assert "AuthenticationResult" in app.prove(username)


@journey("CreateUserPoolClient", "UpdateUserPoolClient")
def refused(world: World) -> None:
    app = world.app.with_client()
    machine = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthFlowsUserPoolClient": True}
    wrong = (
        ("InvalidOAuthFlow", {**machine, "AllowedOAuthScopes": ["openid"]}),
        ("InvalidParameter", {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]}),
        ("InvalidParameter", {"ReadAttributes": ["custom:nothing"]}),
        ("InvalidParameter", {"AllowedOAuthFlows": ["code"]}),
    )
    for code, settings in wrong:
        app.refused(code, "CreateUserPoolClient", ClientName="wrong", **settings)
        app.refused(code, "UpdateUserPoolClient", **settings)


@journey("DeleteUserPoolClient")
def delete(world: World) -> None:
    app, username = world.app.with_client(), world.app.user()
    tokens = app.tokens(username)
    assert app.call("DeleteUserPoolClient") == {}
    app.refused("ResourceNotFound", "DescribeUserPoolClient")
    app.sign_in_refused("ResourceNotFound", username)
    assert refusal(app.call, "GetUser", AccessToken=tokens["AccessToken"]).code in (
        "NotAuthorizedException",
        "ResourceNotFoundException",
    )
    app.refused("ResourceNotFound", "DeleteUserPoolClient")


@journey("ListUserPoolClients")
def pages(world: World) -> None:
    app = world.new()
    ids = sorted([app.client_id, app.with_client().client_id, app.with_client().client_id])
    first = app.call("ListUserPoolClients", MaxResults=2)
    rest = app.call("ListUserPoolClients", MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    found = first["UserPoolClients"] + rest["UserPoolClients"]
    assert sorted(each["ClientId"] for each in found) == ids
    for each in found:
        whole = app.call("DescribeUserPoolClient", ClientId=each["ClientId"])["UserPoolClient"]
        assert each == {member: whole[member] for member in ("ClientId", "ClientName", "UserPoolId")}


@journey("ListUserPoolClients")
def wrong_page(world: World) -> None:
    world.app.refused("InvalidParameter", "ListUserPoolClients", NextToken="nonsense")
