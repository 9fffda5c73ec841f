"""The strict reading of base64url and JSON: what is read, where the limits are, and what a complaint says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.tokens.strict import (
    MAX_DEPTH,
    is_nested_deeper,
    read_object,
    read_value,
)

PLAIN_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), PLAIN_JSON, max_size=6), st.booleans())
def test_json_reads_what_was_written(members: dict[str, Any], ascii_only: bool) -> None:
    read = read_object(json.dumps(members, ensure_ascii=ascii_only).encode())
    assert json.dumps(read, default=dict) == json.dumps(members)


OBJECTS: Final = ('{"a":', "}")
LISTS: Final = ("[", "]")


def nested(levels: int, opening: str, closing: str) -> bytes:
    return (opening * levels + "1" + closing * levels).encode()


@pytest.mark.parametrize(("opening", "closing"), [OBJECTS, LISTS], ids=["objects", "lists"])
def test_depth_is_bounded(opening: str, closing: str) -> None:
    """The outermost object counts, and whatever stands among other things counts as if it stood alone."""
    for before in (b"", b'"b":[[],{}],'):
        assert read_object(b"{%s" % before + b'"a":' + nested(MAX_DEPTH - 1, opening, closing) + b"}")
        with pytest.raises(ValueError, match=r"^nested too deeply$"):
            read_object(b"{%s" % before + b'"a":' + nested(MAX_DEPTH, opening, closing) + b"}")


@pytest.mark.parametrize(("opening", "closing"), [OBJECTS, LISTS], ids=["objects", "lists"])
def test_depth_is_counted(opening: str, closing: str) -> None:
    for levels in range(5):
        text = nested(levels, opening, closing)
        alone, among_others = read_value(text), read_value(b'{"b":1,"a":[[],%s,2]}' % text)
        for bound in range(8):
            assert is_nested_deeper(alone, bound) == (levels > bound)
            assert is_nested_deeper(among_others, bound) == (max(levels, 1) + 2 > bound)


def test_only_the_space_of_json_may_stand_around_a_value() -> None:
    for character in map(chr, range(0x3001)):
        allowed = character in " \t\r\n"
        assert is_read(f"{character}{{}}") == is_read(f"{{}}{character}") == allowed, repr(character)


def is_read(text: str) -> bool:
    try:
        read_value(text.encode())
    except ValueError:
        return False
    return True


def test_what_is_inside_is_frozen() -> None:
    read = read_object(b'{"a":[1,"b",[],{"c":[2]}],"d":{"e":{},"f":"g"},"h":null}')
    assert read == {"a": (1, "b", (), {"c": (2,)}), "d": {"e": {}, "f": "g"}, "h": None}
    items, members = read["a"], read["d"]
    assert isinstance(items, tuple)
    assert {type(items[3]), type(members)} == {MappingProxyType}


COMPLAINTS: Final[Mapping[str, tuple[bytes, str]]] = {
    "two": (b"{} {}", "more than one JSON value"),
    "array": (b"[]", "not a JSON object"),
    "string": (b'"{}"', "not a JSON object"),
    "null": (b"null", "not a JSON object"),
    "twice": (b'{"a":1,"a":2}', "a member stands twice in one object"),
    "twice-inside": (b'{"a":[{"b":1,"c":2,"b":3}]}', "a member stands twice in one object"),
    "too-great": (b'{"a":1e309}', "a number is out of range"),
    "too-small": (b'{"a":-1e309}', "a number is out of range"),
    "nan": (b'{"a":NaN}', "NaN is not JSON"),
    "infinity": (b'{"a":-Infinity}', "-Infinity is not JSON"),
    "deeper-than-the-stack": (b'{"a":' * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("case", COMPLAINTS)
def test_complaints_about_json(case: str) -> None:
    text, sentence = COMPLAINTS[case]
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        read_object(text)
