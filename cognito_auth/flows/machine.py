"""The engine of the state machine: looks a move up, carries it out, and sees that the outcome is one the table allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from ..config import PasswordFlow
from ..effects import Configuration, Flow, perform
from ..errors import DeviceNotFound, IllegalTransition, ProtocolError
from ..states import (
    AdminPassword,
    ByChoice,
    ByCustomChallenge,
    Challenge,
    Device,
    Event,
    ForgottenPassword,
    Opening,
    PasswordSrpChallenge,
    PlainPassword,
    Registration,
    SignedIn,
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

    A sign-in that opens with a device that Cognito does not know any more begins again without it, and says so in
    ``device_forgotten``. Later than that, when the password may not be at hand any more, `DeviceNotFound` is raised.
    """
    try:
        return (yield from _advance(state, event))
    except DeviceNotFound:
        if not isinstance(event, Opening) or event.device is None:
            raise
    return _without_device((yield from _advance(state, replace(event, device=None))))


def _advance(state: State, event: Event) -> Flow[State]:
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


def _without_device(state: State) -> State:
    if isinstance(state, Challenge):
        return replace(state, course=replace(state.course, device_forgotten=True))
    return replace(state, device_forgotten=True) if isinstance(state, SignedIn) else state


def answer(state: State, given: Event) -> Flow[State]:
    """Answer a challenge: `advance` under the name that reads best for it."""
    return (yield from advance(state, given))


def sign_in(username: str, password: str, *, device: Device | None = None) -> Flow[State]:
    """Sign in with a password, by the first flow that the settings allow; ``device`` is one that the client has confirmed.

    See `advance` for what it raises.
    """
    settings = yield from perform(Configuration())
    event = _BY_PASSWORD[settings.auth_flows[0]](username=username, password=password, device=device)
    return (yield from advance(SignedOut(), event))


def sign_in_with_choice(
    username: str,
    *,
    preferred: str | None = None,
    password: str | None = None,
    device: Device | None = None,
    acr_values: tuple[str, ...] = (),
    max_age: int | None = None,
    access_token: str | None = None,
) -> Flow[State]:
    """Sign in by ``USER_AUTH``, with or without a password; ``preferred`` is one of the ways that `SelectChallenge` names.

    Without a preference the user gets the choice. ``acr_values`` are levels of authentication, one of which is to be reached;
    from an ``access_token`` of the user's, if its sign-in is at most ``max_age`` seconds old, no more than what is missing to
    the level is asked for. See `ByChoice`, and `advance` for what it raises: where the user cannot reach any of the levels, or
    the token tells that it is reached already, Cognito answers with `InvalidParameter`.
    """
    event = ByChoice(
        username=username,
        preferred=preferred,
        password=password,
        device=device,
        acr_values=acr_values,
        max_age=max_age,
        access_token=access_token,
    )
    return (yield from advance(SignedOut(), event))


def sign_in_with_custom_challenge(username: str, *, password: str | None = None, device: Device | None = None) -> Flow[State]:
    """Sign in by ``CUSTOM_AUTH``, by the challenges of the pool's triggers; a ``password`` is proved first.

    See `advance` for what it raises.
    """
    event = ByCustomChallenge(username=username, password=password, device=device)
    return (yield from advance(SignedOut(), event))


def sign_up(username: str, password: str, attributes: dict[str, str] | None = None) -> Flow[State]:
    """Sign up with a password and, where the pool wants them, attributes such as ``email``."""
    event = Registration(username=username, password=password, attributes=attributes)
    return (yield from advance(SignedOut(), event))


def forgot_password(username: str) -> Flow[State]:
    """Send a code with which a forgotten password can be replaced."""
    return (yield from advance(SignedOut(), ForgottenPassword(username=username)))


_BY_PASSWORD: Final[Mapping[PasswordFlow, Callable[..., Event]]] = {
    "USER_SRP_AUTH": SrpPassword,
    "USER_PASSWORD_AUTH": PlainPassword,
    "ADMIN_USER_PASSWORD_AUTH": AdminPassword,
    "USER_AUTH": partial(ByChoice, preferred=PasswordSrpChallenge.challenge_name),
    "CUSTOM_AUTH": ByCustomChallenge,
}
"""How each flow is opened with a password."""
