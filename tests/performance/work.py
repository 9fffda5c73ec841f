"""The program that `test_instructions` has counted: each piece of work in turn, with a mark before it and one after it.

``python -m tests.performance.work FILE``; the file holds the tokens to work with, for making keys takes chance. A mark is a
call of ``getppid``, which nothing else here makes and at which valgrind is told to write down what it has counted. So the start
of the interpreter, imports and everything that is made ready beforehand stay out of the counts.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_auth.config import Settings
from cognito_auth.errors import TokenError
from cognito_auth.guards import group
from cognito_auth.secret import Secret
from cognito_auth.sessions import Sealer
from cognito_auth.sessions.packing import DICTIONARY, pack, unpack
from cognito_auth.tokens import KeyWanted, TokenVerifier
from cognito_auth.tokens.keys import KeySet
from cognito_auth.web import WebOptions

from ..support.drive import World
from ..support.realistic import realistic
from ..support.tokens import CLIENT_ID, NOW, POOL_ID, kid, verifier

TIMES: Final = 40
"""How often each piece of work is done while it is counted; before that, as often without being counted."""
_SECRET: Final = Secret("a-secret-that-only-tests-seal-with")
_NONCE: Final = bytes(12)

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the work is done with."""

    key_set: str
    tokens: tuple[str, ...]
    """Access tokens that are good at `NOW`, `TIMES` and one more."""
    unknown: str
    """One that names a key which nobody has."""
    fresh: str
    """One that is good by the real clock."""

    def write(self, path: Path) -> None:
        """What `read` reads."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """What was written down."""
        return cls(**json.loads(path.read_text()))


def loaded(made: TokenVerifier, material: Material, monotonic: float = 1000.0) -> TokenVerifier:
    """The verifier with the key set, as if it had been fetched just now."""
    world = World(material.key_set.encode())
    world.monotonic = monotonic
    world.run(made.load_keys())
    return made


def in_turn(call: Callable[[Any], object], items: Sequence[Any]) -> Work:
    """The call with the next item each time; they come round again."""
    following = cycle(items).__next__
    return lambda: call(following())


def tokens(material: Material) -> dict[str, Work]:
    """Checks of tokens, and what they are compared with."""
    public_key = KeySet.parse(material.key_set.encode()).by_kid[kid()]
    padding, digest = PKCS1v15(), SHA256()
    parts = [token.rpartition(".") for token in material.tokens]
    signatures = [(signed.encode(), urlsafe_b64decode(signature + "==")) for signed, _, signature in parts]
    forgetful = loaded(verifier(remember=len(material.tokens) - 1), material)
    remembering = loaded(verifier(), material)
    remembering.check_access_token(material.tokens[0], NOW)
    garbage = material.tokens[0][::-1].replace(".", "-")

    def reading(token: str) -> list[Any]:
        return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]

    def refusal(token: str) -> None:
        try:
            remembering.check_access_token(token, NOW)
        except (TokenError, KeyWanted):
            return
        raise RuntimeError("a bad token passed")

    return {
        "reading": in_turn(reading, material.tokens),
        "signature": in_turn(lambda pair: public_key.verify(pair[1], pair[0], padding, digest), signatures),
        "first_seen": in_turn(lambda token: forgetful.check_access_token(token, NOW), material.tokens),
        "remembered": lambda: remembering.check_access_token(material.tokens[0], NOW),
        "garbage": lambda: refusal(garbage),
        "unknown": lambda: refusal(material.unknown),
    }


def sessions() -> dict[str, Work]:
    """A session on its way into a cookie and out of it, and its bytes through cipher and compressor alone."""
    session, sealer, cipher = realistic(1), Sealer([_SECRET]), AESGCM(bytes(32))
    packed = pack(session)
    encrypted = cipher.encrypt(_NONCE, packed, b"")
    plain = zlib.decompressobj(zdict=DICTIONARY).decompress(packed[1:])
    deflated = zlib.compress(plain)

    def deflating() -> bytes:
        compressor = zlib.compressobj(zdict=DICTIONARY)
        return compressor.compress(plain) + compressor.flush()

    def seal() -> str:
        return sealer.seal(pack(session), purpose="session", now=NOW, lifetime=3600, nonce=_NONCE)

    sealed = seal()
    return {
        "encrypting": lambda: cipher.encrypt(_NONCE, packed, b""),
        "decrypting": lambda: cipher.decrypt(_NONCE, encrypted, b""),
        "deflating": deflating,
        "inflating": lambda: zlib.decompress(deflated),
        "seal": seal,
        "open": lambda: unpack(sealer.open(sealed, purpose="session", now=NOW).content),
    }


def requests(material: Material) -> dict[str, Work]:
    """A request to an application of Starlette's alone, and to a guarded route of one with ours."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    from cognito_auth_starlette import CognitoAuth

    async def hello(_: Request) -> Response:
        return PlainTextResponse("hello")

    auth = CognitoAuth(Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID), WebOptions(secrets=(_SECRET,)))
    loaded(auth.web.verifier, material, time.monotonic())
    guarded = Starlette(routes=[Route("/", auth.requires(group("admin"))(hello))], middleware=[auth.middleware()])
    loop = asyncio.new_event_loop()

    def asking(app: Starlette) -> Work:
        return lambda: loop.run_until_complete(ask(app, material.fresh))

    return {"unguarded": asking(Starlette(routes=[Route("/", hello)])), "guarded": asking(guarded)}


async def ask(app: Any, token: str) -> None:
    """One request, as a server makes it of what comes in."""
    headers = [(b"host", b"app.example.com"), (b"accept", b"*/*"), (b"authorization", f"Bearer {token}".encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50_000),
        "scheme": "http",
        "method": "GET",
        "root_path": "",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": headers,
    }
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message.get("status"))

    await app(scope, receive, send)
    if said != [200, None]:
        raise RuntimeError(f"answered with {said}")


def main(path: Path) -> None:
    """Do everything, and print the names in the order in which it was done."""
    material = Material.read(path)
    works = {**tokens(material), **sessions(), **requests(material)}
    gc.disable()
    for work in works.values():
        times(work)
        os.getppid()
        times(work)
        os.getppid()
    print(*works)


def times(work: Work) -> None:
    """The same work over and over."""
    for _ in range(TIMES):
        work()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
