"""Refuses what the service's own model refuses, in the service's words.

The constraints are those that `cognito_auth.api` declares; this module knows how a value is held against them and how the
refusal is written, for every operation alike. A sensitive value is never repeated in a refusal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar, cast, get_args, get_origin

import regex

from ...api.structure import Constraint, Structure, members, unwrap
from ...api.wire import MalformedValue, from_wire
from . import faults

S = TypeVar("S", bound=Structure)

MAX_BODY_BYTES: Final = 1 << 20
_NO_CONSTRAINT: Final = Constraint()
_UNHELD_PATTERNS: Final = frozenset({r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"})
"""Patterns of the model that the service does not hold to: a domain of one's own has dots."""


def read(cls: type[S], body: bytes) -> S:
    """The structure that a request's body holds.

    Raises `Fault`: SerializationException for anything that is not a JSON object with members of the right types,
    InvalidParameterException with every violated constraint.
    """
    document = _parse(body)
    violations = list(_structure(cls, document, ""))
    try:
        value = from_wire(cls, document)
    except MalformedValue as error:
        if not violations:
            raise faults.MALFORMED(f"{error.path or 'The body'} is not {error.expected}") from None
        raise _refused(violations) from None
    if violations:
        raise _refused(violations)
    return value


def _refused(violations: list[str]) -> faults.Fault:
    count = len(violations)
    noun = "error" if count == 1 else "errors"
    return faults.INVALID_PARAMETER(f"{count} validation {noun} detected: {'; '.join(violations)}")


def _parse(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise faults.MALFORMED(f"The body is larger than {MAX_BODY_BYTES} bytes")
    try:
        document = json.loads(body or b"{}", parse_constant=_no_constant)
        # A lone surrogate is a string that no encoding can write, and it would fail far from here.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise faults.MALFORMED("The body is not JSON") from None
    if not isinstance(document, dict):
        raise faults.MALFORMED("The body is not a JSON object")
    return cast("dict[str, Any]", document)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _structure(cls: type[Structure], document: object, path: str) -> Iterator[str]:
    if not isinstance(document, dict):
        return
    given = cast("dict[str, Any]", document)
    for member in members(cls):
        value = given.get(member.wire_name)
        where = _joined(path, member.wire_name[0].lower() + member.wire_name[1:])
        if value is not None:
            yield from _value(member.type, member.constraint, value, where)
        elif member.required:
            yield _violation(None, member.constraint, where, "Member must not be null")


def _value(kind: Any, constraint: Constraint, value: Any, path: str) -> Iterator[str]:
    yield from (_violation(value, constraint, path, text) for text in _broken(constraint, value))
    origin = get_origin(kind)
    if origin is tuple and isinstance(value, list):
        yield from _items(get_args(kind)[0], constraint, cast("list[Any]", value), path)
    elif origin is Mapping and isinstance(value, dict):
        inner, rules, _ = unwrap(get_args(kind)[1])
        for key, item in cast("dict[str, Any]", value).items():
            yield from _value(inner, rules, item, _joined(path, f"{key}.member"))
    elif isinstance(kind, type) and issubclass(kind, Structure):
        yield from _structure(kind, value, path)


def _items(kind: Any, constraint: Constraint, values: list[Any], path: str) -> Iterator[str]:
    inner, rules, _ = unwrap(kind)
    if isinstance(inner, type) and issubclass(inner, Structure):
        for number, item in enumerate(values, 1):
            yield from _structure(inner, item, f"{path}.{number}.member")
        return
    # The service reports a list of scalars as a whole.
    texts = dict.fromkeys(text for item in values for text in _broken(rules, item))
    if texts:
        sensitive = Constraint(sensitive=constraint.sensitive or rules.sensitive)
        yield _violation(values, sensitive, path, f"Member must satisfy constraint: [{', '.join(texts)}]")


def _broken(constraint: Constraint, value: Any) -> Iterator[str]:
    """The texts of the constraints that the value does not satisfy; values of a wrong type are not this module's to judge."""
    if constraint == _NO_CONSTRAINT:
        return
    if isinstance(value, str | list):
        size = len(cast("list[Any]", value))
        if constraint.min_length is not None and size < constraint.min_length:
            yield f"Member must have length greater than or equal to {constraint.min_length}"
        if constraint.max_length is not None and size > constraint.max_length:
            yield f"Member must have length less than or equal to {constraint.max_length}"
            return
    if isinstance(value, str):
        if constraint.enum and value not in constraint.enum:
            yield f"Member must satisfy enum value set: [{', '.join(constraint.enum)}]"
        held = constraint.pattern not in _UNHELD_PATTERNS
        if held and constraint.pattern is not None and not _compiled(constraint.pattern).fullmatch(value):
            yield f"Member must satisfy regular expression pattern: {constraint.pattern}"
    elif isinstance(value, int):
        if constraint.minimum is not None and value < constraint.minimum:
            yield f"Member must have value greater than or equal to {constraint.minimum}"
        if constraint.maximum is not None and value > constraint.maximum:
            yield f"Member must have value less than or equal to {constraint.maximum}"


def _violation(value: Any, constraint: Constraint, path: str, text: str) -> str:
    return f"Value {_shown(value, constraint)}at '{path}' failed to satisfy constraint: {text}"


def _shown(value: Any, constraint: Constraint) -> str:
    if constraint.sensitive:
        return ""
    if value is None:
        return "null "
    if isinstance(value, list):
        return f"'[{', '.join(str(item) for item in cast('list[Any]', value))}]' "
    return f"'{value}' "


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    # Python's own `re` has no \p{L}.
    return regex.compile(pattern)
