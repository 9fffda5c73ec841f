"""A pool's schema: the standard attributes, and the custom ones that are added when the pool is created or later.

A request names a custom attribute without its prefix. It is kept as ``custom:NAME``, or ``dev:custom:NAME`` where only
developers write it. Attributes are never removed, renamed or given another type.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from ...api.pool_settings import NumberAttributeConstraints, SchemaAttribute, StringAttributeConstraints
from ...api.pools import AddCustomAttributes
from ...api.structure import NoReply
from ..base import faults
from ..base.access import pool_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.quotas import CUSTOM_ATTRIBUTES
from ..store.tables import POOLS
from ..users import attributes

_LONGEST: Final = 2048
_LENGTH: Final = re.compile(r"[0-9]{1,309}", re.ASCII)
_VALUE: Final = re.compile(r"-?[0-9]{1,309}", re.ASCII)
"""As many digits as 2 to the power of 1023 has."""


def new_schema(given: Iterable[SchemaAttribute]) -> tuple[SchemaAttribute, ...]:
    """The schema of a new pool. Raises `Fault` for an attribute that cannot be."""
    schema = {each.name or "": each for each in attributes.STANDARD}
    customs: list[SchemaAttribute] = []
    for each in given:
        if each.name in attributes.STANDARD_NAMES:
            schema[each.name] = _changed_standard(schema[each.name], each)
        else:
            customs.append(each)
    return _with_customs(schema, customs)


def add_custom_attributes(context: Context, request: AddCustomAttributes) -> NoReply:
    """Add attributes; clients that list what they read or write do not get them.

    UserImportInProgress cannot occur: the pool has no import jobs.
    """
    pool = pool_of(context, request.user_pool_id)
    extended = _with_customs(attributes.schema(pool), request.custom_attributes)
    settings = replace(pool.settings, schema_attributes=extended, last_modified_date=context.moment)
    context.records.put(POOLS, replace(pool, settings=settings))
    return NoReply()


def _with_customs(schema: Mapping[str, SchemaAttribute], given: Iterable[SchemaAttribute]) -> tuple[SchemaAttribute, ...]:
    extended = dict(schema)
    for each in given:
        if not each.name:
            raise faults.SCHEMA_NAME
        for taken in (f"custom:{each.name}", f"dev:custom:{each.name}"):
            if taken in extended:
                raise faults.SCHEMA_DUPLICATE(each.name, taken)
        if each.required:
            raise faults.REQUIRED_CUSTOM
        full = f"dev:custom:{each.name}" if each.developer_only_attribute else f"custom:{each.name}"
        extended[full] = _custom(full, each)
    if len(extended) - len(attributes.STANDARD) > CUSTOM_ATTRIBUTES:
        raise faults.CUSTOM_LIMIT(CUSTOM_ATTRIBUTES)
    return tuple(extended.values())


def _changed_standard(standard: SchemaAttribute, given: SchemaAttribute) -> SchemaAttribute:
    if given.developer_only_attribute or given.attribute_data_type not in (None, standard.attribute_data_type):
        raise faults.STANDARD_TYPE(standard.name)
    if standard.name == "sub":
        return standard
    return _checked(replace(standard, **dict(_given(given))))


def _given(attribute: SchemaAttribute) -> Iterator[tuple[str, Any]]:
    return ((f.name, value) for f in fields(attribute) if (value := getattr(attribute, f.name)) is not None)


def _custom(full: str, given: SchemaAttribute) -> SchemaAttribute:
    attribute = replace(
        given,
        name=full,
        attribute_data_type=given.attribute_data_type or "String",
        developer_only_attribute=bool(given.developer_only_attribute),
        mutable=bool(given.mutable),
        required=False,
    )
    return _checked(attribute)


def _checked(attribute: SchemaAttribute) -> SchemaAttribute:
    """The attribute with the constraints of its own type only. Raises `Fault` for such as nothing can satisfy."""
    kind = attribute.attribute_data_type
    return replace(
        attribute,
        string_attribute_constraints=_lengths(attribute) if kind == "String" else None,
        number_attribute_constraints=_values(attribute) if kind == "Number" else None,
    )


def _lengths(attribute: SchemaAttribute) -> StringAttributeConstraints:
    given = attribute.string_attribute_constraints or StringAttributeConstraints()
    shortest = _number(_LENGTH, given.min_length, "MinLength", attribute)
    longest = _number(_LENGTH, given.max_length, "MaxLength", attribute)
    if max(shortest or 0, longest or 0) > _LONGEST:
        raise faults.LENGTH_TOO_LONG(attribute.name)
    if shortest is not None and longest is not None and shortest > longest:
        raise faults.LENGTH_ORDER(attribute.name)
    return given


def _values(attribute: SchemaAttribute) -> NumberAttributeConstraints:
    given = attribute.number_attribute_constraints or NumberAttributeConstraints()
    lowest = _number(_VALUE, given.min_value, "MinValue", attribute)
    highest = _number(_VALUE, given.max_value, "MaxValue", attribute)
    if lowest is not None and highest is not None and lowest > highest:
        raise faults.VALUE_ORDER(attribute.name)
    return given


def _number(form: re.Pattern[str], text: str | None, title: str, attribute: SchemaAttribute) -> int | None:
    if text is None:
        return None
    if not form.fullmatch(text):
        raise faults.CONSTRAINT_FORM(title, attribute.name)
    return int(text)


HANDLERS: Final[Handlers] = handlers(add_custom_attributes)
