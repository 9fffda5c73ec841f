"""Sessions with tokens as long, and as hard to compress, as Cognito's."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from typing import Any

from cognito_auth.sessions import Session
from cognito_auth.states import Tokens


def encode(segment: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(segment).rstrip(b"=").decode()


def jwt(length: int, random_bytes: random.Random, **claims: Any) -> str:
    """A token of about this length: a JWT with a signature of RSA-2048."""
    header = json.dumps({"kid": encode(random_bytes.randbytes(32)), "alg": "RS256"}, separators=(",", ":")).encode()
    signature = encode(random_bytes.randbytes(256))
    filler = 0
    while True:
        payload = json.dumps({**claims, "custom:notes": "x" * filler}, separators=(",", ":")).encode()
        token = f"{encode(header)}.{encode(payload)}.{signature}"
        if len(token) >= length:
            return token
        filler += 1


def uuid(random_bytes: random.Random) -> str:
    text = random_bytes.randbytes(16).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def realistic(seed: int) -> Session:
    """A session as Cognito makes them: access token 1.2 kB, ID token 1.4 kB, encrypted refresh token 1.8 kB."""
    chance = random.Random(seed)
    sub, event_id, origin = uuid(chance), uuid(chance), uuid(chance)
    common = {
        "sub": sub,
        "cognito:groups": [encode(chance.randbytes(9)) for _ in range(4)],
        "iss": f"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_{encode(chance.randbytes(6))}",
        "origin_jti": origin,
        "event_id": event_id,
        "auth_time": 1_772_942_706,
        "exp": 1_772_946_306,
        "iat": 1_772_942_706,
    }
    client_id = chance.randbytes(13).hex()
    access = {"client_id": client_id, "token_use": "access", "scope": "aws.cognito.signin.user.admin", "username": sub}
    identity = {
        "aud": client_id,
        "token_use": "id",
        "email_verified": True,
        "cognito:username": sub,
        "email": "ana@example.com",
    }
    header = json.dumps({"cty": "JWT", "enc": "A256GCM", "alg": "RSA-OAEP"}, separators=(",", ":")).encode()
    refresh = [header, *(chance.randbytes(size) for size in (256, 12, 1010, 16))]
    tokens = Tokens(
        access_token=jwt(1200, chance, **common, **access, jti=uuid(chance)),
        id_token=jwt(1400, chance, **common, **identity, jti=uuid(chance)),
        refresh_token=".".join(map(encode, refresh)),
    )
    return Session(username=sub, tokens=tokens, proofs=("PASSWORD", "SOFTWARE_TOKEN_MFA"))
