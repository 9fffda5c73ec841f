"""User attributes: the standard schema, what a value must look like, and what a client may read and write.

Values are strings on the wire whatever their declared type. Custom attributes are called ``custom:NAME``, those that only
developers write ``dev:custom:NAME``.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from ...api.pool_settings import NumberAttributeConstraints, SchemaAttribute, StringAttributeConstraints
from ...api.types import Attribute
from ..base import faults
from ..base.faults import Refusal
from ..store.records import Client, Pool, User

VERIFIABLE: Final = ("phone_number", "email")
"""Attributes that a code can be sent to; the first has precedence."""
MAX_BYTES: Final = 2048
"""How long a value is at most."""

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE: Final = re.compile(r"\+[0-9]{1,15}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,309}", re.ASCII)
_OF_THE_POOL: Final = frozenset({"sub", "identities"})
"""What the pool itself writes."""
_UNWRITABLE: Final = _OF_THE_POOL | {"email_verified", "phone_number_verified"}
"""What no client writes."""
_ABSENT: Final[Mapping[str, Refusal]] = {"email": faults.EMAIL_ABSENT, "phone_number": faults.PHONE_ABSENT}


def _string(name: str, *, shortest: int = 0, longest: int = 2048, fixed: bool = False) -> SchemaAttribute:
    return SchemaAttribute(
        name=name,
        attribute_data_type="String",
        developer_only_attribute=False,
        mutable=not fixed,
        required=fixed,
        string_attribute_constraints=StringAttributeConstraints(min_length=str(shortest), max_length=str(longest)),
    )


def _flag(name: str) -> SchemaAttribute:
    return SchemaAttribute(
        name=name, attribute_data_type="Boolean", developer_only_attribute=False, mutable=True, required=False
    )


STANDARD: Final[tuple[SchemaAttribute, ...]] = (
    _string("sub", shortest=1, fixed=True),
    *map(_string, ("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username")),
    *map(_string, ("profile", "picture", "website", "email")),
    _flag("email_verified"),
    _string("gender"),
    _string("birthdate", shortest=10, longest=10),
    *map(_string, ("zoneinfo", "locale", "phone_number")),
    _flag("phone_number_verified"),
    _string("address"),
    SchemaAttribute(
        name="updated_at",
        attribute_data_type="Number",
        developer_only_attribute=False,
        mutable=True,
        required=False,
        number_attribute_constraints=NumberAttributeConstraints(min_value="0"),
    ),
    SchemaAttribute(
        name="identities",
        attribute_data_type="String",
        developer_only_attribute=False,
        mutable=True,
        required=False,
        string_attribute_constraints=StringAttributeConstraints(),
    ),
)
"""The attributes that every pool has."""

STANDARD_NAMES: Final = frozenset(each.name or "" for each in STANDARD)


def schema(pool: Pool) -> Mapping[str, SchemaAttribute]:
    """The pool's attributes by name."""
    return {each.name or "": each for each in pool.settings.schema_attributes or ()}


def as_mapping(attributes: Iterable[Attribute] | None) -> dict[str, str]:
    """Attributes of a request; one without a value counts as empty, the last of a name counts."""
    return {each.name: each.value or "" for each in attributes or ()}


def as_list(attributes: Mapping[str, str]) -> tuple[Attribute, ...]:
    """Attributes of a reply."""
    return tuple(Attribute(name=name, value=value) for name, value in attributes.items())


def required_names(pool: Pool) -> list[str]:
    """The attributes that a user must have, in the schema's order; ``sub`` is the pool's own business."""
    return [name for name, each in schema(pool).items() if each.required and name != "sub"]


def check(pool: Pool, given: Mapping[str, str]) -> None:
    """Raises `Fault` when an attribute is not in the schema, or its value is not what the schema says."""
    for name in sorted(_OF_THE_POOL & given.keys()):
        raise faults.ATTRIBUTE_IMMUTABLE(name)
    broken = list(_violations(pool, given))
    if broken:
        raise faults.SCHEMA_VIOLATION("\n".join(broken))
    if given.get("email") and not _EMAIL.fullmatch(given["email"]):
        raise faults.EMAIL_FORM
    if given.get("phone_number") and not _PHONE.fullmatch(given["phone_number"]):
        raise faults.PHONE_FORM


def check_required(pool: Pool, present: Mapping[str, str]) -> None:
    """Raises `Fault` when a required attribute is absent."""
    _refuse_missing(name for name in required_names(pool) if not present.get(name))


