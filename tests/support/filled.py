"""Structures with every member filled in, by their own annotations: as hypothesis strategies, and with one value throughout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, get_args, get_origin

from hypothesis import strategies as st

from cognito_auth.api.structure import Structure, members, unwrap

S = TypeVar("S", bound=Structure)

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SECONDS: Final = st.integers(0, 4_000_000_000_000).map(lambda milliseconds: datetime.fromtimestamp(milliseconds / 1000, UTC))
_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2).map(tuple) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
_SCALARS: Final[Mapping[Any, st.SearchStrategy[Any]]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    datetime: SECONDS,
    Any: _JSON,
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a member's type."""
    bare, _, _ = unwrap(kind)
    origin = get_origin(bare)
    if origin is tuple:
        return st.lists(values(get_args(bare)[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(TEXT, values(get_args(bare)[1]), max_size=2)
    return _SCALARS[bare] if bare in _SCALARS else structures(bare)


def structures(kind: type[S]) -> st.SearchStrategy[S]:
    """Any value of a structure; members that are not required may be absent."""
    given = {
        member.attribute: values(member.type) if member.required else st.none() | values(member.type)
        for member in members(kind)
    }
    return st.fixed_dictionaries(given).map(lambda drawn: kind(**drawn))


def filled(kind: type[S], sensitive: str, plain: str) -> S:
    """The structure with ``sensitive`` in every string that is marked so, and ``plain`` in the others."""

    def fill(hint: Any, *, marked: bool) -> Any:
        bare, constraint, _ = unwrap(hint)
        marked = marked or constraint.sensitive
        origin = get_origin(bare)
        if origin is tuple:
            return (fill(get_args(bare)[0], marked=marked),)
        if origin is Mapping:
            return {"key": fill(get_args(bare)[1], marked=marked)}
        if isinstance(bare, type) and issubclass(bare, Structure):
            return filled(bare, sensitive, sensitive if marked else plain)
        simple: dict[Any, Any] = {int: 7, bool: True, datetime: datetime(2030, 1, 1, tzinfo=UTC)}
        return simple.get(bare, sensitive if marked else plain)

    return kind(**{member.attribute: fill(member.type, marked=member.sensitive) for member in members(kind)})
