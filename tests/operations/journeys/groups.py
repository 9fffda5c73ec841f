"""Groups and memberships."""

from __future__ import annotations

from typing import Final

from ..registry import journey
from ..world import HOUR, World, unique

ROLE: Final = "arn:aws:iam::123456789012:role/editors"


@journey("CreateGroup", "GetGroup", "ListGroups")
def create(world: World) -> None:
    app, name = world.app, unique("group")
    made = app.call("CreateGroup", GroupName=name, Description="Who writes", RoleArn=ROLE, Precedence=3)["Group"]
    assert (made["GroupName"], made["UserPoolId"]) == (name, app.pool_id)
    assert (made["Description"], made["RoleArn"], made["Precedence"]) == ("Who writes", ROLE, 3)
    assert made["CreationDate"] == made["LastModifiedDate"]
    assert app.call("GetGroup", GroupName=name)["Group"] == made
    bare = app.call("CreateGroup", GroupName=unique("group"))["Group"]
    assert not {"Description", "RoleArn", "Precedence"} & bare.keys()


@journey("CreateGroup")
def create_twice(world: World) -> None:
    name = world.app.group()
    assert world.app.refused("GroupExists", "CreateGroup", GroupName=name) == "A group with the name already exists."
    world.app.refused("GroupExists", "CreateGroup", GroupName=name.upper())


@journey("UpdateGroup")
def update(world: World) -> None:
    app = world.app
    name = app.group(Description="Who writes", RoleArn=ROLE, Precedence=3)
    before = app.call("GetGroup", GroupName=name)["Group"]
    app.tools.move(HOUR)
    changed = app.call("UpdateGroup", GroupName=name, Description="Who reads", Precedence=0)["Group"]
    assert (changed["Description"], changed["RoleArn"], changed["Precedence"]) == ("Who reads", ROLE, 0)
    assert changed["CreationDate"] == before["CreationDate"] < changed["LastModifiedDate"]
    assert app.call("GetGroup", GroupName=name)["Group"] == changed


@journey("DeleteGroup")
def delete(world: World) -> None:
    app, name = world.app, world.app.group()
    username = app.user()
    app.call("AdminAddUserToGroup", Username=username, GroupName=name)
    assert app.call("DeleteGroup", GroupName=name) == {}
    assert app.refused("ResourceNotFound", "GetGroup", GroupName=name) == "Group not found."
    assert app.call("AdminListGroupsForUser", Username=username)["Groups"] == []
    app.call("CreateGroup", GroupName=name)
    assert app.call("ListUsersInGroup", GroupName=name)["Users"] == []


@journey("ListGroups")
def pages_of_groups(world: World) -> None:
    app = world.new()
    names = [app.group(Description="d", RoleArn=ROLE, Precedence=1) for _ in range(3)]
    first = app.call("ListGroups", Limit=2)
    rest = app.call("ListGroups", Limit=2, NextToken=first["NextToken"])
    assert [len(first["Groups"]), len(rest["Groups"])] == [2, 1]
    assert "NextToken" not in rest
    assert sorted(group["GroupName"] for group in first["Groups"] + rest["Groups"]) == sorted(names)
    assert {group["UserPoolId"] for group in first["Groups"]} == {app.pool_id}
    assert [app.call("GetGroup", GroupName=group["GroupName"])["Group"] for group in first["Groups"]] == first["Groups"]


@journey("AdminAddUserToGroup", "AdminRemoveUserFromGroup")
def membership(world: World) -> None:
    app, name = world.app, world.app.group()
    username = app.user()
    for _ in range(2):
        assert app.call("AdminAddUserToGroup", Username=username, GroupName=name) == {}
    found = app.call("ListUsersInGroup", GroupName=name)["Users"]
    assert [user["Username"] for user in found] == [username]
    for _ in range(2):
        assert app.call("AdminRemoveUserFromGroup", Username=username, GroupName=name) == {}
    assert app.call("ListUsersInGroup", GroupName=name)["Users"] == []


@journey("AdminListGroupsForUser")
def groups_of_a_user(world: World) -> None:
    app, username = world.app, world.app.user()
    names = [app.group(Description="d", RoleArn=ROLE, Precedence=1) for _ in range(3)]
    for name in names:
        app.call("AdminAddUserToGroup", Username=username, GroupName=name)
    first = app.call("AdminListGroupsForUser", Username=username, Limit=2)
    rest = app.call("AdminListGroupsForUser", Username=username, Limit=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert sorted(group["GroupName"] for group in first["Groups"] + rest["Groups"]) == sorted(names)
    whole = {name: app.call("GetGroup", GroupName=name)["Group"] for name in names}
    assert all(group == whole[group["GroupName"]] for group in first["Groups"] + rest["Groups"])


@journey("ListUsersInGroup")
def members_of_a_group(world: World) -> None:
    app, name = world.app, world.app.group()
    users = [app.user(email=f"{number}@example.org", name="A Member") for number in range(3)]
    for username in users:
        app.call("AdminAddUserToGroup", Username=username, GroupName=name)
    app.user()
    first = app.call("ListUsersInGroup", GroupName=name, Limit=2)
    rest = app.call("ListUsersInGroup", GroupName=name, Limit=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert sorted(user["Username"] for user in first["Users"] + rest["Users"]) == sorted(users)
    for user in first["Users"]:
        alone = app.call("AdminGetUser", Username=user["Username"])
        assert user["Attributes"] == alone["UserAttributes"]
        shared = ("Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate")
        assert [user[member] for member in shared] == [alone[member] for member in shared]


@journey("GetGroup", "UpdateGroup", "DeleteGroup", "AdminAddUserToGroup", "AdminRemoveUserFromGroup", "ListUsersInGroup")
def unknown_group(world: World) -> None:
    app, username = world.app, world.app.user()
    for operation in ("GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"):
        assert app.refused("ResourceNotFound", operation, GroupName="nosuchgroup") == "Group not found."
    for operation in ("AdminAddUserToGroup", "AdminRemoveUserFromGroup"):
        text = app.refused("ResourceNotFound", operation, GroupName="nosuchgroup", Username=username)
        assert text == "Group not found."


@journey("ListGroups", "AdminListGroupsForUser", "ListUsersInGroup")
def wrong_page(world: World) -> None:
    app, username, name = world.app, world.app.user(), world.app.group()
    app.refused("InvalidParameter", "ListGroups", NextToken="nonsense")
    app.refused("InvalidParameter", "AdminListGroupsForUser", Username=username, NextToken="nonsense")
    app.refused("InvalidParameter", "ListUsersInGroup", GroupName=name, NextToken="nonsense")
