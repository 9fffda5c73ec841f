"""Remembered devices, as their user and as the administrator handle them."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from cognito_auth import srp

from ..registry import journey
from ..steps import begin
from ..world import HOUR, App, World, named, refusal

DEVICE_PASSWORD: Final = "device-password"
TRACKING: Final = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
ON_PROMPT: Final = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}


def verifier(metadata: Mapping[str, str]) -> dict[str, str]:
    """What the pool keeps of a device's password."""
    salt = int.from_bytes(os.urandom(16))
    identity = srp.Identity(metadata["DeviceGroupKey"], metadata["DeviceKey"])
    made = srp.pad(srp.verifier(identity, DEVICE_PASSWORD, salt))
    return {"PasswordVerifier": b64encode(made).decode(), "Salt": b64encode(srp.pad(salt)).decode()}


def confirmed(app: App, username: str) -> tuple[str, Mapping[str, str], Mapping[str, Any]]:
    """A sign-in whose device is confirmed: the access token, the device's keys, and the reply of the confirmation."""
    tokens = app.tokens(username)
    metadata = tokens["NewDeviceMetadata"]
    given = {"AccessToken": tokens["AccessToken"], "DeviceKey": metadata["DeviceKey"], "DeviceName": "telephone"}
    reply = app.call("ConfirmDevice", **given, DeviceSecretVerifierConfig=verifier(metadata))
    return tokens["AccessToken"], metadata, reply


