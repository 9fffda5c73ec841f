"""The device of a browser, sealed in a cookie that outlives the session, so that no script holds what the device proves itself
with.

The cookie is for whoever signs in with this browser next. It is dropped when Cognito does not know the device any more, and
only for the user that it belongs to: somebody else's sign-in says nothing about it.
"""

from __future__ import annotations

from typing import Any, Final

from ...api.structure import Structure, structure
from ...api.wire import MalformedValue, from_wire, to_wire
from ...effects import Flow
from ...errors import SealError
from ...sessions import SetCookie
from ...states import Device
from ..options import DAY
from ..route import Call

LIFETIME: Final = 400 * DAY
"""Seconds that the browser keeps the cookie, the most that browsers allow (RFC 6265bis, section 5.5)."""
_PURPOSE: Final = "device cookie"


@structure
class KnownDevice(Structure):
    """A confirmed device, and the pool's own name for the user that it belongs to."""

    username: str
    device: Device


def read(call: Call) -> Flow[KnownDevice | None]:
    """The device in the request's cookie; what does not open is none."""
    if "cookie" not in call.auth.options.deliveries:
        return None
    sealed = call.auth.options.device_cookie.read(call.request.cookies, secure=call.auth.options.is_secure(call.request))
    if sealed is None:
        return None
    try:
        document: dict[str, Any] = yield from call.auth.vault.open_document(sealed, _PURPOSE)
        return from_wire(KnownDevice, document)
    except (SealError, MalformedValue):
        return None


def write(call: Call, known: KnownDevice) -> Flow[tuple[SetCookie, ...]]:
    """The cookie that keeps a device."""
    sealed = yield from call.auth.vault.seal_document(to_wire(known), _PURPOSE, LIFETIME)
    secure, present = call.auth.options.is_secure(call.request), call.request.cookies
    return tuple(call.auth.options.device_cookie.write(sealed, max_age=int(LIFETIME), secure=secure, present=present))


def drop(call: Call, *, username: str, device_key: str | None = None) -> Flow[tuple[SetCookie, ...]]:
    """What deletes the cookie if it holds a device of this user, by default whichever; nothing where it does not."""
    known = yield from read(call)
    if known is None or known.username != username or device_key not in (None, known.device.key):
        return ()
    secure = call.auth.options.is_secure(call.request)
    return tuple(call.auth.options.device_cookie.clear(secure=secure, present=call.request.cookies))
