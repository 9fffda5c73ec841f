"""Resource servers: created, described, replaced, listed and deleted, and what their scopes mean to app clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cognito_auth.api.resource_servers import (
    CreateResourceServer,
    DeleteResourceServer,
    DescribeResourceServer,
    ListResourceServers,
    ResourceServer,
    ResourceServerScope,
    UpdateResourceServer,
)
from cognito_auth.api.structure import Operation

from .support import App, add_client, new_app, new_cognito, refusal, send
from .tables import Tables

URL: Final = "https://orders.example.com/v1"
READ: Final = ResourceServerScope(scope_name="read", scope_description="Read orders")
WRITE: Final = ResourceServerScope(scope_name="write", scope_description="Write orders")
UNKNOWN: Final = "ResourceNotFound: Resource server orders does not exist."


def create(app: App, identifier: str = "orders", **options: Any) -> ResourceServer:
    request = CreateResourceServer(user_pool_id=app.pool_id, identifier=identifier, name="Orders", **options)
    return app.send(request).resource_server


def describe(app: App, identifier: str = "orders") -> ResourceServer:
    return app.send(DescribeResourceServer(user_pool_id=app.pool_id, identifier=identifier)).resource_server


def test_what_is_created_is_described() -> None:
    app = new_app()
    made = create(app, scopes=(READ, WRITE))
    assert made == ResourceServer(user_pool_id=app.pool_id, identifier="orders", name="Orders", scopes=(READ, WRITE))
    assert describe(app) == made
    assert create(app, URL).scopes == ()


def test_an_update_replaces_name_and_scopes() -> None:
    app = new_app()
    create(app, scopes=(READ, WRITE))
    request = UpdateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="New", scopes=(WRITE,))
    made = app.send(request).resource_server
    assert made == ResourceServer(user_pool_id=app.pool_id, identifier="orders", name="New", scopes=(WRITE,))
    assert describe(app) == made
    app.send(UpdateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="New"))
    assert describe(app).scopes == ()


def test_deleting() -> None:
    app = new_app()
    create(app)
    create(app, "stock")
    app.send(DeleteResourceServer(user_pool_id=app.pool_id, identifier="orders"))
    assert refusal(describe, app) == UNKNOWN
    assert describe(app, "stock").identifier == "stock"
    create(app)


def test_listing_in_pages() -> None:
    app, other = new_app(), new_app()
    for each in (app, other):
        for number in range(5):
            create(each, f"server{number}")
    pages: list[list[str | None]] = []
    token: str | None = None
    while not pages or token:
        reply = app.send(ListResourceServers(user_pool_id=app.pool_id, max_results=2, next_token=token))
        pages.append([each.identifier for each in reply.resource_servers])
        token = reply.next_token
    assert pages == [["server0", "server1"], ["server2", "server3"], ["server4"]]
    whole = app.send(ListResourceServers(user_pool_id=app.pool_id))
    assert [each.name for each in whole.resource_servers] == ["Orders"] * 5
    assert whole.next_token is None
    for limit in (0, 51):
        request = ListResourceServers(user_pool_id=app.pool_id, max_results=limit)
        assert "at 'maxResults'" in refusal(app.send, request)
    request = ListResourceServers(user_pool_id=app.pool_id, next_token="x")
    assert refusal(app.send, request) == "InvalidParameter: Invalid pagination token."


def test_an_identifier_is_taken_once_in_a_pool() -> None:
    app = new_app()
    create(app)
    assert refusal(create, app) == f"InvalidParameter: orders already exists in user pool {app.pool_id}."
    create(new_app(app.cognito))
    create(app, "Orders")


def test_a_scope_is_there_once() -> None:
    app = new_app()
    text = "InvalidParameter: The scope read is there twice"
    assert refusal(create, app, scopes=(READ, WRITE, READ)) == text
    create(app, scopes=(READ,))
    request = UpdateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="New", scopes=(READ, READ))
    assert refusal(app.send, request) == text
    assert describe(app).name == "Orders"


@pytest.mark.parametrize(
    ("identifier", "scopes", "constraint"),
    [
        ("two words", (), "at 'identifier'"),
        ("a", (ResourceServerScope(scope_name="a/b", scope_description="d"),), "at 'scopes.1.member.scopeName'"),
        ("a", (ResourceServerScope(scope_name="a", scope_description=""),), "at 'scopes.1.member.scopeDescription'"),
        ("a", tuple(ResourceServerScope(scope_name=f"s{n}", scope_description="d") for n in range(101)), "at 'scopes'"),
    ],
    ids=["identifier", "scope name", "scope description", "scopes too many"],
)
def test_servers_that_cannot_be(identifier: str, scopes: tuple[ResourceServerScope, ...], constraint: str) -> None:
    assert constraint in refusal(create, new_app(), identifier, scopes=scopes)


def test_servers_that_are_not_there() -> None:
    app = new_app()
    create(new_app(app.cognito))
    for operation in (
        DescribeResourceServer(user_pool_id=app.pool_id, identifier="orders"),
        UpdateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="n"),
        DeleteResourceServer(user_pool_id=app.pool_id, identifier="orders"),
    ):
        assert refusal(app.send, operation) == UNKNOWN


@pytest.mark.parametrize(
    "operation",
    [
        CreateResourceServer(user_pool_id="us-east-1_none", identifier="orders", name="n"),
        DescribeResourceServer(user_pool_id="us-east-1_none", identifier="orders"),
        UpdateResourceServer(user_pool_id="us-east-1_none", identifier="orders", name="n"),
        DeleteResourceServer(user_pool_id="us-east-1_none", identifier="orders"),
        ListResourceServers(user_pool_id="us-east-1_none"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_pools_that_are_not_there(operation: Any) -> None:
    assert refusal(send, new_cognito(), operation) == "ResourceNotFound: User pool us-east-1_none does not exist."


def test_at_most_twenty_five_servers_in_a_pool() -> None:
    app = new_app()
    for number in range(25):
        create(app, f"server{number}")
    assert refusal(create, app) == "LimitExceeded: There are at most 25 resource servers in a user pool."
    create(new_app(app.cognito))
    app.send(DeleteResourceServer(user_pool_id=app.pool_id, identifier="server7"))
    create(app)


def test_clients_may_have_scopes_that_a_server_defines() -> None:
    app = new_app()
    create(app, URL, scopes=(READ,))

    def client(scope: str) -> App:
        options: dict[str, Any] = {"allowed_oauth_flows": ("client_credentials",), "generate_secret": True}
        options |= {"allowed_oauth_flows_user_pool_client": True, "allowed_oauth_scopes": (scope,)}
        return add_client(app.cognito, app.pool_id, **options)

    client(f"{URL}/read")
    for scope in (f"{URL}/write", f"{URL}/", URL, "read", "orders/read"):
        assert refusal(client, scope) == f"ScopeDoesNotExist: Invalid scope requested: {scope}"
    app.send(DeleteResourceServer(user_pool_id=app.pool_id, identifier=URL))
    assert refusal(client, f"{URL}/read").startswith("ScopeDoesNotExist: ")


PLANNED: Final[dict[str, Callable[[Tables], Operation[Any]]]] = {
    "create": lambda tables: CreateResourceServer(user_pool_id=tables.pool_id, identifier="orders", name="n"),
    "list": lambda tables: ListResourceServers(user_pool_id=tables.pool_id),
}


@pytest.mark.parametrize("operation", PLANNED)
def test_no_table_is_scanned(operation: str) -> None:
    tables = Tables()
    plans = list(tables.plans(PLANNED[operation](tables)))
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
