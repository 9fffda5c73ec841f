"""Sign-in by passkey: the challenge ``WEB_AUTHN``, posed alike to somebody who does not exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ...api.auth import AuthReply
from ..base import faults
from ..base.parameters import Parameters, demand
from ..store.records import Passkey, User
from ..store.tables import PASSKEYS
from ..users.names import Stranger
from .assurance import passkey_method
from .passkeys import described, encoded, new_challenge, passkeys_of, user_handle, verification
from .progress import FACTOR, first_factor_was_right
from .relying_party import RelyingParty, relying_party
from .sessions import lifetime
from .visitor import Visitor, pose_first

_ID_BYTES: Final = 32


def ask_passkey(visitor: Visitor) -> AuthReply:
    """Ask for a passkey."""
    party = relying_party(visitor.context, visitor.pool)
    if party is None:
        raise faults.PASSKEY_WRONG
    challenge = new_challenge(visitor.context)
    options = {
        "challenge": challenge,
        "rpId": party.id,
        "timeout": int(lifetime(visitor.client) * 1000),
        "allowCredentials": _allowed(visitor, party),
        "userVerification": verification(party),
    }
    parameters = {"CREDENTIAL_REQUEST_OPTIONS": json.dumps(options, separators=(",", ":"))}
    return pose_first(visitor, "WEB_AUTHN", parameters, {"challenge": challenge})


def answer_passkey(visitor: Visitor, notes: Mapping[str, str], responses: Parameters) -> AuthReply:
    """Check a passkey's answer, and end the sign-in. Raises `Fault`."""
    text = demand(responses, "CREDENTIAL")
    user = visitor.who
    if isinstance(user, Stranger):
        raise faults.PASSKEY_WRONG(keep=True)
    used = _used(visitor, user, notes["challenge"], text)
    if used is None:
        visitor.signing_in(user).record("Fail", failed=FACTOR)
        raise faults.PASSKEY_WRONG(keep=True)
    visitor.context.records.put(PASSKEYS, used)
    return first_factor_was_right(visitor.signing_in(user), passkey_method(used.attachment))


def _allowed(visitor: Visitor, party: RelyingParty) -> list[dict[str, Any]]:
    who = visitor.who
    if isinstance(who, User):
        return [described(each) for each in passkeys_of(visitor.context, who, party)]
    made = hashlib.shake_256(who.seed).digest(_ID_BYTES)
    return [{"id": encoded(made), "type": "public-key", "transports": ["internal"]}]


def _used(visitor: Visitor, user: User, challenge: str, text: str) -> Passkey | None:
    """The user's passkey as it is after this answer; ``None`` when the answer proves nothing."""
    from .ceremonies import proved_count, read_assertion

    party, assertion = relying_party(visitor.context, visitor.pool), read_assertion(text)
    if party is None or assertion is None or assertion.user_handle not in (None, user_handle(user)):
        return None
    passkey = next((each for each in passkeys_of(visitor.context, user, party) if each.id == assertion.id), None)
    count = proved_count(party, passkey, challenge, assertion) if passkey else None
    return replace(passkey, sign_count=count) if passkey is not None and count is not None else None
