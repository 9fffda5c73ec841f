"""Sealing: what is sealed opens again, and nothing else ever does."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth.errors import ConfigurationError, SealError, SealExpired
from cognito_auth.secret import Secret
from cognito_auth.sessions.seal import MAX_SEALED, NONCE_BYTES, Sealer

OLD: Final = Secret("old-0123456789-abcdefghijklmnopqrstuvwxyz")
NEW: Final = Secret("new-0123456789-abcdefghijklmnopqrstuvwxyz")
SEALER: Final = Sealer([OLD])
NOW: Final = 1_800_000_000.0
NONCE: Final = bytes(range(NONCE_BYTES))
SEALED: Final = SEALER.seal(b"content", purpose="session", now=NOW, lifetime=60, nonce=NONCE)


def opened(sealed: str, *, sealer: Sealer = SEALER, purpose: str = "session", now: float = NOW) -> bytes:
    return sealer.open(sealed, purpose=purpose, now=now).content


def decode(sealed: str) -> bytes:
    return urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@given(
    content=st.binary(max_size=5000),
    purpose=st.text(st.characters(exclude_categories=["Cs"])),
    nonce=st.binary(min_size=12, max_size=12),
)
def test_what_is_sealed_opens(content: bytes, purpose: str, nonce: bytes) -> None:
    sealed = SEALER.seal(content, purpose=purpose, now=NOW, lifetime=60, nonce=nonce)
    assert opened(sealed, purpose=purpose) == content
    assert sealed.isascii()
    assert not set(sealed) & set("=+/;, ")


def test_neither_content_nor_purpose_shows() -> None:
    raw = decode(SEALER.seal(b"content" * 10, purpose="session", now=NOW, lifetime=1, nonce=NONCE))
    assert b"content" not in raw
    assert b"session" not in raw


def test_nonce_moment_and_lifetime_make_a_difference() -> None:
    def seal(nonce: bytes, now: float, lifetime: float) -> str:
        return SEALER.seal(b"content", purpose="session", now=now, lifetime=lifetime, nonce=nonce)

    assert len({seal(NONCE, NOW, 1), seal(NONCE[::-1], NOW, 1), seal(NONCE, NOW + 1, 1), seal(NONCE, NOW, 2)}) == 4


def test_it_is_told_when_it_was_sealed_and_until_when() -> None:
    told = SEALER.open(SEALED, purpose="session", now=NOW + 30)
    assert (told.sealed_at, told.expires_at, told.outdated) == (NOW, NOW + 60, False)
    assert "content" not in repr(told).replace("content=", "")


def test_every_bit_counts() -> None:
    raw = decode(SEALED)
    for bit in range(8 * len(raw)):
        altered = bytearray(raw)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            opened(encode(bytes(altered)))


def test_every_character_counts() -> None:
    for place in range(len(SEALED)):
        for altered in (
            SEALED[:place] + ("A" if SEALED[place] != "A" else "B") + SEALED[place + 1 :],
            SEALED[:place] + SEALED[place + 1 :],
            SEALED[:place] + "!" + SEALED[place:],
            SEALED[:place] + "\n" + SEALED[place:],
            SEALED[:place],
        ):
            with pytest.raises(SealError):
                opened(altered)


def test_bits_that_stand_for_nothing_count_too() -> None:
    sealed = next(
        sealed
        for size in range(3)
        if len(sealed := SEALER.seal(bytes(size), purpose="session", now=NOW, lifetime=60, nonce=NONCE)) % 4 == 2
    )
    twins = [sealed[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [twin for twin in twins if decode(twin) == decode(sealed)] != [sealed]
    for twin in set(twins) - {sealed}:
        with pytest.raises(SealError):
            opened(twin)


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param("", id="empty"),
        pytest.param("A", id="one-character"),
        pytest.param("=" * 8, id="padding"),
        pytest.param(f"{SEALED}=", id="padded"),
        pytest.param("ä" * 80, id="latin"),
        pytest.param("\ud800" * 80, id="surrogates"),
        pytest.param("\0" * 80, id="nul"),
        pytest.param("A" * 80, id="zeros"),
        pytest.param("_" * 80, id="ones"),
        pytest.param(SEALED.replace("A", "+"), id="other-alphabet"),
        pytest.param("A" * (MAX_SEALED + 1), id="too-long"),
    ],
)
def test_garbage(garbage: str) -> None:
    with pytest.raises(SealError):
        opened(garbage)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(encode)))
def test_any_text_at_all_is_refused_in_the_same_way(text: str) -> None:
    with pytest.raises(SealError):
        opened(text)


def test_a_long_value_is_refused_unread() -> None:
    content = bytes(MAX_SEALED)
    sealed = SEALER.seal(content, purpose="session", now=NOW, lifetime=60, nonce=NONCE)
    with pytest.raises(SealError, match="too long"):
        opened(sealed)


@pytest.mark.parametrize("purpose", ["", "Session", "session ", "state"])
def test_another_purpose(purpose: str) -> None:
    with pytest.raises(SealError, match="purpose"):
        opened(SEALED, purpose=purpose)


def test_it_opens_until_it_expires() -> None:
    assert opened(SEALED, now=NOW + 59.9) == b"content"
    for late in (60, 61, 1e12):
        with pytest.raises(SealExpired):
            opened(SEALED, now=NOW + late)


def test_a_value_of_another_s_is_not_told_to_be_expired() -> None:
    with pytest.raises(SealError) as caught:
        opened(SEALED, purpose="state", now=NOW + 1000)
    assert type(caught.value) is SealError


def test_keys_are_changed_while_values_are_out() -> None:
    both, new = Sealer([NEW, OLD]), Sealer([NEW])
    assert opened(SEALED, sealer=both) == b"content"
    fresh = both.seal(b"content", purpose="session", now=NOW, lifetime=60, nonce=NONCE)
    assert opened(fresh, sealer=new) == opened(fresh, sealer=Sealer([OLD, NEW])) == b"content"
    assert both.open(SEALED, purpose="session", now=NOW).outdated
    assert not both.open(fresh, purpose="session", now=NOW).outdated
    for sealer, sealed in ((new, SEALED), (SEALER, fresh)):
        with pytest.raises(SealError, match="key"):
            opened(sealed, sealer=sealer)


def test_the_same_secret_twice_is_one() -> None:
    told = Sealer([OLD, OLD]).open(SEALED, purpose="session", now=NOW)
    assert (told.content, told.outdated) == (b"content", False)


WEAK: Final = {"empty": "", "short": "0123456789-abcdefghijklmnopqrst", "monotonous": "abcabcabc" * 20}


@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK.keys())
def test_weak_secrets_are_refused(weak: str) -> None:
    for secrets in ([Secret(weak)], [NEW, Secret(weak)]):
        with pytest.raises(ConfigurationError, match=r"at least 32 random characters") as caught:
            Sealer(secrets)
        assert not weak or weak not in str(caught.value)


def test_no_secrets_at_all() -> None:
    with pytest.raises(ConfigurationError, match="at least one"):
        Sealer([])
