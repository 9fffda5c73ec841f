"""Packing and unpacking of sessions: what goes in comes out, and a realistic session fits one cookie."""

from __future__ import annotations

import json
import random
import zlib
from base64 import urlsafe_b64encode
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import SealError
from cognito_auth.secret import Secret
from cognito_auth.sessions import CookiePolicy, Sealer, Session
from cognito_auth.sessions.packing import DICTIONARY, pack, unpack
from cognito_auth.states import Device, Tokens
from tests.support.filled import structures

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
SEGMENT: Final = st.binary(max_size=60) | TEXT.map(lambda text: json.dumps({"sub": text}).encode())
TOKEN: Final = TEXT | st.lists(SEGMENT, min_size=1, max_size=6).map(lambda segments: ".".join(map(encode, segments)))
TOKENS: Final = st.builds(
    Tokens, access_token=TOKEN, id_token=st.none() | TOKEN, refresh_token=st.none() | TOKEN, expires_in=st.integers(0, 86_400)
)
PROOFS: Final = st.none() | st.lists(TEXT, max_size=3).map(tuple)
SESSIONS: Final = st.builds(Session, username=TEXT, tokens=TOKENS, proofs=PROOFS, device=st.none() | structures(Device))
PLAIN: Final = Session(username="ana", tokens=Tokens(access_token="access"))
DOCUMENT: Final = {"Username": "ana", "Tokens": {"ExpiresIn": 3600, "TokenType": "Bearer"}}
COOKIE: Final = 4096
"""Bytes of name, value and attributes that every browser keeps (RFC 6265, section 6.1)."""


def encode(segment: bytes) -> str:
    return urlsafe_b64encode(segment).rstrip(b"=").decode()


@given(SESSIONS)
def test_sessions(session: Session) -> None:
    assert unpack(pack(session)) == session


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "...",
        "a",
        "a.b",
        "e30",
        "e30=",
        "e30.e30.e30",
        "eyJhIjoxfQ.AA.AB",
        "e31",
        "not base64!",
        "é",
        "\x00",
        "a" * 5000,
    ],
)
def test_tokens_that_are_none(token: str) -> None:
    """Whatever Cognito calls a token is kept letter by letter."""
    session = Session(username="ana", tokens=Tokens(access_token=token, id_token=token, refresh_token=token))
    assert unpack(pack(session)) == session


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


@pytest.mark.parametrize("seed", range(10))
def test_a_realistic_session_fits_one_cookie(seed: int) -> None:
    session = realistic(seed)
    tokens = session.tokens
    lengths = [len(token or "") for token in (tokens.access_token, tokens.id_token, tokens.refresh_token)]
    assert [round(length, -2) for length in lengths] == [1200, 1400, 1800]
    assert sum(lengths) > COOKIE, "as they are, they do not"
    sealer = Sealer([Secret("a-secret-that-only-these-tests-seal-with")])
    sealed = sealer.seal(pack(session), purpose="session", now=1_772_942_706, lifetime=2_592_000, nonce=bytes(12))
    (cookie,) = CookiePolicy().write(sealed, max_age=2_592_000, secure=True, present={})
    assert len(cookie.header()) <= COOKIE
    assert unpack(sealer.open(sealed, purpose="session", now=1_772_942_706).content) == session


def compressed(text: bytes, rest: bytes = b"") -> bytes:
    compressor = zlib.compressobj(zdict=DICTIONARY)
    return b"\x02" + compressor.compress(text) + compressor.flush() + rest


def packed(document: Any, shapes: Any = ("access", None, None), texts: bytes = b"", rest: bytes = b"") -> bytes:
    head = json.dumps([document, shapes]).encode()
    return compressed(len(head).to_bytes(4) + head + texts, rest)


def test_what_a_release_packed_the_next_one_unpacks() -> None:
    """Nothing is written that need not be: every byte is paid for with each request."""
    tokens = Tokens(access_token=f"{encode(b'{}')}..AAAX", id_token="opaque")
    session = Session(username="an\xe9", tokens=tokens)
    document = '[{"Username":"an\xe9","Tokens":{"ExpiresIn":3600,"TokenType":"Bearer"}},[[2,0,-3],"opaque",null]]'.encode()
    content = pack(session)
    unpacking = zlib.decompressobj(zdict=DICTIONARY)
    assert content[:1] == b"\x02"
    assert unpacking.decompress(content[1:]) == len(document).to_bytes(4) + document + b"{}"
    assert unpacking.unused_data == b"\0\0\x17"
    assert unpack(content) == session


def test_the_form_is_what_the_table_of_garbage_departs_from() -> None:
    assert unpack(packed(DOCUMENT)) == PLAIN
    shaped = packed(DOCUMENT, ([2, -3], None, None), b"{}", b"abc")
    assert unpack(shaped).tokens.access_token == f"{encode(b'{}')}.{encode(b'abc')}"


GARBAGE: Final = {
    "holds a session of another version": {
        "empty": b"",
        "another version": b"\x01" + pack(PLAIN)[1:],
    },
    "holds more than a session, or less": {
        "the version alone": b"\x02",
        "cut": pack(PLAIN)[:-5],
        "texts too short": packed(DOCUMENT, ([3], None, None), b"{}"),
        "texts too long": packed(DOCUMENT, ([1], None, None), b"{}"),
        "rest too short": packed(DOCUMENT, ([-3], None, None), b"", b"ab"),
        "rest too long": packed(DOCUMENT, ([-1], None, None), b"", b"ab"),
        "rest of nobody": packed(DOCUMENT, rest=b"x"),
        "a bomb": compressed(bytes(50_000_000)),
        "too large": packed({**DOCUMENT, "Username": "a" * (1 << 18)}),
    },
    "holds no session": {
        "not compressed": b"\x02" + json.dumps(DOCUMENT).encode(),
        "without the dictionary": b"\x02" + zlib.compress(b"\0\0\0\2[]"),
        "no head": compressed(b""),
        "a head that is longer than all": compressed(b"\xff\xff\xff\xff[]"),
        "no JSON": compressed(b"\0\0\0\3ana"),
        "not UTF-8": compressed(b"\0\0\0\3\xff\xfe\xfd"),
        "no pair": compressed(b"\0\0\0\2[]"),
        "no document": packed([DOCUMENT]),
        "nothing in it": packed({}),
        "no tokens": packed({"Username": "ana"}),
        "tokens that are none": packed({**DOCUMENT, "Tokens": "x"}),
        "a wrong type": packed({**DOCUMENT, "Username": 3}),
        "shapes that are none": packed(DOCUMENT, "access"),
        "too few shapes": packed(DOCUMENT, ("access",)),
        "too many shapes": packed(DOCUMENT, ("access", None, None, None)),
        "a shape of text": packed(DOCUMENT, (["x"], None, None)),
        "a shape of nothing": packed(DOCUMENT, ([None], None, None)),
        "no access token": packed(DOCUMENT, (None, None, None)),
        "deep": compressed((100_000).to_bytes(4) + b"[" * 100_000),
    },
}
"""Each kind below the sentence that it is refused with."""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [pytest.param(content, sentence, id=kind) for sentence, kinds in GARBAGE.items() for kind, content in kinds.items()],
)
def test_garbage_holds_no_session(content: bytes, sentence: str) -> None:
    with pytest.raises(SealError) as caught:
        unpack(content)
    assert str(caught.value) == sentence


@given(st.binary(max_size=100), st.sampled_from([b"", b"\x02"]))
def test_any_bytes_at_all_are_refused_in_the_same_way(content: bytes, begins: bytes) -> None:
    with pytest.raises(SealError):
        unpack(begins + content)
