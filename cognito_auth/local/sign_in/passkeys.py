"""Passkeys of a signed-in user: registering, listing and deleting them.

A registration begins only where there is room for another passkey. It is remembered by its challenge for some minutes; the
user's next one takes its place. The passkey that is accepted uses it up; one that is refused leaves it waiting for another.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, Final

from ...api.passkeys import (
    CompleteWebAuthnRegistration,
    DeleteWebAuthnCredential,
    ListWebAuthnCredentials,
    ListWebAuthnCredentialsReply,
    StartWebAuthnRegistration,
    StartWebAuthnRegistrationReply,
    WebAuthnCredentialDescription,
)
from ...api.structure import NoReply
from ...api.wire import to_wire
from ..base import faults, paging
from ..base.access import Caller, caller_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.quotas import check_quota
from ..store.records import Passkey, Pool, Registration, User
from ..store.tables import PASSKEYS, REGISTRATIONS
from ..users import passwords
from .relying_party import RelyingParty, relying_party

ALGORITHMS: Final = (-7, -257)
"""ES256 and RS256, as COSE numbers them."""
_CHALLENGE_BYTES: Final = 32
_LIFETIME: Final = 300.0
"""Seconds that a registration may take."""
_PAGE: Final = 20


def new_challenge(context: Context) -> str:
    """A challenge that nobody has seen, in base64url."""
    return encoded(context.random_bytes(_CHALLENGE_BYTES))


def encoded(content: bytes) -> str:
    """Base64url without padding, as WebAuthn has bytes in JSON."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def user_handle(user: User) -> bytes:
    """What an authenticator knows the user by."""
    return user.sub.encode()


def verification(party: RelyingParty) -> str:
    """What the authenticator is asked for."""
    return "required" if party.verifies_user else "preferred"


def passkeys_of(context: Context, user: User, party: RelyingParty) -> list[Passkey]:
    """The user's passkeys that are good for the relying party."""
    found = context.records.find(PASSKEYS, pool_id=user.pool_id, sub=user.sub)
    return [each for each in found if each.relying_party_id == party.id]


def described(passkey: Passkey) -> dict[str, Any]:
    """A ``PublicKeyCredentialDescriptorJSON``."""
    return {"id": passkey.id, "type": "public-key", "transports": list(passkey.transports)}


def start_web_authn_registration(context: Context, request: StartWebAuthnRegistration) -> StartWebAuthnRegistrationReply:
    caller = _caller(context, request.access_token)
    party = _party(context, caller.pool)
    if party is None:
        raise faults.PASSKEYS_UNCONFIGURED
    user = caller.user
    check_quota(context, PASSKEYS, pool_id=user.pool_id, sub=user.sub)
    registration = Registration(
        pool_id=user.pool_id,
        sub=user.sub,
        client_id=caller.client.id,
        challenge=new_challenge(context),
        expires_at=context.now + _LIFETIME,
    )
    context.records.delete_before(REGISTRATIONS, "expires_at", context.now)
    context.records.put(REGISTRATIONS, registration)
    name = _shown_name(caller.pool, user)
    options = {
        "challenge": registration.challenge,
        "rp": {"id": party.id, "name": caller.pool.settings.name or party.id},
        "user": {"id": encoded(user_handle(user)), "name": name, "displayName": user.attributes.get("name", name)},
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in ALGORITHMS],
        "timeout": int(_LIFETIME * 1000),
        "excludeCredentials": [described(each) for each in passkeys_of(context, user, party)],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": verification(party),
        },
        "attestation": "none",
        "extensions": {},
    }
    return StartWebAuthnRegistrationReply(credential_creation_options=options)


