"""The sign-ins that users see and end, in pools that track them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import AuthenticationResult, GetTokensFromRefreshToken, GlobalSignOut, RevokeToken
from cognito_auth.api.clients import RefreshTokenRotation
from cognito_auth.api.sessions import (
    GetUserPoolSessionConfiguration,
    ListUserSessions,
    RevokeUserSession,
    SessionDescription,
    SetUserPoolSessionConfiguration,
    UserPoolTokenSessionConfig,
)

from .support import START, App, Refused, add_client, new_app, refusal

REVOKED = "NotAuthorized: Access Token has been revoked"


def track(app: App, tracking: Literal["ENABLED", "DISABLED"] = "ENABLED", most: int = 20) -> None:
    request = SetUserPoolSessionConfiguration(
        user_pool_id=app.pool_id,
        user_session_tracking=tracking,
        token_session=UserPoolTokenSessionConfig(max_per_user=most),
    )
    reply = app.send(request)
    assert (reply.user_pool_id, reply.user_session_tracking) == (app.pool_id, tracking)
    assert reply.token_session == UserPoolTokenSessionConfig(max_per_user=most)


def tracked_app(*, most: int = 20) -> App:
    app = new_app()
    app.create_user()
    track(app, most=most)
    return app


def sessions(app: App, tokens: AuthenticationResult) -> tuple[SessionDescription, ...]:
    return app.send(ListUserSessions(access_token=tokens.access_token or "")).sessions or ()


def current(app: App, tokens: AuthenticationResult) -> str:
    (found,) = (each.session_id for each in sessions(app, tokens) if each.is_current_session)
    return found or ""


def is_alive(app: App, tokens: AuthenticationResult) -> bool:
    try:
        app.send(GetUser(access_token=tokens.access_token or ""))
    except Refused as refused:
        assert str(refused) == REVOKED  # noqa: PT017
        return False
    return True


def test_the_setting() -> None:
    app = new_app()
    request = GetUserPoolSessionConfiguration(user_pool_id=app.pool_id)
    reply = app.send(request)
    assert (reply.user_pool_id, reply.user_session_tracking) == (app.pool_id, "DISABLED")
    assert reply.token_session == UserPoolTokenSessionConfig(max_per_user=20)
    track(app, most=7)
    reply = app.send(request)
    assert reply.user_session_tracking == "ENABLED"
    assert reply.token_session == UserPoolTokenSessionConfig(max_per_user=7)


def test_a_light_pool_has_no_tracking() -> None:
    app = new_app(pool={"user_pool_tier": "LITE"})
    assert refusal(track, app).startswith("FeatureUnavailableInTier: ")


@pytest.mark.parametrize("most", [0, 101])
def test_a_user_has_some_sessions(most: int) -> None:
    assert "tokenSession.maxPerUser" in refusal(track, new_app(), most=most)


def test_a_session_is_described() -> None:
    app = tracked_app()
    first = app.tokens()
    app.cognito.clock.move(60)
    other = add_client(app.cognito, app.pool_id)
    second = other.tokens()
    (one, two) = sessions(app, first)
    assert (one.session_id or "").startswith("tkn")
    assert len(one.session_id or "") == 28
    assert (one.client_id, two.client_id) == (app.client_id, other.client_id)
    assert (one.session_type, one.device_type, one.origin_session_id) == ("TOKEN", "unknown", None)
    assert one.create_date == one.last_active_date == datetime.fromtimestamp(START, UTC)
    assert two.create_date == datetime.fromtimestamp(START + 60, UTC)
    assert (one.is_current_session, two.is_current_session) == (True, False)
    assert [each.is_current_session for each in sessions(app, second)] == [False, True]


@pytest.mark.parametrize("rotating", [True, False], ids=["rotated", "kept"])
def test_a_renewal_is_activity(*, rotating: bool) -> None:
    app = tracked_app()
    flows = ("ALLOW_USER_PASSWORD_AUTH",)
    rotation = RefreshTokenRotation(feature="ENABLED") if rotating else None
    app = add_client(app.cognito, app.pool_id, explicit_auth_flows=flows, refresh_token_rotation=rotation)
    tokens = app.tokens()
    app.cognito.clock.move(100)
    app.send(GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or ""))
    (session,) = sessions(app, tokens)
    assert session.create_date == datetime.fromtimestamp(START, UTC)
    assert session.last_active_date == datetime.fromtimestamp(START + 100, UTC)


def test_the_least_active_session_makes_room() -> None:
    app = tracked_app(most=2)
    first, second = app.tokens(), app.tokens()
    app.cognito.clock.move(1)
    app.send(GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=first.refresh_token or ""))
    third = app.tokens()
    assert (is_alive(app, first), is_alive(app, second), is_alive(app, third)) == (True, False, True)
    renew = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=second.refresh_token or "")
    assert refusal(app.send, renew) == "NotAuthorized: Refresh Token has been revoked"
    track(app, most=1)
    assert len(sessions(app, third)) == 2
    last = app.tokens()
    assert [each.is_current_session for each in sessions(app, last)] == [True]


def test_one_users_sessions_are_not_anothers() -> None:
    app = tracked_app(most=1)
    app.create_user("bob", email="bob@example.com")
    anas, bobs = app.tokens(), app.tokens("bob")
    assert len(sessions(app, anas)) == 1
    request = RevokeUserSession(access_token=bobs.access_token or "", session_id=current(app, anas))
    assert refusal(app.send, request).startswith("ResourceNotFound: ")
    assert is_alive(app, anas)


@pytest.mark.parametrize("associated", [None, "NONE", "LINKED"])
def test_a_session_is_ended(associated: Literal["NONE", "LINKED"] | None) -> None:
    app = tracked_app()
    here, there = app.tokens(), app.tokens()
    request = RevokeUserSession(
        access_token=here.access_token or "", session_id=current(app, there), revoke_associated_sessions=associated
    )
    app.send(request)
    assert (is_alive(app, here), is_alive(app, there)) == (True, False)
    assert len(sessions(app, here)) == 1
    assert refusal(app.send, request) == f"ResourceNotFound: Session {request.session_id} does not exist."


def test_nobody_ends_the_own_session() -> None:
    app = tracked_app()
    tokens = app.tokens()
    request = RevokeUserSession(access_token=tokens.access_token or "", session_id=current(app, tokens))
    assert refusal(app.send, request).startswith("InvalidParameter: ")
    assert is_alive(app, tokens)


def test_what_ends_otherwise_is_not_listed() -> None:
    app = tracked_app()
    first, second, third = app.tokens(), app.tokens(), app.tokens()
    app.send(RevokeToken(client_id=app.client_id, token=first.refresh_token or ""))
    assert len(sessions(app, second)) == 2
    app.send(GlobalSignOut(access_token=third.access_token or ""))
    assert len(sessions(app, app.tokens())) == 1
    app.cognito.clock.move(30 * 24 * 3600)
    assert len(sessions(app, app.tokens())) == 1


def test_where_nothing_is_tracked() -> None:
    app = tracked_app()
    tracked = app.tokens()
    session = current(app, tracked)
    track(app, "DISABLED")
    untracked = app.tokens()
    assert sessions(app, tracked) == sessions(app, untracked) == ()
    request = RevokeUserSession(access_token=untracked.access_token or "", session_id=session)
    assert refusal(app.send, request).startswith("ResourceNotFound: ")
    assert is_alive(app, tracked)
    track(app)
    assert [each.session_id for each in sessions(app, untracked)] == [session]


def test_there_is_one_page() -> None:
    app = tracked_app()
    request = ListUserSessions(access_token=app.tokens().access_token or "", next_token="x")
    assert refusal(app.send, request) == "InvalidParameter: Invalid pagination token."
