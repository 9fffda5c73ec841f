"""The attacks of RFC 8725 (best current practices for JSON Web Tokens), one test for each of its sections.

Section 2 lists the threats, section 3 the practices against them; where both speak of one thing, one test is named after both.
Every token is made as an attacker would make it: with a signature that is right for what it claims to be.
"""

from __future__ import annotations

import hmac
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_auth.errors import (
    AlgorithmNotAllowed,
    ClaimInvalid,
    ClientMismatch,
    HeaderNotAllowed,
    IssuerMismatch,
    KeysUnavailable,
    SignatureInvalid,
    TokenMalformed,
    TokenUseMismatch,
    UnknownKey,
)
from cognito_auth.tokens.keys import KeySet
from tests.support.drive import World
from tests.support.forged import (
    OTHER_CLIENT,
    Bad,
    Judges,
    edited,
    elliptic,
    good,
    hmac_with_public_key,
    own_key,
    pss,
    sha512,
    signed_as,
    signed_with,
    table,
    with_claims,
    with_header,
    with_id_claims,
    with_payload,
)
from tests.support.tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    JWKS_URI,
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

STRANGER: Final = "https://stranger.example"


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges.made()


WEAK_SIGNATURES: Final = [
    Bad("alg-none", with_header(alg="none"), AlgorithmNotAllowed),
    Bad("alg-None", with_header(alg="None"), AlgorithmNotAllowed),
    Bad("alg-none-and-any-signature", signed_as("none", lambda _: b"x"), AlgorithmNotAllowed),
    Bad("alg-none-and-no-signature", lambda: f"{signed_as('none', lambda _: b'')()}", TokenMalformed),
    Bad(
        "alg-HS256-with-the-public-key-as-pem",
        signed_as("HS256", hmac_with_public_key(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        AlgorithmNotAllowed,
    ),
    Bad("no-signature-under-RS256", edited(lambda head, payload, _: f"{head}.{payload}."), TokenMalformed),
]


@pytest.mark.parametrize("case", table(WEAK_SIGNATURES))
def test_2_1_weak_signatures_and_insufficient_signature_validation(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


@pytest.mark.parametrize("secret", [b"", b"secret", kid().encode(), CLIENT_ID.encode()], ids=["empty", "word", "kid", "client"])
def test_2_2_weak_symmetric_keys(secret: bytes, judges: Judges) -> None:
    """No secret verifies a token, so none can be guessed."""
    made = signed_as("HS256", lambda data: hmac.digest(secret, data, "sha256"))
    judges.refuse_access_token(Bad("HS256", made, AlgorithmNotAllowed))


ENCRYPTED: Final = [
    Bad("five-parts", lambda: "eyJhbGciOiJSU0EtT0FFUCJ9.QUFB.QUFB.QUFB.QUFB", TokenMalformed),
    Bad("enc", with_header(enc="A256GCM"), HeaderNotAllowed),
    Bad("cty", with_header(cty="JWT"), HeaderNotAllowed),
    Bad("a-token-in-the-place-of-claims", lambda: signed(good().encode()), TokenMalformed),
]


@pytest.mark.parametrize("case", table(ENCRYPTED))
def test_2_3_incorrect_composition_of_encryption_and_signature(case: Bad, judges: Judges) -> None:
    """There is no second layer: nothing is decrypted, and nothing nested is unwrapped."""
    judges.refuse_access_token(case)


@pytest.mark.parametrize("value", ["DEF", "none", ""])
def test_2_4_and_3_6_no_compression(value: str, judges: Judges) -> None:
    judges.refuse_access_token(Bad("zip", with_header(zip=value), HeaderNotAllowed))


def test_2_5_elliptic_curves(judges: Judges) -> None:
    """No point of a token or a key set is ever used in arithmetic."""
    judges.refuse_access_token(Bad("ES256", signed_as("ES256", elliptic), AlgorithmNotAllowed))
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    point = {"kty": "EC", "crv": "P-256", "x": base64url(numbers.x.to_bytes(32)), "y": base64url(numbers.y.to_bytes(32))}
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set({"kid": kid(), "use": "sig", **point}))


def in_utf(name: str, document: object) -> bytes:
    return compact(document).decode().encode(name)


ENCODINGS: Final = [
    Bad("header-with-bom", lambda: signed(access_claims(), b"\xef\xbb\xbf" + compact(header())), TokenMalformed),
    Bad("header-in-utf-16", lambda: signed(access_claims(), in_utf("utf-16", header())), TokenMalformed),
    Bad("header-in-utf-32", lambda: signed(access_claims(), in_utf("utf-32-be", header())), TokenMalformed),
    Bad("payload-with-bom", with_payload(b"\xef\xbb\xbf" + compact(access_claims())), TokenMalformed),
    Bad("payload-in-utf-16", with_payload(in_utf("utf-16", access_claims())), TokenMalformed),
    Bad("payload-in-utf-16-without-bom", with_payload(in_utf("utf-16-le", access_claims())), TokenMalformed),
    Bad("payload-in-utf-32", with_payload(in_utf("utf-32", access_claims())), TokenMalformed),
    Bad("payload-in-latin-1", with_payload(compact(access_claims()).replace(b'"ana"', b'"an\xe4"')), TokenMalformed),
    Bad("payload-overlong-utf-8", with_payload(compact(access_claims()).replace(b'"ana"', b'"an\xc1\xa1"')), TokenMalformed),
]


@pytest.mark.parametrize("case", table(ENCODINGS))
def test_2_6_and_3_7_only_utf_8(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


SUBSTITUTED: Final = [
    Bad("for-another-client", with_claims(client_id=OTHER_CLIENT), ClientMismatch),
    Bad("from-another-pool", with_claims(iss=ISSUER[:-1] + "J"), IssuerMismatch),
    Bad("under-another-key", with_header(kid=kid("second")), SignatureInvalid),
    Bad(
        "with-the-payload-of-another",
        edited(lambda head, _, proof: f"{head}.{base64url(compact(access_claims(username='root')))}.{proof}"),
        SignatureInvalid,
    ),
]


@pytest.mark.parametrize("case", table(SUBSTITUTED))
def test_2_7_substitution_attacks(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


CONFUSED: Final = [
    Bad("an-id-token", lambda: signed(id_claims()), TokenUseMismatch),
    Bad("an-id-token-with-client-id", with_id_claims(client_id=CLIENT_ID), TokenUseMismatch),
    Bad("a-security-event", with_header(typ="secevent+jwt"), HeaderNotAllowed),
    Bad("a-logout-token", with_header(typ="logout+jwt"), HeaderNotAllowed),
    Bad("a-proof-of-possession", with_header(typ="dpop+jwt", jwk=jwk()), HeaderNotAllowed),
]
CONFUSED_ID_TOKENS: Final = [
    Bad("an-access-token", lambda: signed(access_claims()), TokenUseMismatch),
    Bad("an-access-token-with-aud", with_claims(aud=CLIENT_ID), TokenUseMismatch),
]


@pytest.mark.parametrize("case", table(CONFUSED))
def test_2_8_cross_jwt_confusion(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


@pytest.mark.parametrize("case", table(CONFUSED_ID_TOKENS))
def test_2_8_cross_jwt_confusion_of_id_tokens(case: Bad, judges: Judges) -> None:
    judges.refuse_id_token(case)


CERTIFICATE: Final = ["MIIB"]
INDIRECT: Final = [
    Bad("kid-a-path", with_header(kid="../../../../dev/null"), UnknownKey),
    Bad("kid-a-query", with_header(kid="' OR 1=1 --"), UnknownKey),
    Bad("kid-an-address", with_header(kid=f"{STRANGER}/jwks.json"), UnknownKey),
    Bad("jku", own_key(jku=f"{STRANGER}/jwks.json"), HeaderNotAllowed),
    Bad("jku-of-the-pool", with_header(jku=JWKS_URI), HeaderNotAllowed),
    Bad("x5u", own_key(x5u=f"{STRANGER}/cert.pem"), HeaderNotAllowed),
    Bad("x5c", own_key(x5c=CERTIFICATE), HeaderNotAllowed),
    Bad("jwk", own_key(jwk=jwk("stranger")), HeaderNotAllowed),
    Bad("jwk-of-the-pool", with_header(jwk=jwk()), HeaderNotAllowed),
]


@pytest.mark.parametrize("case", table(INDIRECT))
def test_2_9_and_3_10_received_claims_lead_nowhere(case: Bad, judges: Judges) -> None:
    """What a token says is compared, never looked up, opened or fetched: only the pool's own key set is asked."""
    judges.refuse_access_token(case)


ALGORITHMS: Final = [
    Bad("absent", with_header(alg=ABSENT), AlgorithmNotAllowed),
    Bad("null", with_header(alg=None), AlgorithmNotAllowed),
    Bad("rs256", with_header(alg="rs256"), AlgorithmNotAllowed),
    Bad("with-a-space", with_header(alg="RS256 "), AlgorithmNotAllowed),
    Bad("empty", with_header(alg=""), AlgorithmNotAllowed),
    Bad("a-list", with_header(alg=["RS256"]), AlgorithmNotAllowed),
    Bad("an-object", with_header(alg={"RS256": True}), AlgorithmNotAllowed),
    Bad("true", with_header(alg=True), AlgorithmNotAllowed),
    Bad("RS256-but-signed-by-PS256", signed_as("RS256", pss), SignatureInvalid),
    Bad("RS256-but-signed-by-RS512", signed_as("RS256", sha512), SignatureInvalid),
]


@pytest.mark.parametrize("case", table(ALGORITHMS))
def test_3_1_algorithm_verification(case: Bad, judges: Judges) -> None:
    """``alg`` is compared, and nothing but what it names is done with the key."""
    judges.refuse_access_token(case)


@pytest.mark.parametrize("algorithm", ["PS256", "RS512"])
def test_3_2_appropriate_algorithms(algorithm: str, judges: Judges) -> None:
    """Right signatures of algorithms that Cognito does not use: what nobody needs is not there."""
    made = signed_as(algorithm, {"PS256": pss, "RS512": sha512}[algorithm])
    judges.refuse_access_token(Bad(algorithm, made, AlgorithmNotAllowed))


def test_3_3_every_cryptographic_operation_is_validated(judges: Judges) -> None:
    """Not one byte of a signature may be wrong, however right the rest is."""
    head, payload, _ = good().split(".")
    proof = signature(f"{head}.{payload}")
    for position in range(len(proof)):
        changed = proof[:position] + bytes([proof[position] ^ 0x80]) + proof[position + 1 :]
        token = f"{head}.{payload}.{base64url(changed)}"
        with pytest.raises(SignatureInvalid):
            judges.verifier.check_access_token(token, judges.world.now)


def test_3_4_cryptographic_inputs() -> None:
    """Under an exponent of 1 the padded digest is its own signature, which anybody can write. Such a key is no key."""
    modulus = private_key().public_key().public_numbers().n
    weak = {**jwk(kid=kid("weak")), "e": base64url(b"\1")}
    head, payload = (base64url(compact(part)) for part in (header(kid=kid("weak")), access_claims()))
    padded = pow(int.from_bytes(signature(f"{head}.{payload}")), 65537, modulus).to_bytes(256)
    token = f"{head}.{payload}.{base64url(padded)}"
    with pytest.raises(UnknownKey):
        World(key_set(weak, jwk())).run(verifier().access_token(token))


def test_3_5_keys_with_sufficient_entropy() -> None:
    """A signature by a key that is too short counts for nothing, even if the pool's own set publishes the key."""
    short = private_key("short", bits=1024)
    token = signed(access_claims(), header(kid=kid("short")), short)
    with pytest.raises(UnknownKey):
        World(key_set(jwk("short", short), jwk())).run(verifier().access_token(token))


ISSUERS: Final = [
    Bad("our-issuer-but-another-pools-key", signed_with(private_key("stranger")), SignatureInvalid),
    Bad("our-key-but-another-issuer", with_claims(iss=f"{STRANGER}/pool"), IssuerMismatch),
    Bad("nobody", with_claims(sub=ABSENT), ClaimInvalid),
    Bad("an-empty-subject", with_claims(sub=""), ClaimInvalid),
]


@pytest.mark.parametrize("case", table(ISSUERS))
def test_3_8_issuer_and_subject(case: Bad, judges: Judges) -> None:
    """The issuer is ours and the key is the issuer's; either alone lets nobody in."""
    judges.refuse_access_token(case)


@pytest.mark.parametrize("audience", [OTHER_CLIENT, [CLIENT_ID, OTHER_CLIENT], f"{CLIENT_ID} {OTHER_CLIENT}"], ids=repr)
def test_3_9_audience(audience: Any, judges: Judges) -> None:
    judges.refuse_id_token(Bad("aud", with_id_claims(aud=audience), ClientMismatch))


def test_3_11_explicit_typing(judges: Judges) -> None:
    """Cognito sets no ``typ``; where there is one, it names an access token (RFC 9068) or any JWT."""
    for kind in ("JWT", "jwt", "at+jwt", ABSENT):
        assert judges.verifier.check_access_token(signed(access_claims(), header(typ=kind)), judges.world.now)
    for other in ("application/at+jwt", "at+jwt2", "id+jwt", ""):
        judges.refuse_access_token(Bad("typ", with_header(typ=other), HeaderNotAllowed))


@pytest.mark.parametrize("use", ["access", "id"])
def test_3_12_mutually_exclusive_validation_rules(use: str, judges: Judges) -> None:
    """A token that has every claim of both kinds is still of one kind only."""
    token = signed_parts(base64url(compact(header())), base64url(compact({**id_claims(), **access_claims(), "token_use": use})))
    checks = {"access": judges.verifier.check_access_token, "id": judges.verifier.check_id_token}
    assert checks.pop(use)(token, judges.world.now)
    (other,) = checks.values()
    with pytest.raises(TokenUseMismatch):
        other(token, judges.world.now)
