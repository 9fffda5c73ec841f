"""Sign-ins that are to reach a level of authentication: what is asked for, what tokens say, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jwt

from ..registry import journey
from ..world import PASSWORD, App, World
from .auth import FLOW_OF_CHOICE
from .challenges import BOTH, EVERY_FACTOR, PREFERRED

LEVEL: Final = "urn:cognito:loa:{}"


def toward(app: App, prefix: str, username: str, level: int | str, **parameters: str) -> dict[str, Any]:
    """The members of a request that begins a sign-in which is to reach the level."""
    given = app.parameters(username, TARGET_ACR_VALUES=LEVEL.format(level), **parameters)
    return {"operation": f"{prefix}InitiateAuth", "AuthFlow": "USER_AUTH", "AuthParameters": given}


def begin(app: App, prefix: str, username: str, level: int | str, **parameters: str) -> Mapping[str, Any]:
    """Begin a sign-in which is to reach the level."""
    request = toward(app, prefix, username, level, **parameters)
    return app.call(request.pop("operation"), **request)


def refused(app: App, code: str, prefix: str, username: str, level: int | str, **parameters: str) -> None:
    request = toward(app, prefix, username, level, **parameters)
    app.refused(code, request.pop("operation"), **request)


def told(reply: Mapping[str, Any]) -> tuple[str, list[str]]:
    """What the tokens of a reply say."""
    claims = jwt.decode(reply["AuthenticationResult"]["IdToken"], options={"verify_signature": False})
    return claims["acr"], claims["amr"]


@journey("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def password_and_app(world: World) -> None:
    app = world.new(**EVERY_FACTOR, client={"ExplicitAuthFlows": FLOW_OF_CHOICE})
    username, token = app.member()
    low = app.answer(begin(app, "", username, 1), username, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert told(low) == (LEVEL.format(1), ["pwd"])
    refused(app, "InvalidParameter", "", username, 4)
    secret = app.authenticator(token)
    app.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=PREFERRED)
    for prefix in BOTH:
        challenge = begin(app, prefix, username, 4)
        assert set(challenge["AvailableChallenges"]) == {"PASSWORD", "PASSWORD_SRP"}
        asked = app.answer(challenge, username, prefix=prefix, ANSWER="PASSWORD", PASSWORD=PASSWORD)
        reply = app.answer(asked, username, prefix=prefix, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret))
        assert told(reply) == (LEVEL.format(4), ["pwd", "otp", "mfa"])

        known = low["AuthenticationResult"]["AccessToken"]
        asked = begin(app, prefix, username, 4, ACCESS_TOKEN=known, MAX_AGE="3000")
        assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        reply = app.answer(asked, username, prefix=prefix, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret))
        assert told(reply) == (LEVEL.format(4), ["pwd", "otp", "mfa"])
        reached = reply["AuthenticationResult"]["AccessToken"]
        refused(app, "InvalidParameter", prefix, username, 4, ACCESS_TOKEN=reached)
        refused(app, "NotAuthorized", prefix, username, 4, ACCESS_TOKEN="nonsense")
        refused(app, "InvalidParameter", prefix, username, 4, MAX_AGE="soon")
        refused(app, "InvalidParameter", prefix, username, "gold")


@journey("RespondToAuthChallenge", "AdminRespondToAuthChallenge")
def password_and_mail(world: World) -> None:
    """Neither is a second factor of the pool, so that the one is chosen after the other."""
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    app = world.new(Policies=factors, client={"ExplicitAuthFlows": FLOW_OF_CHOICE})
    username = app.user()
    for prefix in BOTH:
        challenge = begin(app, prefix, username, 3)
        assert set(challenge["AvailableChallenges"]) == {"PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"}
        posed = app.answer(challenge, username, prefix=prefix, ANSWER="PASSWORD", PASSWORD=PASSWORD)
        assert (posed["ChallengeName"], posed["AvailableChallenges"]) == ("SELECT_CHALLENGE", ["EMAIL_OTP"])
        asked = app.answer(posed, username, prefix=prefix, ANSWER="EMAIL_OTP")
        reply = app.answer(asked, username, prefix=prefix, EMAIL_OTP_CODE=app.code(username))
        assert told(reply) == (LEVEL.format(3), ["pwd", "email_otp", "mfa"])


@journey("InitiateAuth", "AdminInitiateAuth")
def tier(world: World) -> None:
    app = world.new(UserPoolTier="LITE", client={"ExplicitAuthFlows": FLOW_OF_CHOICE})
    username = app.user()
    for prefix in BOTH:
        refused(app, "FeatureUnavailableInTier", prefix, username, 1)
