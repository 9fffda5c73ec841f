"""An authenticator in software, so that tests can register and use a passkey without a browser.

It stands for a browser and an authenticator together: options in, as the API gives them, and a credential out, as the API takes
it. Its keys are ES256, its attestation is ``none``, and it asks nobody: what a person would do is said when it is made, or
changed on it at any time.

Source: https://www.w3.org/TR/webauthn-3/, sections 5.8.1 and 6.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ..api.structure import Document
from ..errors import MissingExtra

_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04
_ATTESTED: Final = 0x40
_AAGUID: Final = bytes(16)
"""Of no make."""
_ID_BYTES: Final = 32
_COORDINATE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    id: bytes
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    relying_party_id: str
    user_handle: bytes


class SoftwareAuthenticator:
    """Makes passkeys and signs in with them, on a page of ``origin``.

    ``verifies_user`` says whether the person unlocks it, ``counts`` whether it counts how often it was used::

        authenticator = SoftwareAuthenticator("https://app.example.com")
        started = client.send(StartWebAuthnRegistration(access_token=token))
        credential = authenticator.create(started.credential_creation_options)
        client.send(CompleteWebAuthnRegistration(access_token=token, credential=credential))
    """

    def __init__(
        self,
        origin: str,
        *,
        verifies_user: bool = True,
        counts: bool = True,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.origin = origin
        self.verifies_user = verifies_user
        self.counts = counts
        self.count = 0
        """How often it was used; what a clone of it would not know."""
        self._random_bytes: Final = random_bytes
        self._keys: Final[list[_Key]] = []

    def create(self, options: Document) -> dict[str, Any]:
        """A new passkey, from a ``PublicKeyCredentialCreationOptionsJSON``: a ``RegistrationResponseJSON``.

        Raises `ValueError` when the options ask for something else than ES256, or exclude a passkey that is there.
        """
        if not any(each["alg"] == -7 for each in options["pubKeyCredParams"]):
            raise ValueError("the authenticator has ES256 only")
        known = {_encoded(key.id) for key in self._keys}
        if any(each["id"] in known for each in options.get("excludeCredentials", ())):
            raise ValueError("the authenticator has a passkey for this user already")
        key = _Key(
            id=self._random_bytes(_ID_BYTES),
            private=ec.generate_private_key(ec.SECP256R1()),
            relying_party_id=options["rp"]["id"],
            user_handle=_decoded(options["user"]["id"]),
        )
        self._keys.append(key)
        attested = _AAGUID + len(key.id).to_bytes(2) + key.id + _cose(key.private.public_key())
        data = self._data(key, _ATTESTED) + attested
        client_data = self._client_data("webauthn.create", options["challenge"])
        attestation = _cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return _credential(
            key, clientDataJSON=client_data, attestationObject=attestation, authenticatorData=data, transports=["internal"]
        )

    def get(self, options: str | Document) -> str:
        """The answer to ``CREDENTIAL_REQUEST_OPTIONS``, as it goes into ``CREDENTIAL``: an ``AuthenticationResponseJSON``.

        Raises `LookupError` when there is no passkey for them.
        """
        given: Mapping[str, Any] = json.loads(options) if isinstance(options, str) else options
        allowed = [each["id"] for each in given.get("allowCredentials", ())]
        fitting = (
            key for key in self._keys if key.relying_party_id == given["rpId"] and (not allowed or _encoded(key.id) in allowed)
        )
        key = next(fitting, None)
        if key is None:
            raise LookupError(f"the authenticator has no passkey for {given['rpId']}")
        self.count += 1
        data = self._data(key, 0)
        client_data = self._client_data("webauthn.get", given["challenge"])
        signature = key.private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        credential = _credential(
            key, clientDataJSON=client_data, authenticatorData=data, signature=signature, userHandle=key.user_handle
        )
        return json.dumps(credential, separators=(",", ":"))

    def _data(self, key: _Key, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies_user else 0)
        count = self.count if self.counts else 0
        return hashlib.sha256(key.relying_party_id.encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        document = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(document, separators=(",", ":")).encode()


def _credential(key: _Key, **response: bytes | list[str]) -> dict[str, Any]:
    written = {name: _encoded(value) if isinstance(value, bytes) else value for name, value in response.items()}
    return {
        "id": _encoded(key.id),
        "rawId": _encoded(key.id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": written,
    }


def _cose(public: ec.EllipticCurvePublicKey) -> bytes:
    """The key as COSE writes it (RFC 9053, section 7.1.1)."""
    numbers = public.public_numbers()
    x, y = (number.to_bytes(_COORDINATE_BYTES) for number in (numbers.x, numbers.y))
    return _cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def _cbor(value: Any) -> bytes:
    try:
        import cbor2
    except ModuleNotFoundError as absent:
        raise MissingExtra("The software authenticator", "local") from absent
    return cbor2.dumps(value)


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
