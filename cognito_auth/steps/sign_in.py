"""Steps that open a sign-in by password, and the proof of the password."""

from __future__ import annotations

from .. import srp
from ..api.auth import AuthReply
from ..api.shapes import AuthFlow
from ..effects import Configuration, Flow, perform
from ..states import (
    AdminPassword,
    ByCustomChallenge,
    Course,
    PasswordProof,
    PasswordVerifier,
    PlainPassword,
    SignedOut,
    SrpPassword,
    State,
)
from .proof import claim, key_pair, read_challenge
from .replies import challenged_name, next_state
from .sending import initiate, respond


def with_srp(_: SignedOut, event: SrpPassword) -> Flow[State]:
    """``USER_SRP_AUTH``: send the public half of an ephemeral key."""
    return (yield from _open_with_srp("USER_SRP_AUTH", event.username, event.password, Course(device=event.device)))


def with_password(_: SignedOut, event: PlainPassword) -> Flow[State]:
    """``USER_PASSWORD_AUTH``: send the password."""
    course = Course(device=event.device)
    reply = yield from initiate("USER_PASSWORD_AUTH", event.username, course, {"PASSWORD": event.password})
    return next_state(reply, event.username, course)


def as_administrator(_: SignedOut, event: AdminPassword) -> Flow[State]:
    """``ADMIN_USER_PASSWORD_AUTH``: send the password with AWS credentials, as every answer from then on."""
    course = Course(administrator=True, device=event.device)
    reply = yield from initiate("ADMIN_USER_PASSWORD_AUTH", event.username, course, {"PASSWORD": event.password})
    return next_state(reply, event.username, course)


def with_custom_challenge(_: SignedOut, event: ByCustomChallenge) -> Flow[State]:
    """``CUSTOM_AUTH``: let the pool's triggers decide, with a password after SRP."""
    if event.password is not None:
        course = Course(device=event.device)
        return (yield from _open_with_srp("CUSTOM_AUTH", event.username, event.password, course))
    course = Course(flow="CUSTOM_AUTH", device=event.device)
    reply = yield from initiate("CUSTOM_AUTH", event.username, course)
    return next_state(reply, event.username, course)


def prove_password(state: PasswordVerifier, _: PasswordProof) -> Flow[State]:
    """Answer ``PASSWORD_VERIFIER``."""
    settings = yield from perform(Configuration())
    identity = srp.Identity(settings.pool_name, state.user_id)
    proof = yield from claim(identity, state.password, state.pair, state.srp, state.secret_block)
    return (yield from respond(state, proof))


def after_srp_a(reply: AuthReply, username: str, course: Course, password: str, pair: srp.Ephemeral) -> State:
    """Where a reply to ``SRP_A`` leads: to the proof of the password, as a rule."""
    if reply.challenge_name != PasswordVerifier.challenge_name:
        return next_state(reply, username, course)
    parameters = reply.challenge_parameters or {}
    secret_block, challenge = read_challenge(parameters)
    name = challenged_name(parameters, username)
    return PasswordVerifier(
        username=name,
        user_id=parameters.get("USER_ID_FOR_SRP") or name,
        session=reply.session,
        course=course,
        password=password,
        pair=pair,
        secret_block=secret_block,
        srp=challenge,
    )


def _open_with_srp(flow: AuthFlow, username: str, password: str, course: Course) -> Flow[State]:
    pair = yield from key_pair()
    # CUSTOM_AUTH asks for SRP by name; the flow of that name needs no such word.
    first = {"CHALLENGE_NAME": "SRP_A"} if flow == "CUSTOM_AUTH" else {}
    reply = yield from initiate(flow, username, course, {**first, "SRP_A": pair.srp_a})
    return after_srp_a(reply, username, course, password, pair)
