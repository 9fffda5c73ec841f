"""What the application's OpenAPI document is told: the endpoints, and 401 and 403 wherever the security scheme stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from cognito_auth.web.openapi import error_response

_REFUSALS: Final = {"401": "Not signed in, or not lately or strongly enough", "403": "Signed in, but not allowed"}


def document_endpoints(app: FastAPI, endpoints: Callable[[], APIRouter]) -> None:
    """Have the application's document tell of endpoints that it does not route to by itself."""
    undocumented = app.openapi

    @cache  # long in the making: not before somebody asks, and once
    def described() -> dict[str, dict[str, Any]]:
        paths: dict[str, dict[str, Any]] = get_openapi(title="", version="", routes=endpoints().routes)["paths"]
        return paths

    def openapi() -> dict[str, Any]:
        document = undocumented()
        paths: dict[str, dict[str, Any]] = document["paths"]
        # An application may have operations of its own at the same paths.
        document["paths"] = {**paths, **{path: {**each, **paths.get(path, {})} for path, each in described().items()}}
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI's documentation gives


def document_refusals(app: FastAPI, scheme: str) -> None:
    """Have the application's document tell of 401 and 403 on every guarded route."""
    undocumented = app.openapi

    def openapi() -> dict[str, Any]:
        document = undocumented()
        paths: dict[str, dict[str, dict[str, Any]]] = document.get("paths", {})
        for operation in (operation for path in paths.values() for operation in path.values()):
            if any(scheme in alternative for alternative in operation.get("security", [])):
                for status, description in _REFUSALS.items():
                    operation["responses"].setdefault(status, error_response(description))
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI's documentation gives
