"""Pools that call functions: what each operation answers when one refuses, answers nothing usable, or is not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from cognito_auth import srp

from ..registry import add, journey
from ..triggers import ABSENT, ANSWER, GARBLING, REFUSING, RIDDLE
from ..world import NEW_PASSWORD, PASSWORD, App, World, listed, unique

Prepare: TypeAlias = Callable[[App], Mapping[str, Any]]
"""Does what comes before an operation, and gives its members."""


def _newcomer(_: App) -> Mapping[str, Any]:
    return {"Username": unique("user"), "Password": PASSWORD}


def _invited(_: App) -> Mapping[str, Any]:
    return {"Username": unique("user")}


def _somebody(app: App) -> Mapping[str, Any]:
    return {"Username": app.user()}


def _signed_up(app: App) -> Mapping[str, Any]:
    return {"Username": app.sign_up()}


def _to_confirm(app: App) -> Mapping[str, Any]:
    username = app.sign_up()
    return {"Username": username, "ConfirmationCode": app.code(username)}


def _to_replace(app: App) -> Mapping[str, Any]:
    username = app.user()
    app.call("ForgotPassword", Username=username)
    return {"Username": username, "ConfirmationCode": app.code(username), "Password": NEW_PASSWORD}


def _to_move(app: App) -> Mapping[str, Any]:
    return {"Username": app.user(), "UserAttributes": listed({"email": f"{unique('new')}@example.org"})}


def _to_move_oneself(app: App) -> Mapping[str, Any]:
    _, token = app.member()
    return {"AccessToken": token, "UserAttributes": listed({"email": f"{unique('new')}@example.org"})}


def _to_verify(app: App) -> Mapping[str, Any]:
    _, token = app.member()
    return {"AccessToken": token, "AttributeName": "email"}


def _to_refresh(app: App) -> Mapping[str, Any]:
    return {"RefreshToken": app.tokens(app.user())["RefreshToken"]}


def _by_password(flow: str, app: App) -> Mapping[str, Any]:
    return {"AuthFlow": flow, "AuthParameters": app.parameters(app.user(), PASSWORD=PASSWORD)}


def _proof(prefix: str, app: App) -> Mapping[str, Any]:
    username, pair = app.user(), srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    parameters = app.parameters(username, SRP_A=pair.srp_a)
    challenge = app.call(f"{prefix}InitiateAuth", AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    identity = srp.Identity(app.pool_id.partition("_")[2], username)
    responses = app.parameters(username, **app.claim(pair, identity, PASSWORD, challenge))
    return {"ChallengeName": challenge["ChallengeName"], "ChallengeResponses": responses}


_CALLS: Final[Mapping[str, tuple[str, Prepare]]] = {
    "AdminConfirmSignUp": ("PostConfirmation", _signed_up),
    "AdminCreateUser": ("PreSignUp", _invited),
    "AdminInitiateAuth": ("PreAuthentication", partial(_by_password, "ADMIN_USER_PASSWORD_AUTH")),
    "AdminResetUserPassword": ("CustomMessage", _somebody),
    "AdminRespondToAuthChallenge": ("PostAuthentication", partial(_proof, "Admin")),
    "AdminUpdateUserAttributes": ("CustomMessage", _to_move),
    "ConfirmForgotPassword": ("PostConfirmation", _to_replace),
    "ConfirmSignUp": ("PostConfirmation", _to_confirm),
    "ForgotPassword": ("CustomMessage", _somebody),
    "GetTokensFromRefreshToken": ("PreTokenGeneration", _to_refresh),
    "GetUserAttributeVerificationCode": ("CustomMessage", _to_verify),
    "InitiateAuth": ("PreAuthentication", partial(_by_password, "USER_PASSWORD_AUTH")),
    "ResendConfirmationCode": ("CustomMessage", _signed_up),
    "RespondToAuthChallenge": ("PostAuthentication", partial(_proof, "")),
    "SignUp": ("PreSignUp", _newcomer),
    "UpdateUserAttributes": ("CustomMessage", _to_move_oneself),
}
"""Each operation that a function may refuse, with a trigger that it calls."""
_REFUSALS: Final = (
    (REFUSING, "UserLambdaValidation", "{} failed with error as wished."),
    (GARBLING, "InvalidLambdaResponse", "Unrecognizable lambda output"),
    (ABSENT, "UnexpectedLambda", "{} invocation failed due to configuration."),
)


def _refused(operation: str, world: World) -> None:
    trigger, prepare = _CALLS[operation]
    app = world.new()
    for function, code, text in _REFUSALS:
        _name(app)
        members = prepare(app)
        _name(app, **{trigger: function})
        assert app.refused(code, operation, **members) == text.format(trigger)


def _name(app: App, **functions: str) -> None:
    """The pool calls these functions."""
    app.call("UpdateUserPool", AutoVerifiedAttributes=["email"], LambdaConfig=functions)


for _operation in _CALLS:
    add(f"triggers.refused.{_operation}", (_operation,), partial(_refused, _operation))


@journey("InitiateAuth", "RespondToAuthChallenge")
def riddle(world: World) -> None:
    app = world.new(client={"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}, LambdaConfig=RIDDLE)
    username = app.user()
    challenge = app.call("InitiateAuth", AuthFlow="CUSTOM_AUTH", AuthParameters=app.parameters(username))
    assert challenge["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert challenge["ChallengeParameters"] == {"riddle": "What has scales?", "USERNAME": username}
    challenge = app.answer(challenge, username, ANSWER="bird")
    reply = app.answer(challenge, username, ANSWER=ANSWER)
    assert app.call("GetUser", AccessToken=reply["AuthenticationResult"]["AccessToken"])["Username"] == username
