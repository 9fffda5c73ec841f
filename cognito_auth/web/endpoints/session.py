"""What a signed-in client does with its session: refresh it, end it, ask who one is."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from ...effects import Flow
from ...errors import CognitoAuthError, NotSignedIn, RequestRejected, TokenRevoked
from ...flows import advance
from ...states import Refresh, SignedIn, SignOutEverywhere
from ...steps.replies import claim_of
from ...tokens import AccessToken
from ..body import Flag, Member
from ..http import Reply
from ..keeper import Held
from ..route import Call, Route
from .ending import revoked, succeeds
from .outcome import open_envelope, tell

_ENVELOPE: Final = Member("refresh_token", max_length=16_384, required=False)


def refresh(call: Call) -> Flow[Reply]:
    """New tokens: for the envelope in the body, or else for the session in the cookies."""
    if "refresh_token" in call.body:
        signed_in = yield from open_envelope(call)
        call.visit.known(sub=None, username=signed_in.username)
        return (yield from tell(call, (yield from advance(signed_in, Refresh())), "tokens", event="refreshed"))
    held = yield from call.auth.find_session(call.request)
    if held is None:
        raise NotSignedIn("there is neither a refresh token in the body nor a session")
    renewed = yield from call.auth.renew(call.request, held, call.visit)
    return Reply(document={"status": "signed_in", "username": held.session.username}, cookies=renewed.cookies)


def logout(call: Call) -> Flow[Reply]:
    """End the session, at Cognito and in the browser; with ``everywhere``, all of the user's sessions.

    The reply says what happened. The browser's session is gone in any case.
    """
    everywhere: bool = call.body.get("everywhere", False)
    held = (yield from call.auth.find_session(call.request)) if "refresh_token" not in call.body else None
    ending = yield from _ending(call, held, everywhere=everywhere)
    cookies = yield from call.auth.keeper.end(call.request, held)
    told = {"revoked": False, "everywhere": False, "cookie_cleared": bool(cookies), "access_ended": False}
    if ending is not None:
        told["access_ended"] = yield from _end_access(call, ending.tokens.access_token, everywhere=everywhere)
        if everywhere:
            told["everywhere"] = yield from succeeds(advance(ending, SignOutEverywhere()))
        told["revoked"] = yield from revoked(ending)
        call.visit.known(sub=_sub(held), username=ending.username)
        yield from call.visit.report("signed_out")
    return Reply(document={"status": "signed_out", **told}, cookies=cookies)


def _ending(call: Call, held: Held | None, *, everywhere: bool) -> Flow[SignedIn | None]:
    """The sign-in that is to end: that of the envelope in the body, or else of the browser's session."""
    if "refresh_token" in call.body:
        access_token = call.auth.bearer_token(call.request)
        if everywhere and access_token is None:
            raise RequestRejected("signing out everywhere needs the access token in the Authorization header")
        return (yield from open_envelope(call, access_token or ""))
    if held is not None and everywhere:
        with suppress(CognitoAuthError):  # an expired access token signs nobody out; without a new one, the rest still is done
            held = (yield from call.auth.identify(call.request, call.visit)).held or held
    return SignedIn(username=held.session.username, tokens=held.session.tokens) if held else None


def _end_access(call: Call, access_token: str, *, everywhere: bool) -> Flow[bool]:
    """End what guards here let in still; whether an access token, which a bearer could have made up, is refused from now on.

    One whose access has ended already ends nobody else's."""
    try:
        token = yield from call.auth.verifier.access_token(access_token)
    except CognitoAuthError:
        return False
    if everywhere:
        if (yield from _has_ended(call, token)):
            return False
        yield from succeeds(call.auth.end_access(token.sub))
    return (yield from succeeds(call.auth.early_end.end_sign_in(token.origin_jti))) if token.origin_jti else False


def _has_ended(call: Call, token: AccessToken) -> Flow[bool]:
    """Whether it is noted that the token's access has ended. One that is merely to be replaced, or of which nothing can be
    known now, still speaks for its user."""
    try:
        yield from call.auth.early_end.require_standing(token)
    except TokenRevoked:
        return True
    except CognitoAuthError:
        return False
    return False


def _sub(held: Held | None) -> str | None:
    """Whose session it is; a bearer could have made up the access token that it sends along."""
    return claim_of(held.session.tokens.access_token, "sub") if held else None


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


ROUTES: Final = (
    Route(
        name="refresh",
        method="POST",
        path="refresh",
        endpoint=refresh,
        summary="Get new tokens",
        members=(_ENVELOPE,),
        failure="refresh_failed",
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
