"""Ways to verify an access token: this library's, other libraries', and the floor that they all stand on.

Each is a function of the token that gives anything when the token is good and raises when it is not. Where a library fetches
keys, it is given the key set in the way that it offers for that, and has it before anything is measured.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Callable, Coroutine
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_auth.tokens import TokenVerifier
from tests.support.drive import World
from tests.support.tokens import CLIENT_ID, ISSUER, NEW_ISSUER, POOL_ID, jwk, key_set, private_key, verifier

from .peers import Missing, named, peer
from .samples import NOW

Verify: TypeAlias = Callable[[str], object]

REGION: Final = POOL_ID.partition("_")[0]
_PUBLIC_KEY: Final = private_key().public_key()
_PADDING: Final = PKCS1v15()
_HASH: Final = SHA256()
_PARTS: Final[dict[str, tuple[bytes, bytes]]] = {}


def bare(token: str) -> None:
    """The signature check and nothing else: what is signed, and the signature, have been taken from the token before."""
    if token not in _PARTS:
        signing_input, _, signature = token.rpartition(".")
        _PARTS[token] = signing_input.encode(), urlsafe_b64decode(signature + "==")
    signing_input_bytes, signature_bytes = _PARTS[token]
    _PUBLIC_KEY.verify(signature_bytes, signing_input_bytes, _PADDING, _HASH)


def floor(token: str) -> object:
    """The least that reading a signed token takes with the standard library: split, decode, check the signature, read JSON. No
    header is looked at and no claim."""
    signing_input, _, signature = token.rpartition(".")
    _PUBLIC_KEY.verify(urlsafe_b64decode(signature + "=="), signing_input.encode(), _PADDING, _HASH)
    return json.loads(urlsafe_b64decode(signing_input.partition(".")[2] + "=="))


def loaded(remember: tuple[str, ...], limit: int | None = None) -> TokenVerifier:
    """A verifier as in a process that has been running for a while: it has keys, and its memory is full of these tokens, or has
    room for so many."""
    made = verifier(remember=len(remember) if limit is None else limit)
    World().run(made.load_keys())
    for token in remember:
        made.check_access_token(token, NOW)
    return made


def ours(remember: tuple[str, ...], limit: int | None = None) -> Verify:
    """This library's whole check, by a verifier that remembers these tokens."""
    return partial(loaded(remember, limit).check_access_token, now=NOW)


def ours_as_a_flow(remember: tuple[str, ...]) -> Verify:
    """The same, run by the least that a driver can do: two clocks."""
    made = loaded(remember)

    def verify(token: str) -> None:
        flow = made.access_token(token)
        try:
            next(flow)
            flow.send(NOW)
            flow.send(0.0)
        except StopIteration:
            return
        raise RuntimeError("the flow asked for more than two clocks")

    return verify


def pyjwt() -> Verify:
    """PyJWT, as its documentation has it, with the key given."""
    options: Any = {"require": ["exp", "iat", "iss"], "verify_aud": False}
    issuers = [ISSUER, NEW_ISSUER]
    return lambda token: jwt.decode(token, _PUBLIC_KEY, algorithms=["RS256"], issuer=issuers, leeway=30, options=options)


def flask_cognito_lib() -> Verify:
    """flask-cognito-lib's service, which fetches keys by PyJWT and keeps them for five minutes."""
    module = peer("flask_cognito_lib.services.token_svc", "flask-cognito-lib")
    config = {
        "jwk_endpoint": "https://unused.invalid",
        "secret_key": b"s" * 32,
        "issuer": ISSUER,
        "user_pool_client_id": CLIENT_ID,
    }
    service = module.TokenService(SimpleNamespace(**config))
    service.jwk.jwk_set_cache.put(json.loads(key_set()))
    verify: Verify = service.verify_access_token
    return verify


def pycognito() -> Verify:
    """pycognito's check."""
    user = peer("pycognito", "pycognito").Cognito(POOL_ID, CLIENT_ID, user_pool_region=REGION)
    user.pool_jwk = json.loads(key_set())
    return lambda token: user.verify_token(token, "access_token", "access")


def flask_cognito() -> Verify:
    """What flask-cognito calls for each request."""
    decode = peer("cognitojwt", "flask-cognito").decode
    os.environ["AWS_COGNITO_JWKS_PATH"] = key_file()
    return lambda token: decode(token, REGION, POOL_ID, app_client_id=CLIENT_ID)


def fastapi_cognito() -> Verify:
    """What fastapi-cognito calls for each request, and its model of the claims.

    Its cache of keys wants a running event loop, whose start and end, some microseconds, are measured with it.
    """
    decode = peer("fastapi_cognito.cognito_jwt.decode", "fastapi-cognito").decode_cognito_jwt
    model = peer("fastapi_cognito.models", "fastapi-cognito").CognitoToken
    run = asyncio.new_event_loop().run_until_complete
    return lambda token: model(**run(decode(token, REGION, POOL_ID, app_client_id=CLIENT_ID, jwks_url=key_file())))


def fastapi_cloudauth() -> Verify:
    """fastapi-cloudauth's verifier for access tokens of Cognito."""
    keys, issuer, extra = cloudauth_keys()
    verification = peer("fastapi_cloudauth.verification", "fastapi-cloudauth")
    made = verification.JWKsVerifier(keys, audience=CLIENT_ID, issuer=issuer, extra=extra)
    return lambda token: finished(made.verify_token(SimpleNamespace(credentials=token)))


def cloudauth_keys() -> tuple[Any, str, Any]:
    """What fastapi-cloudauth checks with: keys that are given, as its tests give them; the issuer; its rules for Cognito."""
    module = peer("fastapi_cloudauth.cognito", "fastapi-cloudauth")
    keys = peer("fastapi_cloudauth.verification", "fastapi-cloudauth").JWKS(
        fixed_keys={jwk()["kid"]: module.jwk.construct(jwk())}
    )
    return keys, ISSUER, module.CognitoExtraVerifier(client_id=CLIENT_ID, issuer=ISSUER, token_use={"access"})


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns that never has to wait: it costs no event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("the coroutine waits for something")


@cache
def key_file() -> str:
    """The path of a file with the key set; it lies there until the process ends."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "jwks.json"
    path.write_bytes(key_set())
    return str(path)


PEERS: Final[dict[str, Callable[[], Verify]]] = {
    "pyjwt": pyjwt,
    "flask-cognito-lib": flask_cognito_lib,
    "pycognito": pycognito,
    "flask-cognito": flask_cognito,
    "fastapi-cognito": fastapi_cognito,
    "fastapi-cloudauth": fastapi_cloudauth,
}
"""By the name of their package."""


def installed() -> tuple[dict[str, Verify], list[str]]:
    """The peers that are there, by name and version, and what to say of the others."""
    found: dict[str, Verify] = {}
    skipped: list[str] = []
    for package, make in PEERS.items():
        try:
            found[named(package)] = make()
        except Missing as error:
            skipped.append(str(error))
    return found, skipped
