"""The trigger that changes tokens before they are signed: groups, claims, and the scopes of access tokens.

The first version of its event changes the claims of ID tokens, the later ones those of both. What a token is bound by, such as
its subject and its times, no trigger changes.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..base import faults
from ..base.context import Context
from ..base.invocation import Response, invoke, token_version, user_attributes
from ..base.triggers import Trigger
from ..store.records import Pool, User

_OF_BOTH: Final = frozenset(
    {"acr", "amr", "at_hash", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use"}
)
_OF_ID: Final = _OF_BOTH | {"identities", "aud", "cognito:username"}
_OF_ACCESS: Final = _OF_BOTH | {"username", "client_id", "scope", "device_key", "event_id", "version"}
"""Claims that stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupClaims:
    """What a token tells of groups."""

    names: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    preferred_role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What becomes of the claims of one token."""

    kept: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    suppressed: frozenset[str] = frozenset()

    def applied(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims as they are signed; one that is both given and suppressed is not there."""
        changed = {**claims, **{name: value for name, value in self.values.items() if name not in self.kept}}
        return {name: value for name, value in changed.items() if name in self.kept or name not in self.suppressed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Customised:
    """What tokens are to hold, after the trigger."""

    groups: GroupClaims
    scopes: tuple[str, ...]
    identity: Changes = field(default_factory=lambda: Changes(kept=_OF_ID))
    access: Changes = field(default_factory=lambda: Changes(kept=_OF_ACCESS))


def customise(
    context: Context, pool: Pool, user: User, occasion: str, *, groups: GroupClaims, scopes: tuple[str, ...]
) -> Customised:
    """What the trigger makes of the tokens. Raises `Fault` when it refuses."""
    version = token_version(context, pool)
    details = "claimsOverrideDetails" if version == 1 else "claimsAndScopeOverrideDetails"
    configuration = {
        "groupsToOverride": list(groups.names),
        "iamRolesToOverride": list(groups.roles),
        "preferredRole": groups.preferred_role,
    }
    request = {
        "userAttributes": user_attributes(user),
        "groupConfiguration": configuration,
        **({} if version == 1 else {"scopes": list(scopes)}),
    }
    response = invoke(context, pool, Trigger.PRE_TOKEN_GENERATION, occasion, username=user.username, request=request)
    told = response and response.part(details)
    if told is None:
        return Customised(groups=groups, scopes=scopes)
    groups = _groups(told) if "groupOverrideDetails" in told.members else groups
    if version == 1:
        values = told.texts("claimsToAddOrOverride") or {}
        return Customised(groups=groups, scopes=scopes, identity=_changes(told, _OF_ID, values))
    identity, access = told.part("idTokenGeneration"), told.part("accessTokenGeneration")
    return Customised(
        groups=groups,
        scopes=_scopes(access, scopes),
        identity=_changes(identity, _OF_ID, _values(identity)),
        access=_changes(access, _OF_ACCESS, _values(access)),
    )


def _groups(told: Response) -> GroupClaims:
    """The groups in place of the user's own; an empty object takes them all away."""
    given = told.part("groupOverrideDetails") or Response({})
    return GroupClaims(
        names=tuple(given.names("groupsToOverride") or ()),
        roles=tuple(given.names("iamRolesToOverride") or ()),
        preferred_role=given.text("preferredRole"),
    )


def _values(told: Response | None) -> Mapping[str, Any]:
    """Claims of any JSON type."""
    given = told and told.part("claimsToAddOrOverride")
    return given.members if given else {}


def _changes(told: Response | None, kept: frozenset[str], values: Mapping[str, Any]) -> Changes:
    suppressed = (told and told.names("claimsToSuppress")) or ()
    return Changes(kept=kept, values=values, suppressed=frozenset(suppressed))


def _scopes(told: Response | None, scopes: tuple[str, ...]) -> tuple[str, ...]:
    added = (told and told.names("scopesToAdd")) or ()
    removed = (told and told.names("scopesToSuppress")) or ()
    if any(not scope or any(map(str.isspace, scope)) for scope in added):
        raise faults.TRIGGER_OUTPUT
    return tuple(scope for scope in dict.fromkeys((*scopes, *added)) if scope not in removed)
