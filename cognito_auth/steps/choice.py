"""Steps of ``USER_AUTH``: the user chooses how to sign in, by password or without; and a sign-in begins again.

Cognito has no operation that sends a challenge's code again, or takes a choice back: the sign-in begins again, which needs
nothing but the name as long as no password was given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .. import srp
from ..api.auth import AuthReply
from ..effects import Flow
from ..errors import InvalidAnswer
from ..states import (
    ByChoice,
    Challenge,
    ChallengeChoice,
    ChooseAgain,
    Confirmed,
    Course,
    CustomChallenge,
    EmailOtp,
    PasswordAnswer,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SignedOut,
    SignInAfterwards,
    SmsOtp,
    State,
    StepUp,
)
from .proof import key_pair
from .replies import next_state
from .sending import initiate, reply_to
from .sign_in import after_srp_a

_PLAIN: Final = PasswordChallenge.challenge_name
_PROVED: Final = PasswordSrpChallenge.challenge_name


def by_choice(_: SignedOut, event: ByChoice) -> Flow[State]:
    """``USER_AUTH``: with the preference, if there is one. A password without a preference is proved by SRP.

    Raises `InvalidAnswer` for a password with a preference that takes none, and for what no sign-in can ask for: an access
    token without a level, a name that is empty or has blanks, an age below nothing.
    """
    wanted = _wanted(event)
    preferred = event.preferred or (_PROVED if event.password is not None else None)
    parameters = {"PREFERRED_CHALLENGE": preferred} if preferred else {}
    pair, given = yield from _password_parameters(preferred, event.password)
    again = event.password is None
    course = Course(flow="USER_AUTH" if again else None, device=event.device, step_up=wanted if again else None)
    reply = yield from initiate("USER_AUTH", event.username, course, {**parameters, **given, **_step_up_parameters(wanted)})
    return _go_on(reply, event.username, course, event.password, pair)


def after_confirmation(state: Confirmed, event: SignInAfterwards) -> Flow[State]:
    """``USER_AUTH`` with the session of the confirmation; raises `InvalidAnswer` where there is none."""
    if state.session is None:
        raise InvalidAnswer("the confirmation came without a session; sign in as usual")
    course = Course(flow="USER_AUTH", device=event.device)
    reply = yield from initiate("USER_AUTH", state.username, course, session=state.session)
    return next_state(reply, state.username, course)


def choose(state: SelectChallenge, event: ChallengeChoice) -> Flow[State]:
    """Answer ``SELECT_CHALLENGE``; raises `InvalidAnswer` for what is not on offer, or takes no password and is given one."""
    if event.choice not in state.choices:
        raise InvalidAnswer(f"the choice is not one of {', '.join(state.choices)}")
    pair, given = yield from _password_parameters(event.choice, event.password)
    return (yield from _answer(state, {"ANSWER": event.choice, **given}, event.password, pair))


def password(state: PasswordChallenge, event: PasswordAnswer) -> Flow[State]:
    """Answer ``PASSWORD``."""
    return (yield from _answer(state, {"PASSWORD": event.password}, event.password, None))


def password_srp(state: PasswordSrpChallenge, event: PasswordAnswer) -> Flow[State]:
    """Answer ``PASSWORD_SRP``."""
    pair = yield from key_pair()
    return (yield from _answer(state, {"SRP_A": pair.srp_a}, event.password, pair))


def resend(state: EmailOtp | SmsOtp, _: ResendCode) -> Flow[State]:
    """Begin again with the same preference, so that a code is sent; raises `InvalidAnswer` after a password."""
    return (yield from _begin_again(state, {"PREFERRED_CHALLENGE": state.challenge_name}))


def choose_again(state: Challenge, _: ChooseAgain) -> Flow[State]:
    """Begin again without a preference; raises `InvalidAnswer` after a password."""
    return (yield from _begin_again(state, {}))


def pose_again(state: CustomChallenge, _: ResendCode) -> Flow[State]:
    """Begin ``CUSTOM_AUTH`` again, so that the triggers pose their challenge anew; raises `InvalidAnswer` after a password."""
    if state.course.flow != "CUSTOM_AUTH":
        raise _needs_the_password()
    reply = yield from initiate("CUSTOM_AUTH", state.username, state.course)
    return next_state(reply, state.username, state.course)


def _begin_again(state: Challenge, parameters: dict[str, str]) -> Flow[State]:
    if state.course.flow != "USER_AUTH":
        raise _needs_the_password()
    given = {**parameters, **_step_up_parameters(state.course.step_up)}
    reply = yield from initiate("USER_AUTH", state.username, state.course, given)
    return next_state(reply, state.username, state.course)


def _needs_the_password() -> InvalidAnswer:
    return InvalidAnswer("this sign-in cannot begin again by name alone: it is to be begun anew, with the password")


def _wanted(event: ByChoice) -> StepUp | None:
    """What the sign-in asks for besides; raises `InvalidAnswer`."""
    if not event.acr_values and event.access_token is not None:
        raise InvalidAnswer("an access token goes with acr_values")
    if not all(value and " " not in value for value in event.acr_values):
        raise InvalidAnswer("each of acr_values is a name without blanks")
    if event.max_age is not None and event.max_age < 0:
        raise InvalidAnswer("max_age is a number of seconds, not below nothing")
    wanted = StepUp(acr_values=event.acr_values, max_age=event.max_age, access_token=event.access_token)
    return wanted if wanted != StepUp() else None


def _step_up_parameters(wanted: StepUp | None) -> dict[str, str]:
    if wanted is None:
        return {}
    given = {
        "TARGET_ACR_VALUES": " ".join(wanted.acr_values) or None,
        "MAX_AGE": None if wanted.max_age is None else str(wanted.max_age),
        "ACCESS_TOKEN": wanted.access_token,
    }
    return {name: value for name, value in given.items() if value is not None}


def _password_parameters(way: str | None, password: str | None) -> Flow[tuple[srp.Ephemeral | None, dict[str, str]]]:
    """What goes along with the choice of a password: the password itself, or the public half of a key."""
    if password is None:
        return None, {}
    if way == _PLAIN:
        return None, {"PASSWORD": password}
    if way == _PROVED:
        pair = yield from key_pair()
        return pair, {"SRP_A": pair.srp_a}
    raise InvalidAnswer(f"a password goes with {_PLAIN} or {_PROVED} only")


def _answer(state: Challenge, responses: dict[str, str], password: str | None, pair: srp.Ephemeral | None) -> Flow[State]:
    reply = yield from reply_to(state, responses)
    course = state.course if password is None else replace(state.course, flow=None, step_up=None)
    return _go_on(reply, state.username, course, password, pair)


def _go_on(reply: AuthReply, username: str, course: Course, password: str | None, pair: srp.Ephemeral | None) -> State:
    if password is None or pair is None:
        return next_state(reply, username, course)
    return after_srp_a(reply, username, course, password, pair)
