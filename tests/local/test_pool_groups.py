"""Groups: their life, who is in them, pages, quotas, and what the tokens say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_auth.api.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    CreateGroup,
    DeleteGroup,
    GetGroup,
    Group,
    ListGroups,
    ListUsersInGroup,
    UpdateGroup,
)
from cognito_auth.api.structure import Operation
from cognito_auth.local.base.quotas import QUOTAS
from cognito_auth.local.store.records import Group as GroupRecord
from cognito_auth.local.store.tables import GROUPS, MEMBERSHIPS

from .support import START, App, claims, new_app, refusal
from .tables import Tables

ROLE = "arn:aws:iam::123456789012:role/admin"


def create(app: App, name: str, **options: Any) -> Group:
    made = app.send(CreateGroup(user_pool_id=app.pool_id, group_name=name, **options)).group
    assert made is not None
    return made


def add(app: App, name: str, username: str = "ana") -> None:
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, group_name=name, username=username))


def remove(app: App, name: str, username: str = "ana") -> None:
    app.send(AdminRemoveUserFromGroup(user_pool_id=app.pool_id, group_name=name, username=username))


def get(app: App, name: str) -> Group | None:
    return app.send(GetGroup(user_pool_id=app.pool_id, group_name=name)).group


def names(groups: tuple[Group, ...] | None) -> list[str | None]:
    return [group.group_name for group in groups or ()]


def groups_of(app: App, username: str = "ana") -> list[str | None]:
    return names(app.send(AdminListGroupsForUser(user_pool_id=app.pool_id, username=username)).groups)


def members(app: App, name: str) -> list[str | None]:
    users = app.send(ListUsersInGroup(user_pool_id=app.pool_id, group_name=name)).users
    return [user.username for user in users or ()]


def test_a_group_as_it_was_made() -> None:
    app = new_app()
    made = create(app, "admin", description="Those who may", role_arn=ROLE, precedence=0)
    assert (made.group_name, made.user_pool_id) == ("admin", app.pool_id)
    assert (made.description, made.role_arn, made.precedence) == ("Those who may", ROLE, 0)
    assert made.creation_date == made.last_modified_date
    assert made.creation_date is not None
    assert made.creation_date.timestamp() == START
    assert get(app, "admin") == made
    bare = create(app, "bare")
    assert (bare.description, bare.role_arn, bare.precedence) == (None, None, None)


def test_a_change_keeps_what_is_left_out() -> None:
    app = new_app()
    made = create(app, "admin", description="old", role_arn=ROLE, precedence=5)
    app.cognito.clock.move(60)
    changed = app.send(UpdateGroup(user_pool_id=app.pool_id, group_name="admin", precedence=0)).group
    assert changed is not None
    assert (changed.description, changed.role_arn, changed.precedence) == ("old", ROLE, 0)
    assert changed.creation_date == made.creation_date
    assert changed.last_modified_date is not None
    assert changed.last_modified_date.timestamp() == START + 60
    app.send(UpdateGroup(user_pool_id=app.pool_id, group_name="admin", description="new", role_arn=ROLE + "s"))
    changed = get(app, "admin")
    assert changed is not None
    assert (changed.description, changed.role_arn, changed.precedence) == ("new", ROLE + "s", 0)


def test_a_change_keeps_the_members_and_the_order() -> None:
    app = new_app()
    app.create_user()
    for name in ("one", "two"):
        create(app, name)
    add(app, "one")
    app.send(UpdateGroup(user_pool_id=app.pool_id, group_name="one", precedence=9))
    assert members(app, "one") == ["ana"]
    assert names(app.send(ListGroups(user_pool_id=app.pool_id)).groups) == ["one", "two"]


@pytest.mark.parametrize("name", ["admin", "ADMIN"])
def test_names_collide_whatever_their_case(name: str) -> None:
    app = new_app()
    create(app, "Admin")
    assert refusal(create, app, name) == "GroupExists: A group with the name already exists."
    create(new_app(app.cognito), name)


def test_a_group_is_found_by_its_exact_name_only() -> None:
    app = new_app()
    create(app, "Admin")
    assert refusal(get, app, "admin") == "ResourceNotFound: Group not found."


UNKNOWN_GROUP: dict[str, Operation[Any]] = {
    "get": GetGroup(user_pool_id="", group_name="none"),
    "update": UpdateGroup(user_pool_id="", group_name="none"),
    "delete": DeleteGroup(user_pool_id="", group_name="none"),
    "add": AdminAddUserToGroup(user_pool_id="", group_name="none", username="ana"),
    "remove": AdminRemoveUserFromGroup(user_pool_id="", group_name="none", username="ana"),
    "users": ListUsersInGroup(user_pool_id="", group_name="none"),
}


def in_pool(operation: Operation[Any], pool_id: str) -> Operation[Any]:
    asked: Any = operation
    changed: Operation[Any] = replace(asked, user_pool_id=pool_id)
    return changed


@pytest.mark.parametrize("operation", UNKNOWN_GROUP.values(), ids=UNKNOWN_GROUP)
def test_a_group_that_does_not_exist(operation: Operation[Any]) -> None:
    app = new_app()
    app.create_user()
    other = new_app(app.cognito)
    create(other, "none")
    assert refusal(app.send, in_pool(operation, app.pool_id)) == "ResourceNotFound: Group not found."


EVERY = {
    **UNKNOWN_GROUP,
    "create": CreateGroup(group_name="a"),
    "list": ListGroups(),
    "groups": AdminListGroupsForUser(username="a"),
}


@pytest.mark.parametrize("operation", EVERY.values(), ids=EVERY)
def test_a_pool_that_does_not_exist(operation: Operation[Any]) -> None:
    text = "ResourceNotFound: User pool us-east-1_none does not exist."
    assert refusal(new_app().send, in_pool(operation, "us-east-1_none")) == text


NOBODY: dict[str, Operation[Any]] = {
    "add": AdminAddUserToGroup(username="nobody", group_name="admin"),
    "remove": AdminRemoveUserFromGroup(username="nobody", group_name="admin"),
    "groups": AdminListGroupsForUser(username="nobody"),
}


@pytest.mark.parametrize("operation", NOBODY.values(), ids=NOBODY)
def test_a_user_who_does_not_exist(operation: Operation[Any]) -> None:
    app = new_app()
    create(app, "admin")
    assert refusal(app.send, in_pool(operation, app.pool_id)) == "UserNotFound: User does not exist."


def test_memberships_from_both_sides() -> None:
    app = new_app()
    for name in ("ana", "bob"):
        app.create_user(name, email=f"{name}@example.com")
    for name in ("staff", "admin"):
        create(app, name)
    for name, username in (("staff", "ana"), ("admin", "ana"), ("staff", "bob")):
        add(app, name, username)
    add(app, "staff", "ana")  # once more changes nothing
    assert groups_of(app, "ana") == ["staff", "admin"]
    assert groups_of(app, "bob") == ["staff"]
    assert members(app, "staff") == ["ana", "bob"]
    remove(app, "staff", "ana")
    remove(app, "staff", "ana")
    assert groups_of(app, "ana") == ["admin"]
    assert members(app, "staff") == ["bob"]


def test_a_user_is_added_by_any_of_the_names() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.create_user("ana", email="ana@example.com", email_verified="true")
    create(app, "staff")
    add(app, "staff", "ana@example.com")
    assert members(app, "staff") == ["ana"]
    assert groups_of(app, "ana@example.com") == ["staff"]


def test_members_are_shown_as_users() -> None:
    app = new_app()
    app.create_user("ana", email="ana@example.com")
    create(app, "staff")
    add(app, "staff")
    users = app.send(ListUsersInGroup(user_pool_id=app.pool_id, group_name="staff")).users
    assert users is not None
    (user,) = users
    assert (user.username, user.enabled, user.user_status) == ("ana", True, "CONFIRMED")
    assert {each.name: each.value for each in user.attributes or ()}["email"] == "ana@example.com"


def test_the_end_of_a_group_ends_its_memberships() -> None:
    app = new_app()
    app.create_user()
    for name in ("staff", "admin"):
        create(app, name)
        add(app, name)
    app.send(DeleteGroup(user_pool_id=app.pool_id, group_name="staff"))
    assert groups_of(app) == ["admin"]
    assert refusal(get, app, "staff") == "ResourceNotFound: Group not found."
    create(app, "staff")
    assert members(app, "staff") == []
    assert groups_of(app) == ["admin"]


def test_tokens_name_the_groups_from_then_on() -> None:
    app = new_app()
    app.create_user()
    assert "cognito:groups" not in claims(app.tokens().id_token)
    for name, precedence in (("last", None), ("second", 7), ("first", 0)):
        create(app, name, precedence=precedence)
        add(app, name)
    tokens = app.tokens()
    for token in (tokens.id_token, tokens.access_token):
        assert claims(token)["cognito:groups"] == ["first", "second", "last"]
    remove(app, "first")
    assert claims(app.tokens().access_token)["cognito:groups"] == ["second", "last"]


def test_groups_come_in_pages() -> None:
    app = new_app()
    made = [f"g{number:03}" for number in range(7)]
    for name in made:
        create(app, name)
    seen: list[str | None] = []
    token: str | None = None
    sizes: list[int] = []
    while True:
        reply = app.send(ListGroups(user_pool_id=app.pool_id, limit=3, next_token=token))
        seen += names(reply.groups)
        sizes.append(len(reply.groups or ()))
        token = reply.next_token
        if token is None:
            break
    assert (seen, sizes) == (made, [3, 3, 1])


def test_a_users_groups_and_a_groups_users_come_in_pages() -> None:
    app = new_app()
    for name in ("ana", "bob", "eva"):
        app.create_user(name, email=f"{name}@example.com")
        create(app, name)
    for name in ("ana", "bob", "eva"):
        add(app, "ana", name)
        if name != "ana":
            add(app, name, "ana")
    first = app.send(AdminListGroupsForUser(user_pool_id=app.pool_id, username="ana", limit=2))
    rest = app.send(AdminListGroupsForUser(user_pool_id=app.pool_id, username="ana", limit=2, next_token=first.next_token))
    assert (names(first.groups), names(rest.groups), rest.next_token) == (["ana", "bob"], ["eva"], None)
    one = app.send(ListUsersInGroup(user_pool_id=app.pool_id, group_name="ana", limit=2))
    two = app.send(ListUsersInGroup(user_pool_id=app.pool_id, group_name="ana", limit=2, next_token=one.next_token))
    assert [user.username for reply in (one, two) for user in reply.users or ()] == ["ana", "bob", "eva"]
    assert two.next_token is None


def test_a_token_belongs_to_its_listing() -> None:
    app = new_app()
    app.create_user()
    for name in ("one", "two"):
        create(app, name)
        add(app, name)
    token = app.send(ListGroups(user_pool_id=app.pool_id, limit=1)).next_token
    text = "InvalidParameter: Invalid pagination token."
    other = new_app(app.cognito)
    assert refusal(app.send, ListGroups(user_pool_id=other.pool_id, next_token=token)) == text
    asked = AdminListGroupsForUser(user_pool_id=app.pool_id, username="ana", next_token=token)
    assert refusal(app.send, asked) == text
    assert refusal(app.send, ListUsersInGroup(user_pool_id=app.pool_id, group_name="one", next_token="x")) == text


def test_a_user_is_in_a_hundred_groups_at_most() -> None:
    app, most = new_app(), QUOTAS[MEMBERSHIPS][0]
    app.create_user()
    for number in range(most + 1):
        create(app, f"g{number}")
        if number < most:
            add(app, f"g{number}")
    add(app, "g0")  # a membership that is there already is no new one
    assert refusal(add, app, f"g{most}") == "InvalidParameter: There are at most 100 groups of a user."
    remove(app, "g0")
    add(app, f"g{most}")


def test_a_pool_has_ten_thousand_groups_at_most() -> None:
    tables = Tables()
    pool_id = tables.pool_id
    for number in range(QUOTAS[GROUPS][0] - 1):
        settings = Group(group_name=f"g{number}", user_pool_id=pool_id)
        tables.records.insert(GROUPS, GroupRecord(pool_id=pool_id, name=f"g{number}", settings=settings))
    tables.run(CreateGroup(user_pool_id=pool_id, group_name="last"))
    more = CreateGroup(user_pool_id=pool_id, group_name="more")
    assert refusal(tables.run, more) == "LimitExceeded: There are at most 10000 groups in a user pool."
    tables.run(DeleteGroup(user_pool_id=pool_id, group_name="g7"))
    tables.run(more)
