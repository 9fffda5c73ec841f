"""A session as few bytes, so that one cookie holds it.

Tokens are base64url (RFC 7515, section 2; RFC 7516, section 3), which makes three bytes of four characters: their segments are
decoded. JSON among them is compressed, all of it together, since access and ID token say much the same; signatures and
ciphertext cannot be. The form is: a version, the compressed part, the rest. The compressed part begins with a JSON document of
the session's other members and the shape of each token.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

from .. import base64url
from ..api.wire import from_wire, to_wire
from ..errors import SealError
from .session import Session

_VERSION: Final = b"\x02"
_TOKENS: Final = ("AccessToken", "IdToken", "RefreshToken")
_MAX_UNPACKED: Final = 1 << 18
DICTIONARY: Final = (
    b'{"kid":"","alg":"RS256"}{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}'
    b'"address":{"formatted":"},"family_name":","given_name":","name":","phone_number":"+","phone_number_verified":true,'
    b'"identities":[{"providerName":","userId":","providerType":","issuer":null,"primary":"true","dateCreated":"}],'
    b'"cognito:preferred_role":"arn:aws:iam::","cognito:roles":["],"custom:","aud":","email_verified":true,"email":"@'
    b'"cognito:username":","device_key":"us-east-1_eu-west-1_","event_id":","token_use":"id","token_use":"access",'
    b'"scope":"aws.cognito.signin.user.admin openid profile email","auth_time":1,"exp":1,"iat":1,"jti":","username":"'
    b'"iss":"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_eu-west-1_","client_id":","origin_jti":"'
    b'{"sub":"","cognito:groups":["'
)
"""What tokens are made of, the most frequent last: to begin with, the compressor knows this (RFC 1950, section 2.2)."""

Shape = list[int] | str | None
"""A token's segments by their lengths, those that are not compressed as negative numbers; or the token itself."""


def pack(session: Session) -> bytes:
    """The session as bytes to be sealed."""
    document = to_wire(session)
    tokens: dict[str, Any] = document["Tokens"]
    texts, rest, shapes = bytearray(), bytearray(), list[Shape]()
    for name in _TOKENS:
        token: str | None = tokens.pop(name, None)
        segments = _segments(token) if token is not None else None
        if segments is None:
            shapes.append(token)
            continue
        shapes.append([len(segment) if _is_text(segment) else -len(segment) for segment in segments])
        for segment in segments:
            (texts if _is_text(segment) else rest).extend(segment)
    head = json.dumps([document, shapes], separators=(",", ":"), ensure_ascii=False).encode()
    compressor = zlib.compressobj(zdict=DICTIONARY)
    packed = compressor.compress(len(head).to_bytes(4) + head + bytes(texts)) + compressor.flush()
    return _VERSION + packed + bytes(rest)


def unpack(content: bytes) -> Session:
    """The session in an opened seal; raises `SealError` for bytes that are none, as another version may have left."""
    if content[:1] != _VERSION:
        raise SealError("holds a session of another version")
    try:
        unpacking = zlib.decompressobj(zdict=DICTIONARY)
        texts = unpacking.decompress(content[1:], _MAX_UNPACKED)
        if not unpacking.eof:
            raise SealError("holds more than a session, or less")
        start = 4 + int.from_bytes(texts[:4])
        document, shapes = json.loads(texts[4:start])
        tokens = _tokens(shapes, texts[start:], unpacking.unused_data)
        document["Tokens"].update({name: token for name, token in zip(_TOKENS, tokens, strict=True) if token is not None})
        return from_wire(Session, document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error) as error:
        raise SealError("holds no session") from error


def _segments(token: str) -> list[bytes] | None:
    """The token's segments, decoded; ``None`` where they are not the one form that their bytes have."""
    try:
        return [base64url.decode(part) for part in token.encode("ascii").split(b".")]
    except ValueError:
        return None


def _is_text(segment: bytes) -> bool:
    return segment[:1] == b"{" or not segment


def _tokens(shapes: Any, texts: bytes, rest: bytes) -> list[str | None]:
    """The tokens of these shapes; raises `SealError` when the bytes are not just theirs."""
    tokens: list[str | None] = []
    text_at = rest_at = 0
    known: list[Shape] = shapes
    for shape in known:
        if not isinstance(shape, list):
            tokens.append(shape)
            continue
        segments: list[bytes] = []
        for length in shape:
            if length < 0:
                segments.append(rest[rest_at : rest_at - length])
                rest_at -= length
            else:
                segments.append(texts[text_at : text_at + length])
                text_at += length
        tokens.append(base64url.encode(*segments))
    if (text_at, rest_at) != (len(texts), len(rest)):
        raise SealError("holds more than a session, or less")
    return tokens
