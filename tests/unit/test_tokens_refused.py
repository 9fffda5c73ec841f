"""Tokens that must be refused, each by the check that is there for it."""

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
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_auth.errors import (
    AlgorithmNotAllowed,
    ClaimInvalid,
    ClientMismatch,
    HeaderNotAllowed,
    IssuerMismatch,
    SignatureInvalid,
    TokenError,
    TokenExpired,
    TokenMalformed,
    TokenNotYetValid,
    TokenTooLarge,
    TokenUseMismatch,
    UnknownKey,
)
from cognito_auth.tokens import TokenVerifier
from tests.support.drive import World
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
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


CERTIFICATE: Final = base64.b64encode(b"0" * 300).decode()

FORM: Final = [
    Bad("empty", lambda: "", TokenMalformed),
    Bad("one-part", lambda: "abc", TokenMalformed),
    Bad("two-parts", edited(lambda head, payload, _: f"{head}.{payload}"), TokenMalformed),
    Bad("four-parts", lambda: good() + ".AAAA", TokenMalformed),
    Bad("five-parts-jwe", lambda: "eyJhbGciOiJSU0EtT0FFUCJ9.QUFB.QUFB.QUFB.QUFB", TokenMalformed),
    Bad("only-dots", lambda: "..", TokenMalformed),
    Bad("a-thousand-dots", lambda: "." * 1000, TokenMalformed),
    Bad("empty-header", edited(lambda _, payload, proof: f".{payload}.{proof}"), TokenMalformed),
    Bad("empty-payload-unsigned", edited(lambda head, _, proof: f"{head}..{proof}"), SignatureInvalid),
    Bad("empty-signature", edited(lambda head, payload, _: f"{head}.{payload}."), TokenMalformed),
    Bad("padded-header", edited(lambda head, payload, proof: f"{head}=.{payload}.{proof}"), TokenMalformed),
    Bad("padded-payload", padded_payload, TokenMalformed),
    Bad("padded-signature", lambda: good() + "==", TokenMalformed),
    Bad("respelled-payload", respelled_payload, TokenMalformed),
    Bad(
        "respelled-signature",
        edited(lambda head, payload, proof: f"{head}.{payload}.{other_last_character(proof)}"),
        TokenMalformed,
    ),
    Bad("impossible-length", edited(lambda head, payload, _: f"{head}.{payload}.A"), TokenMalformed),
    Bad("standard-alphabet", standard_alphabet, TokenMalformed),
    Bad("leading-space", lambda: " " + good(), TokenMalformed),
    Bad("trailing-newline", lambda: good() + "\n", TokenMalformed),
    Bad("newline-in-signature", signature_in_pieces(76, "\r\n"), TokenMalformed),
    Bad("space-around-dot", edited(lambda head, payload, proof: f"{head}. {payload}.{proof}"), TokenMalformed),
    Bad("nul-at-the-end", lambda: good() + "\0", TokenMalformed),
    Bad("nul-in-signature", signature_in_pieces(8, "\0"), TokenMalformed),
    Bad("percent-encoded", signature_in_pieces(8, "%41"), TokenMalformed),
    Bad("comma", lambda: good().replace(".", ","), TokenMalformed),
    Bad("bearer-left-in", lambda: f"Bearer {good()}", TokenMalformed),
    Bad("quoted", lambda: f'"{good()}"', TokenMalformed),
    Bad("non-ascii-letter", signature_in_pieces(8, "\u00e9"), TokenMalformed),
    Bad("full-width-letter", signature_in_pieces(8, "\uff21"), TokenMalformed),
    Bad("half-a-character", signature_in_pieces(8, "\ud800"), TokenMalformed),
    Bad("huge", lambda: signed(access_claims(**{"custom:blob": "x" * 20_000})), TokenTooLarge),
    Bad("huge-and-garbage", lambda: "A" * 20_000, TokenTooLarge),
    Bad("huge-header", with_header(padding="x" * 2000), TokenTooLarge),
    Bad("json-serialization", lambda: json.dumps({"payload": "e30", "signature": "AA"}), TokenMalformed),
]

