"""Which second factors a pool offers."""

from __future__ import annotations

from ..registry import journey
from ..settings import FACTORS, MAIL, OTHER_SMS
from ..world import World


@journey("SetUserPoolMfaConfig", "GetUserPoolMfaConfig")
def every_factor(world: World) -> None:
    app = world.new(EmailConfiguration=MAIL)
    assert app.call("SetUserPoolMfaConfig", **FACTORS) == FACTORS
    assert app.call("GetUserPoolMfaConfig") == FACTORS
    assert app.call("DescribeUserPool")["UserPool"]["MfaConfiguration"] == "OPTIONAL"
    texts = {"SmsAuthenticationMessage": "Your code: {####}", "SmsConfiguration": OTHER_SMS}
    given = {**FACTORS, "SmsMfaConfiguration": texts}
    assert app.call("SetUserPoolMfaConfig", **given) == app.call("GetUserPoolMfaConfig") == given


@journey("SetUserPoolMfaConfig", "GetUserPoolMfaConfig")
def on_and_off(world: World) -> None:
    app = world.new()
    username = app.user()
    assert app.call("GetUserPoolMfaConfig")["MfaConfiguration"] == "OFF"
    assert "AccessToken" in app.tokens(username)
    app.call("SetUserPoolMfaConfig", MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True})
    assert app.call("GetUserPoolMfaConfig")["MfaConfiguration"] == "ON"
    assert app.initiate(username)["ChallengeName"] == "MFA_SETUP"
    app.call("SetUserPoolMfaConfig", MfaConfiguration="OFF")
    assert app.call("GetUserPoolMfaConfig")["MfaConfiguration"] == "OFF"
    assert "AccessToken" in app.tokens(username)


@journey("SetUserPoolMfaConfig")
def refused(world: World) -> None:
    app = world.new()
    app.refused("InvalidParameter", "SetUserPoolMfaConfig", MfaConfiguration="ON")
    by_mail = {"MfaConfiguration": "ON", "EmailMfaConfiguration": FACTORS["EmailMfaConfiguration"]}
    app.refused("InvalidParameter", "SetUserPoolMfaConfig", **by_mail)
    assert app.call("GetUserPoolMfaConfig")["MfaConfiguration"] == "OFF"
    lite = world.new(UserPoolTier="LITE", EmailConfiguration=MAIL)
    lite.refused("FeatureUnavailableInTier", "SetUserPoolMfaConfig", **by_mail)
