"""Tokens that must pass, what they then say, and what nobody can do to what came out."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from cognito_auth.config import Settings
from cognito_auth.errors import AudienceMismatch, ClientMismatch, TokenTooLarge
from cognito_auth.secret import MASK
from cognito_auth.tokens import AccessToken, IdToken, KeyPolicy, KeyWanted, TokenVerifier, VerifiedToken
from tests.support.drive import World, loaded
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    NEW_ISSUER,
    NOW,
    POOL_ID,
    access_claims,
    compact,
    header,
    id_claims,
    jwk,
    key_set,
    kid,
    machine_claims,
    private_key,
    signed,
    token_of,
    verifier,
)


def with_member(text: bytes) -> str:
    """An access token with a piece of JSON put in before the last brace, as it is."""
    return signed(compact(access_claims())[:-1] + b"," + text + b"}")


@pytest.fixture(scope="module")
def made() -> TokenVerifier:
    return loaded(World(key_set(jwk(), jwk("second"))))


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: signed(access_claims()), id="old-issuer"),
        pytest.param(lambda: signed(access_claims(iss=NEW_ISSUER)), id="new-issuer"),
        pytest.param(lambda: signed(machine_claims()), id="machine"),
        pytest.param(lambda: signed(access_claims(), header(typ="JWT")), id="typ-JWT"),
        pytest.param(lambda: signed(access_claims(), header(typ="AT+jwt")), id="typ-at+jwt"),
        pytest.param(lambda: signed(access_claims(), header(future="member")), id="unknown-header-member"),
        pytest.param(lambda: signed(access_claims(), json.dumps(header(), indent=2).encode()), id="header-with-spaces"),
        pytest.param(lambda: signed(json.dumps(access_claims(), indent=2).encode() + b"\n"), id="payload-with-spaces"),
        pytest.param(lambda: signed(access_claims(), header(kid=kid("second")), private_key("second")), id="second-key"),
        pytest.param(lambda: signed(access_claims(**{"cognito:groups": ABSENT})), id="no-groups"),
        pytest.param(lambda: signed(access_claims(**{"cognito:groups": []})), id="empty-groups"),
        pytest.param(lambda: signed(access_claims(aud=CLIENT_ID)), id="aud-of-the-client"),
        pytest.param(lambda: signed(access_claims(username="zo\u00eb \U0001f600")), id="escaped-characters"),
        pytest.param(lambda: signed(json.dumps(access_claims(username="zo\u00eb"), ensure_ascii=False).encode()), id="utf-8"),
        pytest.param(lambda: signed(access_claims(exp=NOW + 0.5)), id="exp-with-a-fraction"),
        pytest.param(lambda: signed(access_claims(exp=int(NOW) - 29)), id="exp-within-the-leeway"),
        pytest.param(lambda: signed(access_claims(iat=int(NOW) + 30, nbf=int(NOW) + 30)), id="iat-and-nbf-within-the-leeway"),
        pytest.param(lambda: signed(access_claims(exp=253_402_300_799)), id="exp-at-the-end-of-time"),
        pytest.param(lambda: with_member(b'"x":' + b"[" * 15 + b"]" * 15), id="as-deep-as-may-be"),
    ],
)
def test_good_access_token(token: Callable[[], str], made: TokenVerifier) -> None:
    verified = made.check_access_token(token(), NOW)
    assert isinstance(verified, AccessToken)
    # Remembered, it is the very same.
    assert made.check_access_token(token(), NOW) is verified


def test_access_token_says(made: TokenVerifier) -> None:
    claims = access_claims(device_key="eu-west-1_11111111-2222-4333-8444-555555555555", nbf=int(NOW) - 60)
    token = signed(claims)
    verified = made.check_access_token(token, NOW)
    assert verified.sub == claims["sub"]
    assert verified.issuer == ISSUER
    assert verified.client_id == CLIENT_ID
    assert verified.username == "ana"
    assert verified.groups == ("admin", "editors", "readers")
    assert verified.scopes == {"aws.cognito.signin.user.admin", "openid", "orders/read"}
    assert (verified.expires_at, verified.issued_at, verified.auth_time) == (NOW + 3600, NOW - 60, NOW - 60)
    assert verified.not_before == NOW - 60
    assert (verified.jti, verified.origin_jti) == (claims["jti"], claims["origin_jti"])
    assert verified.device_key == claims["device_key"]
    assert verified.claims["version"] == 2
    assert verified.raw == token


def test_machine_token_says(made: TokenVerifier) -> None:
    verified = made.check_access_token(signed(machine_claims()), NOW)
    assert verified.username is None
    assert verified.sub == verified.client_id == CLIENT_ID
    assert verified.groups == ()
    assert verified.scopes == {"orders/read", "orders/write"}
    assert (verified.origin_jti, verified.device_key, verified.not_before) == (None, None, None)


def test_id_token_says(made: TokenVerifier) -> None:
    verified = made.check_id_token(signed(id_claims()), NOW)
    assert isinstance(verified, IdToken)
    assert verified.audience == CLIENT_ID
    assert verified.username == "ana"
    assert verified.email == "ana@example.com"
    assert verified.email_verified is True
    assert verified.nonce == "n-0S6_WzA2Mj"
    assert verified.claims["custom:team"] == "blue"
    assert verified.claims["identities"][0]["providerName"] == "Google"


def test_id_token_says_nothing_that_it_does_not_say(made: TokenVerifier) -> None:
    absent = dict.fromkeys(("email", "email_verified", "nonce", "cognito:groups", "auth_time"), ABSENT)
    verified = made.check_id_token(signed(id_claims(**absent)), NOW)
    assert (verified.email, verified.email_verified, verified.nonce) == (None, False, None)
    assert (verified.groups, verified.auth_time) == ((), None)


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("", set[str]()),
        ("openid", {"openid"}),
        ("a b", {"a", "b"}),
        (" a  b ", {"a", "b"}),
        ("a\tb", {"a\tb"}),
        ("a\u00a0b", {"a\u00a0b"}),
        ("a,b", {"a,b"}),
        (ABSENT, set[str]()),
    ],
    ids=["empty", "one", "two", "spaces", "tab", "no-break-space", "comma", "absent"],
)
def test_scopes_split_on_single_spaces(scope: object, scopes: set[str], made: TokenVerifier) -> None:
    assert made.check_access_token(signed(access_claims(scope=scope)), NOW).scopes == scopes


# What comes out


@pytest.mark.parametrize("kind", [AccessToken, IdToken, VerifiedToken])
def test_nobody_else_makes_verified_tokens(kind: type[VerifiedToken]) -> None:
    refusal = f"^{kind.__name__} is the outcome of a verification; only a TokenVerifier makes one$"
    with pytest.raises(TypeError, match=refusal):
        kind()
    with pytest.raises(TypeError, match=refusal):
        kind(claims=access_claims(), raw="x.y.z")


def test_verified_tokens_are_read_only() -> None:
    token = loaded(World()).check_id_token(signed(id_claims()), NOW)
    for attribute in ("sub", "groups", "claims", "raw", "email", "anything"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(token, attribute, "root")
        with pytest.raises((AttributeError, TypeError)):
            delattr(token, attribute)
    claims: Any = token.claims
    with pytest.raises(TypeError):
        claims["sub"] = "root"
    with pytest.raises(TypeError):
        claims["identities"][0]["userId"] = "2"
    assert isinstance(claims["identities"], tuple)
    assert isinstance(claims["cognito:groups"], tuple)
    assert claims == id_claims(**{"cognito:groups": ("admin",), "identities": claims["identities"]})


def test_verified_tokens_show_neither_themselves_nor_their_claims() -> None:
    token = loaded(World()).check_access_token(token_of(), NOW)
    assert repr(token) == f"AccessToken(sub={token.sub!r}, expires_at={token.expires_at}, raw='{MASK}')"


def test_verified_tokens_are_values() -> None:
    world = World()
    first, second = loaded(world), loaded(world)
    token, other = token_of(), token_of(username="another")
    assert first.check_access_token(token, NOW) == second.check_access_token(token, NOW)
    assert len({first.check_access_token(token, NOW), second.check_access_token(token, NOW)}) == 1
    assert first.check_access_token(token, NOW) != first.check_access_token(other, NOW)


def test_verified_tokens_do_not_travel() -> None:
    token = loaded(World()).check_access_token(token_of(), NOW)
    with pytest.raises(TypeError):
        pickle.dumps(token)
    with pytest.raises(TypeError):
        copy.deepcopy(token)


def test_verifiers_show_no_state() -> None:
    made = loaded(World())
    assert "_ring" not in repr(made)
    assert made == verifier()


# Limits


def test_a_header_may_be_1024_bytes_long(made: TokenVerifier) -> None:
    """As it stands in the token, in base64url, which makes four characters of three bytes."""

    def token(length: int) -> str:
        return signed(access_claims(), compact(header()).ljust(length))

    assert len(token(768).partition(".")[0]) == 1024
    assert made.check_access_token(token(768), NOW).username == "ana"
    with pytest.raises(TokenTooLarge):
        made.check_access_token(token(769), NOW)


@pytest.mark.parametrize("length", [1, 256])
def test_a_key_may_have_a_name_of_1_to_256_characters(length: int) -> None:
    name = "k" * length
    made = verifier()
    token = signed(access_claims(), header(kid=name))
    assert World(key_set(jwk(kid=name))).run(made.access_token(token)).username == "ana"


def test_a_token_may_be_as_long_as_the_application_says() -> None:
    token = token_of()
    assert World().run(verifier(max_token_bytes=len(token)).access_token(token)).username == "ana"
    with pytest.raises(TokenTooLarge):
        World().run(verifier(max_token_bytes=len(token) - 1).access_token(token))


# For a resource server


@pytest.mark.parametrize("audience", [CLIENT_ID, "https://orders.example"], ids=["client", "server"])
def test_an_audience_that_the_service_is(audience: str) -> None:
    made = loaded(World(), audiences=["https://orders.example"])
    assert made.check_access_token(signed(access_claims(aud=audience)), NOW).claims["aud"] == audience
    with pytest.raises(AudienceMismatch):
        made.check_access_token(signed(access_claims(aud="https://bills.example")), NOW)


def test_a_resource_server_is_no_client() -> None:
    """It vouches neither for who signed in nor for another client's tokens."""
    made = loaded(World(), audiences=["https://orders.example"])
    with pytest.raises(ClientMismatch):
        made.check_id_token(signed(id_claims(aud="https://orders.example")), NOW)
    with pytest.raises(ClientMismatch):
        made.check_access_token(signed(access_claims(client_id="https://orders.example")), NOW)


