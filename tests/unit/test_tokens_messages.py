"""What refusals say, word for word, and what is logged of key sets: whoever runs an application has nothing else to go by."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

import pytest

from cognito_auth.errors import IssuerMismatch, KeysUnavailable, TokenError, TokenUseMismatch, UnknownKey
from cognito_auth.tokens import KeyWanted, TokenVerifier
from cognito_auth.tokens.keys import KeySet
from tests.support.drive import World, loaded, unreachable
from tests.support.forged import Made, flipped_bit, with_header, with_payload
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    JWKS_URI,
    NEW_ISSUER,
    NOW,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    jwk,
    key_set,
    kid,
    signed,
    token_of,
    verifier,
)

APART: Final = "the token cannot be taken apart: "

FORM: Final[Mapping[str, tuple[str, str]]] = {
    "one": ("abc", f"{APART}a signed token has three parts, this has 1"),
    "two": ("abc.def", f"{APART}a signed token has three parts, this has 2"),
    "four": ("a.b.c.d", f"{APART}a signed token has three parts, this has 4"),
    "alphabet": (
        f"{base64url(compact(header(kid='another')))}.AA+A.AAAA",
        f"{APART}a part is not canonical base64url: a character is none of its alphabet",
    ),
    "not-ascii": ("AAAA.ÄÄÄÄ.AAAA", f"{APART}a part is not canonical base64url: a character is none of its alphabet"),
    "five": ("a.b.c.d.e", f"{APART}five parts are an encrypted token, such as Cognito's refresh tokens"),
    "no-header": (".AAAA.AAAA", f"{APART}a part is empty"),
    "length": (
        f"{base64url(compact(header()))}.AAAA.A",
        f"{APART}a part is not canonical base64url: its length is impossible, or unused bits are set",
    ),
    "too-long": ("A" * 16_385, "the token is 16385 characters long; at most 16384 are read"),
}

CONTENT: Final[Mapping[str, tuple[Made, str]]] = {
    "long-header": (
        lambda: signed(access_claims(), b" " * 769),
        "the header is 1026 bytes long; at most 1024 are read",
    ),
    "two-headers": (
        lambda: signed(access_claims(), compact(header()) * 2),
        "the header cannot be read: more than one JSON value",
    ),
    "alg": (with_header(alg="none"), "alg is 'none', but must be 'RS256'"),
    "no-alg": (with_header(alg=ABSENT), "alg is None, but must be 'RS256'"),
    "jku": (with_header(jku="https://x.example"), "the header has jku, which is never accepted"),
    "x5u-and-crit": (with_header(x5u="AAAA", crit=["exp"]), "the header has crit and x5u, which is never accepted"),
    "typ": (with_header(typ="dpop+jwt"), "typ is 'dpop+jwt', but must be 'JWT', 'at+jwt' or left out"),
    "kid": (with_header(kid=7), "kid is 7, but must be a string of 1 to 256 characters"),
    "signature": (flipped_bit(0), "the signature does not belong to this content and key"),
    "payload": (with_payload(b"[]"), "the payload cannot be read: not a JSON object"),
    "twice": (with_payload(b'{"a":1,"a":1}'), "the payload cannot be read: a member stands twice in one object"),
}

CLAIMS: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "use": (id_claims(), "this is an ID token; an access token is wanted here"),
    "unknown-use": (
        access_claims(token_use="refresh"),
        "token_use is 'refresh', but must be 'access': an access token is wanted here",
    ),
    "issuer": (
        access_claims(iss="https://x.example"),
        f"iss is 'https://x.example', but must be '{ISSUER}' or '{NEW_ISSUER}'",
    ),
    "client": (access_claims(client_id="other"), f"client_id is 'other', but must be '{CLIENT_ID}'"),
    "audience": (access_claims(aud="https://orders.example"), f"aud is 'https://orders.example', but must be '{CLIENT_ID}'"),
    "missing": (access_claims(sub=ABSENT), "sub is missing; it must be a string that is not empty"),
    "type": (access_claims(scope=7), "scope is not valid; it must be a string"),
    "time": (access_claims(auth_time=-1), "auth_time is not valid; it must be a number of seconds between 1970 and 9999"),
    "list": (access_claims(**{"cognito:groups": "a"}), "cognito:groups is not valid; it must be a list of strings"),
    "exp": (access_claims(exp=int(NOW) - 100), "exp is 100 s ago, with 30 s of leeway"),
    "iat": (access_claims(iat=int(NOW) + 100), "iat is 100 s ahead, with 30 s of leeway"),
    "nbf": (access_claims(nbf=int(NOW) + 100), "nbf is 100 s ahead, with 30 s of leeway"),
    "iat-and-nbf": (access_claims(iat=int(NOW) + 100, nbf=int(NOW) + 100), "iat is 100 s ahead, with 30 s of leeway"),
    "iat-after-nbf": (access_claims(iat=int(NOW) + 200, nbf=int(NOW) + 100), "iat is 200 s ahead, with 30 s of leeway"),
    "exp-within-the-leeway": (
        access_claims(iat=int(NOW) + 100, exp=int(NOW) - 10),
        "iat is 100 s ahead, with 30 s of leeway",
    ),
}

KEY_SETS: Final[Mapping[str, tuple[bytes, str]]] = {
    "long": (b" " * 1_000_001, "the key set is 1000001 bytes long; at most 1000000 are read"),
    "array": (b"[]", "the key set cannot be read: not a JSON object"),
    "no-list": (b'{"keys":{}}', "the key set has no list 'keys'"),
    "many": (compact({"keys": [0] * 101}), "the key set has 101 entries; at most 100 are read"),
    "no-key": (key_set(jwk(use="enc")), "no entry of the key set is a key to check tokens with"),
}


@pytest.fixture(scope="module")
def made() -> TokenVerifier:
    return loaded(World())


def complaint(made: TokenVerifier, token: str) -> str:
    with pytest.raises(TokenError) as raised:
        made.check_access_token(token, NOW)
    return str(raised.value)


@pytest.mark.parametrize("case", FORM)
def test_messages_about_the_form(case: str, made: TokenVerifier) -> None:
    token, sentence = FORM[case]
    assert complaint(made, token) == sentence


@pytest.mark.parametrize("case", CONTENT)
def test_messages_about_the_content(case: str, made: TokenVerifier) -> None:
    make, sentence = CONTENT[case]
    assert complaint(made, make()) == sentence


@pytest.mark.parametrize("case", CLAIMS)
def test_messages_about_the_claims(case: str, made: TokenVerifier) -> None:
    claims, sentence = CLAIMS[case]
    assert complaint(made, signed(claims)) == sentence


def test_message_about_an_access_token_for_an_id_token(made: TokenVerifier) -> None:
    with pytest.raises(TokenUseMismatch) as raised:
        made.check_id_token(signed(access_claims()), NOW)
    assert str(raised.value) == "this is an access token; an ID token is wanted here"


def test_values_in_messages_are_escaped_and_cut(made: TokenVerifier) -> None:
    with pytest.raises(IssuerMismatch) as raised:
        made.check_access_token(signed(access_claims(iss="a\r\nSet-Cookie: x=1 " + "b" * 5000)), NOW)
    message = str(raised.value)
    assert message.isprintable()
    assert len(message) < 400


# Keys


@pytest.mark.parametrize("case", KEY_SETS)
def test_messages_about_key_sets(case: str) -> None:
    body, sentence = KEY_SETS[case]
    with pytest.raises(KeysUnavailable) as raised:
        KeySet.parse(body)
    assert str(raised.value) == sentence


def test_messages_about_keys_that_are_not_here() -> None:
    world = World(key_set(jwk("second")))
    made, token = verifier(), token_of()
    with pytest.raises(KeyWanted) as wanted:
        made.check_access_token(token, NOW)
    assert str(wanted.value) == f"kid '{kid()}' names no key at hand"
    with pytest.raises(UnknownKey) as unknown:
        world.run(made.access_token(token))
    assert str(unknown.value) == f"kid '{kid()}' names no key of the pool's key set"
    world.answer = unreachable()
    world.advance(10)
    with pytest.raises(UnknownKey) as unknown:
        world.run(made.access_token(token))
    assert str(unknown.value) == (f"kid '{kid()}' names no key of the pool's key set; the last attempt to fetch the set failed")


def test_message_without_any_keys() -> None:
    world, made = World(unreachable()), verifier()
    sentences: list[str] = []
    for _ in range(2):
        with pytest.raises(KeysUnavailable) as raised:
            world.run(made.access_token(token_of()))
        sentences.append(str(raised.value))
    assert sentences == ["no answer", f"the key set at {JWKS_URI} could not be fetched a moment ago"]


def test_message_at_the_start_names_the_address() -> None:
    """Which a wrong pool id is part of."""
    with pytest.raises(KeysUnavailable) as raised:
        World(unreachable()).run(verifier().load_keys())
    assert str(raised.value) == f"the key set at {JWKS_URI}: no answer"


# Logs


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="cognito_auth.keys")
    return caplog


def test_the_log_says_when_no_token_can_be_verified_and_when_it_is_over(log: pytest.LogCaptureFixture) -> None:
    world, made = World(unreachable()), verifier()
    with pytest.raises(KeysUnavailable):
        world.run(made.load_keys())
    world.answer = key_set()
    world.advance(1)
    world.run(made.load_keys())
    assert log.record_tuples == [
        ("cognito_auth.keys", logging.WARNING, f"the key set at {JWKS_URI}: no answer; no token can be verified"),
        ("cognito_auth.keys", logging.INFO, f"the key set at {JWKS_URI} could be fetched again"),
    ]


def test_the_log_says_when_the_last_keys_serve_on(log: pytest.LogCaptureFixture) -> None:
    world = World()
    made = loaded(world)
    world.answer = unreachable()
    world.advance(4500)
    world.run(made.access_token(token_of()))
    world.settle()
    assert log.messages == [f"the key set at {JWKS_URI}: no answer; its last keys serve on"]


def test_the_log_has_one_failed_fetch_a_minute(log: pytest.LogCaptureFixture) -> None:
    world, made = World(unreachable()), verifier()
    logged: list[int] = []
    for second in range(121):
        log.clear()
        with pytest.raises(KeysUnavailable):
            world.run(made.access_token(token_of()))
        logged.extend(second for _ in log.messages)
        world.advance(1)
    assert len(world.fetches) == 121
    assert logged == [0, 60, 120]
