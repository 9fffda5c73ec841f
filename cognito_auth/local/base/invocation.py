"""Calling a trigger: the event that it gets, and what is taken for an answer.

A trigger runs within its operation's transaction. It may use the same pools: what it reads is as the operation has left it so
far, and what it writes stays or goes with the operation.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from ..store.records import Pool, User
from . import faults
from .context import Context
from .triggers import Function, Trigger

T = TypeVar("T")

_log: Final = logging.getLogger(__name__)
_NO_CLIENT: Final = "CLIENT_ID_NOT_APPLICABLE"
_SOURCES: Final[Mapping[Trigger, str]] = MappingProxyType({Trigger.PRE_TOKEN_GENERATION: "TokenGeneration"})
"""How the event's source begins, where it does not begin with the trigger's name."""
_RESPONSES: Final[Mapping[Trigger, Mapping[str, Any]]] = MappingProxyType(
    {
        Trigger.PRE_SIGN_UP: {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
        Trigger.DEFINE_AUTH_CHALLENGE: dict.fromkeys(("challengeName", "issueTokens", "failAuthentication")),
        Trigger.CREATE_AUTH_CHALLENGE: dict.fromkeys(
            ("publicChallengeParameters", "privateChallengeParameters", "challengeMetadata")
        ),
        Trigger.VERIFY_AUTH_CHALLENGE_RESPONSE: {"answerCorrect": None},
        Trigger.CUSTOM_MESSAGE: dict.fromkeys(("smsMessage", "emailMessage", "emailSubject")),
        Trigger.USER_MIGRATION: dict.fromkeys(
            (
                "userAttributes",
                "forceAliasCreation",
                "enableSMSMFA",
                "finalUserStatus",
                "messageAction",
                "desiredDeliveryMediums",
            )
        ),
    }
)
"""The response as the trigger gets it."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a trigger has answered. Each method gives a member, ``None`` for null, and raises `Fault` for another type."""

    members: Mapping[str, Any] = field(repr=False)

    def text(self, name: str) -> str | None:
        """A text."""
        return self._of(str, name)

    def flag(self, name: str) -> bool:
        """A truth value, which is false unless it is there."""
        return self._of(bool, name) or False

    def texts(self, name: str) -> dict[str, str] | None:
        """An object whose values are texts."""
        found = self._object(name)
        if found is not None and not all(isinstance(value, str) for value in found.values()):
            raise faults.TRIGGER_OUTPUT
        return found

    def names(self, name: str) -> list[str] | None:
        """A list of texts."""
        found = cast("list[Any] | None", self._of(list, name))
        if found is not None and not all(isinstance(value, str) for value in found):
            raise faults.TRIGGER_OUTPUT
        return found

    def part(self, name: str) -> Response | None:
        """An object."""
        found = self._object(name)
        return None if found is None else Response(found)

    def _object(self, name: str) -> dict[str, Any] | None:
        return cast("dict[str, Any] | None", self._of(dict, name))

    def _of(self, kind: type[T], name: str) -> T | None:
        value = self.members.get(name)
        if value is not None and not isinstance(value, kind):
            raise faults.TRIGGER_OUTPUT
        return value


def invoke(
    context: Context, pool: Pool, trigger: Trigger, occasion: str, *, username: str, request: Mapping[str, Any]
) -> Response | None:
    """Call the trigger, if there is one, and give its answer.

    ``occasion`` ends the event's source, ``request`` is what the event tells. Raises `Fault` when the function raises, when it
    answers nothing usable, and when the pool names a function that was not given.
    """
    function = function_of(context, pool, trigger)
    if function is None:
        return None
    metadata = {} if context.metadata is None else {"clientMetadata": dict(context.metadata)}
    version = token_version(context, pool) if trigger is Trigger.PRE_TOKEN_GENERATION else 1
    event: dict[str, Any] = {
        "version": str(version),
        "triggerSource": f"{_SOURCES.get(trigger, trigger.value)}_{occasion}",
        "region": context.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": context.client_id or _NO_CLIENT},
        "request": {**request, **metadata},
        "response": dict(_RESPONSES.get(trigger, {})),
    }
    try:
        answer = function(event)
    except Exception as error:  # whatever it raises is its answer
        _log.info("the trigger %s refused", trigger.value, exc_info=True)
        raise faults.TRIGGER_FAILED(trigger.value, error) from error
    return _response(answer)


def function_of(context: Context, pool: Pool, trigger: Trigger) -> Function | None:
    """The function that is to be called. Raises `Fault` when the pool names one and it was not given."""
    given, named = context.triggers.function(trigger), _named(pool)
    if not named:
        return given
    if trigger not in named:
        return None
    function = context.triggers.functions.get(named[trigger], given)
    if function is None:
        raise faults.TRIGGER_ABSENT(trigger.value)
    return function


def _named(pool: Pool) -> dict[Trigger, str]:
    """The functions that the pool's ``LambdaConfig`` names."""
    config = pool.settings.lambda_config
    if config is None:
        return {}
    named: dict[Trigger, str | None] = {trigger: getattr(config, trigger.member) for trigger in Trigger}
    if config.pre_token_generation_config is not None:
        named[Trigger.PRE_TOKEN_GENERATION] = config.pre_token_generation_config.lambda_arn
    return {trigger: name for trigger, name in named.items() if name is not None}


def token_version(context: Context, pool: Pool) -> int:
    """The version of the event before tokens are made: 1, 2 or 3."""
    config = pool.settings.lambda_config
    versioned = config and config.pre_token_generation_config
    named = versioned.lambda_version if versioned else context.triggers.pre_token_generation_version
    return int((named or "V1_0")[1])


def user_attributes(user: User) -> dict[str, str]:
    """A user's attributes as events have them."""
    return {"sub": user.sub, "cognito:user_status": user.status, **user.attributes}


def _response(answer: object) -> Response:
    response = cast("dict[str, Any]", answer).get("response") if isinstance(answer, dict) else None
    if not isinstance(response, dict):
        raise faults.TRIGGER_OUTPUT
    try:
        # As it would arrive from elsewhere: JSON, and nobody else's to change.
        return Response(json.loads(json.dumps(response, allow_nan=False)))
    except (TypeError, ValueError, RecursionError):
        raise faults.TRIGGER_OUTPUT from None
