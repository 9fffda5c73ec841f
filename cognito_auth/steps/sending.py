"""How a sign-in's operations are sent: under the pool's own name for the user, naming the device, and by the administrator's
operations where a trusted server signs the user in."""

from __future__ import annotations

from collections.abc import Mapping

from ..api.auth import AdminInitiateAuth, AdminRespondToAuthChallenge, AuthReply, InitiateAuth, RespondToAuthChallenge
from ..api.shapes import AuthFlow
from ..effects import Flow, perform
from ..states import Challenge, Course, OtherChallenge, State
from .replies import next_state


def initiate(
    flow: AuthFlow,
    username: str,
    course: Course,
    parameters: Mapping[str, str] | None = None,
    *,
    session: str | None = None,
) -> Flow[AuthReply]:
    """Begin a sign-in."""
    given = {"USERNAME": username, **(parameters or {}), **_device_key(course)}
    operation = AdminInitiateAuth if course.administrator else InitiateAuth
    return (yield from perform(operation(auth_flow=flow, auth_parameters=given, session=session)))


def reply_to(state: Challenge, responses: Mapping[str, str]) -> Flow[AuthReply]:
    """Answer the challenge that ``state`` stands at."""
    name = state.name if isinstance(state, OtherChallenge) else state.challenge_name
    given = {**_device_key(state.course), **responses, "USERNAME": state.username}
    operation = AdminRespondToAuthChallenge if state.course.administrator else RespondToAuthChallenge
    return (yield from perform(operation(challenge_name=name, session=state.session, challenge_responses=given)))


def respond(state: Challenge, responses: Mapping[str, str]) -> Flow[State]:
    """Answer the challenge that ``state`` stands at, and go on to where that leads."""
    reply = yield from reply_to(state, responses)
    return next_state(reply, state.username, state.course)


def _device_key(course: Course) -> dict[str, str]:
    return {"DEVICE_KEY": course.device.key} if course.device else {}
