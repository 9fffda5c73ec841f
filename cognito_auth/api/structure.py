"""What the API's values are made of: structures, operations, and the constraints that the service puts on members.

A structure is a frozen dataclass whose annotations say everything: the Python type, the wire name where it is not the
field's name in PascalCase (`Wire`), and the service's constraints (`Constraint`). `cognito_auth.api.wire` reads them to
speak JSON, the embedded pool reads them to refuse what Cognito would refuse, and ``repr`` reads them to mask secrets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from ..effects import Effect
from ..secret import MASK

S = TypeVar("S", bound="Structure")
R = TypeVar("R")

Document: TypeAlias = Mapping[str, Any]
"""A JSON object whose members the API does not say; what is inside is immutable too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """The service's own limits on a member, as its model states them; lengths in characters or list items."""

    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """The member's name on the wire, where it is not the field's name in PascalCase."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Structure:
    """Base of every value that crosses the wire; ``repr`` shows no sensitive member."""

    def __repr__(self) -> str:
        shown = (
            f"{member.attribute}={MASK if member.sensitive else repr(value)}"
            for member in members(type(self))
            if (value := getattr(self, member.attribute)) is not None
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass_transform(frozen_default=True, kw_only_default=True)
def structure(cls: type[S]) -> type[S]:
    """Make a `Structure` of the class: frozen, slotted, keyword-only, with the masking ``repr``."""
    return dataclass(frozen=True, slots=True, kw_only=True, repr=False)(cls)


class Operation(Structure, Effect[R]):
    """A request to the API; ``R`` is its reply. Its name on the wire is the class's name."""

    __slots__ = ()

    signed: ClassVar[bool] = False
    """Whether the request must carry an AWS Signature Version 4 (the administrator's operations)."""

    errors: ClassVar[frozenset[str]] = frozenset()
    """The error codes that the service declares for the operation; those that any request may meet are not among them."""


@structure
class NoReply(Structure):
    """The reply of an operation that answers nothing."""


FROM_SETTINGS: frozenset[str] = frozenset({"user_pool_id", "client_id", "client_secret", "secret_hash"})
"""Members that the client fills in from its settings when the caller left them out (`cognito_auth.completion`)."""


def reply_type(operation: type[Operation[R]]) -> type[R]:
    """The class of an operation's reply."""
    for base in getattr(operation, "__orig_bases__", ()):
        if get_origin(base) is Operation:
            reply: type[R] = get_args(base)[0]
            return reply
    raise TypeError(f"{operation.__name__} does not derive from Operation[...]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a structure, read from its annotation."""

    attribute: str
    wire_name: str
    type: Any
    """The bare Python type: ``str``, ``int``, ``bool``, ``datetime``, a structure, ``tuple[X, ...]``, ``Mapping[str, X]`` or
    `Document`."""
    constraint: Constraint
    required: bool

    @property
    def sensitive(self) -> bool:
        """Whether the member, or each item of it, is secret."""
        return self.constraint.sensitive or any(unwrap(item)[1].sensitive for item in get_args(self.type))


_MEMBERS: dict[type[Structure], tuple[Member, ...]] = {}


def members(cls: type[Structure]) -> tuple[Member, ...]:
    """The members of a structure, in the order they are declared."""
    known = _MEMBERS.get(cls)
    if known is None:
        known = _MEMBERS[cls] = tuple(_read_members(cls))
    return known


def _read_members(cls: type[Structure]) -> Iterator[Member]:
    hints = get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        bare, constraint, wire = unwrap(hints[field.name])
        yield Member(
            attribute=field.name,
            wire_name=wire or "".join(word.capitalize() for word in field.name.split("_")),
            type=bare,
            constraint=constraint,
            required=not is_optional(hints[field.name]),
        )


def is_optional(hint: Any) -> bool:
    """Whether ``None`` is a value of the annotated type."""
    if get_origin(hint) is Annotated:
        return is_optional(get_args(hint)[0])
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def unwrap(hint: Any) -> tuple[Any, Constraint, str | None]:
    """An annotation's bare type, its constraint and its wire name; ``| None`` is dropped."""
    constraint, wire = Constraint(), None
    while True:
        if get_origin(hint) is Annotated:
            hint, *notes = get_args(hint)
            for note in notes:
                if isinstance(note, Constraint):
                    constraint = note
                elif isinstance(note, Wire):
                    wire = note.name
        elif get_origin(hint) in (Union, UnionType):
            (hint,) = (arm for arm in get_args(hint) if arm is not NoneType)
        elif get_origin(hint) is Literal:
            return str, Constraint(enum=get_args(hint)), wire
        else:
            return hint, constraint, wire