JSON: Final = [
    Bad("header-is-not-json", lambda: signed(access_claims(), b"alg=RS256"), TokenMalformed),
    Bad("header-is-an-array", lambda: signed(access_claims(), compact([header()])), TokenMalformed),
    Bad("header-is-a-string", lambda: signed(access_claims(), b'"RS256"'), TokenMalformed),
    Bad("header-with-bom", lambda: signed(access_claims(), b"\xef\xbb\xbf" + compact(header())), TokenMalformed),
    Bad("header-in-utf-16", lambda: signed(access_claims(), compact(header()).decode().encode("utf-16")), TokenMalformed),
    Bad("header-twice", lambda: signed(access_claims(), compact(header()) * 2), TokenMalformed),
    Bad("header-alg-twice", with_header_member(b'"alg":"RS256"'), TokenMalformed),
    Bad("header-alg-twice-by-escape", with_header_member(rb'"\u0061lg":"none"'), TokenMalformed),
    Bad("header-member-twice-inside", with_header_member(b'"x":{"y":1,"y":2}'), TokenMalformed),
    Bad("header-nan", with_header_member(b'"x":NaN'), TokenMalformed),
    Bad("header-deep", with_header_member(b'"x":' + b"[" * 300 + b"]" * 300), TokenMalformed),
    Bad("payload-empty", lambda: signed(b""), TokenMalformed),
    Bad("payload-is-an-array", with_payload(compact([access_claims()])), TokenMalformed),
    Bad("payload-is-a-string", with_payload(b'"token"'), TokenMalformed),
    Bad("payload-is-a-number", with_payload(b"1800000000"), TokenMalformed),
    Bad("payload-is-null", with_payload(b"null"), TokenMalformed),
    Bad("payload-is-garbage", with_payload(b"\xff\xfe\xfd"), TokenMalformed),
    Bad("payload-with-bom", with_payload(b"\xef\xbb\xbf" + compact(access_claims())), TokenMalformed),
    Bad("payload-in-latin-1", with_payload(compact(access_claims()).replace(b'"ana"', b'"an\xe4"')), TokenMalformed),
    Bad("payload-overlong-utf-8", with_payload(compact(access_claims()).replace(b'"ana"', b'"an\xc1\xa1"')), TokenMalformed),
    Bad("payload-cut", with_payload(compact(access_claims())[:-1]), TokenMalformed),
    Bad("payload-and-more", with_payload(compact(access_claims()) + b"{}"), TokenMalformed),
    Bad("payload-after-a-form-feed", with_payload(b"\f" + compact(access_claims())), TokenMalformed),
    Bad("payload-after-a-no-break-space", with_payload(b"\xc2\xa0" + compact(access_claims())), TokenMalformed),
    Bad("payload-trailing-comma", with_payload(compact(access_claims())[:-1] + b",}"), TokenMalformed),
    Bad("payload-single-quotes", with_payload(compact(access_claims()).replace(b'"', b"'")), TokenMalformed),
    Bad("payload-comment", with_payload(b"/**/" + compact(access_claims())), TokenMalformed),
    Bad("payload-raw-control-character", with_member(b'"x":"a\nb"'), TokenMalformed),
    Bad("payload-exp-twice", with_member(b'"exp":9999999999'), TokenMalformed),
    Bad("payload-exp-twice-by-escape", with_member(rb'"\u0065xp":9999999999'), TokenMalformed),
    Bad("payload-member-twice-inside", with_member(b'"x":[{"y":1,"y":1}]'), TokenMalformed),
    Bad("payload-nan", with_member(b'"x":NaN'), TokenMalformed),
    Bad("payload-infinity", with_member(b'"x":Infinity'), TokenMalformed),
    Bad("payload-minus-infinity", with_member(b'"x":[-Infinity]'), TokenMalformed),
    Bad("payload-overflow", with_member(b'"x":1e999'), TokenMalformed),
    Bad("payload-half-a-character", with_member(rb'"x":"\ud83d"'), TokenMalformed),
    Bad("payload-half-a-character-in-a-name", with_member(rb'"\udc00":1'), TokenMalformed),
    Bad("payload-deep-arrays", with_member(b'"x":' + b"[" * 16 + b"]" * 16), TokenMalformed),
    Bad("payload-deep-objects", with_member(b'"x":' + b'{"y":' * 16 + b"1" + b"}" * 16), TokenMalformed),
    Bad("payload-deeper-than-the-stack", with_member(b'"x":' + b"[" * 5000 + b"]" * 5000), TokenMalformed),
    Bad("payload-deep-and-escaped", with_member(rb'"x":"\n","y":' + b"[" * 900 + b"]" * 900), TokenMalformed),
]

