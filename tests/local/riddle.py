"""A pool whose triggers ask a riddle, perhaps after the password."""

from __future__ import annotations

import os
from typing import Any, Final

from cognito_auth import srp
from cognito_auth.api.auth import AuthReply, InitiateAuth
from cognito_auth.local import Triggers

from .support import FLOWS, PASSWORD, App, new_app
from .triggers import Calls, Event, responding

CUSTOM: Final = ("ALLOW_CUSTOM_AUTH", *FLOWS)
ANSWER: Final = "fish"


def define(event: Event) -> None:
    """After the password, if there is one, a riddle: three attempts."""
    session, response = event["request"]["session"], event["response"]
    last = session[-1] if session else None
    if last is not None and last["challengeName"] == "SRP_A":
        response["challengeName"] = "PASSWORD_VERIFIER"
    elif last is not None and last["challengeResult"] and last["challengeName"] != "PASSWORD_VERIFIER":
        response["issueTokens"] = True
    elif sum(each["challengeName"] == "CUSTOM_CHALLENGE" for each in session) >= 3:
        response["failAuthentication"] = True
    else:
        response["challengeName"] = "CUSTOM_CHALLENGE"


def verify(event: Event) -> None:
    request = event["request"]
    event["response"]["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]


CREATE: Final = responding(
    publicChallengeParameters={"riddle": "What has scales?"},
    privateChallengeParameters={"answer": ANSWER},
    challengeMetadata="RIDDLE",
)


def triggers(calls: Calls | None = None, **others: Any) -> Triggers:
    calls = calls or Calls()
    given: dict[str, Any] = {
        "define_auth_challenge": calls(define),
        "create_auth_challenge": calls(CREATE),
        "verify_auth_challenge_response": calls(verify),
        **others,
    }
    return Triggers(**given)


def app_with_riddle(calls: Calls | None = None, *, pool: dict[str, Any] | None = None, **client: Any) -> App:
    """A pool with the triggers, and ana."""
    app = new_app(pool=pool, explicit_auth_flows=CUSTOM, **client)
    app.create_user()
    app.cognito.triggers = triggers(calls)
    return app


def begin(app: App, username: str = "ana", **others: str) -> AuthReply:
    parameters = app.parameters(username, **others)
    return app.send(InitiateAuth(client_id=app.client_id, auth_flow="CUSTOM_AUTH", auth_parameters=parameters))


def begin_with_srp(app: App, username: str = "ana", **others: str) -> tuple[srp.Ephemeral, AuthReply]:
    pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    return pair, begin(app, username, CHALLENGE_NAME="SRP_A", SRP_A=pair.srp_a, **others)


def prove(app: App, pair: srp.Ephemeral, reply: AuthReply, password: str = PASSWORD) -> AuthReply:
    return app.answer("PASSWORD_VERIFIER", reply.session, app.srp_claim(pair, reply, password))
