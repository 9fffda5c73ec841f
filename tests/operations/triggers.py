"""Triggers of the servers that the journeys run against, by the names that a pool's ``LambdaConfig`` gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_ARN: Final = "arn:aws:lambda:us-east-1:123456789012:function:{}"
REFUSING: Final = _ARN.format("refusing")
GARBLING: Final = _ARN.format("garbling")
ABSENT: Final = _ARN.format("absent")
RIDDLE: Final = {
    "DefineAuthChallenge": _ARN.format("define"),
    "CreateAuthChallenge": _ARN.format("create"),
    "VerifyAuthChallengeResponse": _ARN.format("verify"),
}
"""What a pool has whose users are asked a riddle."""
ANSWER: Final = "fish"


def _refuse(_: dict[str, Any]) -> None:
    raise ValueError("as wished")


def _garble(_: dict[str, Any]) -> str:
    return "nothing"


def _define(event: dict[str, Any]) -> dict[str, Any]:
    solved = any(each["challengeResult"] for each in event["request"]["session"])
    event["response"].update({"issueTokens": True} if solved else {"challengeName": "CUSTOM_CHALLENGE"})
    return event


def _create(event: dict[str, Any]) -> dict[str, Any]:
    event["response"]["publicChallengeParameters"] = {"riddle": "What has scales?"}
    event["response"]["privateChallengeParameters"] = {"answer": ANSWER}
    return event


def _verify(event: dict[str, Any]) -> dict[str, Any]:
    request = event["request"]
    event["response"]["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    return event


functions: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    REFUSING: _refuse,
    GARBLING: _garble,
    RIDDLE["DefineAuthChallenge"]: _define,
    RIDDLE["CreateAuthChallenge"]: _create,
    RIDDLE["VerifyAuthChallengeResponse"]: _verify,
}
"""Found by ``cognito-auth local --triggers``."""
