"""Sign-in by the challenges that triggers choose and pose (``CUSTOM_AUTH``).

define -> CUSTOM_CHALLENGE -> verify -> define -> ... -> tokens, or a remembered device and define once more, or a refusal

One trigger decides after each challenge how to go on, another makes the challenge, a third judges the answer. A sign-in that
begins with SRP may prove the password first. Somebody who does not exist goes through the same and gets no tokens. An answer
uses its session up, whatever comes of it: how often somebody may guess is the triggers' business.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from ...api.auth import AuthReply
from ..base import faults
from ..base.context import Context
from ..base.invocation import Response, invoke, user_attributes
from ..base.parameters import Parameters, demand
from ..base.triggers import Trigger
from ..store.records import Client, Device, Pool, Round, Session, User
from ..store.tables import USERS
from ..users.names import Stranger, find_user, stranger
from .devices import find_device
from .progress import SignIn, ask_device, check_open, finish
from .sessions import spend
from .visitor import Visitor, pose_first

MOST_ROUNDS: Final = 20
"""How many challenges a sign-in may have; Cognito names no number, but its sessions have a length."""
_CHALLENGE: Final = "CUSTOM_CHALLENGE"
_PASSWORD: Final = "PASSWORD_VERIFIER"  # noqa: S105 a name
_DEVICE: Final = ("DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER")

AskPassword: TypeAlias = Callable[[Visitor], AuthReply]
"""Poses ``PASSWORD_VERIFIER``."""


def begin(visitor: Visitor, *, ask_password: AskPassword | None) -> AuthReply:
    """Pose what the trigger chooses first. ``ask_password`` is there when the sign-in begins with SRP.

    Raises `Fault` when a trigger refuses, and where there are none.
    """
    rounds = () if ask_password is None else (Round(name="SRP_A", passed=True),)
    return _decide(_after(visitor, *rounds), ask_password)


def answer(visitor: Visitor, session: Session, responses: Parameters) -> AuthReply:
    """Have an answer judged, and go on as the trigger decides. Raises `Fault`, also when the session is another's."""
    if visitor.who.sub != session.sub:
        raise faults.SESSION_INVALID
    given = demand(responses, "ANSWER")
    spend(visitor.context, session)
    with faults.keeping():
        request = {"privateChallengeParameters": json.loads(session.notes["private"]), "challengeAnswer": given}
        right = _invoke(visitor, Trigger.VERIFY_AUTH_CHALLENGE_RESPONSE, request).flag("answerCorrect")
        visitor = _after(visitor, Round(name=_CHALLENGE, passed=right, metadata=session.notes.get("metadata")))
        return _decide(visitor.with_device(responses.get("DEVICE_KEY")))


def whom(context: Context, pool: Pool, client: Client, session: Session, name: str) -> User | Stranger:
    """Who answers, by the name that was typed or the one that the challenge told."""
    user = find_user(context, pool, name)
    if user is not None:
        return user
    return Stranger(sub=name, seed=b"") if name == session.sub else stranger(pool, client.id, name)


def password_proved(sign_in: SignIn, device_key: str | None) -> AuthReply:
    """Go on after a right password. Raises `Fault`."""
    visitor = _after(_visitor(sign_in), Round(name=_PASSWORD, passed=True))
    with faults.keeping():
        return _decide(visitor.with_device(device_key))


def device_proved(sign_in: SignIn) -> AuthReply:
    """Go on after a device has proved itself. Raises `Fault`."""
    with faults.keeping():
        return _decide(_after(_visitor(sign_in), *(Round(name=name, passed=True) for name in _DEVICE)))


def _visitor(sign_in: SignIn) -> Visitor:
    return Visitor(
        context=sign_in.context,
        pool=sign_in.pool,
        client=sign_in.client,
        who=sign_in.user,
        name=sign_in.user.username,
        trail=sign_in.trail,
    )


def _after(visitor: Visitor, *rounds: Round) -> Visitor:
    return replace(visitor, trail=replace(visitor.trail, rounds=(*(visitor.trail.rounds or ()), *rounds)))


def _decide(visitor: Visitor, ask_password: AskPassword | None = None) -> AuthReply:
    response = _invoke(visitor, Trigger.DEFINE_AUTH_CHALLENGE, {"session": _history(visitor)})
    failed, passed, name = response.flag("failAuthentication"), response.flag("issueTokens"), response.text("challengeName")
    if failed:
        raise _refused(visitor)
    if passed:
        return _admit(visitor)
    if name == _CHALLENGE:
        return _pose(visitor)
    if name == _PASSWORD and ask_password is not None:
        return ask_password(visitor)
    raise faults.TRIGGER_OUTPUT


def _pose(visitor: Visitor) -> AuthReply:
    if len(visitor.trail.rounds or ()) >= MOST_ROUNDS:
        raise _refused(visitor)
    request = {"challengeName": _CHALLENGE, "session": _history(visitor)}
    response = _invoke(visitor, Trigger.CREATE_AUTH_CHALLENGE, request)
    shown = response.texts("publicChallengeParameters") or {}
    hidden, metadata = response.texts("privateChallengeParameters") or {}, response.text("challengeMetadata")
    notes = {"private": json.dumps(hidden), **({} if metadata is None else {"metadata": metadata})}
    return pose_first(visitor, _CHALLENGE, {**shown, "USERNAME": visitor.username}, notes)


def _admit(visitor: Visitor) -> AuthReply:
    """Tokens, unless the account lets nobody in, or a device has to prove itself before."""
    context, trail, who = visitor.context, visitor.trail, visitor.who
    # A trigger may have changed the user.
    user = context.records.get(USERS, visitor.pool.id, who.name) if isinstance(who, User) else None
    if user is None or user.sub != who.sub:
        raise _refused(visitor)
    sign_in = visitor.signing_in(user)
    check_open(sign_in)
    device: Device | None = find_device(context, user, trail.device_key) if trail.device_key else None
    proved = any(each.name == _DEVICE[-1] for each in trail.rounds or ())
    return ask_device(sign_in, device) if device is not None and not proved else finish(sign_in, device=device)


def _refused(visitor: Visitor) -> faults.Fault:
    if isinstance(visitor.who, User):
        visitor.signing_in(visitor.who).record("Fail")
    return faults.INCORRECT(keep=True)


def _invoke(visitor: Visitor, trigger: Trigger, request: Mapping[str, Any]) -> Response:
    who = visitor.who
    told = {
        "userAttributes": user_attributes(who) if isinstance(who, User) else {},
        **request,
        "userNotFound": not isinstance(who, User),
    }
    response = invoke(visitor.context, visitor.pool, trigger, "Authentication", username=visitor.username, request=told)
    if response is None:
        raise faults.NO_CUSTOM_TRIGGER
    return response


def _history(visitor: Visitor) -> list[dict[str, Any]]:
    return [
        {"challengeName": each.name, "challengeResult": each.passed, "challengeMetadata": each.metadata}
        for each in visitor.trail.rounds or ()
    ]
