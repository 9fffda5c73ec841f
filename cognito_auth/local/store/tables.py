"""The tables that records are kept in: their keys, and what they are searched by."""

from __future__ import annotations

from typing import Any, Final

from .records import (
    Alias,
    Client,
    Code,
    Device,
    Domain,
    Event,
    Failures,
    Grant,
    Group,
    Identity,
    Letter,
    Membership,
    Passkey,
    Pool,
    RefreshToken,
    Registration,
    ResourceServer,
    Session,
    Spent,
    Tally,
    User,
    UserSession,
)
from .storage import Facet, Table


def _attribute(name: str) -> Facet[User]:
    return Facet(name, lambda user: user.attributes.get(name), within="pool_id")


_SEARCHED: Final = ("email", "phone_number", "name", "given_name", "family_name", "preferred_username")
USER_FACETS: Final[tuple[Facet[User], ...]] = (
    Facet("username", lambda user: user.username, within="pool_id"),
    *map(_attribute, _SEARCHED),
    Facet("cognito:user_status", lambda user: user.status, within="pool_id"),
    Facet("status", lambda user: "Enabled" if user.enabled else "Disabled", within="pool_id"),
    Facet("sub", lambda user: user.sub, within="pool_id"),
)
"""What users are searched by, as the filter of ListUsers calls it."""

POOLS: Final = Table("pools", Pool, ("id",))
CLIENTS: Final = Table("clients", Client, ("id",), ("pool_id",))
DOMAINS: Final = Table("domains", Domain, ("domain",), ("pool_id",))
RESOURCE_SERVERS: Final = Table("resource_servers", ResourceServer, ("pool_id", "identifier"), ("pool_id",))
GROUPS: Final = Table("groups", Group, ("pool_id", "name"), ("pool_id",))
MEMBERSHIPS: Final = Table("memberships", Membership, ("pool_id", "user", "group"), (("pool_id", "user"), ("pool_id", "group")))
USERS: Final = Table("users", User, ("pool_id", "name"), ("pool_id",), unique=(("pool_id", "sub"),), facets=USER_FACETS)
ALIASES: Final = Table("aliases", Alias, ("pool_id", "attribute", "value"), (("pool_id", "user"), ("pool_id", "value")))
IDENTITIES: Final = Table("identities", Identity, ("pool_id", "provider", "attribute", "value"), (("pool_id", "user"),))
CODES: Final = Table("codes", Code, ("pool_id", "user", "purpose"))
TALLIES: Final = Table("tallies", Tally, ("pool_id", "subject", "kind"))
FAILURES: Final = Table("failures", Failures, ("pool_id", "subject"))
SESSIONS: Final = Table("sessions", Session, ("id",), ("expires_at", ("client_id", "sub"), ("pool_id", "sub")))
SPENT: Final = Table("spent", Spent, ("id",), ("expires_at",))
GRANTS: Final = Table("grants", Grant, ("id",), ("expires_at", ("pool_id", "user")))
REFRESH_TOKENS: Final = Table("refresh_tokens", RefreshToken, ("id",), ("expires_at", "grant"))
USER_SESSIONS: Final = Table("user_sessions", UserSession, ("pool_id", "sub", "id"), (("pool_id", "sub"),))
DEVICES: Final = Table("devices", Device, ("pool_id", "sub", "key"), (("pool_id", "sub"),))
PASSKEYS: Final = Table("passkeys", Passkey, ("pool_id", "id"), (("pool_id", "sub"),))
REGISTRATIONS: Final = Table("registrations", Registration, ("pool_id", "sub"), ("expires_at",))
EVENTS: Final = Table("events", Event, ("pool_id", "sub", "id"), (("pool_id", "sub"),))
LETTERS: Final = Table("letters", Letter, ("id",), (("pool_id", "user"),))

TABLES: Final[tuple[Table[Any], ...]] = (
    POOLS,
    CLIENTS,
    DOMAINS,
    RESOURCE_SERVERS,
    GROUPS,
    MEMBERSHIPS,
    USERS,
    ALIASES,
    IDENTITIES,
    CODES,
    TALLIES,
    FAILURES,
    SESSIONS,
    SPENT,
    GRANTS,
    REFRESH_TOKENS,
    USER_SESSIONS,
    DEVICES,
    PASSKEYS,
    REGISTRATIONS,
    EVENTS,
    LETTERS,
)
