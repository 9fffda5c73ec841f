"""The devices that a signed-in user has confirmed: listing, remembering and forgetting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...api.devices import Device
from ...effects import Flow
from ...flows import forget_device, list_devices, remember_device
from ..body import Flag, Member
from ..http import Reply, seconds
from ..route import Call, Route
from . import device_cookie

_KEY: Final = Member("device_key", max_length=55)
_REMEMBERED: Final[Mapping[str | None, bool]] = {"remembered": True, "not_remembered": False}


def show(call: Call) -> Flow[Reply]:
    """Every device; ``current`` is the one that the access token is bound to."""
    devices = yield from list_devices(call.access_token)
    current = call.user.token.device_key
    return Reply(document={"devices": [_described(device, current) for device in devices]})


def remember(call: Call) -> Flow[Reply]:
    """Let a device stand for the second factor, or do so no longer."""
    key, remembered = call.body["device_key"], call.body["remembered"]
    yield from remember_device(call.access_token, key, remembered=remembered)
    return Reply(document={"status": "remembered" if remembered else "not_remembered", "device_key": key})


def forget(call: Call) -> Flow[Reply]:
    """Remove a device, also from the browser that keeps it. A session that is bound to it lasts no longer than its access
    token."""
    key: str = call.body["device_key"]
    yield from forget_device(call.access_token, key)
    cookies = yield from device_cookie.drop(call, username=call.user.username or "", device_key=key)
    current = key == call.user.token.device_key
    document = {"status": "forgotten", "device_key": key, "current": current, "cookie_cleared": bool(cookies)}
    return Reply(document=document, cookies=cookies)


def _described(device: Device, current: str | None) -> dict[str, Any]:
    attributes = {each.name: each.value for each in device.device_attributes or ()}
    return {
        "device_key": device.device_key,
        "name": attributes.get("device_name"),
        "remembered": _REMEMBERED.get(attributes.get("dev:device_remembered_status")),
        "current": device.device_key == current,
        "ip_address": attributes.get("last_ip_used"),
        "created_at": seconds(device.device_create_date),
        "authenticated_at": seconds(device.device_last_authenticated_date),
    }


ROUTES: Final = (
    Route(name="devices", method="GET", path="devices", endpoint=show, summary="The user's devices", guarded=True),
    Route(
        name="devices_remember",
        method="PUT",
        path="devices/remembered",
        endpoint=remember,
        summary="Remember a device, or no longer",
        members=(_KEY, Flag("remembered")),
        guarded=True,
        event="device_changed",
    ),
    Route(
        name="devices_forget",
        method="POST",
        path="devices/forget",
        endpoint=forget,
        summary="Remove a device",
        members=(_KEY,),
        guarded=True,
        event="device_forgotten",
    ),
)
