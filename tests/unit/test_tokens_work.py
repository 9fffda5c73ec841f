"""A bad token costs no more than a good one: no more is asked of anybody for it, and no more is done.

What is done is counted, in calls of functions, Python's and those written in C; ``scripts/bench`` measures times, as ratios.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Final

import pytest

from cognito_auth.effects import Monotonic, Now
from cognito_auth.errors import CognitoAuthError
from tests.support.drive import World, loaded
from tests.support.tokens import NOW, access_claims, base64url, compact, header, id_claims, kid, signed, token_of

TOLERATED: Final = 2
"""How many times the calls of a good token: refusing takes an error and a sentence for it. The one call that outweighs all
others, the check of the signature, is made once for a good token, and once at most for a bad one."""

HEAD, PAYLOAD, PROOF = token_of(username="somebody").split(".")


BAD: Final[dict[str, str]] = {
    "garbage": "x" * len(f"{HEAD}.{PAYLOAD}.{PROOF}"),
    "dots": "." * 1000,
    "long": "x" * 20_000,
    "not base64": f"{HEAD}.{PAYLOAD}.{'*' * len(PROOF)}",
    "signature of zeros": f"{HEAD}.{PAYLOAD}.{'A' * len(PROOF)}",
    "signature of another": f"{HEAD}.{base64url(compact(access_claims(username='eve')))}.{PROOF}",
    "alg none": f"{base64url(compact(header(alg='none')))}.{PAYLOAD}.{PROOF}",
    "many members": f"{base64url(compact({**header(), **{str(each): each for each in range(500)}}))}.{PAYLOAD}.{PROOF}",
    "nested": f"{base64url(b'[' * 5000)}.{PAYLOAD}.{PROOF}",
    "expired": signed(access_claims(exp=int(NOW) - 3600)),
    "another issuer": signed(access_claims(iss="https://stranger.example/pool")),
    "another client": signed(access_claims(client_id="another")),
    "an ID token": signed(id_claims()),
}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def refused(work: Callable[[], object]) -> None:
    try:
        work()
    except CognitoAuthError:
        return
    raise AssertionError("a bad token passed")


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_refusing_is_no_more_work_than_accepting(bad: str) -> None:
    made = loaded(World())
    good = [token_of(username=f"good {turn}") for turn in range(2)]
    made.check_access_token(good[0], NOW)
    refused(lambda: made.check_access_token(bad, NOW))  # what is made at first use is made
    accepting = calls(lambda: made.check_access_token(good[1], NOW))
    refusing = calls(lambda: refused(lambda: made.check_access_token(bad, NOW)))
    assert accepting > 10
    assert refusing <= accepting * TOLERATED, f"{refusing} calls, where a good token takes {accepting}"


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_nobody_is_asked_for_a_bad_token(bad: str) -> None:
    world = World()
    made = loaded(world)
    world.performed.clear()
    with pytest.raises(CognitoAuthError):
        world.run(made.access_token(bad))
    assert world.performed == [Now, Monotonic]


def test_an_unknown_key_is_no_more_work_once_the_set_was_asked() -> None:
    world = World()
    made = loaded(world)
    unknown = [f"{base64url(compact(header(kid=kid(f'made-up-{turn}'))))}.{PAYLOAD}.{PROOF}" for turn in range(3)]

    def verify(token: str) -> object:
        return world.run(made.access_token(token))

    for token in unknown[:2]:
        refused(partial(verify, token))
    accepting = calls(partial(verify, token_of(username="first seen")))
    refusing = calls(lambda: refused(partial(verify, unknown[2])))
    assert refusing <= accepting * TOLERATED
