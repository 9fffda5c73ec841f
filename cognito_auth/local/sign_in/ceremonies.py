"""Whether what a passkey says is true: new ones, and answers at a sign-in.

The cryptography is the package ``webauthn``'s, which takes a while to load: this module is imported when a passkey is used.
What a browser sent is a JSON text, and nothing of it is believed before it was checked here.

Source: https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Final, cast

from ...errors import MissingExtra

try:
    from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
    from webauthn.helpers import (
        bytes_to_base64url,
        parse_attestation_object,
        parse_authentication_credential_json,
        parse_registration_credential_json,
    )
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential
except ModuleNotFoundError as absent:
    raise MissingExtra("A passkey in the embedded user pool", "local") from absent

from ..base import faults
from ..store.records import Passkey
from .passkeys import ALGORITHMS
from .relying_party import RelyingParty

_ALGORITHMS: Final = [COSEAlgorithmIdentifier(number) for number in ALGORITHMS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new passkey, proved."""

    id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    attachment: str | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """A passkey's answer at a sign-in, not proved yet: which passkey it says it is of, and the user it says it is for."""

    id: str
    user_handle: bytes | None
    credential: AuthenticationCredential = field(repr=False)


def check_registration(party: RelyingParty, challenge: str, text: str) -> Registered:
    """The passkey of a ``RegistrationResponseJSON`` that answers ``challenge``, which is in base64url.

    Raises `Fault`: InvalidParameter for what is no such document, and what is wrong with one that is.
    """
    credential = _parsed(text)
    origin = _check_client_data(party, challenge, credential.response.client_data_json)
    try:
        found = parse_attestation_object(credential.response.attestation_object).auth_data
    except Exception:  # the parsers raise whatever the bytes make them raise
        raise faults.PASSKEY_UNSUPPORTED from None
    if not hmac.compare_digest(found.rp_id_hash, hashlib.sha256(party.id.encode()).digest()):
        raise faults.PASSKEY_PARTY
    try:
        proved = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=origin,
            require_user_verification=party.verifies_user,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception:  # as above, and whatever an attestation's certificates make them raise
        raise faults.PASSKEY_UNSUPPORTED from None
    attachment = credential.authenticator_attachment
    return Registered(
        id=bytes_to_base64url(proved.credential_id),
        public_key=bytes_to_base64url(proved.credential_public_key),
        sign_count=proved.sign_count,
        transports=tuple(each.value for each in credential.response.transports or ()),
        attachment=attachment.value if attachment else None,
    )


def read_assertion(text: str) -> Assertion | None:
    """The answer in an ``AuthenticationResponseJSON``; ``None`` for anything else."""
    try:
        credential = parse_authentication_credential_json(text)
    except Exception:  # the parsers raise whatever the text makes them raise
        return None
    return Assertion(bytes_to_base64url(credential.raw_id), credential.response.user_handle, credential)


def proved_count(party: RelyingParty, passkey: Passkey, challenge: str, assertion: Assertion) -> int | None:
    """The passkey's new counter, if the assertion is the passkey's answer to ``challenge``; ``None`` if it is not."""
    try:
        origin = _origin(assertion.credential.response.client_data_json)
        if not party.allows(origin):
            return None
        proved = verify_authentication_response(
            credential=assertion.credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=party.verifies_user,
        )
    except Exception:  # the package raises whatever the bytes make it raise; an answer that breaks it is no proof
        return None
    return proved.new_sign_count


def _check_client_data(party: RelyingParty, challenge: str, client_data: bytes) -> str:
    """The page's origin. Raises `Fault` for another challenge, and for an origin that is not the relying party's."""
    try:
        document = cast("dict[str, Any]", json.loads(client_data))
        answered, origin = document["challenge"], document["origin"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise faults.PASSKEY_FORM from None
    if answered != challenge:
        raise faults.PASSKEY_CHALLENGE
    if not party.allows(origin):
        raise faults.PASSKEY_ORIGIN
    return str(origin)


def _origin(client_data: bytes) -> str:
    return str(json.loads(client_data)["origin"])


def _parsed(text: str) -> RegistrationCredential:
    try:
        return parse_registration_credential_json(text)
    except Exception:  # the parsers raise whatever the text makes them raise
        raise faults.PASSKEY_FORM from None
