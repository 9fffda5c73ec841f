"""Who is meant by a name: user names, subs, aliases, and what stands for somebody who is not there.

An alias is a further name that a user signs in with: a verified e-mail address or telephone number, a preferred user name,
or, in a pool whose user names are addresses, the address itself. The table of aliases follows the user's attributes.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from ..base import faults
from ..base.context import Context
from ..base.faults import Refusal
from ..store.records import Alias, Pool, User
from ..store.tables import ALIASES, USERS

_VERIFIED_KINDS: Final = ("email", "phone_number")


def fold(pool: Pool, name: str) -> str:
    """The form in which names are compared: as they are, or in lower case."""
    configuration = pool.settings.username_configuration
    return name if configuration is None or configuration.case_sensitive else name.lower()


def find_user(context: Context, pool: Pool, name: str) -> User | None:
    """The user whom ``name`` means: a user name, a sub or an alias."""
    folded = fold(pool, name)
    user = context.records.get(USERS, pool.id, folded)
    user = user or next(context.records.find(USERS, pool_id=pool.id, sub=name), None)
    if user is not None:
        return user
    alias = next(context.records.find(ALIASES, pool_id=pool.id, value=folded), None)
    return context.records.get(USERS, pool.id, alias.user) if alias else None


def save_user(context: Context, pool: Pool, user: User, *, force: bool = False, taken: Refusal = faults.ALIAS_EXISTS) -> User:
    """Store a user, and the aliases with it; returns the user with the time of the change.

    Raises `Fault`, the one that ``taken`` makes of the attribute, when an alias is another user's, unless ``force`` takes it
    from its owner; only an address is ever taken, and never one that is a user name.
    """
    context.records.delete(ALIASES, pool_id=pool.id, user=user.name)
    for alias in _aliases(pool, user):
        owner = context.records.get(ALIASES, pool.id, alias.attribute, alias.value)
        if owner is not None:
            if not force or alias.attribute not in _VERIFIED_KINDS or pool.settings.username_attributes:
                raise taken(alias.attribute)
            _dispossess(context, pool, owner)
        context.records.insert(ALIASES, alias)
    changed = replace(user, modified_at=context.now)
    context.records.put(USERS, changed)
    return changed


def check_free(context: Context, pool: Pool, user: User, values: Mapping[str, str]) -> None:
    """Raises `Fault` when one of the attributes is another user's alias, whether or not it would be this user's at once."""
    for attribute in _alias_attributes(pool):
        value = values.get(attribute)
        owner = context.records.get(ALIASES, pool.id, attribute, fold(pool, value)) if value else None
        if owner is not None and owner.user != user.name:
            raise faults.ALIAS_EXISTS(attribute)


def _alias_attributes(pool: Pool) -> tuple[str, ...]:
    return (*(pool.settings.username_attributes or ()), *(pool.settings.alias_attributes or ()))


def _aliases(pool: Pool, user: User) -> Iterator[Alias]:
    for attribute in _alias_attributes(pool):
        value = user.attributes.get(attribute)
        if value and _is_active(pool, user, attribute):
            yield Alias(pool_id=pool.id, attribute=attribute, value=fold(pool, value), user=user.name)


def _is_active(pool: Pool, user: User, attribute: str) -> bool:
    if pool.settings.username_attributes:
        return True
    if attribute in _VERIFIED_KINDS:
        return user.attributes.get(f"{attribute}_verified") == "true"
    return user.status != "UNCONFIRMED"


def _dispossess(context: Context, pool: Pool, alias: Alias) -> None:
    context.records.delete(ALIASES, pool_id=pool.id, attribute=alias.attribute, value=alias.value)
    owner = context.records.get(USERS, pool.id, alias.user)
    if owner is not None:
        attributes = {**owner.attributes, f"{alias.attribute}_verified": "false"}
        context.records.put(USERS, replace(owner, attributes=attributes, modified_at=context.now))


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a name that nobody has is answered with: always the same for a pool, a client and a name."""

    sub: str
    seed: bytes


def stranger(pool: Pool, client_id: str, name: str) -> Stranger:
    """The stand-in for a user who does not exist, so that asking does not tell."""
    message = f"stranger\n{client_id}\n{fold(pool, name)}".encode()
    seed = hmac.digest(b64decode(pool.secret), message, hashlib.sha256)
    return Stranger(sub=str(UUID(bytes=seed[:16], version=4)), seed=seed)
