"""Choice-based sign-in (``USER_AUTH``): what a user may begin with, and the answers to the challenges that open a sign-in.

begin -> SELECT_CHALLENGE -> PASSWORD, PASSWORD_SRP, EMAIL_OTP, SMS_OTP or WEB_AUTHN -> as after a password, or tokens

Where the sign-in is to reach a level of authentication, and one factor is not enough for it, the next follows in the same way.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from ...api.auth import AuthReply
from ..base import faults
from ..base.context import Context
from ..base.parameters import Parameters, demand
from ..store.records import Client, Pool, Session, User
from ..users.factors import FIRST_CODES
from ..users.names import Stranger, find_user, stranger
from .assurance import PWD
from .offers import leading_offers, offers
from .one_time_codes import answer_code, send_code
from .passkey_sign_in import answer_passkey, ask_passkey
from .password_sign_in import prove_password
from .progress import SignIn, due_factors, second_factor
from .sessions import open_session, session_id
from .srp_sign_in import pose_verifier
from .visitor import Visitor, pose_first

_PASSKEY: Final = "WEB_AUTHN"


def begin(visitor: Visitor, parameters: Parameters) -> AuthReply:
    """Pose the challenge that the client prefers, if it is offered; otherwise let the client choose.

    Whoever has a password's credit from an access token, and is to give a second factor, is asked for that.
    """
    visitor = visitor.with_device(parameters.get("DEVICE_KEY"))
    if isinstance(visitor.who, User) and _owes_second_factor(visitor.signing_in(visitor.who)):
        return second_factor(visitor.signing_in(visitor.who))
    offered, preferred = _offered(visitor), parameters.get("PREFERRED_CHALLENGE")
    if preferred in offered:
        return _CHALLENGES[preferred](visitor, parameters)
    return replace(pose_first(visitor, "SELECT_CHALLENGE", {}), available_challenges=offered)


def _owes_second_factor(sign_in: SignIn) -> bool:
    """Whether a second factor is all that comes next: the password is proved by an access token already."""
    aim = sign_in.trail.aim
    return aim is not None and PWD in aim.methods and bool(due_factors(sign_in))


def answer(visitor: Visitor, session: Session, responses: Parameters) -> AuthReply:
    """Answer a challenge that opens a sign-in.

    Raises `Fault`, also when the session is another's, or is for something that opens no sign-in any more.
    """
    if visitor.who.sub != session.sub:
        raise faults.SESSION_INVALID
    if session.challenge in _CHALLENGES and session.challenge not in _offered(visitor):
        raise faults.SESSION_INVALID
    return _ANSWERS[session.challenge](visitor, session.notes, responses)


def whom(context: Context, pool: Pool, client: Client, name: str) -> User | Stranger:
    """The user of this name who can sign in by choice; what stands for nobody if there is none."""
    user = find_user(context, pool, name)
    return user if user is not None and offers(context, pool, user) else stranger(pool, client.id, name)


def _offered(visitor: Visitor) -> tuple[str, ...]:
    return leading_offers(visitor.context, visitor.pool, visitor.who, visitor.trail)


def _select(visitor: Visitor, _: Mapping[str, str], responses: Parameters) -> AuthReply:
    chosen = demand(responses, "ANSWER")
    if chosen not in _offered(visitor):
        raise faults.CHALLENGE_CHOICE
    return _CHALLENGES[chosen](visitor, responses)


def _pose_password(visitor: Visitor, given: Parameters) -> AuthReply:
    return _password(visitor, {}, given) if given.get("PASSWORD") else pose_first(visitor, "PASSWORD", {})


def _password(visitor: Visitor, _: Mapping[str, str], given: Parameters) -> AuthReply:
    return prove_password(visitor, demand(given, "PASSWORD"), given.get("DEVICE_KEY"))


def _pose_srp(visitor: Visitor, given: Parameters) -> AuthReply:
    return ask_verifier(visitor, given) if given.get("SRP_A") else pose_first(visitor, "PASSWORD_SRP", {})


def _srp(visitor: Visitor, _: Mapping[str, str], given: Parameters) -> AuthReply:
    return ask_verifier(visitor, given)


def ask_verifier(visitor: Visitor, given: Parameters) -> AuthReply:
    """Pose ``PASSWORD_VERIFIER`` with a session, which its answer needs here."""
    token = open_session(visitor.context, visitor.client, visitor.who, "PASSWORD_VERIFIER", trail=visitor.trail)
    trail = replace(visitor.trail, session=session_id(token))
    posed = pose_verifier(visitor.context, visitor.pool, visitor.client, visitor.who, trail=trail, parameters=given)
    return replace(posed, session=token)


def _code(factor: str) -> Callable[[Visitor, Parameters], AuthReply]:
    return lambda visitor, _: send_code(visitor, factor)


def _passkey(visitor: Visitor, _: Parameters) -> AuthReply:
    return ask_passkey(visitor)


_Answer: TypeAlias = Callable[[Visitor, Mapping[str, str], Parameters], AuthReply]

_CHALLENGES: Final[Mapping[str, Callable[[Visitor, Parameters], AuthReply]]] = MappingProxyType(
    {
        "PASSWORD": _pose_password,
        "PASSWORD_SRP": _pose_srp,
        **{factor: _code(factor) for factor in FIRST_CODES},
        _PASSKEY: _passkey,
    }
)
_ANSWERS: Final[Mapping[str, _Answer]] = MappingProxyType(
    {
        "SELECT_CHALLENGE": _select,
        "PASSWORD": _password,
        "PASSWORD_SRP": _srp,
        **dict.fromkeys(FIRST_CODES, answer_code),
        _PASSKEY: answer_passkey,
    }
)
