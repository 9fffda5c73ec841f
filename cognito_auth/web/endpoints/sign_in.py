"""Signing in and answering challenges."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from ...config import Settings
from ...effects import Flow
from ...errors import IncorrectCredentials, RequestRejected, UserNotFound
from ...flows import advance, sign_in, sign_in_with_choice, sign_in_with_custom_challenge
from ...sessions.session import unpack_state
from ...states import (
    Challenge,
    ChallengeChoice,
    ChallengeResponses,
    ChooseAgain,
    CustomAnswer,
    CustomChallenge,
    Device,
    EmailCode,
    EmailOtp,
    Event,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    State,
    StepUp,
    WebAuthn,
)
from ..body import Member, Object, Texts, read_members
from ..http import Reply
from ..options import Delivery
from ..rate_limits import Limited, named_in_body
from ..route import Call, Route
from . import proofs
from .concealing import no_such_credentials, prove_to_nobody, takes_a_proof, told_as
from .known_device import DEVICE, open_device
from .new_password import require_good
from .outcome import tell
from .step_up import ACR_VALUES, MAX_AGE, open_step_up

USERNAME: Final = Member("username", max_length=128)
PASSWORD: Final = Member("password", max_length=256)
CODE: Final = Member("code", max_length=64)
STATE: Final = Member("state", max_length=16_384)
DELIVERY: Final = Member("delivery", required=False, choices=cast("tuple[str, ...]", get_args(Delivery)))
DEVICE_NAME: Final = Member("device_name", max_length=128, required=False)
_CHOICE: Final = Member("choice", max_length=64)
_PREFERRED: Final = Member(
    "preferred", required=False, choices=("PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")
)
_OPTIONAL_PASSWORD: Final = Member("password", max_length=256, required=False)
_WISHES: Final[Mapping[str, Event]] = {"resend_code": ResendCode(), "choose_again": ChooseAgain()}
"""What a person may wish for in place of answering."""


def login(call: Call) -> Flow[Reply]:
    """Sign in with a user name, and a password unless the app client has a flow without. An unknown user is told as a wrong
    password is, after as much work."""
    body, settings = call.body, call.auth.settings
    delivery = call.auth.delivery(body.get("delivery"))
    device, step_up = (yield from open_device(call)), (yield from open_step_up(call))
    with told_as(IncorrectCredentials, *no_such_credentials(call.auth.options)):
        try:
            outcome = yield from _begin(body, settings, device, step_up)
        except UserNotFound:
            if takes_a_proof(body, settings):
                yield from prove_to_nobody(body["username"], body["password"])
            raise
    return (yield from tell(call, outcome, delivery, proofs.of_opening(body, settings, outcome)))


def _begin(body: Mapping[str, Any], settings: Settings, device: Device | None, step_up: StepUp) -> Flow[State]:
    username, password, preferred = body["username"], body.get("password"), body.get("preferred")
    if preferred is not None or step_up.acr_values:
        if "USER_AUTH" not in settings.auth_flows:
            raise RequestRejected("preferred and acr_values are for sign-in by choice, which is not on offer")
        return (
            yield from sign_in_with_choice(
                username,
                preferred=preferred,
                password=password,
                device=device,
                acr_values=step_up.acr_values,
                max_age=step_up.max_age,
                access_token=step_up.access_token,
            )
        )
    if password is not None:
        return (yield from sign_in(username, password, device=device))
    if "USER_AUTH" in settings.auth_flows:
        return (yield from sign_in_with_choice(username, device=device))
    if "CUSTOM_AUTH" in settings.auth_flows:
        return (yield from sign_in_with_custom_challenge(username, device=device))
    raise RequestRejected("password is missing")


def challenge(call: Call) -> Flow[Reply]:
    """Answer the challenge that a sealed state stands at, or wish for something else. After a wrong code the same state can
    be answered again."""
    content, state = yield from _opened(call)
    call.visit.typed(state.username)
    call.visit.challenge = state.name if isinstance(state, OtherChallenge) else state.challenge_name
    event = _event(state, call.body)
    if isinstance(event, NewPassword):
        yield from require_good(call, state.username, event.password)
    outcome = yield from advance(state, event)
    proved = proofs.of_answer(tuple(content.get("proofs", ())), state, event)
    return (yield from tell(call, outcome, content["delivery"], proved))


def _opened(call: Call) -> Flow[tuple[dict[str, Any], Challenge]]:
    """What the sealed state holds, and where the sign-in stands; raises `SealError`."""
    content = yield from call.auth.vault.open_document(call.body["state"], "state")
    return content, unpack_state(content["state"])


def _who_answers(call: Call) -> Flow[str]:
    _, state = yield from _opened(call)
    return state.username


def _event(state: Challenge, body: Mapping[str, Any]) -> Event:
    if ("answer" in body) == ("wish" in body):
        raise RequestRejected("give either answer or wish")
    if "wish" in body:
        return _WISHES[body["wish"]]
    members, to_event = ANSWERS[type(state)]
    return to_event(read_members(body["answer"], members))


def _new_password(answer: Mapping[str, Any]) -> Event:
    return NewPassword(password=answer["new_password"], attributes=answer.get("attributes"))


def _software_token(answer: Mapping[str, Any]) -> Event:
    return SoftwareTokenCode(code=answer["code"], device_name=answer.get("device_name"))


def _set_up(answer: Mapping[str, Any]) -> Event:
    email = answer.get("email")
    if (answer["choice"] == EmailOtp.challenge_name) != (email is not None):
        raise RequestRejected("email goes with the choice EMAIL_OTP")
    return SetUpSoftwareToken() if email is None else SetUpEmail(address=email)


def _credential(answer: Mapping[str, Any]) -> Event:
    return PasskeyCredential(credential=json.dumps(answer["credential"], separators=(",", ":")))


Answer = tuple[tuple[Member, ...], Callable[[Mapping[str, Any]], Event]]

ANSWERS: Final[Mapping[type[Challenge], Answer]] = {
    PasswordChallenge: ((PASSWORD,), lambda answer: PasswordAnswer(password=answer["password"])),
    PasswordSrpChallenge: ((PASSWORD,), lambda answer: PasswordAnswer(password=answer["password"])),
    NewPasswordRequired: (
        (Member("new_password", max_length=256), Texts("attributes", required=False)),
        _new_password,
    ),
    SelectChallenge: (
        (_CHOICE, _OPTIONAL_PASSWORD),
        lambda answer: ChallengeChoice(choice=answer["choice"], password=answer.get("password")),
    ),
    SoftwareTokenMfa: ((CODE,), _software_token),
    SmsMfa: ((CODE,), lambda answer: SmsCode(code=answer["code"])),
    SmsOtp: ((CODE,), lambda answer: SmsCode(code=answer["code"])),
    EmailOtp: ((CODE,), lambda answer: EmailCode(code=answer["code"])),
    WebAuthn: ((Object("credential"),), _credential),
    CustomChallenge: ((Member("answer"),), lambda answer: CustomAnswer(answer=answer["answer"])),
    SelectMfaType: ((_CHOICE,), lambda answer: MfaChoice(choice=answer["choice"])),
    MfaSetup: (
        (
            Member("choice", choices=(SoftwareTokenMfa.challenge_name, EmailOtp.challenge_name)),
            Member("email", max_length=2048, required=False),
        ),
        _set_up,
    ),
    SoftwareTokenPending: ((CODE, DEVICE_NAME), _software_token),
    OtherChallenge: ((Texts("responses"),), lambda answer: ChallengeResponses(responses=answer["responses"])),
}
"""The members that ``answer`` has in each state, and the event that it stands for."""

ROUTES: Final = (
    Route(
        name="login",
        method="POST",
        path="login",
        endpoint=login,
        summary="Sign in with user name and password, or in a way that needs none",
        members=(
            USERNAME,
            _OPTIONAL_PASSWORD,
            _PREFERRED,
            ACR_VALUES,
            MAX_AGE,
            DEVICE,
            DELIVERY,
        ),
        limited=Limited("sign_in", named_in_body),
        failure="sign_in_failed",
    ),
    Route(
        name="challenge",
        method="POST",
        path="challenge",
        endpoint=challenge,
        summary="Answer the challenge that a sign-in stands at",
        members=(
            STATE,
            Object("answer", required=False),
            Member("wish", required=False, choices=tuple(_WISHES)),
        ),
        limited=Limited("answer", _who_answers),
        failure="sign_in_failed",
    ),
)
