"""Every operation and every parameter of the published description of the query form, through a real server's query face.

What an operation has done is seen through boto3. The description is a Swagger document that lies beside the repository; without
it these tests are skipped.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_auth.api import OPERATIONS
from cognito_auth.api.structure import members
from cognito_auth.local import LocalCognito
from cognito_auth.local.operations import BY_NAME
from cognito_auth.secret_hash import secret_hash

from .support import FLOWS, NEW_PASSWORD, PASSWORD, SIGNED

FILE: Final = Path(__file__).parents[2].joinpath("..", "shared", "reference", "cognito-query-api.swagger.yaml").resolve()
ABSENT: Final = pytest.mark.skipif(
    not FILE.exists(), reason="the Swagger file is not beside the repository, in ../shared/reference"
)
PREFIX: Final = "/?Action="


def described() -> dict[str, frozenset[str]]:
    """The parameters of each operation in the file; nothing where it is not at hand."""
    yaml: Any = import_module("yaml")
    paths: dict[str, Any] = yaml.safe_load(FILE.read_text())["paths"] if FILE.exists() else {}
    return {
        path.removeprefix(PREFIX): frozenset(parameter["name"] for parameter in item["get"]["parameters"])
        for path, item in paths.items()
    }


DESCRIBED: Final = described()


@dataclass(slots=True)
class Stage:
    """A pool with a client, seen from both sides: the query face that is tested, and boto3."""

    cognito: LocalCognito
    web: httpx.Client
    aws: Any
    pool_id: str
    client_id: str
    secret: str
    sent: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The parameters that each operation has taken."""

    def ask(self, name: str, **given: Any) -> Any:
        """Send an operation in the query form; what is no text goes as JSON."""
        return self.spread(name, {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()})

    def spread(self, name: str, given: dict[str, str]) -> Any:
        """Send an operation with its parameters as they are."""
        headers = {"Authorization": SIGNED} if OPERATIONS[name].signed else {}
        reply = self.web.get("/", params={"Action": name, **given}, headers=headers)
        assert reply.status_code == 200, reply.text
        self.sent.setdefault(name, set()).update(parameter.partition(".")[0] for parameter in given)
        return reply.json()

    def hashed(self, username: str) -> str:
        return secret_hash(username, self.client_id, self.secret)

    def of(self, username: str) -> dict[str, str]:
        """The pool and a user, as most operations name them."""
        return {"UserPoolId": self.pool_id, "Username": username}

    def user(self, username: str = "ana", **attributes: str) -> str:
        """A confirmed user; gives the name."""
        given = {"email": f"{username}@example.org", "email_verified": "true", **attributes}
        listed = [{"Name": name, "Value": value} for name, value in given.items()]
        self.aws.admin_create_user(**self.of(username), UserAttributes=listed, MessageAction="SUPPRESS")
        self.aws.admin_set_user_password(**self.of(username), Password=PASSWORD, Permanent=True)
        return username

    def found(self, username: str) -> Any:
        return self.aws.admin_get_user(**self.of(username))

    def attributes(self, username: str) -> dict[str, str]:
        return {found["Name"]: found["Value"] for found in self.found(username)["UserAttributes"]}

    def groups(self, username: str) -> list[str]:
        return [group["GroupName"] for group in self.aws.admin_list_groups_for_user(**self.of(username))["Groups"]]

    def parameters(self, username: str, **others: str) -> dict[str, str]:
        return {"USERNAME": username, "SECRET_HASH": self.hashed(username), **others}

    def sign_in(self, username: str = "ana", password: str = PASSWORD) -> Any:
        """What the password brings: tokens or a challenge."""
        return self.aws.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters=self.parameters(username, PASSWORD=password),
        )

    def token(self, username: str = "ana", password: str = PASSWORD) -> str:
        token: str = self.sign_in(username, password)["AuthenticationResult"]["AccessToken"]
        return token

    def device(self, username: str = "ana", name: str = "laptop") -> str:
        """A confirmed device of the user; gives its key."""
        result = self.sign_in(username)["AuthenticationResult"]
        key: str = result["NewDeviceMetadata"]["DeviceKey"]
        verifier = {"PasswordVerifier": b64encode(b"\x01" * 384).decode(), "Salt": b64encode(b"\x02" * 16).decode()}
        token = result["AccessToken"]
        self.ask("ConfirmDevice", AccessToken=token, DeviceKey=key, DeviceName=name, DeviceSecretVerifierConfig=verifier)
        return key

    def sign_up(self, username: str, email: str) -> str:
        self.aws.sign_up(
            ClientId=self.client_id,
            SecretHash=self.hashed(username),
            Username=username,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": email}],
        )
        return username

    def code(self, username: str) -> str:
        return self.cognito.outbox(self.pool_id, username)[-1].code


