"""The signed-in user's sessions, where the pool tracks them."""

from __future__ import annotations

from typing import Any, Final

from ..registry import journey
from ..world import App, World

TRACKED: Final[dict[str, Any]] = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 2}}


def tracking(world: World) -> App:
    """A pool that tracks two sessions of each user."""
    app = world.new()
    app.call("SetUserPoolSessionConfiguration", **TRACKED)
    return app


@journey("SetUserPoolSessionConfiguration", "GetUserPoolSessionConfiguration")
def configuration(world: World) -> None:
    app = world.new()
    found = app.call("GetUserPoolSessionConfiguration")
    assert found == {"UserPoolId": app.pool_id, "UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
    wanted = {"UserPoolId": app.pool_id, **TRACKED}
    assert app.call("SetUserPoolSessionConfiguration", **TRACKED) == wanted
    assert app.call("GetUserPoolSessionConfiguration") == wanted


@journey("SetUserPoolSessionConfiguration")
def needs_another_tier(world: World) -> None:
    app = world.new(UserPoolTier="LITE")
    app.refused("FeatureUnavailableInTier", "SetUserPoolSessionConfiguration", **TRACKED)
    assert app.call("GetUserPoolSessionConfiguration")["UserSessionTracking"] == "DISABLED"


@journey("ListUserSessions", "RevokeUserSession")
def sessions(world: World) -> None:
    app = tracking(world)
    username = app.user()
    mine, other = app.tokens(username), app.tokens(username)
    found = app.call("ListUserSessions", AccessToken=mine["AccessToken"])["Sessions"]
    assert len(found) == 2
    assert {each["ClientId"] for each in found} == {app.client_id}
    (current,) = [each for each in found if each["IsCurrentSession"]]
    (elsewhere,) = [each for each in found if not each["IsCurrentSession"]]
    given = {"AccessToken": mine["AccessToken"], "SessionId": elsewhere["SessionId"]}
    assert app.call("RevokeUserSession", **given) == {}
    app.refused("NotAuthorized", "GetUser", AccessToken=other["AccessToken"])
    app.refresh_refused("NotAuthorized", other["RefreshToken"])
    left = app.call("ListUserSessions", AccessToken=mine["AccessToken"])["Sessions"]
    assert [each["SessionId"] for each in left] == [current["SessionId"]]
    app.refused("ResourceNotFound", "RevokeUserSession", **given)
    app.refused("InvalidParameter", "ListUserSessions", AccessToken=mine["AccessToken"], NextToken="nonsense")


@journey("ListUserSessions")
def room_for_another(world: World) -> None:
    app = tracking(world)
    username = app.user()
    first = app.tokens(username)
    app.tools.move(60)
    app.tokens(username)
    last = app.tokens(username)
    assert len(app.call("ListUserSessions", AccessToken=last["AccessToken"])["Sessions"]) == 2
    app.refused("NotAuthorized", "GetUser", AccessToken=first["AccessToken"])
