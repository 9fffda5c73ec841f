"""What comes after the password: the gates of a sign-in, each of which poses a challenge or lets pass.

password right -> NEW_PASSWORD_REQUIRED -> remembered device, or second factor, or known device -> tokens

What was proved, and the device that the client names, go along in the sign-in's trail, and so does the level that it is to
reach, if the client has named one: below it no device spares a factor, and there are no tokens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...api.auth import AuthReply, NewDeviceMetadata
from ...api.users import AuthEvent, ChallengeResponse, EventContextData
from ..base import faults
from ..base.access import client_of
from ..base.context import Context
from ..store.records import Client, Device, Pool, Session, Trail, User
from ..store.tables import USERS
from ..users import attributes, auth_events, outbox, passwords
from ..users.factors import SENT_FACTORS, active_factors
from ..users.outbox import Kind
from . import devices
from .assurance import METHODS, PWD, unreached
from .offers import leading_offers, means
from .refresh import begin_grant
from .sessions import open_session
from .sign_in_triggers import post_authentication

MFA_DIGITS: Final = 6
NAME_PREFIX: Final = "userAttributes."
PASSWORD: Final = "Password"  # noqa: S105 a name
FACTOR: Final = "Mfa"
_RECOVERY: Final[Mapping[str, str]] = {"verified_email": "EMAIL_OTP", "verified_phone_number": "SMS_MFA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in on its way: who, where, in which operation, and what was before."""

    context: Context
    pool: Pool
    client: Client
    user: User
    trail: Trail

    def of(self, user: User) -> SignIn:
        """The same sign-in with the user's new state."""
        return replace(self, user=user)

    def with_device(self, key: str | None) -> SignIn:
        """The same sign-in with the device that a request names. Raises `Fault` when the user has it not.

        The one that was named first stays: what it spared the user, no other may spare.
        """
        sent = devices.sent_device(self.context, self.pool, self.user, key)
        return replace(self, trail=replace(self.trail, device_key=self.trail.device_key or sent))

    def passed(self, method: str | None) -> SignIn:
        """The same sign-in after a proof by this method; a factor that was only just set up is no method yet."""
        aim, proof = self.trail.aim, PASSWORD if method == PWD else FACTOR
        if aim is not None and method is not None and method not in aim.methods:
            aim = replace(aim, methods=(*aim.methods, method))
        return replace(self, trail=replace(self.trail, passed=(*self.trail.passed, proof), aim=aim))

    def record(self, response: str, *, failed: str | None = None) -> None:
        """Keep how the sign-in stands in the user's history; ``failed`` is the proof that was wrong."""
        proofs = [ChallengeResponse(challenge_name=each, challenge_response="Success") for each in self.trail.passed]
        if failed is not None:
            proofs.append(ChallengeResponse(challenge_name=failed, challenge_response="Failure"))
        event = AuthEvent(
            event_id=self.trail.event,
            event_type="SignIn",
            event_response=response,
            challenge_responses=tuple(proofs),
            event_context_data=EventContextData(ip_address=self.trail.address),
        )
        auth_events.record(self.context, self.pool, self.user, event)


def resume(context: Context, session: Session) -> SignIn:
    """The sign-in that a session stands for. Raises `Fault` when its user is gone or disabled."""
    pool, client = client_of(context, session.client_id)
    user = context.records.get(USERS, session.pool_id, session.user)
    if user is None or user.sub != session.sub:
        raise faults.SESSION_INVALID
    if not user.enabled:
        raise faults.USER_DISABLED
    return SignIn(context=context, pool=pool, client=client, user=user, trail=session.trail)


def password_was_right(sign_in: SignIn, device_key: str | None) -> AuthReply:
    """Pass the account's own gates, then the others. ``device_key`` is the one that the client sends.

    Raises `Fault` where the account does not let anybody in, and for a device that the user does not have.
    """
    sign_in = sign_in.passed(PWD)
    check_open(sign_in)
    sign_in = sign_in.with_device(device_key)
    return _new_password_required(sign_in) if sign_in.user.status == "FORCE_CHANGE_PASSWORD" else second_factor(sign_in)


def first_factor_was_right(sign_in: SignIn, method: str) -> AuthReply:
    """End a sign-in that began without a password, if that was enough. Raises `Fault` where the account lets nobody in."""
    sign_in = sign_in.passed(method)
    check_open(sign_in)
    return finish(sign_in)


def check_open(sign_in: SignIn) -> None:
    """Raises `Fault` where the account lets nobody in."""
    closed = _closed(sign_in)
    if closed is not None:
        sign_in.record("Fail")
        raise closed


