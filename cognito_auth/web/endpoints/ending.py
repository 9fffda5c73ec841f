"""Ending a sign-in at Cognito and elsewhere, as far as they can be told."""

from __future__ import annotations

import logging
from typing import Any, Final

from ...effects import Flow
from ...errors import CognitoAuthError
from ...flows import advance
from ...states import SignedIn, SignOut

_log: Final = logging.getLogger("cognito_auth")


def revoked(signed_in: SignedIn) -> Flow[bool]:
    """Revoke the refresh token and the access tokens that came of it; whether Cognito did it."""
    if signed_in.tokens.refresh_token is None:
        return False
    return (yield from succeeds(advance(signed_in, SignOut())))


def succeeds(flow: Flow[Any]) -> Flow[bool]:
    """Whether it was done: it did not fail, nor says itself that it was not. Whoever signs out is signed out of the browser
    even when Cognito, or a store, cannot be told; the reply says so."""
    try:
        return (yield from flow) is not False
    except CognitoAuthError as error:
        _log.warning("sign-out is not complete: %s", error)
        return False
