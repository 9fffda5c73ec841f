"""From Cognito's authentication reply to the next state."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict, cast

from ..api.auth import AuthenticationResult, AuthReply
from ..api.wire import read_json
from ..errors import ProtocolError
from ..states import (
    Challenge,
    Course,
    CustomChallenge,
    Device,
    DeviceSrpAuth,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    PasswordChallenge,
    PasswordSrpChallenge,
    SelectChallenge,
    SelectMfaType,
    SignedIn,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    State,
    Tokens,
    WebAuthn,
)


class Common(TypedDict):
    """What every challenge's state has."""

    username: str
    session: str | None
    course: Course


def next_state(reply: AuthReply, username: str, course: Course) -> State:
    """The state that a reply leads to; ``username`` is the name in use so far.

    Raises `ProtocolError` for a reply that holds neither tokens nor a challenge, or a challenge without its parameters.
    """
    if reply.authentication_result is not None:
        return signed_in(reply.authentication_result, username, course)
    if reply.challenge_name is None:
        raise ProtocolError("the reply holds neither tokens nor a challenge")
    parameters = reply.challenge_parameters or {}
    common = Common(username=challenged_name(parameters, username), session=reply.session, course=course)
    if reply.challenge_name == DeviceSrpAuth.challenge_name and course.device and course.device.can_prove:
        return DeviceSrpAuth(**common)
    if reply.challenge_name == SelectChallenge.challenge_name:
        return SelectChallenge(**common, choices=_available(reply))
    if reply.challenge_name in _CHALLENGES:
        return _CHALLENGES[reply.challenge_name](common, parameters)
    return OtherChallenge(**common, name=reply.challenge_name, parameters=parameters, available=reply.available_challenges)


def challenged_name(parameters: Mapping[str, str], username: str) -> str:
    """The pool's own name for the user, by which a challenge is answered; ``username`` where the challenge tells none.

    Where both parameters are there, Cognito gives both the same value; stand-ins look users up by the first.
    """
    return parameters.get("USERNAME") or parameters.get("USER_ID_FOR_SRP") or username


def signed_in(result: AuthenticationResult, username: str, course: Course) -> SignedIn:
    """The state after tokens were issued; raises `ProtocolError` when there is no access token."""
    offered, issued = result.new_device_metadata, tokens(result)
    device = course.device
    if offered is not None and offered.device_key:
        device = Device(key=offered.device_key, group_key=offered.device_group_key)
    return SignedIn(
        username=claim_of(issued.access_token, "username") or username,
        tokens=issued,
        device=device,
        device_forgotten=course.device_forgotten,
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


def claim_of(access_token: str, name: str) -> str | None:
    """A claim of an access token that came from Cognito this moment, if it is a string: the pool's own name for the user, or
    the ``sub``.

    The signature is not checked and nobody is let in by it: Cognito wants the name back in the secret hash of a refresh, and
    sessions are listed by the ``sub``.
    """
    try:
        payload = access_token.split(".")[1]
        claims: Any = read_json(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        value = claims[name]
    except (IndexError, KeyError, TypeError, ValueError):
        return None
    return value if isinstance(value, str) else None


def _new_password(common: Common, parameters: Mapping[str, str]) -> NewPasswordRequired:
    required = _json_strings(parameters, "requiredAttributes")
    known = _json(parameters, "userAttributes", dict)
    return NewPasswordRequired(
        **common,
        required_attributes=tuple(name.removeprefix("userAttributes.") for name in required),
        attributes=MappingProxyType({name: str(value) for name, value in known.items()}),
    )


def _select_mfa(common: Common, parameters: Mapping[str, str]) -> SelectMfaType:
    # The developer guide's prose spells the parameter MFAS_CAN_SELECT; the service and its clients use MFAS_CAN_CHOOSE.
    spelled = "MFAS_CAN_CHOOSE" if "MFAS_CAN_CHOOSE" in parameters else "MFAS_CAN_SELECT"
    return SelectMfaType(**common, choices=_choices(parameters, spelled))


def _web_authn(common: Common, parameters: Mapping[str, str]) -> WebAuthn:
    name = "CREDENTIAL_REQUEST_OPTIONS"
    if not _json(parameters, name, dict):
        raise ProtocolError(f"the challenge parameter {name} is missing or empty")
    return WebAuthn(**common, request_options=parameters[name])


def _custom(common: Common, parameters: Mapping[str, str]) -> CustomChallenge:
    shown = {name: value for name, value in parameters.items() if name not in _OWN_PARAMETERS}
    return CustomChallenge(**common, parameters=MappingProxyType(shown))


_OWN_PARAMETERS: Final = ("USERNAME", "USER_ID_FOR_SRP")
"""Parameters that Cognito adds to those of the triggers."""
_DESTINATION: Final = "CODE_DELIVERY_DESTINATION"

_CHALLENGES: Final[Mapping[str, Callable[[Common, Mapping[str, str]], Challenge]]] = {
    "NEW_PASSWORD_REQUIRED": _new_password,
    "SOFTWARE_TOKEN_MFA": lambda common, given: SoftwareTokenMfa(**common, device_name=given.get("FRIENDLY_DEVICE_NAME")),
    "SMS_MFA": lambda common, given: SmsMfa(**common, destination=given.get(_DESTINATION)),
    "SMS_OTP": lambda common, given: SmsOtp(**common, destination=given.get(_DESTINATION)),
    "EMAIL_OTP": lambda common, given: EmailOtp(**common, destination=given.get(_DESTINATION)),
    "SELECT_MFA_TYPE": _select_mfa,
    "MFA_SETUP": lambda common, given: MfaSetup(**common, choices=_choices(given, "MFAS_CAN_SETUP")),
    "PASSWORD": lambda common, _: PasswordChallenge(**common),
    "PASSWORD_SRP": lambda common, _: PasswordSrpChallenge(**common),
    "WEB_AUTHN": _web_authn,
    "CUSTOM_CHALLENGE": _custom,
}


def _available(reply: AuthReply) -> tuple[str, ...]:
    if not reply.available_challenges:
        raise ProtocolError("SELECT_CHALLENGE came without the challenges to select from")
    return reply.available_challenges


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
        value = read_json(parameters[name])
    except ValueError:
        raise ProtocolError(f"the challenge parameter {name} is not JSON") from None
    if not isinstance(value, cast("type[Any]", kind)):
        raise ProtocolError(f"the challenge parameter {name} has the wrong form")
    return value
