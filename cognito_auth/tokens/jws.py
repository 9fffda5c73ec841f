"""The compact form of a signed token (RFC 7515): its three parts, the rules for its header, its signature.

One algorithm, RS256. The header only ever picks one of the keys that are known already: it never brings one along, and names
no address (RFC 8725, sections 3.1 and 3.10). The payload stays bytes here, so that nobody reads claims of a token whose
signature was not checked.
"""

from __future__ import annotations

import reprlib
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from ..errors import AlgorithmNotAllowed, HeaderNotAllowed, SignatureInvalid, TokenMalformed, TokenTooLarge
from .strict import decode_base64url, decode_standard, read_object, to_standard

MAX_HEADER_BYTES: Final = 1024
"""Cognito's headers have about 100 bytes; more than this is not worth reading before the signature is checked."""
MAX_KID_LENGTH: Final = 256

_REFUSED_MEMBERS: Final = frozenset({"b64", "crit", "cty", "enc", "jku", "jwk", "x5c", "x5t", "x5t#S256", "x5u", "zip"})
_TYPES: Final = frozenset({"jwt", "at+jwt"})
_PADDING: Final = PKCS1v15()
_HASH: Final = SHA256()
_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def parse(token: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Take a token apart: the header as it was sent, what was signed, the payload and the signature decoded.

    Nothing in it is to be trusted. Raises `TokenMalformed`.
    """
    # The whole token changes its alphabet in one go, which is quicker than part by part.
    signed, _, signature = to_standard(token).rpartition(b".")
    header, _, payload = signed.partition(b".")
    if header and signature:
        try:
            return token[: len(header)], token[: len(signed)], decode_standard(payload), decode_standard(signature)
        except ValueError as error:
            raise TokenMalformed(f"{_parts(token)}, and not canonical base64url: {error}") from None
    raise TokenMalformed(_parts(token))


def key_id(header: bytes) -> str:
    """The ``kid`` of an encoded header, after every rule for headers was checked.

    Raises `TokenMalformed`, `TokenTooLarge`, `AlgorithmNotAllowed` or `HeaderNotAllowed`.
    """
    if len(header) > MAX_HEADER_BYTES:
        raise TokenTooLarge(f"the header is {len(header)} bytes long; at most {MAX_HEADER_BYTES} are read")
    try:
        members = read_object(decode_base64url(header))
    except ValueError as error:
        raise TokenMalformed(f"the header cannot be read: {error}") from None
    if members.get("alg") != "RS256":
        raise AlgorithmNotAllowed(f"alg is {shown(members.get('alg'))}; only 'RS256' is accepted")
    refused = sorted(_REFUSED_MEMBERS & members.keys())
    if refused:
        raise HeaderNotAllowed(f"the header has {', '.join(refused)}, which is never accepted")
    kind = members.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise HeaderNotAllowed(f"typ is {shown(kind)}; it may be left out, 'JWT' or 'at+jwt'")
    kid = members.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KID_LENGTH:
        raise HeaderNotAllowed(f"kid is {shown(kid)}; a string of 1 to {MAX_KID_LENGTH} characters must name the key")
    return kid


def check_signature(signing_input: bytes, signature: bytes, key: RSAPublicKey) -> None:
    """Raises `SignatureInvalid` unless ``key`` signed exactly this header and payload.

    Goes to ``cryptography`` directly, as PyJWT's ``RSAAlgorithm.verify`` does too, only without making a new padding and hash
    object for each token.
    """
    try:
        key.verify(signature, signing_input, _PADDING, _HASH)
    except InvalidSignature:
        raise SignatureInvalid("the signature does not belong to this content and key") from None


def claims(payload: bytes) -> dict[str, Any]:
    """The members of a decoded payload, frozen inside. Raises `TokenMalformed`."""
    try:
        return read_object(payload)
    except ValueError as error:
        # Without its cause, which may carry the whole text along.
        raise TokenMalformed(f"the payload cannot be read: {error}") from None


def shown(value: object) -> str:
    """A value that somebody else chose, as it may stand in a message: escaped and cut."""
    return _SHORT.repr(value)
