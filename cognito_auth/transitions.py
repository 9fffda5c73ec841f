"""The state machine, as a table: state and event to the operations that are sent and the states that can follow.

A pair that the table does not have is an error, and nothing is sent. `AUTOMATIC` holds the states that the library leaves by
itself. The diagram in the documentation is generated from here (``scripts/diagram``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from .api.account import ConfirmForgotPassword, ForgotPassword
from .api.auth import GetTokensFromRefreshToken, GlobalSignOut, InitiateAuth, RespondToAuthChallenge, RevokeToken
from .api.mfa import AssociateSoftwareToken, VerifySoftwareToken
from .api.sign_up import ConfirmSignUp, ResendConfirmationCode, SignUp
from .api.structure import Operation
from .effects import Flow
from .states import (
    ChallengeResponses,
    ConfirmationCode,
    Confirmed,
    Event,
    FinishSetup,
    ForgottenPassword,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasswordProof,
    PasswordReplaced,
    PasswordVerifier,
    PlainPassword,
    Refresh,
    Registration,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SelectMfaType,
    SetUpSoftwareToken,
    SignedIn,
    SignedOut,
    SignOut,
    SignOutEverywhere,
    SmsCode,
    SmsMfa,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    SrpPassword,
    State,
    Unconfirmed,
)
from .steps import challenges, mfa, password, refresh, sign_in, sign_out, sign_up

Step: TypeAlias = Callable[[Any, Any], Flow[State]]
States: TypeAlias = tuple[type[State], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One row: the operation that is sent, the step that sends it, and the states that Cognito's reply can lead to."""

    operation: type[Operation[Any]]
    step: Step
    to: States


AFTER_MFA: Final[States] = (SignedIn, OtherChallenge)
AFTER_NEW_PASSWORD: Final[States] = (*AFTER_MFA, SoftwareTokenMfa, SmsMfa, SelectMfaType, MfaSetup)
AFTER_PASSWORD: Final[States] = (*AFTER_NEW_PASSWORD, NewPasswordRequired)
ANY_CHALLENGE: Final[States] = AFTER_PASSWORD

MOVES: Final[Mapping[tuple[type[State], type[Event]], Move]] = {
    # Signing in
    (SignedOut, SrpPassword): Move(InitiateAuth, sign_in.with_srp, (PasswordVerifier, *AFTER_PASSWORD)),
    (SignedOut, PlainPassword): Move(InitiateAuth, sign_in.with_password, AFTER_PASSWORD),
    (PasswordVerifier, PasswordProof): Move(RespondToAuthChallenge, sign_in.prove_password, AFTER_PASSWORD),
    (NewPasswordRequired, NewPassword): Move(RespondToAuthChallenge, challenges.new_password, AFTER_NEW_PASSWORD),
    # Second factors
    (SoftwareTokenMfa, SoftwareTokenCode): Move(RespondToAuthChallenge, challenges.software_token_code, AFTER_MFA),
    (SmsMfa, SmsCode): Move(RespondToAuthChallenge, challenges.sms_code, AFTER_MFA),
    (SelectMfaType, MfaChoice): Move(RespondToAuthChallenge, challenges.mfa_choice, (SoftwareTokenMfa, SmsMfa, OtherChallenge)),
    (MfaSetup, SetUpSoftwareToken): Move(AssociateSoftwareToken, mfa.begin_setup, (SoftwareTokenPending,)),
    (SoftwareTokenPending, SoftwareTokenCode): Move(VerifySoftwareToken, mfa.verify_setup, (SoftwareTokenVerified,)),
    (SoftwareTokenVerified, FinishSetup): Move(RespondToAuthChallenge, mfa.finish_setup, AFTER_MFA),
    (OtherChallenge, ChallengeResponses): Move(RespondToAuthChallenge, challenges.other, ANY_CHALLENGE),
    # Signed in
    (SignedIn, Refresh): Move(GetTokensFromRefreshToken, refresh.refresh, (SignedIn,)),
    (SignedIn, SignOut): Move(RevokeToken, sign_out.here, (SignedOut,)),
    (SignedIn, SignOutEverywhere): Move(GlobalSignOut, sign_out.everywhere, (SignedOut,)),
    # Signing up
    (SignedOut, Registration): Move(SignUp, sign_up.register, (Unconfirmed, Confirmed)),
    (Unconfirmed, ConfirmationCode): Move(ConfirmSignUp, sign_up.confirm, (Confirmed,)),
    (Unconfirmed, ResendCode): Move(ResendConfirmationCode, sign_up.resend, (Unconfirmed,)),
    # Forgotten password
    (SignedOut, ForgottenPassword): Move(ForgotPassword, password.forgot, (ResetCodeSent,)),
    (ResetCodeSent, ResetCode): Move(ConfirmForgotPassword, password.reset, (PasswordReplaced,)),
    (ResetCodeSent, ResendCode): Move(ForgotPassword, password.resend, (ResetCodeSent,)),
}

AUTOMATIC: Final[Mapping[type[State], Event]] = {
    PasswordVerifier: PasswordProof(),
    SoftwareTokenVerified: FinishSetup(),
}
"""States that nobody has to answer, and the event that the library gives."""
