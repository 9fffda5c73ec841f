"""Steps that open a sign-in, and the proof of the password."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from .. import srp
from ..api.auth import AuthReply, InitiateAuth, RespondToAuthChallenge
from ..effects import Compute, Configuration, Flow, Now, RandomBytes, perform
from ..errors import ProtocolError
from ..states import PasswordProof, PasswordVerifier, PlainPassword, SignedOut, SrpPassword, State
from .replies import challenged_name, next_state

_URL_SAFE: Final = str.maketrans("-_", "+/")
"""The block goes back as it came; to be signed it is decoded, whichever of base64's alphabets it is in."""


def with_srp(_: SignedOut, event: SrpPassword) -> Flow[State]:
    """``USER_SRP_AUTH``: send the public half of an ephemeral key."""
    random = yield from perform(RandomBytes(srp.EPHEMERAL_BYTES))
    pair = yield from perform(Compute(lambda: srp.ephemeral(random)))
    parameters = {"USERNAME": event.username, "SRP_A": pair.srp_a}
    reply = yield from perform(InitiateAuth(auth_flow="USER_SRP_AUTH", auth_parameters=parameters))
    if reply.challenge_name != "PASSWORD_VERIFIER":
        return next_state(reply, event.username)
    return _password_verifier(reply, event, pair)


def with_password(_: SignedOut, event: PlainPassword) -> Flow[State]:
    """``USER_PASSWORD_AUTH``: send the password."""
    parameters = {"USERNAME": event.username, "PASSWORD": event.password}
    reply = yield from perform(InitiateAuth(auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters))
    return next_state(reply, event.username)


def prove_password(state: PasswordVerifier, _: PasswordProof) -> Flow[State]:
    """Answer ``PASSWORD_VERIFIER`` with the signature that only the password's holder can make."""
    settings = yield from perform(Configuration())
    when = srp.timestamp((yield from perform(Now())))
    identity = srp.Identity(settings.pool_name, state.user_id)
    signature = yield from perform(
        Compute(lambda: srp.claim_signature(state.pair, identity, state.password, state.srp, when)),
    )
    reply = yield from perform(
        RespondToAuthChallenge(
            challenge_name="PASSWORD_VERIFIER",
            session=state.session,
            challenge_responses={
                "USERNAME": state.username,
                "PASSWORD_CLAIM_SIGNATURE": signature,
                "PASSWORD_CLAIM_SECRET_BLOCK": state.secret_block,
                "TIMESTAMP": when,
            },
        )
    )
    return next_state(reply, state.username)


def _password_verifier(reply: AuthReply, event: SrpPassword, pair: srp.Ephemeral) -> PasswordVerifier:
    parameters = reply.challenge_parameters or {}
    try:
        salt, srp_b = parameters["SALT"], parameters["SRP_B"]
        secret_block = parameters["SECRET_BLOCK"]
        signed_block = b64decode(secret_block.translate(_URL_SAFE), validate=True)
    except (KeyError, binascii.Error) as error:
        raise ProtocolError("PASSWORD_VERIFIER came without SALT, SRP_B or SECRET_BLOCK") from error
    username = challenged_name(parameters, event.username)
    return PasswordVerifier(
        username=username,
        user_id=parameters.get("USER_ID_FOR_SRP") or username,
        session=reply.session,
        password=event.password,
        pair=pair,
        secret_block=secret_block,
        srp=srp.Challenge.parse(salt, srp_b, signed_block),
    )