@journey("ConfirmDevice", "GetDevice", "AdminGetDevice", "InitiateAuth")
def confirm(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    token, metadata, reply = confirmed(app, username := app.user())
    assert reply == {"UserConfirmationNecessary": False}
    key = metadata["DeviceKey"]
    device = app.call("GetDevice", AccessToken=token, DeviceKey=key)["Device"]
    assert device["DeviceKey"] == key
    attributes = named(device["DeviceAttributes"])
    assert (attributes["device_status"], attributes["device_name"]) == ("valid", "telephone")
    assert app.call("AdminGetDevice", Username=username, DeviceKey=key)["Device"] == device
    again = {"AccessToken": token, "DeviceKey": key, "DeviceSecretVerifierConfig": verifier(metadata)}
    app.refused("DeviceKeyExists", "ConfirmDevice", **again)


@journey("ConfirmDevice", "RespondToAuthChallenge")
def sign_in_with_device(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING, MfaConfiguration="OPTIONAL")
    _, metadata, _ = confirmed(app, username := app.user())
    challenge = app.initiate(username, DEVICE_KEY=metadata["DeviceKey"])
    assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
    pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    key = {"DEVICE_KEY": metadata["DeviceKey"]}
    posed = app.answer(challenge, username, **key, SRP_A=pair.srp_a)
    assert posed["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    identity = srp.Identity(metadata["DeviceGroupKey"], metadata["DeviceKey"])
    wrong = app.claim(pair, identity, "wrong-password", posed)
    assert refusal(app.answer, posed, username, **key, **wrong).code == "NotAuthorizedException"
    challenge = app.initiate(username, **key)
    posed = app.answer(challenge, username, **key, SRP_A=pair.srp_a)
    reply = app.answer(posed, username, **key, **app.claim(pair, identity, DEVICE_PASSWORD, posed))
    assert "NewDeviceMetadata" not in reply["AuthenticationResult"]
    token = reply["AuthenticationResult"]["AccessToken"]
    assert app.call("GetUser", AccessToken=token)["Username"] == username


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def offered(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    username = app.user()
    for prefix in ("", "Admin"):
        proved = app.prove(username, prefix=prefix)["AuthenticationResult"]["NewDeviceMetadata"]
        signed_in = begin(app, prefix, username)["AuthenticationResult"]["NewDeviceMetadata"]
        assert proved.keys() == signed_in.keys() == {"DeviceGroupKey", "DeviceKey"}
        assert proved["DeviceKey"] != signed_in["DeviceKey"]
    assert app.call("AdminListDevices", Username=username)["Devices"] == []


@journey("ListDevices", "AdminListDevices")
def pages(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    username = app.user()
    assert app.call("AdminListDevices", Username=username)["Devices"] == []
    made = [confirmed(app, username) for _ in range(3)]
    keys = sorted(metadata["DeviceKey"] for _, metadata, _ in made)
    callers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ListDevices", {"AccessToken": made[0][0]}),
        ("AdminListDevices", {"Username": username}),
    )
    for operation, who in callers:
        first = app.call(operation, **who, Limit=2)
        rest = app.call(operation, **who, Limit=2, PaginationToken=first["PaginationToken"])
        assert "PaginationToken" not in rest
        found = first["Devices"] + rest["Devices"]
        assert sorted(device["DeviceKey"] for device in found) == keys
        for device in found:
            alone = app.call("AdminGetDevice", Username=username, DeviceKey=device["DeviceKey"])["Device"]
            assert device == alone
        app.refused("InvalidParameter", operation, **who, PaginationToken="nonsense")


@journey("UpdateDeviceStatus", "AdminUpdateDeviceStatus")
def remember(world: World) -> None:
    app = world.new(DeviceConfiguration=ON_PROMPT, MfaConfiguration="OPTIONAL")
    token, metadata, reply = confirmed(app, username := app.user())
    assert reply == {"UserConfirmationNecessary": True}
    app.authenticator(token)
    app.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True})
    key = {"DeviceKey": metadata["DeviceKey"]}
    assert app.initiate(username, DEVICE_KEY=metadata["DeviceKey"])["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    callers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("UpdateDeviceStatus", {"AccessToken": token}),
        ("AdminUpdateDeviceStatus", {"Username": username}),
    )
    for operation, who in callers:
        before = app.call("GetDevice", AccessToken=token, **key)["Device"]
        app.tools.move(HOUR / 10)
        assert app.call(operation, **who, **key, DeviceRememberedStatus="remembered") == {}
        after = app.call("GetDevice", AccessToken=token, **key)["Device"]
        assert before["DeviceCreateDate"] == after["DeviceCreateDate"]
        assert before["DeviceLastModifiedDate"] < after["DeviceLastModifiedDate"]
        challenge = app.initiate(username, DEVICE_KEY=metadata["DeviceKey"])
        assert challenge["ChallengeName"] == "DEVICE_SRP_AUTH"
        assert app.call(operation, **who, **key, DeviceRememberedStatus="not_remembered") == {}
        assert app.initiate(username, DEVICE_KEY=metadata["DeviceKey"])["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@journey("ForgetDevice", "AdminForgetDevice")
def forget(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    username = app.user()
    for operation in ("ForgetDevice", "AdminForgetDevice"):
        token, metadata, _ = confirmed(app, username)
        key = {"DeviceKey": metadata["DeviceKey"]}
        who = {"Username": username} if operation.startswith("Admin") else {"AccessToken": token}
        assert app.call(operation, **who, **key) == {}
        text = app.refused("ResourceNotFound", "AdminGetDevice", Username=username, **key)
        assert text == "Device does not exist."
        app.refused("ResourceNotFound", operation, **who, **key)
    assert app.call("AdminListDevices", Username=username)["Devices"] == []


@journey("ConfirmDevice", "GetDevice", "UpdateDeviceStatus", "AdminGetDevice", "AdminUpdateDeviceStatus", "AdminForgetDevice")
def unknown(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    username, token = app.member()
    key = {"DeviceKey": "us-east-1_00000000-0000-4000-8000-000000000000"}
    for operation in ("GetDevice", "UpdateDeviceStatus", "ForgetDevice"):
        assert app.refused("ResourceNotFound", operation, AccessToken=token, **key) == "Device does not exist."
        app.refused("ResourceNotFound", f"Admin{operation}", Username=username, **key)
    app.refused("InvalidParameter", "ConfirmDevice", AccessToken=token, **key)
    for operation in ("AdminForgetDevice", "AdminUpdateDeviceStatus"):
        app.refused("UserNotFound", operation, Username="nobody", **key)


@journey(
    "ConfirmDevice", "GetDevice", "ListDevices", "AdminGetDevice", "AdminListDevices", "ForgetDevice", "UpdateDeviceStatus"
)
def no_tracking(world: World) -> None:
    app = world.app
    username, token = app.member()
    key = {"DeviceKey": "us-east-1_00000000-0000-4000-8000-000000000000"}
    app.refused("InvalidUserPoolConfiguration", "ConfirmDevice", AccessToken=token, **key)
    for operation in ("GetDevice", "UpdateDeviceStatus", "ForgetDevice"):
        app.refused("InvalidUserPoolConfiguration", operation, AccessToken=token, **key)
        app.refused("InvalidUserPoolConfiguration", f"Admin{operation}", Username=username, **key)
    app.refused("InvalidUserPoolConfiguration", "ListDevices", AccessToken=token)
    app.refused("InvalidUserPoolConfiguration", "AdminListDevices", Username=username)


@journey("GetTokensFromRefreshToken")
def refresh_with_device(world: World) -> None:
    app = world.new(DeviceConfiguration=TRACKING)
    username = app.user()
    tokens = app.tokens(username)
    metadata = tokens["NewDeviceMetadata"]
    given = {"AccessToken": tokens["AccessToken"], "DeviceKey": metadata["DeviceKey"]}
    app.call("ConfirmDevice", **given, DeviceSecretVerifierConfig=verifier(metadata))
    renewal = {"RefreshToken": tokens["RefreshToken"]}
    app.refused("NotAuthorized", "GetTokensFromRefreshToken", **renewal)
    reply = app.call("GetTokensFromRefreshToken", **renewal, DeviceKey=metadata["DeviceKey"])
    assert "AccessToken" in reply["AuthenticationResult"]
