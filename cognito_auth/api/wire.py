"""The AWS JSON 1.1 form of the API's values: structures to JSON objects and back.

A member that is ``None`` is left out, and a null that arrives counts as absent. Timestamps are seconds since the epoch, with
an optional fraction. Members that a structure does not know are ignored, so that a newer service does not break an older
client. Constraints are not checked here: that is the service's work (in the pool,
`cognito_auth.local.base.validation` does it).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeGuard, TypeVar, cast, get_args, get_origin

from .structure import Document, Structure, members, unwrap

S = TypeVar("S", bound=Structure)

TARGET_PREFIX: Final = "AWSCognitoIdentityProviderService."
CONTENT_TYPE: Final = "application/x-amz-json-1.1"

_DEEPEST: Final = 64

Converter = Callable[[Any], Any]
Decoder = Callable[[Any], Any]
"""Gives what a JSON value stands for."""


class MalformedValue(ValueError):
    """A JSON value that does not have its member's type; ``path`` is the member's path in wire names."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__(f"{path or 'the value'} is not {expected}")
        self.path = path
        self.expected = expected

    def within(self, name: str | int) -> MalformedValue:
        """The same of what the value is in, where it has this name; so that a path is made only where something is wrong."""
        return MalformedValue(f"{name}.{self.path}" if self.path else str(name), self.expected)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether what was read from JSON is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether what was read from JSON is a list."""
    return isinstance(value, list)


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text, in UTF-8 where it is bytes; it is plain. Raises `ValueError` for anything else."""
    try:
        value = json.loads(text.decode() if isinstance(text, bytes) else text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    require_plain(value)
    return value


def require_plain(value: Any) -> None:
    """Raise `ValueError` for a value with what was read from JSON and could not be passed on as such: a number that is not
    finite, half a surrogate pair, nesting beyond the stack."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None


def to_wire(value: Structure) -> dict[str, Any]:
    """The JSON object of a structure."""
    return {
        name: convert(item)
        for attribute, name, convert in _encoding(type(value))
        if (item := getattr(value, attribute)) is not None
    }


def from_wire(cls: type[S], document: Any) -> S:
    """The structure that a JSON object stands for.

    Raises `MalformedValue` for a value of the wrong JSON type or a required member that is absent.
    """
    if not is_object(document):
        raise MalformedValue("", "an object")
    values: dict[str, Any] = {}
    for attribute, name, decode, required in _decoding(cls):
        item = document.get(name)
        if item is not None:
            try:
                values[attribute] = decode(item)
            except MalformedValue as error:
                raise error.within(name) from None
        elif required:
            raise MalformedValue(name, "there")
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
    if kind == Document:
        return to_json
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


def to_json(value: Any) -> Any:
    """The JSON value of a document, or of a part of one."""
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in cast("list[Any]", value)]
    return value


_DECODINGS: dict[type[Structure], tuple[tuple[str, str, Decoder, bool], ...]] = {}


def _decoding(cls: type[Structure]) -> tuple[tuple[str, str, Decoder, bool], ...]:
    known = _DECODINGS.get(cls)
    if known is None:
        known = _DECODINGS[cls] = tuple(
            (member.attribute, member.wire_name, _decoder(member.type), member.required) for member in members(cls)
        )
    return known


def _decoder(kind: Any) -> Decoder:
    kind, _, _ = unwrap(kind)
    origin = get_origin(kind)
    if origin is tuple:
        return _list_decoder(_decoder(get_args(kind)[0]))
    if kind == Document:
        return document
    if origin is Mapping:
        return _object_decoder(_decoder(get_args(kind)[1]))
    if kind is datetime:
        return _moment
    if issubclass(kind, Structure):
        return partial(from_wire, kind)
    return _scalar_decoder(kind)


def _list_decoder(decode: Decoder) -> Decoder:
    def decode_list(value: Any) -> Any:
        if not is_list(value):
            raise MalformedValue("", "a list")
        return tuple([_part(decode, item, number) for number, item in enumerate(value, 1)])

    return decode_list


def _object_decoder(decode: Decoder) -> Decoder:
    def decode_object(value: Any) -> Any:
        if not is_object(value):
            raise MalformedValue("", "an object")
        return MappingProxyType({key: _part(decode, item, key) for key, item in value.items() if item is not None})

    return decode_object


def _part(decode: Decoder, item: Any, name: str | int) -> Any:
    try:
        return decode(item)
    except MalformedValue as error:
        raise error.within(name) from None


def document(value: Any, path: str = "") -> Any:
    """A JSON object that nobody can change; ``path`` is where it stands. Raises `MalformedValue` for anything else, and for one
    that is nested too deep."""
    if not is_object(value):
        raise MalformedValue(path, "an object")
    return _frozen(value, path, _DEEPEST)


def _frozen(value: Any, path: str, depth: int) -> Any:
    """A JSON value that nobody can change, with at most ``depth`` values around one another."""
    if depth == 0:
        raise MalformedValue(path, f"nested less than {_DEEPEST} deep")
    if is_object(value):
        return MappingProxyType({key: _frozen(item, path, depth - 1) for key, item in value.items()})
    if is_list(value):
        return tuple(_frozen(item, path, depth - 1) for item in value)
    return value


def _scalar_decoder(kind: type) -> Decoder:
    def decode_scalar(value: Any) -> Any:
        if type(value) is not kind and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise MalformedValue("", f"a {kind.__name__}")
        return value

    return decode_scalar


def _moment(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedValue("", "a number of seconds")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise MalformedValue("", "a time") from None
