"""aws-jwt-verify, unchanged, in node: it accepts the pool's tokens, and refuses what it should."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import pytest

from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.local import Clock, LocalCognito
from tests.clients.node import Node
from tests.local.support import App, add_client, claims, key_pair, new_app
from tests.support.aws import Aws
from tests.support.local_server import Server

AMAZON: Final = "https://cognito-idp.us-east-1.amazonaws.com"
"""The only endpoint whose issuers `CognitoJwtVerifier` knows."""
TWO_DAYS: Final = 2 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of one user in the group ``staff``, and of others."""

    pool_id: str
    client_id: str
    jwks: dict[str, Any]
    subject: str
    id_token: str
    access_token: str
    other_client: str
    other_pool: str
    expired: str


def in_group(app: App) -> tuple[str, str]:
    app.create_user()
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name="staff"))
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, username="ana", group_name="staff"))
    tokens = app.tokens()
    return tokens.id_token or "", tokens.access_token or ""


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    # The tokens of the first two days have expired by the machine's clock, the later ones have not.
    clock, keys = Clock(lambda: time.time() - TWO_DAYS), cycle(key_pair())
    with closing(LocalCognito(endpoint=AMAZON, clock=clock, keys=keys.__next__)) as cognito:
        app = new_app(cognito)
        _, expired = in_group(app)
        cognito.clock.move(TWO_DAYS)
        current = app.tokens()
        return Tokens(
            pool_id=app.pool_id,
            client_id=app.client_id,
            jwks=cognito.key_set(app.pool_id) or {},
            subject=claims(current.id_token)["sub"],
            id_token=current.id_token or "",
            access_token=current.access_token or "",
            other_client=add_client(cognito, app.pool_id).tokens().access_token or "",
            other_pool=in_group(new_app(cognito))[1],
            expired=expired,
        )


def part(document: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def forged(token: str) -> str:
    """Other claims under the same signature."""
    header, _, signature = token.split(".")
    return f"{header}.{part({**claims(token), 'cognito:groups': ['admin']})}.{signature}"


def unsigned(token: str) -> str:
    _, payload, _ = token.split(".")
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}."


def signed_with_the_public_key(token: str, kid: str, modulus: str) -> str:
    """HS256 with what everybody knows as its secret."""
    _, payload, _ = token.split(".")
    signed = f"{part({'alg': 'HS256', 'kid': kid})}.{payload}"
    digest = hmac.digest(modulus.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def confused(tokens: Tokens) -> str:
    key = tokens.jwks["keys"][0]
    return signed_with_the_public_key(tokens.id_token, key["kid"], key["n"])


ACCEPTED: Final = "accepted"
ID: Final = {"tokenUse": "id"}
ACCESS: Final = {"tokenUse": "access"}


@dataclass(frozen=True, slots=True)
class Case:
    """What is verified, with which properties beside the pool and the client, and how it ends."""

    token: Callable[[Tokens], str]
    properties: Mapping[str, Any]
    outcome: str = ACCEPTED


CACHED: Final[Mapping[str, Case]] = {
    "ID token": Case(lambda tokens: tokens.id_token, ID),
    "access token": Case(lambda tokens: tokens.access_token, ACCESS),
    "either": Case(lambda tokens: tokens.access_token, {"tokenUse": None}),
    "group": Case(lambda tokens: tokens.id_token, {**ID, "groups": ["staff", "admin"]}),
    "scope": Case(lambda tokens: tokens.access_token, {**ACCESS, "scope": "aws.cognito.signin.user.admin"}),
    "not in the group": Case(lambda tokens: tokens.id_token, {**ID, "groups": "admin"}, "CognitoJwtInvalidGroupError"),
    "not the scope": Case(lambda tokens: tokens.access_token, {**ACCESS, "scope": "orders/read"}, "JwtInvalidScopeError"),
    "ID token for access": Case(lambda tokens: tokens.id_token, ACCESS, "CognitoJwtInvalidTokenUseError"),
    "access token for ID": Case(lambda tokens: tokens.access_token, ID, "CognitoJwtInvalidTokenUseError"),
    "another client": Case(lambda tokens: tokens.other_client, ACCESS, "CognitoJwtInvalidClientIdError"),
    "not the client": Case(lambda tokens: tokens.id_token, {**ID, "clientId": "another"}, "CognitoJwtInvalidClientIdError"),
    "another pool": Case(lambda tokens: tokens.other_pool, ACCESS, "ParameterValidationError"),
    "expired": Case(lambda tokens: tokens.expired, ACCESS, "JwtExpiredError"),
    "forged claims": Case(lambda tokens: forged(tokens.access_token), ACCESS, "JwtInvalidSignatureError"),
    "unsigned": Case(lambda tokens: unsigned(tokens.id_token), ID, "JwtParseError"),
    "signed with the public key": Case(confused, ID, "JwtInvalidSignatureAlgorithmError"),
}
FETCHED: Final[Mapping[str, str]] = {
    "ID token": ACCEPTED,
    "access token": ACCEPTED,
    "wrong audience": "JwtInvalidAudienceError",
    "another pool": "KidNotFoundInJwksError",
    "forged claims": "JwtInvalidSignatureError",
}


@pytest.fixture(scope="module")
def member(server: Server) -> Mapping[str, Any]:
    return Aws.first(server).member("vera")


@pytest.fixture(scope="module")
def outcomes(node: Node, server: Server, tokens: Tokens, member: Mapping[str, Any]) -> dict[str, Any]:
    own = {"userPoolId": tokens.pool_id, "clientId": tokens.client_id}
    live = {"issuer": f"{server.endpoint}/{server.user_pool_id}", "audience": server.client_id}
    elsewhere = Aws.first(server).with_pool().user_pool_id
    return node.run(
        "verify.mjs",
        {
            "jwks": tokens.jwks,
            "cached": {name: {**own, **case.properties, "token": case.token(tokens)} for name, case in CACHED.items()},
            "fetched": {
                "ID token": {**live, "token": member["IdToken"]},
                # An access token names its client in another claim than the audience.
                "access token": {**live, "audience": None, "token": member["AccessToken"]},
                "wrong audience": {**live, "audience": "another", "token": member["IdToken"]},
                "another pool": {**live, "issuer": f"{server.endpoint}/{elsewhere}", "token": member["IdToken"]},
                "forged claims": {**live, "token": forged(member["IdToken"])},
            },
        },
    )


@pytest.mark.parametrize("name", CACHED)
def test_a_pool_at_amazons_endpoint(outcomes: dict[str, Any], tokens: Tokens, name: str) -> None:
    expected = CACHED[name].outcome
    assert outcomes["cached"][name] == (tokens.subject if expected is ACCEPTED else expected)


@pytest.mark.parametrize("name", FETCHED)
def test_a_pool_at_an_endpoint_of_its_own(outcomes: dict[str, Any], member: Mapping[str, Any], name: str) -> None:
    expected = FETCHED[name]
    assert outcomes["fetched"][name] == (claims(member["IdToken"])["sub"] if expected is ACCEPTED else expected)
