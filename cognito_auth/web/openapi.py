"""The endpoints in OpenAPI 3.1, from the table of routes."""

from __future__ import annotations

from typing import Any, Final

from .body import body_schema
from .route import Route

ERROR_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "max_age": {"type": "integer", "description": "Seconds since the sign-in that are allowed (RFC 9470)"},
                "acr_values": {"type": "string", "description": "Levels of authentication that are enough (RFC 9470)"},
            },
        }
    },
}


def describe(route: Route, security_scheme: str) -> dict[str, Any]:
    """A route as an OpenAPI operation."""
    operation: dict[str, Any] = {"summary": route.summary, "responses": _responses(route)}
    if route.members:
        content = {"application/json": {"schema": body_schema(route.members)}}
        required = any(member.required for member in route.members)
        operation["requestBody"] = {"required": required, "content": content}
    if route.guarded:
        operation["security"] = [{security_scheme: []}]
    return operation


def error_response(description: str) -> dict[str, Any]:
    """An error reply as an OpenAPI response."""
    return {"description": description, "content": {"application/json": {"schema": ERROR_SCHEMA}}}


def _responses(route: Route) -> dict[str, Any]:
    statuses = {
        "400": "The request, or the answer, is not right",
        "401": "Not signed in, or not with these credentials",
        "403": "Not allowed, or sent by another site",
        "429": "Too many attempts",
        "503": "The sign-in service cannot be reached",
    }
    done = {"description": "Done", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {str(route.success): done, **{status: error_response(text) for status, text in statuses.items()}}