@pytest.fixture(scope="module")
def cognito() -> Iterator[LocalCognito]:
    with closing(LocalCognito()) as pool:
        yield pool


@pytest.fixture
def stage(cognito: LocalCognito, web: httpx.Client, endpoint: str) -> Stage:
    made: Any = boto3
    aws = made.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    pool_id = aws.create_user_pool(
        PoolName="query",
        AliasAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True},
    )["UserPool"]["Id"]
    client = aws.create_user_pool_client(UserPoolId=pool_id, ClientName="query", GenerateSecret=True, ExplicitAuthFlows=FLOWS)
    given = client["UserPoolClient"]
    return Stage(cognito, web, aws, pool_id, given["ClientId"], given["ClientSecret"])


def refused(code: str, run: Callable[..., Any], **given: Any) -> None:
    with pytest.raises(ClientError) as error:
        run(**given)
    told: Any = error.value
    assert told.response["Error"]["Code"] == code


# What each operation does


def add_custom_attributes(stage: Stage) -> None:
    plan = [{"Name": "plan", "AttributeDataType": "String", "Mutable": True}]
    stage.ask("AddCustomAttributes", UserPoolId=stage.pool_id, CustomAttributes=plan)
    spread = {"CustomAttributes.member.1.Name": "seats", "CustomAttributes.member.1.AttributeDataType": "Number"}
    spread["CustomAttributes.member.1.NumberAttributeConstraints.MaxValue"] = "9"
    stage.spread("AddCustomAttributes", {"UserPoolId": stage.pool_id, **spread})
    schema = stage.aws.describe_user_pool(UserPoolId=stage.pool_id)["UserPool"]["SchemaAttributes"]
    custom = {found["Name"]: found for found in schema if found["Name"].startswith("custom:")}
    assert custom.keys() == {"custom:plan", "custom:seats"}
    assert custom["custom:seats"]["NumberAttributeConstraints"]["MaxValue"] == "9"


def admin_add_user_to_group(stage: Stage) -> None:
    stage.aws.create_group(UserPoolId=stage.pool_id, GroupName="staff")
    stage.ask("AdminAddUserToGroup", **stage.of(stage.user()), GroupName="staff")
    assert stage.groups("ana") == ["staff"]


def admin_confirm_sign_up(stage: Stage) -> None:
    stage.ask("AdminConfirmSignUp", **stage.of(stage.sign_up("ana", "ana@example.org")))
    assert stage.found("ana")["UserStatus"] == "CONFIRMED"


def admin_create_user(stage: Stage) -> None:
    stage.user("old", email="shared@example.org")
    made = stage.ask(
        "AdminCreateUser",
        **stage.of("new"),
        UserAttributes=[{"Name": "email", "Value": "shared@example.org"}, {"Name": "email_verified", "Value": "true"}],
        ValidationData=[{"Name": "source", "Value": "import"}],
        TemporaryPassword=PASSWORD,
        ForceAliasCreation=True,
        MessageAction="SUPPRESS",
        DesiredDeliveryMediums=["EMAIL"],
    )
    assert made["User"]["Username"] == "new"
    assert stage.found("shared@example.org")["Username"] == "new"  # the address has gone over to the new user
    assert stage.sign_in("new")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert not stage.cognito.outbox(stage.pool_id, "new")
    stage.spread("AdminCreateUser", {**stage.of("new"), "MessageAction": "RESEND", "DesiredDeliveryMediums.member.1": "EMAIL"})
    assert stage.cognito.outbox(stage.pool_id, "new")[-1].medium == "EMAIL"


