"""Triggers that ask everybody the same riddle, after the password where the sign-in begins with one."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth.local import Triggers

_CHANCES: Final = 3


def define(event: dict[str, Any]) -> dict[str, Any]:
    """The password first, if the sign-in begins so; then the riddle, until it is solved or was asked too often."""
    rounds, response = event["request"]["session"], event["response"]
    names = [each["challengeName"] for each in rounds]
    if names == ["SRP_A"]:
        response.update(challengeName="PASSWORD_VERIFIER", issueTokens=False, failAuthentication=False)
    elif any(each["challengeName"] == "CUSTOM_CHALLENGE" and each["challengeResult"] for each in rounds):
        response.update(issueTokens=True, failAuthentication=False)
    elif names.count("CUSTOM_CHALLENGE") == _CHANCES:
        response.update(issueTokens=False, failAuthentication=True)
    else:
        response.update(challengeName="CUSTOM_CHALLENGE", issueTokens=False, failAuthentication=False)
    return event


def create(event: dict[str, Any]) -> dict[str, Any]:
    """The riddle and its answer."""
    event["response"].update(
        publicChallengeParameters={"question": "What colour is the sky?"}, privateChallengeParameters={"answer": "blue"}
    )
    return event


def verify(event: dict[str, Any]) -> dict[str, Any]:
    """Whether the answer is right."""
    request = event["request"]
    event["response"]["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    return event


RIDDLE: Final = Triggers(define_auth_challenge=define, create_auth_challenge=create, verify_auth_challenge_response=verify)
