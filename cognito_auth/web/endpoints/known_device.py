"""The device that a client keeps from one sign-in to the next: confirmed once, kept sealed, and given to every login."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.wire import from_wire, to_wire
from ...effects import Flow
from ...errors import RequestRejected
from ...flows import confirm_device
from ...sessions import SetCookie
from ...states import Device, SignedIn
from ..body import Member
from ..http import Reply
from ..route import Call, Route
from .outcome import ENVELOPE_LIFETIME, open_envelope

DEVICE: Final = Member("device", max_length=4096, required=False)

_ENVELOPE: Final = Member("refresh_token", max_length=16_384, required=False)


def open_device(call: Call) -> Flow[Device | None]:
    """The device in the body, if there is one; raises `SealError` for what is none."""
    if DEVICE.name not in call.body:
        return None
    return from_wire(Device, (yield from call.auth.unseal_document(call.body[DEVICE.name], "device")))


def confirm(call: Call) -> Flow[Reply]:
    """Confirm the device that the sign-in offers. The reply holds it, sealed, for the client's next logins."""
    session = call.who.session if call.who else None
    cookies: tuple[SetCookie, ...] = ()
    if session is not None:
        offered = SignedIn(username=session.username, tokens=session.tokens, device=session.device)
    elif "refresh_token" in call.body:
        offered = yield from open_envelope(call, call.access_token)
    else:
        raise RequestRejected("refresh_token is missing")
    device = yield from confirm_device(offered, name=call.body.get("device_name"))
    if session is not None:
        cookies = yield from call.auth.write_session(call.request, replace(session, device=device))
    sealed = yield from call.auth.seal_document(to_wire(device), "device", ENVELOPE_LIFETIME)
    document = {"status": "confirmed", "device_key": device.key, "device": sealed, "user_decides": device.user_decides}
    return Reply(document=document, cookies=cookies)


ROUTES: Final = (
    Route(
        name="devices_confirm",
        method="POST",
        path="devices/confirm",
        endpoint=confirm,
        summary="Confirm the device that the sign-in offers",
        members=(Member("device_name", max_length=1024, required=False), _ENVELOPE),
        guarded=True,
    ),
)
