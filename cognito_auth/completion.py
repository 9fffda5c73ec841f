"""Fills into an operation what the settings know: pool id, client id, client secret, secret hash.

Which user name the secret hash is made with is the commonest mistake with Cognito, so the rule stands here once:

=============================================  ===========================================================
message                                        user name in the hash
=============================================  ===========================================================
``SignUp``, ``ConfirmSignUp``, ... (a          ``Username`` of the same message, as it is sent
``SecretHash`` member)
``InitiateAuth`` of a user                     ``AuthParameters.USERNAME``, as it is sent
every challenge answer                         ``ChallengeResponses.USERNAME``: the pool's own name for the user
``REFRESH_TOKEN_AUTH``                         the pool's own name for the user; the message does not carry it, so
                                               the refresh flow computes the hash (`cognito_auth.steps.refresh`)
``GetTokensFromRefreshToken``, ``RevokeToken``  none: the secret itself goes in ``ClientSecret``
=============================================  ===========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from typing import Any, Final, TypeVar

from .api.auth import AdminInitiateAuth, AdminRespondToAuthChallenge, InitiateAuth, RespondToAuthChallenge
from .api.structure import FROM_SETTINGS, Operation
from .config import Settings
from .secret_hash import secret_hash

R = TypeVar("R")

_PARAMETER_MEMBERS: Final[Mapping[type[Operation[Any]], str]] = {
    InitiateAuth: "auth_parameters",
    AdminInitiateAuth: "auth_parameters",
    RespondToAuthChallenge: "challenge_responses",
    AdminRespondToAuthChallenge: "challenge_responses",
}


def complete(operation: Operation[R], settings: Settings) -> Operation[R]:
    """The operation with every member filled in that its caller left to the settings; what the caller gave is kept.

    A member without a default is never filled in: which pool or client is to be deleted has to be said.
    """
    kind = type(operation)
    wanted = {field.name for field in fields(kind) if field.default is not MISSING} & FROM_SETTINGS
    missing = {name for name in wanted if not getattr(operation, name)}
    filled: dict[str, Any] = {}
    if "user_pool_id" in missing:
        filled["user_pool_id"] = settings.user_pool_id
    if "client_id" in missing:
        filled["client_id"] = settings.client_id
    # A client id that the caller gave may belong to another client, whose secret these settings do not hold.
    client_id: str = filled.get("client_id") or getattr(operation, "client_id", None) or ""
    if settings.client_secret and client_id == settings.client_id:
        secret = settings.client_secret.reveal()
        if "client_secret" in missing:
            filled["client_secret"] = secret
        if "secret_hash" in missing:
            filled["secret_hash"] = secret_hash(getattr(operation, "username"), client_id, secret)  # noqa: B009
        if kind in _PARAMETER_MEMBERS:
            name = _PARAMETER_MEMBERS[kind]
            parameters: Mapping[str, str] = getattr(operation, name) or {}
            if "USERNAME" in parameters and "SECRET_HASH" not in parameters:
                hashed = secret_hash(parameters["USERNAME"], client_id, secret)
                filled[name] = {**parameters, "SECRET_HASH": hashed}
    return replace(operation, **filled) if filled else operation
