"""From Cognito's authentication reply to the next state."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from ..api.auth import AuthenticationResult, AuthReply
from ..errors import ProtocolError
from ..states import (
    Challenge,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    SelectMfaType,
    SignedIn,
    SmsMfa,
    SoftwareTokenMfa,
    State,
    Tokens,
)


def next_state(reply: AuthReply, username: str) -> State:
    """The state that a reply leads to; ``username`` is the name in use so far.

    Raises `ProtocolError` for a reply that holds neither tokens nor a challenge, or a challenge without its parameters.
    """
    if reply.authentication_result is not None:
        return signed_in(reply.authentication_result, username)
    if reply.challenge_name is None:
        raise ProtocolError("the reply holds neither tokens nor a challenge")
    parameters = reply.challenge_parameters or {}
    name = challenged_name(parameters, username)
    if reply.challenge_name in _CHALLENGES:
        return _CHALLENGES[reply.challenge_name](name, reply.session, parameters)
    return OtherChallenge(
        username=name,
        session=reply.session,
        name=reply.challenge_name,
        parameters=parameters,
        available=reply.available_challenges,
    )


def challenged_name(parameters: Mapping[str, str], username: str) -> str:
    """The pool's own name for the user, by which a challenge is answered; ``username`` where the challenge tells none.

    Where both parameters are there, Cognito gives both the same value; stand-ins look users up by the first.
    """
    return parameters.get("USERNAME") or parameters.get("USER_ID_FOR_SRP") or username


def signed_in(result: AuthenticationResult, username: str) -> SignedIn:
    """The state after tokens were issued; raises `ProtocolError` when there is no access token."""
    device = result.new_device_metadata
    issued = tokens(result)
    return SignedIn(
        username=pool_username(issued.access_token) or username,
        tokens=issued,
        new_device_key=device.device_key if device else None,
        new_device_group_key=device.device_group_key if device else None,
    )


def tokens(result: AuthenticationResult | None, *, refresh_token: str | None = None) -> Tokens:
    """The tokens of a result; ``refresh_token`` stands in where the result has none, as after an unrotated refresh."""
    if result is None or not result.access_token:
        raise ProtocolError("the reply holds no access token")
    return Tokens(
        access_token=result.access_token,
        id_token=result.id_token,
        refresh_token=result.refresh_token or refresh_token,
        expires_in=result.expires_in if result.expires_in is not None else 3600,
        token_type=result.token_type or "Bearer",
    )


def pool_username(access_token: str) -> str | None:
    """The pool's own name for the user, from an access token that came from Cognito this moment.

    The signature is not checked and nothing is decided by the name: Cognito wants it back in the secret hash of a refresh.
    """
    try:
        payload = access_token.split(".")[1]
        claims: Any = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        name = claims["username"]
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return None
    return name if isinstance(name, str) else None


def _new_password(username: str, session: str | None, parameters: Mapping[str, str]) -> NewPasswordRequired:
    required = _json_strings(parameters, "requiredAttributes")
    known = _json(parameters, "userAttributes", dict)
    return NewPasswordRequired(
        username=username,
        session=session,
        required_attributes=tuple(name.removeprefix("userAttributes.") for name in required),
        attributes=MappingProxyType({name: str(value) for name, value in known.items()}),
    )


def _software_token(username: str, session: str | None, parameters: Mapping[str, str]) -> SoftwareTokenMfa:
    return SoftwareTokenMfa(username=username, session=session, device_name=parameters.get("FRIENDLY_DEVICE_NAME"))


def _sms(username: str, session: str | None, parameters: Mapping[str, str]) -> SmsMfa:
    return SmsMfa(username=username, session=session, destination=parameters.get("CODE_DELIVERY_DESTINATION"))


def _select_mfa(username: str, session: str | None, parameters: Mapping[str, str]) -> SelectMfaType:
    # The developer guide's prose spells the parameter MFAS_CAN_SELECT; the service and its clients use MFAS_CAN_CHOOSE.
    spelled = "MFAS_CAN_CHOOSE" if "MFAS_CAN_CHOOSE" in parameters else "MFAS_CAN_SELECT"
    return SelectMfaType(username=username, session=session, choices=_choices(parameters, spelled))


def _mfa_setup(username: str, session: str | None, parameters: Mapping[str, str]) -> MfaSetup:
    return MfaSetup(username=username, session=session, choices=_choices(parameters, "MFAS_CAN_SETUP"))


_CHALLENGES: Final[Mapping[str, Callable[[str, str | None, Mapping[str, str]], Challenge]]] = {
    "NEW_PASSWORD_REQUIRED": _new_password,
    "SOFTWARE_TOKEN_MFA": _software_token,
    "SMS_MFA": _sms,
    "SELECT_MFA_TYPE": _select_mfa,
    "MFA_SETUP": _mfa_setup,
}


def _choices(parameters: Mapping[str, str], name: str) -> tuple[str, ...]:
    choices = _json_strings(parameters, name)
    if not choices:
        raise ProtocolError(f"the challenge parameter {name} is missing or empty")
    return choices


def _json_strings(parameters: Mapping[str, str], name: str) -> tuple[str, ...]:
    values = _json(parameters, name, list)
    if not all(isinstance(value, str) for value in values):
        raise ProtocolError(f"the challenge parameter {name} is not a list of strings")
    return tuple(values)


def _json(parameters: Mapping[str, str], name: str, kind: Callable[[], Any]) -> Any:
    """A parameter that is JSON inside a string; empty where it is absent."""
    if not parameters.get(name):
        return kind()
    try:
        value = json.loads(parameters[name])
    except (ValueError, RecursionError):
        raise ProtocolError(f"the challenge parameter {name} is not JSON") from None
    if not isinstance(value, cast("type[Any]", kind)):
        raise ProtocolError(f"the challenge parameter {name} has the wrong form")
    return value
