"""Files of users and groups: what each line says, what is no record, and that what is written is read again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.bulk.formats import MAX_LINE_BYTES, Format, read, writer
from cognito_auth.bulk.records import BadRecord, GroupRecord, Record, UserRecord
from cognito_auth.errors import ConfigurationError
from cognito_auth.secret import Secret

CANARY: Final = "Canary-Passw0rd!"
HEADER: Final = "cognito:username,email,cognito:enabled,cognito:groups,cognito:password\n"


def said(text: str | bytes, form: Format = Format.JSON_LINES) -> list[tuple[int, Record | str]]:
    """What each line says; for a bad one, the reason."""
    content = text if isinstance(text, bytes) else text.encode()
    return [(number, str(each) if isinstance(each, BadRecord) else each) for number, each in read(io.BytesIO(content), form)]


def json_user(**members: Any) -> str:
    return json.dumps({"type": "user", "username": "ana", **members})


RECORDS: Final = {
    "bare": (json_user(), UserRecord(username="ana")),
    "nulls": (json_user(attributes=None, enabled=None, groups=None, password=None), UserRecord(username="ana")),
    "full": (
        json_user(enabled=False, status="CONFIRMED", groups=["x", "y"], mfa_enabled=True, password=CANARY),
        UserRecord(
            username="ana",
            enabled=False,
            status="CONFIRMED",
            groups=("x", "y"),
            sms_mfa=True,
            password=Secret(CANARY),
        ),
    ),
    "attributes": (
        json_user(attributes={"name": "", "email": "a@b"}),
        UserRecord(username="ana", attributes={"email": "a@b"}),
    ),
    "a-group-twice": (json_user(groups=["x", "y", "x"]), UserRecord(username="ana", groups=("x", "y"))),
    "group": ('{"type": "group", "name": "staff"}', GroupRecord(name="staff")),
    "full-group": (
        '{"type": "group", "name": "staff", "description": "d", "precedence": 0, "role_arn": "arn"}',
        GroupRecord(name="staff", description="d", precedence=0, role_arn="arn"),
    ),
}


@pytest.mark.parametrize(("line", "record"), RECORDS.values(), ids=RECORDS.keys())
def test_json_lines(line: str, record: Record) -> None:
    assert said(line) == said(f"{line}\n") == said(f"\ufeff{line}\r\n") == [(1, record)]


BAD: Final = {
    "nonsense": ("nonsense", "it is not JSON"),
    "deep": ("[" * 100_000, "it is not JSON"),
    "a-list": ("[]", "it is not an object"),
    "no-type": ("{}", "its type is neither user nor group"),
    "unhashable-type": ('{"type": []}', "its type is neither user nor group"),
    "no-name": ('{"type": "user"}', "it names no user"),
    "empty-name": ('{"type": "user", "username": ""}', "it names no user"),
    "name-is-a-number": ('{"type": "user", "username": 1}', "username is not of the type str"),
    "group-without-a-name": ('{"type": "group"}', "it names no group"),
    "group-of-a-user": ('{"type": "group", "name": "a", "username": "b"}', "it has a member that is not known"),
    "precedence-is-true": ('{"type": "group", "name": "a", "precedence": true}', "precedence is not of the type int"),
    "misspelt": (json_user(atributes={}), "it has a member that is not known"),
    "attributes-are-a-list": (json_user(attributes=[]), "attributes is not of the type dict"),
    "attribute-is-a-number": (json_user(attributes={"a": 1}), "an attribute is not a string"),
    "sub": (json_user(attributes={"sub": "x"}), "the attribute sub is the pool's own"),
    "groups-is-a-string": (json_user(groups="staff"), "groups is not of the type list"),
    "group-is-a-number": (json_user(groups=[1]), "a group is not a name"),
    "enabled-is-a-string": (json_user(enabled="yes"), "enabled is not of the type bool"),
    "federated": (
        json_user(status="EXTERNAL_PROVIDER"),
        "a federated user comes into being by signing in, and cannot be imported",
    ),
    "password-is-a-number": (json_user(password=17), "password is not of the type str"),
}


@pytest.mark.parametrize(("line", "reason"), BAD.values(), ids=BAD.keys())
def test_lines_that_are_no_record_stop_nothing(line: str, reason: str) -> None:
    assert said(f"{json_user()}\n{line}\n\n{json_user()}") == [
        (1, UserRecord(username="ana")),
        (2, reason),
        (4, UserRecord(username="ana")),
    ]


def test_lines_that_are_no_text() -> None:
    long = b"x" * (MAX_LINE_BYTES + 1)
    assert said(b"\xff\n" + long + b"\n" + long * 3 + b"\n" + json_user().encode()) == [
        (1, "it is not UTF-8"),
        (2, f"it is longer than {MAX_LINE_BYTES} bytes"),
        (3, f"it is longer than {MAX_LINE_BYTES} bytes"),
        (4, UserRecord(username="ana")),
    ]
    assert said(long) == [(1, f"it is longer than {MAX_LINE_BYTES} bytes")]
    assert said(b"") == []


def test_csv() -> None:
    text = HEADER + 'ana,a@b,TRUE,x y x,\n\n"b,c","two\nlines",false,,' + CANARY + "\nshort,row\neva,,,,\n"
    assert said(text, Format.CSV) == [
        (2, UserRecord(username="ana", attributes={"email": "a@b"}, groups=("x", "y"))),
        (4, UserRecord(username="b,c", attributes={"email": "two\nlines"}, enabled=False, password=Secret(CANARY))),
        (6, "it has 2 cells, but the header has 5"),
        (7, UserRecord(username="eva")),
    ]


BAD_ROWS: Final = {
    "boolean": ("ana,,maybe,,", "cognito:enabled is neither true nor false"),
    "no-name": (",a@b,,,", "it names no user"),
    "quotes": ('"ana"x,,,,', "it is not CSV: ',' expected after '\"'"),
    "not-utf-8": ("\udcff,,,,", "it is not UTF-8"),
    "long": ("x" * MAX_LINE_BYTES + ",,,,", f"it is longer than {MAX_LINE_BYTES} bytes"),
    "long-cell": ("x" * 200_000 + ",,,,", "it is not CSV: field larger than field limit (131072)"),
}


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_rows_that_are_no_record_stop_nothing(row: str, reason: str) -> None:
    text = f"{HEADER}{row}\neva,,,,\n".encode(errors="surrogateescape")
    assert said(text, Format.CSV) == [(2, reason), (3, UserRecord(username="eva"))]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("", "no column cognito:username"),
        ("email,name\n", "no column cognito:username"),
        ("cognito:username,email,email\n", "twice"),
        ("cognito:username,sub\n", "'sub'"),
        ("cognito:username,cognito:riddle\n", "'cognito:riddle'"),
        ("cognito:username,\n", "''"),
        ('"cognito:username"x\n', "expected after"),
        ("\udcff\n", "not UTF-8"),
    ],
)
def test_headers_that_will_not_do(header: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        said(header.encode(errors="surrogateescape"), Format.CSV)


def test_spreadsheets_write_booleans_in_capitals() -> None:
    text = "cognito:username,email_verified,name\nana,TRUE,TRUE\n"
    assert said(text, Format.CSV) == [(2, UserRecord(username="ana", attributes={"email_verified": "true", "name": "TRUE"}))]


def test_lines_are_read_one_after_the_other() -> None:
    """Whatever the size of the file, no more than a line of it is taken at once."""

    class Watched(io.BytesIO):
        taken = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.taken += 1
            return super().readline(size)

    file = Watched((json_user() + "\n").encode() * 1000)
    entries: Iterator[Any] = read(file, Format.JSON_LINES)
    next(entries)
    assert file.taken == 1


# There and back

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NAME: Final = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
ATTRIBUTES: Final = ("name", "email", "custom:tier")
USERS: Final = st.builds(
    UserRecord,
    username=TEXT,
    attributes=st.dictionaries(st.sampled_from(ATTRIBUTES), TEXT),
    enabled=st.booleans(),
    status=st.sampled_from(["", "CONFIRMED", "UNCONFIRMED", "FORCE_CHANGE_PASSWORD"]),
    groups=st.lists(NAME, unique=True, max_size=3).map(tuple),
    sms_mfa=st.booleans(),
)
GROUPS: Final = st.builds(
    GroupRecord,
    name=NAME,
    description=st.none() | TEXT,
    precedence=st.none() | st.integers(0, 2**31),
    role_arn=st.none() | TEXT,
)


def written(records: list[Any], form: Format) -> bytes:
    file = io.StringIO(newline="")
    out = writer(file, form, ATTRIBUTES)
    for record in records:
        out.write(record)
    return file.getvalue().encode()


@given(st.lists(USERS | GROUPS, max_size=4))
def test_json_lines_there_and_back(records: list[Any]) -> None:
    assert [record for _, record in said(written(records, Format.JSON_LINES))] == records


@given(st.lists(USERS, max_size=4))
def test_csv_there_and_back(records: list[Any]) -> None:
    assert [record for _, record in said(written(records, Format.CSV), Format.CSV)] == records


@pytest.mark.parametrize("form", Format)
def test_passwords_are_neither_written_nor_shown(form: Format) -> None:
    record = UserRecord(username="ana", attributes={"email": "private@example.com"}, password=Secret(CANARY))
    assert CANARY.encode() not in written([record], form)
    assert CANARY not in repr(record)
    assert "private" not in repr(record)


def test_csv_does_not_lose_an_attribute_in_silence() -> None:
    with pytest.raises(BadRecord, match="custom:shoe"):
        written([UserRecord(username="ana", attributes={"custom:shoe": "40"})], Format.CSV)


def test_csv_has_no_groups_of_their_own() -> None:
    assert written([GroupRecord(name="staff", description="d")], Format.CSV).count(b"\n") == 1
