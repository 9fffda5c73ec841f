"""What a sign-in has proved so far: the names of the challenges that were answered, which travel with its sealed state.

A name is added only when Cognito has taken the answer. Guards decide what the names are worth (`cognito_auth.guards.mfa`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ...config import PasswordFlow, Settings
from ...states import (
    Challenge,
    ChallengeChoice,
    ChooseAgain,
    EmailOtp,
    Event,
    OtherChallenge,
    PasswordChallenge,
    PasswordSrpChallenge,
    ResendCode,
    SelectChallenge,
    SmsOtp,
    State,
    WebAuthn,
)

Proofs: TypeAlias = tuple[str, ...]

_PASSWORD: Final = (PasswordChallenge.challenge_name,)
_BY_PASSWORD: Final = frozenset({"USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH"})
"""Flows that lead nowhere without the right password."""
_FIRST_FACTORS: Final = (SelectChallenge, PasswordChallenge, PasswordSrpChallenge, EmailOtp, SmsOtp, WebAuthn)
_ANEW: Final = (ChooseAgain, ResendCode)
"""Wishes for which the sign-in begins again."""


def of_opening(body: Mapping[str, Any], settings: Settings, outcome: State) -> Proofs:
    """What the opening of a sign-in proved, which led to ``outcome``: the password, if one was given and it counted.

    Where the user may choose how to sign in, a password that is followed by a challenge of the first factor may have been
    passed over; where triggers decide, they decide about the password too. Neither is taken for a proof.
    """
    if body.get("password") is None:
        return ()
    flow = opening_flow(body, settings)
    proved = flow in _BY_PASSWORD or (flow == "USER_AUTH" and not isinstance(outcome, _FIRST_FACTORS))
    return _PASSWORD if proved else ()


def opening_flow(body: Mapping[str, Any], settings: Settings) -> PasswordFlow:
    """The flow in which a sign-in opens that is given a password, by the members of its body."""
    by_choice = body.get("preferred") is not None or body.get("acr_values") is not None
    return "USER_AUTH" if by_choice else settings.auth_flows[0]


def of_answer(proofs: Proofs, state: Challenge, event: Event) -> Proofs:
    """What is proved once ``state`` has been left by ``event``."""
    if isinstance(event, _ANEW):
        return ()
    name = state.name if isinstance(state, OtherChallenge) else state.challenge_name
    if isinstance(event, ChallengeChoice) and event.password is not None:
        name = event.choice
    return tuple(dict.fromkeys((*proofs, name)))
