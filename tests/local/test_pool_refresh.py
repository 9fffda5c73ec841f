"""Refresh tokens: how they are renewed, rotated and revoked."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import GetTokensFromRefreshToken, GlobalSignOut, InitiateAuth, RevokeToken
from cognito_auth.api.clients import RefreshTokenRotation
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup

from .support import App, add_client, claims, new_app, refusal, signed_in

ROLE = "arn:aws:iam::123456789012:role/"


def rotating_app(**changes: Any) -> App:
    """A client that rotates refresh tokens, with ten seconds of grace."""
    options: dict[str, Any] = {
        "explicit_auth_flows": ("ALLOW_USER_PASSWORD_AUTH",),
        "refresh_token_rotation": RefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=10),
        **changes,
    }
    return new_app(None, pool=None, **options)


def refresh(app: App, token: str | None, username: str = "ana") -> Any:
    hashed = app.hashed(username)
    parameters = {"REFRESH_TOKEN": token or "", **({"SECRET_HASH": hashed} if hashed else {})}
    return app.send(
        InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)
    ).authentication_result


def renew(app: App, token: str | None, secret: str | None = None) -> Any:
    request = GetTokensFromRefreshToken(client_id=app.client_id, client_secret=secret or app.secret, refresh_token=token or "")
    return app.send(request).authentication_result


def join(app: App, group: str, *, precedence: int | None = None, role: str | None = None) -> None:
    arn = f"{ROLE}{role}" if role else None
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name=group, precedence=precedence, role_arn=arn))
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, group_name=group, username="ana"))


# Renewal


def test_a_refresh_token_looks_like_cognitos() -> None:
    app = new_app()
    app.create_user()
    token = app.tokens().refresh_token or ""
    assert token.startswith("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.")
    parts = token.split(".")
    assert len(parts) == 5
    assert json.loads(urlsafe_b64decode(parts[0] + "==")) == {"cty": "JWT", "enc": "A256GCM", "alg": "RSA-OAEP"}
    assert 1700 < len(token) < 1900


def test_refreshing_keeps_the_sign_in_and_reads_the_user_anew() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    tokens = app.tokens()
    join(app, "late")
    app.cognito.clock.move(100)
    for renewed in (refresh(app, tokens.refresh_token), renew(app, tokens.refresh_token)):
        before, after = claims(tokens.access_token), claims(renewed.access_token)
        assert renewed.refresh_token is None
        assert after["cognito:groups"] == ["late"]
        assert after["iat"] == before["iat"] + 100
        for kept in ("origin_jti", "event_id", "auth_time", "sub"):
            assert after[kept] == before[kept]
        assert after["jti"] != before["jti"]


def test_the_hash_of_a_refresh_is_of_the_real_name() -> None:
    app = new_app(pool={"username_attributes": ("email",)}, generate_secret=True)
    sub = app.sign_up("ana@example.com")
    app.confirm("ana@example.com")
    token = app.tokens("ana@example.com").refresh_token
    assert refresh(app, token, sub)
    wrong = f"NotAuthorized: SecretHash does not match for the client: {app.client_id}"
    assert refusal(refresh, app, token, "ana@example.com") == wrong
    missing = f"NotAuthorized: Client {app.client_id} is configured with secret but SECRET_HASH was not received"
    assert refusal(refresh, App(app.cognito, app.pool_id, app.client_id), token) == missing


def test_a_refresh_token_is_its_clients() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    token = app.tokens().refresh_token
    other = add_client(app.cognito, app.pool_id)
    assert refusal(refresh, other, token) == "NotAuthorized: Invalid Refresh Token"
    assert refusal(renew, other, token) == "NotAuthorized: Invalid Refresh Token"
    assert refusal(refresh, app, "a.b.c.d.e") == "NotAuthorized: Invalid Refresh Token"
    assert refusal(renew, app, token, "x" * 52).startswith("NotAuthorized: ")
    secretless = App(app.cognito, app.pool_id, app.client_id)
    missing = f"NotAuthorized: Client {app.client_id} is configured for secret but secret was not received"
    assert refusal(renew, secretless, token) == missing
    assert renew(app, token)


def test_rotation() -> None:
    app = rotating_app()
    app.create_user()
    first = app.tokens()
    start = claims(first.access_token)
    app.cognito.clock.move(29 * 24 * 3600)
    second = renew(app, first.refresh_token)
    assert second.refresh_token not in (None, first.refresh_token)
    assert claims(second.access_token)["origin_jti"] == start["origin_jti"]
    app.cognito.clock.move(9)
    again = renew(app, first.refresh_token)
    assert again.refresh_token not in (first.refresh_token, second.refresh_token)
    app.cognito.clock.move(1)
    reused = "RefreshTokenReuse: Refresh Token has been replaced by a newer one"
    assert refusal(renew, app, first.refresh_token) == reused
    assert renew(app, second.refresh_token)
    app.cognito.clock.move(24 * 3600)
    assert refusal(renew, app, again.refresh_token) == "NotAuthorized: Refresh Token has expired"


def test_rotation_without_grace() -> None:
    app = rotating_app(refresh_token_rotation=RefreshTokenRotation(feature="ENABLED"))
    app.create_user()
    token = app.tokens().refresh_token
    renew(app, token)
    assert refusal(renew, app, token).startswith("RefreshTokenReuse: ")


@pytest.mark.parametrize("flows", [("ALLOW_USER_PASSWORD_AUTH",), ("USER_PASSWORD_AUTH",)], ids=["new", "legacy"])
def test_rotation_has_no_refresh_flow(flows: tuple[str, ...]) -> None:
    app = rotating_app(explicit_auth_flows=flows)
    app.create_user()
    assert refusal(refresh, app, app.tokens().refresh_token).startswith("UnsupportedOperation: ")


# Revocation


def test_revocation_ends_one_sign_in() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    first, second = app.tokens(), app.tokens()
    revoke = RevokeToken(client_id=app.client_id, client_secret=app.secret, token=first.refresh_token or "")
    for _ in range(2):
        app.send(revoke)
    assert refusal(refresh, app, first.refresh_token) == "NotAuthorized: Refresh Token has been revoked"
    assert refusal(renew, app, first.refresh_token) == "NotAuthorized: Refresh Token has been revoked"
    gone = refusal(app.send, GetUser(access_token=first.access_token or ""))
    assert gone == "NotAuthorized: Access Token has been revoked"
    assert refresh(app, second.refresh_token)
    assert app.send(GetUser(access_token=second.access_token or ""))


def test_what_cannot_be_revoked() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    tokens = app.tokens()

    def revoke(token: str | None, by: App = app, secret: str | None = app.secret) -> None:
        app.send(RevokeToken(client_id=by.client_id, client_secret=secret, token=token or ""))

    revoke("unknown-but-harmless")
    revoke("a.b.c.d.e")
    assert refusal(revoke, tokens.access_token).startswith("UnsupportedTokenType: ")
    assert refusal(revoke, tokens.id_token).startswith("UnsupportedTokenType: ")
    assert refusal(revoke, tokens.refresh_token, app, None).startswith("Unauthorized: ")
    assert refusal(revoke, tokens.refresh_token, app, "x" * 52).startswith("Unauthorized: ")
    other = add_client(app.cognito, app.pool_id)
    assert refusal(revoke, tokens.refresh_token, other, None).startswith("Unauthorized: ")
    nobody = App(app.cognito, app.pool_id, "nobody")
    assert refusal(revoke, tokens.refresh_token, nobody, None).startswith("Unauthorized: ")
    assert refresh(app, tokens.refresh_token)


def test_without_revocation() -> None:
    app = new_app(enable_token_revocation=False)
    app.create_user()
    tokens = app.tokens()
    assert "origin_jti" not in claims(tokens.access_token)
    request = RevokeToken(client_id=app.client_id, token=tokens.refresh_token or "")
    assert refusal(app.send, request).startswith("UnsupportedOperation: ")
    app.send(GlobalSignOut(access_token=tokens.access_token or ""))
    gone = refusal(app.send, GetUser(access_token=tokens.access_token or ""))
    assert gone == "NotAuthorized: Access Token has been revoked"


def test_signing_out_everywhere() -> None:
    app = new_app()
    app.create_user("ana")
    app.create_user("bob", email="bob@example.com")
    first, second, bobs = app.tokens(), app.tokens(), app.tokens("bob")
    app.send(GlobalSignOut(access_token=first.access_token or ""))
    for tokens in (first, second):
        gone = refusal(app.send, GetUser(access_token=tokens.access_token or ""))
        assert gone == "NotAuthorized: Access Token has been revoked"
        assert refusal(refresh, app, tokens.refresh_token) == "NotAuthorized: Refresh Token has been revoked"
    assert refresh(app, bobs.refresh_token)
    assert signed_in(app.password_auth())
