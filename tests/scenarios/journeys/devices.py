"""Journeys with devices: offered, confirmed, in place of a second factor, named at every refresh, forgotten."""

from __future__ import annotations

from typing import Any, Final

from ..person import Person, accepted, challenged, refused
from ..world import NEW_PASSWORD
from .passwords import TEMPORARY

UNKNOWN: Final = "us-east-1_00000000-0000-4000-8000-000000000000"


def confirmed(me: Person, name: str = "laptop") -> str:
    """Sign in, and confirm the device that is offered; gives its key."""
    assert me.sign_in().told["device_offered"]
    return str(accepted(me.auth("devices_confirm", device_name=name), status="confirmed").told["device_key"])


def with_factor(me: Person) -> str:
    """An account with a second factor, and a confirmed device; gives its key."""
    me.register()
    key = confirmed(me)
    accepted(me.auth("mfa_preference", email="preferred"))
    return key


def in_place_of_factor(me: Person) -> None:
    """Confirm the device, and sign in on it without the second factor; elsewhere that is asked for."""
    key = with_factor(me)
    signed_in = accepted(me.login(), status="signed_in")
    assert "device_offered" not in signed_in.told
    (listed,) = accepted(me.auth("devices")).told["devices"]
    assert (listed["device_key"], listed["name"], listed["current"]) == (key, "laptop", True)
    accepted(me.refresh(), status="signed_in")
    challenged(me.elsewhere().login(), "EMAIL_OTP")


def forgotten_elsewhere(me: Person) -> None:
    """Sign in on a device that was forgotten from afar: the factor is asked for again, and another device is offered."""
    key = with_factor(me)
    other = me.elsewhere()
    accepted(other.answer(challenged(other.login(), "EMAIL_OTP"), code=other.code()), status="signed_in")
    accepted(other.auth("devices_forget", device_key=key), status="forgotten", device_key=key)
    refused(other.auth("devices_forget", device_key=key), "device_not_found")
    asked = challenged(me.login(), "EMAIL_OTP")
    signed_in = accepted(me.answer(asked, code=me.code()), status="signed_in")
    assert signed_in.told["device_forgotten"]
    assert signed_in.told["device_offered"]
    asked = challenged(me.login(), "EMAIL_OTP")
    assert "device_forgotten" not in accepted(me.answer(asked, code=me.code())).told, "it is dropped by now"


def forgotten_here(me: Person) -> None:
    """Forget the device that one is on."""
    key = with_factor(me)
    accepted(me.auth("devices_forget", device_key=key), status="forgotten", device_key=key)
    challenged(me.login(), "EMAIL_OTP")


def with_new_password(me: Person) -> None:
    """Replace a temporary password on a known device, which proves itself afterwards."""
    key = with_factor(me)
    me.world.reset_to_temporary(me.settings, me.username, TEMPORARY)
    asked = challenged(me.login(TEMPORARY), "NEW_PASSWORD_REQUIRED")
    accepted(me.answer(asked, new_password=NEW_PASSWORD), status="signed_in")
    (listed,) = accepted(me.auth("devices")).told["devices"]
    assert (listed["device_key"], listed["current"]) == (key, True)


def refreshed_unconfirmed(me: Person) -> None:
    """Refresh without having confirmed the device that is offered: the tokens are bound to it all the same."""
    me.register()
    assert me.sign_in().told["device_offered"]
    accepted(me.refresh(), status="signed_in")
    me.passes()
    accepted(me.auth("devices_confirm"), status="confirmed")
    accepted(me.refresh(), status="signed_in")


def remembered_when_asked(me: Person) -> None:
    """Decide whether the device is to be remembered, where the pool leaves that to its users."""
    me.register()
    me.sign_in()
    told = accepted(me.auth("devices_confirm", device_name="laptop"), status="confirmed", user_decides=True).told
    key = told["device_key"]
    for remembered, status in ((True, "remembered"), (False, "not_remembered")):
        accepted(me.auth("devices_remember", device_key=key, remembered=remembered), status=status, device_key=key)
        (listed,) = accepted(me.auth("devices")).told["devices"]
        assert listed["remembered"] == remembered
    accepted(me.login(), status="signed_in")


def several(me: Person) -> None:
    """Have two devices, look at both, and forget one; what is unknown is told so."""
    me.register()
    key = confirmed(me)
    phone = me.elsewhere()
    other = confirmed(phone, "phone")
    listed = accepted(me.auth("devices")).told["devices"]
    assert {(each["device_key"], each["name"]) for each in listed} == {(key, "laptop"), (other, "phone")}
    accepted(me.auth("devices_forget", device_key=other), status="forgotten")
    for unknown in (other, UNKNOWN):
        wish: dict[str, Any] = {"device_key": unknown, "remembered": True}
        refused(me.auth("devices_remember", **wish), "device_not_found")
        refused(me.auth("devices_forget", device_key=unknown), "device_not_found")
    refused(me.auth("devices_forget", device_key="x"), "invalid_parameter")
    assert [each["name"] for each in me.auth("devices").told["devices"]] == ["laptop"]


def not_offered(me: Person) -> None:
    """Confirm a device where none is offered."""
    refused(me.auth("devices_confirm"), "not_signed_in")
    me.register()
    me.sign_in()
    refused(me.auth("devices_confirm"), "invalid_answer")
