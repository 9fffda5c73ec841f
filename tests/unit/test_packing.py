"""Packing and unpacking of sessions: what goes in comes out, and a realistic session fits one cookie."""

from __future__ import annotations

import json
import zlib
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
from tests.support.realistic import encode, realistic

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
