"""JSON bodies: read strictly, refused with a sentence that repeats no value."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import BodyTooLarge, RequestRejected, UnsupportedMediaType
from cognito_auth.web import ROUTES
from cognito_auth.web.body import MAX_BODY, Flag, Member, Names, Number, Object, Texts, body_schema, read_body, read_members
from cognito_auth.web.http import Request

MEMBERS: Final = (
    Member("username", max_length=8),
    Member("delivery", required=False, choices=("cookie", "tokens")),
    Flag("everywhere", required=False),
    Texts("attributes", required=False),
    Object("answer", required=False),
)
JSON: Final = ("Content-Type", "application/json")
CANARY: Final = "canary-in-the-mine"


def request(body: bytes, *headers: tuple[str, str]) -> Request:
    return Request(method="POST", scheme="https", headers=headers or (JSON,), body=body)


def read(document: Any) -> dict[str, Any]:
    return read_body(request(json.dumps(document).encode()), MEMBERS)


def test_what_fits_is_read() -> None:
    document = {
        "username": "ana",
        "delivery": "cookie",
        "everywhere": True,
        "attributes": {"name": "Ana", "nickname": ""},
        "answer": {"any": ["thing"]},
    }
    assert read(document) == document


def test_sixteen_levels_are_read() -> None:
    deep: dict[str, Any] = {}
    for _ in range(14):
        deep = {"a": deep}
    assert read({"username": "ana", "answer": deep})["answer"] == deep


def test_what_is_absent_or_null_is_left_out() -> None:
    assert read({"username": "ana", "delivery": None, "attributes": None}) == {"username": "ana"}


def test_texts_in_any_script_are_read() -> None:
    for text in ("\U0001f600\xe9\u0131", "\x01\ud7ff\ue000", "\U0010ffff"):
        assert read({"username": text}) == {"username": text}


def test_the_most_and_the_longest_texts() -> None:
    attributes = (
        {str(number): "x" * 2048 for number in range(8)} | {str(number): "" for number in range(8, 49)} | {"x" * 2048: ""}
    )
    assert len(attributes) == 50
    assert read({"username": "ana", "attributes": attributes})["attributes"] == attributes


def test_lengths_are_in_characters_and_inclusive() -> None:
    assert read({"username": "\U0001f600" * 8}) == {"username": "\U0001f600" * 8}


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON", "application/json; charset=utf-8", " application/json ;x=y"]
)
def test_media_types(media_type: str) -> None:
    assert read_body(request(b'{"username": "ana"}', ("content-type", media_type)), MEMBERS) == {"username": "ana"}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((("X", "y"),), id="none"),
        pytest.param((("Content-Type", ""),), id="empty"),
        pytest.param((("Content-Type", "text/plain"),), id="text"),
        pytest.param((("Content-Type", "application/x-www-form-urlencoded"),), id="form"),
        pytest.param((("Content-Type", "multipart/form-data; boundary=application/json"),), id="multipart"),
        pytest.param((("Content-Type", "application/json2"),), id="alike"),
        pytest.param((("Content-Type", "text/plain, application/json"),), id="two-in-one"),
    ],
)
def test_media_types_that_a_form_can_send_are_refused(headers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(UnsupportedMediaType) as caught:
        read_body(request(b'{"username": "ana"}', *headers), MEMBERS)
    assert caught.value.message == "the body must be application/json"


def test_a_media_type_that_was_sent_twice_is_refused() -> None:
    with pytest.raises(RequestRejected, match="more than one content-type"):
        read_body(request(b"{}", JSON, ("content-type", "text/plain")), MEMBERS)


@pytest.mark.parametrize("body", [b"", b"{}"], ids=["no-body", "empty-object"])
def test_nothing_is_an_empty_object(body: bytes) -> None:
    assert read_body(request(body), (Member("x", required=False),)) == {}
    with pytest.raises(RequestRejected, match="username is missing"):
        read_body(request(body), MEMBERS)


BAD: Final[dict[str, tuple[bytes, str]]] = {
    "no-json": (b"username=ana", "the body is not JSON"),
    "cut": (b'{"username": "an', "the body is not JSON"),
    "two-documents": (b"{}{}", "the body is not JSON"),
    "not-utf-8": (b'{"username": "\xff"}', "the body is not JSON"),
    "utf-16": ('{"username": "ana"}'.encode("utf-16"), "the body is not JSON"),
    "half-a-character": (b'{"username": "\xed\xa0\xbd"}', "the body is not JSON"),
    "deep": (b"[" * 30_000, "the body is not JSON"),
    "many-digits": (b'{"username": ' + b"9" * 5_000 + b"}", "the body is not JSON"),
    "not-a-number": (b'{"username": NaN}', "the body is not JSON"),
    "infinity": (b'{"username": "ana", "answer": {"a": [-Infinity]}}', "the body is not JSON"),
    "beyond-a-double": (b'{"username": "ana", "answer": {"a": 1e999}}', "the body is not JSON"),
    "not-a-number-inside": (b'{"username": "ana", "answer": {"a": NaN}}', "the body is not JSON"),
    "a-member-twice": (b'{"username": "ana", "username": "ben"}', "the body is not JSON"),
    "a-member-twice-inside": (b'{"username": "ana", "answer": {"a": 1, "a": 2}}', "the body is not JSON"),
    "a-byte-order-mark": (b'\xef\xbb\xbf{"username": "ana"}', "the body is not JSON"),
    "utf-16-le": ('{"username": "ana"}'.encode("utf-16-le"), "the body is not JSON"),
    "nested": (b'{"username": "ana", "answer": ' + b'{"a":' * 16 + b"1" + b"}" * 17, "the body is nested too deeply"),
    "lists-in-lists": (b"[" * 17 + b"]" * 17, "the body is nested too deeply"),
    "null": (b"null", "the body must be a JSON object"),
    "list": (b"[]", "the body must be a JSON object"),
    "text": (b'"ana"', "the body must be a JSON object"),
}


@pytest.mark.parametrize(("body", "sentence"), BAD.values(), ids=BAD.keys())
def test_what_is_no_object(body: bytes, sentence: str) -> None:
    with pytest.raises(RequestRejected) as caught:
        read_body(request(body), MEMBERS)
    assert caught.value.message == sentence


OTHERS: Final = "there are members other than answer, attributes, delivery, everywhere, username"
REFUSED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "missing": ({}, "username is missing"),
    "null": ({"username": None}, "username is missing"),
    "empty": ({"username": ""}, "username must not be empty"),
    "number": ({"username": 1}, "username must be a string"),
    "flag": ({"username": True}, "username must be a string"),
    "list": ({"username": ["ana"]}, "username must be a string"),
    "object": ({"username": {}}, "username must be a string"),
    "too-long": ({"username": CANARY}, "username must have at most 8 characters"),
    "nul": ({"username": "a\0b"}, "username has characters that no text has"),
    "surrogate": ({"username": "a\ud800"}, "username has characters that no text has"),
    "surrogate-of-a-pair": ({"username": "\udc00a"}, "username has characters that no text has"),
    "unknown": ({"username": "ana", CANARY: 1}, OTHERS),
    "unknown-null": ({"username": "ana", "Username": None}, OTHERS),
    "choice": ({"username": "ana", "delivery": CANARY}, "delivery must be one of cookie, tokens"),
    "choice-empty": ({"username": "ana", "delivery": ""}, "delivery must be one of cookie, tokens"),
    "flag-as-text": ({"username": "ana", "everywhere": "true"}, "everywhere must be true or false"),
    "flag-as-number": ({"username": "ana", "everywhere": 1}, "everywhere must be true or false"),
    "texts-list": ({"username": "ana", "attributes": []}, "attributes must be an object"),
    "texts-number": ({"username": "ana", "attributes": {"a": 1}}, "each member of attributes must be a string"),
    "texts-null": ({"username": "ana", "attributes": {"a": None}}, "each member of attributes must be a string"),
    "texts-nul": ({"username": "ana", "attributes": {"a": "\0"}}, "each member of attributes has characters that no text has"),
    "texts-long": (
        {"username": "ana", "attributes": {"a": "x" * 2049}},
        "each member of attributes must have at most 2048 characters",
    ),
    "texts-no-name": ({"username": "ana", "attributes": {"": "x"}}, "each name in attributes must not be empty"),
    "texts-name-nul": (
        {"username": "ana", "attributes": {"\0": "x"}},
        "each name in attributes has characters that no text has",
    ),
    "texts-name-surrogate": (
        {"username": "ana", "attributes": {"\udfff": "x"}},
        "each name in attributes has characters that no text has",
    ),
    "texts-name-long": (
        {"username": "ana", "attributes": {"x" * 2049: "x"}},
        "each name in attributes must have at most 2048 characters",
    ),
    "texts-many": (
        {"username": "ana", "attributes": {str(number): "x" for number in range(51)}},
        "attributes must have at most 50 members",
    ),
    "object-list": ({"username": "ana", "answer": []}, "answer must be an object"),
    "object-surrogate": ({"username": "ana", "answer": {"a": "\ud800"}}, "answer has what could not be passed on"),
    "object-name-surrogate": ({"username": "ana", "answer": {"\ud800": 1}}, "answer has what could not be passed on"),
}


@pytest.mark.parametrize(("document", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_members_that_are_refused(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RequestRejected) as caught:
        read(document)
    assert caught.value.message == sentence
    assert CANARY not in sentence


NAMES: Final = (Names("names", max_length=8),)


@pytest.mark.parametrize("names", [["ana"], ["a", "a", "\U0001f600" * 8], [str(number) for number in range(50)]])
def test_names(names: list[str]) -> None:
    assert read_members({"names": names}, NAMES) == {"names": names}


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        pytest.param("ana", "names must be a list", id="text"),
        pytest.param({"0": "ana"}, "names must be a list", id="object"),
        pytest.param([], "names must have 1 to 50 entries", id="none"),
        pytest.param(["a"] * 51, "names must have 1 to 50 entries", id="many"),
        pytest.param(["a", ""], "each entry of names must not be empty", id="empty"),
        pytest.param(["a", 1], "each entry of names must be a string", id="number"),
        pytest.param(["a", ["a"]], "each entry of names must be a string", id="list"),
        pytest.param(["a\0"], "each entry of names has characters that no text has", id="nul"),
        pytest.param([CANARY], "each entry of names must have at most 8 characters", id="long"),
    ],
)
def test_names_that_are_refused(names: Any, sentence: str) -> None:
    with pytest.raises(RequestRejected) as caught:
        read_members({"names": names}, NAMES)
    assert caught.value.message == sentence


def test_the_schema_of_names() -> None:
    entry = {"type": "string", "minLength": 1, "maxLength": 8}
    assert NAMES[0].schema() == {"type": "array", "items": entry, "minItems": 1, "maxItems": 50}


AGE: Final = (Number("max_age"),)


@pytest.mark.parametrize("number", [0, 1, 300, 2**31 - 1])
def test_numbers(number: int) -> None:
    assert read_members({"max_age": number}, AGE) == {"max_age": number}


@pytest.mark.parametrize("number", [-1, 2**31, 1.0, 0.5, float("nan"), "300", "", True, False, [300], {}], ids=repr)
def test_numbers_that_are_refused(number: Any) -> None:
    with pytest.raises(RequestRejected) as caught:
        read_members({"max_age": number}, AGE)
    assert caught.value.message == "max_age must be a whole number from 0 to 2147483647"


def test_the_schema_of_numbers() -> None:
    assert AGE[0].schema() == {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}


def test_an_endpoint_without_members_takes_none() -> None:
    assert read_members({}, ()) == {}
    with pytest.raises(RequestRejected, match="other than none"):
        read_members({"x": 1}, ())


def test_the_longest_body() -> None:
    def body(size: int) -> bytes:
        return b'{"username": "ana"}'.ljust(size)

    assert read_body(request(body(MAX_BODY)), MEMBERS) == {"username": "ana"}
    with pytest.raises(BodyTooLarge) as caught:
        read_body(request(body(MAX_BODY + 1)), MEMBERS)
    assert caught.value.message == "the body must have at most 32768 bytes"


DOCUMENTS: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([member.name for member in MEMBERS]), inner),
    max_leaves=8,
)


@given(body=st.binary(max_size=50) | DOCUMENTS.map(lambda document: json.dumps(document).encode()))
def test_any_body_at_all_is_read_or_refused(body: bytes) -> None:
    try:
        result = read_body(request(body), MEMBERS)
    except RequestRejected:
        return
    assert isinstance(result["username"], str)


def test_the_schema_says_the_same() -> None:
    assert body_schema(MEMBERS) == {
        "type": "object",
        "properties": {
            "username": {"type": "string", "maxLength": 8},
            "delivery": {"type": "string", "enum": ["cookie", "tokens"]},
            "everywhere": {"type": "boolean"},
            "attributes": {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 50},
            "answer": {"type": "object"},
        },
        "required": ["username"],
        "additionalProperties": False,
    }


def test_routes_are_distinct_and_their_members_too() -> None:
    assert len({route.name for route in ROUTES}) == len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    for route in ROUTES:
        assert len({member.name for member in route.members}) == len(route.members)
        assert route.method != "GET" or not route.members
        assert not route.path.startswith("/")
