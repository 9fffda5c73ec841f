"""The state machine, as a table: state and event to the operations that are sent and the states that can follow.

A pair that the table does not have is an error, and nothing is sent. `AUTOMATIC` holds the states that the library leaves by
itself. The diagram in the documentation is generated from here (``scripts/diagram``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from .api.account import ConfirmForgotPassword, ForgotPassword
from .api.auth import (
    AdminInitiateAuth,
    GetTokensFromRefreshToken,
    GlobalSignOut,
    InitiateAuth,
    RespondToAuthChallenge,
    RevokeToken,
)
from .api.mfa import AssociateSoftwareToken, VerifySoftwareToken
from .api.sign_up import ConfirmSignUp, ResendConfirmationCode, SignUp
from .api.structure import Operation
from .effects import Flow
from .states import (
    AdminPassword,
    ByChoice,
    ByCustomChallenge,
    ChallengeChoice,
    ChallengeResponses,
    ChooseAgain,
    ConfirmationCode,
    Confirmed,
    CustomAnswer,
    CustomChallenge,
    DeviceKeyExchange,
    DevicePasswordVerifier,
    DeviceProof,
    DeviceSrpAuth,
    EmailCode,
    EmailOtp,
    Event,
    FinishSetup,
    ForgottenPassword,
    MfaChoice,
    MfaSetup,
    NewPassword,
    NewPasswordRequired,
    OtherChallenge,
    PasskeyCredential,
    PasswordAnswer,
    PasswordChallenge,
    PasswordProof,
    PasswordReplaced,
    PasswordSrpChallenge,
    PasswordVerifier,
    PlainPassword,
    Refresh,
    Registration,
    ResendCode,
    ResetCode,
    ResetCodeSent,
    SelectChallenge,
    SelectMfaType,
    SetUpEmail,
    SetUpSoftwareToken,
    SignedIn,
    SignedOut,
    SignInAfterwards,
    SignOut,
    SignOutEverywhere,
    SmsCode,
    SmsMfa,
    SmsOtp,
    SoftwareTokenCode,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    SrpPassword,
    State,
    Unconfirmed,
    WebAuthn,
)
from .steps import challenges, choice, devices, mfa, password, refresh, sign_in, sign_out, sign_up

Step: TypeAlias = Callable[[Any, Any], Flow[State]]
States: TypeAlias = tuple[type[State], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One row: the operation that is sent, the step that sends it, and the states that Cognito's reply can lead to.

    A sign-in that `AdminInitiateAuth` began answers by `AdminRespondToAuthChallenge` in place of `RespondToAuthChallenge`.
    """

    operation: type[Operation[Any]]
    step: Step
    to: States


def _either(*groups: States) -> States:
    """The states of all groups, each once."""
    return tuple(dict.fromkeys(state for group in groups for state in group))


AFTER_DEVICE: Final[States] = (SignedIn, CustomChallenge, OtherChallenge)
AFTER_FACTOR: Final[States] = (*AFTER_DEVICE, DeviceSrpAuth)
AFTER_NEW_PASSWORD: Final[States] = (*AFTER_FACTOR, SoftwareTokenMfa, SmsMfa, EmailOtp, SelectMfaType, MfaSetup)
AFTER_PASSWORD: Final[States] = (*AFTER_NEW_PASSWORD, NewPasswordRequired)
FIRST_FACTOR: Final[States] = (SelectChallenge, PasswordChallenge, PasswordSrpChallenge, EmailOtp, SmsOtp, WebAuthn)
BY_NAME: Final[States] = (*FIRST_FACTOR, OtherChallenge)
"""Where ``USER_AUTH`` leads when nothing but the name is sent."""
ANYWHERE: Final[States] = _either(FIRST_FACTOR, AFTER_PASSWORD)
AFTER_CODE: Final[States] = _either(AFTER_FACTOR, FIRST_FACTOR)
"""After a code that may have opened the sign-in; one that is to reach a level may have to go on with another such factor."""
PROVING: Final[States] = (PasswordVerifier,)
"""Where a password leads that is to be proved by SRP."""

