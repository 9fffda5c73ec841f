"""A session in a cookie: what sealing and opening it cost beside AES-GCM around the same tokens as JSON, and how long it is."""

from __future__ import annotations

import json
import os
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict
from itertools import cycle
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cognito_auth import base64url
from cognito_auth.api.wire import from_wire, to_wire
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Sealer, Session
from cognito_auth.sessions.packing import DICTIONARY, pack, unpack
from cognito_auth.sessions.seal import NONCE_BYTES
from tests.support.realistic import realistic

from .measuring import Candidate, Table, at_most, side_by_side, timed
from .peers import Missing, named, peer
from .reports import Grid, Report, main
from .samples import NOW

SESSIONS: Final = 50
ROUNDS: Final = 600
BATCH: Final = 5
_KEY: Final = os.urandom(32)
_NAME: Final = "AES-GCM and json"
_CIPHER: Final = AESGCM(_KEY)
_SEALER: Final = Sealer([Secret("a-secret-that-only-benchmarks-seal-with")])

Seal = Callable[[Session], str]
Open = Callable[[str], object]


def plain_seal(session: Session) -> str:
    """The tokens as JSON, encrypted; base64url, as a cookie wants it."""
    nonce = os.urandom(12)
    return urlsafe_b64encode(nonce + _CIPHER.encrypt(nonce, json.dumps(tokens_of(session)).encode(), b"")).decode()


def plain_open(sealed: str) -> object:
    """The same undone."""
    raw = urlsafe_b64decode(sealed)
    return json.loads(_CIPHER.decrypt(raw[:12], raw[12:], b""))


def our_seal(session: Session) -> str:
    """As a sign-in does."""
    return _SEALER.seal(pack(session), purpose="session", now=NOW, lifetime=2_592_000, nonce=os.urandom(NONCE_BYTES))


def our_open(sealed: str) -> object:
    """As each request of a browser does."""
    return unpack(_SEALER.open(sealed, purpose="session", now=NOW).content)


def jwe() -> tuple[Seal, Open]:
    """joserfc's encryption with a key of one's own (RFC 7516, ``dir``)."""
    module, keys = peer("joserfc.jwe", "joserfc"), peer("joserfc.jwk", "joserfc")
    key = keys.OctKey.import_key(_KEY)
    header = {"alg": "dir", "enc": "A256GCM"}

    def seal(session: Session) -> str:
        sealed: str = module.encrypt_compact(header, json.dumps(tokens_of(session)), key)
        return sealed

    return seal, lambda sealed: json.loads(module.decrypt_compact(sealed, key).plaintext)


def tokens_of(session: Session) -> dict[str, Any]:
    """What the others keep of a session: name and tokens."""
    return {"username": session.username, **asdict(session.tokens)}


def in_turn(call: Callable[[Any], object], items: list[Any]) -> Callable[[], object]:
    """Some calls, each with the next item."""
    following = cycle(items).__next__

    def calls() -> None:
        for _ in range(BATCH):
            call(following())

    return calls


def run(effort: float) -> Report:
    """A table for sealing, one for opening, and the lengths."""
    sessions = [realistic(seed) for seed in range(SESSIONS)]
    ways: dict[str, tuple[Seal, Open]] = {_NAME: (plain_seal, plain_open), "cognito-auth": (our_seal, our_open)}
    skipped: list[str] = []
    try:
        ways[named("joserfc")] = jwe()
    except Missing as missing:
        skipped.append(str(missing))
    sealed = {name: [seal(session) for session in sessions] for name, (seal, _) in ways.items()}
    rounds = max(10, int(ROUNDS * effort))
    seals = {name: in_turn(seal, sessions) for name, (seal, _) in ways.items()}
    opens = {name: in_turn(unseal, sealed[name]) for name, (_, unseal) in ways.items()}
    tables = (
        compared("Seal a session for a cookie", seals, 3.5, rounds),
        compared("Open a session from a cookie", opens, 1.5, rounds),
        parts(sessions, sealed["cognito-auth"], rounds),
    )
    return Report(name="cookies", tables=tables, grids=(lengths(sealed),), skipped=tuple(skipped))


def compared(title: str, calls: dict[str, Callable[[], object]], limit: float, rounds: int) -> Table:
    """The ways side by side."""
    targets = {"cognito-auth": at_most(limit)}
    candidates = [Candidate(name, timed(call), targets.get(name)) for name, call in calls.items()]
    return side_by_side(title, candidates, rounds=rounds, notes=(f"{BATCH} sessions in each turn",))


def parts(sessions: list[Session], sealed: list[str], rounds: int) -> Table:
    """Where the time of opening goes: each part by itself, on the same sessions."""
    raws = [base64url.decode(value.encode()) for value in sealed]
    contents = [_SEALER.open(value, purpose="session", now=NOW).content for value in sealed]
    documents = [to_wire(session) for session in sessions]
    tokens = [
        [jws_parts(token) for token in (s.tokens.access_token, s.tokens.id_token, s.tokens.refresh_token)] for s in sessions
    ]

    def inflated(content: bytes) -> bytes:
        return zlib.decompressobj(zdict=DICTIONARY).decompress(content[1:])

    calls: dict[str, Callable[[], object]] = {
        _NAME: in_turn(plain_open, [plain_seal(session) for session in sessions]),
        "the whole of ours": in_turn(our_open, sealed),
        "base64url": in_turn(lambda value: base64url.decode(value.encode()), sealed),
        "base64url and AES-GCM": in_turn(lambda value: _SEALER.open(value, purpose="session", now=NOW), sealed),
        "inflate": in_turn(inflated, contents),
        "base64url of the tokens": in_turn(lambda three: [base64url.encode(*one) for one in three], tokens),
        "typed values": in_turn(lambda document: from_wire(Session, document), documents),
    }
    length = f"{len(sealed[0])} characters, {len(raws[0])} bytes sealed, {len(inflated(contents[0]))} bytes once inflated"
    candidates = [Candidate(name, timed(call)) for name, call in calls.items()]
    return side_by_side("The parts of opening a session", candidates, rounds=rounds, notes=(length,))


def jws_parts(token: str | None) -> list[bytes]:
    """A token's segments, decoded."""
    return [base64url.decode(part.encode()) for part in (token or "").split(".")]


def lengths(sealed: dict[str, list[str]]) -> Grid:
    """Bytes of the sealed session, and how many cookies of 4096 bytes carry it."""
    rows: list[tuple[str, ...]] = []
    for name, values in sealed.items():
        longest = max(values, key=len)
        if name == "cognito-auth":
            cookies = [cookie.header() for cookie in CookiePolicy().write(longest, max_age=1, secure=True, present={})]
            rows.append((name, str(len(longest)), str(sum(map(len, cookies))), str(len(cookies))))
        else:
            rows.append((name, str(len(longest)), "", str(-(-len(longest) // 4000))))
    return Grid(title="Bytes of a session in cookies", columns=("value", "with attributes", "cookies"), rows=tuple(rows))


if __name__ == "__main__":
    main(run, __doc__)
