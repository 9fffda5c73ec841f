"""Against other people's judgement: PyJWT on mutated tokens, and the Wycheproof vectors.

Nothing that we accept may be refused by PyJWT, set up with the right key, algorithm, issuers and audience.
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

from cognito_auth.errors import TokenError
from cognito_auth.tokens import KeyWanted, TokenVerifier
from tests.support.drive import World
from tests.support.tokens import (
    CLIENT_ID,
    ISSUER,
    NEW_ISSUER,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    key_set,
    private_key,
    signed,
    signed_parts,
    verifier,
)

# PyJWT reads the real clock, so this file lives in real time, with margins that no slow machine uses up.
NOW: Final = int(time.time())
TIMES: Final = {"iat": NOW - 60, "auth_time": NOW - 60, "exp": NOW + 3600}
LEEWAY: Final = 30
KINDS: Final[Mapping[str, dict[str, Any]]] = {"access": access_claims(**TIMES), "id": id_claims(**TIMES)}

thorough = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def ours() -> TokenVerifier:
    made = verifier(leeway=LEEWAY, remember=0)
    World(key_set()).run(made.load_keys())
    return made


def our_claims(ours: TokenVerifier, kind: str, token: str) -> Mapping[str, Any] | None:
    """The claims, or None for a token that is refused. Any error that is not a refusal comes through."""
    check: Callable[[str, float], Any] = {"access": ours.check_access_token, "id": ours.check_id_token}[kind]
    try:
        claims: Mapping[str, Any] = check(token, time.time()).claims
    except (TokenError, KeyWanted):
        return None
    return claims


def their_claims(kind: str, token: str) -> Mapping[str, Any]:
    return jwt.decode(
        token,
        private_key().public_key(),
        algorithms=["RS256"],
        issuer=[ISSUER, NEW_ISSUER],
        audience=CLIENT_ID if kind == "id" else None,
        leeway=LEEWAY,
        options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": kind == "id"},
    )


def agrees(ours: TokenVerifier, kind: str, token: str) -> bool:
    """Whether we accept; if we do, PyJWT must, and read the same."""
    claims = our_claims(ours, kind, token)
    if claims is None:
        return False
    assert json.dumps(claims, default=dict, sort_keys=True) == json.dumps(their_claims(kind, token), sort_keys=True)
    return True


# Mutations

kinds = st.sampled_from(sorted(KINDS))
# Not so near to the edge that the two clocks are on different sides of it.
offsets = st.integers(-7200, 7200).filter(lambda offset: abs(abs(offset) - LEEWAY) > 10)
times = offsets.map(lambda offset: NOW + offset) | offsets.map(lambda offset: NOW + offset + 0.5)
texts = st.text(max_size=8) | st.sampled_from([ISSUER, NEW_ISSUER, CLIENT_ID, "access", "id", "RS256", "none", "HS256", "JWT"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | times
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
)
claim_names = st.sampled_from([*access_claims(), *id_claims(), "nbf", "device_key", "custom:x"]) | texts
header_names = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "zip", "enc", "cty", "jwk", "jku", "x5c", "x"]) | texts
edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(["put", "cut", "flip"]), st.binary(max_size=3)), max_size=3
)


def edited(data: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """Bytes with pieces put in, cut out or overwritten, each at a relative position."""
    for where, how, piece in changes:
        at = int(where * len(data))
        match how:
            case "put":
                data = data[:at] + piece + data[at:]
            case "cut":
                data = data[:at] + data[at + len(piece) :]
            case _:
                data = data[:at] + bytes(byte ^ 1 for byte in data[at : at + 1]) + data[at + 1 :]
    return data


@thorough
@given(kinds, st.dictionaries(claim_names, values, max_size=3), st.dictionaries(header_names, values, max_size=2))
@example("access", {}, {})
@example("id", {}, {})
@example("access", {"custom:x": {"deep": [1, None, 0.5]}}, {"typ": "JWT", "x": []})
@example("access", {"exp": NOW + 0.5}, {})
@example("access", {"nbf": NOW + 25}, {})
def test_changed_members_signed_again(ours: TokenVerifier, kind: str, claims: dict[str, Any], members: dict[str, Any]) -> None:
    agrees(ours, kind, signed({**KINDS[kind], **claims}, {**header(), **members}))


@thorough
@given(kinds, st.sampled_from([0, 1]), edits)
@example("access", 1, [(0.0, "put", b" ")])
def test_changed_bytes_of_the_json_signed_again(
    ours: TokenVerifier, kind: str, part: int, changes: list[tuple[float, str, bytes]]
) -> None:
    parts = [compact(header()), compact(KINDS[kind])]
    parts[part] = edited(parts[part], changes)
    agrees(ours, kind, signed(parts[1], parts[0]))


@thorough
@given(kinds, st.sampled_from([0, 1]), edits)
def test_changed_characters_of_a_part_signed_again(
    ours: TokenVerifier, kind: str, part: int, changes: list[tuple[float, str, bytes]]
) -> None:
    parts = [base64url(compact(header())), base64url(compact(KINDS[kind]))]
    parts[part] = edited(parts[part].encode(), changes).decode("latin-1").encode("ascii", "replace").decode()
    agrees(ours, kind, signed_parts(parts[0], parts[1]))


@thorough
@given(kinds, edits)
def test_changed_characters_of_a_token(ours: TokenVerifier, kind: str, changes: list[tuple[float, str, bytes]]) -> None:
    good = signed(KINDS[kind])
    token = edited(good.encode(), changes).decode("latin-1")
    assert agrees(ours, kind, token) == (token == good)


@given(st.text() | st.text("ABab01-_.=", max_size=200) | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_refused_and_nothing_worse(ours: TokenVerifier, text: str) -> None:
    assert our_claims(ours, "access", text) is None


def test_the_comparison_is_not_of_nothing(ours: TokenVerifier) -> None:
    """Unchanged tokens pass on both sides, as do changes that mean nothing."""
    for kind, claims in KINDS.items():
        assert agrees(ours, kind, signed(claims))
        assert agrees(ours, kind, signed({**claims, "custom:x": [{"y": None}]}, header(typ="JWT", x={"y": 1})))
        assert agrees(ours, kind, signed({**claims, "exp": NOW + 3600.5, "nbf": NOW - 0.5}))
        assert agrees(ours, kind, signed(edited(compact(claims), [(0.0, "put", b"\n ")])))
