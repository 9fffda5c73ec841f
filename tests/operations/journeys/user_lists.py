"""Lists of users and of their sign-ins."""

from __future__ import annotations

from ..registry import journey
from ..world import PASSWORD, World, named


@journey("ListUsers")
def filters(world: World) -> None:
    app = world.new()
    ana = app.user("ana", email="ana@example.org", name="Ana", given_name="Ana", phone_number="+15550000001")
    app.user("anton", email="anton@example.org", name="Anton")
    app.call("AdminDisableUser", Username="anton")
    sub = named(app.call("AdminGetUser", Username=ana)["UserAttributes"])["sub"]
    found = {
        'username = "ana"': ["ana"],
        'username ^= "an"': ["ana", "anton"],
        'email = "anton@example.org"': ["anton"],
        'phone_number ^= "+1555"': ["ana"],
        'name="Anton"': ["anton"],
        'status = "Disabled"': ["anton"],
        'cognito:user_status = "CONFIRMED"': ["ana", "anton"],
        f'sub = "{sub}"': ["ana"],
        'given_name = "Nobody"': [],
    }
    for text, names in found.items():
        users = app.call("ListUsers", Filter=text)["Users"]
        assert sorted(user["Username"] for user in users) == names, text


@journey("ListUsers")
def members(world: World) -> None:
    app = world.new()
    username = app.user()
    (user,) = app.call("ListUsers")["Users"]
    alone = app.call("AdminGetUser", Username=username)
    assert user["Attributes"] == alone["UserAttributes"]
    shared = ("Username", "Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate")
    assert [user[member] for member in shared] == [alone[member] for member in shared]
    (user,) = app.call("ListUsers", AttributesToGet=["email"])["Users"]
    assert named(user["Attributes"]) == {"email": f"{username}@example.org"}
    (user,) = app.call("ListUsers", AttributesToGet=["email"], Filter=f'username = "{username}"')["Users"]
    assert user["Username"] == username


@journey("ListUsers")
def pages(world: World) -> None:
    app = world.new()
    names = [app.user() for _ in range(3)]
    first = app.call("ListUsers", Limit=2)
    rest = app.call("ListUsers", Limit=2, PaginationToken=first["PaginationToken"])
    assert "PaginationToken" not in rest
    assert sorted(user["Username"] for user in first["Users"] + rest["Users"]) == sorted(names)


@journey("ListUsers")
def refused(world: World) -> None:
    app = world.app
    text = app.refused("InvalidParameter", "ListUsers", Filter='custom:foo = "x"')
    assert text == "Invalid search attribute: custom:foo"
    assert "Error while parsing filter" in app.refused("InvalidParameter", "ListUsers", Filter="email")


@journey("ListUsers")
def wrong_page(world: World) -> None:
    world.app.refused("InvalidParameter", "ListUsers", PaginationToken="nonsense")


@journey("AdminListUserAuthEvents")
def no_history_without_threat_protection(world: World) -> None:
    app, username = world.app, world.app.user()
    app.refused("UserPoolAddOnNotEnabled", "AdminListUserAuthEvents", Username=username)


@journey("AdminListUserAuthEvents")
def history(world: World) -> None:
    app = world.new(UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"})
    username = app.user()
    parameters = app.parameters(username, PASSWORD=PASSWORD)
    app.call(
        "InitiateAuth",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=parameters,
        UserContextData={"IpAddress": "192.0.2.7"},
    )
    app.sign_in_refused("NotAuthorized", username, "Wrong-Horse-7")
    page = app.call("AdminListUserAuthEvents", Username=username, MaxResults=1)
    rest = app.call("AdminListUserAuthEvents", Username=username, NextToken=page["NextToken"])
    events = page["AuthEvents"] + rest["AuthEvents"]
    assert sorted(event["EventResponse"] for event in events) == ["Fail", "Pass"]
    assert {event["EventContextData"].get("IpAddress") for event in events} == {None, "192.0.2.7"}
    assert {event["EventType"] for event in events} == {"SignIn"}
    assert len({event["EventId"] for event in events}) == 2
    app.refused("InvalidParameter", "AdminListUserAuthEvents", Username=username, NextToken="nonsense")
    app.refused("UserNotFound", "AdminListUserAuthEvents", Username="nobody")
