"""SignUp and ConfirmSignUp with the session that leads on from them: whoever has just confirmed is signed in without more.

SignUp -> session -> ConfirmSignUp -> session -> InitiateAuth with USER_AUTH

Each session is its user's and its app client's, lives as long as those of challenges, and is used once. Only a client with
``ALLOW_USER_AUTH`` is given one. Signing up itself is `cognito_auth.local.users.sign_up`'s business.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...api.auth import AuthReply
from ...api.sign_up import ConfirmSignUp, ConfirmSignUpReply, SignUp, SignUpReply
from ..base import faults
from ..base.access import client_of
from ..base.context import Context
from ..base.handlers import Handlers, handlers
from ..store.records import Client, Session, Trail, User
from ..users import sign_up as registration
from ..users.names import find_user
from .progress import SignIn, resume, second_factor
from .sessions import find_session, open_session, spend

_SIGNED_UP: Final = "SignUp"
_CONFIRMED: Final = "ConfirmSignUp"
_FLOW: Final = "ALLOW_USER_AUTH"


def sign_up(context: Context, request: SignUp) -> SignUpReply:
    reply = registration.sign_up(context, request)
    pool, client = client_of(context, request.client_id)
    user = find_user(context, pool, reply.user_sub)
    if user is None or reply.user_confirmed or _FLOW not in (client.settings.explicit_auth_flows or ()):
        return reply
    return replace(reply, session=_open(context, client, user, _SIGNED_UP))


def confirm_sign_up(context: Context, request: ConfirmSignUp) -> ConfirmSignUpReply:
    reply = registration.confirm_sign_up(context, request)
    if request.session is None:
        return reply
    pool, client = client_of(context, request.client_id)
    user = find_user(context, pool, request.username)
    session = _own(context, client, user, request.session, _SIGNED_UP)
    spend(context, session)
    return replace(reply, session=_open(context, client, resume(context, session).user, _CONFIRMED))


def enter(context: Context, client: Client, user: User | None, token: str, *, trail: Trail) -> AuthReply:
    """Sign in who has just confirmed; the code that confirmed was the first factor. Raises `Fault`."""
    session = _own(context, client, user, token, _CONFIRMED)
    spend(context, session)
    sign_in: SignIn = replace(resume(context, session), trail=trail)
    return second_factor(sign_in)


def _own(context: Context, client: Client, user: User | None, token: str, step: str) -> Session:
    """The session of this user, client and step. Raises `Fault` when it is another's, used, or too old."""
    session = find_session(context, token, step)
    if user is None or session.client_id != client.id or session.sub != user.sub:
        raise faults.SESSION_INVALID
    return session


def _open(context: Context, client: Client, user: User, step: str) -> str:
    return open_session(context, client, user, step, trail=Trail(event=context.uuid(), admin=False))


HANDLERS: Final[Handlers] = handlers(sign_up, confirm_sign_up)
