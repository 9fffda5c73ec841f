"""Resource servers and their scopes."""

from __future__ import annotations

from ..registry import journey
from ..world import World, unique

SCOPES = [
    {"ScopeName": "read", "ScopeDescription": "Read orders"},
    {"ScopeName": "write", "ScopeDescription": "Change orders"},
]


@journey("CreateResourceServer", "DescribeResourceServer")
def create(world: World) -> None:
    app, identifier = world.app, unique("orders")
    made = app.call("CreateResourceServer", Identifier=identifier, Name="Orders", Scopes=SCOPES)["ResourceServer"]
    assert made == {"UserPoolId": app.pool_id, "Identifier": identifier, "Name": "Orders", "Scopes": SCOPES}
    assert app.call("DescribeResourceServer", Identifier=identifier)["ResourceServer"] == made
    text = app.refused("InvalidParameter", "CreateResourceServer", Identifier=identifier, Name="Again")
    assert text == f"{identifier} already exists in user pool {app.pool_id}."


@journey("UpdateResourceServer")
def update(world: World) -> None:
    app, identifier = world.app, unique("orders")
    app.call("CreateResourceServer", Identifier=identifier, Name="Orders", Scopes=SCOPES)
    given = {"Identifier": identifier, "Name": "All orders", "Scopes": SCOPES[1:]}
    changed = app.call("UpdateResourceServer", **given)["ResourceServer"]
    assert changed == {"UserPoolId": app.pool_id, **given}
    assert app.call("DescribeResourceServer", Identifier=identifier)["ResourceServer"] == changed


@journey("DeleteResourceServer")
def delete(world: World) -> None:
    app, identifier = world.app, unique("orders")
    app.call("CreateResourceServer", Identifier=identifier, Name="Orders")
    assert app.call("DeleteResourceServer", Identifier=identifier) == {}
    app.refused("ResourceNotFound", "DescribeResourceServer", Identifier=identifier)


@journey("ListResourceServers")
def pages(world: World) -> None:
    app = world.new()
    names = sorted(unique("orders") for _ in range(3))
    for name in names:
        app.call("CreateResourceServer", Identifier=name, Name="Orders", Scopes=SCOPES)
    first = app.call("ListResourceServers", MaxResults=2)
    rest = app.call("ListResourceServers", MaxResults=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    found = first["ResourceServers"] + rest["ResourceServers"]
    assert sorted(each["Identifier"] for each in found) == names
    for each in found:
        assert app.call("DescribeResourceServer", Identifier=each["Identifier"])["ResourceServer"] == each


@journey("ListResourceServers")
def wrong_page(world: World) -> None:
    world.app.refused("InvalidParameter", "ListResourceServers", NextToken="nonsense")


@journey("CreateResourceServer")
def too_many(world: World) -> None:
    app = world.new()
    for number in range(25):
        app.call("CreateResourceServer", Identifier=f"orders-{number}", Name="Orders")
    app.refused("LimitExceeded", "CreateResourceServer", Identifier="orders-25", Name="Orders")
    app.refused("ResourceNotFound", "DescribeResourceServer", Identifier="orders-25")


@journey("DescribeResourceServer", "UpdateResourceServer", "DeleteResourceServer")
def unknown(world: World) -> None:
    text = world.app.refused("ResourceNotFound", "DescribeResourceServer", Identifier="nothing")
    assert text == "Resource server nothing does not exist."
    world.app.refused("ResourceNotFound", "UpdateResourceServer", Identifier="nothing", Name="Orders")
    world.app.refused("ResourceNotFound", "DeleteResourceServer", Identifier="nothing")


@journey("CreateUserPoolClient", "UpdateUserPoolClient")
def scopes_of_clients(world: World) -> None:
    app, identifier = world.app, unique("orders")
    app.call("CreateResourceServer", Identifier=identifier, Name="Orders", Scopes=SCOPES)
    flows = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthFlowsUserPoolClient": True}
    right = {**flows, "AllowedOAuthScopes": [f"{identifier}/read"]}
    machine = app.with_client(GenerateSecret=True, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"], **right)
    wrong = {**flows, "AllowedOAuthScopes": [f"{identifier}/delete"]}
    app.refused("ScopeDoesNotExist", "CreateUserPoolClient", ClientName="m", GenerateSecret=True, **wrong)
    machine.refused("ScopeDoesNotExist", "UpdateUserPoolClient", **wrong)
    found = machine.call("DescribeUserPoolClient")["UserPoolClient"]
    assert found["AllowedOAuthScopes"] == [f"{identifier}/read"]
