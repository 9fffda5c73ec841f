"""Journeys of a signed-in user: refreshing with and without rotation, groups, expiry, signing out here and everywhere."""

from __future__ import annotations

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.errors import AccessTokenRejected, RefreshTokenInvalid, RefreshTokenReused, TokenExpired
from cognito_auth.flows import advance
from cognito_auth.states import Refresh, SignedIn, SignedOut, SignOut, SignOutEverywhere

from .drivers import Scene
from .world import GRACE, HOUR


def test_a_refresh_keeps_the_refresh_token(scene: Scene) -> None:
    state = scene.sign_in(scene.user())
    scene.move(1)
    renewed = scene.advance(state, Refresh())
    assert isinstance(renewed, SignedIn)
    assert renewed.tokens.refresh_token == state.tokens.refresh_token
    assert renewed.tokens.access_token != state.tokens.access_token
    assert scene.verified(renewed).claims["origin_jti"] == scene.verified(state).claims["origin_jti"]
    scene.verified(scene.advance(renewed, Refresh()))


def test_a_rotated_refresh_token_works_for_its_grace_period_only(scene: Scene) -> None:
    rotating = scene.within(rotating=True)
    first = rotating.sign_in(rotating.user())
    second = rotating.advance(first, Refresh())
    assert isinstance(second, SignedIn)
    assert second.tokens.refresh_token not in (None, first.tokens.refresh_token)
    rotating.verified(rotating.advance(first, Refresh()))
    scene.move(GRACE + 1)
    assert rotating.refused(advance(first, Refresh())) is RefreshTokenReused
    rotating.verified(rotating.advance(second, Refresh()))


def test_a_refresh_token_grows_too_old(scene: Scene) -> None:
    state = scene.sign_in(scene.user())
    scene.move(31 * 24 * HOUR)
    assert scene.refused(advance(state, Refresh())) is RefreshTokenInvalid


def test_groups_are_in_the_tokens_after_the_next_refresh(scene: Scene) -> None:
    username, group = scene.user(), scene.world.name("group")
    state = scene.sign_in(username)
    scene.world.ensure_group(scene.settings, group)
    scene.world.add_to_group(scene.settings, username, group)
    assert group not in scene.verified(state).groups
    assert scene.verified(scene.advance(state, Refresh())).groups == (group,)


def test_signing_out_revokes_this_sign_in_only(scene: Scene) -> None:
    username = scene.user()
    here, elsewhere = scene.sign_in(username), scene.sign_in(username)
    assert scene.advance(here, SignOut()) == SignedOut()
    assert scene.refused(advance(here, Refresh())) is RefreshTokenInvalid
    with pytest.raises(AccessTokenRejected):
        scene.send(GetUser(access_token=here.tokens.access_token))
    scene.verified(scene.advance(elsewhere, Refresh()))


def test_signing_out_everywhere_revokes_every_sign_in(scene: Scene) -> None:
    username = scene.user()
    here, elsewhere = scene.sign_in(username), scene.sign_in(username)
    assert scene.advance(here, SignOutEverywhere()) == SignedOut()
    for state in (here, elsewhere):
        assert scene.refused(advance(state, Refresh())) is RefreshTokenInvalid
    assert scene.refused(advance(here, SignOutEverywhere())) is AccessTokenRejected


def test_an_access_token_expires(scene: Scene) -> None:
    state = scene.sign_in(scene.user())
    scene.move(HOUR - 1)
    scene.verified(state)
    scene.move(scene.verifier.leeway + 2)
    assert scene.refused(scene.verifier.access_token(state.tokens.access_token)) is TokenExpired
    scene.verified(scene.advance(state, Refresh()))
