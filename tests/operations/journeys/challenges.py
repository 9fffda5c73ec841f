"""The challenges of a sign-in with a second factor, of a user and through the administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..registry import journey
from ..steps import begin, given
from ..world import PASSWORD, World, unique

ROLE: Final = "arn:aws:iam::123456789012:role/sms"
EVERY_FACTOR: Final[Mapping[str, Any]] = {
    "MfaConfiguration": "OPTIONAL",
    "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "x"},
    "EmailConfiguration": {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/mail@example.org",
    },
}
PREFERRED: Final = {"Enabled": True, "PreferredMfa": True}
BOTH: Final = ("", "Admin")


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def authenticator(world: World) -> None:
    app = world.new(**EVERY_FACTOR)
    username, token = app.member()
    secret = app.authenticator(token)
    app.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
    for prefix in BOTH:
        challenge = begin(app, prefix, username)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        code = app.totp(secret)
        wrong = given(challenge, username, SOFTWARE_TOKEN_MFA_CODE=f"{(int(code) + 1) % 1_000_000:06}")
        text = app.refused("CodeMismatch", f"{prefix}RespondToAuthChallenge", **wrong)
        assert text == "Invalid code received for user"
        right = given(challenge, username, SOFTWARE_TOKEN_MFA_CODE=code)
        reply = app.call(f"{prefix}RespondToAuthChallenge", **right)
        assert "AccessToken" in reply["AuthenticationResult"]
        text = app.refused("NotAuthorized", f"{prefix}RespondToAuthChallenge", **right)
        assert text == "Invalid session for the user, session can only be used once."
        replayed = given(begin(app, prefix, username), username, SOFTWARE_TOKEN_MFA_CODE=code)
        text = app.refused("ExpiredCode", f"{prefix}RespondToAuthChallenge", **replayed)
        assert text == "Your software token has already been used once."


@journey("VerifySoftwareToken")
def used_code(world: World) -> None:
    app = world.new(**EVERY_FACTOR)
    _, token = app.member()
    secret = app.call("AssociateSoftwareToken", AccessToken=token)["SecretCode"]
    code = app.totp(secret)
    app.call("VerifySoftwareToken", AccessToken=token, UserCode=code)
    app.attempt("VerifySoftwareToken", AccessToken=token, UserCode=code)


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def text_message(world: World) -> None:
    app = world.new(**EVERY_FACTOR)
    username, token = app.member(phone_number="+15550004321", phone_number_verified="true")
    app.call("SetUserMFAPreference", AccessToken=token, SMSMfaSettings=PREFERRED)
    for prefix in BOTH:
        challenge = begin(app, prefix, username)
        assert challenge["ChallengeName"] == "SMS_MFA"
        assert challenge["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == "SMS"
        assert challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*******4321"
        code = app.code(username)
        wrong = given(challenge, username, SMS_MFA_CODE=f"{(int(code) + 1) % 1_000_000:06}")
        text = app.refused("CodeMismatch", f"{prefix}RespondToAuthChallenge", **wrong)
        assert text == "Invalid code or auth state for the user."
        right = given(challenge, username, SMS_MFA_CODE=code)
        reply = app.call(f"{prefix}RespondToAuthChallenge", **right)
        assert "AccessToken" in reply["AuthenticationResult"]


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def mail(world: World) -> None:
    app = world.new(**EVERY_FACTOR)
    username, token = app.member(email="ana@example.org", email_verified="true", phone_number="+15550004321")
    app.call("SetUserMFAPreference", AccessToken=token, EmailMfaSettings=PREFERRED)
    for prefix in BOTH:
        challenge = begin(app, prefix, username)
        assert challenge["ChallengeName"] == "EMAIL_OTP"
        assert challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
        right = given(challenge, username, EMAIL_OTP_CODE=app.code(username))
        assert "AccessToken" in app.call(f"{prefix}RespondToAuthChallenge", **right)["AuthenticationResult"]


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def several_factors(world: World) -> None:
    app = world.new(**EVERY_FACTOR)
    username, token = app.member(phone_number="+15550004321")
    app.authenticator(token)
    enabled = {"Enabled": True, "PreferredMfa": False}
    app.call("SetUserMFAPreference", AccessToken=token, SMSMfaSettings=enabled, SoftwareTokenMfaSettings=enabled)
    for prefix in BOTH:
        challenge = begin(app, prefix, username)
        assert challenge["ChallengeName"] == "SELECT_MFA_TYPE"
        answer = given(challenge, username, ANSWER="SMS_MFA")
        chosen = app.call(f"{prefix}RespondToAuthChallenge", **answer)
        assert chosen["ChallengeName"] == "SMS_MFA"
        right = given(chosen, username, SMS_MFA_CODE=app.code(username))
        assert "AccessToken" in app.call(f"{prefix}RespondToAuthChallenge", **right)["AuthenticationResult"]
        wrong = given(begin(app, prefix, username), username, ANSWER="MFA_BY_POST")
        app.refused("InvalidParameter", f"{prefix}RespondToAuthChallenge", **wrong)


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def late(world: World) -> None:
    app = world.app
    for prefix in BOTH:
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        challenge = begin(app, prefix, username)
        app.tools.move(181)
        answer = given(challenge, username, NEW_PASSWORD="Battery-Staple-8")
        text = app.refused("NotAuthorized", f"{prefix}RespondToAuthChallenge", **answer)
        assert text == "Invalid session for the user, session is expired."


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def used_password(world: World) -> None:
    policy = {"MinimumLength": 8, "PasswordHistorySize": 3}
    app = world.new(Policies={"PasswordPolicy": policy})
    for prefix in BOTH:
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        again = given(begin(app, prefix, username), username, NEW_PASSWORD=PASSWORD)
        app.refused("PasswordHistoryPolicyViolation", f"{prefix}RespondToAuthChallenge", **again)


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def taken_alias(world: World) -> None:
    app = world.new(AliasAttributes=["preferred_username"])
    app.user(preferred_username="shared")
    for prefix in BOTH:
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        answer = given(begin(app, prefix, username), username, NEW_PASSWORD="Battery-Staple-8")
        answer["ChallengeResponses"]["userAttributes.preferred_username"] = "shared"
        app.refused("AliasExists", f"{prefix}RespondToAuthChallenge", **answer)
        assert app.call("AdminGetUser", Username="shared")["Username"] != username


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def user_gone_between(world: World) -> None:
    app = world.app
    for prefix in BOTH:
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        challenge = begin(app, prefix, username)
        app.call("AdminDeleteUser", Username=username)
        answer = given(challenge, username, NEW_PASSWORD="Battery-Staple-8")
        text = app.refused("NotAuthorized", f"{prefix}RespondToAuthChallenge", **answer)
        assert text == "Invalid session for the user."


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def required_attribute(world: World) -> None:
    schema = [{"Name": "nickname", "Required": True, "Mutable": True}]
    app = world.new(Schema=schema)
    for prefix in BOTH:
        username = unique("user")
        app.call("AdminCreateUser", Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        challenge = begin(app, prefix, username)
        assert challenge["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.nickname"]'
        answer = given(challenge, username, NEW_PASSWORD="Battery-Staple-8")
        app.refused("InvalidParameter", f"{prefix}RespondToAuthChallenge", **answer)
        answer["ChallengeResponses"]["userAttributes.nickname"] = "Annie"
        assert "AccessToken" in app.call(f"{prefix}RespondToAuthChallenge", **answer)["AuthenticationResult"]
