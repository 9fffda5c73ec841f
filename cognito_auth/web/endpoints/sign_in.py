"""Signing in and answering challenges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from ...effects import Flow
from ...errors import IncorrectCredentials, UserNotFound
from ...flows import advance, sign_in
from ...sessions.session import unpack_state
from ...states import (
    Challenge,
    ChallengeResponses,
    Event,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    SelectMfaType,
    SetUpSoftwareToken,
    SmsCode,
    SmsMfa,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
)
from ..body import Member, Object, Texts, read_members
from ..http import Reply
from ..options import Delivery
from ..route import Call, Route
from .outcome import tell

USERNAME: Final = Member("username", max_length=128)
PASSWORD: Final = Member("password", max_length=256)
CODE: Final = Member("code", max_length=64)
DEVICE_NAME: Final = Member("device_name", max_length=128, required=False)
_CHOICE: Final = Member("choice", max_length=64)


def login(call: Call) -> Flow[Reply]:
    """Sign in with user name and password. An unknown user is told as a wrong password is."""
    delivery = call.auth.delivery(call.body.get("delivery"))
    try:
        outcome = yield from sign_in(call.body["username"], call.body["password"])
    except UserNotFound as error:
        raise IncorrectCredentials(error.aws_code, error.message, operation=error.operation) from error
    return (yield from tell(call, outcome, delivery))


def challenge(call: Call) -> Flow[Reply]:
    """Answer the challenge that a sealed state stands at. After a wrong code the same state can be answered again."""
    content = yield from call.auth.unseal_document(call.body["state"], "state")
    state = unpack_state(content["state"])
    members, to_event = ANSWERS[type(state)]
    event = to_event(read_members(call.body["answer"], members))
    outcome = yield from advance(state, event)
    return (yield from tell(call, outcome, content["delivery"]))


def _new_password(answer: Mapping[str, Any]) -> Event:
    return NewPassword(password=answer["new_password"], attributes=answer.get("attributes"))


def _software_token(answer: Mapping[str, Any]) -> Event:
    return SoftwareTokenCode(code=answer["code"], device_name=answer.get("device_name"))


def _sms(answer: Mapping[str, Any]) -> Event:
    return SmsCode(code=answer["code"])


def _choice(answer: Mapping[str, Any]) -> Event:
    return MfaChoice(choice=answer["choice"])


def _set_up(_: Mapping[str, Any]) -> Event:
    return SetUpSoftwareToken()


def _responses(answer: Mapping[str, Any]) -> Event:
    return ChallengeResponses(responses=answer["responses"])


Answer = tuple[tuple[Member, ...], Callable[[Mapping[str, Any]], Event]]

ANSWERS: Final[Mapping[type[Challenge], Answer]] = {
    NewPasswordRequired: (
        (Member("new_password", max_length=256), Texts("attributes", required=False)),
        _new_password,
    ),
    SoftwareTokenMfa: ((CODE,), _software_token),
    SmsMfa: ((CODE,), _sms),
    SelectMfaType: ((_CHOICE,), _choice),
    MfaSetup: ((Member("choice", choices=("SOFTWARE_TOKEN_MFA",)),), _set_up),
    SoftwareTokenPending: ((CODE, DEVICE_NAME), _software_token),
    OtherChallenge: ((Texts("responses"),), _responses),
}
"""The members that ``answer`` has in each state, and the event that it stands for."""

ROUTES: Final = (
    Route(
        name="login",
        method="POST",
        path="login",
        endpoint=login,
        summary="Sign in with user name and password",
        members=(USERNAME, PASSWORD, Member("delivery", required=False, choices=cast("tuple[str, ...]", get_args(Delivery)))),
    ),
    Route(
        name="challenge",
        method="POST",
        path="challenge",
        endpoint=challenge,
        summary="Answer the challenge that a sign-in stands at",
        members=(Member("state", max_length=16_384), Object("answer")),
    ),
)
