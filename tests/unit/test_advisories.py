"""Past advisories of libraries that do what this one does: each attack once more, and that it fails here.

A test is named after its advisory, a row of a table likewise. Most are PyJWT's, which turns the numbers of a key set into keys
here and does nothing else: no token and no address ever reaches it.
"""

from __future__ import annotations

import hmac
import json
import tracemalloc
from collections.abc import Callable
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_auth.effects import Exchange, HttpResponse
from cognito_auth.errors import (
    AlgorithmNotAllowed,
    ConfigurationError,
    HeaderNotAllowed,
    IssuerMismatch,
    KeysUnavailable,
    SignatureInvalid,
    TokenError,
    TokenMalformed,
    TokenTooLarge,
    UnknownKey,
    UnsupportedMediaType,
)
from cognito_auth.exchange import fetch_key_set
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Sealer
from cognito_auth.sessions.seal import NONCE_BYTES
from cognito_auth.tokens.keys import KeySet
from cognito_auth.web.body import Member, read_body
from cognito_auth.web.http import Request
from tests.support.drive import World, loaded, unreachable
from tests.support.forged import Bad, Judges, edited, good, own_key, sha512, signed_as, table, with_claims, with_header
from tests.support.tokens import (
    CLIENT_ID,
    ISSUER,
    JWKS_URI,
    NOW,
    access_claims,
    base64url,
    compact,
    header,
    jwk,
    key_set,
    kid,
    private_key,
    signed,
    token_of,
    verifier,
)


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges.made()


def refused(token: str, error: type[TokenError], judges: Judges) -> None:
    judges.refuse_access_token(Bad("token", lambda: token, error))


# A public key taken for a shared secret, or a secret that is no secret. Nothing is verified with a secret here.


def public(encoding: Encoding, form: PublicFormat) -> bytes:
    return private_key().public_key().public_bytes(encoding, form)


def elliptic_public() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)


SECRETS: Final[dict[str, Callable[[], bytes]]] = {
    "CVE-2017-11424 of PyJWT": lambda: public(Encoding.PEM, PublicFormat.PKCS1),
    "CVE-2022-29217 of PyJWT": lambda: public(Encoding.OpenSSH, PublicFormat.OpenSSH),
    "CVE-2024-33663 of python-jose": elliptic_public,
    "CVE-2024-37568 of Authlib": lambda: public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
    "CVE-2026-48526 of PyJWT": lambda: json.dumps(jwk()).encode(),
    "CVE-2026-85394 of python-jose": lambda: public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "CVE-2026-102268 of PyJWT": lambda: public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).replace(b"\n", b"\r "),
    "CVE-2026-102271 of PyJWT": lambda: public(Encoding.DER, PublicFormat.PKCS1),
    "CVE-2026-102272 of PyJWT": lambda: b"\xef\xbb\xbf" + json.dumps(jwk()).encode(),
    "CVE-2026-102273 of PyJWT": key_set,
    "CVE-2026-49852 of joserfc, CVE-2026-102266 of PyJWT, CVE-2026-114616 of Authlib, CVE-2026-120459 of python-jose": bytes,
}


@pytest.mark.parametrize("name", SECRETS)
def test_what_everybody_knows_is_no_secret(name: str, judges: Judges) -> None:
    token = signed_as("HS256", lambda data: hmac.digest(SECRETS[name](), data, "sha256"))()
    refused(token, AlgorithmNotAllowed, judges)


@pytest.mark.parametrize(
    "entry", [{"kty": "oct", "k": ""}, {"kty": "oct", "k": "AAAA", "alg": "HS256"}], ids=["empty", "short"]
)
def test_cve_2026_102266_of_pyjwt(entry: dict[str, Any]) -> None:
    """Not even a key set brings a secret."""
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set({"kid": kid(), "use": "sig", **entry}))


# A signature that is not checked, or by a key that the token brings along