# Without flows


def test_a_check_without_keys_wants_one() -> None:
    with pytest.raises(KeyWanted) as raised:
        verifier().check_access_token(token_of(), NOW)
    assert raised.value.kid == kid()
    with pytest.raises(KeyWanted):
        verifier().check_id_token(signed(id_claims()), NOW)


def test_classes_say_which_claim_an_attribute_is() -> None:
    assert (AccessToken.username.name, IdToken.username.name) == ("username", "cognito:username")
    assert AccessToken.sub is IdToken.sub


# From settings


def test_for_settings_takes_both_issuers_and_the_client() -> None:
    made = TokenVerifier.for_settings(Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID))
    world = World()
    for issuer in (ISSUER, NEW_ISSUER):
        assert world.run(made.access_token(signed(access_claims(iss=issuer)))).issuer == issuer
    assert made.jwks_uri == f"{ISSUER}/.well-known/jwks.json"
    assert (made.leeway, made.max_token_bytes, made.remember) == (30, 16_384, 10_000)


def test_for_settings_takes_further_clients_and_options() -> None:
    settings = Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID)
    policy = KeyPolicy(refresh_after=60)
    made = TokenVerifier.for_settings(
        settings, client_ids=["other"], audiences=["orders"], leeway=5, max_token_bytes=5000, remember=7, policy=policy
    )
    assert (made.client_ids, made.audiences) == ({CLIENT_ID, "other"}, {"orders"})
    assert (made.leeway, made.max_token_bytes, made.remember, made.policy) == (5, 5000, 7, policy)
    assert World().run(made.access_token(signed(access_claims(client_id="other")))).client_id == "other"
