"""User pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from ..registry import journey
from ..settings import FIRST, OTHER_POOL, POOL, TRIGGERS
from ..world import App, World, listed, refusal, unique

MADE_BY_THE_POOL: Final = {"Id", "Arn", "CreationDate", "LastModifiedDate", "EstimatedNumberOfUsers"}


def lacking(wanted: Any, found: Any, path: str = "") -> list[str]:
    """Where ``found`` has not all that ``wanted`` has."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        mine, theirs = cast("Mapping[str, Any]", wanted), cast("Mapping[str, Any]", found)
        return [text for name in mine for text in lacking(mine[name], theirs.get(name), f"{path}.{name}")]
    return [] if wanted == found else [f"{path}: {found} is not {wanted}"]


@journey("CreateUserPool", "DescribeUserPool")
def create(world: World) -> None:
    name = unique("pool")
    made = world.api.call("CreateUserPool", PoolName=name)["UserPool"]
    assert made["Name"] == name
    assert made["Arn"].endswith(f":userpool/{made['Id']}")
    assert made.keys() >= MADE_BY_THE_POOL
    assert (made["MfaConfiguration"], made["DeletionProtection"], made["UserPoolTier"]) == ("OFF", "INACTIVE", "ESSENTIALS")
    assert made["Policies"]["PasswordPolicy"]["MinimumLength"] == 8
    assert {"sub", "email", "phone_number", "updated_at"} <= {each["Name"] for each in made["SchemaAttributes"]}
    assert world.api.call("DescribeUserPool", UserPoolId=made["Id"])["UserPool"] == made


@journey("CreateUserPool", "DescribeUserPool", "ListUserPools")
def every_setting(world: World) -> None:
    given = {"PoolName": unique("pool"), "LambdaConfig": TRIGGERS, **POOL, **FIRST, "AliasAttributes": ["email"]}
    made = world.api.call("CreateUserPool", **given)["UserPool"]
    wanted = {name: value for name, value in given.items() if name not in ("PoolName", "Schema")}
    assert lacking(wanted, made) == []
    assert {"custom:team", "custom:size"} <= {each["Name"] for each in made["SchemaAttributes"]}
    assert world.api.call("DescribeUserPool", UserPoolId=made["Id"])["UserPool"] == made
    (found,) = [pool for pool in _all(world) if pool["Id"] == made["Id"]]
    assert (found["Name"], found["LambdaConfig"]) == (made["Name"], TRIGGERS)
    assert found["CreationDate"] == made["CreationDate"]


@journey("CreateUserPool", "UpdateUserPool", "DescribeUserPool")
def other_settings(world: World) -> None:
    app = world.new(**OTHER_POOL)
    assert lacking(OTHER_POOL, app.call("DescribeUserPool")["UserPool"]) == []
    app.call("UpdateUserPool")
    app.call("UpdateUserPool", **OTHER_POOL)
    assert lacking(OTHER_POOL, app.call("DescribeUserPool")["UserPool"]) == []


@journey("CreateUserPool")
def names_of_users(world: World) -> None:
    app = world.new(UsernameAttributes=["email"])
    assert app.call("DescribeUserPool")["UserPool"]["UsernameAttributes"] == ["email"]
    address = f"{unique('user')}@example.org"
    app.call("SignUp", Username=address, Password="Correct-Horse-7")
    assert app.call("AdminGetUser", Username=address)["Username"] != address
    again = {"Username": address, "Password": "Correct-Horse-7"}
    app.refused("UsernameExists", "SignUp", **again)
    text = app.refused("InvalidParameter", "SignUp", **again | {"Username": "no-address"})
    assert text == "Username should be an email."


@journey("CreateUserPool")
def create_refused(world: World) -> None:
    both = {"PoolName": "x", "AliasAttributes": ["email"], "UsernameAttributes": ["email"]}
    assert refusal(world.api.call, "CreateUserPool", **both).code == "InvalidParameterException"
    required = [{"Name": "team", "AttributeDataType": "String", "Required": True}]
    assert refusal(world.api.call, "CreateUserPool", PoolName="x", Schema=required).code == "InvalidParameterException"


