"""New tokens from a refresh token."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..api.auth import AuthenticationResult, GetTokensFromRefreshToken, InitiateAuth
from ..config import Settings
from ..effects import Configuration, Flow, perform
from ..errors import InvalidAnswer, ServiceError
from ..secret_hash import secret_hash
from ..states import Refresh, SignedIn, State, Tokens
from .replies import tokens

_NOT_OFFERED: Final = frozenset({"UnknownOperationException", "UnsupportedOperationException"})


def refresh(state: SignedIn, _: Refresh) -> Flow[State]:
    """The same sign-in with new tokens; raises `InvalidAnswer` when there is no refresh token."""
    if state.tokens.refresh_token is None:
        raise InvalidAnswer("this sign-in came without a refresh token")
    device_key = state.device.key if state.device else None
    renewed = yield from refresh_tokens(state.tokens.refresh_token, state.username, device_key=device_key)
    return replace(state, tokens=renewed)


def refresh_tokens(refresh_token: str, username: str, *, device_key: str | None = None) -> Flow[Tokens]:
    """New tokens. ``username`` is the pool's own name for the user, ``device_key`` the device that the tokens are bound to. The
    refresh token in the result is the one to keep from now on: a new one where the app client rotates them.

    Raises `RefreshTokenInvalid` when the user has to sign in again.
    """
    settings = yield from perform(Configuration())
    if settings.refresh_flow == "GetTokensFromRefreshToken":
        operation = GetTokensFromRefreshToken(refresh_token=refresh_token, device_key=device_key)
        try:
            reply = yield from perform(operation)
        except ServiceError as error:
            if error.aws_code not in _NOT_OFFERED:
                raise
        else:
            return tokens(reply.authentication_result, refresh_token=refresh_token)
    result = yield from _refresh_token_auth(settings, refresh_token, username, device_key)
    return tokens(result, refresh_token=refresh_token)


def _refresh_token_auth(
    settings: Settings, refresh_token: str, username: str, device_key: str | None
) -> Flow[AuthenticationResult | None]:
    """``REFRESH_TOKEN_AUTH``, for endpoints that do not offer `GetTokensFromRefreshToken`."""
    parameters = {"REFRESH_TOKEN": refresh_token}
    if settings.client_secret:
        parameters["SECRET_HASH"] = secret_hash(username, settings.client_id, settings.client_secret.reveal())
    if device_key:
        parameters["DEVICE_KEY"] = device_key
    reply = yield from perform(InitiateAuth(auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters))
    return reply.authentication_result
