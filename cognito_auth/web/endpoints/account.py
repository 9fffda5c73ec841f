"""A signed-in user's account: reading and changing its attributes, verifying addresses, deleting it."""

from __future__ import annotations

from typing import Any, Final

from ...api.types import CodeDeliveryDetails
from ...effects import Flow
from ...errors import RequestRejected
from ...flows import (
    change_attributes,
    delete_account,
    delete_attributes,
    read_account,
    send_verification_code,
    verify_attribute,
)
from ..body import Member, Names, Texts
from ..http import Reply
from ..rate_limits import Limited, signed_in
from ..route import Call, Route
from . import device_cookie
from .sign_in import CODE
from .sign_up import delivery

_NAME_LENGTH: Final = 32
"""Characters of an attribute's name, by the service's own constraint."""
_ADDRESS: Final = Member("attribute", choices=("email", "phone_number"))


def read(call: Call) -> Flow[Reply]:
    """The attributes as they are now, which the access token's claims do not tell."""
    account = yield from read_account(call.access_token)
    return Reply(document={"username": account.username, "attributes": dict(account.attributes)})


def change(call: Call) -> Flow[Reply]:
    """Change attributes; the reply says of each whether a code was sent to verify it, and where to."""
    if not call.body["attributes"]:
        raise RequestRejected("name at least one attribute")
    outcome = yield from change_attributes(call.access_token, call.body["attributes"])
    return Reply(document={"status": "changed", "attributes": {name: _told(sent) for name, sent in outcome.items()}})


def remove(call: Call) -> Flow[Reply]:
    """Remove attributes."""
    names: list[str] = call.body["names"]
    yield from delete_attributes(call.access_token, names)
    return Reply(document={"status": "deleted", "names": names})


def send_code(call: Call) -> Flow[Reply]:
    """Send a code that verifies an address."""
    sent = yield from send_verification_code(call.access_token, call.body["attribute"])
    return Reply(document={"status": "code_sent", **delivery(sent)})


def verify(call: Call) -> Flow[Reply]:
    """Verify an address with the code that was sent."""
    attribute: str = call.body["attribute"]
    yield from verify_attribute(call.access_token, attribute, call.body["code"])
    return Reply(document={"status": "verified", "attribute": attribute})


def delete(call: Call) -> Flow[Reply]:
    """Delete the account, and with it the browser's session and what it keeps of a device."""
    yield from delete_account(call.access_token)
    yield from call.auth.end_access(call.user.sub)
    known_device = yield from device_cookie.drop(call, username=call.user.username or "")
    cookies = (*(yield from call.end_session()), *known_device)
    document = {"status": "deleted", "username": call.user.username, "cookie_cleared": bool(cookies)}
    return Reply(document=document, cookies=cookies)


def _told(sent: CodeDeliveryDetails | None) -> dict[str, Any]:
    return {"status": "changed"} if sent is None else {"status": "code_sent", **delivery(sent)}


ROUTES: Final = (
    Route(name="account", method="GET", path="account", endpoint=read, summary="The user's attributes", guarded=True),
    Route(
        name="account_change",
        method="PATCH",
        path="account",
        endpoint=change,
        summary="Change attributes",
        members=(Texts("attributes"),),
        guarded=True,
        event="account_changed",
    ),
    Route(
        name="account_delete",
        method="DELETE",
        path="account",
        endpoint=delete,
        summary="Delete the account",
        guarded=True,
        event="account_deleted",
    ),
    Route(
        name="account_attributes_delete",
        method="POST",
        path="account/attributes/delete",
        endpoint=remove,
        summary="Remove attributes",
        members=(Names("names", max_length=_NAME_LENGTH),),
        guarded=True,
        event="account_changed",
    ),
    Route(
        name="account_verification",
        method="POST",
        path="account/verification",
        endpoint=send_code,
        summary="Send a code that verifies an address",
        members=(_ADDRESS,),
        guarded=True,
        limited=Limited("code", signed_in),
        event="code_requested",
    ),
    Route(
        name="account_verification_confirm",
        method="POST",
        path="account/verification/confirm",
        endpoint=verify,
        summary="Verify an address with the code that was sent",
        members=(_ADDRESS, CODE),
        guarded=True,
        limited=Limited("answer", signed_in),
        event="account_changed",
    ),
)