def admin_delete_user(stage: Stage) -> None:
    stage.ask("AdminDeleteUser", **stage.of(stage.user()))
    refused("UserNotFoundException", stage.found, username="ana")


def admin_delete_user_attributes(stage: Stage) -> None:
    stage.user(nickname="annie", given_name="Ana", family_name="Alva")
    stage.ask("AdminDeleteUserAttributes", **stage.of("ana"), UserAttributeNames=["nickname", "given_name"])
    assert stage.attributes("ana").keys() == {"sub", "email", "email_verified", "family_name"}
    stage.ask("AdminDeleteUserAttributes", **stage.of("ana"), UserAttributeNames="family_name")
    assert "family_name" not in stage.attributes("ana")


def admin_disable_user(stage: Stage) -> None:
    stage.ask("AdminDisableUser", **stage.of(stage.user()))
    assert stage.found("ana")["Enabled"] is False


def admin_enable_user(stage: Stage) -> None:
    stage.aws.admin_disable_user(**stage.of(stage.user()))
    stage.ask("AdminEnableUser", **stage.of("ana"))
    assert stage.found("ana")["Enabled"] is True


def admin_forget_device(stage: Stage) -> None:
    stage.user()
    gone, kept = stage.device(), stage.device()
    stage.ask("AdminForgetDevice", **stage.of("ana"), DeviceKey=gone)
    assert [found["DeviceKey"] for found in stage.aws.admin_list_devices(**stage.of("ana"))["Devices"]] == [kept]


def admin_get_device(stage: Stage) -> None:
    key = stage.device(stage.user())
    got = stage.ask("AdminGetDevice", **stage.of("ana"), DeviceKey=key)["Device"]
    same = stage.aws.admin_get_device(**stage.of("ana"), DeviceKey=key)["Device"]
    assert got["DeviceKey"] == same["DeviceKey"] == key
    assert got["DeviceAttributes"] == same["DeviceAttributes"]
    assert {"Name": "device_name", "Value": "laptop"} in got["DeviceAttributes"]


def admin_get_user(stage: Stage) -> None:
    got = stage.ask("AdminGetUser", **stage.of(stage.user(nickname="annie")))
    same = stage.found("ana")
    assert (got["Username"], got["UserAttributes"]) == (same["Username"], same["UserAttributes"])


def admin_initiate_auth(stage: Stage) -> None:
    stage.user()
    signed_in = stage.ask(
        "AdminInitiateAuth",
        UserPoolId=stage.pool_id,
        ClientId=stage.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=stage.parameters("ana", PASSWORD=PASSWORD),
        ClientMetadata={"from": "here"},
    )
    token = signed_in["AuthenticationResult"]["AccessToken"]
    assert stage.aws.get_user(AccessToken=token)["Username"] == "ana"
    entries = enumerate(stage.parameters("ana", PASSWORD=PASSWORD).items(), 1)
    spread = {
        f"AuthParameters.entry.{number}.{part}": text
        for number, pair in entries
        for part, text in zip(("key", "value"), pair, strict=True)
    }
    named = {"UserPoolId": stage.pool_id, "ClientId": stage.client_id, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}
    assert "AuthenticationResult" in stage.spread("AdminInitiateAuth", {**named, **spread})


def admin_list_devices(stage: Stage) -> None:
    stage.user()
    keys = {stage.device(), stage.device()}
    first = stage.ask("AdminListDevices", **stage.of("ana"), Limit="1")
    second = stage.ask("AdminListDevices", **stage.of("ana"), Limit="1", PaginationToken=first["PaginationToken"])
    assert {found["DeviceKey"] for page in (first, second) for found in page["Devices"]} == keys


