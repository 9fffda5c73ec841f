"""Against other people's judgement: whatever we accept of thousands of changed tokens, PyJWT and joserfc accept too.

Both are set up with the right key, algorithm, issuers and audience. `DEVIATIONS` is the whole list of what we accept and they,
left to themselves, would not. aws-jwt-verify judges in `tests/clients/test_jwt_verify_differential.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from cognito_auth.errors import TokenError
from cognito_auth.tokens import KeyWanted, TokenVerifier
from tests.support.drive import World
from tests.support.mutations import KINDS, LEEWAY, MUTATIONS, START, edited, with_members
from tests.support.tokens import CLIENT_ID, ISSUER, NEW_ISSUER, compact, header, jwk, key_set, private_key, signed, verifier

Claims = Mapping[str, Any]


@pytest.fixture(scope="module")
def ours() -> TokenVerifier:
    made = verifier(leeway=LEEWAY, remember=0)
    World(key_set()).run(made.load_keys())
    return made


def our_claims(ours: TokenVerifier, kind: str, token: str) -> Claims | None:
    """The claims, or None for a token that is refused. Any error that is not a refusal comes through."""
    check: Callable[[str, float], Any] = {"access": ours.check_access_token, "id": ours.check_id_token}[kind]
    try:
        claims: Claims = check(token, time.time()).claims
    except (TokenError, KeyWanted):
        return None
    return claims


def of_pyjwt(kind: str, token: str) -> Claims:
    return jwt.decode(
        token,
        private_key().public_key(),
        algorithms=["RS256"],
        issuer=[ISSUER, NEW_ISSUER],
        audience=CLIENT_ID if kind == "id" else None,
        leeway=LEEWAY,
        options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": kind == "id"},
    )


class LongHeaders(JWSRegistry):
    """joserfc's rules, for headers as long as we read them."""

    max_header_length = 1024


def of_joserfc(kind: str, token: str) -> Claims:
    registry = LongHeaders(algorithms=["RS256"], strict_check_header=False)
    claims = joserfc.decode(token, RSAKey.import_key(jwk()), algorithms=["RS256"], registry=registry).claims
    client: dict[str, Any] = {("client_id" if kind == "access" else "aud"): {"essential": True, "value": CLIENT_ID}}
    rules = joserfc.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "values": [ISSUER, NEW_ISSUER]},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        token_use={"essential": True, "value": kind},
        **client,
    )
    rules.validate({name: value for name, value in claims.items() if name != "aud" or kind == "id"})
    return claims


OTHERS: Final[Mapping[str, Callable[[str, str], Claims]]] = {"PyJWT": of_pyjwt, "joserfc": of_joserfc}


def agrees(ours: TokenVerifier, kind: str, token: str) -> bool:
    """Whether we accept; if we do, everybody must, and read the same."""
    claims = our_claims(ours, kind, token)
    if claims is None:
        return False
    read = json.dumps(claims, default=dict, sort_keys=True)
    for name, judge in OTHERS.items():
        assert json.dumps(judge(kind, token), sort_keys=True) == read, name
    return True


thorough = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(MUTATIONS["members"])
@example(("access", with_members("access", {}, {})))
@example(("id", with_members("id", {}, {})))
@example(("access", with_members("access", {"custom:x": {"deep": [1, None, 0.5]}}, {"typ": "JWT", "x": []})))
@example(("access", with_members("access", {"exp": START + 9000.5}, {})))
@example(("access", with_members("access", {"nbf": START + 25}, {})))
@example(("access", with_members("access", {}, {"x": "x" * 600})))
def test_changed_members_signed_again(ours: TokenVerifier, case: tuple[str, str]) -> None:
    agrees(ours, *case)


@thorough
@given(MUTATIONS["json"])
@example(("access", signed(edited(compact(KINDS["access"]), [(0.0, "put", b" ")]))))
def test_changed_bytes_of_the_json_signed_again(ours: TokenVerifier, case: tuple[str, str]) -> None:
    agrees(ours, *case)


@thorough
@given(MUTATIONS["characters"])
def test_changed_characters_of_a_part_signed_again(ours: TokenVerifier, case: tuple[str, str]) -> None:
    agrees(ours, *case)


@thorough
@given(MUTATIONS["token"])
def test_changed_characters_of_a_token(ours: TokenVerifier, case: tuple[str, str]) -> None:
    kind, token = case
    assert agrees(ours, kind, token) == (token == signed(KINDS[kind]))


@given(st.text() | st.text("ABab01-_.=", max_size=200) | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_refused_and_nothing_worse(ours: TokenVerifier, text: str) -> None:
    assert our_claims(ours, "access", text) is None


def test_the_comparison_is_not_of_nothing(ours: TokenVerifier) -> None:
    """Unchanged tokens pass everywhere, as do changes that mean nothing."""
    for kind, claims in KINDS.items():
        assert agrees(ours, kind, signed(claims))
        assert agrees(ours, kind, signed({**claims, "custom:x": [{"y": None}]}, header(typ="JWT", x={"y": 1})))
        assert agrees(ours, kind, signed({**claims, "exp": START + 9000.5, "nbf": START - 0.5}))
        assert agrees(ours, kind, signed(edited(compact(claims), [(0.0, "put", b"\n ")])))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "changes",
    [{"exp": START - 3600}, {"iss": "https://stranger.example"}, {"sub": None}],
    ids=["expired", "foreign issuer", "nobody"],
)
def test_others_do_refuse(kind: str, changes: dict[str, Any]) -> None:
    """They are set up to judge, not to nod."""
    for judge in OTHERS.values():
        with pytest.raises((jwt.InvalidTokenError, JoseError)):
            judge(kind, signed({**KINDS[kind], **changes}))


DEVIATIONS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    # RFC 7515, section 4, has members that are not understood ignored.
    "joserfc: a header's member that nobody knows": (
        signed(KINDS["access"], header(x=1)),
        lambda token: joserfc.decode(token, RSAKey.import_key(jwk()), algorithms=["RS256"]),
    ),
    "joserfc: an encoded header of 513 to 1024 bytes": (
        signed(KINDS["access"], header(x="x" * 500)),
        lambda token: joserfc.decode(
            token, RSAKey.import_key(jwk()), registry=JWSRegistry(algorithms=["RS256"], strict_check_header=False)
        ),
    ),
    # Whose access token it is stands in client_id. A trigger can repeat it in aud, of which nobody told PyJWT.
    "PyJWT: aud in an access token": (
        signed({**KINDS["access"], "aud": CLIENT_ID}),
        lambda token: jwt.decode(token, private_key().public_key(), algorithms=["RS256"]),
    ),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_deviations(ours: TokenVerifier, name: str) -> None:
    token, judge = DEVIATIONS[name]
    assert agrees(ours, "access", token)
    with pytest.raises((jwt.InvalidTokenError, JoseError)):
        judge(token)
