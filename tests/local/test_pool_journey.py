"""The main journey through an embedded pool: sign up, confirm, SRP, authenticator app, refresh, revoke."""

from __future__ import annotations

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import InitiateAuth, RevokeToken
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings

from .support import Refused, claims, new_app, signed_in


@pytest.mark.parametrize("secret", [False, True], ids=["public", "confidential"])
def test_the_main_journey(*, secret: bool) -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"}, generate_secret=secret)
    sub = app.sign_up()
    with pytest.raises(Refused, match="UserNotConfirmed"):
        app.srp_auth()
    app.confirm()
    tokens = signed_in(app.srp_auth())
    assert claims(tokens.access_token)["sub"] == sub

    access = tokens.access_token or ""
    totp = app.set_up_totp(access)
    preference = SoftwareTokenMfaSettings(enabled=True, preferred_mfa=True)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=preference))
    profile = app.send(GetUser(access_token=access))
    assert profile.user_mfa_setting_list == ("SOFTWARE_TOKEN_MFA",)
    assert profile.preferred_mfa_setting == "SOFTWARE_TOKEN_MFA"

    challenge = app.srp_auth()
    assert challenge.challenge_name == "SOFTWARE_TOKEN_MFA"
    tokens = signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(totp)))

    refresh = tokens.refresh_token or ""
    parameters = {"REFRESH_TOKEN": refresh, **({"SECRET_HASH": app.hashed("ana") or ""} if secret else {})}
    request = InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)
    renewed = signed_in(app.send(request))
    assert renewed.refresh_token is None
    assert claims(renewed.access_token)["origin_jti"] == claims(tokens.access_token)["origin_jti"]

    app.send(RevokeToken(client_id=app.client_id, client_secret=app.secret, token=refresh))
    with pytest.raises(Refused, match="NotAuthorized: Refresh Token has been revoked"):
        app.send(request)
    with pytest.raises(Refused, match="NotAuthorized: Access Token has been revoked"):
        app.send(GetUser(access_token=renewed.access_token or ""))
    assert app.send(GetUser(access_token=access)).username == "ana"
