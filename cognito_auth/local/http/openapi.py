"""The API's query form as an OpenAPI 3.1 document, made from the typed structures of the operations that the pool has.

An operation is a path of its own, ``/?Action=AdminGetUser``, as documents of AWS's query APIs have it. A list, a map or a
structure is described as JSON text, which is one of the two ways to send it (`cognito_auth.local.http.query`). This module
knows the structures and OpenAPI; it knows no operation.

Source: https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, get_args, get_origin

from ...api import AnyOperation
from ...api.structure import Constraint, Member, Structure, members, reply_type, unwrap
from ..injection import GENERAL
from ..operations import BY_NAME
from .query import API_VERSION

Json = dict[str, Any]

QUERY_ERRORS: Final = frozenset(
    {
        "InvalidParameterCombinationException",
        "InvalidParameterException",
        "InvalidQueryParameterException",
        "MissingActionException",
    }
)
"""Codes that any query may be refused with, besides those of `cognito_auth.local.injection`."""

_SCALARS: Final[Mapping[type, Json]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "number", "description": "Seconds since the epoch."},
}
_SEEN: Final = r"[\p{L}\p{M}\p{S}\p{N}\p{P}"
_PLAIN: Final = {
    rf"{_SEEN}]": r"[^\x00-\x20\x7f-\xa0]",
    rf"{_SEEN}\p{{Z}}]": r"[^\x00-\x1f\x7f-\x9f]",
    rf"{_SEEN}\s]": r"[^\x00-\x08\x0e-\x1f\x7f-\x9f]",
    rf"{_SEEN}\s*]": r"[^\x00-\x08\x0e-\x1f\x7f-\x9f]",
    rf"{_SEEN}\t\n\r ]": r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]",
    "(?s).": r"[\s\S]",
}
"""What not every engine of regular expressions understands, in a form that each does; it takes a few characters more."""
_SIGNED: Final[list[Json]] = [{"SignatureInHeader": []}, {"SignatureInQuery": []}]
_SECURITY_SCHEMES: Final[Json] = {
    name: {"type": "apiKey", "in": where, "name": key, "description": "AWS Signature Version 4 for cognito-idp."}
    for name, where, key in (
        ("SignatureInHeader", "header", "Authorization"),
        ("SignatureInQuery", "query", "X-Amz-Signature"),
    )
}
_VERSION: Final[Json] = {"name": "Version", "in": "query", "schema": {"type": "string", "enum": [API_VERSION]}}
_HEADERS: Final[Json] = {
    name: {"required": name == "x-amzn-RequestId", "schema": {"type": "string"}}
    for name in ("x-amzn-RequestId", "x-amzn-ErrorType", "x-amzn-ErrorMessage")
}
_DESCRIPTION: Final = (
    "Every operation is a GET that names it as Action. A list, a map or a structure is JSON text, or is spread over"
    " parameters: Name.member.1, Name.entry.1.key with Name.entry.1.value, Name.Member."
)


def document(endpoint: str) -> Json:
    """The document of a server at ``endpoint``."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Embedded user pool: query form", "version": API_VERSION, "description": _DESCRIPTION},
        "servers": [{"url": endpoint}],
        **_operations(),
    }


@cache
def _operations() -> Json:
    named = sorted((name, kind) for name, (kind, _) in BY_NAME.items())
    sent = {found for _, kind in named for found in _within(kind)} - {kind for _, kind in named}
    answered = {found for _, kind in named for found in _within(reply_type(kind))}
    # What comes back may exceed the service's own limits on what is sent: phone_number_verified is too long a name.
    schemas = {
        kind.__name__: _object(kind, limited=kind not in answered)
        for kind in sorted(sent | answered, key=lambda kind: kind.__name__)
    }
    return {
        "paths": {f"/?Action={name}": {"get": _operation(name, kind)} for name, kind in named},
        "components": {
            "schemas": schemas,
            "parameters": {"Version": _VERSION},
            "headers": _HEADERS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def _operation(name: str, kind: type[AnyOperation]) -> Json:
    return {
        "operationId": name,
        "summary": _documentation(kind),
        "parameters": [*map(_parameter, members(kind)), {"$ref": "#/components/parameters/Version"}],
        "responses": {
            "200": _response("Done.", _schema(reply_type(kind), Constraint())),
            "400": _response("Refused.", _error(kind.errors | GENERAL | QUERY_ERRORS)),
            "403": _response("A page of another site asked.", {"type": "object", "required": ["error"]}, headers=()),
            "500": _response("The pool failed.", _error(frozenset({"InternalErrorException"}))),
        },
        "security": _SIGNED if kind.signed else [],
    }


def _parameter(member: Member) -> Json:
    schema = _schema(member.type, member.constraint)
    scalar = member.type in _SCALARS
    shown = {"schema": schema} if scalar else {"content": {"application/json": {"schema": schema}}}
    return {"name": member.wire_name, "in": "query", "required": member.required, **shown}


def _response(text: str, schema: Json, *, headers: tuple[str, ...] = tuple(_HEADERS)) -> Json:
    shown = {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers}} if headers else {}
    return {"description": text, "content": {"application/json": {"schema": schema}}, **shown}


def _error(codes: frozenset[str]) -> Json:
    return {
        "type": "object",
        "required": ["__type"],
        "properties": {"__type": {"type": "string", "enum": sorted(codes)}, "message": {"type": "string"}},
    }


def _object(kind: type[Structure], *, limited: bool) -> Json:
    required = [member.wire_name for member in members(kind) if member.required]
    return {
        "type": "object",
        "description": _documentation(kind),
        "properties": {member.wire_name: _schema(member.type, member.constraint, limited=limited) for member in members(kind)},
        **({"required": required} if required else {}),
    }


def _schema(hint: Any, constraint: Constraint, *, limited: bool = True) -> Json:
    kind, own, _ = unwrap(hint)
    rules = (own if own != Constraint() else constraint) if limited else Constraint()
    origin = get_origin(kind)
    if origin is tuple:
        limits = _present(minItems=rules.min_length, maxItems=rules.max_length)
        return {"type": "array", "items": _schema(get_args(kind)[0], Constraint(), limited=limited), **limits}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1], Constraint(), limited=limited)}
    if kind is Any:
        return {}
    if kind in _SCALARS:
        return {**_SCALARS[kind], **_limits(rules)}
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _limits(rules: Constraint) -> Json:
    return _present(
        minLength=rules.min_length,
        maxLength=rules.max_length,
        minimum=rules.minimum,
        maximum=rules.maximum,
        pattern=None if rules.pattern is None else _pattern(rules.pattern),
        enum=list(rules.enum) or None,
        format="password" if rules.sensitive else None,
    )


def _pattern(service: str) -> str:
    """JSON Schema's form of a pattern: found within a text, where the service compares the whole."""
    for theirs, plain in _PLAIN.items():
        service = service.replace(theirs, plain)
    return f"^(?:{service})$"


def _present(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _within(hint: Any) -> Iterator[type[Structure]]:
    """The structure that an annotation is about, and those inside it."""
    kind, _, _ = unwrap(hint)
    if get_origin(kind) in (tuple, Mapping):
        yield from _within(get_args(kind)[-1 if get_origin(kind) is Mapping else 0])
    elif issubclass(kind, Structure):
        yield kind
        for member in members(kind):
            yield from _within(member.type)


def _documentation(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ").replace("`", "")
