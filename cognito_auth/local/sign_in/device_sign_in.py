"""A device proves itself: the challenges ``DEVICE_SRP_AUTH`` and ``DEVICE_PASSWORD_VERIFIER``.

SRP as for users, with the device's verifier; its identity is the device group's key and the device's. The first challenge is
posed by `cognito_auth.local.sign_in.progress` after the password, so that a device alone gets nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ... import srp
from ...api.auth import AuthReply
from ...api.wire import from_wire, to_wire
from ...errors import ProtocolError
from ..base import faults
from ..base import srp as server
from ..base.context import Context
from ..base.parameters import Parameters, demand
from ..store.records import Client, Device, Pool, Trail
from ..store.tables import DEVICES
from ..users.names import find_user
from .custom_auth import device_proved
from .devices import find_device
from .progress import SignIn, finish
from .secret_block import Block, Purpose, seal, unseal, use_once
from .sessions import lifetime

_PURPOSE: Final = Purpose.DEVICE_PASSWORD_VERIFIER


def pose_device_verifier(sign_in: SignIn, responses: Parameters) -> AuthReply:
    """Answer ``DEVICE_SRP_AUTH`` with ``DEVICE_PASSWORD_VERIFIER``.

    Raises `Fault` for a device that was not asked for, for one that was forgotten, and for an unusable ``SRP_A``.
    """
    context, user = sign_in.context, sign_in.user
    key, srp_a = demand(responses, "DEVICE_KEY"), demand(responses, "SRP_A")
    device = find_device(context, user, key)
    if device is None:
        raise faults.DEVICE_UNKNOWN
    if key != sign_in.trail.device_key:
        raise faults.SESSION_INVALID
    try:
        A = server.parse_srp_a(srp_a)  # noqa: N806
    except ProtocolError:
        raise faults.SRP_A_INVALID from None
    b = server.exponent(context.random_bytes(srp.EPHEMERAL_BYTES))
    B = server.public_value(int(device.verifier, 16), b)  # noqa: N806
    state = {
        "client": sign_in.client.id,
        "sub": user.sub,
        "device": key,
        "A": f"{A:x}",
        "B": f"{B:x}",
        "b": f"{b:x}",
        "trail": to_wire(sign_in.trail),
    }
    parameters = {
        "SALT": device.salt,
        "SRP_B": f"{B:x}",
        "SECRET_BLOCK": seal(context, sign_in.pool, _PURPOSE, state, expires_at=context.now + lifetime(sign_in.client)),
        "USERNAME": user.username,
        "DEVICE_KEY": key,
    }
    return AuthReply(challenge_name="DEVICE_PASSWORD_VERIFIER", challenge_parameters=parameters)


def answer_device_verifier(context: Context, pool: Pool, client: Client, responses: Parameters, *, admin: bool) -> AuthReply:
    """Check the device's proof and end the sign-in, unless a trigger decides how to go on. Raises `Fault`."""
    username, key = demand(responses, "USERNAME"), demand(responses, "DEVICE_KEY")
    claim, when = demand(responses, "PASSWORD_CLAIM_SIGNATURE"), demand(responses, "TIMESTAMP")
    block = unseal(pool, _PURPOSE, demand(responses, "PASSWORD_CLAIM_SECRET_BLOCK"))
    trail = from_wire(Trail, block.state["trail"])
    if block.state["client"] != client.id or block.state["device"] != key:
        raise faults.INCORRECT
    if trail.admin != admin:
        raise faults.SESSION_INVALID
    use_once(context, block)
    user = find_user(context, pool, username)
    if user is None or user.sub != block.state["sub"]:
        raise faults.INCORRECT(keep=True)
    if not user.enabled:
        raise faults.USER_DISABLED(keep=True)
    device = find_device(context, user, key)
    if device is None:
        raise faults.DEVICE_UNKNOWN(keep=True)
    if not _proved(device, block, when, claim):
        raise faults.INCORRECT(keep=True)
    context.records.put(DEVICES, replace(device, authenticated_at=context.now, address=trail.address or device.address))
    sign_in = SignIn(context=context, pool=pool, client=client, user=user, trail=trail)
    return device_proved(sign_in) if trail.rounds is not None else finish(sign_in, device=device)


def _proved(device: Device, block: Block, when: str, claim: str) -> bool:
    A, B, b = (int(block.state[name], 16) for name in ("A", "B", "b"))  # noqa: N806
    try:
        key = server.server_key(A, B, int(device.verifier, 16), b)
    except ProtocolError:
        return False
    identity = srp.Identity(device.group_key, device.key)
    return server.proves(key, identity, block.content, when, claim) and server.is_timestamp(when)
