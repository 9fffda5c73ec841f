"""Authenticator apps: time-based one-time passwords (RFC 6238) of six digits and thirty seconds.

A code is accepted one step early and one step late, and once: a step that was used, and those before it, are refused.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pyotp.totp import TOTP

from ...api.mfa import AssociateSoftwareToken, AssociateSoftwareTokenReply, VerifySoftwareToken, VerifySoftwareTokenReply
from ..base import faults
from ..base.access import caller_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Session, SoftwareToken, Trail
from ..users.names import save_user
from .progress import SignIn, resume
from .sessions import find_session, open_session, spend

FACTOR: Final = "SOFTWARE_TOKEN_MFA"
VERIFIED: Final = "verified"
"""Noted in the session of an ``MFA_SETUP`` whose app was verified."""
_SECRET_BYTES: Final = 32
_STEP_SECONDS: Final = 30
_WINDOW: Final = (0, -1, 1)


def accepted_step(token: SoftwareToken, code: str, now: float) -> int | None:
    """The time step whose code this is, if it is in the window.

    Raises `Fault` when that step, or a later one, was used before.
    """
    totp, current = TOTP(token.secret), int(now) // _STEP_SECONDS
    for step in (current + offset for offset in _WINDOW):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            if step <= token.last_step:
                raise faults.TOTP_REPLAYED
            return step
    return None


def associate_software_token(context: Context, request: AssociateSoftwareToken) -> AssociateSoftwareTokenReply:
    sign_in, session = _subject(context, request.access_token, request.session)
    secret = b32encode(context.random_bytes(_SECRET_BYTES)).rstrip(b"=").decode()
    # The app that is in use stays in use until the new one is verified.
    user = replace(sign_in.user, pending_token=SoftwareToken(secret=secret, last_step=0))
    save_user(context, sign_in.pool, user)
    return AssociateSoftwareTokenReply(secret_code=secret, session=_renewed(sign_in, session))


def verify_software_token(context: Context, request: VerifySoftwareToken) -> VerifySoftwareTokenReply:
    sign_in, session = _subject(context, request.access_token, request.session)
    pending = sign_in.user.pending_token
    if pending is None:
        raise faults.TOTP_NOT_ENABLED
    step = accepted_step(pending, request.user_code, context.now)
    if step is None:
        raise faults.TOTP_NOT_ENABLED
    verified = replace(pending, last_step=step, friendly_name=request.friendly_device_name)
    user = replace(sign_in.user, software_token=verified, pending_token=None)
    if session is not None and FACTOR not in user.factors:
        # Whoever sets up the app on the way in has it switched on; a signed-in user decides by SetUserMFAPreference.
        user = replace(user, factors=(*user.factors, FACTOR))
    save_user(context, sign_in.pool, user)
    return VerifySoftwareTokenReply(status="SUCCESS", session=_renewed(sign_in, session, {VERIFIED: "true"}))


def _subject(context: Context, access_token: str | None, session: str | None) -> tuple[SignIn, Session | None]:
    """Who asks: a signed-in user, or one in the middle of ``MFA_SETUP``, with the session."""
    if access_token is not None and session is None:
        caller = caller_of(context, access_token)
        trail = Trail(event=caller.grant.id, admin=False)
        sign_in = SignIn(context=context, pool=caller.pool, client=caller.client, user=caller.user, trail=trail)
        found = None
    elif session is not None and access_token is None:
        found = find_session(context, session, "MFA_SETUP")
        sign_in = resume(context, found)
    else:
        raise faults.TOKEN_OR_SESSION
    if FACTOR not in sign_in.pool.factors:
        raise faults.TOTP_OFF
    return sign_in, found


def _renewed(sign_in: SignIn, session: Session | None, notes: Mapping[str, str] | None = None) -> str | None:
    if session is None:
        return None
    spend(sign_in.context, session)
    return open_session(sign_in.context, sign_in.client, sign_in.user, session.challenge, trail=session.trail, notes=notes)


HANDLERS: Final[Handlers] = handlers(associate_software_token, verify_software_token)
