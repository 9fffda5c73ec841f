"""The user's second factors: registering an authenticator app, preferences."""

from __future__ import annotations

from typing import Any, Final

from ..registry import journey
from ..world import World, refusal

PREFERRED = {"Enabled": True, "PreferredMfa": True}
SMS = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
ROLE = "arn:aws:iam::123456789012:role/sms"
WITH_SMS: Final[dict[str, Any]] = {
    "MfaConfiguration": "OPTIONAL",
    "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "x"},
}


@journey("AssociateSoftwareToken", "VerifySoftwareToken")
def authenticator(world: World) -> None:
    app = world.new(MfaConfiguration="OPTIONAL")
    username, token = app.member()
    reply = app.call("AssociateSoftwareToken", AccessToken=token)
    assert reply.keys() == {"SecretCode"}
    code = app.totp(reply["SecretCode"])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    text = app.refused("EnableSoftwareTokenMFA", "VerifySoftwareToken", AccessToken=token, UserCode=wrong)
    assert text == "Code mismatch and fail enable Software Token MFA"
    verified = app.call("VerifySoftwareToken", AccessToken=token, UserCode=code, FriendlyDeviceName="telephone")
    assert verified["Status"] == "SUCCESS"
    app.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
    challenge = app.initiate(username)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "telephone"


@journey("AssociateSoftwareToken", "VerifySoftwareToken")
def authenticator_during_sign_in(world: World) -> None:
    app = world.new(MfaConfiguration="ON")
    username = app.user()
    challenge = app.initiate(username)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    associated = app.call("AssociateSoftwareToken", Session=challenge["Session"])
    assert associated.keys() == {"SecretCode", "Session"}
    given = {"Session": associated["Session"], "UserCode": app.totp(associated["SecretCode"])}
    verified = app.call("VerifySoftwareToken", **given)
    assert (verified["Status"], set(verified)) == ("SUCCESS", {"Status", "Session"})
    reply = app.answer({**challenge, "Session": verified["Session"]}, username)
    assert "AccessToken" in reply["AuthenticationResult"]
    app.refused("NotAuthorized", "AssociateSoftwareToken", Session="x" * 24)


@journey("AssociateSoftwareToken", "VerifySoftwareToken")
def authenticator_off(world: World) -> None:
    app = world.new(MfaConfiguration="OFF")
    _, token = app.member()
    text = app.refused("SoftwareTokenMFANotFound", "AssociateSoftwareToken", AccessToken=token)
    assert text == "Software Token MFA has not been enabled by the userPool"
    app.refused("SoftwareTokenMFANotFound", "VerifySoftwareToken", AccessToken=token, UserCode="123456")


@journey("SetUserMFAPreference", "AdminSetUserMFAPreference", "GetUser", "AdminGetUser")
def preference(world: World) -> None:
    app = world.new(MfaConfiguration="OPTIONAL")
    username, token = app.member()
    app.authenticator(token)
    callers = (
        ("SetUserMFAPreference", {"AccessToken": token}),
        ("AdminSetUserMFAPreference", {"Username": username}),
    )
    for operation, who in callers:
        assert app.call(operation, **who, SoftwareTokenMfaSettings=PREFERRED) == {}
        for found in (app.call("GetUser", AccessToken=token), app.call("AdminGetUser", Username=username)):
            assert found["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
            assert found["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
        assert app.initiate(username)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        app.call(operation, **who, SoftwareTokenMfaSettings={"Enabled": False})
        assert "UserMFASettingList" not in app.call("AdminGetUser", Username=username)
        assert "AccessToken" in app.tokens(username)


@journey("SetUserMFAPreference", "AdminSetUserMFAPreference")
def preference_refused(world: World) -> None:
    app = world.new(MfaConfiguration="OPTIONAL")
    username, token = app.member()
    callers = (
        ("SetUserMFAPreference", {"AccessToken": token}),
        ("AdminSetUserMFAPreference", {"Username": username}),
    )
    for operation, who in callers:
        text = app.refused("InvalidParameter", operation, **who, SoftwareTokenMfaSettings=PREFERRED)
        assert text == "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
        both = {"SoftwareTokenMfaSettings": PREFERRED, "SMSMfaSettings": PREFERRED}
        app.refused("InvalidParameter", operation, **who, **both)
    assert "UserMFASettingList" not in app.call("GetUser", AccessToken=token)


@journey("SetUserSettings", "AdminSetUserSettings", "GetUser", "AdminGetUser")
def older_settings(world: World) -> None:
    app = world.new(**WITH_SMS)
    username, token = app.member(phone_number="+15550000001", phone_number_verified="true")
    callers: tuple[tuple[str, dict[str, Any]], ...] = (
        ("SetUserSettings", {"AccessToken": token}),
        ("AdminSetUserSettings", {"Username": username}),
    )
    for operation, who in callers:
        assert app.call(operation, **who, MFAOptions=SMS) == {}
        assert app.call("AdminGetUser", Username=username)["MFAOptions"] == SMS
        assert app.call("GetUser", AccessToken=token)["MFAOptions"] == SMS
        assert app.initiate(username)["ChallengeName"] == "SMS_MFA"
        assert app.call(operation, **who, MFAOptions=[]) == {}
        assert "AccessToken" in app.tokens(username)


@journey("SetUserSettings", "AdminSetUserSettings")
def older_settings_refused(world: World) -> None:
    app = world.new(**WITH_SMS)
    username, token = app.member()
    app.refused("InvalidParameter", "SetUserSettings", AccessToken=token, MFAOptions=SMS)
    app.refused("InvalidParameter", "AdminSetUserSettings", Username=username, MFAOptions=SMS)


@journey("ListUsers", "ListUsersInGroup")
def older_settings_in_lists(world: World) -> None:
    app = world.new(**WITH_SMS)
    username, token = app.member(phone_number="+15550000001", phone_number_verified="true")
    app.call("SetUserSettings", AccessToken=token, MFAOptions=SMS)
    group = app.group()
    app.call("AdminAddUserToGroup", Username=username, GroupName=group)
    (user,) = app.call("ListUsers")["Users"]
    assert user["MFAOptions"] == SMS
    (user,) = app.call("ListUsersInGroup", GroupName=group)["Users"]
    assert user["MFAOptions"] == SMS


@journey("AssociateSoftwareToken", "VerifySoftwareToken")
def neither_token_nor_session(world: World) -> None:
    assert refusal(world.app.call, "AssociateSoftwareToken").code == "InvalidParameterException"
    assert refusal(world.app.call, "VerifySoftwareToken", UserCode="123456").code == "InvalidParameterException"
