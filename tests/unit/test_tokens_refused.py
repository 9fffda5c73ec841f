"""Tokens that must be refused, each by the check that is there for it.

Those that RFC 8725 warns of are in `test_rfc8725`, and those of past advisories in `test_advisories`.
"""

from __future__ import annotations

import json
from typing import Final

import pytest

from cognito_auth.errors import (
    AudienceMismatch,
    ClaimInvalid,
    ClientMismatch,
    HeaderNotAllowed,
    IssuerMismatch,
    SignatureInvalid,
    TokenExpired,
    TokenMalformed,
    TokenNotYetValid,
    TokenTooLarge,
    TokenUseMismatch,
    UnknownKey,
)
from cognito_auth.tokens import TokenVerifier
from tests.support.forged import (
    OTHER_CLIENT,
    Bad,
    Judges,
    edited,
    exp_as,
    flipped_bit,
    good,
    other_last_character,
    padded_payload,
    resized_signature,
    respelled_payload,
    signature_in_pieces,
    standard_alphabet,
    table,
    with_claims,
    with_header,
    with_header_member,
    with_id_claims,
    with_member,
    with_payload,
)
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    NOW,
    access_claims,
    base64url,
    compact,
    header,
    id_claims,
    kid,
    private_key,
    signed,
)

FORM: Final = [
    Bad("empty", lambda: "", TokenMalformed),
    Bad("one-part", lambda: "abc", TokenMalformed),
    Bad("two-parts", edited(lambda head, payload, _: f"{head}.{payload}"), TokenMalformed),
    Bad("four-parts", lambda: good() + ".AAAA", TokenMalformed),
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
    Bad("kid-absent", with_header(kid=ABSENT), HeaderNotAllowed),
    Bad("kid-null", with_header(kid=None), HeaderNotAllowed),
    Bad("kid-empty", with_header(kid=""), HeaderNotAllowed),
    Bad("kid-a-number", with_header(kid=1), HeaderNotAllowed),
    Bad("kid-a-list", with_header(kid=[kid()]), HeaderNotAllowed),
    Bad("kid-too-long", with_header(kid="k" * 300), HeaderNotAllowed),
    Bad("kid-unknown", with_header(kid=kid("nobody")), UnknownKey),
    Bad("kid-with-a-space", with_header(kid=f"{kid()} "), UnknownKey),
    Bad("x5t", with_header(x5t="AAAA"), HeaderNotAllowed),
    Bad("x5t#S256", with_header(**{"x5t#S256": "AAAA"}), HeaderNotAllowed),
    Bad("typ-a-list", with_header(typ=["JWT"]), HeaderNotAllowed),
    Bad("typ-null", with_header(typ=None), HeaderNotAllowed),
]

SIGNATURE: Final = [
    Bad("first-bit-flipped", flipped_bit(0), SignatureInvalid),
    Bad("last-bit-flipped", flipped_bit(-1), SignatureInvalid),
    Bad("signed-by-a-stranger", lambda: signed(access_claims(), key=private_key("stranger")), SignatureInvalid),
    Bad("signature-of-zeros", resized_signature(lambda proof: bytes(len(proof))), SignatureInvalid),
    Bad("signature-of-one-byte", resized_signature(lambda _: b"\1"), SignatureInvalid),
    Bad("signature-shorter", resized_signature(lambda proof: proof[:-1]), SignatureInvalid),
    Bad("signature-longer", resized_signature(lambda proof: proof + b"\0"), SignatureInvalid),
    Bad("signature-longer-in-front", resized_signature(lambda proof: b"\0" + proof), SignatureInvalid),
    Bad("signature-twice", resized_signature(lambda proof: proof * 2), SignatureInvalid),
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
    Bad("client-id-absent", with_claims(client_id=ABSENT), ClientMismatch),
    Bad("client-id-null", with_claims(client_id=None), ClientMismatch),
    Bad("client-id-a-list", with_claims(client_id=[CLIENT_ID]), ClientMismatch),
    Bad("client-id-an-object", with_claims(client_id={CLIENT_ID: 1}), ClientMismatch),
    Bad("client-id-a-prefix", with_claims(client_id=CLIENT_ID[:-1]), ClientMismatch),
    Bad("client-id-in-capitals", with_claims(client_id=CLIENT_ID.upper()), ClientMismatch),
    Bad("aud-in-place-of-client-id", with_claims(client_id=ABSENT, aud=CLIENT_ID), ClientMismatch),
    Bad("aud-right-but-client-id-wrong", with_claims(client_id=OTHER_CLIENT, aud=CLIENT_ID), ClientMismatch),
    Bad("aud-of-another-server", with_claims(aud="https://orders.example"), AudienceMismatch),
    Bad("aud-of-another-client", with_claims(aud=OTHER_CLIENT), AudienceMismatch),
    Bad("aud-null", with_claims(aud=None), AudienceMismatch),
    Bad("aud-empty", with_claims(aud=""), AudienceMismatch),
    Bad("aud-a-list", with_claims(aud=[CLIENT_ID]), AudienceMismatch),
    Bad("aud-an-object", with_claims(aud={CLIENT_ID: 1}), AudienceMismatch),
    Bad("aud-and-a-suffix", with_claims(aud=f"{CLIENT_ID} {OTHER_CLIENT}"), AudienceMismatch),
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
    Bad("aud-absent", with_id_claims(aud=ABSENT), ClientMismatch),
    Bad("aud-null", with_id_claims(aud=None), ClientMismatch),
    Bad("aud-a-list", with_id_claims(aud=[CLIENT_ID]), ClientMismatch),
    Bad("aud-a-list-of-two", with_id_claims(aud=[CLIENT_ID, OTHER_CLIENT]), ClientMismatch),
    Bad("client-id-in-place-of-aud", with_id_claims(aud=ABSENT, client_id=CLIENT_ID), ClientMismatch),
    Bad("iss-foreign", with_id_claims(iss="https://stranger.example"), IssuerMismatch),
    Bad("token-use-absent", with_id_claims(token_use=ABSENT), TokenUseMismatch),
    Bad("exp-absent", with_id_claims(exp=ABSENT), ClaimInvalid),
    Bad("exp-past", with_id_claims(exp=int(NOW) - 31), TokenExpired),
    Bad("sub-of-nobody", with_id_claims(sub=ABSENT), ClaimInvalid),
    Bad("username-absent", with_id_claims(**{"cognito:username": ABSENT}), ClaimInvalid),
    Bad("email-a-list", with_id_claims(email=["ana@example.com"]), ClaimInvalid),
    Bad("email-verified-a-string", with_id_claims(email_verified="true"), ClaimInvalid),
    Bad("email-verified-a-number", with_id_claims(email_verified=1), ClaimInvalid),
    Bad("nonce-a-number", with_id_claims(nonce=1), ClaimInvalid),
    Bad("groups-a-string", with_id_claims(**{"cognito:groups": "admin"}), ClaimInvalid),
]

ACCESS_TOKENS: Final = [*FORM, *JSON, *HEADER, *SIGNATURE, *CLAIMS, *TIMES]


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges.made()


@pytest.fixture(scope="module")
def loaded(judges: Judges) -> TokenVerifier:
    return judges.verifier


@pytest.mark.parametrize("case", table(ACCESS_TOKENS))
def test_bad_access_token(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


@pytest.mark.parametrize("case", table(ID_TOKENS))
def test_bad_id_token(case: Bad, judges: Judges) -> None:
    judges.refuse_id_token(case)
