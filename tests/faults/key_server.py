"""An issuer of tokens, and the real server of its key set, which can be slow, gone, and back with other keys."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from cognito_auth.config import Settings

POOL_ID: Final = "us-east-1_FaultyKeys"
CLIENT_ID: Final = "faults"
_DRIP: Final = 0.1
"""Seconds between the bytes of a server that drips."""
_ENDLESS: Final = 10**12
"""Bytes that are promised where there is no end."""
_SPACES: Final = b" " * 65_536


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """The key of this name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def access_token(kid: str, *, signed_by: str | None = None) -> str:
    """A fresh access token that names ``kid``, by default signed by the key of that name."""
    now = int(time.time())
    claims = {
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "iss": "https://issuer.example/pool",
        "client_id": CLIENT_ID,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": now,
        "iat": now,
        "exp": now + 3600,
        "jti": "11111111-2222-3333-4444-555555555555",
        "username": "ana",
    }
    return jwt.encode(claims, key(signed_by or kid), algorithm="RS256", headers={"kid": kid})


def unknown_tokens(number: int) -> list[str]:
    """Tokens that name keys which nobody has; for want of a key, nobody finds out that the signature is another's."""
    _, payload, signature = access_token("known").split(".")
    headers = (json.dumps({"alg": "RS256", "kid": f"unknown {turn}"}).encode() for turn in range(number))
    return [f"{urlsafe_b64encode(header).rstrip(b'=').decode()}.{payload}.{signature}" for header in headers]


@dataclass(slots=True)
class KeyServer:
    """What the server does, changed while it runs."""

    port: int = 0
    kids: tuple[str, ...] = ("known",)
    status: int = 200
    body: bytes | None = None
    """What is answered in place of the keys."""
    location: str = ""
    """Where an answer sends whoever asked."""
    fetches: int = 0
    whole: int = 0
    """Answers that were taken to their end."""
    held: bool = False
    """Whether answers wait for `release` after their first byte."""
    dripping: bool = False
    """Whether answers come byte by byte, and far too slowly."""
    endless: bool = False
    """Whether answers are followed by spaces for as long as somebody reads them."""
    begun: Event = field(default_factory=Event)
    """Set when an answer has begun."""
    release: Event = field(default_factory=Event)
    """Ends all waiting."""

    @property
    def settings(self) -> Settings:
        url = f"http://127.0.0.1:{self.port}"
        issuer = "https://issuer.example/pool"
        return Settings(user_pool_id=POOL_ID, client_id=CLIENT_ID, issuer=issuer, endpoint=url, jwks_uri=f"{url}/jwks.json")

    def document(self) -> bytes:
        public = {kid: RSAAlgorithm.to_jwk(key(kid).public_key(), as_dict=True) for kid in self.kids}
        keys = [{**jwk, "kid": kid, "use": "sig", "alg": "RS256"} for kid, jwk in public.items()]
        return json.dumps({"keys": keys}).encode()

    @contextmanager
    def running(self) -> Generator[None]:
        """Listen on ``port``, which is chosen the first time and kept."""
        self.release.clear()
        served = _server(self)
        self.port = served.server_address[1]
        thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self.release.set()
            served.shutdown()
            thread.join()
            served.server_close()


def _server(owner: KeyServer) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            owner.fetches += 1
            body = owner.document() if owner.body is None else owner.body
            self.send_response(owner.status)
            if owner.location:
                self.send_header("Location", owner.location)
            self.send_header("Content-Length", str(_ENDLESS if owner.endless else len(body)))
            self.end_headers()
            try:
                self._send(body)
                owner.whole += 1
            except OSError:
                self.close_connection = True  # the client had no patience

        def _send(self, body: bytes) -> None:
            self.wfile.write(body[:1])
            owner.begun.set()
            if owner.held:
                owner.release.wait()
            if owner.dripping:
                for position in range(1, len(body)):
                    if owner.release.wait(_DRIP):
                        break
                    self.wfile.write(body[position : position + 1])
                return
            self.wfile.write(body[1:])
            while owner.endless:
                self.wfile.write(_SPACES)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class has
            """Say nothing."""

    served = ThreadingHTTPServer(("127.0.0.1", owner.port), Handler)
    served.daemon_threads = False
    return served
