"""Signing up and in, and what goes with passwords, at a program: each endpoint's work, done by flows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from cognito_auth.api.wire import from_wire, to_wire
from cognito_auth.flows import (
    advance,
    change_password,
    forgot_password,
    sign_in,
    sign_in_with_choice,
    sign_in_with_custom_challenge,
    sign_up,
)
from cognito_auth.sessions.session import unpack_state
from cognito_auth.states import (
    ChooseAgain,
    ConfirmationCode,
    Confirmed,
    Event,
    Refresh,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SignInAfterwards,
    SignOut,
    SignOutEverywhere,
    Unconfirmed,
)

from .program import EVENTS, Deed, Members, Program, sent_to

WISHES: Final[Mapping[str, Event]] = {"resend_code": ResendCode(), "choose_again": ChooseAgain()}


def _login(me: Program, given: Members) -> Members:
    username, password, preferred = given["username"], given.get("password"), given.get("preferred")
    if preferred is not None or (password is None and "USER_AUTH" in me.settings.auth_flows):
        flow = sign_in_with_choice(username, preferred=preferred, password=password, device=me.device)
    elif password is None:
        flow = sign_in_with_custom_challenge(username, device=me.device)
    else:
        flow = sign_in(username, password, device=me.device)
    return me.reached(me.run(flow))


def _challenge(me: Program, given: Members) -> Members:
    state = unpack_state(json.loads(given["state"]))
    event = WISHES[given["wish"]] if "wish" in given else EVENTS[type(state)](**given["answer"])
    return me.reached(me.run(advance(state, event)))


def _refresh(me: Program, _: Members) -> Members:
    return me.reached(me.run(advance(me.held, Refresh())))


def _logout(me: Program, given: Members) -> Members:
    held, everywhere = me.signed_in, given.get("everywhere", False)
    me.signed_in = None
    if held is not None and everywhere:
        me.run(advance(held, SignOutEverywhere()))
    if held is not None:
        me.run(advance(held, SignOut()))
    return {"status": "signed_out", "revoked": held is not None, "everywhere": everywhere}


def _me(me: Program, _: Members) -> Members:
    user = me.user
    return {"username": user.username, "sub": user.sub, "groups": sorted(user.groups)}


def _sign_up(me: Program, given: Members) -> Members:
    state = me.run(sign_up(given["username"], given["password"], given.get("attributes")))
    if isinstance(state, Confirmed):
        return {"status": "confirmed"}
    assert isinstance(state, Unconfirmed)
    return {"status": "confirmation_required", **sent_to(state.delivery), "state": json.dumps(to_wire(state))}


def _confirm(me: Program, given: Members) -> Members:
    state = from_wire(Unconfirmed, json.loads(given["state"])) if "state" in given else Unconfirmed(username=given["username"])
    confirmed = me.run(advance(state, ConfirmationCode(code=given["code"])))
    assert isinstance(confirmed, Confirmed)
    if given.get("sign_in") and confirmed.session is not None:
        return me.reached(me.run(advance(confirmed, SignInAfterwards())))
    return {"status": "confirmed"}


def _resend(me: Program, given: Members) -> Members:
    me.run(advance(Unconfirmed(username=given["username"]), ResendCode()))
    return {"status": "code_sent"}


def _forgot(me: Program, given: Members) -> Members:
    me.run(forgot_password(given["username"]))
    return {"status": "code_sent"}


def _reset(me: Program, given: Members) -> Members:
    event = ResetCode(code=given["code"], new_password=given["new_password"])
    me.run(advance(ResetCodeSent(username=given["username"]), event))
    return {"status": "password_replaced"}


def _change(me: Program, given: Members) -> Members:
    me.run(change_password(me.access_token, given.get("previous_password"), given["new_password"]))
    return {"status": "password_replaced"}


SIGN_IN: Final[Mapping[str, Deed]] = {
    "login": _login,
    "challenge": _challenge,
    "refresh": _refresh,
    "logout": _logout,
    "me": _me,
    "signup": _sign_up,
    "signup_confirm": _confirm,
    "signup_resend": _resend,
    "password_forgot": _forgot,
    "password_reset": _reset,
    "password_change": _change,
}
