"""RespondToAuthChallenge and its administrator's twin: the answers to challenges, each with its handler.

A session is spent by the answer that is accepted. One that is refused leaves the session waiting for another.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ...api.auth import AdminRespondToAuthChallenge, AuthReply, RespondToAuthChallenge
from ..base import faults
from ..base.access import check_secret_hash, client_in, client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..base.parameters import Parameters, demand
from ..store.records import Client, Pool, Session, User
from ..users import attributes, passwords
from ..users.factors import SENT_FACTORS
from ..users.names import find_user, save_user
from . import choice, custom_auth, software_token
from .assurance import METHODS, OTP
from .device_sign_in import answer_device_verifier, pose_device_verifier
from .progress import (
    FACTOR,
    NAME_PREFIX,
    SignIn,
    ask_factor,
    due_factors,
    factors_to_set_up,
    finish,
    resume,
    second_factor,
)
from .sessions import find_session, opens_sign_in, spend, waiting_session
from .srp_sign_in import answer_verifier
from .visitor import Visitor

_CODE_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {"SMS_MFA": "SMS_MFA_CODE", "EMAIL_OTP": "EMAIL_OTP_CODE", "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE"}
)
_ENROL: Final = "enrol"
"""Noted in the session of a factor that is being set up: the right code switches it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to a challenge whose session is in order."""

    sign_in: SignIn
    challenge: str
    notes: Mapping[str, str]
    responses: Parameters


def respond_to_auth_challenge(context: Context, request: RespondToAuthChallenge) -> AuthReply:
    pool, client = client_of(context, request.client_id)
    return _respond(context, pool, client, request, admin=False)


def admin_respond_to_auth_challenge(context: Context, request: AdminRespondToAuthChallenge) -> AuthReply:
    pool, client = client_in(context, request.user_pool_id, request.client_id)
    return _respond(context, pool, client, request, admin=True)


def _respond(
    context: Context,
    pool: Pool,
    client: Client,
    request: RespondToAuthChallenge | AdminRespondToAuthChallenge,
    *,
    admin: bool,
) -> AuthReply:
    responses = request.challenge_responses or {}
    username = demand(responses, "USERNAME")
    check_secret_hash(client, username, responses.get("SECRET_HASH"))
    if request.challenge_name == "PASSWORD_VERIFIER":
        return answer_verifier(context, pool, client, responses, admin=admin, session=request.session)
    if request.challenge_name == "DEVICE_PASSWORD_VERIFIER":
        return answer_device_verifier(context, pool, client, responses, admin=admin)
    user = find_user(context, pool, username)
    session = _session(context, client, user, request)
    if session.client_id != client.id or session.trail.admin != admin:
        raise faults.SESSION_INVALID
    if session.challenge == "CUSTOM_CHALLENGE":
        who = custom_auth.whom(context, pool, client, session, username)
        visitor = Visitor(context=context, pool=pool, client=client, who=who, name=username, trail=session.trail)
        reply = custom_auth.answer(visitor, session, responses)
    elif opens_sign_in(session):
        who = choice.whom(context, pool, client, username)
        visitor = Visitor(context=context, pool=pool, client=client, who=who, name=username, trail=session.trail)
        reply = choice.answer(visitor, session, responses)
    elif user is None or user.name != session.user:
        raise faults.SESSION_INVALID
    else:
        sign_in = resume(context, session).with_device(responses.get("DEVICE_KEY"))
        answer = Answer(sign_in=sign_in, challenge=session.challenge, notes=session.notes, responses=responses)
        reply = _ANSWERS[session.challenge](answer)
    spend(context, session)
    return reply


def _session(
    context: Context, client: Client, user: User | None, request: RespondToAuthChallenge | AdminRespondToAuthChallenge
) -> Session:
    if request.session is not None:
        return find_session(context, request.session, request.challenge_name)
    if request.challenge_name == "DEVICE_SRP_AUTH" and user is not None:
        # Some clients (pycognito) send none here; then the sign-in that waits for the device is meant.
        return waiting_session(context, client, user, request.challenge_name)
    raise faults.MISSING_PARAMETER("Session")


def _new_password(answer: Answer) -> AuthReply:
    sign_in, user = answer.sign_in, answer.sign_in.user
    password = demand(answer.responses, "NEW_PASSWORD")
    prefixed = ((name, value) for name, value in answer.responses.items() if name.startswith(NAME_PREFIX) and value)
    given = {name.removeprefix(NAME_PREFIX): value for name, value in prefixed}
    _check_new_attributes(sign_in, given)
    user = passwords.with_password(sign_in.context, sign_in.pool, user, password)
    unverified = {f"{name}_verified": "false" for name in attributes.VERIFIABLE if name in given}
    user = replace(user, status="CONFIRMED", attributes={**user.attributes, **given, **unverified})
    trail = replace(sign_in.trail, new_password=True)
    return second_factor(replace(sign_in, user=save_user(sign_in.context, sign_in.pool, user), trail=trail))


def _check_new_attributes(sign_in: SignIn, given: Mapping[str, str]) -> None:
    pool, current = sign_in.pool, sign_in.user.attributes
    for name in attributes.required_names(pool):
        if name in given and current.get(name):
            raise faults.ALREADY_PROVIDED(name)
    attributes.check_writable(sign_in.client, given)
    attributes.check(pool, given)
    attributes.check_changes(pool, current, given)
    attributes.check_required(pool, {**current, **given})


def _sent_code(answer: Answer) -> AuthReply:
    sign_in, user = answer.sign_in, answer.sign_in.user
    code = demand(answer.responses, _CODE_PARAMETERS[answer.challenge])
    if not hmac.compare_digest(code.encode(), answer.notes["code"].encode()):
        sign_in.record("Fail", failed=FACTOR)
        raise faults.MFA_CODE_WRONG(keep=True)
    # Whoever reads a code has the address it was sent to.
    attribute = SENT_FACTORS[answer.challenge]
    user = replace(user, attributes={**user.attributes, f"{attribute}_verified": "true"})
    if _ENROL in answer.notes and answer.challenge not in user.factors:
        user = replace(user, factors=(*user.factors, answer.challenge))
    method = None if _ENROL in answer.notes else METHODS[answer.challenge]
    return finish(sign_in.passed(method).of(save_user(sign_in.context, sign_in.pool, user)))


def _software_token(answer: Answer) -> AuthReply:
    sign_in, user = answer.sign_in, answer.sign_in.user
    code = demand(answer.responses, _CODE_PARAMETERS[answer.challenge])
    if user.software_token is None:
        raise faults.TOTP_OFF
    step = software_token.accepted_step(user.software_token, code, sign_in.context.now)
    if step is None:
        sign_in.record("Fail", failed=FACTOR)
        raise faults.TOTP_WRONG(keep=True)
    user = replace(user, software_token=replace(user.software_token, last_step=step))
    return finish(sign_in.passed(OTP).of(save_user(sign_in.context, sign_in.pool, user)))


def _chosen_factor(answer: Answer) -> AuthReply:
    factor = demand(answer.responses, "ANSWER")
    if factor not in due_factors(answer.sign_in):
        raise faults.FACTOR_CHOICE
    return ask_factor(answer.sign_in, factor)


def _set_up(answer: Answer) -> AuthReply:
    """An authenticator app was verified with the session, or an address is given that a code goes to."""
    sign_in, user = answer.sign_in, answer.sign_in.user
    if software_token.VERIFIED in answer.notes:
        return finish(sign_in.passed(None))
    email = answer.responses.get("EMAIL") or answer.responses.get("email")
    if not email or "EMAIL_OTP" not in factors_to_set_up(sign_in.pool):
        raise faults.SESSION_INVALID
    attributes.check(sign_in.pool, {"email": email})
    changed = {**user.attributes, "email": email, "email_verified": "false"}
    user = save_user(sign_in.context, sign_in.pool, replace(user, attributes=changed))
    return ask_factor(sign_in.of(user), "EMAIL_OTP", {_ENROL: "true"})


def _device(answer: Answer) -> AuthReply:
    return pose_device_verifier(answer.sign_in, answer.responses)


_ANSWERS: Final[Mapping[str, Callable[[Answer], AuthReply]]] = MappingProxyType(
    {
        "NEW_PASSWORD_REQUIRED": _new_password,
        "SMS_MFA": _sent_code,
        "EMAIL_OTP": _sent_code,
        "SOFTWARE_TOKEN_MFA": _software_token,
        "SELECT_MFA_TYPE": _chosen_factor,
        "MFA_SETUP": _set_up,
        "DEVICE_SRP_AUTH": _device,
    }
)

HANDLERS: Final[Handlers] = handlers(respond_to_auth_challenge, admin_respond_to_auth_challenge)