UNCHECKED: Final = [
    Bad(
        "CVE-2026-28802 of Authlib",
        edited(lambda _, payload, __: f"{base64url(compact(header(alg='none')))}.{payload}."),
        TokenMalformed,
    ),
    Bad("CVE-2026-27962 of Authlib", own_key(jwk=jwk("stranger")), HeaderNotAllowed),
    Bad("CVE-2018-0114 of node-jose", own_key(jwk=jwk("stranger"), kid=kid("stranger")), HeaderNotAllowed),
    Bad(
        "CVE-2022-39227 of python-jwt",
        edited(
            lambda head, payload, proof: json.dumps(
                {
                    f"{head}.{base64url(compact(access_claims(username='root')))}.": 1,
                    "protected": head,
                    "payload": payload,
                    "signature": proof,
                }
            )
        ),
        TokenMalformed,
    ),
]


@pytest.mark.parametrize("case", table(UNCHECKED))
def test_a_signature_by_nobody(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


def test_cve_2026_48523_of_pyjwt() -> None:
    """Token, key and verifier have one algorithm: a key for another is no key, whatever a header says."""
    world = World(key_set(jwk("second", alg="RS512"), jwk()))
    token = signed_as("RS256", sha512, kid=kid("second"))()
    with pytest.raises(UnknownKey):
        world.run(verifier().access_token(token))


def test_cve_2025_45768_of_pyjwt() -> None:
    """Keys have a lowest length, which nobody has to ask for."""
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set(jwk(key=private_key("short", bits=1024))))


def test_cve_2026_102275_of_pyjwt() -> None:
    """A key set's private halves are never used, so it does not matter whether they belong to the public ones."""
    okp = {"kty": "OKP", "crv": "Ed25519", "kid": kid(), "x": base64url(bytes(32)), "d": base64url(bytes(32))}
    stranger = base64url(private_key("stranger").private_numbers().d.to_bytes(256))
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set(okp, jwk("second", d=stranger)))


# Members that must be understood


CRITICAL: Final = [
    Bad("CVE-2025-59420 of Authlib", with_header(crit=["cnf"], cnf={"jkt": "AAAA"}), HeaderNotAllowed),
    Bad("CVE-2026-32597 of PyJWT", with_header(crit=["bork"], bork=True), HeaderNotAllowed),
    Bad("crit-that-names-what-is-known", with_header(crit=["exp"], exp=1), HeaderNotAllowed),
    Bad("crit-empty", with_header(crit=[]), HeaderNotAllowed),
    Bad("CVE-2026-48525 of PyJWT", with_header(crit=["b64"], b64=False), HeaderNotAllowed),
    Bad("CVE-2026-48990 of joserfc", with_header(b64=False), HeaderNotAllowed),
    Bad("b64-true", with_header(b64=True), HeaderNotAllowed),
]


