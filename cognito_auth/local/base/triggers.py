"""Triggers: functions that the pool calls on its way, as Cognito calls those of AWS Lambda, and where they are taken from.

When they are called, and what becomes of their answers, is not known here.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from inspect import isfunction
from typing import Any, Final, TypeAlias

from ...errors import ConfigurationError

Function: TypeAlias = Callable[[dict[str, Any]], Any]
"""Gets the event, as a Lambda function gets it, and returns it with its response filled in; what it raises is a refusal."""

VERSIONS: Final = ("V1_0", "V2_0", "V3_0")


class Trigger(Enum):
    """A trigger, under the name that the service gives it."""

    PRE_SIGN_UP = "PreSignUp"
    POST_CONFIRMATION = "PostConfirmation"
    PRE_AUTHENTICATION = "PreAuthentication"
    POST_AUTHENTICATION = "PostAuthentication"
    DEFINE_AUTH_CHALLENGE = "DefineAuthChallenge"
    CREATE_AUTH_CHALLENGE = "CreateAuthChallenge"
    VERIFY_AUTH_CHALLENGE_RESPONSE = "VerifyAuthChallengeResponse"
    PRE_TOKEN_GENERATION = "PreTokenGeneration"  # noqa: S105 a name
    CUSTOM_MESSAGE = "CustomMessage"
    USER_MIGRATION = "UserMigration"

    @property
    def member(self) -> str:
        """What it is called in `Triggers`, and in a pool's ``LambdaConfig``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """The functions of all pools of a `LocalCognito`; those that are left out are not called.

    A pool whose ``LambdaConfig`` names functions calls those triggers only: the one that ``functions`` has under the name (the
    ARN), or else the trigger's own; what needs one that is not here is refused. Any other pool calls every trigger there is.
    ``pre_token_generation_version`` is the version of that event, where the pool does not say it. Raises `ConfigurationError`
    for what cannot be called, and a version that there is not.
    """

    pre_sign_up: Function | None = None
    post_confirmation: Function | None = None
    pre_authentication: Function | None = None
    post_authentication: Function | None = None
    define_auth_challenge: Function | None = None
    create_auth_challenge: Function | None = None
    verify_auth_challenge_response: Function | None = None
    pre_token_generation: Function | None = None
    custom_message: Function | None = None
    user_migration: Function | None = None
    pre_token_generation_version: str = VERSIONS[0]
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])

    def __post_init__(self) -> None:
        own = {trigger.member: function for trigger in Trigger if (function := self.function(trigger)) is not None}
        for name, function in {**own, **self.functions}.items():
            if not callable(function):
                raise ConfigurationError(f"the trigger {name} is not a function")
        if self.pre_token_generation_version not in VERSIONS:
            raise ConfigurationError(f"pre_token_generation_version is one of {', '.join(VERSIONS)}")

    def function(self, trigger: Trigger) -> Function | None:
        """The trigger's function."""
        found: Function | None = getattr(self, trigger.member)
        return found


NO_TRIGGERS: Final = Triggers()


def load_triggers(path: str, cognito: object) -> Triggers:
    """The triggers of a module, ``package.module``, or of something in it, ``package.module:name``.

    Triggers are found under their names in `Triggers`. A function that is named itself is called with ``cognito``, the
    `LocalCognito`, and returns them. Modules of the working directory are found too. Raises `ConfigurationError` when nothing
    is there, and whatever the module raises.
    """
    module, _, name = path.partition(":")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        source: Any = importlib.import_module(module)
    except ModuleNotFoundError as absent:
        if absent.name is None or not f"{module}.".startswith(f"{absent.name}."):
            raise
        raise ConfigurationError(f"there is no module {module!r}") from None
    if name:
        if not hasattr(source, name):
            raise ConfigurationError(f"the module {module} has no {name!r}")
        source = getattr(source, name)
    return _in(source(cognito) if isfunction(source) else source)


def _in(source: object) -> Triggers:
    if isinstance(source, Triggers):
        return source
    names = (each.name for each in fields(Triggers))
    found = {name: getattr(source, name) for name in names if getattr(source, name, None) is not None}
    if not found:
        raise ConfigurationError(f"{source!r} has no trigger: {', '.join(trigger.member for trigger in Trigger)}")
    return Triggers(**found)
