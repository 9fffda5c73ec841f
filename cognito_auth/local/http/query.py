"""AWS's query form of an operation: ``Action=AdminGetUser&UserPoolId=...&Username=ana`` becomes its JSON document.

A parameter's text is read by the type that its operation declares for it. A list, a map or a structure is either JSON text or
spread over several parameters: ``Name.member.1``, ``Name.entry.1.key`` with ``Name.entry.1.value``, ``Name.Member``. This
module knows types and no operation; constraints are checked where those of the JSON form are
(`cognito_auth.local.base.validation`).

Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, get_args, get_origin

from ...api.structure import Structure, members, unwrap
from ..base import faults
from ..base.aws_signature import PARAMETERS as SIGNATURE_PARAMETERS
from ..base.request import Request
from ..operations import BY_NAME

API_VERSION: Final = "2016-04-18"
_MAX_DEPTH: Final = 12
_SHOWN: Final = 100
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}

Tree: TypeAlias = "dict[str, str | Tree]"
"""Parameters by the parts of their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The operation that a query names, and what its body would be."""

    operation: str
    body: bytes = field(repr=False)


def read(request: Request) -> Asked:
    """What a request's query asks for.

    Raises `Fault`: MissingActionException and UnknownOperationException; InvalidQueryParameterException for a name that the
    operation does not know or that comes twice; InvalidParameterCombinationException for a parameter in two forms;
    SerializationException for a text that is not of its parameter's type.
    """
    parameters: dict[str, str] = {}
    for name, value in request.fields:
        if name in parameters:
            raise faults.QUERY_INVALID(f"The parameter {_shown(name)} is there more than once.")
        parameters[name] = value
    operation = parameters.pop("Action", "")
    if not operation:
        raise faults.ACTION_MISSING
    if operation not in BY_NAME:
        raise faults.ACTION_UNKNOWN(_shown(operation))
    if parameters.pop("Version", API_VERSION) != API_VERSION:
        raise faults.QUERY_INVALID(f"The parameter Version is {API_VERSION}, or is left out.")
    given = {name: value for name, value in parameters.items() if name not in SIGNATURE_PARAMETERS}
    return Asked(operation=operation, body=json.dumps(document(BY_NAME[operation][0], given)).encode())


def document(kind: type[Structure], parameters: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object of an operation from its parameters. Raises `Fault` as `read` does."""
    return _structure(kind, _tree(parameters), "")


def _tree(parameters: Mapping[str, str]) -> Tree:
    root: Tree = {}
    for name, value in parameters.items():
        *way, last = name.split(".", _MAX_DEPTH)
        if "." in last:
            raise faults.QUERY_INVALID(f"The parameter {_shown(name)} has more than {_MAX_DEPTH} parts.")
        node = root
        for part in way:
            below = node.setdefault(part, {})
            if isinstance(below, str):
                raise faults.PARAMETER_COMBINATION(_shown(name))
            node = below
        if last in node:
            raise faults.PARAMETER_COMBINATION(_shown(name))
        node[last] = value
    return root


def _structure(kind: type[Structure], tree: Tree, path: str) -> dict[str, Any]:
    types = {member.wire_name: member.type for member in members(kind)}
    for name in tree:
        if name not in types:
            raise faults.QUERY_INVALID(f"The parameter {_shown(path + name)} is not known.")
    return {name: _value(types[name], given, path + name) for name, given in tree.items()}


def _value(hint: Any, given: str | Tree, path: str) -> Any:
    kind, _, _ = unwrap(hint)
    if isinstance(given, str):
        return _text(kind, given, path)
    origin = get_origin(kind)
    if origin is tuple:
        inner = get_args(kind)[0]
        return [_value(inner, item, f"{path}.member.{number}") for number, item in enumerate(_row(given, "member", path), 1)]
    if origin is Mapping:
        return _entries(get_args(kind)[1], given, path)
    if isinstance(kind, type) and issubclass(kind, Structure):
        return _structure(kind, given, f"{path}.")
    raise faults.QUERY_INVALID(f"The parameter {path} has no parts.")


def _text(kind: Any, text: str, path: str) -> Any:
    if kind is str:
        return text
    if kind is bool:
        if text.lower() not in _BOOLEANS:
            raise faults.MALFORMED(f"{path} is neither true nor false")
        return _BOOLEANS[text.lower()]
    if kind is int:
        if not _NUMBER.fullmatch(text):
            raise faults.MALFORMED(f"{path} is not a whole number")
        return int(text)
    if get_origin(kind) is tuple and unwrap(get_args(kind)[0])[0] is str and not text.startswith("["):
        return [text]  # a list of strings with one item needs no brackets
    return _json(text, path)


def _json(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise faults.MALFORMED(f"{path} is not JSON") from None


def _row(tree: Tree, word: str, path: str) -> list[str | Tree]:
    """The values of ``path.word.1``, ``path.word.2`` and so on."""
    numbered = tree.get(word)
    if len(tree) != 1 or not isinstance(numbered, dict):
        raise faults.QUERY_INVALID(f"The parameter {path} is written {path}.{word}.1, {path}.{word}.2 and so on.")
    order = [str(number) for number in range(1, len(numbered) + 1)]
    if numbered.keys() != set(order):
        raise faults.QUERY_INVALID(f"The parameters {path}.{word} are not numbered from 1 without a gap.")
    return [numbered[number] for number in order]


def _entries(hint: Any, tree: Tree, path: str) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for number, entry in enumerate(_row(tree, "entry", path), 1):
        where = f"{path}.entry.{number}"
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(key, str) or entry.keys() != {"key", "value"}:
            raise faults.QUERY_INVALID(f"The parameter {where} is written {where}.key and {where}.value.")
        if key in entries:
            raise faults.QUERY_INVALID(f"The parameter {path} has the key {_shown(key)} more than once.")
        entries[key] = _value(hint, entry["value"], f"{where}.value")
    return entries


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
