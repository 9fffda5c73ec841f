"""Access that ends before its tokens do: who signed out, who was locked out, whose groups changed.

An access token is good until it expires, for whoever verifies it alone. With a store, it is noted which tokens are not: those
of one sign-in, by ``origin_jti``, or those of a user, by ``sub``, that were issued before a moment. Guards ask for both.
"""

from __future__ import annotations

from typing import Final

from ..effects import AskStore, Flow, Now, Store, perform
from ..errors import TokenExpired, TokenRevoked
from ..sessions.stored import LoadMarks, Mark
from ..tokens import AccessToken
from .options import DAY

LONGEST: Final = DAY + 300
"""Seconds that Cognito lets an access token live at most, and some for clocks that differ; then nothing needs noting."""


class EarlyEnd:
    """What is noted of tokens, in ``store``; without one, nothing is, and every token passes."""

    def __init__(self, store: Store | None) -> None:
        self._store: Final = store

    @property
    def is_noted(self) -> bool:
        """Whether anything can be noted at all."""
        return self._store is not None

    def require_standing(self, token: AccessToken) -> Flow[None]:
        """Raise `TokenRevoked` for a token whose access has ended, and `TokenExpired` for one that is to be replaced.

        Raises `StoreUnavailable` when that cannot be found out now.
        """
        if self._store is None:
            return
        now = yield from perform(Now())
        subjects = (_sign_in(token.origin_jti or token.sub), _user(token.sub), _stale(token.sub))
        sign_in, user, stale = yield from perform(AskStore(self._store, LoadMarks(subjects, now)))
        if sign_in is not None or (user is not None and token.issued_at <= user):
            raise TokenRevoked("the access that the token gave has ended")
        if stale is not None and token.issued_at <= stale:
            raise TokenExpired("what the token says of the user has changed")

    def end_sign_in(self, origin_jti: str) -> Flow[bool]:
        """End what came of one sign-in; false without a store."""
        return (yield from self._note(_sign_in(origin_jti)))

    def end_user(self, sub: str) -> Flow[bool]:
        """End all that a user was given so far; false without a store."""
        return (yield from self._note(_user(sub)))

    def refresh_user(self, sub: str) -> Flow[bool]:
        """Have a user's tokens replaced at their next use, as after a change of groups; false without a store."""
        return (yield from self._note(_stale(sub)))

    def _note(self, subject: str) -> Flow[bool]:
        if self._store is None:
            return False
        now = yield from perform(Now())
        yield from perform(AskStore(self._store, Mark(subject, now, LONGEST)))
        return True


def _sign_in(origin_jti: str) -> str:
    return f"sign-in {origin_jti}"


def _user(sub: str) -> str:
    return f"user {sub}"


def _stale(sub: str) -> str:
    return f"stale {sub}"
