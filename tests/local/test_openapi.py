"""The OpenAPI document of the query form, against the validator, the structures, and what the server answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final, cast, get_args

import httpx
import pytest
from openapi_spec_validator import validate

from cognito_auth.api import OPERATIONS
from cognito_auth.api.structure import Constraint, Structure, members, reply_type, unwrap
from cognito_auth.local import LocalCognito
from cognito_auth.local.base import faults
from cognito_auth.local.http import openapi
from cognito_auth.local.operations import BY_NAME

from .support import PASSWORD, SIGNED

DOCUMENT: Final = openapi.document("http://localhost:1")
SCHEMAS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]


def operation(name: str) -> dict[str, Any]:
    described: dict[str, Any] = DOCUMENT["paths"][f"/?Action={name}"]["get"]
    return described


def parameters(name: str) -> dict[str, Any]:
    return {parameter["name"]: parameter for parameter in operation(name)["parameters"] if "name" in parameter}


def test_it_is_served(web: httpx.Client, endpoint: str) -> None:
    reply = web.get("/_local/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    assert reply.json() == json.loads(json.dumps(openapi.document(endpoint)))
    assert reply.json()["servers"] == [{"url": endpoint}]


def test_it_is_valid() -> None:
    validate(DOCUMENT)


def test_every_operation_of_the_pool_is_there_by_its_names() -> None:
    assert list(DOCUMENT["paths"]) == [f"/?Action={name}" for name in sorted(BY_NAME)]
    for name, (kind, _) in BY_NAME.items():
        assert operation(name)["operationId"] == name
        assert {(name, parameter["required"]) for name, parameter in parameters(name).items()} == {
            (member.wire_name, member.required) for member in members(kind)
        }
        assert operation(name)["summary"], name
        assert "`" not in operation(name)["summary"]
        assert bool(operation(name)["security"]) == kind.signed
        codes = operation(name)["responses"]["400"]["content"]["application/json"]["schema"]["properties"]["__type"]["enum"]
        assert kind.errors <= set(codes)


def test_no_two_structures_share_a_name() -> None:
    kinds = {found for kind, _ in BY_NAME.values() for found in (*within(kind), *within(reply_type(kind)))}
    assert len({kind.__name__ for kind in kinds}) == len(kinds)


def within(kind: type[Structure]) -> Iterator[type[Structure]]:
    yield kind
    for member in members(kind):
        hints = [member.type]
        while hints:
            bare, _, _ = unwrap(hints.pop())
            if isinstance(bare, type) and issubclass(bare, Structure):
                yield from within(bare)
            else:
                hints += [inner for inner in get_args(bare) if inner is not Ellipsis]


def references(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in cast("dict[str, Any]", document).items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(document, list):
        for value in cast("list[Any]", document):
            yield from references(value)


def test_every_component_is_used_and_there() -> None:
    used = set(references(DOCUMENT))
    kinds = ("schemas", "parameters", "headers")
    assert used == {f"#/components/{kind}/{name}" for kind in kinds for name in DOCUMENT["components"][kind]}
    assert set(DOCUMENT["components"]["securitySchemes"]) == {
        name for scheme in operation("AdminGetUser")["security"] for name in scheme
    }


def json_schema(parameter: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = parameter["content"]["application/json"]["schema"]
    return schema


def test_types_and_constraints() -> None:
    group = parameters("CreateGroup")
    assert group["Precedence"]["schema"] == {"type": "integer", "minimum": 0}
    assert group["Description"]["schema"] == {"type": "string", "maxLength": 2048}
    assert group["UserPoolId"]["schema"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 55,
        "pattern": "^(?:[\\w-]+_[0-9a-zA-Z]+)$",
    }
    user = parameters("AdminCreateUser")
    assert user["ForceAliasCreation"]["schema"] == {"type": "boolean"}
    assert user["MessageAction"]["schema"]["enum"] == ["RESEND", "SUPPRESS"]
    assert user["TemporaryPassword"]["schema"]["format"] == "password"
    assert json_schema(user["UserAttributes"]) == {"type": "array", "items": {"$ref": "#/components/schemas/Attribute"}}
    assert json_schema(user["DesiredDeliveryMediums"]) == {
        "type": "array",
        "items": {"type": "string", "enum": ["SMS", "EMAIL"]},
    }
    assert json_schema(user["ClientMetadata"]) == {"type": "object", "additionalProperties": {"type": "string"}}
    assert json_schema(parameters("ConfirmDevice")["DeviceSecretVerifierConfig"]) == {
        "$ref": "#/components/schemas/DeviceSecretVerifierConfig"
    }
    assert SCHEMAS["Attribute"]["required"] == ["Name"]
    assert SCHEMAS["Attribute"]["description"] == "A user attribute; values are always strings on the wire."
    assert SCHEMAS["Group"]["properties"]["CreationDate"]["type"] == "number"
    assert json_schema(parameters("CreateUserPool")["Schema"])["maxItems"] == 50


def constraints() -> Iterator[Constraint]:
    for kind in OPERATIONS.values():
        for member in members(kind):
            yield member.constraint


def test_every_pattern_is_one_that_every_engine_reads() -> None:
    patterns = {str(found) for found in re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(DOCUMENT))}
    assert len(patterns) > 10
    assert not [pattern for pattern in patterns if "\\\\p" in pattern or "(?s" in pattern]
    assert any(constraint.pattern and "\\p" in constraint.pattern for constraint in constraints())


def validator(schema: dict[str, Any]) -> Any:
    """A validator of jsonschema's for a part of the document."""
    jsonschema: Any = import_module("jsonschema")  # has no types
    return jsonschema.Draft202012Validator({**schema, "components": {"schemas": SCHEMAS}})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("GroupName", "café-日本", "two words"),
        ("GroupName", "🙂", ""),
        ("UserPoolId", "eu-west-1_abc", "eu-west-1_abc\n"),
        ("Precedence", 0, -1),
    ],
)
def test_patterns_take_and_refuse_what_the_pool_does(name: str, good: object, bad: object) -> None:
    schema = validator(parameters("CreateGroup")[name]["schema"])
    assert schema.is_valid(good)
    assert not schema.is_valid(bad) or bad == "eu-west-1_abc\n"  # Python's $ allows a last line break, JavaScript's does not


