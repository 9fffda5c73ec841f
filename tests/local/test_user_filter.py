"""The filter of ListUsers as text: what it asks for, and what is no filter."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.local.base.faults import Fault
from cognito_auth.local.store.storage import Span
from cognito_auth.local.users import user_filter

exactly, starting_with = Span.exactly, Span.starting_with

GOOD = {
    "exact": ('email = "ana@example.com"', exactly("email", "ana@example.com")),
    "beginning": ('given_name ^= "An"', starting_with("given_name", "An")),
    "no spaces": ('name="Ana"', exactly("name", "Ana")),
    "spaces around": ('  name  ^=  "Ana"  ', starting_with("name", "Ana")),
    "other white space": ('name\t=\n"Ana"', exactly("name", "Ana")),
    "a quotation mark": (r'name = "\"Ana\" Lee"', exactly("name", '"Ana" Lee')),
    "a backslash": (r'name = "a\\b"', exactly("name", r"a\b")),
    "a backslash at the end": (r'name = "a\\"', exactly("name", "a\\")),
    "a backslash before a letter": (r'name = "a\b"', exactly("name", r"a\b")),
    "a backslash and a quotation mark": (r'name = "\\\""', exactly("name", '\\"')),
    "an operator in the value": ('name = "a ^= b = c"', exactly("name", "a ^= b = c")),
    "wildcards": ('name ^= "%_*?["', starting_with("name", "%_*?[")),
    "nothing": ('name = ""', exactly("name", "")),
    "any": ('name ^= ""', starting_with("name", "")),
    "spaces in the value": ('name = " Ana "', exactly("name", " Ana ")),
    "a line break in the value": ('name = "a\nb"', exactly("name", "a\nb")),
    "the state": ('cognito:user_status = "confirmed"', exactly("cognito:user_status", "CONFIRMED")),
    "the state's beginning": ('cognito:user_status ^= "Force"', starting_with("cognito:user_status", "FORCE")),
    "enabled": ('status = "Enabled"', exactly("status", "Enabled")),
    "enabled in small letters": ('status = "enabled"', exactly("status", "enabled")),
}


@pytest.mark.parametrize(("text", "span"), GOOD.values(), ids=GOOD)
def test_a_filter(text: str, span: Span) -> None:
    assert user_filter.parse(text) == span


NAMES = (
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
)


@pytest.mark.parametrize("name", NAMES)
def test_what_users_are_searched_by(name: str) -> None:
    assert user_filter.parse(f'{name} = "X"') == exactly(name, "X")


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_a_blank_filter_finds_all(text: str) -> None:
    assert user_filter.parse(text) is None


BROKEN = {
    "no value": "name =",
    "no operator": 'name "Ana"',
    "no name": '= "Ana"',
    "a name alone": "name",
    "no quotation marks": "name = Ana",
    "single quotation marks": "name = 'Ana'",
    "no end": 'name = "Ana',
    "no beginning": 'name = Ana"',
    "an escaped end": r'name = "Ana\"',
    "a bare quotation mark": 'name = "A"na"',
    "two equals signs": 'name == "Ana"',
    "another operator": 'name != "Ana"',
    "a space in the operator": 'name ^ = "Ana"',
    "two conditions": 'name = "Ana" and email = "a"',
    "a quoted name": '"name" = "Ana"',
    "two names": 'given name = "Ana"',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_no_filter(text: str) -> None:
    with pytest.raises(Fault) as caught:
        user_filter.parse(text)
    assert (caught.value.code, caught.value.message) == ("InvalidParameterException", "Error while parsing filter")


@pytest.mark.parametrize("name", ["custom:team", "dev:custom:team", "locale", "Email", "enabled", "user_status", "identities"])
def test_an_attribute_that_is_not_searched(name: str) -> None:
    with pytest.raises(Fault) as caught:
        user_filter.parse(f'{name} = "x"')
    assert (caught.value.code, caught.value.message) == ("InvalidParameterException", f"Invalid search attribute: {name}")


@given(value=st.text(), operator=st.sampled_from(["=", "^="]))
def test_every_value_can_be_written(value: str, operator: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    span = user_filter.parse(f'name {operator} "{escaped}"')
    assert span == (exactly if operator == "=" else starting_with)("name", value)


@given(text=st.text(alphabet='ab="^\\ '))
def test_nothing_else_escapes(text: str) -> None:
    with suppress(Fault):
        user_filter.parse(text)
