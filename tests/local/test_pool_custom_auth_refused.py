"""``CUSTOM_AUTH`` where triggers are missing, answer nonsense, or decide at once."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.local import Triggers

from .riddle import ANSWER, CUSTOM, app_with_riddle, begin, define, triggers
from .support import new_app, refusal, signed_in
from .triggers import Calls, Change, responding

INCORRECT: Final = "NotAuthorized: Incorrect username or password."
NO_ANSWER: Final = "InvalidLambdaResponse: Unrecognizable lambda output"


def test_no_triggers() -> None:
    app = new_app(explicit_auth_flows=CUSTOM)
    app.create_user()
    text = "InvalidParameter: Custom auth lambda trigger is not configured for the user pool."
    assert refusal(begin, app) == text
    app.cognito.triggers = Triggers(define_auth_challenge=Calls()(define))
    assert refusal(begin, app) == text


def test_the_client_must_allow_it() -> None:
    app = new_app()
    app.create_user()
    app.cognito.triggers = triggers()
    assert refusal(begin, app) == "InvalidParameter: CUSTOM_AUTH is not enabled for the client."


WRONG: Final[dict[str, tuple[str, Change]]] = {
    "no decision": ("define_auth_challenge", responding()),
    "another challenge": ("define_auth_challenge", responding(challengeName="SMS_MFA")),
    "a password without SRP": ("define_auth_challenge", responding(challengeName="PASSWORD_VERIFIER")),
    "no truth value": ("define_auth_challenge", responding(issueTokens="false")),
    "no texts": ("create_auth_challenge", responding(publicChallengeParameters={"n": 1})),
    "no metadata": ("create_auth_challenge", responding(challengeMetadata={})),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_answer(name: str) -> None:
    member, change = WRONG[name]
    app = app_with_riddle()
    broken: dict[str, Any] = {member: Calls()(change)}
    app.cognito.triggers = triggers(**broken)
    assert refusal(begin, app) == NO_ANSWER


def test_a_verdict_that_is_none() -> None:
    app = app_with_riddle()
    app.cognito.triggers = triggers(verify_auth_challenge_response=Calls()(responding(answerCorrect="yes")))
    assert refusal(app.reply_to, begin(app), ANSWER=ANSWER) == NO_ANSWER


def test_a_refusal_counts_more_than_tokens() -> None:
    app = app_with_riddle()
    both = Calls()(responding(issueTokens=True, failAuthentication=True))
    app.cognito.triggers = triggers(define_auth_challenge=both)
    assert refusal(begin, app) == INCORRECT


def test_tokens_at_once() -> None:
    app = app_with_riddle()
    app.cognito.triggers = triggers(define_auth_challenge=Calls()(responding(issueTokens=True)))
    assert signed_in(begin(app))
    assert refusal(begin, app, "bob") == INCORRECT
