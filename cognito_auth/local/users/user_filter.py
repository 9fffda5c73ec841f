r"""The filter of ListUsers: one condition on one attribute, ``given_name ^= "An"``.

``=`` asks for the whole value and ``^=`` for its beginning; a quotation mark within the value is written ``\"``, and a
backslash ``\\``. What users are searched by stands in `cognito_auth.local.store.records`, how they are found in the storage.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..base import faults
from ..store.storage import Span
from ..store.tables import USER_FACETS

_CONDITION: Final = re.compile(r'\s*(?P<name>[^\s="^]+)\s*(?P<operator>\^?=)\s*"(?P<value>(?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_NAMES: Final = frozenset(facet.name for facet in USER_FACETS)
_CASELESS: Final = "cognito:user_status"
_ESCAPED: Final = re.compile(r'\\(["\\])')
_SPANS: Final[dict[str, Callable[[str, str], Span]]] = {"=": Span.exactly, "^=": Span.starting_with}


def parse(text: str) -> Span | None:
    """The users whom the filter finds; ``None`` for a blank one, which finds all.

    Raises `Fault` for what is no condition, and for an attribute that users are not searched by.
    """
    if not text.strip():
        return None
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise faults.FILTER_FORM
    name = found["name"]
    if name not in _NAMES:
        raise faults.SEARCH_ATTRIBUTE(name)
    value = _ESCAPED.sub(r"\1", found["value"])
    # The states of users are kept in capitals.
    return _SPANS[found["operator"]](name, value.upper() if name == _CASELESS else value)
