"""Access and ID tokens: which claims they hold, in Cognito's order, and their signatures.

What the tokens of one sign-in share stands in a `Grant`. Attributes and groups are read anew whenever tokens are issued, and
the trigger is asked.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import jwt

from ...api.auth import AuthenticationResult
from ..base.access import USER_SCOPE
from ..base.context import Context
from ..base.keys import ALGORITHM, load_key
from ..store.records import Client, Grant, Group, Key, Pool, User
from ..users import attributes
from ..users.groups import ranked_groups
from .token_trigger import GroupClaims, customise

UNITS: Final[Mapping[str, int]] = MappingProxyType({"seconds": 1, "minutes": 60, "hours": 3600, "days": 24 * 3600})
_DEFAULTS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {"access_token": (1, "hours"), "id_token": (1, "hours"), "refresh_token": (30, "days")}
)
_FLAGS: Final = ("email_verified", "phone_number_verified")
_FIRST_IN_ID_TOKEN: Final = frozenset({"sub", *_FLAGS})


def validity(client: Client, token: str) -> int:
    """Seconds that the client's tokens live: ``access_token``, ``id_token`` or ``refresh_token``."""
    amount: int | None = getattr(client.settings, f"{token}_validity")
    default, default_unit = _DEFAULTS[token]
    if not amount:
        return default * UNITS[default_unit]
    units = client.settings.token_validity_units
    unit: str | None = getattr(units, token) if units else None
    return amount * UNITS[unit or default_unit]


def issuer(context: Context, pool: Pool) -> str:
    """The ``iss`` of the pool's tokens."""
    return f"{context.endpoint}/{pool.id}"


def issue(context: Context, pool: Pool, client: Client, user: User, grant: Grant, *, occasion: str) -> AuthenticationResult:
    """New access and ID tokens of a sign-in. ``occasion`` is told to the trigger, which may change them, or refuse."""
    custom = customise(context, pool, user, occasion, groups=_of_groups(ranked_groups(context, user)), scopes=(USER_SCOPE,))
    now = int(context.now)
    lives = validity(client, "access_token")
    access = {
        "sub": user.sub,
        **({"device_key": grant.device_key} if grant.device_key else {}),
        **_groups(custom.groups),
        "iss": issuer(context, pool),
        "client_id": client.id,
        **_origin(client, grant),
        "event_id": grant.id,
        "token_use": "access",
        **_assurance(grant),
        "scope": " ".join(custom.scopes),
        **_times(grant, now, lives),
        "jti": context.uuid(),
        "username": user.username,
    }
    identity = {
        "sub": user.sub,
        **_groups(custom.groups),
        **_profile(context, pool, client, user, custom.groups.preferred_role),
        **_origin(client, grant),
        **_roles(custom.groups),
        "aud": client.id,
        "event_id": grant.id,
        "token_use": "id",
        **_assurance(grant),
        **_times(grant, now, validity(client, "id_token")),
        "jti": context.uuid(),
    }
    return AuthenticationResult(
        access_token=_signed(custom.access.applied(access), pool.access_key),
        id_token=_signed(custom.identity.applied(identity), pool.id_key),
        expires_in=lives,
        token_type="Bearer",  # noqa: S106 a name
    )


def _signed(claims: Mapping[str, Any], key: Key) -> str:
    # An empty `typ` makes PyJWT leave the member out, as Cognito does.
    headers = {"kid": key.kid, "alg": ALGORITHM, "typ": ""}
    return jwt.encode(dict(claims), load_key(key.private), algorithm=ALGORITHM, headers=headers)


def _of_groups(groups: list[Group]) -> GroupClaims:
    return GroupClaims(
        names=tuple(group.settings.group_name or "" for group in groups),
        roles=tuple(group.settings.role_arn for group in groups if group.settings.role_arn),
        preferred_role=_preferred_role(groups),
    )


def _groups(groups: GroupClaims) -> dict[str, Any]:
    return {"cognito:groups": list(groups.names)} if groups.names else {}


def _origin(client: Client, grant: Grant) -> dict[str, str]:
    return {"origin_jti": grant.origin_jti} if client.settings.enable_token_revocation else {}


def _times(grant: Grant, now: int, lives: int) -> dict[str, int]:
    return {"auth_time": grant.auth_time, "exp": now + lives, "iat": now}


def _assurance(grant: Grant) -> dict[str, Any]:
    told = grant.assurance
    return {"acr": told.acr, "amr": list(told.amr)} if told else {}


def _profile(context: Context, pool: Pool, client: Client, user: User, preferred: str | None) -> dict[str, Any]:
    shown = attributes.readable(client, user)
    return {
        **{name: shown[name] == "true" for name in _FLAGS if name in shown},
        **({"cognito:preferred_role": preferred} if preferred else {}),
        "iss": issuer(context, pool),
        "cognito:username": user.username,
        **{name: _claim(name, value) for name, value in shown.items() if name not in _FIRST_IN_ID_TOKEN},
    }


def _claim(name: str, value: str) -> Any:
    if name == "address":
        return {"formatted": value}
    if name == "identities":
        return [{key: _text(part) for key, part in each.items()} for each in json.loads(value)]
    return int(value) if name == "updated_at" else value


def _text(part: Any) -> str | None:
    """A part of an identity, all of which are text in a token."""
    return json.dumps(part) if isinstance(part, int) else part


def _roles(groups: GroupClaims) -> dict[str, list[str]]:
    return {"cognito:roles": list(groups.roles)} if groups.roles else {}


def _preferred_role(groups: list[Group]) -> str | None:
    """The role of the group that ranks first; nobody's when several rank first with different roles."""
    if not groups:
        return None
    best = groups[0].settings.precedence
    roles = set(_roles_of_rank(groups, best))
    return roles.pop() if len(roles) == 1 else None


def _roles_of_rank(groups: Iterable[Group], rank: int | None) -> Iterator[str]:
    return (group.settings.role_arn for group in groups if group.settings.precedence == rank and group.settings.role_arn)
