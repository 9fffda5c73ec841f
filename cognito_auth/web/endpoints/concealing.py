"""Telling nobody who has an account: which errors are told as which, and the work that a sign-in of nobody makes.

App clients with ``PreventUserExistenceErrors`` have Cognito do most of this. For others it says `UserNotFound`, and says it
early: what is told and what is done here is the same.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from ... import srp
from ...config import Settings
from ...effects import Flow, RandomBytes, perform
from ...errors import (
    AlreadyConfirmed,
    AttemptLimitExceeded,
    CodeDeliveryFailed,
    CodeExpired,
    InvalidParameter,
    ResetNotPossible,
    Retry,
    ServiceError,
    UserDisabled,
    UserNotConfirmed,
    UserNotFound,
)
from ...states import Course, PasswordProof, PasswordSrpChallenge, PasswordVerifier
from ...steps.sign_in import prove_password
from ..options import WebOptions
from .proofs import opening_flow

CODE_SENT: Final = {"status": "code_sent"}
"""Told whether or not there is such an account, so that nobody learns who has one."""

NO_CODE_SENT: Final = (
    AlreadyConfirmed,
    AttemptLimitExceeded,
    CodeDeliveryFailed,
    InvalidParameter,
    ResetNotPossible,
    UserDisabled,
    UserNotFound,
)
"""What Cognito says of an account, or of its absence, in place of sending a code; also its limit on codes, which counts only
for accounts that there are."""

_CODE_USELESS: Final = (AlreadyConfirmed, CodeExpired, ResetNotPossible, UserDisabled, UserNotConfirmed)
"""What Cognito says of an account for which no code is good."""

_BY_SRP: Final = frozenset({"USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH"})
"""Flows that prove a password which is given at once, unless another way is preferred."""
_MODULUS_BYTES: Final = 384
_SALT_BYTES: Final = 16
_BLOCK_BYTES: Final = 1024
"""About as long as Cognito's blocks."""


@contextmanager
def told_as(kind: type[ServiceError], *concealed: type[ServiceError]) -> Generator[None]:
    """Raise ``kind`` in place of the errors in ``concealed``, with what they say to developers."""
    try:
        yield
    except concealed as error:
        raise kind(error.aws_code, error.message, operation=error.operation, request_id=error.request_id) from error


def no_such_code(options: WebOptions) -> tuple[type[ServiceError], ...]:
    """What is told as a wrong code."""
    return (UserNotFound, *_CODE_USELESS) if options.conceal_sign_up else (UserNotFound,)


def no_such_credentials(options: WebOptions) -> tuple[type[ServiceError], ...]:
    """What is told as a wrong password. Whoever signs up chooses the password, and would learn by it whose the account is."""
    return (UserNotFound, UserNotConfirmed) if options.conceal_sign_up else (UserNotFound,)


def takes_a_proof(body: Mapping[str, Any], settings: Settings) -> bool:
    """Whether a sign-in with the members of this body goes on to prove the password, once Cognito has found the user."""
    if body.get("password") is None:
        return False
    return opening_flow(body, settings) in _BY_SRP and body.get("preferred") in (None, PasswordSrpChallenge.challenge_name)


def prove_to_nobody(username: str, password: str) -> Flow[None]:
    """Do what is done for a user whom Cognito has found: compute a proof, of numbers that nobody made, and send it, in vain.

    Raises what says nothing of the user: `TransportError`, and errors of the service that may pass.
    """
    drawn = yield from perform(RandomBytes(srp.EPHEMERAL_BYTES + 2 * _MODULUS_BYTES + _SALT_BYTES + _BLOCK_BYTES))
    a, rest = drawn[: srp.EPHEMERAL_BYTES], drawn[srp.EPHEMERAL_BYTES :]
    A, B, rest = rest[:_MODULUS_BYTES], rest[_MODULUS_BYTES : 2 * _MODULUS_BYTES], rest[2 * _MODULUS_BYTES :]  # noqa: N806
    salt, block = rest[:_SALT_BYTES], rest[_SALT_BYTES:]
    state = PasswordVerifier(
        username=username,
        user_id=username,
        session=None,
        course=Course(),
        password=password,
        secret_block=b64encode(block).decode(),
        pair=srp.Ephemeral(a=int.from_bytes(a) | 1 << (8 * len(a) - 1), A=int.from_bytes(A)),
        srp=srp.Challenge(salt=int.from_bytes(salt), B=int.from_bytes(B), secret_block=block),
    )
    try:
        yield from prove_password(state, PasswordProof())
    except ServiceError as error:
        if error.retry is Retry.BACKOFF:
            raise
