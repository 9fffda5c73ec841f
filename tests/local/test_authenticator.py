"""The authenticator in software, held against the package that verifies, without a pool."""

from __future__ import annotations

import json
from typing import Any, Final

import cbor2
import pytest
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import PublicKeyCredentialDescriptor
from webauthn.registration.verify_registration_response import VerifiedRegistration

from cognito_auth.local import SoftwareAuthenticator

ORIGIN: Final = "https://app.example.com"
PARTY: Final = "example.com"


def creation_options(**changes: Any) -> dict[str, Any]:
    made = generate_registration_options(rp_id=PARTY, rp_name="Example", user_name="ana", user_id=b"ana-1")
    options: dict[str, Any] = json.loads(options_to_json(made))
    return {**options, **changes}


def request_options(*credentials: str, party: str = PARTY) -> dict[str, Any]:
    allowed = [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in credentials]
    made = generate_authentication_options(rp_id=party, allow_credentials=allowed)
    options: dict[str, Any] = json.loads(options_to_json(made))
    return options


def registered(authenticator: SoftwareAuthenticator) -> tuple[dict[str, Any], VerifiedRegistration]:
    """A new passkey: the credential, and what the verifier finds in it."""
    options = creation_options()
    credential = authenticator.create(options)
    verified = verify_registration_response(
        credential=credential,
        expected_challenge=base64url_to_bytes(options["challenge"]),
        expected_rp_id=PARTY,
        expected_origin=ORIGIN,
        require_user_verification=authenticator.verifies_user,
    )
    return credential, verified


def used(authenticator: SoftwareAuthenticator, key: VerifiedRegistration, *, count: int = 0) -> VerifiedAuthentication:
    """A sign-in, as the verifier sees it."""
    options = request_options()
    return verify_authentication_response(
        credential=authenticator.get(json.dumps(options)),
        expected_challenge=base64url_to_bytes(options["challenge"]),
        expected_rp_id=PARTY,
        expected_origin=ORIGIN,
        credential_public_key=key.credential_public_key,
        credential_current_sign_count=count,
    )


@pytest.mark.parametrize("verifies", [True, False])
def test_a_passkey_is_made_and_used(verifies: bool) -> None:
    authenticator = SoftwareAuthenticator(ORIGIN, verifies_user=verifies)
    credential, key = registered(authenticator)
    assert key.user_verified is verifies
    assert base64url_to_bytes(credential["id"]) == key.credential_id
    assert json.loads(json.dumps(credential)) == credential
    found = used(authenticator, key)
    assert (found.credential_id, found.user_verified, found.new_sign_count) == (key.credential_id, verifies, 1)
    assert used(authenticator, key, count=1).new_sign_count == 2


def test_the_attestation_is_none() -> None:
    credential, _ = registered(SoftwareAuthenticator(ORIGIN))
    attestation = cbor2.loads(base64url_to_bytes(credential["response"]["attestationObject"]))
    assert (attestation["fmt"], attestation["attStmt"]) == ("none", {})
    assert attestation["authData"] == base64url_to_bytes(credential["response"]["authenticatorData"])


def test_one_that_does_not_count() -> None:
    authenticator = SoftwareAuthenticator(ORIGIN, counts=False)
    _, key = registered(authenticator)
    assert [used(authenticator, key).new_sign_count for _ in range(2)] == [0, 0]


def test_the_user_and_the_page_are_told() -> None:
    authenticator = SoftwareAuthenticator(ORIGIN)
    registered(authenticator)
    response = json.loads(authenticator.get(request_options()))["response"]
    assert base64url_to_bytes(response["userHandle"]) == b"ana-1"
    assert json.loads(base64url_to_bytes(response["clientDataJSON"]))["origin"] == ORIGIN


def test_the_right_one_of_several() -> None:
    authenticator = SoftwareAuthenticator(ORIGIN)
    first, second = (registered(authenticator)[0]["id"] for _ in range(2))
    assert first != second
    for options, expected in ((request_options(), first), (request_options(second), second)):
        assert json.loads(authenticator.get(options))["id"] == expected


def test_what_it_refuses() -> None:
    authenticator = SoftwareAuthenticator(ORIGIN)
    with pytest.raises(LookupError, match="no passkey for example"):
        authenticator.get(request_options())
    credential, _ = registered(authenticator)
    with pytest.raises(LookupError, match="no passkey for elsewhere"):
        authenticator.get(request_options(party="elsewhere.example"))
    with pytest.raises(LookupError):
        authenticator.get(request_options("AAAA"))
    excluded = [{"type": "public-key", "id": credential["id"]}]
    with pytest.raises(ValueError, match="has a passkey for this user already"):
        authenticator.create(creation_options(excludeCredentials=excluded))
    with pytest.raises(ValueError, match="ES256 only"):
        authenticator.create(creation_options(pubKeyCredParams=[{"type": "public-key", "alg": -257}]))


def test_its_keys_are_not_shown() -> None:
    authenticator = SoftwareAuthenticator(ORIGIN)
    registered(authenticator)
    assert "private" not in repr(vars(authenticator))
