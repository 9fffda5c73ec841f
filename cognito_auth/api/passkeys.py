"""Passkeys of the signed-in user: WebAuthn credentials that open a sign-in.

The documents are those of WebAuthn's own JSON form (https://www.w3.org/TR/webauthn-3/, section 5.1): what a browser's
``PublicKeyCredential.parseCreationOptionsFromJSON`` reads, and what the credential's ``toJSON`` gives.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from .declared import COMMON
from .listing import Paged
from .shapes import PaginationKey, TokenModel, WebAuthnCredentialsQueryLimit
from .structure import Document, NoReply, Operation, Structure, structure

_DECLARED = (COMMON - {"ResourceNotFoundException"}) | {
    "ForbiddenException",
    "LimitExceededException",
    "PasswordResetRequiredException",
}


@structure
class StartWebAuthnRegistrationReply(Structure):
    """The reply of `StartWebAuthnRegistration`: a ``PublicKeyCredentialCreationOptionsJSON``."""

    credential_creation_options: Document


@structure
class StartWebAuthnRegistration(Operation[StartWebAuthnRegistrationReply]):
    """Begin to register a passkey of the signed-in user."""

    errors: ClassVar[frozenset[str]] = _DECLARED | {"WebAuthnConfigurationMissingException", "WebAuthnNotEnabledException"}

    access_token: TokenModel


@structure
class CompleteWebAuthnRegistration(Operation[NoReply]):
    """Register the passkey that the authenticator made; ``credential`` is a ``RegistrationResponseJSON``."""

    errors: ClassVar[frozenset[str]] = _DECLARED | {
        "WebAuthnChallengeNotFoundException",
        "WebAuthnClientMismatchException",
        "WebAuthnCredentialNotSupportedException",
        "WebAuthnNotEnabledException",
        "WebAuthnOriginNotAllowedException",
        "WebAuthnRelyingPartyMismatchException",
    }

    access_token: TokenModel
    credential: Document


@structure
class WebAuthnCredentialDescription(Structure):
    """A passkey as its user sees it."""

    credential_id: str
    friendly_credential_name: str
    relying_party_id: str
    authenticator_transports: tuple[str, ...]
    created_at: datetime
    authenticator_attachment: str | None = None


@structure
class ListWebAuthnCredentialsReply(Structure):
    """The reply of `ListWebAuthnCredentials`."""

    credentials: tuple[WebAuthnCredentialDescription, ...]
    next_token: PaginationKey | None = None


@structure
class ListWebAuthnCredentials(Operation[ListWebAuthnCredentialsReply]):
    """The signed-in user's passkeys."""

    paged = Paged[ListWebAuthnCredentialsReply, WebAuthnCredentialDescription]("credentials")

    errors: ClassVar[frozenset[str]] = _DECLARED

    access_token: TokenModel
    next_token: PaginationKey | None = None
    max_results: WebAuthnCredentialsQueryLimit | None = None


@structure
class DeleteWebAuthnCredential(Operation[NoReply]):
    """Remove a passkey of the signed-in user."""

    errors: ClassVar[frozenset[str]] = _DECLARED | {"ResourceNotFoundException"}

    access_token: TokenModel
    credential_id: str