def _closed(sign_in: SignIn) -> faults.Fault | None:
    user = sign_in.user
    if not user.enabled:
        return faults.USER_DISABLED(keep=True)
    match user.status:
        case "UNCONFIRMED":
            return faults.USER_UNCONFIRMED(keep=True)
        case "RESET_REQUIRED":
            return faults.RESET_REQUIRED(keep=True)
        case "FORCE_CHANGE_PASSWORD" if passwords.temporary_is_expired(sign_in.context, sign_in.pool, user):
            return faults.TEMPORARY_EXPIRED(keep=True)
        case _:
            return None


def second_factor(sign_in: SignIn) -> AuthReply:
    """Ask for the second factor, if one is due and no remembered device stands for it; or for the device. Raises `Fault`."""
    short = unreached(sign_in.trail) is not None
    key = sign_in.trail.device_key
    device = devices.find_device(sign_in.context, sign_in.user, key) if key else None
    if device is not None and devices.replaces_factor(sign_in.pool, device) and not short:
        return ask_device(sign_in, device)
    pool, factors = sign_in.pool, due_factors(sign_in)
    preferred = sign_in.user.preferred_factor
    if preferred in factors or len(factors) == 1:
        return ask_factor(sign_in, preferred if preferred in factors else factors[0])
    if factors:
        return pose(sign_in, "SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": _listed(factors)})
    if short:
        return finish(sign_in)
    if pool.settings.mfa_configuration == "ON":
        return pose(sign_in, "MFA_SETUP", {"MFAS_CAN_SETUP": _listed(factors_to_set_up(pool))})
    return ask_device(sign_in, device) if device is not None else finish(sign_in)


def due_factors(sign_in: SignIn) -> list[str]:
    """The second factors that may be asked for: the active ones, or those of them that lead to the level that is wanted."""
    context, pool, user, aim = sign_in.context, sign_in.pool, sign_in.user, unreached(sign_in.trail)
    factors = active_factors(pool, user)
    if aim is None:
        return factors
    leading = means(context, pool, user).leading(aim)
    return [factor for factor in factors if METHODS[factor] in leading]


def factors_to_set_up(pool: Pool) -> tuple[str, ...]:
    """The pool's factors without the one whose address is the only way to recover an account."""
    setting = pool.settings.account_recovery_setting
    ways = {_RECOVERY.get(each.name) for each in (setting and setting.recovery_mechanisms) or ()}
    return tuple(factor for factor in pool.factors if ways != {factor})


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
    sign_in.record("InProgress")
    session = open_session(sign_in.context, sign_in.client, sign_in.user, challenge, trail=sign_in.trail, notes=notes)
    shown = {**parameters, "USER_ID_FOR_SRP": sign_in.user.username}
    return AuthReply(challenge_name=challenge, session=session, challenge_parameters=shown)


def finish(sign_in: SignIn, *, device: Device | None = None) -> AuthReply:
    """The reply that ends a sign-in with tokens, bound to the ``device`` that has proved itself, or offering a new one.

    One that has not reached its level is let go on. Raises `Fault` where it cannot.
    """
    context, pool, trail = sign_in.context, sign_in.pool, sign_in.trail
    if unreached(trail):
        return _go_on(sign_in)
    sign_in.record("Pass")
    offered = devices.offer(context) if devices.remembers(pool) and trail.device_key is None else None
    bound = NewDeviceMetadata(device_key=device.key) if device is not None else offered
    user = post_authentication(context, pool, sign_in.user, new_device=offered is not None)
    result = begin_grant(context, pool, sign_in.client, user, trail=trail, device=bound)
    return AuthReply(authentication_result=replace(result, new_device_metadata=offered), challenge_parameters={})


def ask_device(sign_in: SignIn, device: Device) -> AuthReply:
    """Ask a device to prove itself."""
    return pose(sign_in, "DEVICE_SRP_AUTH", {"USERNAME": sign_in.user.username, "DEVICE_KEY": device.key})


def _go_on(sign_in: SignIn) -> AuthReply:
    """Let the user choose another factor, one that leads to the level that is wanted."""
    context, client, user, trail = sign_in.context, sign_in.client, sign_in.user, sign_in.trail
    offered = leading_offers(context, sign_in.pool, user, trail)
    if not offered:
        raise faults.ACR_UNREACHABLE
    sign_in.record("InProgress")
    session = open_session(context, client, user, "SELECT_CHALLENGE", trail=trail, opens=True)
    return AuthReply(challenge_name="SELECT_CHALLENGE", session=session, challenge_parameters={}, available_challenges=offered)


def _new_password_required(sign_in: SignIn) -> AuthReply:
    user, pool = sign_in.user, sign_in.pool
    missing = [f"{NAME_PREFIX}{name}" for name in attributes.required_names(pool) if not user.attributes.get(name)]
    parameters = {
        "requiredAttributes": _listed(missing),
        "userAttributes": json.dumps(dict(user.attributes), separators=(",", ":")),
    }
    return pose(sign_in, "NEW_PASSWORD_REQUIRED", parameters)


def _listed(names: Sequence[str]) -> str:
    return json.dumps(names, separators=(",", ":"))
