"""Reads JSON in its one strict form; what two readers could understand differently is refused.

That form is I-JSON (RFC 7493): UTF-8 without a byte order mark, no member twice in an object, no number beyond a double's
range, no half of a surrogate pair; nesting is bounded. What was read comes back frozen: objects below the top are read-only
mappings, arrays are tuples.

Knows nothing of tokens and keys. Every complaint is a `ValueError` that does not quote what was read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeAlias

from ..api.wire import require_plain

MAX_DEPTH: Final = 16
"""Levels of objects and arrays, the outermost included."""

Read: TypeAlias = "bool | float | str | list[Read] | dict[str, Read] | None"
"""A JSON value as it was read."""
Frozen: TypeAlias = "bool | float | str | tuple[Frozen, ...] | Mapping[str, Frozen] | None"
"""The same, once nobody can change it."""

_CONTAINERS: Final = frozenset({dict, list})


def read_value(data: bytes) -> Read:
    """The JSON value that ``data`` is; how deep it is nested, and half characters in it, are the caller's affair. Raises
    `ValueError`."""
    text = data.decode().strip(" \t\r\n")
    value: Read
    try:
        value, end = _DECODER.raw_decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if end != len(text):
        raise ValueError("more than one JSON value")
    return value


def is_nested_deeper(value: Read, levels: int) -> bool:
    """Whether a value that was read has more than so many levels of objects and arrays."""
    if not isinstance(value, (dict, list)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels < 1 or any(is_nested_deeper(each, levels - 1) for each in inside)


def read_object(data: bytes) -> dict[str, Frozen]:
    """The JSON object that ``data`` is, with everything inside it frozen. Raises `ValueError`."""
    members = read_value(data)
    if type(members) is not dict:
        raise ValueError("not a JSON object")
    if b"\\" in data:
        require_plain(members)  # only an escape can bring in half a surrogate pair, which no UTF-8 has
    frozen: dict[str, Any] = members
    for name, value in members.items():
        if type(value) in _CONTAINERS:
            frozen[name] = _frozen(value, 2)
    return frozen


def _frozen(value: Read, depth: int) -> Frozen:
    if not isinstance(value, (dict, list)):
        return value
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(item, depth + 1) for name, item in value.items()})
    if _CONTAINERS.isdisjoint(map(type, value)):  # as in lists of groups, which nearly every token has
        plain: list[Any] = value
        return tuple(plain)
    return tuple([_frozen(item, depth + 1) for item in value])


def _object(pairs: list[tuple[str, Read]]) -> dict[str, Read]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return members


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is out of range")
    return number


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
