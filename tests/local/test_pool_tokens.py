"""Tokens: claims in their order, signatures, lives, and what ends them."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64decode
from itertools import cycle
from typing import Any

import jwt
import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import GetTokensFromRefreshToken, GlobalSignOut, InitiateAuth, RevokeToken
from cognito_auth.api.clients import RefreshTokenRotation, TokenValidityUnits
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.pool_settings import SchemaAttribute

from .support import START, App, add_client, claims, new_app, new_cognito, refusal, signed_in

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


def test_the_access_tokens_claims() -> None:
    app = new_app()
    app.create_user()
    join(app, "staff", precedence=2)
    tokens = app.tokens()
    found = claims(tokens.access_token)
    assert list(found) == [
        *("sub", "cognito:groups", "iss", "client_id", "origin_jti", "event_id", "token_use", "scope"),
        *("auth_time", "exp", "iat", "jti", "username"),
    ]
    now = int(START)
    assert found["iss"] == f"http://cognito.localhost/{app.pool_id}"
    assert found["client_id"] == app.client_id
    assert found["token_use"] == "access"
    assert found["scope"] == "aws.cognito.signin.user.admin"
    assert (found["auth_time"], found["iat"], found["exp"]) == (now, now, now + 3600)
    assert found["username"] == "ana"
    assert found["cognito:groups"] == ["staff"]
    assert (tokens.expires_in, tokens.token_type) == (3600, "Bearer")


def test_the_id_tokens_claims() -> None:
    schema = (SchemaAttribute(name="level", attribute_data_type="Number", mutable=True),)
    app = new_app(pool={"schema": schema})
    given = {
        "email": "ana@example.com",
        "email_verified": "true",
        "phone_number": "+15550001234",
        "name": "Ana",
        "address": "1 Main Street",
        "updated_at": "1700000000",
        "custom:level": "7",
    }
    app.create_user("ana", **given)
    join(app, "staff", role="staff")
    tokens = app.tokens()
    found, access = claims(tokens.id_token), claims(tokens.access_token)
    assert list(found) == [
        *("sub", "cognito:groups", "email_verified", "phone_number_verified", "cognito:preferred_role", "iss"),
        *("cognito:username", "email", "phone_number", "name", "address", "updated_at", "custom:level"),
        *("origin_jti", "cognito:roles", "aud", "event_id", "token_use", "auth_time", "exp", "iat", "jti"),
    ]
    assert found["email_verified"] is True
    assert found["phone_number_verified"] is False
    assert found["address"] == {"formatted": "1 Main Street"}
    assert found["updated_at"] == 1_700_000_000
    assert found["custom:level"] == "7"
    assert found["aud"] == app.client_id
    assert found["token_use"] == "id"
    for shared in ("sub", "iss", "event_id", "origin_jti", "auth_time", "iat"):
        assert found[shared] == access[shared]
    assert found["jti"] != access["jti"]


def test_each_token_has_its_own_key() -> None:
    app = new_app()
    app.create_user()
    tokens = app.tokens()
    document = app.cognito.key_set(app.pool_id)
    assert document is not None
    keys = {key["kid"]: jwt.PyJWK(key) for key in document["keys"]}
    assert len(keys) == 2
    kids: list[str] = []
    for token in (tokens.id_token or "", tokens.access_token or ""):
        header = jwt.get_unverified_header(token)
        assert set(header) == {"kid", "alg"}
        assert len(b64decode(header["kid"])) == 32
        jwt.decode(token, keys[header["kid"]], algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False})
        kids.append(header["kid"])
    assert kids == list(keys)
    assert all(key["use"] == "sig" and key["alg"] == "RS256" and key["kty"] == "RSA" for key in document["keys"])
    assert app.cognito.key_set("us-east-1_nothing") is None


def test_discovery_follows_the_endpoint() -> None:
    app = new_app()
    app.create_user()
    app.cognito.endpoint = "http://127.0.0.1:9229"
    document = app.cognito.discovery(app.pool_id)
    assert document is not None
    assert document["issuer"] == claims(app.tokens().id_token)["iss"] == f"http://127.0.0.1:9229/{app.pool_id}"
    assert document["jwks_uri"] == f"{document['issuer']}/.well-known/jwks.json"
    assert app.cognito.discovery("us-east-1_nothing") is None


@pytest.mark.parametrize(
    ("groups", "names", "roles", "preferred"),
    [
        pytest.param([], None, None, None, id="none"),
        pytest.param([("b", None, None), ("a", None, None)], ["b", "a"], None, None, id="no roles"),
        pytest.param([("b", 5, "x"), ("a", 1, "y")], ["a", "b"], ["y", "x"], "y", id="by precedence"),
        pytest.param([("b", None, "x"), ("a", 9, "y")], ["a", "b"], ["y", "x"], "y", id="without precedence last"),
        pytest.param([("b", 1, "x"), ("a", 1, "x")], ["b", "a"], ["x", "x"], "x", id="equal, same role"),
        pytest.param([("b", 1, "x"), ("a", 1, "y")], ["b", "a"], ["x", "y"], None, id="equal, other role"),
        pytest.param([("b", 1, None), ("a", 2, "y")], ["b", "a"], ["y"], None, id="the first has none"),
    ],
)
def test_groups_and_roles(
    groups: list[tuple[str, int | None, str | None]],
    names: list[str] | None,
    roles: list[str] | None,
    preferred: str | None,
) -> None:
    app = new_app()
    app.create_user()
    for group, precedence, role in groups:
        join(app, group, precedence=precedence, role=role)
    tokens = app.tokens()
    found = claims(tokens.id_token)
    assert found.get("cognito:groups") == claims(tokens.access_token).get("cognito:groups") == names
    assert found.get("cognito:roles") == ([f"{ROLE}{role}" for role in roles] if roles else None)
    assert found.get("cognito:preferred_role") == (f"{ROLE}{preferred}" if preferred else None)


def test_a_client_sees_what_it_may_read() -> None:
    app = new_app(read_attributes=("name",))
    app.create_user("ana", email="ana@example.com", email_verified="true", name="Ana")
    tokens = app.tokens()
    assert {"email", "email_verified"}.isdisjoint(claims(tokens.id_token))
    user = app.send(GetUser(access_token=tokens.access_token or ""))
    assert [each.name for each in user.user_attributes] == ["sub", "name"]


def test_lives() -> None:
    units = TokenValidityUnits(access_token="minutes", id_token="hours", refresh_token="hours")
    app = new_app(access_token_validity=5, id_token_validity=2, refresh_token_validity=3, token_validity_units=units)
    app.create_user()
    tokens = app.tokens()
    assert tokens.expires_in == 300
    assert claims(tokens.access_token)["exp"] == int(START) + 300
    assert claims(tokens.id_token)["exp"] == int(START) + 7200
    app.cognito.clock.move(3 * 3600 - 1)
    assert refresh(app, tokens.refresh_token)
    app.cognito.clock.move(1)
    assert refusal(refresh, app, tokens.refresh_token) == "NotAuthorized: Refresh Token has expired"


def test_defaults_do_not_depend_on_units() -> None:
    units = TokenValidityUnits(access_token="minutes", id_token="days", refresh_token="minutes")
    app = new_app(token_validity_units=units, refresh_token_validity=0)
    app.create_user()
    tokens = app.tokens()
    assert tokens.expires_in == 3600
    assert claims(tokens.id_token)["exp"] == int(START) + 3600
    app.cognito.clock.move(30 * 24 * 3600 - 1)
    assert refresh(app, tokens.refresh_token)


# Access tokens


def test_why_an_access_token_is_refused() -> None:
    app = new_app()
    app.create_user()
    tokens = app.tokens()
    access = tokens.access_token or ""
    head, body, signature = access.split(".")
    forged = "NotAuthorized: Could not verify signature for Access Token"
    invalid = "NotAuthorized: Invalid Access Token"
    other = new_app(app.cognito)
    other.create_user()
    theirs = (other.tokens().access_token or "").split(".")
    none = jwt.encode(claims(access), "", algorithm="none")
    for token, text in (
        ("x", invalid),
        ("a.b.c", invalid),
        (f"{head}.{body}", invalid),
        (tokens.id_token or "", invalid),
        (tokens.refresh_token or "", invalid),
        (f"{head}.{body}.{signature[:-4]}AAAA", forged),
        (f"{head}.{theirs[1]}.{signature}", forged),
        (f"{theirs[0]}.{body}.{signature}", forged),
        (none, forged),
        (f"{head}.{body}.", forged),
    ):
        assert refusal(app.send, GetUser(access_token=token)) == text
    app.cognito.clock.move(3600)
    assert refusal(app.send, GetUser(access_token=access)) == "NotAuthorized: Access Token has expired"


def test_a_server_may_move() -> None:
    app = new_app()
    app.create_user()
    access = app.tokens().access_token or ""
    app.cognito.endpoint = "http://127.0.0.1:1"
    assert app.send(GetUser(access_token=access)).username == "ana"


# Refresh tokens


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


def test_the_same_clock_and_randomness_give_the_same_tokens() -> None:
    def run() -> str | None:
        counter = cycle(range(256))

        def count(size: int) -> bytes:
            return bytes(next(counter) for _ in range(size))

        app = new_app(new_cognito(random_bytes=count))
        app.create_user()
        return app.tokens().access_token

    assert run() == run()
