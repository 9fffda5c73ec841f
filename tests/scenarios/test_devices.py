"""Journeys with devices: offered, confirmed, in place of a second factor, bound to the tokens, forgotten elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace

from cognito_auth.errors import DeviceNotFound, RefreshTokenInvalid
from cognito_auth.flows import (
    advance,
    confirm_device,
    forget_device,
    list_devices,
    prefer_mfa,
    remember_device,
    sign_in,
    sign_in_with_custom_challenge,
)
from cognito_auth.sessions.session import pack_state, unpack_state
from cognito_auth.states import (
    CustomAnswer,
    CustomChallenge,
    Device,
    EmailCode,
    EmailOtp,
    NewPassword,
    NewPasswordRequired,
    Refresh,
    SignedIn,
    State,
)

from .drivers import Scene
from .world import NEW_PASSWORD, PASSWORD


def by_mail(scene: Scene, state: State, username: str) -> SignedIn:
    """Answer the code that was sent by mail."""
    assert isinstance(state, EmailOtp)
    reached = scene.advance(state, EmailCode(code=scene.code(username)))
    assert isinstance(reached, SignedIn)
    return reached


def with_device(scene: Scene) -> tuple[str, Device]:
    """A user with a second factor and a confirmed device."""
    username = scene.user()
    signed_in = scene.sign_in(username)
    scene.run(prefer_mfa(signed_in.tokens.access_token, email="preferred"))
    return username, scene.run(confirm_device(signed_in, name="laptop"))


def test_a_remembered_device_stands_for_the_second_factor(scene: Scene) -> None:
    guarded = scene.within("guarded")
    username, device = with_device(guarded)
    assert not device.user_decides

    reached = guarded.run(sign_in(username, PASSWORD, device=device))
    assert isinstance(reached, SignedIn), "the device has proved itself"
    assert reached.device == device
    assert guarded.verified(reached).device_key == device.key
    for flow in ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH"):
        assert isinstance(guarded.using(flow).run(sign_in(username, PASSWORD, device=device)), SignedIn)

    (listed,) = guarded.run(list_devices(reached.tokens.access_token))
    assert listed.device_key == device.key
    assert "laptop" in [attribute.value for attribute in listed.device_attributes or ()]
    assert isinstance(guarded.run(sign_in(username, PASSWORD)), EmailOtp)
    state = guarded.run(sign_in(username, PASSWORD, device=replace(device, secret="another")))
    assert isinstance(state, EmailOtp), "with a wrong secret, the device stands for nothing"
    assert state.course.device_forgotten


def test_a_refresh_names_the_device(scene: Scene) -> None:
    guarded = scene.within("guarded")
    offered = guarded.sign_in(guarded.user())
    assert offered.device is not None
    assert not offered.device.can_prove
    renewed = guarded.advance(offered, Refresh())
    assert guarded.verified(renewed).device_key == offered.device.key
    assert guarded.refused(advance(replace(offered, device=None), Refresh())) is RefreshTokenInvalid
    device = guarded.run(confirm_device(offered))
    signed_in = guarded.run(sign_in(offered.username, PASSWORD, device=device))
    again = guarded.advance(signed_in, Refresh())
    assert isinstance(again, SignedIn)
    assert again.device == device


def test_a_device_that_the_user_has_to_remember(scene: Scene) -> None:
    tracked = scene.within("tracked")
    username = tracked.user()
    device = tracked.run(confirm_device(tracked.sign_in(username)))
    assert device.user_decides
    reached = tracked.run(sign_in(username, PASSWORD, device=device))
    assert isinstance(reached, SignedIn)
    access_token = reached.tokens.access_token

    def status() -> str | None:
        (listed,) = tracked.run(list_devices(access_token))
        values = {each.name: each.value for each in listed.device_attributes or ()}
        return values["dev:device_remembered_status"]

    assert status() == "not_remembered"
    tracked.run(remember_device(access_token, device.key))
    assert status() == "remembered"
    tracked.run(remember_device(access_token, device.key, remembered=False))
    assert status() == "not_remembered"


def test_a_device_that_is_forgotten_elsewhere_is_dropped(scene: Scene) -> None:
    guarded = scene.within("guarded")
    username, device = with_device(guarded)
    elsewhere = guarded.run(sign_in(username, PASSWORD, device=device))
    assert isinstance(elsewhere, SignedIn)
    guarded.run(forget_device(elsewhere.tokens.access_token, device.key))
    assert guarded.refused(forget_device(elsewhere.tokens.access_token, device.key)) is DeviceNotFound

    for flow in ("USER_SRP_AUTH", "USER_PASSWORD_AUTH", "USER_AUTH"):
        state = guarded.using(flow).run(sign_in(username, PASSWORD, device=device))
        assert isinstance(state, EmailOtp), "the second factor is due again"
        assert state.course.device is None
        reached = by_mail(guarded, state, username)
        assert reached.device_forgotten
        assert reached.device is not None
        assert reached.device.key != device.key, "another one is on offer"


def test_a_device_is_kept_while_a_person_is_waited_for(scene: Scene) -> None:
    """A new password comes before the device: the sealed state carries what the device proves itself with."""
    guarded = scene.within("guarded")
    username, device = with_device(guarded)
    temporary = "Temp0rary-password"
    guarded.world.reset_to_temporary(guarded.settings, username, temporary)
    state = guarded.run(sign_in(username, temporary, device=device))
    assert isinstance(state, NewPasswordRequired)
    opened = unpack_state(json.loads(json.dumps(pack_state(state))))
    reached = guarded.advance(opened, NewPassword(password=NEW_PASSWORD))
    assert isinstance(reached, SignedIn)
    assert guarded.verified(reached).device_key == device.key


def test_a_device_proves_itself_after_a_custom_challenge(scene: Scene) -> None:
    guarded = scene.within("guarded")
    username, device = with_device(guarded)
    state = guarded.run(sign_in_with_custom_challenge(username, device=device))
    assert isinstance(state, CustomChallenge)
    reached = guarded.advance(state, CustomAnswer(answer="blue"))
    assert guarded.verified(reached).device_key == device.key