MOVES: Final[Mapping[tuple[type[State], type[Event]], Move]] = {
    # Signing in
    (SignedOut, SrpPassword): Move(InitiateAuth, sign_in.with_srp, PROVING + AFTER_PASSWORD),
    (SignedOut, PlainPassword): Move(InitiateAuth, sign_in.with_password, AFTER_PASSWORD),
    (SignedOut, AdminPassword): Move(AdminInitiateAuth, sign_in.as_administrator, AFTER_PASSWORD),
    (SignedOut, ByChoice): Move(InitiateAuth, choice.by_choice, PROVING + ANYWHERE),
    (SignedOut, ByCustomChallenge): Move(InitiateAuth, sign_in.with_custom_challenge, PROVING + AFTER_PASSWORD),
    (Confirmed, SignInAfterwards): Move(InitiateAuth, choice.after_confirmation, ANYWHERE),
    # Passwords
    (PasswordVerifier, PasswordProof): Move(RespondToAuthChallenge, sign_in.prove_password, ANYWHERE),
    (PasswordChallenge, PasswordAnswer): Move(RespondToAuthChallenge, choice.password, ANYWHERE),
    (PasswordSrpChallenge, PasswordAnswer): Move(RespondToAuthChallenge, choice.password_srp, PROVING + ANYWHERE),
    (NewPasswordRequired, NewPassword): Move(RespondToAuthChallenge, challenges.new_password, AFTER_NEW_PASSWORD),
    # The choice of a way to sign in
    (SelectChallenge, ChallengeChoice): Move(RespondToAuthChallenge, choice.choose, PROVING + ANYWHERE),
    (SelectChallenge, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    (PasswordChallenge, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    (PasswordSrpChallenge, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    (EmailOtp, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    (SmsOtp, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    (WebAuthn, ChooseAgain): Move(InitiateAuth, choice.choose_again, BY_NAME),
    # Codes and passkeys
    (SoftwareTokenMfa, SoftwareTokenCode): Move(RespondToAuthChallenge, challenges.software_token_code, AFTER_FACTOR),
    (SmsMfa, SmsCode): Move(RespondToAuthChallenge, challenges.sms_code, AFTER_FACTOR),
    (SmsOtp, SmsCode): Move(RespondToAuthChallenge, challenges.sms_otp, AFTER_CODE),
    (SmsOtp, ResendCode): Move(InitiateAuth, choice.resend, BY_NAME),
    (EmailOtp, EmailCode): Move(RespondToAuthChallenge, challenges.email_code, AFTER_CODE),
    (EmailOtp, ResendCode): Move(InitiateAuth, choice.resend, BY_NAME),
    (WebAuthn, PasskeyCredential): Move(RespondToAuthChallenge, challenges.passkey, AFTER_FACTOR),
    # The choice of a second factor, and setting one up
    (SelectMfaType, MfaChoice): Move(
        RespondToAuthChallenge, challenges.mfa_choice, (SoftwareTokenMfa, SmsMfa, EmailOtp, OtherChallenge)
    ),
    (MfaSetup, SetUpSoftwareToken): Move(AssociateSoftwareToken, mfa.begin_setup, (SoftwareTokenPending,)),
    (MfaSetup, SetUpEmail): Move(RespondToAuthChallenge, mfa.set_up_email, (EmailOtp, OtherChallenge)),
    (SoftwareTokenPending, SoftwareTokenCode): Move(VerifySoftwareToken, mfa.verify_setup, (SoftwareTokenVerified,)),
    (SoftwareTokenVerified, FinishSetup): Move(RespondToAuthChallenge, mfa.finish_setup, AFTER_FACTOR),
    # Devices
    (DeviceSrpAuth, DeviceKeyExchange): Move(
        RespondToAuthChallenge, devices.exchange_keys, (DevicePasswordVerifier, *AFTER_DEVICE)
    ),
    (DevicePasswordVerifier, DeviceProof): Move(RespondToAuthChallenge, devices.prove, AFTER_DEVICE),
    # Challenges of the pool's triggers, and those that the library does not know
    (CustomChallenge, CustomAnswer): Move(RespondToAuthChallenge, challenges.custom_answer, AFTER_PASSWORD),
    (CustomChallenge, ResendCode): Move(InitiateAuth, choice.pose_again, AFTER_PASSWORD),
    (OtherChallenge, ChallengeResponses): Move(RespondToAuthChallenge, challenges.other, ANYWHERE),
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
    DeviceSrpAuth: DeviceKeyExchange(),
    DevicePasswordVerifier: DeviceProof(),
    SoftwareTokenVerified: FinishSetup(),
}
"""States that nobody has to answer, and the event that the library gives."""