@pytest.mark.parametrize("case", table(CRITICAL))
def test_extensions(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


# Encrypted tokens


def encrypted(**members: Any) -> Callable[[], str]:
    head = base64url(compact(header(**{"alg": "RSA-OAEP", "enc": "A256GCM", **members})))
    return lambda: ".".join([head, *[base64url(bytes(32))] * 4])


ENCRYPTED: Final = [
    Bad("CVE-2022-3102 of jwcrypto", encrypted(), TokenMalformed),
    Bad("CVE-2023-6681 of jwcrypto", encrypted(alg="PBES2-HS512+A256KW", p2c=2**31, p2s="AAAA"), TokenMalformed),
    Bad("CVE-2024-28102 of jwcrypto", encrypted(zip="DEF"), TokenMalformed),
    Bad("CVE-2024-33664 of python-jose", encrypted(zip="DEF", cty="JWT"), TokenMalformed),
    Bad("CVE-2025-62706 of Authlib", encrypted(zip="DEF", alg="dir"), TokenMalformed),
]


@pytest.mark.parametrize("case", table(ENCRYPTED))
def test_nothing_is_decrypted(case: Bad, judges: Judges) -> None:
    judges.refuse_access_token(case)


# Claims


@pytest.mark.parametrize("issuer", [ISSUER[:-1], ISSUER[1:], "https", "", [ISSUER], {ISSUER: 1}], ids=repr)
def test_cve_2024_53861_of_pyjwt(issuer: Any, judges: Judges) -> None:
    """Neither a part of the issuer nor something that contains it is the issuer; so fast-jwt's CVE-2025-30144 as well."""
    judges.refuse_access_token(Bad("iss", with_claims(iss=issuer), IssuerMismatch))


def test_cve_2026_103001_of_pyjwt() -> None:
    """What a verifier was set up with is its own: neither its caller nor an earlier token changes it."""
    issuers, client_ids = {ISSUER}, {CLIENT_ID}
    world = World()
    made = loaded(world, issuers=issuers, client_ids=client_ids)
    issuers.add("https://stranger.example")
    client_ids.add("other")
    for _ in range(2):
        for changes in ({"iss": "https://stranger.example"}, {"client_id": "other"}, {"exp": int(NOW) - 100}):
            with pytest.raises(TokenError):
                world.run(made.access_token(signed(access_claims(**changes))))
        assert world.run(made.access_token(good())).username == "ana"


# What is read, and how much of it


@pytest.mark.parametrize("appended", ["!!!!", "====", "\n", "%3D", "\0", "AAAA!"], ids=repr)
def test_cve_2026_102269_of_pyjwt(appended: str, judges: Judges) -> None:
    """A token has one spelling, so that a list of revoked ones cannot be passed by."""
    refused(good() + appended, TokenMalformed, judges)


NESTED: Final = b'{"alg":"RS256","x":' + b"[" * 700 + b"]" * 700 + b"}"


def test_cve_2026_102265_of_pyjwt(judges: Judges) -> None:
    """A header that is nested as deep as a header may be long, unsigned."""
    refused(f"{base64url(b'[' * 760)}.e30.AAAA", TokenMalformed, judges)
    refused(f"{base64url(NESTED)}.e30.AAAA", TokenTooLarge, judges)
    refused(f"{base64url(b'[' * 12_000)}.e30.AAAA", TokenTooLarge, judges)


def test_cve_2026_101918_of_pyjwt(judges: Judges) -> None:
    """A nested payload is not read before its signature was checked, and then not to its end."""
    deep = b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}"
    head, _, proof = good().split(".")
    refused(f"{head}.{base64url(deep)}.{proof}", SignatureInvalid, judges)
    refused(signed(deep), TokenMalformed, judges)


def test_cve_2025_61920_of_authlib(judges: Judges) -> None:
    head, payload, _ = good().split(".")
    refused(f"{'A' * 1028}.{payload}.AAAA", TokenTooLarge, judges)
    refused(f"{head}.{payload}.{'A' * 12_000}", SignatureInvalid, judges)
    refused(f"{head}.{payload}.{'A' * 20_000_000}", TokenTooLarge, judges)


