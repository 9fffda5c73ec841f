"""The Wycheproof vectors for JSON Web Signatures, for keys and key sets, and for RSA PKCS#1 v1.5 with SHA-256.

They are not part of the project: they are read from ``../shared/vectors/wycheproof``, as seen from its root, and where they
are not there every test here is skipped and says so. Each vector is a test of its own. `DEVIATIONS` is the whole list of what
is judged otherwise than a vector says, and why.

Their payloads are no Cognito claims, so the layers below the claims are asked whether a signature holds; and the whole verifier
is asked too, which lets none of them in, and refuses what is rightly signed for its payload alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth.errors import CognitoAuthError, SignatureInvalid, TokenError, TokenMalformed
from cognito_auth.tokens import KeyWanted
from cognito_auth.tokens.jws import check_signature, parse
from cognito_auth.tokens.keys import KeySet
from cognito_auth.tokens.trust import Trust
from tests.support.drive import World
from tests.support.requirements import skip_without
from tests.support.tokens import jwk, key_set, verifier

VECTORS: Final = Path(__file__).parents[2].joinpath("..", "shared", "vectors", "wycheproof").resolve()
SIGNATURES: Final = "json_web_signature_test.json"
CRYPTO: Final = "json_web_crypto_test.json"
KEYS: Final = "json_web_key_test.json"
RSA: Final = "rsa_signature_2048_sha256_test.json"

OTHER_ALGORITHM: Final = "valid, of another algorithm than RS256"
ENCRYPTED: Final = "valid, encrypted"
ACCEPTABLE: Final = "acceptable"
ROCA: Final = "invalid, for its key is of a family that can be factored"

DEVIATIONS: Final[Mapping[str, str]] = {
    OTHER_ALGORITHM: "refused: Cognito signs with RS256 alone, and what nobody needs is not there",
    ENCRYPTED: "refused: nothing is decrypted",
    ACCEPTABLE: "refused: an algorithm identifier without its NULL is not what RFC 8017, section 9.2, asks for",
    ROCA: "accepted: the traces of one maker's weak random numbers are not looked for in the keys that Cognito makes",
}


def vectors(name: str) -> list[Any]:
    """Every vector of a file with its group; where the files are not at hand, one of nothing, whose test is skipped."""
    if not VECTORS.is_dir():
        return [pytest.param({}, {}, id="absent")]
    return [
        pytest.param(group, case, id=f"{name[:-10]}-{case['tcId']}-{case['comment'].replace(' ', '-')}")
        for group in json.loads((VECTORS / name).read_text())["testGroups"]
        for case in group["tests"]
    ]


@pytest.fixture(autouse=True)
def at_hand() -> None:
    skip_without(VECTORS.is_dir(), "the Wycheproof vectors are not beside the project, in ../shared/vectors/wycheproof")


def entries_of(group: Mapping[str, Any]) -> list[Any]:
    key: dict[str, Any] = group.get("public") or group["private"]
    entries: list[Any] = key.get("keys", [key])
    return entries


def token_of(case: Mapping[str, Any]) -> str:
    """The token; of one in the JSON serialization, its text."""
    token: Any = case.get("jws", case.get("jwe"))
    return token if isinstance(token, str) else json.dumps(token)


def deviation(group: Mapping[str, Any], case: Mapping[str, Any]) -> str | None:
    """What in `DEVIATIONS` says that the vector is judged otherwise."""
    if case["comment"] == "rejectsKeyWithRocaVulnerability":
        return ROCA
    if case["result"] != "valid":
        return ACCEPTABLE if case["result"] == "acceptable" else None
    if "jwe" in case:
        return ENCRYPTED
    for_rs256 = any(entry["kty"] == "RSA" and entry.get("alg", "RS256") == "RS256" for entry in entries_of(group))
    return None if for_rs256 else OTHER_ALGORITHM


def holds(entries: list[Any], token: str) -> bool:
    """Whether header and signature hold under a key set of these entries."""
    try:
        header, signing_input, _, proof = parse(token)
        Trust(KeySet.parse(key_set(*entries)), remember=0).check_signature(header, signing_input, proof)
    except (CognitoAuthError, KeyWanted):
        return False
    return True


@pytest.mark.parametrize(("group", "case"), [*vectors(SIGNATURES), *vectors(CRYPTO), *vectors(KEYS)])
def test_signature_and_key(group: dict[str, Any], case: dict[str, Any]) -> None:
    valid = case["result"] == "valid"
    assert holds(entries_of(group), token_of(case)) == (valid if deviation(group, case) is None else not valid)


@pytest.mark.parametrize(("group", "case"), [*vectors(SIGNATURES), *vectors(CRYPTO), *vectors(KEYS)])
def test_the_whole_verifier(group: dict[str, Any], case: dict[str, Any]) -> None:
    entries, token = entries_of(group), token_of(case)
    with pytest.raises(TokenError) as raised:
        # With a key of ours beside those of the vector, so that there is a key set whatever they are.
        World(key_set(*entries, jwk("ours"))).run(verifier().access_token(token))
    by_its_payload = type(raised.value) is TokenMalformed and str(raised.value).startswith("the payload cannot be read")
    assert by_its_payload == holds(entries, token)


@pytest.mark.parametrize(("group", "case"), vectors(RSA))
def test_rsa(group: dict[str, Any], case: dict[str, Any]) -> None:
    """The signature check alone."""
    (key,) = KeySet.parse(key_set(group["keyJwk"])).by_kid.values()
    try:
        check_signature(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]), key)
        accepted = True
    except SignatureInvalid:
        accepted = False
    assert accepted == (case["result"] == "valid")


def test_every_deviation_occurs() -> None:
    found = {deviation(*vector.values) for name in (SIGNATURES, CRYPTO, KEYS) for vector in vectors(name)}
    acceptable = {ACCEPTABLE for vector in vectors(RSA) if vector.values[1]["result"] == "acceptable"}
    assert found | acceptable == {None, *DEVIATIONS}
