"""RespondToAuthChallenge and its administrator's twin: the answers to challenges, each with its handler.

A session is spent by the answer that is accepted. An answer that is refused undoes everything, so that the session waits for
another.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ..api.auth import AdminRespondToAuthChallenge, AuthReply, RespondToAuthChallenge
from . import attributes, faults, passwords, software_token
from .access import check_secret_hash, client_in, client_of
from .context import Context
from .handlers import Handlers, handlers
from .names import find_user, save_user
from .parameters import Parameters, demand
from .progress import NAME_PREFIX, SENT_FACTORS, SignIn, active_factors, ask_factor, finish, resume, second_factor
from .records import Client, Pool
from .sessions import find_session, spend
from .srp_sign_in import answer_verifier

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
    return _respond(context, pool, client, request)


def admin_respond_to_auth_challenge(context: Context, request: AdminRespondToAuthChallenge) -> AuthReply:
    pool, client = client_in(context, request.user_pool_id, request.client_id)
    return _respond(context, pool, client, request)


def _respond(
    context: Context, pool: Pool, client: Client, request: RespondToAuthChallenge | AdminRespondToAuthChallenge
) -> AuthReply:
    responses = request.challenge_responses or {}
    username = demand(responses, "USERNAME")
    check_secret_hash(client, username, responses.get("SECRET_HASH"))
    if request.challenge_name == "PASSWORD_VERIFIER":
        return answer_verifier(context, pool, client, responses)
    if request.session is None:
        raise faults.MISSING_PARAMETER("Session")
    session = find_session(context, request.session, request.challenge_name)
    user = find_user(context, pool, username)
    if session.client_id != client.id or user is None or user.name != session.user:
        raise faults.SESSION_INVALID
    spend(context, session)
    answer = Answer(sign_in=resume(context, session), challenge=session.challenge, notes=session.notes, responses=responses)
    return _ANSWERS[session.challenge](answer)


def _new_password(answer: Answer) -> AuthReply:
    sign_in, user = answer.sign_in, answer.sign_in.user
    password = demand(answer.responses, "NEW_PASSWORD")
    prefixed = ((name, value) for name, value in answer.responses.items() if name.startswith(NAME_PREFIX) and value)
    given = {name.removeprefix(NAME_PREFIX): value for name, value in prefixed}
    _check_new_attributes(sign_in, given)
    user = passwords.with_password(sign_in.context, sign_in.pool, user, password)
    unverified = {f"{name}_verified": "false" for name in attributes.VERIFIABLE if name in given}
    user = replace(user, status="CONFIRMED", attributes={**user.attributes, **given, **unverified})
    return second_factor(sign_in.of(save_user(sign_in.context, sign_in.pool, user)))


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
        raise faults.MFA_CODE_WRONG
    # Whoever reads a code has the address it was sent to.
    attribute = SENT_FACTORS[answer.challenge]
    user = replace(user, attributes={**user.attributes, f"{attribute}_verified": "true"})
    if _ENROL in answer.notes and answer.challenge not in user.factors:
        user = replace(user, factors=(*user.factors, answer.challenge))
    return finish(sign_in.of(save_user(sign_in.context, sign_in.pool, user)))


def _software_token(answer: Answer) -> AuthReply:
    sign_in, user = answer.sign_in, answer.sign_in.user
    code = demand(answer.responses, _CODE_PARAMETERS[answer.challenge])
    if user.software_token is None:
        raise faults.TOTP_OFF
    step = software_token.accepted_step(user.software_token, code, sign_in.context.now)
    if step is None:
        raise faults.TOTP_WRONG
    user = replace(user, software_token=replace(user.software_token, last_step=step))
    return finish(sign_in.of(save_user(sign_in.context, sign_in.pool, user)))


def _chosen_factor(answer: Answer) -> AuthReply:
    factor = demand(answer.responses, "ANSWER")
    if factor not in active_factors(answer.sign_in.pool, answer.sign_in.user):
        raise faults.FACTOR_CHOICE
    return ask_factor(answer.sign_in, factor)


def _set_up(answer: Answer) -> AuthReply:
    """An authenticator app was verified with the session, or an address is given that a code goes to."""
    sign_in, user = answer.sign_in, answer.sign_in.user
    if software_token.VERIFIED in answer.notes:
        return finish(sign_in)
    email = answer.responses.get("EMAIL") or answer.responses.get("email")
    if not email or "EMAIL_OTP" not in sign_in.pool.factors:
        raise faults.SESSION_INVALID
    attributes.check(sign_in.pool, {"email": email})
    changed = {**user.attributes, "email": email, "email_verified": "false"}
    user = save_user(sign_in.context, sign_in.pool, replace(user, attributes=changed))
    return ask_factor(sign_in.of(user), "EMAIL_OTP", {_ENROL: "true"})


_ANSWERS: Final[Mapping[str, Callable[[Answer], AuthReply]]] = MappingProxyType(
    {
        "NEW_PASSWORD_REQUIRED": _new_password,
        "SMS_MFA": _sent_code,
        "EMAIL_OTP": _sent_code,
        "SOFTWARE_TOKEN_MFA": _software_token,
        "SELECT_MFA_TYPE": _chosen_factor,
        "MFA_SETUP": _set_up,
    }
)

HANDLERS: Final[Handlers] = handlers(respond_to_auth_challenge, admin_respond_to_auth_challenge)