@journey("CreateUserPool", "UpdateUserPool")
def settings_refused(world: World) -> None:
    app = world.new(UserPoolTier="LITE")
    before = app.call("DescribeUserPool")["UserPool"]
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("FeatureUnavailableInTier", {"UserPoolTier": "ESSENTIALS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
        ("FeatureUnavailableInTier", {"UserPoolTier": "LITE", "Policies": {"PasswordPolicy": {"PasswordHistorySize": 1}}}),
        ("UserPoolTagging", {"UserPoolTags": {"aws:team": "blue"}}),
        ("InvalidParameter", {"AcrConfiguration": {"Level5": {"AcrValue": "urn:level"}}}),
    )
    for code, settings in wrong:
        app.refused(code, "CreateUserPool", PoolName="wrong", **settings)
        app.refused(code, "UpdateUserPool", **settings)
    assert app.call("DescribeUserPool")["UserPool"] == before


@journey("UpdateUserPool", "DescribeUserPool")
def update(world: World) -> None:
    app = world.new(UserPoolTags={"team": "blue"}, MfaConfiguration="OPTIONAL")
    before = app.call("DescribeUserPool")["UserPool"]
    app.tools.move(60)
    given = {"PoolName": unique("pool"), "LambdaConfig": TRIGGERS, **POOL}
    assert app.call("UpdateUserPool", **given) == {}
    after = app.call("DescribeUserPool")["UserPool"]
    assert after["Name"] == given.pop("PoolName")
    assert lacking(given, after) == []
    assert before["CreationDate"] == after["CreationDate"] < after["LastModifiedDate"]
    app.call("UpdateUserPool")
    bare = app.call("DescribeUserPool")["UserPool"]
    assert (bare["MfaConfiguration"], bare["DeletionProtection"]) == ("OFF", "INACTIVE")
    assert not {"UserPoolTags", "DeviceConfiguration", "SmsConfiguration"} & {name for name in bare if bare[name]}
    assert bare["SchemaAttributes"] == before["SchemaAttributes"]


@journey("DeleteUserPool")
def delete(world: World) -> None:
    app = world.new(DeletionProtection="ACTIVE")
    username, token = app.member()
    app.refused("InvalidParameter", "DeleteUserPool")
    app.call("UpdateUserPool", DeletionProtection="INACTIVE")
    assert app.call("DeleteUserPool") == {}
    text = app.refused("ResourceNotFound", "DescribeUserPool")
    assert text == f"User pool {app.pool_id} does not exist."
    assert app.pool_id not in {pool["Id"] for pool in _all(world)}
    app.refused("ResourceNotFound", "AdminGetUser", Username=username)
    app.sign_in_refused("ResourceNotFound", username)
    assert refusal(app.call, "GetUser", AccessToken=token).code in ("NotAuthorizedException", "ResourceNotFoundException")


@journey("ListUserPools")
def pages(world: World) -> None:
    made = [world.api.call("CreateUserPool", PoolName=unique("pool"))["UserPool"]["Id"] for _ in range(2)]
    first = world.api.call("ListUserPools", MaxResults=1)
    rest = world.api.call("ListUserPools", MaxResults=1, NextToken=first["NextToken"])
    assert [len(first["UserPools"]), len(rest["UserPools"])] == [1, 1]
    assert set(made) <= {pool["Id"] for pool in _all(world)}


@journey("ListUserPools")
def wrong_page(world: World) -> None:
    assert refusal(world.api.call, "ListUserPools", MaxResults=1, NextToken="nonsense").code == "InvalidParameterException"


@journey("AddCustomAttributes")
def custom_attributes(world: World) -> None:
    app = world.new()
    team = {"Name": "team", "AttributeDataType": "String", "Mutable": True}
    assert app.call("AddCustomAttributes", CustomAttributes=[team]) == {}
    found = {each["Name"]: each for each in app.call("DescribeUserPool")["UserPool"]["SchemaAttributes"]}
    assert (found["custom:team"]["AttributeDataType"], found["custom:team"]["Mutable"]) == ("String", True)
    username = app.user(**{"custom:team": "blue"})
    assert {"Name": "custom:team", "Value": "blue"} in app.call("AdminGetUser", Username=username)["UserAttributes"]
    text = app.refused("InvalidParameter", "AddCustomAttributes", CustomAttributes=[team])
    assert text == "custom:team: Existing attribute already has name custom:team."
    required = {**team, "Name": "size", "Required": True}
    text = app.refused("InvalidParameter", "AddCustomAttributes", CustomAttributes=[required])
    assert text == "Required custom attributes are not supported currently."
    unknown = {"Username": username, "UserAttributes": listed({"custom:size": "1"})}
    app.refused("InvalidParameter", "AdminUpdateUserAttributes", **unknown)


@journey("DescribeUserPool")
def number_of_users(world: World) -> None:
    app: App = world.new()
    for _ in range(2):
        app.user()
    assert app.call("DescribeUserPool")["UserPool"]["EstimatedNumberOfUsers"] == 2


def _all(world: World) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    page: Mapping[str, Any] = {}
    while not found or "NextToken" in page:
        following = {"NextToken": page["NextToken"]} if page else {}
        page = world.api.call("ListUserPools", MaxResults=60, **following)
        found += page["UserPools"]
    return found
