"""A signed-in user's passkeys: register one, list them, remove one.

The documents are those of WebAuthn's JSON form, which browsers read and write themselves
(``PublicKeyCredential.parseCreationOptionsFromJSON`` and the credential's ``toJSON``).
"""

from __future__ import annotations

from ..api.passkeys import (
    CompleteWebAuthnRegistration,
    DeleteWebAuthnCredential,
    ListWebAuthnCredentials,
    StartWebAuthnRegistration,
    WebAuthnCredentialDescription,
)
from ..api.structure import Document
from ..effects import Flow, perform
from ..errors import PasskeyNotFound, ResourceNotFound
from ..pagination import Pager


def start_passkey(access_token: str) -> Flow[Document]:
    """The options with which the browser makes a new passkey, good for some minutes.

    Raises `PoolMisconfigured` where the pool has no passkeys, `AttemptLimitExceeded` when the user has as many as may be.
    """
    reply = yield from perform(StartWebAuthnRegistration(access_token=access_token))
    return reply.credential_creation_options


def register_passkey(access_token: str, credential: Document) -> Flow[None]:
    """Register the passkey that the browser made.

    Raises `CodeExpired` when nothing was started, or too long ago, `InvalidParameter` for a credential that is not good, and
    `PoolMisconfigured` for one of another site.
    """
    yield from perform(CompleteWebAuthnRegistration(access_token=access_token, credential=credential))


def list_passkeys(access_token: str) -> Flow[tuple[WebAuthnCredentialDescription, ...]]:
    """All passkeys of the signed-in user."""
    pager = Pager(ListWebAuthnCredentials(access_token=access_token))
    found: list[WebAuthnCredentialDescription] = []
    while pager.more:
        found += yield from pager.items()
    return tuple(found)


def delete_passkey(access_token: str, credential_id: str) -> Flow[None]:
    """Remove a passkey; raises `PasskeyNotFound` when there is none with this id."""
    try:
        yield from perform(DeleteWebAuthnCredential(access_token=access_token, credential_id=credential_id))
    except ResourceNotFound as error:
        raise PasskeyNotFound(error.aws_code, error.message, operation=error.operation, request_id=error.request_id) from error