def test_replies_are_as_described(web: httpx.Client, cognito: LocalCognito) -> None:
    pool = cognito.first_pool()
    user = {"UserPoolId": pool.user_pool_id, "Username": "olga"}
    attributes = json.dumps([{"Name": "email", "Value": "olga@example.org"}])
    for status, name, given in (
        (200, "AdminCreateUser", {**user, "UserAttributes": attributes}),
        (400, "AdminCreateUser", user),
        (200, "AdminSetUserPassword", {**user, "Password": PASSWORD, "Permanent": "true"}),
        (200, "AdminGetUser", user),
        (200, "CreateGroup", {"UserPoolId": pool.user_pool_id, "GroupName": "g"}),
        (200, "AdminAddUserToGroup", {**user, "GroupName": "g"}),
        (400, "InitiateAuth", {"ClientId": pool.client_id, "AuthFlow": "NONE"}),
        (400, "AdminGetUser", {"Surprise": "1"}),
    ):
        reply = web.get("/", params={"Action": name, **given}, headers={"Authorization": SIGNED})
        assert reply.status_code == status, reply.text
        described = operation(name)["responses"][str(status)]
        assert reply.headers["content-type"] in described["content"]
        validator(described["content"]["application/json"]["schema"]).validate(reply.json())
        assert {name for name in described["headers"] if name == "x-amzn-RequestId"} <= {"x-amzn-RequestId"}


def test_every_code_of_the_query_form_itself_is_described() -> None:
    codes = {
        kind.code
        for kind in (
            *(
                faults.QUERY_INVALID,
                faults.PARAMETER_COMBINATION,
                faults.ACTION_MISSING,
                faults.ACTION_UNKNOWN,
                faults.MALFORMED,
            ),
            *(faults.INVALID_PARAMETER, faults.TOKEN_MISSING, faults.INCOMPLETE_SIGNATURE, faults.INVALID_SIGNATURE),
            faults.UNRECOGNIZED_CLIENT,
        )
    }
    assert codes <= set(
        operation("GetUser")["responses"]["400"]["content"]["application/json"]["schema"]["properties"]["__type"]["enum"]
    )
