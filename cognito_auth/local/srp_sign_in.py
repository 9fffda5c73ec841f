"""Sign-in by SRP: the ``PASSWORD_VERIFIER`` challenge and its answer.

What the server must remember between the two is sealed into ``SECRET_BLOCK`` with the pool's own key, so that the answer
needs no session. A block is good for one answer, right or wrong. Somebody who does not exist is answered like somebody who
does, with a salt and an identifier that never change.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .. import srp
from ..api.auth import AuthReply
from ..errors import ProtocolError
from ..modexp import N
from . import faults
from . import srp as server
from .context import Context
from .lockout import check_lock, count_failure, forget_failures
from .names import Stranger, find_user
from .parameters import Parameters, demand
from .progress import SignIn, password_was_right
from .records import SPENT, Client, Password, Pool, Spent, User
from .sessions import lifetime

_NONCE_BYTES: Final = 12
_STATE_BYTES: Final = 2048
_MAX_BLOCK: Final = 8192


def pose_verifier(context: Context, pool: Pool, client: Client, who: User | Stranger, srp_a: str) -> AuthReply:
    """Pose ``PASSWORD_VERIFIER``. Raises `Fault` when ``srp_a`` is no usable number."""
    try:
        A = server.parse_srp_a(srp_a)  # noqa: N806
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
        "expires": context.now + lifetime(client),
    }
    parameters = {
        "SALT": f"{salt:x}",
        "SRP_B": f"{B:x}",
        "SECRET_BLOCK": b64encode(_seal(context, pool, state)).decode(),
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }
    return AuthReply(challenge_name="PASSWORD_VERIFIER", challenge_parameters=parameters)


def answer_verifier(context: Context, pool: Pool, client: Client, responses: Parameters) -> AuthReply:
    """Check the proof and go on with the sign-in. Raises `Fault`; wrong proofs are counted."""
    username = demand(responses, "USERNAME")
    claim = demand(responses, "PASSWORD_CLAIM_SIGNATURE")
    block = _decoded(demand(responses, "PASSWORD_CLAIM_SECRET_BLOCK"))
    when = demand(responses, "TIMESTAMP")
    state = _open(pool, block)
    if state is None or state["client"] != client.id:
        raise faults.INCORRECT
    _use_once(context, block, state)
    check_lock(context, pool, state["sub"])
    user = find_user(context, pool, username)
    known = user if user is not None and user.sub == state["sub"] else None
    right = _proved(pool, known, state, block, when, claim)
    if known is None or not right:
        count_failure(context, pool, state["sub"])
        raise faults.INCORRECT(keep=True)
    forget_failures(context, pool, known.sub)
    return password_was_right(SignIn(context=context, pool=pool, client=client, user=known))


def _kept(who: User | Stranger) -> tuple[str, int, int]:
    """Name, salt and verifier."""
    if isinstance(who, User) and who.password is not None:
        return who.username, int(who.password.salt, 16), int(who.password.verifier, 16)
    if isinstance(who, User):
        raise faults.INCORRECT
    # A number that nobody knows the password of. Computing it takes no power, as reading a real one takes none.
    size = len(N.to_bytes(384))
    return who.sub, int.from_bytes(who.seed[: server.SALT_BYTES]), int.from_bytes(hashlib.shake_256(who.seed).digest(size)) % N


def _proved(pool: Pool, user: User | None, state: dict[str, Any], block: bytes, when: str, claim: str) -> bool:
    password: Password | None = user.password if user else None
    A, B, b = (int(state[name], 16) for name in ("A", "B", "b"))  # noqa: N806
    # Without a user the same work is done with any number.
    v = int(password.verifier, 16) if password else B
    try:
        key = server.server_key(A, B, v, b)
    except ProtocolError:
        return False
    name = user.username if user else state["sub"]
    proved = server.proves(key, srp.Identity(pool.group, name), block, when, claim)
    return proved and password is not None and server.is_timestamp(when)


def _use_once(context: Context, block: bytes, state: dict[str, Any]) -> None:
    if state["expires"] <= context.now:
        raise faults.SESSION_EXPIRED
    name = hashlib.sha256(block).hexdigest()
    if context.records.get(SPENT, name) is not None:
        raise faults.SESSION_USED
    context.records.delete_before(SPENT, "expires_at", context.now)
    context.records.insert(SPENT, Spent(id=name, expires_at=state["expires"]))


def _seal(context: Context, pool: Pool, state: dict[str, Any]) -> bytes:
    # All blocks are of one length, so that the length tells nothing.
    plain = json.dumps(state, separators=(",", ":")).encode().ljust(_STATE_BYTES)
    nonce = context.random_bytes(_NONCE_BYTES)
    return nonce + _cipher(pool).encrypt(nonce, plain, pool.id.encode())


def _open(pool: Pool, block: bytes) -> dict[str, Any] | None:
    nonce, sealed = block[:_NONCE_BYTES], block[_NONCE_BYTES:]
    try:
        plain = _cipher(pool).decrypt(nonce, sealed, pool.id.encode())
    except (InvalidTag, ValueError):
        return None
    state: dict[str, Any] = json.loads(plain)
    return state


def _cipher(pool: Pool) -> AESGCM:
    return AESGCM(hmac.digest(b64decode(pool.secret), b"SECRET_BLOCK", hashlib.sha256))


def _decoded(text: str) -> bytes:
    if len(text) > _MAX_BLOCK:
        raise faults.INCORRECT
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise faults.INCORRECT from None
