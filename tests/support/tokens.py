"""Makes keys, key sets and tokens for the tests: right ones, and wrong ones down to the single byte.

Nothing here uses the code under test: base64 and JSON are the standard library's, keys and signatures ``cryptography``'s.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import RSAAlgorithm

from cognito_auth.tokens import TokenVerifier

POOL_ID: Final = "eu-west-1_AbCdEfGhI"
ISSUER: Final = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}"
NEW_ISSUER: Final = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}"
JWKS_URI: Final = f"{ISSUER}/.well-known/jwks.json"
CLIENT_ID: Final = "1example23456789abcdefghij"
NOW: Final = 1_800_000_000.0
ABSENT: Final = object()
"""As the value of a change: leave the member out."""


_keys: Final[dict[tuple[str, int, int], RSAPrivateKey]] = {}


def private_key(name: str = "main", *, bits: int = 2048, exponent: int = 65537) -> RSAPrivateKey:
    """A key that is the same for the whole test run."""
    wanted = (name, bits, exponent)
    if wanted not in _keys:
        _keys[wanted] = generate_private_key(public_exponent=exponent, key_size=bits)
    return _keys[wanted]


def use_key(key: RSAPrivateKey, name: str = "main") -> None:
    """Have `private_key` give this key, which another process made, under its usual name."""
    _keys[name, 2048, 65537] = key


def kid(name: str = "main") -> str:
    """The name of a key as Cognito makes them: 44 characters of base64."""
    return base64.b64encode(name.encode().ljust(32, b".")).decode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def changed(members: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**members, **changes}.items() if value is not ABSENT}


def compact(value: object) -> bytes:
    """JSON without spaces, as Cognito writes it."""
    return json.dumps(value, separators=(",", ":")).encode()


def jwk(name: str = "main", key: RSAPrivateKey | None = None, **changes: Any) -> dict[str, Any]:
    """The public entry of a key, as Cognito publishes it."""
    numbers = RSAAlgorithm.to_jwk((key or private_key(name)).public_key(), as_dict=True)
    entry = {"alg": "RS256", "e": numbers["e"], "kid": kid(name), "kty": "RSA", "n": numbers["n"], "use": "sig"}
    return changed(entry, changes)


def key_set(*entries: object) -> bytes:
    """The body of a key set; without entries, the one that publishes the main key."""
    return compact({"keys": entries or (jwk(),)})


def header(**changes: Any) -> dict[str, Any]:
    return changed({"kid": kid(), "alg": "RS256"}, changes)


def access_claims(**changes: Any) -> dict[str, Any]:
    """The claims of an access token, as the service documents them."""
    claims: dict[str, Any] = {
        "sub": "a2b4c6d8-1111-4222-8333-444455556666",
        "cognito:groups": ["admin", "editors", "readers"],
        "iss": ISSUER,
        "version": 2,
        "client_id": CLIENT_ID,
        "origin_jti": "11111111-2222-4333-8444-555555555555",
        "event_id": "66666666-7777-4888-8999-aaaaaaaaaaaa",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin openid orders/read",
        "auth_time": int(NOW) - 60,
        "exp": int(NOW) + 3600,
        "iat": int(NOW) - 60,
        "jti": "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff",
        "username": "ana",
    }
    return changed(claims, changes)


def machine_claims(**changes: Any) -> dict[str, Any]:
    """The claims of a ``client_credentials`` token: no user, and the client stands for the subject."""
    absent = dict.fromkeys(("cognito:groups", "origin_jti", "event_id", "username"), ABSENT)
    return changed(access_claims(sub=CLIENT_ID, scope="orders/read orders/write", **absent), changes)


def id_claims(**changes: Any) -> dict[str, Any]:
    """The claims of an ID token, as the service documents them."""
    claims: dict[str, Any] = {
        "sub": "a2b4c6d8-1111-4222-8333-444455556666",
        "cognito:groups": ["admin"],
        "email_verified": True,
        "iss": ISSUER,
        "cognito:username": "ana",
        "email": "ana@example.com",
        "custom:team": "blue",
        "nonce": "n-0S6_WzA2Mj",
        "origin_jti": "11111111-2222-4333-8444-555555555555",
        "aud": CLIENT_ID,
        "identities": [{"userId": "1", "providerName": "Google", "issuer": None, "primary": "true"}],
        "token_use": "id",
        "auth_time": int(NOW) - 60,
        "exp": int(NOW) + 3600,
        "iat": int(NOW) - 60,
        "jti": "cccccccc-cccc-4ddd-8eee-ffffffffffff",
    }
    return changed(claims, changes)


def signature(signing_input: str | bytes, key: RSAPrivateKey | None = None) -> bytes:
    data = signing_input.encode() if isinstance(signing_input, str) else signing_input
    return (key or private_key()).sign(data, PKCS1v15(), SHA256())


def signed_parts(head: str, payload: str, key: RSAPrivateKey | None = None) -> str:
    """A token of these two parts, taken as they are, and a right signature over them."""
    signing_input = f"{head}.{payload}"
    return f"{signing_input}.{base64url(signature(signing_input, key))}"


def signed(
    claims: Mapping[str, Any] | bytes, head: Mapping[str, Any] | bytes | None = None, key: RSAPrivateKey | None = None
) -> str:
    """A token with a right signature. Bytes stand in the token as they are, whatever they are."""
    given = header() if head is None else head
    first, second = (base64url(part if isinstance(part, bytes) else compact(part)) for part in (given, claims))
    return signed_parts(first, second, key)


def token_of(name: str = "main", **changes: Any) -> str:
    """An access token that the named key signed, valid for a month."""
    month = 30 * 24 * 3600
    return signed(access_claims(exp=int(NOW) + month, **changes), header(kid=kid(name)), private_key(name))


def verifier(**options: Any) -> TokenVerifier:
    """A verifier for the tokens that are made here."""
    settings: dict[str, Any] = {"issuers": {ISSUER, NEW_ISSUER}, "client_ids": {CLIENT_ID}, "jwks_uri": JWKS_URI}
    return TokenVerifier(**settings | options)
