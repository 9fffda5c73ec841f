"""What a signed-in client does with its session: refresh it, end it, ask who one is."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final

from ...effects import Flow
from ...errors import CognitoAuthError, NotSignedIn, RequestRejected
from ...flows import advance
from ...states import Refresh, SignedIn, SignOut, SignOutEverywhere
from ..body import Flag, Member
from ..http import Reply
from ..keeper import Held
from ..route import Call, Route
from .outcome import open_envelope, tell

_log: Final = logging.getLogger("cognito_auth")

_ENVELOPE: Final = Member("refresh_token", max_length=16_384, required=False)


def refresh(call: Call) -> Flow[Reply]:
    """New tokens: for the envelope in the body, or else for the session in the cookies."""
    if "refresh_token" in call.body:
        refreshed = yield from advance((yield from open_envelope(call)), Refresh())
        return (yield from tell(call, refreshed, "tokens"))
    held = yield from call.auth.find_session(call.request)
    if held is None:
        raise NotSignedIn("there is neither a refresh token in the body nor a session")
    renewed = yield from call.auth.renew(call.request, held)
    return Reply(document={"status": "signed_in", "username": held.session.username}, cookies=renewed.cookies)


def logout(call: Call) -> Flow[Reply]:
    """End the session, at Cognito and in the browser; with ``everywhere``, all of the user's sessions.

    The reply says what happened. The browser's session is gone in any case.
    """
    held = (yield from call.auth.find_session(call.request)) if "refresh_token" not in call.body else None
    signed_in = yield from _whose(call, held)
    everywhere = call.body.get("everywhere", False)
    document: dict[str, Any] = {"status": "signed_out", "revoked": False, "everywhere": False}
    cookies = yield from call.auth.keeper.end(call.request, held)
    document["cookie_cleared"] = bool(cookies)
    if everywhere and signed_in is not None:
        document["everywhere"] = yield from _succeeds(advance(signed_in, SignOutEverywhere()))
    if signed_in is not None and signed_in.tokens.refresh_token is not None:
        document["revoked"] = yield from _succeeds(advance(signed_in, SignOut()))
    return Reply(document=document, cookies=cookies)


def me(call: Call) -> Flow[Reply]:
    """Who is signed in, from the verified access token."""
    yield from ()
    user = call.user
    return Reply(
        document={
            "username": user.username,
            "sub": user.sub,
            "groups": sorted(user.groups),
            "scopes": sorted(user.scopes),
            "expires_at": user.token.expires_at,
        }
    )


def _whose(call: Call, held: Held | None) -> Flow[SignedIn | None]:
    """The sign-in that is to end: that of the envelope in the body, or else of the browser's session."""
    if "refresh_token" in call.body:
        access_token = call.auth.bearer_token(call.request)
        signed_in = yield from open_envelope(call, access_token or "")
        if call.body.get("everywhere") and access_token is None:
            raise RequestRejected("signing out everywhere needs the access token in the Authorization header")
        return signed_in
    if held is not None and call.body.get("everywhere"):
        with suppress(CognitoAuthError):  # an expired access token signs nobody out; without a new one, the rest still is done
            held = (yield from call.auth.authenticate(call.request)).held or held
    return None if held is None else SignedIn(username=held.session.username, tokens=held.session.tokens)


def _succeeds(flow: Flow[Any]) -> Flow[bool]:
    """Whether Cognito did it. Whoever signs out is signed out here even when Cognito cannot be told; the reply says so."""
    try:
        yield from flow
    except CognitoAuthError as error:
        _log.warning("sign-out is not complete: %s", error)
        return False
    return True


ROUTES: Final = (
    Route(
        name="refresh",
        method="POST",
        path="refresh",
        endpoint=refresh,
        summary="Get new tokens",
        members=(_ENVELOPE,),
    ),
    Route(
        name="logout",
        method="POST",
        path="logout",
        endpoint=logout,
        summary="Sign out, here or everywhere",
        members=(_ENVELOPE, Flag("everywhere", required=False)),
    ),
    Route(name="me", method="GET", path="me", endpoint=me, summary="Who is signed in", guarded=True),
)
