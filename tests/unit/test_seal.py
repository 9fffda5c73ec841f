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


def test_whatever_character_a_value_ends_with_it_opens() -> None:
    ends: set[str] = set()
    for number in range(1024):
        nonce = number.to_bytes(NONCE_BYTES)
        sealed = SEALER.seal(b"1", purpose="session", now=NOW, lifetime=60, nonce=nonce)
        ends.add(sealed[-1])
        assert opened(sealed) == b"1"
    assert len(ends) == 64


OVERHEAD: Final = 13 + NONCE_BYTES + 16
"""Bytes of version, key, moment and lifetime, of the nonce, and of the tag."""


@pytest.mark.parametrize("size", [0, MAX_SEALED // 4 * 3 - OVERHEAD], ids=["shortest", "longest"])
def test_the_shortest_and_the_longest_value(size: int) -> None:
    sealed = SEALER.seal(bytes(size), purpose="session", now=NOW, lifetime=60, nonce=NONCE)
    assert opened(sealed) == bytes(size)
    assert len(sealed) == -(-(size + OVERHEAD) * 4 // 3)


def test_what_a_release_sealed_the_next_one_opens() -> None:
    """The form and the derivation of keys are kept: sessions are out for weeks."""
    sealed = "AuVqfq9rSdIAAAAAPAABAgMEBQYHCAkKC3zE0TKF1j79GuV7AkT4n27eqwVO0XlU"
    assert Sealer([OLD]).seal(b"content", purpose="session", now=NOW + 0.9, lifetime=60.9, nonce=NONCE) == sealed
    assert Sealer([NEW, OLD]).open(sealed, purpose="session", now=NOW + 59).content == b"content"


REFUSED: Final[dict[str, tuple[str, str]]] = {
    "one character more than is read": ("A" * (MAX_SEALED + 1), "too long"),
    "another alphabet": ("\xe4" * 80, "not base64url"),
    "a length that no bytes have": ("A" * 81, "not base64url"),
    "a character that decoders skip": (f"{SEALED}\n", "not base64url"),
    "empty": ("", "too short"),
    "one byte less than a tag has": (encode(decode(SEALED)[: OVERHEAD - 1]), "too short"),
    "a tag of another value": (encode(decode(SEALED)[:OVERHEAD]), "altered, or sealed for another purpose"),
    "another version": (encode(b"\1" + decode(SEALED)[1:]), "sealed with a key that is not in the list"),
    "another key": (encode(b"\2" + bytes(OVERHEAD)), "sealed with a key that is not in the list"),
}


@pytest.mark.parametrize(("sealed", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_why_a_value_does_not_open(sealed: str, sentence: str) -> None:
    with pytest.raises(SealError) as caught:
        opened(sealed)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("purpose", ["", "Session", "session ", "state"])
def test_another_purpose(purpose: str) -> None:
    with pytest.raises(SealError, match="purpose"):
        opened(SEALED, purpose=purpose)


def test_it_opens_until_it_expires() -> None:
    assert opened(SEALED, now=NOW + 59.9) == b"content"
    for late in (60, 61, 1e12):
        with pytest.raises(SealExpired) as caught:
            opened(SEALED, now=NOW + late)
        assert str(caught.value) == "sealed too long ago"


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


DIGITS: Final = "0123456789"
WEAK: Final = {"empty": "", "short": (DIGITS * 4)[:31], "monotonous": DIGITS[:9] * 20}


@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK.keys())
def test_weak_secrets_are_refused(weak: str) -> None:
    for secrets in ([Secret(weak)], [NEW, Secret(weak)]):
        with pytest.raises(ConfigurationError) as caught:
            Sealer(secrets)
        assert str(caught.value) == (
            "a sealing secret needs at least 32 random characters; "
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def test_the_weakest_secret_that_is_taken() -> None:
    sealer = Sealer([Secret((DIGITS * 4)[:32])])
    sealed = sealer.seal(b"content", purpose="session", now=NOW, lifetime=60, nonce=NONCE)
    assert opened(sealed, sealer=sealer) == b"content"


def test_no_secrets_at_all() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Sealer([])
    assert str(caught.value) == "at least one secret is needed to seal with"
