"""A signed-in user's passkeys: registering one with the browser's help, listing and removing them."""

from __future__ import annotations

from typing import Any, Final

from ...api.passkeys import WebAuthnCredentialDescription
from ...api.wire import document, to_json
from ...effects import Flow
from ...flows import delete_passkey, list_passkeys, register_passkey, start_passkey
from ..body import Member, Object
from ..http import Reply, seconds
from ..route import Call, Route


def show(call: Call) -> Flow[Reply]:
    """Every passkey."""
    passkeys = yield from list_passkeys(call.access_token)
    return Reply(document={"passkeys": [_described(passkey) for passkey in passkeys]})


def start(call: Call) -> Flow[Reply]:
    """The options with which the browser makes a passkey."""
    options = yield from start_passkey(call.access_token)
    return Reply(document={"options": to_json(options)})


def register(call: Call) -> Flow[Reply]:
    """Register the passkey that the browser made."""
    yield from register_passkey(call.access_token, document(call.body["credential"], "credential"))
    return Reply(document={"status": "registered"})


def delete(call: Call) -> Flow[Reply]:
    """Remove a passkey. It stays with the person's device, and opens nothing here any more."""
    credential_id = call.body["credential_id"]
    yield from delete_passkey(call.access_token, credential_id)
    return Reply(document={"status": "deleted", "credential_id": credential_id})


def _described(passkey: WebAuthnCredentialDescription) -> dict[str, Any]:
    return {
        "credential_id": passkey.credential_id,
        "name": passkey.friendly_credential_name,
        "relying_party_id": passkey.relying_party_id,
        "attachment": passkey.authenticator_attachment,
        "transports": list(passkey.authenticator_transports),
        "created_at": seconds(passkey.created_at),
    }


ROUTES: Final = (
    Route(name="passkeys", method="GET", path="passkeys", endpoint=show, summary="The user's passkeys", guarded=True),
    Route(
        name="passkeys_options",
        method="POST",
        path="passkeys/options",
        endpoint=start,
        summary="Begin to register a passkey",
        guarded=True,
    ),
    Route(
        name="passkeys_register",
        method="POST",
        path="passkeys",
        endpoint=register,
        summary="Register the passkey that the browser made",
        members=(Object("credential"),),
        guarded=True,
        event="passkey_registered",
    ),
    Route(
        name="passkeys_delete",
        method="POST",
        path="passkeys/delete",
        endpoint=delete,
        summary="Remove a passkey",
        members=(Member("credential_id", max_length=1400),),
        guarded=True,
        event="passkey_deleted",
    ),
)
