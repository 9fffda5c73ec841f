"""Identities of other providers that sign in as a user of the pool.

The attribute ``identities`` shows them; nobody else writes it. Which providers the pool has is not this module's business: any
name is taken. A user whom a provider has brought is called by the provider's name and the identifier there.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from ...api.providers import AdminDisableProviderForUser, AdminLinkProviderForUser, ProviderUserIdentifier
from ...api.structure import NoReply
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Identity, Pool, User
from ..store.tables import IDENTITIES, USERS
from .grants import revoke_all
from .names import fold, save_user
from .users import user_of

MOST_IDENTITIES: Final = 5
"""How many linked identities a user has at most."""
_LOCAL: Final = "Cognito"
"""The provider of the pool's own users."""
_SUBJECT: Final = "Cognito_Subject"
_SOCIAL: Final = frozenset({"Facebook", "Google", "LoginWithAmazon", "SignInWithApple"})
_LONGEST: Final = 256


@dataclass(frozen=True, slots=True)
class Named:
    """A user of a provider: which attribute there has which value."""

    provider: str
    attribute: str
    value: str


def admin_link_provider_for_user(context: Context, request: AdminLinkProviderForUser) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    user = _destination(context, pool, _named(request.destination_user, "DestinationUser"))
    source = _named(request.source_user, "SourceUser")
    if source.provider == _LOCAL:
        raise faults.IDENTITY_LOCAL
    linked = _identity(context, pool, source)
    if linked is not None and linked.user == user.name:
        raise faults.IDENTITY_LINKED
    if linked is not None or _profile(context, pool, source) is not None:
        raise faults.IDENTITY_TAKEN
    if context.records.count(IDENTITIES, pool_id=pool.id, user=user.name) >= MOST_IDENTITIES:
        raise faults.IDENTITIES_LIMIT(MOST_IDENTITIES)
    identity = Identity(
        pool_id=pool.id,
        provider=source.provider,
        attribute=source.attribute,
        value=source.value,
        user=user.name,
        linked_at=context.now,
    )
    context.records.insert(IDENTITIES, identity)
    _show(context, pool, user)
    return NoReply()


def admin_disable_provider_for_user(context: Context, request: AdminDisableProviderForUser) -> NoReply:
    pool = pool_of(context, request.user_pool_id)
    named = _named(request.user, "User")
    if named.provider == _LOCAL:
        _take_password(context, pool, user_of(context, pool, named.value))
        return NoReply()
    linked, profile = _identity(context, pool, named), _profile(context, pool, named)
    if linked is not None:
        context.records.delete(
            IDENTITIES, pool_id=pool.id, provider=named.provider, attribute=named.attribute, value=named.value
        )
        _show(context, pool, user_of(context, pool, linked.user))
    elif profile is not None:
        revoke_all(context, profile)
        save_user(context, pool, replace(profile, enabled=False))
    else:
        raise faults.USER_UNKNOWN
    return NoReply()


def _named(given: ProviderUserIdentifier, title: str) -> Named:
    """Who is meant. Raises `Fault` when a part is missing; the pool's own users are named by nothing but their name."""
    provider, value = given.provider_name, given.provider_attribute_value
    attribute = _SUBJECT if provider == _LOCAL or title == "DestinationUser" else given.provider_attribute_name
    parts = {"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value}
    for name, part in parts.items():
        if not part:
            raise faults.MISSING_PARAMETER(f"{title}.{name}")
        if len(part) > _LONGEST:
            raise faults.INVALID_PARAMETER(f"{title}.{name} must have at most {_LONGEST} characters")
    return Named(provider or "", attribute or "", value or "")


def _destination(context: Context, pool: Pool, named: Named) -> User:
    if named.provider == _LOCAL:
        return user_of(context, pool, named.value)
    profile = _profile(context, pool, named)
    if profile is None:
        raise faults.USER_UNKNOWN
    return profile


def _identity(context: Context, pool: Pool, named: Named) -> Identity | None:
    return context.records.get(IDENTITIES, pool.id, named.provider, named.attribute, named.value)


def _profile(context: Context, pool: Pool, named: Named) -> User | None:
    """The user whom the provider has brought into the pool."""
    prefix = named.provider.lower() if named.provider in _SOCIAL else named.provider
    user = context.records.get(USERS, pool.id, fold(pool, f"{prefix}_{named.value}"))
    return user if user is not None and user.status == "EXTERNAL_PROVIDER" else None


def _take_password(context: Context, pool: Pool, user: User) -> None:
    """Keep a user of the pool's own from signing in by password; the history remembers it."""
    past = (user.password, *user.earlier_passwords) if user.password else user.earlier_passwords
    save_user(context, pool, replace(user, password=None, earlier_passwords=past))


def _show(context: Context, pool: Pool, user: User) -> None:
    """Let the user's attribute say which identities are linked."""
    linked = list(context.records.find(IDENTITIES, pool_id=pool.id, user=user.name))
    others = {name: value for name, value in user.attributes.items() if name != "identities"}
    shown = {"identities": _written(linked)} if linked else {}
    save_user(context, pool, replace(user, attributes={**others, **shown}))


def _written(identities: Iterable[Identity]) -> str:
    entries: list[dict[str, Any]] = [
        {
            "userId": each.value,
            "providerName": each.provider,
            "providerType": _kind(each),
            "issuer": None,
            "primary": False,
            "dateCreated": int(each.linked_at * 1000),
        }
        for each in identities
    ]
    return json.dumps(entries, separators=(",", ":"), ensure_ascii=False)


def _kind(identity: Identity) -> str:
    if identity.provider in _SOCIAL:
        return identity.provider
    # Only SAML names its users by something else than the subject.
    return "OIDC" if identity.attribute == _SUBJECT else "SAML"


HANDLERS: Final[Handlers] = handlers(admin_link_provider_for_user, admin_disable_provider_for_user)
