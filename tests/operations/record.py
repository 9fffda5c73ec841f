"""What was seen of each operation: the members of its replies, down to the innermost, and the codes of its refusals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast, get_args, get_origin

from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.structure import Structure, members, unwrap

from .api import Api, Refused


class Recorder:
    """An `Api` that notes what comes back."""

    def __init__(self, api: Api) -> None:
        self._api: Final = api
        self.seen: Final[defaultdict[str, set[str]]] = defaultdict(set)
        """By operation: codes, and members as ``UserPool.Policies.PasswordPolicy.MinimumLength``."""

    def call(self, operation: str, /, **members: Any) -> Mapping[str, Any]:
        try:
            reply = self._api.call(operation, **members)
        except Refused as refused:
            self.seen[operation].add(refused.code)
            raise
        self.seen[operation].update(present(reply_of(operation), reply))
        return reply


def reply_of(operation: str) -> type[Structure]:
    """The class of an operation's reply."""
    return cast("type[Structure]", reply_type(OPERATIONS[operation]))


def declared(kind: type[Structure], path: str = "") -> Iterator[str]:
    """The paths of all members that a structure can have; where a member is a map of structures, its keys are left out."""
    for member in members(kind):
        where = f"{path}{member.wire_name}"
        yield where
        yield from _inside(member.type, where)


def _inside(hint: Any, path: str) -> Iterator[str]:
    bare, _, _ = unwrap(hint)
    if get_origin(bare) is not None:
        yield from _inside(get_args(bare)[-1 if get_origin(bare) is Mapping else 0], path)
    elif isinstance(bare, type) and issubclass(bare, Structure):
        yield from declared(bare, f"{path}.")


def present(kind: type[Structure], reply: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The paths of the members that a reply of this kind has, as `declared` spells them."""
    for member in members(kind):
        if member.wire_name in reply:
            where = f"{path}{member.wire_name}"
            yield where
            yield from _present_inside(member.type, reply[member.wire_name], where)


def _present_inside(hint: Any, value: Any, path: str) -> Iterator[str]:
    bare, _, _ = unwrap(hint)
    if get_origin(bare) is not None:
        items = cast("dict[str, Any]", value).values() if isinstance(value, dict) else value
        for item in items:
            yield from _present_inside(get_args(bare)[-1 if get_origin(bare) is Mapping else 0], item, path)
    elif isinstance(bare, type) and issubclass(bare, Structure):
        yield from present(bare, value, f"{path}.")
