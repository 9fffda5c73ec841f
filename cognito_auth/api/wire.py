"""The AWS JSON 1.1 form of the API's values: structures to JSON objects and back.

A member that is ``None`` is left out, and a null that arrives counts as absent. Timestamps are seconds since the epoch, with
an optional fraction. Members that a structure does not know are ignored, so that a newer service does not break an older
client. Constraints are not checked here: that is the service's work (`cognito_auth.local.validation` does it for the pool).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast, get_args, get_origin

from .structure import Structure, members, unwrap

S = TypeVar("S", bound=Structure)

TARGET_PREFIX: Final = "AWSCognitoIdentityProviderService."
CONTENT_TYPE: Final = "application/x-amz-json-1.1"

Converter = Callable[[Any], Any]


class MalformedValue(ValueError):
    """A JSON value that does not have its member's type; ``path`` is the member's path in wire names."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path or 'the value'} is not {expected}")
        self.path = path
        self.expected = expected


def to_wire(value: Structure) -> dict[str, Any]:
    """The JSON object of a structure."""
    return {
        name: convert(item)
        for attribute, name, convert in _encoding(type(value))
        if (item := getattr(value, attribute)) is not None
    }


def from_wire(cls: type[S], document: Any, path: str = "") -> S:
    """The structure that a JSON object stands for.

    Raises `MalformedValue` for a value of the wrong JSON type or a required member that is absent.
    """
    if not isinstance(document, dict):
        raise MalformedValue(path, "an object")
    given = cast("dict[str, Any]", document)
    values: dict[str, Any] = {}
    for member in members(cls):
        item = given.get(member.wire_name)
        where = f"{path}.{member.wire_name}" if path else member.wire_name
        if item is not None:
            values[member.attribute] = _decode(member.type, item, where)
        elif member.required:
            raise MalformedValue(where, "there")
    return cls(**values)


_ENCODINGS: dict[type[Structure], tuple[tuple[str, str, Converter], ...]] = {}


def _encoding(cls: type[Structure]) -> tuple[tuple[str, str, Converter], ...]:
    if cls not in _ENCODINGS:
        _ENCODINGS[cls] = tuple((member.attribute, member.wire_name, _encoder(member.type)) for member in members(cls))
    return _ENCODINGS[cls]


def _encoder(kind: Any) -> Converter:
    kind, _, _ = unwrap(kind)
    origin = get_origin(kind)
    if origin is tuple:
        item = _encoder(get_args(kind)[0])
        return lambda values: [item(value) for value in values]
    if origin is Mapping:
        entry = _encoder(get_args(kind)[1])
        return lambda values: {key: entry(value) for key, value in values.items()}
    if kind is datetime:
        return datetime.timestamp
    if issubclass(kind, Structure):
        return to_wire
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _decode(kind: Any, value: Any, path: str) -> Any:
    kind, _, _ = unwrap(kind)
    origin = get_origin(kind)
    if origin is tuple:
        if not isinstance(value, list):
            raise MalformedValue(path, "a list")
        inner = get_args(kind)[0]
        return tuple(_decode(inner, item, f"{path}.{number}") for number, item in enumerate(cast("list[Any]", value), 1))
    if origin is Mapping:
        if not isinstance(value, dict):
            raise MalformedValue(path, "an object")
        inner = get_args(kind)[1]
        entries = cast("dict[str, Any]", value)
        return MappingProxyType({key: _decode(inner, item, f"{path}.{key}") for key, item in entries.items()})
    if kind is datetime:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise MalformedValue(path, "a number of seconds")
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            raise MalformedValue(path, "a time") from None
    if issubclass(kind, Structure):
        return from_wire(kind, value, path)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise MalformedValue(path, f"a {kind.__name__}")
    return value
