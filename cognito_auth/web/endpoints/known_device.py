"""The device that a client keeps from one sign-in to the next: confirmed once, kept sealed, and given to every login.

Browsers keep it in a cookie. API clients are handed it, and send it along.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ...api.wire import from_wire, to_wire
from ...effects import Flow
from ...errors import RequestRejected
from ...flows import confirm_device
from ...states import Device, SignedIn
from ..body import Member
from ..http import Reply
from ..keeper import Held
from ..route import Call, Route
from . import device_cookie
from .device_cookie import KnownDevice
from .outcome import ENVELOPE_LIFETIME, open_envelope

DEVICE: Final = Member("device", max_length=4096, required=False)

_ENVELOPE: Final = Member("refresh_token", max_length=16_384, required=False)
_PURPOSE: Final = "device"


def open_device(call: Call) -> Flow[Device | None]:
    """The device that a login is on: the one in the body, or else in the browser's cookie; raises `SealError` for a body's that
    is none."""
    if DEVICE.name in call.body:
        return from_wire(Device, (yield from call.auth.vault.open_document(call.body[DEVICE.name], _PURPOSE)))
    known = yield from device_cookie.read(call)
    return known.device if known else None


def confirm(call: Call) -> Flow[Reply]:
    """Confirm the device that the sign-in offers, and keep it: in a cookie, or with a client that holds tokens, which finds it
    sealed in the reply."""
    held = call.who.held if call.who else None
    if held is not None:
        return (yield from _in_browser(call, held))
    if "refresh_token" not in call.body:
        raise RequestRejected("refresh_token is missing")
    device = yield from _confirmed(call, (yield from open_envelope(call, call.access_token)))
    sealed = yield from call.auth.vault.seal_document(to_wire(device), _PURPOSE, ENVELOPE_LIFETIME)
    return Reply(document={**_told(device), "device": sealed})


def _in_browser(call: Call, held: Held) -> Flow[Reply]:
    session = held.session
    offered = SignedIn(username=session.username, tokens=session.tokens, device=session.device)
    device = yield from _confirmed(call, offered)
    kept = yield from device_cookie.write(call, KnownDevice(username=session.username, device=device))
    now_held = yield from call.auth.keeper.keep(call.request, held, replace(session, device=device))
    return Reply(document=_told(device), cookies=(*now_held.cookies, *kept))


def _confirmed(call: Call, offered: SignedIn) -> Flow[Device]:
    return (yield from confirm_device(offered, name=call.body.get("device_name")))


def _told(device: Device) -> dict[str, Any]:
    return {"status": "confirmed", "device_key": device.key, "user_decides": device.user_decides}


ROUTES: Final = (
    Route(
        name="devices_confirm",
        method="POST",
        path="devices/confirm",
        endpoint=confirm,
        summary="Confirm the device that the sign-in offers",
        members=(Member("device_name", max_length=1024, required=False), _ENVELOPE),
        guarded=True,
        event="device_confirmed",
    ),
)
