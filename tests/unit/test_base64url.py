"""Base64url: what was written is read, and nothing else."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_auth import base64url


@given(st.binary(max_size=80))
def test_base64url_reads_what_was_written(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data).encode()) == data


def the_only_reading(text: bytes) -> bytes | None:
    """What the standard library reads, lax as it is, if writing that again gives the same text."""
    try:
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if base64.urlsafe_b64encode(data).rstrip(b"=") == text else None


def test_nothing_but_padding_is_left_out() -> None:
    """Whatever the last character is: 0x17 ends in an X, 0x3d in a 9, 0x3f in the last of the alphabet."""
    assert base64url.encode(b"\0\0\x17", b"\0\0\x3d", b"\0\0\x3f", b"=") == "AAAX.AAA9.AAA_.PQ"


@given(st.lists(st.binary(max_size=8), max_size=5))
def test_segments_have_points_between_them(segments: list[bytes]) -> None:
    alone = [base64.urlsafe_b64encode(segment).rstrip(b"=").decode() for segment in segments]
    assert base64url.encode(*segments) == ".".join(alone)


@given(st.one_of(st.binary(max_size=24), st.text("AQgwBZaz09-_+/= \n", max_size=24).map(str.encode)))
@example(b"A")
@example(b"AB")
@example(b"ABC")
@example(b"QQ==")
@example(b"+/+/")
def test_base64url_reads_nothing_else(text: bytes) -> None:
    read = None
    with contextlib.suppress(ValueError):
        read = base64url.decode(text)
    assert read == the_only_reading(text)
    # What is not to be read is looked at by another rule, which comes to the same.
    with contextlib.nullcontext() if read is not None else pytest.raises(ValueError, match=r"."):
        base64url.require(text)


@pytest.mark.parametrize("text", [b"A", b"AB", b"AAB", b"AAAAA"])
def test_complaints_about_base64url(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"^its length is impossible, or unused bits are set$"):
        base64url.decode(text)
    with pytest.raises(ValueError, match=r"^its length is impossible, or unused bits are set$"):
        base64url.require(text)


def test_complaints_about_characters() -> None:
    with pytest.raises(ValueError, match=r"^a character is none of its alphabet$"):
        base64url.require(b"AA+A")
