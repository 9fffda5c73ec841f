"""The API's classes against the service's own model: names, types, required members, constraints, signing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import make_dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import pytest

from cognito_auth.api import OPERATIONS, reply_type
from cognito_auth.api.auth import RevokeToken
from cognito_auth.api.shapes import ClientId, ClientSecret, TokenModel
from cognito_auth.api.structure import Constraint, Document, Structure, Wire, members, unwrap
from cognito_auth.api.wire import CONTENT_TYPE, TARGET_PREFIX
from tests.support.service_model import service_model

SCALARS: Final = {"string": str, "boolean": bool, "integer": int, "long": int, "timestamp": datetime}
NUMBERS: Final = ("integer", "long")
NO_LIMIT: Final = 131_072
"""What the model states where only the size of a whole request is a limit."""


def differences(kind: type[Structure], shape: Any) -> Iterator[str]:
    """Where a class is not what the model says."""
    ours = {member.wire_name: member for member in members(kind)}
    theirs: Mapping[str, Any] = {} if shape is None else shape.members
    required: list[str] = [] if shape is None else shape.required_members
    for name in ours.keys() ^ theirs.keys():
        yield f"{name}: {'not in the model' if name in ours else 'missing'}"
    for name in ours.keys() & theirs.keys():
        member = ours[name]
        if member.required != (name in required):
            yield f"{name}: required"
        yield from (f"{name}: {text}" for text in _value(member.type, member.constraint, theirs[name]))


def _value(kind: Any, constraint: Constraint, shape: Any) -> Iterator[str]:
    expected = _constraint(shape)
    if constraint != expected:
        yield f"{constraint}, but should be {expected}"
    origin = get_origin(kind)
    if shape.type_name == "list":
        yield from ["no tuple"] if origin is not tuple else _item(get_args(kind)[0], shape.member)
    elif shape.type_name == "map":
        yield from ["no mapping"] if origin is not Mapping else _item(get_args(kind)[1], shape.value)
    elif shape.type_name == "structure" and shape.is_document_type:
        yield from [] if kind == Document else ["no document"]
    elif shape.type_name == "structure":
        structured: type[Structure] | None = kind if isinstance(kind, type) and issubclass(kind, Structure) else None
        yield from differences(structured, shape) if structured else ["no structure"]
    elif kind is not SCALARS[shape.type_name]:
        yield f"{kind}, but the model has a {shape.type_name}"


def _item(hint: Any, shape: Any) -> Iterator[str]:
    kind, constraint, _ = unwrap(hint)
    yield from _value(kind, constraint, shape)


def _constraint(shape: Any) -> Constraint:
    stated = shape.metadata
    number = shape.type_name in NUMBERS
    low, high = stated.get("min"), stated.get("max")
    return Constraint(
        minimum=low if number else None,
        maximum=high if number else None,
        min_length=None if number else low or None,
        max_length=None if number or high == NO_LIMIT else high,
        pattern=stated.get("pattern"),
        enum=tuple(stated.get("enum", ())),
        sensitive=bool(stated.get("sensitive")),
    )


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_operations(name: str) -> None:
    model = service_model().operation_model(name)
    assert list(differences(OPERATIONS[name], model.input_shape)) == []
    assert list(differences(reply_type(OPERATIONS[name]), model.output_shape)) == []
    assert OPERATIONS[name].signed == (model.auth_type != "none")
    assert OPERATIONS[name].errors == {shape.name for shape in model.error_shapes}


def test_form() -> None:
    metadata = service_model().metadata
    assert f"{metadata['targetPrefix']}." == TARGET_PREFIX
    assert f"application/x-amz-json-{metadata['jsonVersion']}" == CONTENT_TYPE


def remade(kind: type[Structure], **changes: Any) -> type[Structure]:
    """The class with some annotations changed; ``None`` leaves a member out."""
    hints = get_type_hints(kind, include_extras=True)
    kept = {member.attribute: hints[member.attribute] for member in members(kind)} | changes
    fields = [(name, hint) for name, hint in kept.items() if hint is not None]
    return make_dataclass(kind.__name__, fields, bases=(Structure,), frozen=True, kw_only=True, repr=False)


ANNOTATED: Final[Any] = Annotated
"""For annotations that are made when the test runs, which type checkers do not follow."""


@cache
def input_shape(name: str) -> Any:
    return service_model().operation_model(name).input_shape


def found(kind: type[Structure]) -> list[str]:
    return list(differences(kind, input_shape(kind.__name__)))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_a_member_that_is_missing_or_misspelt_is_found(name: str) -> None:
    kind = OPERATIONS[name]
    hints = get_type_hints(kind, include_extras=True)
    assert found(remade(kind)) == []
    for member in members(kind):
        assert found(remade(kind, **{member.attribute: None})) == [f"{member.wire_name}: missing"]
        misspelt = ANNOTATED[hints[member.attribute], Wire(f"{member.wire_name}s")]
        assert sorted(found(remade(kind, **{member.attribute: misspelt}))) == [
            f"{member.wire_name}: missing",
            f"{member.wire_name}s: not in the model",
        ]


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        pytest.param({"token": TokenModel | None}, "Token: required", id="not-required"),
        pytest.param({"client_secret": ClientSecret}, "ClientSecret: required", id="required"),
        pytest.param({"riddle": str}, "Riddle: not in the model", id="more"),
        pytest.param({"token": str}, "Token: Constraint", id="no-constraint"),
        pytest.param({"client_id": TokenModel}, "ClientId: Constraint", id="other-constraint"),
        pytest.param({"revoke_associated_sessions": str | None}, "RevokeAssociatedSessions: Constraint", id="no-enumeration"),
        pytest.param({"client_id": Annotated[int, *get_args(ClientId)[1:]]}, "ClientId: <class 'int'>", id="other-type"),
        pytest.param({"token": Annotated[tuple[str, ...], *get_args(TokenModel)[1:]]}, "Token: tuple", id="list"),
    ],
)
def test_a_wrong_class_is_found(changes: dict[str, Any], difference: str) -> None:
    (text,) = found(remade(RevokeToken, **changes))
    assert text.startswith(difference)
