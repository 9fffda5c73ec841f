"""Operations by their names on the wire: for those that have no class here.

Nothing is filled in from the settings, nothing is converted: the members are JSON values under the names that the API
reference gives them, and so is the reply. Whatever has a class is better sent as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Final

from .structure import Operation

_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9]{2,127}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class NamedOperation(Operation[Mapping[str, Any]]):
    """The operation called ``name`` with these members, signed as the administrator's operations are.

    ``members`` must be JSON values (a time is a number of seconds). The reply is the JSON object that the service answers.
    Raises `ValueError` for a name that does not have the form of one, and ``send`` for members that JSON cannot hold.
    """

    signed: ClassVar[bool] = True

    name: str
    members: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no operation's name, which looks like 'ListUsers'")
        object.__setattr__(self, "members", MappingProxyType(dict(self.members)))

    def __repr__(self) -> str:
        # Which of the values are secret is not known, so none is shown.
        return f"{type(self).__name__}({self.name!r}, members: {', '.join(self.members) or 'none'})"


@dataclass(frozen=True, slots=True, repr=False)
class UnsignedNamedOperation(NamedOperation):
    """A `NamedOperation` that needs no signature: it proves who asks by an access token or a client id in its members."""

    signed: ClassVar[bool] = False


def name_of(operation: Operation[Any]) -> str:
    """An operation's name on the wire."""
    return operation.name if isinstance(operation, NamedOperation) else type(operation).__name__
