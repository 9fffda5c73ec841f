"""Tokens: claims in their order, signatures, lives, and what ends them."""

from __future__ import annotations

from base64 import b64decode
from itertools import cycle

import jwt
import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.clients import TokenValidityUnits
from cognito_auth.api.pool_settings import SchemaAttribute

from .support import START, claims, new_app, new_cognito, refusal
from .test_pool_refresh import ROLE, join, refresh


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


def test_the_same_clock_and_randomness_give_the_same_tokens() -> None:
    def run() -> str | None:
        counter = cycle(range(256))

        def count(size: int) -> bytes:
            return bytes(next(counter) for _ in range(size))

        app = new_app(new_cognito(random_bytes=count))
        app.create_user()
        return app.tokens().access_token

    assert run() == run()
