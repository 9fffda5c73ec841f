"""Access that ends before its tokens do: what is noted, which tokens it is about, and for how long."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.errors import TokenExpired, TokenRevoked
from cognito_auth.stores import MemoryStore
from cognito_auth.tokens import AccessToken
from cognito_auth.web.early_end import LONGEST, EarlyEnd
from tests.support.scripted import NOW, Scripted
from tests.support.users import user


def token(**changes: Any) -> AccessToken:
    """An access token; a claim that is ``None`` is left out."""
    claims: dict[str, Any] = {"sub": "ana", "iat": NOW, "origin_jti": "monday", **changes}
    return user(**{name: value for name, value in claims.items() if value is not None}).token


def verdict(ends: EarlyEnd, which: AccessToken, now: float = NOW) -> str | None:
    """Why the token gives no access any more, if it does not."""
    try:
        Scripted(now=now).run(ends.require_standing(which))
    except (TokenRevoked, TokenExpired) as error:
        return str(error)
    return None


ENDED: Final = "the access that the token gave has ended"
CHANGED: Final = "what the token says of the user has changed"


def test_nothing_is_noted_yet() -> None:
    assert verdict(EarlyEnd(MemoryStore()), token()) is None


def test_without_a_store_nothing_is_noted_and_every_token_passes() -> None:
    ends, driver = EarlyEnd(None), Scripted()
    for noting in (ends.end_sign_in("monday"), ends.end_user("ana"), ends.refresh_user("ana")):
        assert driver.run(noting) is False
    driver.run(ends.require_standing(token()))
    assert driver.asked == []


def test_a_sign_in_ends_with_all_that_came_of_it() -> None:
    ends = EarlyEnd(MemoryStore())
    assert Scripted().run(ends.end_sign_in("monday")) is True
    assert verdict(ends, token()) == verdict(ends, token(iat=NOW + 60)) == ENDED
    assert verdict(ends, token(sub="ben")) == ENDED
    assert verdict(ends, token(origin_jti="tuesday")) is None


def test_a_token_that_names_no_sign_in_ends_with_its_user() -> None:
    ends = EarlyEnd(MemoryStore())
    Scripted().run(ends.end_sign_in("monday"))
    assert verdict(ends, token(origin_jti=None)) is None
    Scripted().run(ends.end_user("ana"))
    assert verdict(ends, token(origin_jti=None)) == ENDED


def test_a_user_ends_with_all_that_was_issued_so_far() -> None:
    ends = EarlyEnd(MemoryStore())
    assert Scripted().run(ends.end_user("ana")) is True
    assert verdict(ends, token(iat=NOW - 60)) == verdict(ends, token()) == verdict(ends, token(origin_jti="tuesday")) == ENDED
    assert verdict(ends, token(iat=NOW + 1)) is None
    assert verdict(ends, token(sub="ben")) is None


def test_a_user_who_changed_gets_other_tokens() -> None:
    ends = EarlyEnd(MemoryStore())
    assert Scripted().run(ends.refresh_user("ana")) is True
    assert verdict(ends, token(iat=NOW - 60)) == verdict(ends, token()) == CHANGED
    assert verdict(ends, token(iat=NOW + 1)) is None
    assert verdict(ends, token(sub="ben")) is None
    with pytest.raises(TokenExpired):
        Scripted().run(ends.require_standing(token()))


def test_the_end_counts_more_than_a_change() -> None:
    ends = EarlyEnd(MemoryStore())
    Scripted().run(ends.refresh_user("ana"))
    Scripted().run(ends.end_user("ana"))
    with pytest.raises(TokenRevoked):
        Scripted().run(ends.require_standing(token()))


def test_it_is_noted_as_long_as_a_token_can_live() -> None:
    ends = EarlyEnd(MemoryStore())
    Scripted().run(ends.end_sign_in("monday"))
    assert verdict(ends, token(), NOW + LONGEST - 1) == ENDED
    assert verdict(ends, token(), NOW + LONGEST) is None