def check_removals(pool: Pool, changes: Mapping[str, str]) -> None:
    """Raises `Fault` when a change blanks a required attribute."""
    _refuse_missing(name for name in required_names(pool) if name in changes and not changes[name])


def _refuse_missing(names: Iterable[str]) -> None:
    missing = [f"{name}: The attribute is required" for name in names]
    if missing:
        raise faults.SCHEMA_VIOLATION("\n".join(missing))


def check_changeable(pool: Pool, names: Iterable[str]) -> None:
    """Raises `Fault` when an attribute is not in the schema, or cannot be changed once the user exists."""
    known = schema(pool)
    for name in names:
        if name not in known:
            raise faults.ATTRIBUTE_UNKNOWN(name)
        if not known[name].mutable:
            raise faults.ATTRIBUTE_IMMUTABLE(name)


def with_flags(values: Mapping[str, str], *, given: Mapping[str, str]) -> dict[str, str]:
    """The values, each address with its ``_verified``, which is false unless there is one already; blank values are left out.

    Raises `Fault` when ``given`` says whether an address is verified that is not there.
    """
    completed = dict(values)
    for name in VERIFIABLE:
        flag = f"{name}_verified"
        if not values.get(name) and given.get(flag):
            raise _ABSENT[name]
        completed[flag] = (values.get(flag) or "false") if values.get(name) else ""
    return {name: value for name, value in completed.items() if value}


def check_changes(pool: Pool, current: Mapping[str, str], changes: Mapping[str, str]) -> None:
    """Raises `Fault` when a change touches an immutable attribute that has a value."""
    for name, attribute in schema(pool).items():
        if name in changes and not attribute.mutable and current.get(name):
            raise faults.ATTRIBUTE_IMMUTABLE(name)


def check_writable(client: Client, names: Iterable[str]) -> None:
    """Raises `Fault` when the client may not write one of the attributes."""
    listed = client.settings.write_attributes
    for name in names:
        allowed = not name.startswith("dev:") if listed is None else name in listed
        if name in _UNWRITABLE or not allowed:
            raise faults.ATTRIBUTE_NOT_WRITABLE


def readable(client: Client, user: User) -> dict[str, str]:
    """The user's attributes that the client may read, ``sub`` first."""
    listed = client.settings.read_attributes
    return {name: value for name, value in everything(user).items() if listed is None or name == "sub" or name in listed}


def everything(user: User) -> dict[str, str]:
    """The user's attributes, ``sub`` first."""
    return {"sub": user.sub, **user.attributes}


def is_email(text: str) -> bool:
    """Whether the text has the form of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether the text has the form of a telephone number (E.164)."""
    return _PHONE.fullmatch(text) is not None


def _violations(pool: Pool, given: Mapping[str, str]) -> Iterator[str]:
    known = schema(pool)
    for name, value in given.items():
        if name not in known:
            yield f"{name}: Attribute does not exist in the schema."
        elif value:
            yield from (f"{name}: {text}" for text in _wrong(known[name], value))


def _wrong(attribute: SchemaAttribute, value: str) -> Iterator[str]:
    if len(value.encode()) > MAX_BYTES:
        yield f"Value must be no longer than {MAX_BYTES} bytes"
    match attribute.attribute_data_type:
        case "Boolean":
            if value not in ("true", "false"):
                yield "Boolean must be true or false"
        case "Number":
            yield from _wrong_number(attribute.number_attribute_constraints or NumberAttributeConstraints(), value)
        case "DateTime":
            yield from _wrong_time(value)
        case _:
            yield from _wrong_length(attribute.string_attribute_constraints or StringAttributeConstraints(), value)


def _wrong_number(limits: NumberAttributeConstraints, value: str) -> Iterator[str]:
    if not _NUMBER.fullmatch(value):
        yield "Number must be an integer"
    elif limits.min_value is not None and int(value) < int(limits.min_value):
        yield f"Number must be no less than {limits.min_value}"
    elif limits.max_value is not None and int(value) > int(limits.max_value):
        yield f"Number must be no greater than {limits.max_value}"


def _wrong_time(value: str) -> Iterator[str]:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        yield "DateTime must be a date or a time of ISO 8601"


def _wrong_length(limits: StringAttributeConstraints, value: str) -> Iterator[str]:
    if limits.min_length is not None and len(value) < int(limits.min_length):
        yield f"String must be no shorter than {limits.min_length} characters"
    if limits.max_length is not None and len(value) > int(limits.max_length):
        yield f"String must be no longer than {limits.max_length} characters"
