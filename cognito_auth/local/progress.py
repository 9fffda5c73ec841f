"""What comes after the password: the gates of a sign-in, each of which poses a challenge or lets pass.

password right -> NEW_PASSWORD_REQUIRED -> second factor -> tokens
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..api.auth import AuthReply
from . import attributes, faults, outbox, passwords
from .access import client_of
from .context import Context
from .outbox import Kind
from .records import USERS, Client, Pool, Session, User
from .refresh import begin_grant
from .sessions import open_session

MFA_DIGITS: Final = 6
SENT_FACTORS: Final[Mapping[str, str]] = {"SMS_MFA": "phone_number", "EMAIL_OTP": "email"}
"""Factors whose code is sent, and the attribute it is sent to."""
NAME_PREFIX: Final = "userAttributes."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in on its way: who, where, and in which operation."""

    context: Context
    pool: Pool
    client: Client
    user: User

    def of(self, user: User) -> SignIn:
        """The same sign-in with the user's new state."""
        return replace(self, user=user)


def resume(context: Context, session: Session) -> SignIn:
    """The sign-in that a session stands for. Raises `Fault` when its user is gone or disabled."""
    pool, client = client_of(context, session.client_id)
    user = context.records.get(USERS, session.pool_id, session.user)
    if user is None or user.sub != session.sub:
        raise faults.SESSION_INVALID
    if not user.enabled:
        raise faults.USER_DISABLED
    return SignIn(context=context, pool=pool, client=client, user=user)


def password_was_right(sign_in: SignIn) -> AuthReply:
    """Pass the account's own gates, then the others. Raises `Fault` where the account does not let anybody in."""
    user = sign_in.user
    if not user.enabled:
        raise faults.USER_DISABLED(keep=True)
    match user.status:
        case "UNCONFIRMED":
            raise faults.USER_UNCONFIRMED(keep=True)
        case "RESET_REQUIRED":
            raise faults.RESET_REQUIRED(keep=True)
        case "FORCE_CHANGE_PASSWORD":
            return _new_password_required(sign_in)
        case _:
            return second_factor(sign_in)


def second_factor(sign_in: SignIn) -> AuthReply:
    """Ask for the second factor, if one is due."""
    pool, factors = sign_in.pool, active_factors(sign_in.pool, sign_in.user)
    preferred = sign_in.user.preferred_factor
    if preferred in factors or len(factors) == 1:
        return ask_factor(sign_in, preferred if preferred in factors else factors[0])
    if factors:
        return pose(sign_in, "SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": json.dumps(factors, separators=(",", ":"))})
    if pool.settings.mfa_configuration == "ON":
        return pose(sign_in, "MFA_SETUP", {"MFAS_CAN_SETUP": json.dumps(pool.factors, separators=(",", ":"))})
    return finish(sign_in)


def active_factors(pool: Pool, user: User) -> list[str]:
    """The second factors that the user is asked for, in the pool's order."""
    demand = pool.settings.mfa_configuration or "OFF"
    if demand == "OFF":
        return []
    on = [factor for factor in pool.factors if factor in user.factors]
    if on or demand == "OPTIONAL":
        return on
    # Where everybody must have one, what the user already has counts without being switched on.
    if "SOFTWARE_TOKEN_MFA" in pool.factors and user.software_token is not None:
        return ["SOFTWARE_TOKEN_MFA"]
    return ["SMS_MFA"] if "SMS_MFA" in pool.factors and user.attributes.get("phone_number") else []


def ask_factor(sign_in: SignIn, factor: str, notes: Mapping[str, str] | None = None) -> AuthReply:
    """Pose a factor's challenge, and send its code where it has one."""
    if factor not in SENT_FACTORS:
        token = sign_in.user.software_token
        friendly = {"FRIENDLY_DEVICE_NAME": token.friendly_name} if token and token.friendly_name else {}
        return pose(sign_in, factor, friendly, notes)
    context, attribute = sign_in.context, SENT_FACTORS[factor]
    if not sign_in.user.attributes.get(attribute):
        raise faults.FACTOR_NOT_SET_UP(factor)
    code = context.digits(MFA_DIGITS)
    sent = outbox.send(context, sign_in.pool, sign_in.user, attribute=attribute, kind=Kind.MFA, code=code)
    parameters = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": sent.delivery_medium or "",
        "CODE_DELIVERY_DESTINATION": sent.destination or "",
    }
    return pose(sign_in, factor, parameters, {**(notes or {}), "code": code})


def pose(sign_in: SignIn, challenge: str, parameters: Mapping[str, str], notes: Mapping[str, str] | None = None) -> AuthReply:
    """The reply that poses a challenge, with a new session."""
    session = open_session(sign_in.context, sign_in.client, sign_in.user, challenge, notes)
    shown = {**parameters, "USER_ID_FOR_SRP": sign_in.user.username}
    return AuthReply(challenge_name=challenge, session=session, challenge_parameters=shown)


def finish(sign_in: SignIn) -> AuthReply:
    """The reply that ends a sign-in with tokens."""
    result = begin_grant(sign_in.context, sign_in.pool, sign_in.client, sign_in.user)
    return AuthReply(authentication_result=result, challenge_parameters={})


def _new_password_required(sign_in: SignIn) -> AuthReply:
    user, pool = sign_in.user, sign_in.pool
    if passwords.temporary_is_expired(sign_in.context, pool, user):
        raise faults.TEMPORARY_EXPIRED(keep=True)
    missing = [f"{NAME_PREFIX}{name}" for name in attributes.required_names(pool) if not user.attributes.get(name)]
    parameters = {
        "requiredAttributes": json.dumps(missing, separators=(",", ":")),
        "userAttributes": json.dumps(dict(user.attributes), separators=(",", ":")),
    }
    return pose(sign_in, "NEW_PASSWORD_REQUIRED", parameters)
