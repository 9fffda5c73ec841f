"""How many of a thing there may be: every quota of settings in one table, and the check against it.

Quotas that the API's own constraints hold are not here: scopes of a resource server, scopes and redirect URIs of an app client.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..store.storage import Table
from ..store.tables import CLIENTS, GROUPS, MEMBERSHIPS, PASSKEYS, POOLS, RESOURCE_SERVERS
from . import faults
from .context import Context
from .faults import Refusal

QUOTAS: Final[Mapping[Table[Any], tuple[int, str]]] = MappingProxyType(
    {
        POOLS: (1000, "user pools"),
        CLIENTS: (1000, "app clients in a user pool"),
        RESOURCE_SERVERS: (25, "resource servers in a user pool"),
        GROUPS: (10_000, "groups in a user pool"),
        MEMBERSHIPS: (100, "groups of a user"),
        PASSKEYS: (20, "passkeys of a user"),
    }
)
"""The most records of a table, in all or with the same pool or user, and what a person calls them."""
CUSTOM_ATTRIBUTES: Final = 50
"""The most custom attributes of a pool."""


def check_quota(context: Context, table: Table[Any], *, refusal: Refusal = faults.QUOTA, **wanted: str) -> None:
    """Raises ``refusal`` when no more records with these members fit in."""
    limit, title = QUOTAS[table]
    if context.records.count(table, **wanted) >= limit:
        raise refusal(limit, title)
