"""Steps of a sign-in that several journeys take, by the user's operations or by the administrator's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .world import PASSWORD, App


def begin(app: App, prefix: str, username: str) -> Mapping[str, Any]:
    """Begin a sign-in by password, by the user's operation or by the administrator's."""
    flow = "ADMIN_USER_PASSWORD_AUTH" if prefix else "USER_PASSWORD_AUTH"
    return app.call(f"{prefix}InitiateAuth", AuthFlow=flow, AuthParameters=app.parameters(username, PASSWORD=PASSWORD))


def given(challenge: Mapping[str, Any], username: str, **responses: str) -> dict[str, Any]:
    """The members of an answer."""
    answers = {"USERNAME": username, **responses}
    return {
        "ChallengeName": challenge["ChallengeName"],
        "Session": challenge["Session"],
        "ChallengeResponses": answers,
    }
