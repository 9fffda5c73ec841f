"""ListUsers: filters, pages, attributes, and that a hundred thousand users cost no more than a few."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.groups import AdminAddUserToGroup, AdminListGroupsForUser, CreateGroup, ListGroups, ListUsersInGroup
from cognito_auth.api.structure import Operation
from cognito_auth.api.types import User
from cognito_auth.api.users import AdminGetUser, ListUsers, ListUsersReply
from cognito_auth.local.base import paging
from cognito_auth.local.store.records import Membership
from cognito_auth.local.store.storage import Place, Span
from cognito_auth.local.store.tables import MEMBERSHIPS, USERS
from cognito_auth.local.users import passwords

from .support import PASSWORD, App, new_app, refusal
from .tables import Tables, many_users

TOKEN_REFUSED = "InvalidParameter: Invalid pagination token."


def found(app: App, text: str | None = None, **options: Any) -> list[str]:
    users = app.send(ListUsers(user_pool_id=app.pool_id, filter=text, **options)).users
    return [user.username or "" for user in users or ()]


def listing(app: App) -> tuple[User, ...]:
    return app.send(ListUsers(user_pool_id=app.pool_id)).users or ()


def attributes(user: User) -> dict[str, str | None]:
    return {each.name: each.value for each in user.attributes or ()}


@pytest.fixture(scope="module")
def people() -> App:
    app = new_app()
    app.create_user("ana", email="ana@example.com", email_verified="true", name="Ana Lee", given_name="Ana")
    app.create_user("anabel", email="Anabel@example.com", name='Ana "A" Lee', given_name="Anabel", phone_number="+15550001")
    app.create_user("bob", email="bob@example.com", name="100% _Bob_\\*", family_name="É", preferred_username="bobby")
    app.sign_up("eva", email="eva@example.com", given_name="an\U0010ffffe", family_name="\U0001f600 z")
    return app


FOUND: dict[str, tuple[str | None, list[str]]] = {
    "none": (None, ["ana", "anabel", "bob", "eva"]),
    "blank": ("", ["ana", "anabel", "bob", "eva"]),
    "user name": ('username = "ana"', ["ana"]),
    "user names": ('username ^= "ana"', ["ana", "anabel"]),
    "address": ('email = "ana@example.com"', ["ana"]),
    "address, as it is": ('email = "anabel@example.com"', []),
    "addresses, as they are": ('email ^= "Ana"', ["anabel"]),
    "number": ('phone_number ^= "+1"', ["anabel"]),
    "quotation marks": (r'name ^= "Ana \"A"', ["anabel"]),
    "per cent is itself": ('name ^= "%"', []),
    "underscore is itself": ('name ^= "100_"', []),
    "wildcards are themselves": (r'name = "100% _Bob_\\*"', ["bob"]),
    "beginnings in order": ('name ^= ""', ["bob", "anabel", "ana"]),
    "the last character of all": ('given_name ^= "an"', ["eva"]),
    "beyond the last character": ('given_name ^= "an\U0010ffff"', ["eva"]),
    "accents": ('family_name ^= "É"', ["bob"]),
    "beyond sixteen bits": ('family_name ^= "\U0001f600"', ["eva"]),
    "whole, not part": ('given_name = "An"', []),
    "preferred": ('preferred_username = "bobby"', ["bob"]),
    "state": ('cognito:user_status = "CONFIRMED"', ["ana", "anabel", "bob"]),
    "state in small letters": ('cognito:user_status = "unconfirmed"', ["eva"]),
    "state's beginning": ('cognito:user_status ^= "conf"', ["ana", "anabel", "bob"]),
    "enabled": ('status = "Enabled"', ["ana", "anabel", "bob", "eva"]),
    "enabled in small letters": ('status = "enabled"', []),
    "disabled": ('status = "Disabled"', []),
    "an empty value": ('family_name = ""', []),
}


@pytest.mark.parametrize(("text", "names"), FOUND.values(), ids=FOUND)
def test_a_filter_finds(people: App, text: str | None, names: list[str]) -> None:
    assert found(people, text) == names


def test_a_sub_finds_its_user(people: App) -> None:
    sub = attributes(listing(people)[0])["sub"] or ""
    assert found(people, f'sub = "{sub}"') == ["ana"]
    assert found(people, f'sub ^= "{sub[:-1]}"') == ["ana"]
    assert found(people, f'sub = "{sub[:-1]}"') == []


def test_bad_filters_are_refused(people: App) -> None:
    assert refusal(found, people, "email: ana") == "InvalidParameter: Error while parsing filter"
    assert refusal(found, people, 'custom:team = "red"') == "InvalidParameter: Invalid search attribute: custom:team"
    asked = ListUsers(user_pool_id="us-east-1_none")
    assert refusal(people.send, asked) == "ResourceNotFound: User pool us-east-1_none does not exist."


def test_users_are_listed_as_an_administrator_gets_them(people: App) -> None:
    for user in people.send(ListUsers(user_pool_id=people.pool_id)).users or ():
        one = people.send(AdminGetUser(user_pool_id=people.pool_id, username=user.username or ""))
        assert user.attributes == one.user_attributes
        assert (user.enabled, user.user_status) == (one.enabled, one.user_status)
        assert (user.user_create_date, user.user_last_modified_date) == (one.user_create_date, one.user_last_modified_date)


def test_another_pools_users_are_not_found(people: App) -> None:
    other = new_app(people.cognito)
    other.create_user("zoe", email="ana@example.com")
    assert found(other) == ["zoe"]
    assert found(other, 'email = "ana@example.com"') == ["zoe"]
    assert found(people, 'email = "ana@example.com"') == ["ana"]


def test_only_the_attributes_that_are_asked_for(people: App) -> None:
    asked = ListUsers(user_pool_id=people.pool_id, attributes_to_get=("email", "sub", "email"))
    for user in people.send(asked).users or ():
        assert list(attributes(user)) == ["email", "sub"]
        assert user.user_status


def test_an_attribute_that_not_all_have_is_refused(people: App) -> None:
    text = "InvalidParameter: One or more requested attributes do not exist."
    assert refusal(found, people, attributes_to_get=("email", "phone_number")) == text
    assert found(people, 'phone_number ^= "+"', attributes_to_get=("phone_number",)) == ["anabel"]


def test_a_change_is_found_at_once() -> None:
    app = new_app()
    app.sign_up("ana", email="ana@example.com")
    assert found(app, 'cognito:user_status = "UNCONFIRMED"') == ["ana"]
    app.confirm("ana")
    assert found(app, 'cognito:user_status = "UNCONFIRMED"') == []
    assert found(app, 'cognito:user_status = "CONFIRMED"') == ["ana"]


def pages(tables: Tables, **options: Any) -> list[ListUsersReply]:
    replies = [tables.run(ListUsers(user_pool_id=tables.pool_id, **options))]
    while (token := replies[-1].pagination_token) is not None:
        replies.append(tables.run(ListUsers(user_pool_id=tables.pool_id, pagination_token=token, **options)))
    return replies


def names_of(replies: list[ListUsersReply]) -> list[str]:
    return [user.username or "" for reply in replies for user in reply.users or ()]


@pytest.fixture(scope="module")
def few() -> Tables:
    tables = Tables()
    tables.fill(many_users(tables.pool_id, 130, lambda each: {"name": f"name-{each % 10}", "given_name": "Ana"}))
    return tables


SIZES = {"default": (None, [60, 60, 10]), "zero": (0, [60, 60, 10]), "all": (60, [60, 60, 10]), "odd": (50, [50, 50, 30])}


@pytest.mark.parametrize(("limit", "sizes"), SIZES.values(), ids=SIZES)
def test_pages_have_as_many_users_as_asked_for(few: Tables, limit: int | None, sizes: list[int]) -> None:
    assert [len(reply.users or ()) for reply in pages(few, limit=limit)] == sizes


def test_a_last_page_that_is_full_has_no_token(few: Tables) -> None:
    assert [len(reply.users or ()) for reply in pages(few, filter='name = "name-3"', limit=13)] == [13]


FILTERS = (None, 'given_name = "Ana"', 'name ^= "name-"', 'name = "name-4"', 'username ^= "user-00010"', 'status = "Enabled"')


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("limit", [1, 7, 60])
def test_pages_together_are_the_whole_listing(few: Tables, text: str | None, limit: int) -> None:
    seen = names_of(pages(few, filter=text, limit=limit))
    assert len(set(seen)) == len(seen)
    expected = {'name = "name-4"': 13, 'username ^= "user-00010"': 10}
    assert len(seen) == expected.get(text or "", 130)


def test_users_who_come_and_go_between_pages() -> None:
    tables = Tables()
    tables.fill(many_users(tables.pool_id, 20, lambda each: {"name": f"{each % 3}"}))
    for text in (None, 'name ^= ""'):
        first = tables.run(ListUsers(user_pool_id=tables.pool_id, filter=text, limit=5))
        last = names_of([first])[-1]
        tables.records.delete(USERS, pool_id=tables.pool_id, name=last)
        asked = ListUsers(user_pool_id=tables.pool_id, filter=text, limit=5, pagination_token=first.pagination_token)
        rest = names_of([tables.run(asked)])
        assert len(rest) == 5
        assert not set(rest) & set(names_of([first]))


def test_a_token_belongs_to_its_filter(few: Tables) -> None:
    def token(text: str | None) -> str:
        return few.run(ListUsers(user_pool_id=few.pool_id, filter=text, limit=1)).pagination_token or ""

    kinds = (None, 'name ^= "name-"', 'name ^= "name"', 'given_name ^= "A"', 'given_name = "Ana"')
    for mine in kinds:
        for other in kinds:
            asked = ListUsers(user_pool_id=few.pool_id, filter=other, pagination_token=token(mine))
            if mine == other:
                few.run(asked)
            else:
                assert refusal(few.run, asked) == TOKEN_REFUSED


@given(token=st.text(min_size=1) | st.binary(min_size=1, max_size=40).map(lambda data: data.hex()))
def test_a_made_up_token_is_refused(few: Tables, token: str) -> None:
    for text in (None, 'name ^= ""'):
        assert refusal(few.run, ListUsers(user_pool_id=few.pool_id, filter=text, pagination_token=token)) == TOKEN_REFUSED


def test_a_token_cannot_lead_out_of_its_span(few: Tables) -> None:
    text = 'name = "name-4"'
    token = few.run(ListUsers(user_pool_id=few.pool_id, filter=text, limit=1)).pagination_token or ""
    content = urlsafe_b64decode(token)
    assert content.endswith(b"name-4")
    for other in (b"name-3", b"name-5", b"", b"\xff"):
        forged = urlsafe_b64encode(content.removesuffix(b"name-4") + other).decode()
        asked = ListUsers(user_pool_id=few.pool_id, filter=text, pagination_token=forged)
        assert refusal(few.run, asked) == TOKEN_REFUSED


@given(texts=st.lists(st.text(max_size=5), max_size=30), prefix=st.text(max_size=3), limit=st.integers(1, 8))
def test_a_span_finds_what_python_finds(texts: list[str], prefix: str, limit: int) -> None:
    tables = Tables.shared()
    tables.clear(USERS)
    tables.fill(many_users(tables.pool_id, len(texts), lambda each: {"name": texts[each]}))
    for span, wanted in (
        (Span.starting_with("name", prefix), [text for text in texts if text.startswith(prefix)]),
        (Span.exactly("name", prefix), [text for text in texts if text == prefix]),
    ):
        seen: list[str] = []
        after: Place | None = None
        while batch := tables.records.search(USERS, span, after=after, limit=limit, pool_id=tables.pool_id):
            assert len(batch) <= limit
            seen += [user.attributes["name"] for _, user in batch]
            after = batch[-1][0]
        assert seen == sorted(wanted, key=lambda text: text.encode())
        assert all(span.holds(text) for text in seen)


MANY = 100_000
MEMBERS = 10_000


@pytest.fixture(scope="module")
def many() -> Tables:
    """A hundred thousand users, some of whom are in one group."""
    tables = Tables()
    tables.fill(many_users(tables.pool_id, MANY, lambda each: {"name": f"name-{each % 1000:03}", "given_name": "Ana"}))
    tables.run(CreateGroup(user_pool_id=tables.pool_id, group_name="all"))
    tables.connection.execute("BEGIN")
    for each in range(MEMBERS):
        tables.records.insert(MEMBERSHIPS, Membership(pool_id=tables.pool_id, user=f"user-{each:06}", group="all"))
    tables.connection.execute("COMMIT")
    return tables


def test_a_hundred_thousand_users_page_by_page(many: Tables) -> None:
    replies = pages(many)
    seen = names_of(replies)
    assert len(replies) == -(-MANY // paging.PAGE)
    assert seen == [f"user-{each:06}" for each in range(MANY)]


LOOKED_UP: dict[str, list[str]] = {
    'email = "user-073210@example.com"': ["user-073210"],
    'username ^= "user-07321"': [f"user-07321{each}" for each in range(10)],
    'name = "name-321"': [f"user-{each:03}321" for each in range(100)],
    'phone_number ^= "+"': [],
}


def test_a_few_of_a_hundred_thousand(many: Tables) -> None:
    for text, names in LOOKED_UP.items():
        assert names_of(pages(many, filter=text)) == names


def test_one_of_a_hundred_thousand_signs_in(many: Tables) -> None:
    (_, user), *_ = many.records.search(USERS, Span.exactly("username", "user-050000"), limit=1, pool_id=many.pool_id)
    with_password = passwords.with_password(many.context(), many.pool, user, PASSWORD)
    many.records.put(USERS, with_password)
    parameters = {"USERNAME": "user-050000", "PASSWORD": PASSWORD}
    reply = many.run(InitiateAuth(client_id=many.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters))
    assert reply.authentication_result is not None


def operations(tables: Tables) -> dict[str, Operation[Any]]:
    """Everything that looks for users, groups or members, deep in its listing."""
    pool = tables.pool_id

    def deep(text: str | None = None) -> ListUsers:
        asked = ListUsers(user_pool_id=pool, filter=text, limit=10)
        for _ in range(3):
            asked = ListUsers(user_pool_id=pool, filter=text, limit=10, pagination_token=tables.run(asked).pagination_token)
        return asked

    return {
        "all": deep(),
        **{text: deep(text) for text in FILTERS if text and "user-" not in text},
        "no such user": AdminGetUser(user_pool_id=pool, username="nobody"),
        "a user": AdminGetUser(user_pool_id=pool, username="user-000077"),
        "members": ListUsersInGroup(user_pool_id=pool, group_name="all", limit=10),
        "groups of a user": AdminListGroupsForUser(user_pool_id=pool, username="user-000001"),
        "groups": ListGroups(user_pool_id=pool),
        "joining": AdminAddUserToGroup(user_pool_id=pool, username="user-000003", group_name="all"),
    }


def test_no_table_is_scanned(many: Tables) -> None:
    for name, operation in operations(many).items():
        plans = list(many.plans(operation))
        assert plans
        for plan in plans:
            assert plan.startswith("SEARCH"), (name, plan)
            assert "TEMP B-TREE" not in plan, (name, plan)


def test_many_users_cost_as_much_as_few(few: Tables, many: Tables) -> None:
    few.run(CreateGroup(user_pool_id=few.pool_id, group_name="all"))
    for each in range(100):
        few.records.insert(MEMBERSHIPS, Membership(pool_id=few.pool_id, user=f"user-{each:06}", group="all"))
    small = {name: few.steps(operation) for name, operation in operations(few).items()}
    for name, operation in operations(many).items():
        assert many.steps(operation) <= 1.2 * small[name] + 50, name


def test_tokens_are_opaque_text(few: Tables) -> None:
    token = few.run(ListUsers(user_pool_id=few.pool_id, limit=1)).pagination_token or ""
    assert json.dumps(token) == f'"{token}"'
    assert not set(token) & set(" \n\t")
