"""Makes tokens that must be refused, and holds a check to refusing them by the error that says why."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_auth.errors import AlgorithmNotAllowed, HeaderNotAllowed, TokenError, TokenMalformed, TokenTooLarge
from cognito_auth.tokens import TokenVerifier

from .drive import World
from .tokens import (
    NOW,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    jwk,
    key_set,
    private_key,
    signature,
    signed,
    signed_parts,
    verifier,
)

Made: TypeAlias = Callable[[], str]

OTHER_CLIENT: Final = "2example23456789abcdefghij"


@dataclass(frozen=True)
class Bad:
    """A bad token, made when its test runs."""

    name: str
    make: Made
    error: type[TokenError]


# How they are made


def with_header(**changes: Any) -> Made:
    return lambda: signed(access_claims(), header(**changes))


def with_claims(**changes: Any) -> Made:
    return lambda: signed(access_claims(**changes))


def with_id_claims(**changes: Any) -> Made:
    return lambda: signed(id_claims(**changes))


def with_payload(payload: bytes) -> Made:
    return lambda: signed(payload)


def with_member(text: bytes) -> Made:
    """An access token with a piece of JSON put in before the last brace, as it is."""
    return lambda: signed(compact(access_claims())[:-1] + b"," + text + b"}")


def with_header_member(text: bytes) -> Made:
    return lambda: signed(access_claims(), compact(header())[:-1] + b"," + text + b"}")


def good() -> str:
    return signed(access_claims())


def edited(edit: Callable[[str, str, str], str]) -> Made:
    """Made of the three parts of a good token; the signature is no longer right unless the edit leaves them."""

    def make() -> str:
        return edit(*good().split("."))

    return make


def signed_as(algorithm: str, sign: Callable[[bytes], bytes], **changes: Any) -> Made:
    """A token whose signature is right for the algorithm that it names."""

    def make() -> str:
        parts = (compact(header(alg=algorithm, **changes)), compact(access_claims()))
        signing_input = ".".join(base64url(part) for part in parts)
        return f"{signing_input}.{base64url(sign(signing_input.encode()))}"

    return make


def hmac_with_public_key(encoding: Encoding, form: PublicFormat) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        secret = private_key().public_key().public_bytes(encoding, form)
        return hmac.digest(secret, data, hashlib.sha256)

    return sign


def pss(data: bytes) -> bytes:
    return private_key().sign(data, PSS(MGF1(SHA256()), 32), SHA256())


def sha512(data: bytes) -> bytes:
    return private_key().sign(data, PKCS1v15(), SHA512())


def elliptic(data: bytes) -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).sign(data, ec.ECDSA(SHA256()))


def own_key(**member: Any) -> Made:
    """Signed by a stranger's key, which the header brings along."""
    return lambda: signed(access_claims(), header(**member), private_key("stranger"))


def other_last_character(part: str) -> str:
    """The same bytes under another spelling: an unused bit of the last character is set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(part) % 4
    return part[:-1] + alphabet[alphabet.index(part[-1]) + 1]


def respelled_payload() -> str:
    claims = access_claims(username="anna")
    while len(part := base64url(compact(claims))) % 4 == 0:
        claims["username"] += "a"
    return signed_parts(base64url(compact(header())), other_last_character(part))


def padded_payload() -> str:
    payload = base64.urlsafe_b64encode(compact(access_claims(username="an"))).decode()
    assert payload.endswith("=")
    return signed_parts(base64url(compact(header())), payload)


def standard_alphabet() -> str:
    claims = access_claims(username="\u07ff\u07ff\u07ff~~~???")
    text = json.dumps(claims, ensure_ascii=False).encode()
    payload = base64.b64encode(text).decode().rstrip("=")
    assert "+" in payload or "/" in payload
    return signed_parts(base64url(compact(header())), payload)


def signature_in_pieces(position: int, piece: str) -> Made:
    return edited(lambda head, payload, proof: f"{head}.{payload}.{proof[:position]}{piece}{proof[position:]}")


def flipped_bit(byte: int) -> Made:
    def make() -> str:
        head, payload, _ = good().split(".")
        proof = bytearray(signature(f"{head}.{payload}"))
        proof[byte] ^= 1
        return f"{head}.{payload}.{base64url(bytes(proof))}"

    return make


def resized_signature(resize: Callable[[bytes], bytes]) -> Made:
    def make() -> str:
        head, payload, _ = good().split(".")
        return f"{head}.{payload}.{base64url(resize(signature(f'{head}.{payload}')))}"

    return make


def exp_as(text: bytes) -> Made:
    return lambda: signed(compact(access_claims()).replace(b"1800003600", text))


def signed_with(key: RSAPrivateKey, **changes: Any) -> Made:
    """A token under the main key's name that another key signed."""
    return lambda: signed(access_claims(), header(**changes), key)


# How they are refused

EARLY: Final = (TokenMalformed, TokenTooLarge, AlgorithmNotAllowed, HeaderNotAllowed)
"""Errors about what is wrong in a token itself: no key is needed, and none is fetched, to find it out."""


def table(cases: list[Bad]) -> list[Any]:
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    return [pytest.param(case, id=case.name) for case in cases]


@dataclass(frozen=True)
class Judges:
    """A verifier with keys that has seen good tokens, and so remembers their header; others are made on the way."""

    world: World
    verifier: TokenVerifier

    @classmethod
    def made(cls) -> Judges:
        world, made = World(_keys()), verifier()
        world.run(made.load_keys())
        made.check_access_token(signed(access_claims()), NOW)
        made.check_id_token(signed(id_claims()), NOW)
        return cls(world, made)

    def refuse_access_token(self, case: Bad) -> None:
        """Hold that the token is refused with the right error: by a verifier that is warm, and by one that is not.

        What is wrong in itself has no keys fetched.
        """
        token = case.make()
        refused_by(lambda: self.world.run(self.verifier.access_token(token)), case, token)
        unprepared = World(_keys())
        message = refused_by(lambda: unprepared.run(verifier(remember=0).access_token(token)), case, token)
        # The payload alone is not read before its signature was checked, and that takes a key.
        early = case.error in EARLY and not message.startswith("the payload")
        assert len(unprepared.fetches) == (not early)

    def refuse_id_token(self, case: Bad) -> None:
        token = case.make()
        refused_by(lambda: self.world.run(self.verifier.id_token(token)), case, token)


def _keys() -> bytes:
    return key_set(jwk(), jwk("second"))


def refused_by(check: Callable[[], object], case: Bad, token: str) -> str:
    """The message of the case's error, which ``check`` must raise: short, printable, and with no part of the token."""
    with pytest.raises(TokenError) as raised:
        check()
    assert type(raised.value) is case.error
    message = str(raised.value)
    assert len(message) < 500
    assert message.isprintable()
    pieces = [piece for piece in token.split(".") if len(piece) > 40]
    assert not any(piece in message for piece in pieces)
    return message
