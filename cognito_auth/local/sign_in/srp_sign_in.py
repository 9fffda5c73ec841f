"""Sign-in by SRP: the ``PASSWORD_VERIFIER`` challenge and its answer.

What the server must remember between the two is sealed into ``SECRET_BLOCK``, so that the answer needs no session. Somebody
who does not exist is answered like somebody who does, with a salt and an identifier that never change.
"""

from __future__ import annotations

import hashlib
from typing import Final

from ... import srp
from ...api.auth import AuthReply
from ...api.wire import from_wire, to_wire
from ...errors import ProtocolError
from ...modexp import N
from ..base import faults
from ..base import srp as server
from ..base.context import Context
from ..base.parameters import Parameters, demand
from ..store.records import Client, Password, Pool, Session, Trail, User
from ..users.lockout import check_lock, count_failure, forget_failures
from ..users.names import Stranger, find_user
from .assurance import PWD
from .custom_auth import password_proved
from .devices import find_device
from .progress import PASSWORD, SignIn, password_was_right
from .secret_block import Block, Purpose, seal, unseal, use_once
from .sessions import find_session, lifetime, spend

_PURPOSE: Final = Purpose.PASSWORD_VERIFIER
_KEY_LENGTH: Final = 56
"""One more than the longest device key has: what is cut off here names no device, as before."""


def pose_verifier(
    context: Context, pool: Pool, client: Client, who: User | Stranger, *, trail: Trail, parameters: Parameters
) -> AuthReply:
    """Pose ``PASSWORD_VERIFIER``. Raises `Fault` when ``SRP_A`` is no usable number."""
    try:
        A = server.parse_srp_a(demand(parameters, "SRP_A"))  # noqa: N806
    except ProtocolError:
        raise faults.SRP_A_INVALID from None
    name, salt, v = _kept(who)
    b = server.exponent(context.random_bytes(srp.EPHEMERAL_BYTES))
    B = server.public_value(v, b)  # noqa: N806
    state = {
        "client": client.id,
        "sub": who.sub,
        "A": f"{A:x}",
        "B": f"{B:x}",
        "b": f"{b:x}",
        "device": parameters.get("DEVICE_KEY", "")[:_KEY_LENGTH],
        "trail": to_wire(trail),
    }
    shown = {
        "SALT": f"{salt:x}",
        "SRP_B": f"{B:x}",
        "SECRET_BLOCK": seal(context, pool, _PURPOSE, state, expires_at=context.now + lifetime(client)),
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }
    return AuthReply(challenge_name="PASSWORD_VERIFIER", challenge_parameters=shown)


def answer_verifier(
    context: Context, pool: Pool, client: Client, responses: Parameters, *, admin: bool, session: str | None
) -> AuthReply:
    """Check the proof and go on with the sign-in. Raises `Fault`; wrong proofs are counted.

    ``session`` is the one that came with the answer; only a sign-in by choice needs it.
    """
    username = demand(responses, "USERNAME")
    claim = demand(responses, "PASSWORD_CLAIM_SIGNATURE")
    text = demand(responses, "PASSWORD_CLAIM_SECRET_BLOCK")
    when = demand(responses, "TIMESTAMP")
    block = unseal(pool, _PURPOSE, text)
    trail = from_wire(Trail, block.state["trail"])
    if block.state["client"] != client.id:
        raise faults.INCORRECT
    if trail.admin != admin:
        raise faults.SESSION_INVALID
    waiting = _waiting(context, trail.session, session) if trail.session is not None else None
    use_once(context, block)
    check_lock(context, pool, block.state["sub"])
    user = find_user(context, pool, username)
    known = user if user is not None and user.sub == block.state["sub"] else None
    right = _proved(pool, known, block, when, claim)
    if known is None or not right:
        count_failure(context, pool, block.state["sub"])
        if known is not None:
            SignIn(context=context, pool=pool, client=client, user=known, trail=trail).record("Fail", failed=PASSWORD)
        raise faults.INCORRECT(keep=True)
    forget_failures(context, pool, known.sub)
    if waiting is not None:
        spend(context, waiting)
    sign_in = SignIn(context=context, pool=pool, client=client, user=known, trail=trail)
    device_key = responses.get("DEVICE_KEY") or _named_before(context, known, block)
    if trail.rounds is not None:
        return password_proved(sign_in.passed(PWD), device_key)
    return password_was_right(sign_in, device_key)


def _waiting(context: Context, wanted: str, given: str | None) -> Session:
    """The session that the answer needs. Raises `Fault` when it is another, used, or too old."""
    if given is None:
        raise faults.MISSING_PARAMETER("Session")
    session = find_session(context, given, _PURPOSE.name)
    if session.id != wanted:
        raise faults.SESSION_INVALID
    return session


def _named_before(context: Context, user: User, block: Block) -> str | None:
    """The device that the first request named, if the user has it.

    One that is unknown is told of only where the answer names it: clients then answer again without it, with the same block.
    """
    key = str(block.state["device"])
    return key if key and find_device(context, user, key) is not None else None


def _kept(who: User | Stranger) -> tuple[str, int, int]:
    """Name, salt and verifier."""
    if isinstance(who, User) and who.password is not None:
        return who.username, int(who.password.salt, 16), int(who.password.verifier, 16)
    if isinstance(who, User):
        raise faults.INCORRECT
    # A number that nobody knows the password of. Computing it takes no power, as reading a real one takes none.
    size = len(N.to_bytes(384))
    return who.sub, int.from_bytes(who.seed[: server.SALT_BYTES]), int.from_bytes(hashlib.shake_256(who.seed).digest(size)) % N


def _proved(pool: Pool, user: User | None, block: Block, when: str, claim: str) -> bool:
    password: Password | None = user.password if user else None
    A, B, b = (int(block.state[name], 16) for name in ("A", "B", "b"))  # noqa: N806
    # Without a user the same work is done with any number.
    v = int(password.verifier, 16) if password else B
    try:
        key = server.server_key(A, B, v, b)
    except ProtocolError:
        return False
    name = user.username if user else str(block.state["sub"])
    proved = server.proves(key, srp.Identity(pool.group, name), block.content, when, claim)
    return proved and password is not None and server.is_timestamp(when)
