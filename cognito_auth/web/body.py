"""JSON bodies: which members an endpoint takes, as data; reading them strictly; describing them.

A body that is too long, is not JSON (in the strict form of `cognito_auth.tokens.strict`), is nested too deeply, has a member of
the wrong type or one that nobody asked for is refused with a sentence that says what is wrong and never repeats a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..api.wire import is_list, is_object, require_plain
from ..errors import BodyTooLarge, RequestRejected, UnsupportedMediaType
from ..tokens.strict import MAX_DEPTH, is_nested_deeper, read_value
from .http import Request

MAX_BODY: Final = 32 * 1024
"""Bytes of a body that are read; sealed values are the longest part of one."""
_MAX_ENTRIES: Final = 50
_MAX_NUMBER: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a body; a string unless a subclass says otherwise. Lengths are in characters."""

    name: str
    max_length: int = 2048
    required: bool = True
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """The value; raises `RequestRejected`."""
        if not isinstance(value, str):
            raise RequestRejected(f"{self.name} must be a string")
        if not value and self.required:
            raise RequestRejected(f"{self.name} must not be empty")
        if len(value) > self.max_length:
            raise RequestRejected(f"{self.name} must have at most {self.max_length} characters")
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise RequestRejected(f"{self.name} has characters that no text has")
        if self.choices and value not in self.choices:
            raise RequestRejected(f"{self.name} must be one of {', '.join(self.choices)}")
        return value

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        if self.choices:
            return {"type": "string", "enum": list(self.choices)}
        return {"type": "string", "maxLength": self.max_length}


@dataclass(frozen=True, slots=True)
class Flag(Member):
    """A member that is true or false."""

    def read(self, value: Any) -> bool:
        """The value; raises `RequestRejected`."""
        if not isinstance(value, bool):
            raise RequestRejected(f"{self.name} must be true or false")
        return value

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number(Member):
    """A member that is a whole number, not below nothing."""

    def read(self, value: Any) -> int:
        """The value; raises `RequestRejected`."""
        if type(value) is not int or not 0 <= value <= _MAX_NUMBER:
            raise RequestRejected(f"{self.name} must be a whole number from 0 to {_MAX_NUMBER}")
        return value

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        return {"type": "integer", "minimum": 0, "maximum": _MAX_NUMBER}


@dataclass(frozen=True, slots=True)
class Texts(Member):
    """A member that is an object of strings."""

    def read(self, value: Any) -> dict[str, str]:
        """The value; raises `RequestRejected`."""
        if not is_object(value):
            raise RequestRejected(f"{self.name} must be an object")
        if len(value) > _MAX_ENTRIES:
            raise RequestRejected(f"{self.name} must have at most {_MAX_ENTRIES} members")
        name, text = Member(f"each name in {self.name}"), Member(f"each member of {self.name}", required=False)
        return {name.read(key): text.read(entry) for key, entry in value.items()}

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        return {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": _MAX_ENTRIES}


@dataclass(frozen=True, slots=True)
class Names(Member):
    """A member that is a list of strings, none of them empty; there is at least one."""

    def read(self, value: Any) -> list[str]:
        """The value; raises `RequestRejected`."""
        if not is_list(value):
            raise RequestRejected(f"{self.name} must be a list")
        if not 1 <= len(value) <= _MAX_ENTRIES:
            raise RequestRejected(f"{self.name} must have 1 to {_MAX_ENTRIES} entries")
        entry = Member(f"each entry of {self.name}", max_length=self.max_length)
        return [entry.read(each) for each in value]

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        entry = {"type": "string", "minLength": 1, "maxLength": self.max_length}
        return {"type": "array", "items": entry, "minItems": 1, "maxItems": _MAX_ENTRIES}


@dataclass(frozen=True, slots=True)
class Object(Member):
    """A member that is an object, which the endpoint reads further with `read_members`."""

    def read(self, value: Any) -> dict[str, Any]:
        """The value; raises `RequestRejected`."""
        if not is_object(value):
            raise RequestRejected(f"{self.name} must be an object")
        try:
            require_plain(value)
        except ValueError:
            raise RequestRejected(f"{self.name} has what could not be passed on") from None
        return value

    def schema(self) -> dict[str, Any]:
        """The member in JSON Schema."""
        return {"type": "object"}


def read_body(request: Request, members: tuple[Member, ...]) -> dict[str, Any]:
    """The body's members; an absent one that is not required is left out. No body at all is an empty object.

    Raises `BodyTooLarge`, `UnsupportedMediaType` or `RequestRejected`.
    """
    if len(request.body) > MAX_BODY:
        raise BodyTooLarge(f"the body must have at most {MAX_BODY} bytes")
    if not request.body:
        return read_members({}, members)
    media_type = request.header("content-type")
    if media_type is None or media_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType("the body must be application/json")
    try:
        document = read_value(request.body)
    except ValueError:
        raise RequestRejected("the body is not JSON") from None
    if is_nested_deeper(document, MAX_DEPTH):
        raise RequestRejected("the body is nested too deeply")
    if not is_object(document):
        raise RequestRejected("the body must be a JSON object")
    return read_members(document, members)


def read_members(document: Mapping[str, Any], members: tuple[Member, ...]) -> dict[str, Any]:
    """The members of an object; raises `RequestRejected`."""
    known = {member.name for member in members}
    if not document.keys() <= known:
        raise RequestRejected(f"there are members other than {', '.join(sorted(known)) or 'none'}")
    read: dict[str, Any] = {}
    for member in members:
        value = document.get(member.name)
        if value is not None:
            read[member.name] = member.read(value)
        elif member.required:
            raise RequestRejected(f"{member.name} is missing")
    return read


def body_schema(members: tuple[Member, ...]) -> dict[str, Any]:
    """The body in JSON Schema."""
    return {
        "type": "object",
        "properties": {member.name: member.schema() for member in members},
        "required": [member.name for member in members if member.required],
        "additionalProperties": False,
    }
