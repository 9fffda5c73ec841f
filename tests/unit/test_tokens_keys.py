"""Key sets: which entries are used, which bodies are refused; schedules of fetching, and settings."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from cognito_auth.errors import ConfigurationError, KeysUnavailable
from cognito_auth.tokens import KeyPolicy, TokenVerifier
from cognito_auth.tokens.keys import KeySet
from cognito_auth.tokens.schedule import FetchSchedule
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    base64url,
    changed,
    compact,
    jwk,
    key_set,
    kid,
    private_key,
    verifier,
)


def number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8))


MODULUS: Final = private_key().public_key().public_numbers().n

NO_KEY: Final[dict[str, Any]] = {}

UNUSABLE: Final[dict[str, Any]] = {
    "kty-absent": {"kty": ABSENT},
    "kty-oct": {"kty": "oct", "k": "AAAA"},
    "kty-EC": {"kty": "EC", "crv": "P-256"},
    "kty-in-small-letters": {"kty": "rsa"},
    "use-enc": {"use": "enc"},
    "use-null": {"use": None},
    "alg-RS512": {"alg": "RS512"},
    "alg-PS256": {"alg": "PS256"},
    "alg-none": {"alg": "none"},
    "alg-RSA-OAEP": {"alg": "RSA-OAEP"},
    "key-ops-without-verify": {"key_ops": ["sign"]},
    "key-ops-empty": {"key_ops": []},
    "key-ops-a-string": {"key_ops": "verify"},
    "key-ops-null": {"key_ops": None},
    "kid-absent": {"kid": ABSENT},
    "kid-empty": {"kid": ""},
    "kid-a-number": {"kid": 1},
    "kid-too-long": {"kid": "k" * 257},
    "n-absent": {"n": ABSENT},
    "n-a-number": {"n": MODULUS},
    "n-empty": {"n": ""},
    "n-padded": {"n": jwk()["n"] + "=="},
    "n-respelled": {"n": jwk()["n"][:-1] + "B"},
    "n-leading-zero": {"n": base64url(b"\0" + MODULUS.to_bytes(256))},
    "n-even": {"n": number(MODULUS - 1)},
    "n-not-ascii": {"n": "\u00e9" + jwk()["n"]},
    "n-of-2047-bits": {"n": number((1 << 2047) - 1)},
    "n-of-8193-bits": {"n": number((1 << 8193) - 1)},
    "e-absent": {"e": ABSENT},
    "e-one": {"e": number(1)},
    "e-even": {"e": number(65536)},
    "e-leading-zero": {"e": "AAEAAQ"},
    "e-of-65-bits": {"e": number((1 << 64) + 1)},
    "with-its-private-half": {"d": number(private_key().private_numbers().d)},
}

USABLE: Final[dict[str, Any]] = {
    "as-cognito-publishes-it": {},
    "no-use-no-alg": {"use": ABSENT, "alg": ABSENT},
    "key-ops-verify": {"key_ops": ["verify"]},
    "key-ops-verify-among-others": {"key_ops": ["sign", "verify"]},
    "more-members": {"x5t": "AAAA", "x5c": ["AAAA"], "issuer": ISSUER, "oth": []},
    "kid-of-1-character": {"kid": "k"},
    "kid-of-256-characters": {"kid": "k" * 256},
}


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in UNUSABLE.items()])
def test_unusable_entries_are_skipped(changes: dict[str, Any]) -> None:
    bad = changed(jwk(kid="bad"), changes)
    assert list(KeySet.parse(key_set(bad, jwk("second"))).by_kid) == [kid("second")]
    with pytest.raises(KeysUnavailable, match="no entry"):
        KeySet.parse(key_set(bad))


ENTRIES: Final[list[object]] = [None, 1, "RSA", [], [jwk()], {}]


@pytest.mark.parametrize("entry", ENTRIES, ids=["null", "number", "string", "list", "list-of-a-key", "object"])
def test_entries_that_are_no_keys_are_skipped(entry: object) -> None:
    assert list(KeySet.parse(key_set(entry, jwk())).by_kid) == [kid()]


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in USABLE.items()])
def test_usable_entries(changes: dict[str, Any]) -> None:
    entry = jwk(**changes)
    keys = KeySet.parse(key_set(entry)).by_kid
    assert list(keys) == [entry["kid"]]
    assert keys[entry["kid"]].public_numbers() == private_key().public_key().public_numbers()


@pytest.mark.parametrize(
    ("bits", "exponent"), [(2048, 3), (3072, 65537), (4096, 65537)], ids=["2048-bits-e-3", "3072-bits", "4096-bits"]
)
def test_sizes(bits: int, exponent: int) -> None:
    key = private_key("sized", bits=bits, exponent=exponent)
    assert KeySet.parse(key_set(jwk(key=key))).by_kid[kid()].key_size == bits


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([jwk(), jwk("second", kid=kid())], id="different-keys"),
        pytest.param([jwk(), jwk()], id="the-same-key"),
        pytest.param([jwk(), jwk("second", kid=kid()), jwk("third", kid=kid())], id="three"),
    ],
)
def test_of_entries_with_one_name_none_is_used(entries: list[Any]) -> None:
    assert list(KeySet.parse(key_set(*entries, jwk("fourth"))).by_kid) == [kid("fourth")]
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set(*entries))


def test_an_unusable_entry_does_not_make_a_name_ambiguous() -> None:
    assert list(KeySet.parse(key_set(jwk("second", kid=kid(), use="enc"), jwk())).by_kid) == [kid()]


BODIES: Final[dict[str, bytes]] = {
    "empty": b"",
    "html": b"<!doctype html><title>Sign in to the network</title>",
    "garbage": b"\xff\x00\x9f",
    "null": b"null",
    "array": compact([jwk()]),
    "empty-object": b"{}",
    "keys-null": b'{"keys":null}',
    "keys-number": b'{"keys":5}',
    "keys-object": compact({"keys": jwk()}),
    "no-keys": key_set(NO_KEY),
    "keys-empty": b'{"keys":[]}',
    "one-key-alone": compact(jwk()),
    "cut": key_set()[:-2],
    "twice": key_set() * 2,
    "keys-twice": b'{"keys":[],' + key_set()[1:],
    "kid-twice": key_set().replace(b'"kid":', b'"kid":"x","kid":'),
    "nan": key_set()[:-1] + b',"x":NaN}',
    "bom": b"\xef\xbb\xbf" + key_set(),
    "utf-16": key_set().decode().encode("utf-16"),
    "deep": b'{"keys":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "error-document": b'{"__type":"ResourceNotFoundException"}',
    "a-hundred-and-one": key_set(jwk(), *[NO_KEY] * 100),
    "over-a-megabyte": key_set() + b" " * 1_000_000,
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in BODIES.items()])
def test_bodies_that_are_refused(body: bytes) -> None:
    with pytest.raises(KeysUnavailable) as raised:
        KeySet.parse(body)
    assert len(str(raised.value)) < 300


def test_bodies_that_are_read() -> None:
    assert len(KeySet.parse(key_set(jwk(), *[NO_KEY] * 99)).by_kid) == 1
    assert len(KeySet.parse(json.dumps(json.loads(key_set()), indent=2).encode() + b"\n").by_kid) == 1
    assert len(KeySet.parse(key_set() + b" " * (1_000_000 - len(key_set()))).by_kid) == 1


def test_key_sets_are_equal_when_names_and_numbers_are() -> None:
    assert KeySet.parse(key_set(jwk(), jwk("second"))) == KeySet.parse(key_set(jwk("second", use=ABSENT), jwk()))
    assert KeySet.parse(key_set(jwk())) != KeySet.parse(key_set(jwk(kid="renamed")))
    assert KeySet.parse(key_set(jwk())) != KeySet.parse(key_set(jwk("second", kid=kid())))


def test_a_key_set_is_read_only() -> None:
    with pytest.raises(TypeError):
        KeySet.parse(key_set()).by_kid["mine"] = private_key().public_key()  # type: ignore[index]  # what must not work


@pytest.mark.parametrize(
    "changes",
    [
        {"refresh_after": 0.0},
        {"refresh_after": -1.0},
        {"max_age": float("nan")},
        {"max_age": float("inf")},
        {"unknown_kid_interval": 0.0},
        {"retry_without_keys": 0.0},
        {"retry_with_keys": -1.0},
        {"max_retry": 0.0},
    ],
    ids=repr,
)
def test_policies_that_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        KeyPolicy(**changes)
    ((name, value),) = changes.items()
    assert str(raised.value) == f"{name} is {value}; it must be a positive number of seconds"


def test_keys_must_not_lapse_before_they_are_refetched() -> None:
    assert KeyPolicy(refresh_after=100, max_age=100.5)
    with pytest.raises(ConfigurationError) as raised:
        KeyPolicy(refresh_after=100, max_age=100)
    assert str(raised.value) == "max_age must be more than refresh_after, or keys would lapse before they are refetched"


def test_pauses_grow_stay_bounded_and_begin_anew() -> None:
    schedule = FetchSchedule(policy=KeyPolicy()).succeeded(0, jitter=0, brought_key=True)
    pauses: list[float] = []
    for _ in range(2000):
        schedule = schedule.failed(100, jitter=0)
        pauses.append(schedule.refresh_from - 100)
    assert pauses[:5] == [60, 120, 240, 480, 600]
    assert set(pauses[5:]) == {600}
    recovered = schedule.succeeded(100, jitter=0, brought_key=True)
    assert recovered.failed(100, jitter=0).refresh_from == 160


def test_jitter_spreads_the_background_only() -> None:
    schedule = FetchSchedule(policy=KeyPolicy(refresh_after=3600, retry_with_keys=60))
    early, late = (schedule.succeeded(0, jitter=jitter, brought_key=True) for jitter in (0, 1))
    assert (early.refresh_from, late.refresh_from) == (3600, 4500)
    assert (early.trusted_until, early.paused_until) == (late.trusted_until, late.paused_until)
    assert (early.failed(0, jitter=0).refresh_from, early.failed(0, jitter=1).refresh_from) == (60, 75)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"issuers": ()}, "issuers is (); it must be a collection of at least one string"),
        ({"issuers": ISSUER}, f"issuers is {ISSUER!r}; it must be a collection of at least one string"),
        ({"issuers": [""]}, "issuers is ['']; it must be a collection of at least one string"),
        ({"issuers": [None]}, "issuers is [None]; it must be a collection of at least one string"),
        ({"client_ids": set[str]()}, "client_ids is set(); it must be a collection of at least one string"),
        ({"client_ids": CLIENT_ID}, f"client_ids is {CLIENT_ID!r}; it must be a collection of at least one string"),
        ({"audiences": "orders"}, "audiences is 'orders'; it must be a collection of strings"),
        ({"audiences": [""]}, "audiences is ['']; it must be a collection of strings"),
        ({"jwks_uri": "http://x.example"}, "jwks_uri is 'http://x.example'; it must be https, or http on this machine"),
        ({"jwks_uri": ""}, "jwks_uri is ''; it must be https, or http on this machine"),
        ({"leeway": 60.1}, "leeway is 60.1; it must be from 0 to 60 seconds"),
        ({"leeway": -1}, "leeway is -1; it must be from 0 to 60 seconds"),
        ({"leeway": float("nan")}, "leeway is nan; it must be from 0 to 60 seconds"),
        ({"max_token_bytes": 0}, "max_token_bytes must be at least 1, and remember at least 0"),
        ({"remember": -1}, "max_token_bytes must be at least 1, and remember at least 0"),
    ],
    ids=repr,
)
def test_settings_that_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        verifier(**changes)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("least", [{"leeway": 0}, {"max_token_bytes": 1}, {"remember": 0}], ids=repr)
def test_settings_that_are_just_accepted(least: dict[str, Any]) -> None:
    made = verifier(**least)
    assert {name: getattr(made, name) for name in least} == least


def test_nothing_that_is_compared_can_be_left_out() -> None:
    for missing in ("issuers", "client_ids", "jwks_uri"):
        given = {"issuers": {ISSUER}, "client_ids": {CLIENT_ID}, "jwks_uri": f"{ISSUER}/jwks.json"}
        del given[missing]
        with pytest.raises(TypeError, match=missing):
            TokenVerifier(**given)  # type: ignore[arg-type]  # what must not work
