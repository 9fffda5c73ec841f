"""Tokens to measure with: good ones that differ, and ten bad ones, each wrong in one way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.support.tokens import ABSENT, access_claims, base64url, compact, header, id_claims, private_key, signed, use_key

KEY: Final = "COGNITO_AUTH_BENCHMARK_KEY"
"""The environment's name for a file with the key that another process of the benchmark signs with."""

if KEY in os.environ:
    made = load_pem_private_key(Path(os.environ[KEY]).read_bytes(), None)
    assert isinstance(made, RSAPrivateKey)
    use_key(made)

NOW: Final = time.time()
TIMES: Final[dict[str, Any]] = {"auth_time": int(NOW) - 60, "iat": int(NOW) - 60, "exp": int(NOW) + 36_000}
MEGABYTE: Final = 1 << 20


def share_key(folder: Path) -> dict[str, str]:
    """The environment of other processes that are to know the key, which is put into a file of the folder."""
    path = folder / "key.pem"
    path.write_bytes(private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {**os.environ, KEY: str(path)}


@cache
def access_tokens(count: int, whose: str = "user") -> tuple[str, ...]:
    """So many access tokens of different people."""
    return tuple(access_token(username=f"{whose}-{number:031}") for number in range(count))


def access_token(**changes: Any) -> str:
    """One access token."""
    return signed(access_claims(**{**TIMES, **changes}))


def bad_tokens() -> Iterator[tuple[str, str]]:
    """What is wrong, and the token."""
    head, payload, signature = access_token().split(".")
    root = base64url(compact(access_claims(**TIMES, username="root")))
    yield "payload of another token", f"{head}.{root}.{signature}"
    yield "alg none", f"{base64url(compact(header(alg='none')))}.{payload}.{signature}"
    yield "crit in the header", signed(access_claims(**TIMES), header(crit=["exp"]))
    yield "foreign issuer", access_token(iss="https://stranger.example/pool")
    yield "another app client", access_token(client_id="another")
    yield "an ID token", signed(id_claims(**TIMES))
    yield "no exp", access_token(exp=ABSENT)
    yield "exp is true", access_token(exp=True)
    yield "nbf in an hour", access_token(nbf=int(NOW) + 3600)
    yield "a claim twice", signed(compact(access_claims(**TIMES))[:-1] + b',"exp":9999999999}')


def garbage(token: str) -> str:
    """Something as long as a token that is none."""
    return token[::-1].replace(".", "-")


def zero_signature(token: str) -> str:
    """The token with a signature of zeros."""
    return token[:-340] + "A" * 340


def unknown_key(token: str) -> str:
    """The token under a header that names a key which nobody has; each has a name of its own."""
    _, payload, signature = token.split(".")
    return f"{base64url(compact(header(kid=f'unknown {hash(token)}')))}.{payload}.{signature}"


def megabyte(token: str) -> str:
    """The token with a payload that makes it a megabyte long."""
    head, payload, signature = token.split(".")
    return f"{head}.{payload}{'A' * (MEGABYTE - len(token))}.{signature}"
