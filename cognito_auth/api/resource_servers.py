"""Resource servers and their scopes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from .declared import COMMON
from .listing import Paged
from .shapes import (
    ListResourceServersLimit,
    PaginationKey,
    ResourceServerIdentifier,
    ResourceServerManagedBy,
    ResourceServerName,
    ResourceServerScopeDescription,
    ResourceServerScopeName,
    UserPoolId,
)
from .structure import Constraint, NoReply, Operation, Structure, structure


@structure
class ResourceServerScope(Structure):
    """A scope that a resource server defines."""

    scope_name: ResourceServerScopeName
    scope_description: ResourceServerScopeDescription


@structure
class ResourceServer(Structure):
    """A resource server with its scopes."""

    user_pool_id: UserPoolId | None = None
    identifier: ResourceServerIdentifier | None = None
    name: ResourceServerName | None = None
    scopes: Annotated[tuple[ResourceServerScope, ...], Constraint(max_length=100)] | None = None
    managed_by: ResourceServerManagedBy | None = None


@structure
class CreateResourceServerReply(Structure):
    """The reply of `CreateResourceServer`."""

    resource_server: ResourceServer


@structure
class CreateResourceServer(Operation[CreateResourceServerReply]):
    """Create a resource server."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON | {"LimitExceededException"}

    identifier: ResourceServerIdentifier
    name: ResourceServerName
    user_pool_id: UserPoolId = ""
    scopes: Annotated[tuple[ResourceServerScope, ...], Constraint(max_length=100)] | None = None


@structure
class DescribeResourceServerReply(Structure):
    """The reply of `DescribeResourceServer`."""

    resource_server: ResourceServer


@structure
class DescribeResourceServer(Operation[DescribeResourceServerReply]):
    """A resource server."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    identifier: ResourceServerIdentifier
    user_pool_id: UserPoolId = ""


@structure
class UpdateResourceServerReply(Structure):
    """The reply of `UpdateResourceServer`."""

    resource_server: ResourceServer


@structure
class UpdateResourceServer(Operation[UpdateResourceServerReply]):
    """Replace the name and the scopes of a resource server."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    identifier: ResourceServerIdentifier
    name: ResourceServerName
    user_pool_id: UserPoolId = ""
    scopes: Annotated[tuple[ResourceServerScope, ...], Constraint(max_length=100)] | None = None


@structure
class DeleteResourceServer(Operation[NoReply]):
    """Delete a resource server."""

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    identifier: ResourceServerIdentifier
    user_pool_id: UserPoolId = ""


@structure
class ListResourceServersReply(Structure):
    """The reply of `ListResourceServers`."""

    resource_servers: tuple[ResourceServer, ...]
    next_token: PaginationKey | None = None


@structure
class ListResourceServers(Operation[ListResourceServersReply]):
    """A pool's resource servers."""

    paged = Paged[ListResourceServersReply, ResourceServer]("resource_servers")

    signed: ClassVar[bool] = True

    errors: ClassVar[frozenset[str]] = COMMON

    user_pool_id: UserPoolId = ""
    max_results: ListResourceServersLimit | None = None
    next_token: PaginationKey | None = None
