"""What differs between two versions of the service's model, and which classes of this project that concerns.

An operation is laid out flat: one entry for each member at any depth, for each value of an enumeration, for each declared
error, and for whether it is signed. Two versions differ where their entries do.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from botocore.model import ServiceModel

from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.structure import Structure, members, unwrap

MODEL = "data/cognito-idp/2016-04-18/service-2.json"
STATED = ("min", "max", "pattern", "sensitive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference; ``concerns`` is the class that has to follow, where there is one."""

    operation: str
    text: str
    concerns: type | None = None

    def __str__(self) -> str:
        here = f"  <- {self.concerns.__module__}.{self.concerns.__qualname__}" if self.concerns else ""
        return f"{self.operation}: {self.text}{here}"


def load(path: Path) -> ServiceModel:
    """The model in a file, plain or gzipped, or in botocore's package at ``path``."""
    if path.is_dir():
        package = path / "botocore" if (path / "botocore").is_dir() else path
        path = next(found for suffix in ("", ".gz") if (found := package / f"{MODEL}{suffix}").exists())
    content = path.read_bytes()
    return ServiceModel(json.loads(gzip.decompress(content) if path.suffix == ".gz" else content), "cognito-idp")


def changes(old: ServiceModel, new: ServiceModel) -> list[Change]:
    """Every difference, operation by operation."""
    return [change for name in sorted({*old.operation_names, *new.operation_names}) for change in _compared(name, old, new)]


def _compared(name: str, old: ServiceModel, new: ServiceModel) -> Iterator[Change]:
    if name not in old.operation_names:
        yield Change(operation=name, text="added")
    elif name not in new.operation_names:
        yield Change(operation=name, text="removed", concerns=OPERATIONS.get(name))
    else:
        before, after = _layout(old.operation_model(name)), _layout(new.operation_model(name))
        for path in [*before, *(path for path in after if path not in before)]:
            text = _difference(path, before, after)
            if text:
                yield Change(operation=name, text=f"{path} {text}", concerns=_class_of(name, path))


def _difference(path: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    if before.get(path) == after.get(path):
        return ""
    if path not in before:
        return "" if _within_another(path, before, after) else f"added ({after[path]})"
    if path not in after:
        return "" if _within_another(path, after, before) else f"removed (was {before[path]})"
    return f"was {before[path]}, is {after[path]}"


def _within_another(path: str, less: Mapping[str, str], more: Mapping[str, str]) -> bool:
    """Whether the path came or went together with a structure that holds it."""
    parents = (path[:place] for place, character in enumerate(path) if character in ".=" and place)
    return any(parent.rstrip(" ") in more and parent.rstrip(" ") not in less for parent in parents)


def _layout(operation: Any) -> dict[str, str]:
    entries = {"signature": "none" if operation.auth_type == "none" else "required"}
    entries |= {f"error {shape.name}": "declared" for shape in operation.error_shapes}
    for side, shape in (("input", operation.input_shape), ("output", operation.output_shape)):
        if shape is not None:
            entries |= _structure(side, shape, (shape.name,))
    return entries


def _structure(path: str, shape: Any, above: tuple[str, ...]) -> dict[str, str]:
    entries: dict[str, str] = {}
    for name, member in shape.members.items():
        entries |= _value(f"{path}.{name}", member, required=name in shape.required_members, above=above)
    return entries


def _value(path: str, shape: Any, *, required: bool, above: tuple[str, ...]) -> dict[str, str]:
    stated = [f"{key} {value}" for key, value in shape.metadata.items() if key in STATED]
    entries = {path: ", ".join([shape.type_name, *(["required"] if required else []), *sorted(stated)])}
    entries |= {f"{path} = {value}": "a value" for value in shape.metadata.get("enum", ())}
    if shape.type_name == "list":
        entries |= _value(f"{path}.[]", shape.member, required=False, above=above)
    elif shape.type_name == "map":
        entries |= _value(f"{path}.{{}}", shape.value, required=False, above=above)
    elif shape.type_name == "structure" and shape.name not in above:
        entries |= _structure(path, shape, (*above, shape.name))
    return entries


def _class_of(name: str, path: str) -> type | None:
    """The class here that holds the member at ``path``, or would; the operation's for what is no member."""
    if name not in OPERATIONS:
        return None
    side, *parts = path.partition(" = ")[0].split(".")
    kind: Any = reply_type(OPERATIONS[name]) if side == "output" else OPERATIONS[name]
    for part in parts[:-1]:
        held = next((_item(member.type) for member in members(kind) if member.wire_name == part), None)
        kind = held or kind
    found: type = kind
    return found


def _item(kind: Any) -> type[Structure] | None:
    """The structure that a member is or holds, where it is or holds one."""
    while get_args(kind):
        kind, _, _ = unwrap(get_args(kind)[1 if get_origin(kind) is Mapping else 0])
    return kind if isinstance(kind, type) and issubclass(kind, Structure) else None