def test_ghsa_9pg5_8c7x_5hfx_of_joserfc(judges: Judges) -> None:
    """A token that is too long is not even taken apart."""
    token = ".".join(["A" * 4_000_000] * 3)
    tracemalloc.start()
    with pytest.raises(TokenTooLarge):
        judges.verifier.check_access_token(token, NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_cve_2025_65015_of_joserfc(judges: Judges) -> None:
    """An error never carries along what was too long for reading, nor is it its cause."""
    token = f"{'A' * 20_000_000}.{'B' * 100}.{'C' * 100}"
    with pytest.raises(TokenTooLarge) as raised:
        judges.verifier.check_access_token(token, NOW)
    assert len(repr(raised.value)) < 200
    assert raised.value.__cause__ is raised.value.__context__ is None


# Key sets


@pytest.mark.parametrize(
    "uri",
    ["file:///etc/keys.json", "ftp://keys.example/jwks.json", "data:application/json,{}", "http://keys.example/jwks.json"],
)
def test_cve_2026_48522_of_pyjwt(uri: str) -> None:
    """Keys come by https, or from this machine."""
    with pytest.raises(ConfigurationError):
        verifier(jwks_uri=uri)
    with pytest.raises(KeysUnavailable):
        fetch_key_set(uri).send(None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_cve_2026_102267_of_pyjwt(status: int) -> None:
    """An answer that leads elsewhere is no answer, and nobody goes there."""
    flow = fetch_key_set(JWKS_URI)
    asked = flow.send(None)
    assert isinstance(asked, Exchange)
    assert asked.request.url == JWKS_URI
    with pytest.raises(KeysUnavailable):
        flow.send(HttpResponse(status=status, headers={"location": "https://stranger.example/jwks.json"}, body=key_set()))


@pytest.mark.parametrize("answer", [unreachable(), b"", b"<html>", b'{"keys":[]}'], ids=["silence", "empty", "html", "no keys"])
def test_cve_2026_48524_of_pyjwt(answer: bytes | Exception) -> None:
    """A fetch that fails costs no key that was good."""
    world = World()
    made = loaded(world)
    before = len(world.fetches)
    world.answer = answer
    world.advance(4500)
    for _ in range(3):
        assert world.run(made.access_token(token_of())).username == "ana"
        world.settle()
        world.advance(700)
    assert len(world.fetches) > before


def test_cve_2026_101917_of_pyjwt() -> None:
    """A hundred tokens that name keys that there never were, in a minute, cost at most five fetches and nobody's sign-in."""
    world = World()
    made = loaded(world)
    before = len(world.fetches)
    for number in range(100):
        with pytest.raises(UnknownKey):
            world.run(made.access_token(signed(access_claims(), header(kid=f"made-up-{number}"), private_key("stranger"))))
        assert world.run(made.access_token(token_of())).username == "ana"
        world.advance(0.4)
    assert len(world.fetches) - before <= 5


@pytest.mark.parametrize("modulus", ["", "AQAB", "!", "A" * 1366, None, 7], ids=repr)
def test_cve_2026_102274_of_pyjwt(modulus: Any) -> None:
    """A key that is malformed does not take the others with it."""
    assert list(KeySet.parse(key_set(jwk("second", n=modulus), jwk())).by_kid) == [kid()]


def test_cve_2026_102270_of_pyjwt() -> None:
    """No PEM is looked for: text that looks like much of one is no base64url, and that is the end of it."""
    looks_like_it = "-----BEGIN PUBLIC KEY-----" + "\r\n" * 100_000
    with pytest.raises(KeysUnavailable):
        KeySet.parse(key_set(jwk(n=looks_like_it)))


# Requests, cookies and seals


def test_cve_2021_32677_of_fastapi() -> None:
    """A form of another site can send JSON as plain text, without being asked beforehand; it is not read as JSON."""
    for media_type in (
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        request = Request(method="POST", scheme="https", headers=(("Content-Type", media_type),), body=b'{"name":"ana"}')
        with pytest.raises(UnsupportedMediaType):
            read_body(request, (Member("name"),))


def test_cve_2023_23934_of_werkzeug() -> None:
    """A cookie without a name, which a neighbouring site can set, is not read as the one that its value looks like."""
    request = Request(method="GET", scheme="https", headers=(("Cookie", "=__Host-cognito_auth.0=1.forged; theme=dark"),))
    assert CookiePolicy().read(request.cookies, secure=True) is None
    assert "__Host-cognito_auth.0" not in request.cookies


def test_cve_2025_47278_of_flask() -> None:
    """Of several secrets the first seals, so that the old ones can be dropped one day."""
    new, old = Secret("new-0123456789-abcdefghijklmnopqrstuvwxyz"), Secret("old-0123456789-abcdefghijklmnopqrstuvwxyz")
    sealed = Sealer([new, old]).seal(b"x", purpose="session", now=NOW, lifetime=60, nonce=bytes(NONCE_BYTES))
    assert Sealer([new]).open(sealed, purpose="session", now=NOW).content == b"x"
