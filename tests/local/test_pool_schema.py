"""A pool's schema: what CreateUserPool and AddCustomAttributes make of attributes, and what users then may have."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.pool_settings import NumberAttributeConstraints, SchemaAttribute, StringAttributeConstraints
from cognito_auth.api.pools import AddCustomAttributes, CreateUserPool, DescribeUserPool
from cognito_auth.api.users import AdminCreateUser

from .support import START, App, add_client, claims, listed, new_app, new_cognito, refusal, send

STANDARD: Final = 21
"""How many attributes every pool has."""
ADDED: Final = (
    SchemaAttribute(
        name="rank",
        attribute_data_type="Number",
        mutable=True,
        number_attribute_constraints=NumberAttributeConstraints(min_value="-5", max_value="10"),
        string_attribute_constraints=StringAttributeConstraints(max_length="1"),
    ),
    SchemaAttribute(
        name="badge",
        attribute_data_type="String",
        string_attribute_constraints=StringAttributeConstraints(min_length="1", max_length="5"),
    ),
    SchemaAttribute(name="secret", attribute_data_type="String", mutable=True, developer_only_attribute=True),
    SchemaAttribute(name="born", attribute_data_type="DateTime", mutable=True),
    SchemaAttribute(name="member", attribute_data_type="Boolean", mutable=True),
)


def add(app: App, *attributes: SchemaAttribute) -> None:
    app.send(AddCustomAttributes(user_pool_id=app.pool_id, custom_attributes=attributes))


def schema(app: App) -> dict[str, SchemaAttribute]:
    pool = app.send(DescribeUserPool(user_pool_id=app.pool_id)).user_pool
    assert pool is not None
    return {each.name or "": each for each in pool.schema_attributes or ()}


def create(*attributes: SchemaAttribute) -> dict[str, SchemaAttribute]:
    pool = send(new_cognito(), CreateUserPool(pool_name="p", schema=attributes)).user_pool
    assert pool is not None
    return {each.name or "": each for each in pool.schema_attributes or ()}


def test_attributes_are_described_as_they_were_added() -> None:
    app = new_app()
    app.cognito.clock.move(60)
    add(app, *ADDED)
    found = schema(app)
    assert list(found)[STANDARD:] == ["custom:rank", "custom:badge", "dev:custom:secret", "custom:born", "custom:member"]
    assert found["custom:rank"] == SchemaAttribute(
        name="custom:rank",
        attribute_data_type="Number",
        developer_only_attribute=False,
        mutable=True,
        required=False,
        number_attribute_constraints=NumberAttributeConstraints(min_value="-5", max_value="10"),
    )
    assert found["custom:badge"] == SchemaAttribute(
        name="custom:badge",
        attribute_data_type="String",
        developer_only_attribute=False,
        mutable=False,
        required=False,
        string_attribute_constraints=StringAttributeConstraints(min_length="1", max_length="5"),
    )
    assert found["dev:custom:secret"].developer_only_attribute is True
    assert found["dev:custom:secret"].string_attribute_constraints == StringAttributeConstraints()
    assert (found["custom:born"].attribute_data_type, found["custom:member"].attribute_data_type) == ("DateTime", "Boolean")
    assert found["custom:member"].string_attribute_constraints is None
    pool = app.send(DescribeUserPool(user_pool_id=app.pool_id)).user_pool
    assert pool is not None
    assert pool.last_modified_date is not None
    assert pool.last_modified_date.timestamp() == START + 60


def test_a_pool_is_created_with_the_same_attributes() -> None:
    app = new_app()
    add(app, *ADDED)
    assert create(*ADDED) == schema(app)


def test_added_attributes_can_be_used_at_once() -> None:
    app = new_app()
    narrow = add_client(app.cognito, app.pool_id, read_attributes=("email",), write_attributes=("email",))
    app.create_user()
    assert "custom:badge: Attribute does not exist" in refusal(app.sign_up, "eva", **{"custom:badge": "abc"})
    add(app, *ADDED)
    app.create_user("eva", **{"email": "eva@example.com", "custom:badge": "abc", "custom:rank": "-5"})
    assert claims(app.tokens("eva").id_token)["custom:badge"] == "abc"
    assert "custom:badge" not in claims(narrow.tokens("eva").id_token)
    app.sign_up("bob", **{"email": "bob@example.com", "custom:badge": "abc"})
    denied = "NotAuthorized: A client attempted to write unauthorized attribute"
    assert refusal(narrow.sign_up, "tim", **{"custom:badge": "abc"}) == denied
    assert refusal(app.sign_up, "tim", **{"dev:custom:secret": "abc"}) == denied
    shown = app.send(GetUser(access_token=app.tokens("eva").access_token or "")).user_attributes
    assert {each.name: each.value for each in shown}["custom:rank"] == "-5"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("custom:rank", "-6", "Number must be no less than -5"),
        ("custom:rank", "11", "Number must be no greater than 10"),
        ("custom:badge", "abcdef", "String must be no longer than 5 characters"),
        ("custom:member", "yes", "Boolean must be true or false"),
    ],
    ids=["too low", "too high", "too long", "no boolean"],
)
def test_values_keep_to_the_schema(name: str, value: str, text: str) -> None:
    app = new_app()
    add(app, *ADDED)
    request = AdminCreateUser(user_pool_id=app.pool_id, username="ana", user_attributes=listed({name: value}))
    assert refusal(app.send, request) == f"InvalidParameter: Attributes did not conform to the schema: {name}: {text}"


def test_a_name_is_taken_once() -> None:
    app = new_app()
    add(app, SchemaAttribute(name="one"), SchemaAttribute(name="two", developer_only_attribute=True))
    taken = "InvalidParameter: custom:{}: Existing attribute already has name {}."
    for developer in (False, True):
        again = SchemaAttribute(name="one", developer_only_attribute=developer)
        assert refusal(add, app, again) == taken.format("one", "custom:one")
        again = SchemaAttribute(name="two", developer_only_attribute=developer)
        assert refusal(add, app, SchemaAttribute(name="three"), again) == taken.format("two", "dev:custom:two")
    assert refusal(add, app, SchemaAttribute(name="three"), SchemaAttribute(name="three")) == taken.format(
        "three", "custom:three"
    )
    assert list(schema(app))[STANDARD:] == ["custom:one", "dev:custom:two"]
    # A name of the standard is free, for the prefix tells the two apart.
    add(app, SchemaAttribute(name="email"))
    assert "custom:email" in schema(app)


def test_at_most_fifty_custom_attributes() -> None:
    app = new_app()
    add(app, *(SchemaAttribute(name=f"a{number}") for number in range(25)))
    add(app, *(SchemaAttribute(name=f"b{number}") for number in range(24)))
    two = SchemaAttribute(name="c"), SchemaAttribute(name="d")
    assert refusal(add, app, *two) == "InvalidParameter: A user pool has at most 50 custom attributes."
    add(app, two[0])
    assert len(schema(app)) == STANDARD + 50
    assert len(create(*(SchemaAttribute(name=f"a{number}") for number in range(50)))) == STANDARD + 50


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ((), "Member must have length greater than or equal to 1"),
        (tuple(SchemaAttribute(name=f"a{n}") for n in range(26)), "Member must have length less than or equal to 25"),
        ((SchemaAttribute(name="x" * 21),), "Member must have length less than or equal to 20"),
        ((SchemaAttribute(),), "InvalidParameter: A schema attribute needs a name"),
        (
            (SchemaAttribute(name="x", required=True),),
            "InvalidParameter: Required custom attributes are not supported currently.",
        ),
    ],
    ids=["none", "too many", "name too long", "no name", "required"],
)
def test_attributes_that_cannot_be_added(attributes: tuple[SchemaAttribute, ...], text: str) -> None:
    app = new_app()
    assert refusal(add, app, *attributes).endswith(text)
    assert len(schema(app)) == STANDARD


def string(shortest: str | None = None, longest: str | None = None) -> dict[str, Any]:
    return {"string_attribute_constraints": StringAttributeConstraints(min_length=shortest, max_length=longest)}


def number(lowest: str | None = None, highest: str | None = None) -> dict[str, Any]:
    constraints = NumberAttributeConstraints(min_value=lowest, max_value=highest)
    return {"attribute_data_type": "Number", "number_attribute_constraints": constraints}


@pytest.mark.parametrize(
    ("constraints", "text"),
    [
        (string("two"), "Invalid MinLength for schema attribute custom:x"),
        (string(None, "-1"), "Invalid MaxLength for schema attribute custom:x"),
        (string(None, "2049"), "user.custom:x: String attributes cannot have a length of more than 2048"),
        (string("3", "2"), "Attribute custom:x cannot have a max length shorter than it's min length"),
        (number("1.5"), "Invalid MinValue for schema attribute custom:x"),
        (number(None, "9" * 310), "Invalid MaxValue for schema attribute custom:x"),
        (number("3", "-3"), "Attribute custom:x cannot have a max value smaller than it's min value"),
    ],
    ids=["word", "negative length", "too long", "lengths", "fraction", "too large", "values"],
)
def test_constraints_that_nothing_can_satisfy(constraints: dict[str, Any], text: str) -> None:
    attribute = SchemaAttribute(name="x", **constraints)
    assert refusal(add, new_app(), attribute) == f"InvalidParameter: {text}"
    assert refusal(create, attribute) == f"InvalidParameter: {text}"


def test_constraints_at_their_limits() -> None:
    found = create(
        SchemaAttribute(name="a", **string("2048", "2048")),
        SchemaAttribute(name="b", **number("7", "7")),
        SchemaAttribute(name="c", **number("-" + "9" * 309, "9" * 309)),
    )
    assert {"custom:a", "custom:b", "custom:c"} <= found.keys()


def test_standard_attributes_may_be_narrowed() -> None:
    changed = SchemaAttribute(name="email", required=True, mutable=False, **string("3", "20"))
    found = create(changed, SchemaAttribute(name="sub", mutable=True))
    assert len(found) == STANDARD
    email = found["email"]
    assert (email.required, email.mutable, email.attribute_data_type) == (True, False, "String")
    assert email.string_attribute_constraints == StringAttributeConstraints(min_length="3", max_length="20")
    assert (found["sub"].required, found["sub"].mutable) == (True, False)


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        (
            SchemaAttribute(name="email", attribute_data_type="Number"),
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
        ),
        (
            SchemaAttribute(name="name", developer_only_attribute=True),
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute name",
        ),
        (
            SchemaAttribute(name="name", **string("9", "1")),
            "Attribute name cannot have a max length shorter than it's min length",
        ),
    ],
    ids=["type", "developers only", "lengths"],
)
def test_standard_attributes_that_cannot_be(attribute: SchemaAttribute, text: str) -> None:
    assert refusal(create, attribute) == f"InvalidParameter: {text}"


def test_a_pool_that_is_not_there() -> None:
    request = AddCustomAttributes(user_pool_id="us-east-1_none", custom_attributes=(SchemaAttribute(name="x"),))
    assert refusal(send, new_cognito(), request) == "ResourceNotFound: User pool us-east-1_none does not exist."
