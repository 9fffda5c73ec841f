"""Steps that end a session, or all of them."""

from __future__ import annotations

from ..api.auth import GlobalSignOut, RevokeToken
from ..effects import Flow, perform
from ..states import SignedIn, SignedOut, SignOut, SignOutEverywhere, State


def here(state: SignedIn, _: SignOut) -> Flow[State]:
    """Revoke the session's refresh token and the access tokens that came of it.

    An access token stays valid for servers that verify it by themselves until it expires.
    """
    if state.tokens.refresh_token is not None:
        yield from perform(RevokeToken(token=state.tokens.refresh_token))
    return SignedOut()


def everywhere(state: SignedIn, _: SignOutEverywhere) -> Flow[State]:
    """Revoke every token of the user."""
    yield from perform(GlobalSignOut(access_token=state.tokens.access_token))
    return SignedOut()