HEADER: Final = [
    Bad("alg-absent", with_header(alg=ABSENT), AlgorithmNotAllowed),
    Bad("alg-null", with_header(alg=None), AlgorithmNotAllowed),
    Bad("alg-none", with_header(alg="none"), AlgorithmNotAllowed),
    Bad("alg-None", with_header(alg="None"), AlgorithmNotAllowed),
    Bad("alg-none-and-any-signature", signed_as("none", lambda _: b"x"), AlgorithmNotAllowed),
    Bad("alg-rs256", with_header(alg="rs256"), AlgorithmNotAllowed),
    Bad("alg-with-a-space", with_header(alg="RS256 "), AlgorithmNotAllowed),
    Bad("alg-empty", with_header(alg=""), AlgorithmNotAllowed),
    Bad("alg-a-list", with_header(alg=["RS256"]), AlgorithmNotAllowed),
    Bad("alg-an-object", with_header(alg={"RS256": True}), AlgorithmNotAllowed),
    Bad("alg-true", with_header(alg=True), AlgorithmNotAllowed),
    Bad(
        "alg-HS256-with-the-public-key-as-pem",
        signed_as("HS256", hmac_with_public_key(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        AlgorithmNotAllowed,
    ),
    Bad(
        "alg-HS256-with-the-public-key-as-der",
        signed_as("HS256", hmac_with_public_key(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        AlgorithmNotAllowed,
    ),
    Bad("alg-HS256-with-an-empty-key", signed_as("HS256", lambda d: hmac.digest(b"", d, "sha256")), AlgorithmNotAllowed),
    Bad("alg-ES256", signed_as("ES256", elliptic), AlgorithmNotAllowed),
    Bad("alg-PS256", signed_as("PS256", pss), AlgorithmNotAllowed),
    Bad("alg-RS512", signed_as("RS512", sha512), AlgorithmNotAllowed),
    Bad("alg-RS256-but-PS256-signature", signed_as("RS256", pss), SignatureInvalid),
    Bad("alg-RS256-but-RS512-signature", signed_as("RS256", sha512), SignatureInvalid),
    Bad("kid-absent", with_header(kid=ABSENT), HeaderNotAllowed),
    Bad("kid-null", with_header(kid=None), HeaderNotAllowed),
    Bad("kid-empty", with_header(kid=""), HeaderNotAllowed),
    Bad("kid-a-number", with_header(kid=1), HeaderNotAllowed),
    Bad("kid-a-list", with_header(kid=[kid()]), HeaderNotAllowed),
    Bad("kid-too-long", with_header(kid="k" * 300), HeaderNotAllowed),
    Bad("kid-unknown", with_header(kid=kid("nobody")), UnknownKey),
    Bad("kid-with-a-space", with_header(kid=f"{kid()} "), UnknownKey),
    Bad("kid-a-path", with_header(kid="../../../../dev/null"), UnknownKey),
    Bad("kid-a-query", with_header(kid="' OR 1=1 --"), UnknownKey),
    Bad("jwk", own_key(jwk=jwk("stranger")), HeaderNotAllowed),
    Bad("jku", own_key(jku="https://stranger.example/jwks.json"), HeaderNotAllowed),
    Bad("x5u", own_key(x5u="https://stranger.example/cert.pem"), HeaderNotAllowed),
    Bad("x5c", own_key(x5c=[CERTIFICATE]), HeaderNotAllowed),
    Bad("x5t", with_header(x5t="AAAA"), HeaderNotAllowed),
    Bad("x5t#S256", with_header(**{"x5t#S256": "AAAA"}), HeaderNotAllowed),
    Bad("jwk-by-our-own-key", with_header(jwk=jwk()), HeaderNotAllowed),
    Bad("crit", with_header(crit=["exp"], exp=1), HeaderNotAllowed),
    Bad("crit-empty", with_header(crit=[]), HeaderNotAllowed),
    Bad("b64-false", with_header(b64=False), HeaderNotAllowed),
    Bad("b64-true", with_header(b64=True), HeaderNotAllowed),
    Bad("zip", with_header(zip="DEF"), HeaderNotAllowed),
    Bad("enc", with_header(enc="A256GCM"), HeaderNotAllowed),
    Bad("cty", with_header(cty="JWT"), HeaderNotAllowed),
    Bad("typ-other", with_header(typ="secevent+jwt"), HeaderNotAllowed),
    Bad("typ-a-list", with_header(typ=["JWT"]), HeaderNotAllowed),
    Bad("typ-null", with_header(typ=None), HeaderNotAllowed),
]

SIGNATURE: Final = [
    Bad("first-bit-flipped", flipped_bit(0), SignatureInvalid),
    Bad("last-bit-flipped", flipped_bit(-1), SignatureInvalid),
    Bad("signed-by-a-stranger", lambda: signed(access_claims(), key=private_key("stranger")), SignatureInvalid),
    Bad("kid-of-another-key", with_header(kid=kid("second")), SignatureInvalid),
    Bad("signature-of-zeros", resized_signature(lambda proof: bytes(len(proof))), SignatureInvalid),
    Bad("signature-of-one-byte", resized_signature(lambda _: b"\1"), SignatureInvalid),
    Bad("signature-shorter", resized_signature(lambda proof: proof[:-1]), SignatureInvalid),
    Bad("signature-longer", resized_signature(lambda proof: proof + b"\0"), SignatureInvalid),
    Bad("signature-longer-in-front", resized_signature(lambda proof: b"\0" + proof), SignatureInvalid),
    Bad("signature-twice", resized_signature(lambda proof: proof * 2), SignatureInvalid),
    Bad(
        "payload-of-another-token",
        edited(lambda head, _, proof: f"{head}.{base64url(compact(access_claims(username='root')))}.{proof}"),
        SignatureInvalid,
    ),
    Bad(
        "header-with-a-new-member",
        edited(lambda _, payload, proof: f"{base64url(compact(header(typ='JWT')))}.{payload}.{proof}"),
        SignatureInvalid,
    ),
    Bad(
        "signature-of-an-id-token",
        edited(lambda head, payload, _: f"{head}.{payload}.{signed(id_claims()).rpartition('.')[2]}"),
        SignatureInvalid,
    ),
]

CLAIMS: Final = [
    Bad("iss-absent", with_claims(iss=ABSENT), IssuerMismatch),
    Bad("iss-null", with_claims(iss=None), IssuerMismatch),
    Bad("iss-empty", with_claims(iss=""), IssuerMismatch),
    Bad("iss-a-list", with_claims(iss=[ISSUER]), IssuerMismatch),
    Bad("iss-an-object", with_claims(iss={ISSUER: 1}), IssuerMismatch),
    Bad("iss-foreign", with_claims(iss="https://stranger.example/pool"), IssuerMismatch),
    Bad("iss-of-another-pool", with_claims(iss=ISSUER[:-1] + "J"), IssuerMismatch),
    Bad("iss-of-another-region", with_claims(iss=ISSUER.replace("eu-west-1.", "us-east-1.")), IssuerMismatch),
    Bad("iss-with-a-slash", with_claims(iss=ISSUER + "/"), IssuerMismatch),
    Bad("iss-by-http", with_claims(iss=ISSUER.replace("https", "http")), IssuerMismatch),
    Bad("iss-in-capitals", with_claims(iss=ISSUER.upper()), IssuerMismatch),
    Bad("iss-with-a-suffix", with_claims(iss=ISSUER + ".stranger.example"), IssuerMismatch),
    Bad("iss-with-a-space", with_claims(iss=" " + ISSUER), IssuerMismatch),
    Bad("token-use-absent", with_claims(token_use=ABSENT), TokenUseMismatch),
    Bad("token-use-null", with_claims(token_use=None), TokenUseMismatch),
    Bad("token-use-refresh", with_claims(token_use="refresh"), TokenUseMismatch),
    Bad("token-use-in-capitals", with_claims(token_use="Access"), TokenUseMismatch),
    Bad("token-use-a-list", with_claims(token_use=["access"]), TokenUseMismatch),
    Bad("an-id-token", lambda: signed(id_claims()), TokenUseMismatch),
    Bad("an-id-token-with-client-id", with_id_claims(client_id=CLIENT_ID), TokenUseMismatch),
    Bad("client-id-absent", with_claims(client_id=ABSENT), ClientMismatch),
    Bad("client-id-null", with_claims(client_id=None), ClientMismatch),
    Bad("client-id-of-another-client", with_claims(client_id=OTHER_CLIENT), ClientMismatch),
    Bad("client-id-a-list", with_claims(client_id=[CLIENT_ID]), ClientMismatch),
    Bad("client-id-an-object", with_claims(client_id={CLIENT_ID: 1}), ClientMismatch),
    Bad("client-id-a-prefix", with_claims(client_id=CLIENT_ID[:-1]), ClientMismatch),
    Bad("client-id-in-capitals", with_claims(client_id=CLIENT_ID.upper()), ClientMismatch),
    Bad("aud-in-place-of-client-id", with_claims(client_id=ABSENT, aud=CLIENT_ID), ClientMismatch),
    Bad("aud-right-but-client-id-wrong", with_claims(client_id=OTHER_CLIENT, aud=CLIENT_ID), ClientMismatch),
    Bad("azp-in-place-of-client-id", with_claims(client_id=ABSENT, azp=CLIENT_ID), ClientMismatch),
    Bad("sub-absent", with_claims(sub=ABSENT), ClaimInvalid),
    Bad("sub-empty", with_claims(sub=""), ClaimInvalid),
    Bad("sub-a-number", with_claims(sub=7), ClaimInvalid),
    Bad("username-a-number", with_claims(username=7), ClaimInvalid),
    Bad("username-null", with_claims(username=None), ClaimInvalid),
    Bad("username-empty", with_claims(username=""), ClaimInvalid),
    Bad("groups-a-string", with_claims(**{"cognito:groups": "admin"}), ClaimInvalid),
    Bad("groups-an-object", with_claims(**{"cognito:groups": {"admin": True}}), ClaimInvalid),
    Bad("groups-null", with_claims(**{"cognito:groups": None}), ClaimInvalid),
    Bad("groups-of-numbers", with_claims(**{"cognito:groups": [1, 2]}), ClaimInvalid),
    Bad("groups-partly-strings", with_claims(**{"cognito:groups": ["admin", None]}), ClaimInvalid),
    Bad("groups-nested", with_claims(**{"cognito:groups": [["admin"]]}), ClaimInvalid),
    Bad("scope-a-list", with_claims(scope=["openid"]), ClaimInvalid),
    Bad("scope-null", with_claims(scope=None), ClaimInvalid),
    Bad("auth-time-a-string", with_claims(auth_time="1800000000"), ClaimInvalid),
    Bad("device-key-a-number", with_claims(device_key=1), ClaimInvalid),
    Bad("jti-a-number", with_claims(jti=1), ClaimInvalid),
    Bad("origin-jti-a-list", with_claims(origin_jti=[]), ClaimInvalid),
]

TIMES: Final = [
    Bad("exp-absent", with_claims(exp=ABSENT), ClaimInvalid),
    Bad("exp-null", with_claims(exp=None), ClaimInvalid),
    Bad("exp-a-string", with_claims(exp="1800003600"), ClaimInvalid),
    Bad("exp-true", with_claims(exp=True), ClaimInvalid),
    Bad("exp-a-list", with_claims(exp=[1800003600]), ClaimInvalid),
    Bad("exp-nan", exp_as(b"NaN"), TokenMalformed),
    Bad("exp-infinity", exp_as(b"Infinity"), TokenMalformed),
    Bad("exp-1e999", exp_as(b"1e999"), TokenMalformed),
    Bad("exp-of-5000-digits", exp_as(b"1" + b"0" * 4999), TokenMalformed),
    Bad("exp-of-400-digits", exp_as(b"1" + b"0" * 399), ClaimInvalid),
    Bad("exp-in-milliseconds", exp_as(b"1800003600000"), ClaimInvalid),
    Bad("exp-1e300", exp_as(b"1e300"), ClaimInvalid),
    Bad("exp-negative", with_claims(exp=-1), ClaimInvalid),
    Bad("exp-zero", with_claims(exp=0), TokenExpired),
    Bad("exp-past", with_claims(exp=int(NOW) - 31), TokenExpired),
    Bad("exp-exactly-the-leeway-ago", with_claims(exp=int(NOW) - 30), TokenExpired),
    Bad("nbf-future", with_claims(nbf=int(NOW) + 31), TokenNotYetValid),
    Bad("nbf-a-string", with_claims(nbf="0"), ClaimInvalid),
    Bad("nbf-null", with_claims(nbf=None), ClaimInvalid),
    Bad("nbf-true", with_claims(nbf=True), ClaimInvalid),
    Bad("iat-absent", with_claims(iat=ABSENT), ClaimInvalid),
    Bad("iat-null", with_claims(iat=None), ClaimInvalid),
    Bad("iat-true", with_claims(iat=True), ClaimInvalid),
    Bad("iat-a-string", with_claims(iat="1800000000"), ClaimInvalid),
    Bad("iat-negative", with_claims(iat=-1), ClaimInvalid),
    Bad("iat-future", with_claims(iat=int(NOW) + 31), TokenNotYetValid),
    Bad("iat-future-though-nbf-past", with_claims(iat=int(NOW) + 31, nbf=0), TokenNotYetValid),
    Bad("expired-and-not-yet-valid", with_claims(exp=int(NOW) - 90, nbf=int(NOW) + 90), TokenExpired),
]

ID_TOKENS: Final = [
    Bad("an-access-token", lambda: signed(access_claims()), TokenUseMismatch),
    Bad("an-access-token-with-aud", with_claims(aud=CLIENT_ID), TokenUseMismatch),
    Bad("aud-absent", with_id_claims(aud=ABSENT), ClientMismatch),
    Bad("aud-null", with_id_claims(aud=None), ClientMismatch),
    Bad("aud-a-list", with_id_claims(aud=[CLIENT_ID]), ClientMismatch),
    Bad("aud-a-list-of-two", with_id_claims(aud=[CLIENT_ID, OTHER_CLIENT]), ClientMismatch),
    Bad("aud-of-another-client", with_id_claims(aud=OTHER_CLIENT), ClientMismatch),
    Bad("client-id-in-place-of-aud", with_id_claims(aud=ABSENT, client_id=CLIENT_ID), ClientMismatch),
    Bad("iss-foreign", with_id_claims(iss="https://stranger.example"), IssuerMismatch),
    Bad("token-use-absent", with_id_claims(token_use=ABSENT), TokenUseMismatch),
    Bad("exp-absent", with_id_claims(exp=ABSENT), ClaimInvalid),
    Bad("exp-past", with_id_claims(exp=int(NOW) - 31), TokenExpired),
    Bad("username-absent", with_id_claims(**{"cognito:username": ABSENT}), ClaimInvalid),
    Bad("email-a-list", with_id_claims(email=["ana@example.com"]), ClaimInvalid),
    Bad("email-verified-a-string", with_id_claims(email_verified="true"), ClaimInvalid),
    Bad("email-verified-a-number", with_id_claims(email_verified=1), ClaimInvalid),
    Bad("nonce-a-number", with_id_claims(nonce=1), ClaimInvalid),
    Bad("groups-a-string", with_id_claims(**{"cognito:groups": "admin"}), ClaimInvalid),
]

EARLY: Final = (TokenMalformed, TokenTooLarge, AlgorithmNotAllowed, HeaderNotAllowed)
ACCESS_TOKENS: Final = [*FORM, *JSON, *HEADER, *SIGNATURE, *CLAIMS, *TIMES]


def table(cases: list[Bad]) -> list[Any]:
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.fixture(scope="module")
def world() -> World:
    return World(key_set(jwk(), jwk("second")))


@pytest.fixture(scope="module")
def loaded(world: World) -> TokenVerifier:
    """A verifier with keys that has seen a good token, and so remembers its header."""
    made = verifier()
    world.run(made.load_keys())
    made.check_access_token(signed(access_claims()), NOW)
    made.check_id_token(signed(id_claims()), NOW)
    return made


def refused_by(check: Callable[[], object], case: Bad, token: str) -> None:
    with pytest.raises(TokenError) as raised:
        check()
    assert type(raised.value) is case.error
    message = str(raised.value)
    assert len(message) < 500
    assert message.isprintable()
    pieces = [piece for piece in token.split(".") if len(piece) > 40]
    assert not any(piece in message for piece in pieces)


@pytest.mark.parametrize("case", table(ACCESS_TOKENS))
def test_bad_access_token(case: Bad, world: World, loaded: TokenVerifier) -> None:
    token = case.make()
    refused_by(lambda: world.run(loaded.access_token(token)), case, token)
    # Without any memory as well, and without keys: what is wrong in itself needs none.
    unprepared = World(key_set(jwk(), jwk("second")))
    refused_by(lambda: unprepared.run(verifier(remember=0).access_token(token)), case, token)


@pytest.mark.parametrize("case", table(ID_TOKENS))
def test_bad_id_token(case: Bad, world: World, loaded: TokenVerifier) -> None:
    token = case.make()
    refused_by(lambda: world.run(loaded.id_token(token)), case, token)


@pytest.mark.parametrize("case", table([case for case in [*FORM, *JSON, *HEADER] if case.error in EARLY]))
def test_wrong_in_itself_has_no_keys_fetched(case: Bad) -> None:
    world = World()
    refused_by(lambda: world.run(verifier().access_token(case.make())), case, "")
    # The payload alone is not read before its signature was checked, and that takes a key.
    assert len(world.fetches) == case.name.startswith("payload-")


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        (id_claims(), "this is an ID token; an access token is wanted here"),
        (access_claims(token_use="refresh"), "token_use is 'refresh', but must be 'access': an access token is wanted here"),
        (access_claims(iss="https://x.example"), f"iss is 'https://x.example', but must be '{ISSUER}' or '{NEW_ISSUER}'"),
        (access_claims(client_id="other"), f"client_id is 'other', but must be '{CLIENT_ID}'"),
        (access_claims(exp=int(NOW) - 100), "exp is 100 s ago, with 30 s of leeway"),
        (access_claims(iat=int(NOW) + 100), "iat is 100 s ahead, with 30 s of leeway"),
        (access_claims(nbf=int(NOW) + 100), "nbf is 100 s ahead, with 30 s of leeway"),
        (access_claims(sub=ABSENT), "sub is missing; it must be a string that is not empty"),
        (access_claims(scope=7), "scope is not valid; it must be a string"),
    ],
    ids=["use", "unknown-use", "issuer", "client", "exp", "iat", "nbf", "missing", "type"],
)
def test_messages_say_what_was_expected(claims: dict[str, Any], sentence: str, loaded: TokenVerifier) -> None:
    with pytest.raises(TokenError) as raised:
        loaded.check_access_token(signed(claims), NOW)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("abc", "a signed token has three parts, this has 1"),
        ("a.b.c.d.e", "five parts are an encrypted token, such as Cognito's refresh tokens"),
        ("a..c", "a part is not canonical base64url"),
        (".b.c", "a part is empty"),
    ],
    ids=["one", "five", "three", "empty"],
)
def test_messages_about_the_form(token: str, sentence: str, loaded: TokenVerifier) -> None:
    with pytest.raises(TokenMalformed, match=sentence):
        loaded.check_access_token(token, NOW)


def test_message_about_an_access_token_for_an_id_token(loaded: TokenVerifier) -> None:
    with pytest.raises(TokenUseMismatch, match="this is an access token; an ID token is wanted here"):
        loaded.check_id_token(signed(access_claims()), NOW)


def test_values_in_messages_are_escaped_and_cut(loaded: TokenVerifier) -> None:
    with pytest.raises(IssuerMismatch) as raised:
        loaded.check_access_token(signed(access_claims(iss="a\r\nSet-Cookie: x=1 " + "b" * 5000)), NOW)
    message = str(raised.value)
    assert message.isprintable()
    assert len(message) < 400
