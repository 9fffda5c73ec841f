"""Packing and unpacking of sessions and states."""

from __future__ import annotations

import json
import zlib
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth import srp
from cognito_auth.errors import SealError
from cognito_auth.sessions import Session
from cognito_auth.sessions.session import pack, pack_state, unpack, unpack_state
from cognito_auth.states import (
    SEALABLE,
    Challenge,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    PasswordVerifier,
    SelectMfaType,
    SmsMfa,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    Tokens,
)

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
MAYBE: Final = st.none() | TEXT
TOKENS: Final = st.builds(Tokens, access_token=TEXT, id_token=MAYBE, refresh_token=MAYBE, expires_in=st.integers(0, 86_400))
SESSIONS: Final = st.builds(Session, username=TEXT, tokens=TOKENS, device_key=MAYBE)
TEXTS: Final = st.dictionaries(TEXT, TEXT, max_size=3)
LIST: Final = st.lists(TEXT, max_size=3).map(tuple)
KINDS: Final[dict[type[Challenge], st.SearchStrategy[Challenge]]] = {
    NewPasswordRequired: st.builds(
        NewPasswordRequired, username=TEXT, session=MAYBE, required_attributes=LIST, attributes=st.none() | TEXTS
    ),
    SoftwareTokenMfa: st.builds(SoftwareTokenMfa, username=TEXT, session=MAYBE, device_name=MAYBE),
    SmsMfa: st.builds(SmsMfa, username=TEXT, session=MAYBE, destination=MAYBE),
    SelectMfaType: st.builds(SelectMfaType, username=TEXT, session=MAYBE, choices=LIST),
    MfaSetup: st.builds(MfaSetup, username=TEXT, session=MAYBE, choices=LIST),
    SoftwareTokenPending: st.builds(SoftwareTokenPending, username=TEXT, session=MAYBE, secret_code=TEXT),
    OtherChallenge: st.builds(
        OtherChallenge, username=TEXT, session=MAYBE, name=TEXT, parameters=st.none() | TEXTS, available=st.none() | LIST
    ),
}
PLAIN: Final = Session(username="ana", tokens=Tokens(access_token="access"))
DOCUMENT: Final = {"Username": "ana", "Tokens": {"AccessToken": "access", "ExpiresIn": 3600, "TokenType": "Bearer"}}


@given(SESSIONS)
def test_sessions(session: Session) -> None:
    assert unpack(pack(session)) == session


def test_every_state_that_is_kept_is_tried() -> None:
    assert set(KINDS) == set(SEALABLE.values())


@given(st.one_of(*KINDS.values()))
def test_states(state: Challenge) -> None:
    document = pack_state(state)
    assert unpack_state(json.loads(json.dumps(document))) == state


def test_states_of_one_request_are_never_kept() -> None:
    pair = srp.ephemeral(bytes(32))
    challenge = srp.Challenge(salt=1, B=2, secret_block=b"")
    verifier = PasswordVerifier(username="ana", user_id="ana", password="secret", secret_block="", pair=pair, srp=challenge)
    for state in (SoftwareTokenVerified(username="ana"), verifier, Challenge(username="ana")):
        with pytest.raises(TypeError, match=type(state).__name__):
            pack_state(state)


def packed(document: Any) -> bytes:
    return zlib.compress(json.dumps(document).encode())


def test_the_form_is_what_the_table_of_garbage_departs_from() -> None:
    assert unpack(packed(DOCUMENT)) == PLAIN


GARBAGE: Final = {
    "empty": b"",
    "not-compressed": json.dumps(DOCUMENT).encode(),
    "cut": pack(PLAIN)[:-5],
    "no-json": zlib.compress(b"ana"),
    "not-utf-8": zlib.compress(b"\xff\xfe\xfd"),
    "no-object": packed([DOCUMENT]),
    "nothing-in-it": packed({}),
    "no-tokens": packed({"Username": "ana"}),
    "wrong-type": packed({**DOCUMENT, "Username": 3}),
    "deep": zlib.compress(b"[" * 100_000),
    "bomb": zlib.compress(bytes(50_000_000)),
    "bomb-that-begins-well": zlib.compress(json.dumps(DOCUMENT).encode() + b" " * 50_000_000),
    "too-large": packed({**DOCUMENT, "Username": "a" * (1 << 18)}),
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_holds_no_session(content: bytes) -> None:
    with pytest.raises(SealError):
        unpack(content)


@given(st.binary(max_size=100))
def test_any_bytes_at_all_are_refused_in_the_same_way(content: bytes) -> None:
    with pytest.raises(SealError):
        unpack(content)


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "Username", "Choices"]), inner),
    max_leaves=5,
)


@given(JSON)
def test_any_document_at_all_holds_no_state(document: Any) -> None:
    with pytest.raises(SealError):
        unpack_state(document)


@pytest.mark.parametrize(
    "name", ["SignedIn", "PasswordVerifier", "SoftwareTokenVerified", "Challenge", "None", ["SmsMfa"], {}, None]
)
def test_states_by_other_names(name: object) -> None:
    with pytest.raises(SealError, match="kind"):
        unpack_state({"name": name, "Username": "ana"})


def test_neither_session_nor_state_shows_its_secrets() -> None:
    session = Session(username="ana", tokens=Tokens(access_token="canary", id_token="canary", refresh_token="canary"))
    assert "canary" not in repr(session)
