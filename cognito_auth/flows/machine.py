"""The engine of the state machine: looks a move up, carries it out, and sees that the outcome is one the table allows."""

from __future__ import annotations

from ..effects import Configuration, Flow, perform
from ..errors import IllegalTransition, ProtocolError
from ..states import (
    Event,
    ForgottenPassword,
    PlainPassword,
    Registration,
    SignedOut,
    SrpPassword,
    State,
)
from ..transitions import AUTOMATIC, MOVES


def advance(state: State, event: Event) -> Flow[State]:
    """Move on from ``state`` by ``event`` to the next state in which a person, or nobody, is waited for.

    Raises `IllegalTransition` when the table has no such move (nothing was sent), `ProtocolError` when Cognito answers with
    what the table does not allow, and whatever `ServiceError` Cognito answers with. States are values: after an error whose
    ``retry`` is `Retry.ANSWER`, such as a wrong code, the caller still holds ``state`` and can answer it again.
    """
    while True:
        move = MOVES.get((type(state), type(event)))
        if move is None:
            raise IllegalTransition(type(state), type(event))
        reached = yield from move.step(state, event)
        if type(reached) not in move.to:
            raise ProtocolError(f"{type(event).__name__} led from {type(state).__name__} to {type(reached).__name__}")
        automatic = AUTOMATIC.get(type(reached))
        if automatic is None:
            return reached
        state, event = reached, automatic


def answer(state: State, given: Event) -> Flow[State]:
    """Answer a challenge: `advance` under the name that reads best for it."""
    return (yield from advance(state, given))


def sign_in(username: str, password: str) -> Flow[State]:
    """Sign in with a password, by the first flow that the settings allow. See `advance` for what it raises."""
    settings = yield from perform(Configuration())
    event = _PASSWORD_EVENTS[settings.auth_flows[0]](username=username, password=password)
    return (yield from advance(SignedOut(), event))


def sign_up(username: str, password: str, attributes: dict[str, str] | None = None) -> Flow[State]:
    """Sign up with a password and, where the pool wants them, attributes such as ``email``."""
    event = Registration(username=username, password=password, attributes=attributes)
    return (yield from advance(SignedOut(), event))


def forgot_password(username: str) -> Flow[State]:
    """Send a code with which a forgotten password can be replaced."""
    return (yield from advance(SignedOut(), ForgottenPassword(username=username)))


_PASSWORD_EVENTS = {"USER_SRP_AUTH": SrpPassword, "USER_PASSWORD_AUTH": PlainPassword}