def complete_web_authn_registration(context: Context, request: CompleteWebAuthnRegistration) -> NoReply:
    from .ceremonies import check_registration

    caller = _caller(context, request.access_token)
    user, party = caller.user, _party(context, caller.pool)
    registration = _waiting(context, caller)
    if party is None:
        raise faults.PASSKEY_PARTY
    proved = check_registration(party, registration.challenge, json.dumps(to_wire(request)["Credential"]))
    # It may have been somebody else's before, who could then sign in as this user.
    if context.records.get(PASSKEYS, user.pool_id, proved.id) is not None:
        raise faults.PASSKEY_TAKEN
    number = context.records.count(PASSKEYS, pool_id=user.pool_id, sub=user.sub) + 1
    passkey = Passkey(
        pool_id=user.pool_id,
        sub=user.sub,
        id=proved.id,
        public_key=proved.public_key,
        sign_count=proved.sign_count,
        relying_party_id=party.id,
        name=f"Passkey {number}",
        transports=proved.transports,
        attachment=proved.attachment,
        created_at=context.now,
    )
    context.records.insert(PASSKEYS, passkey)
    context.records.delete(REGISTRATIONS, pool_id=user.pool_id, sub=user.sub)
    return NoReply()


def list_web_authn_credentials(context: Context, request: ListWebAuthnCredentials) -> ListWebAuthnCredentialsReply:
    user = _caller(context, request.access_token).user
    limit, token = request.max_results or _PAGE, request.next_token
    page = paging.page(context, PASSKEYS, limit=limit, token=token, pool_id=user.pool_id, sub=user.sub)
    return ListWebAuthnCredentialsReply(credentials=tuple(map(_shown, page.records)), next_token=page.token)


def delete_web_authn_credential(context: Context, request: DeleteWebAuthnCredential) -> NoReply:
    user = _caller(context, request.access_token).user
    passkey = context.records.get(PASSKEYS, user.pool_id, request.credential_id)
    if passkey is None or passkey.sub != user.sub:
        raise faults.PASSKEY_UNKNOWN
    context.records.delete(PASSKEYS, pool_id=passkey.pool_id, id=passkey.id)
    return NoReply()


def _caller(context: Context, access_token: str) -> Caller:
    """The user whose access token this is. Raises `Fault`, and only such as these operations declare."""
    try:
        return caller_of(context, access_token)
    except (faults.CLIENT_UNKNOWN, faults.USER_UNKNOWN):
        raise faults.ACCESS_TOKEN_REVOKED from None


def _party(context: Context, pool: Pool) -> RelyingParty | None:
    """The pool's relying party. Raises `Fault` in a pool without passkeys."""
    if "WEB_AUTHN" not in passwords.first_factors(pool):
        raise faults.PASSKEYS_OFF
    return relying_party(context, pool)


def _waiting(context: Context, caller: Caller) -> Registration:
    """The registration that the user has begun. Raises `Fault` when there is none, or another client began it."""
    registration = context.records.get(REGISTRATIONS, caller.user.pool_id, caller.user.sub)
    if registration is None or registration.expires_at <= context.now:
        raise faults.PASSKEY_CHALLENGE
    if registration.client_id != caller.client.id:
        raise faults.PASSKEY_CLIENT
    return registration


def _shown_name(pool: Pool, user: User) -> str:
    """What the authenticator shows the user's passkey under: what the user signs in with."""
    kinds = pool.settings.username_attributes or ()
    return next((user.attributes[kind] for kind in kinds if kind in user.attributes), user.username)


def _shown(passkey: Passkey) -> WebAuthnCredentialDescription:
    return WebAuthnCredentialDescription(
        credential_id=passkey.id,
        friendly_credential_name=passkey.name,
        relying_party_id=passkey.relying_party_id,
        authenticator_attachment=passkey.attachment,
        authenticator_transports=passkey.transports,
        created_at=datetime.fromtimestamp(passkey.created_at, UTC),
    )


HANDLERS: Final[Handlers] = handlers(
    start_web_authn_registration,
    complete_web_authn_registration,
    list_web_authn_credentials,
    delete_web_authn_credential,
)
