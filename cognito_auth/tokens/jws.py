"""The compact form of a signed token (RFC 7515): its three parts, the rules for its header, its signature.

One algorithm, RS256. A header picks one of the keys that are known already; it never brings a key along, nor an address to get
one from (RFC 8725, sections 3.1 and 3.10). Knows nothing of what the payload means.
"""

from __future__ import annotations

import reprlib
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from .. import base64url
from ..errors import AlgorithmNotAllowed, HeaderNotAllowed, SignatureInvalid, TokenMalformed, TokenTooLarge
from .strict import read_object

MAX_HEADER_BYTES: Final = 1024
"""Cognito's headers have about 100. A header is read before the signature is checked, so reading it must be cheap."""
MAX_KID_LENGTH: Final = 256

_REFUSED_MEMBERS: Final = frozenset({"b64", "crit", "cty", "enc", "jku", "jwk", "x5c", "x5t", "x5t#S256", "x5u", "zip"})
_TYPES: Final = frozenset({"jwt", "at+jwt"})
_PADDING: Final = PKCS1v15()
_HASH: Final = SHA256()
_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def parse(token: str) -> tuple[bytes, bytes, bytes, bytes]:
    """Take a token apart: its header, what was signed, payload and signature, as they were sent.

    Nothing of it is to be trusted, and nothing is decoded yet: what its header gives away is to cost little. Raises
    `TokenMalformed`.
    """
    try:
        data = token.encode("ascii")
        header, payload, signature = data.split(b".", 3)
    except ValueError:
        raise _malformed(_fault(token)) from None
    if not header or not signature:
        raise _malformed("a part is empty")
    return header, data[: -len(signature) - 1], payload, signature


def _fault(token: str) -> str:
    parts = token.count(".") + 1
    if parts == 5:
        return "five parts are an encrypted token, such as Cognito's refresh tokens"
    if parts != 3:
        return f"a signed token has three parts, this has {parts}"
    return "a part is not canonical base64url: a character is none of its alphabet"


def _malformed(fault: str) -> TokenMalformed:
    return TokenMalformed(f"the token cannot be taken apart: {fault}")


def decode(part: bytes) -> bytes:
    """The bytes of a part. Raises `TokenMalformed`."""
    try:
        return base64url.decode(part)
    except ValueError as error:
        raise _malformed(f"a part is not canonical base64url: {error}") from None


def require_encoded(*parts: bytes) -> None:
    """Raises `TokenMalformed` unless all of them could be decoded."""
    try:
        for part in parts:
            base64url.require(part)
    except ValueError as error:
        raise _malformed(f"a part is not canonical base64url: {error}") from None


def key_id(header: bytes) -> str:
    """The ``kid`` of an encoded header, once every rule for headers was checked.

    Raises `TokenMalformed`, `TokenTooLarge`, `AlgorithmNotAllowed` or `HeaderNotAllowed`.
    """
    if len(header) > MAX_HEADER_BYTES:
        raise TokenTooLarge(f"the header is {len(header)} bytes long; at most {MAX_HEADER_BYTES} are read")
    try:
        members = read_object(base64url.decode(header))
    except ValueError as error:
        raise TokenMalformed(f"the header cannot be read: {error}") from None
    algorithm, kind, kid = members.get("alg"), members.get("typ", "JWT"), members.get("kid")
    if algorithm != "RS256":
        raise AlgorithmNotAllowed(f"alg is {shown(algorithm)}, but must be 'RS256'")
    if not _REFUSED_MEMBERS.isdisjoint(members):
        refused = sorted(_REFUSED_MEMBERS.intersection(members))
        raise HeaderNotAllowed(f"the header has {' and '.join(refused)}, which is never accepted")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise HeaderNotAllowed(f"typ is {shown(kind)}, but must be 'JWT', 'at+jwt' or left out")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_LENGTH:
        raise HeaderNotAllowed(f"kid is {shown(kid)}, but must be a string of 1 to {MAX_KID_LENGTH} characters")
    return kid


def check_signature(signing_input: bytes, signature: bytes, key: RSAPublicKey) -> None:
    """Raises `SignatureInvalid` unless ``key`` signed exactly this header and payload.

    Calls ``cryptography`` directly. PyJWT's ``RSAAlgorithm.verify`` makes the same call, but makes padding and hash anew for
    each token, which costs some two per cent.
    """
    try:
        key.verify(signature, signing_input, _PADDING, _HASH)
    except InvalidSignature:
        raise SignatureInvalid("the signature does not belong to this content and key") from None


def claims(payload: bytes) -> dict[str, Any]:
    """The members of a payload, everything inside them frozen. Raises `TokenMalformed`."""
    decoded = decode(payload)
    try:
        return read_object(decoded)
    except ValueError as error:
        # Without its cause, which may carry the whole text along.
        raise TokenMalformed(f"the payload cannot be read: {error}") from None


def shown(value: object) -> str:
    """A value that a stranger chose, as it may stand in a message: escaped and cut."""
    return _SHORT.repr(value)