def admin_list_groups_for_user(stage: Stage) -> None:
    stage.user()
    for name in ("one", "two"):
        stage.aws.create_group(UserPoolId=stage.pool_id, GroupName=name)
        stage.aws.admin_add_user_to_group(**stage.of("ana"), GroupName=name)
    first = stage.ask("AdminListGroupsForUser", **stage.of("ana"), Limit="1")
    second = stage.ask("AdminListGroupsForUser", **stage.of("ana"), Limit="1", NextToken=first["NextToken"])
    assert sorted(found["GroupName"] for page in (first, second) for found in page["Groups"]) == sorted(stage.groups("ana"))


def admin_remove_user_from_group(stage: Stage) -> None:
    admin_add_user_to_group(stage)
    stage.ask("AdminRemoveUserFromGroup", **stage.of("ana"), GroupName="staff")
    assert stage.groups("ana") == []


def admin_reset_user_password(stage: Stage) -> None:
    stage.ask("AdminResetUserPassword", **stage.of(stage.user()))
    assert stage.found("ana")["UserStatus"] == "RESET_REQUIRED"
    refused("PasswordResetRequiredException", stage.sign_in)


def admin_respond_to_auth_challenge(stage: Stage) -> None:
    stage.aws.admin_create_user(**stage.of("ana"), TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    challenge = stage.aws.admin_initiate_auth(
        UserPoolId=stage.pool_id,
        ClientId=stage.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=stage.parameters("ana", PASSWORD=PASSWORD),
    )
    stage.ask(
        "AdminRespondToAuthChallenge",
        UserPoolId=stage.pool_id,
        ClientId=stage.client_id,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses=stage.parameters("ana", NEW_PASSWORD=NEW_PASSWORD),
    )
    assert stage.token("ana", NEW_PASSWORD)


def admin_set_user_settings(stage: Stage) -> None:
    stage.user(phone_number="+491701234567", phone_number_verified="true")
    options = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    stage.ask("AdminSetUserSettings", **stage.of("ana"), MFAOptions=options)
    assert stage.found("ana")["MFAOptions"] == options


def admin_update_device_status(stage: Stage) -> None:
    key = stage.device(stage.user())
    stage.ask("AdminUpdateDeviceStatus", **stage.of("ana"), DeviceKey=key, DeviceRememberedStatus="remembered")
    attributes = stage.aws.admin_get_device(**stage.of("ana"), DeviceKey=key)["Device"]["DeviceAttributes"]
    assert {"Name": "device_status", "Value": "valid"} in attributes
    assert "DeviceKey" not in stage.sign_in().get("ChallengeParameters", {})


def admin_update_user_attributes(stage: Stage) -> None:
    stage.user()
    stage.ask("AdminUpdateUserAttributes", **stage.of("ana"), UserAttributes=[{"Name": "nickname", "Value": "annie"}])
    spread = {"UserAttributes.member.1.Name": "name", "UserAttributes.member.1.Value": "Ana & Co = 100 % +"}
    stage.spread("AdminUpdateUserAttributes", {**stage.of("ana"), **spread})
    assert (stage.attributes("ana")["nickname"], stage.attributes("ana")["name"]) == ("annie", "Ana & Co = 100 % +")


def admin_user_global_sign_out(stage: Stage) -> None:
    token = stage.token(stage.user())
    stage.ask("AdminUserGlobalSignOut", **stage.of("ana"))
    refused("NotAuthorizedException", stage.aws.get_user, AccessToken=token)


def change_password(stage: Stage) -> None:
    token = stage.token(stage.user())
    stage.ask("ChangePassword", AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW_PASSWORD)
    assert stage.token("ana", NEW_PASSWORD)
    refused("NotAuthorizedException", stage.sign_in)


def confirm_device(stage: Stage) -> None:
    key = stage.device(stage.user(), name="Ana's laptop + more")
    attributes = stage.aws.admin_get_device(**stage.of("ana"), DeviceKey=key)["Device"]["DeviceAttributes"]
    assert {"Name": "device_name", "Value": "Ana's laptop + more"} in attributes


def confirm_forgot_password(stage: Stage) -> None:
    stage.user()
    stage.aws.forgot_password(ClientId=stage.client_id, SecretHash=stage.hashed("ana"), Username="ana")
    stage.ask(
        "ConfirmForgotPassword",
        ClientId=stage.client_id,
        SecretHash=stage.hashed("ana"),
        Username="ana",
        ConfirmationCode=stage.code("ana"),
        Password=NEW_PASSWORD,
    )
    assert stage.token("ana", NEW_PASSWORD)


def confirm_sign_up(stage: Stage) -> None:
    stage.user("old", email="shared@example.org")
    stage.ask(
        "ConfirmSignUp",
        ClientId=stage.client_id,
        SecretHash=stage.hashed("ana"),
        Username=stage.sign_up("ana", "shared@example.org"),
        ConfirmationCode=stage.code("ana"),
        ForceAliasCreation="true",
    )
    assert stage.found("shared@example.org")["Username"] == "ana"
    assert stage.found("ana")["UserStatus"] == "CONFIRMED"


def create_group(stage: Stage) -> None:
    given = {"GroupName": "staff", "Description": "Ünser & Co", "RoleArn": "arn:aws:iam::123456789012:role/staff"}
    stage.ask("CreateGroup", UserPoolId=stage.pool_id, Precedence="7", **given)
    made = stage.aws.get_group(UserPoolId=stage.pool_id, GroupName="staff")["Group"]
    assert {name: made[name] for name in given} == given
    assert (made["Precedence"], made["UserPoolId"]) == (7, stage.pool_id)


DEEDS: Final[dict[str, Callable[[Stage], None]]] = {
    "".join(word.capitalize() for word in deed.__name__.split("_")): deed
    for deed in (
        *(add_custom_attributes, admin_add_user_to_group, admin_confirm_sign_up, admin_create_user, admin_delete_user),
        *(admin_delete_user_attributes, admin_disable_user, admin_enable_user, admin_forget_device, admin_get_device),
        *(admin_get_user, admin_initiate_auth, admin_list_devices, admin_list_groups_for_user, admin_remove_user_from_group),
        *(admin_reset_user_password, admin_respond_to_auth_challenge, admin_set_user_settings, admin_update_device_status),
        *(admin_update_user_attributes, admin_user_global_sign_out, change_password, confirm_device),
        *(confirm_forgot_password, confirm_sign_up, create_group),
    )
}


@ABSENT
def test_the_file_has_what_is_tested_here() -> None:
    assert DESCRIBED.keys() == DEEDS.keys()


@ABSENT
@pytest.mark.parametrize("name", sorted(DEEDS))
def test_every_parameter_is_one_of_the_operation(name: str) -> None:
    assert DESCRIBED[name] <= {member.wire_name for member in members(OPERATIONS[name])}
    assert name in BY_NAME


@ABSENT
@pytest.mark.parametrize("name", sorted(DEEDS))
def test_operation(stage: Stage, name: str) -> None:
    """The operation does what it is for, and every one of its parameters was taken."""
    DEEDS[name](stage)
    assert DESCRIBED[name] <= stage.sent[name], "not every parameter was sent"


@ABSENT
@pytest.mark.parametrize("name", sorted(name for name in DEEDS if OPERATIONS[name].signed))
def test_administrators_sign(stage: Stage, name: str) -> None:
    given = dict.fromkeys(DESCRIBED[name] - {"Limit", "Precedence", "ForceAliasCreation"}, "[]")
    reply = stage.web.get("/", params={"Action": name, **given})
    assert reply.json() == {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"}
