"""Steps in which a remembered device proves itself, after the password and in place of a second factor."""

from __future__ import annotations

from .. import srp
from ..effects import Flow
from ..errors import DeviceNotFound, IncorrectCredentials, InvalidAnswer
from ..states import Course, DeviceKeyExchange, DevicePasswordVerifier, DeviceProof, DeviceSrpAuth, State
from .proof import claim, key_pair, read_challenge
from .replies import challenged_name, next_state
from .sending import reply_to, respond


def exchange_keys(state: DeviceSrpAuth, _: DeviceKeyExchange) -> Flow[State]:
    """Answer ``DEVICE_SRP_AUTH`` with the public half of an ephemeral key."""
    _proof_of(state.course)
    pair = yield from key_pair()
    reply = yield from reply_to(state, {"SRP_A": pair.srp_a})
    if reply.challenge_name != DevicePasswordVerifier.challenge_name:
        return next_state(reply, state.username, state.course)
    parameters = reply.challenge_parameters or {}
    secret_block, challenge = read_challenge(parameters)
    return DevicePasswordVerifier(
        username=challenged_name(parameters, state.username),
        session=reply.session,
        course=state.course,
        pair=pair,
        secret_block=secret_block,
        srp=challenge,
    )


def prove(state: DevicePasswordVerifier, _: DeviceProof) -> Flow[State]:
    """Answer ``DEVICE_PASSWORD_VERIFIER``; raises `DeviceNotFound` when the proof is refused."""
    identity, secret = _proof_of(state.course)
    proof = yield from claim(identity, secret, state.pair, state.srp, state.secret_block)
    try:
        return (yield from respond(state, proof))
    except IncorrectCredentials as error:
        # The password was right, or the device would not have been asked: a device with a wrong secret is as good as none.
        raise DeviceNotFound(error.aws_code, error.message, operation=error.operation) from error


def _proof_of(course: Course) -> tuple[srp.Identity, str]:
    """What the device proves itself with; raises `InvalidAnswer` where the sign-in does not hold it."""
    device = course.device
    if device is None or device.group_key is None or device.secret is None:
        raise InvalidAnswer("the device is to prove itself, and this sign-in does not hold its group key and secret")
    return srp.Identity(device.group_key, device.key), device.secret
