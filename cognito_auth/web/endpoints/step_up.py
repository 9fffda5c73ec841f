"""What a login asks for besides: a level of authentication, to be reached from the sign-in that the request comes with.

Source: https://www.rfc-editor.org/rfc/rfc9470, section 4: what a guard has refused for, the client asks for here.
"""

from __future__ import annotations

from typing import Final

from ...effects import Flow
from ...errors import RequestRejected, TokenError
from ...states import StepUp
from ..body import Member, Number
from ..route import Call

ACR_VALUES: Final = Member("acr_values", max_length=512, required=False)
MAX_AGE: Final = Number("max_age", required=False)


def open_step_up(call: Call) -> Flow[StepUp]:
    """The levels in the body, if there are any, with the access token to reach them from; raises `RequestRejected`.

    An age alone asks for nothing: whoever signs in, signs in now. Where a password is given, it is to count, so that nothing
    is taken over from an earlier sign-in.
    """
    if ACR_VALUES.name not in call.body:
        return StepUp()
    acr_values = tuple(call.body[ACR_VALUES.name].split())
    if not acr_values:
        raise RequestRejected("acr_values names no level")
    access_token = None if "password" in call.body else (yield from _own_token(call))
    return StepUp(acr_values=acr_values, max_age=call.body.get(MAX_AGE.name), access_token=access_token)


def _own_token(call: Call) -> Flow[str | None]:
    """The access token that the request carries, if it is good, this app client's, and of the user who wants to sign in."""
    auth = call.auth
    token = auth.bearer_token(call.request)
    if token is None:
        held = yield from auth.find_session(call.request)
        token = held.session.tokens.access_token if held else None
    if token is None:
        return None
    try:
        verified = yield from auth.verifier.access_token(token)
    except TokenError:
        return None
    is_own = verified.client_id == auth.settings.client_id and call.body["username"] in (verified.username, verified.sub)
    return token if is_own else None
