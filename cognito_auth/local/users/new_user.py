"""A user who does not exist yet: which names are allowed, and what the record begins with."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import faults
from ..base.context import Context
from ..base.faults import Refusal
from ..store.records import Pool, User
from . import attributes
from .names import find_user, fold

_FORMS = (("email", attributes.is_email, "an email"), ("phone_number", attributes.is_phone, "a phone number"))


def new_user(context: Context, pool: Pool, name: str, given: Mapping[str, str], *, status: str, exists: Refusal) -> User:
    """The record of a new user without a password. Raises `Fault` when the name or an attribute is not acceptable.

    ``name`` is what was asked for; in a pool whose user names are addresses it becomes an attribute, and the user is called by
    the sub. ``exists`` is the refusal of a name that is taken.
    """
    sub = context.uuid()
    values = {key: value for key, value in given.items() if value}
    if pool.settings.username_attributes:
        attribute = _address_kind(pool, name)
        values, username = {**values, attribute: name}, sub
    else:
        _check_no_alias_form(pool, name)
        username = fold(pool, name)
        if find_user_by_name(context, pool, name):
            raise exists
    attributes.check(pool, values)
    values = attributes.with_flags(values, given=values)
    return User(
        pool_id=pool.id,
        name=fold(pool, username),
        username=username,
        sub=sub,
        status=status,
        enabled=True,
        attributes=values,
        created_at=context.now,
        modified_at=context.now,
    )


def find_user_by_name(context: Context, pool: Pool, name: str) -> bool:
    """Whether a user has this user name or sub; another's alias does not count."""
    found = find_user(context, pool, name)
    return found is not None and (found.name == fold(pool, name) or found.sub == name)


def _address_kind(pool: Pool, name: str) -> str:
    allowed = [form for form in _FORMS if form[0] in (pool.settings.username_attributes or ())]
    for attribute, fits, _ in allowed:
        if fits(name):
            return attribute
    wanted = " or ".join(words for _, _, words in allowed)
    raise faults.USERNAME_FORM(f"either {wanted}" if len(allowed) > 1 else wanted)


def _check_no_alias_form(pool: Pool, name: str) -> None:
    for attribute, fits, _ in _FORMS:
        if attribute in (pool.settings.alias_attributes or ()) and fits(name):
            words = attribute.replace("_", " ")
            raise faults.USERNAME_LIKE_ALIAS(words, words)
