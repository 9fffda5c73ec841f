"""Resource servers: what grants access to, and the scopes that say to how much of it (RFC 6749, section 3.3).

In tokens and in the settings of clients a scope is called ``IDENTIFIER/NAME``.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.resource_servers import (
    CreateResourceServer,
    CreateResourceServerReply,
    DeleteResourceServer,
    DescribeResourceServer,
    DescribeResourceServerReply,
    ListResourceServers,
    ListResourceServersReply,
    ResourceServerScope,
    UpdateResourceServer,
    UpdateResourceServerReply,
)
from ...api.resource_servers import ResourceServer as ResourceServerSettings
from ...api.structure import NoReply
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.paging import page
from ..base.quotas import check_quota
from ..store.records import ResourceServer
from ..store.tables import RESOURCE_SERVERS

_PAGE: Final = 50


def create_resource_server(context: Context, request: CreateResourceServer) -> CreateResourceServerReply:
    pool = pool_of(context, request.user_pool_id)
    if context.records.get(RESOURCE_SERVERS, pool.id, request.identifier):
        raise faults.SERVER_EXISTS(request.identifier, pool.id)
    check_quota(context, RESOURCE_SERVERS, pool_id=pool.id)
    settings = ResourceServerSettings(
        user_pool_id=pool.id,
        identifier=request.identifier,
        name=request.name,
        scopes=_distinct(request.scopes),
    )
    server = ResourceServer(pool_id=pool.id, identifier=request.identifier, settings=settings)
    context.records.insert(RESOURCE_SERVERS, server)
    return CreateResourceServerReply(resource_server=settings)


def describe_resource_server(context: Context, request: DescribeResourceServer) -> DescribeResourceServerReply:
    server = _server_of(context, request.user_pool_id, request.identifier)
    return DescribeResourceServerReply(resource_server=server.settings)


def update_resource_server(context: Context, request: UpdateResourceServer) -> UpdateResourceServerReply:
    server = _server_of(context, request.user_pool_id, request.identifier)
    settings = replace(server.settings, name=request.name, scopes=_distinct(request.scopes))
    context.records.put(RESOURCE_SERVERS, replace(server, settings=settings))
    return UpdateResourceServerReply(resource_server=settings)


def delete_resource_server(context: Context, request: DeleteResourceServer) -> NoReply:
    server = _server_of(context, request.user_pool_id, request.identifier)
    context.records.delete(RESOURCE_SERVERS, pool_id=server.pool_id, identifier=server.identifier)
    return NoReply()


def list_resource_servers(context: Context, request: ListResourceServers) -> ListResourceServersReply:
    pool = pool_of(context, request.user_pool_id)
    limit = request.max_results or _PAGE
    found = page(context, RESOURCE_SERVERS, limit=limit, token=request.next_token, pool_id=pool.id)
    servers = tuple(server.settings for server in found.records)
    return ListResourceServersReply(resource_servers=servers, next_token=found.token)


def _server_of(context: Context, pool_id: str, identifier: str) -> ResourceServer:
    """The pool's resource server. Raises `Fault` when there is none."""
    server = context.records.get(RESOURCE_SERVERS, pool_of(context, pool_id).id, identifier)
    if server is None:
        raise faults.SERVER_UNKNOWN(identifier)
    return server


def _distinct(scopes: tuple[ResourceServerScope, ...] | None) -> tuple[ResourceServerScope, ...]:
    """The scopes; none where there are none. Raises `Fault` when two have the same name."""
    seen: set[str] = set()
    for scope in scopes or ():
        if scope.scope_name in seen:
            raise faults.SCOPE_TWICE(scope.scope_name)
        seen.add(scope.scope_name)
    return scopes or ()


HANDLERS: Final[Handlers] = handlers(
    create_resource_server,
    describe_resource_server,
    update_resource_server,
    delete_resource_server,
    list_resource_servers,
)
