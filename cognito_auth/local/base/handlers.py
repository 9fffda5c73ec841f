"""How operations find their handlers: a function ``(context, request) -> reply``, filed under the request's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, get_type_hints

from ...api import AnyOperation
from ...api.structure import Structure
from .context import Context

Handler: TypeAlias = Callable[[Context, Any], Structure]
Handlers: TypeAlias = Mapping[type[AnyOperation], Handler]


def handlers(*functions: Handler) -> Handlers:
    """The functions, each under the operation that its ``request`` is annotated with."""
    return MappingProxyType({get_type_hints(function)["request"]: function for function in functions})
