"""What each move of the state machine sends, and every reply to it with the state that it leads to."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth import srp
from cognito_auth.api.account import ConfirmForgotPassword, ForgotPassword, ForgotPasswordReply
from cognito_auth.api.auth import (
    AdminInitiateAuth,
    AdminRespondToAuthChallenge,
    AuthReply,
    GetTokensFromRefreshToken,
    GetTokensFromRefreshTokenReply,
    GlobalSignOut,
    InitiateAuth,
    RespondToAuthChallenge,
    RevokeToken,
)
from cognito_auth.api.mfa import (
    AssociateSoftwareToken,
    AssociateSoftwareTokenReply,
    VerifySoftwareToken,
    VerifySoftwareTokenReply,
)
from cognito_auth.api.sign_up import (
    ConfirmSignUp,
    ConfirmSignUpReply,
    ResendConfirmationCode,
    ResendConfirmationCodeReply,
    SignUp,
    SignUpReply,
)
from cognito_auth.api.structure import NoReply, Operation, Structure
from cognito_auth.api.types import Attribute
from cognito_auth.states import (
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
from tests.support.machine import (
    ACCESS,
    BLOCK,
    CREDENTIAL,
    DEVICE,
    NAME,
    NEXT,
    PAIR,
    REQUEST_OPTIONS,
    RESULT,
    SENT,
    SESSION,
    SRP_CHALLENGE,
    TOKENS,
    TYPED,
    WHEN,
)


def respond(challenge_name: str, **responses: str) -> RespondToAuthChallenge:
    """The answer to a challenge under the pool's own name and with the session carried on."""
    return RespondToAuthChallenge(
        challenge_name=challenge_name, session=SESSION, challenge_responses={**responses, "USERNAME": NAME}
    )


SENDS: Final[dict[tuple[type[State], type[Event]], Operation[Any]]] = {
    (SignedOut, SrpPassword): InitiateAuth(auth_flow="USER_SRP_AUTH", auth_parameters={"USERNAME": TYPED, "SRP_A": PAIR.srp_a}),
    (SignedOut, PlainPassword): InitiateAuth(
        auth_flow="USER_PASSWORD_AUTH", auth_parameters={"USERNAME": TYPED, "PASSWORD": "secret"}
    ),
    (SignedOut, AdminPassword): AdminInitiateAuth(
        auth_flow="ADMIN_USER_PASSWORD_AUTH", auth_parameters={"USERNAME": TYPED, "PASSWORD": "secret"}
    ),
    (SignedOut, ByChoice): InitiateAuth(
        auth_flow="USER_AUTH",
        auth_parameters={"USERNAME": TYPED, "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": PAIR.srp_a},
    ),
    (SignedOut, ByCustomChallenge): InitiateAuth(
        auth_flow="CUSTOM_AUTH", auth_parameters={"USERNAME": TYPED, "CHALLENGE_NAME": "SRP_A", "SRP_A": PAIR.srp_a}
    ),
    (Confirmed, SignInAfterwards): InitiateAuth(auth_flow="USER_AUTH", auth_parameters={"USERNAME": TYPED}, session=SESSION),
    (PasswordChallenge, PasswordAnswer): respond("PASSWORD", PASSWORD="secret"),
    (PasswordSrpChallenge, PasswordAnswer): respond("PASSWORD_SRP", SRP_A=PAIR.srp_a),
    (SelectChallenge, ChallengeChoice): respond("SELECT_CHALLENGE", ANSWER="PASSWORD_SRP", SRP_A=PAIR.srp_a),
    **{
        (kind, ChooseAgain): InitiateAuth(auth_flow="USER_AUTH", auth_parameters={"USERNAME": NAME})
        for kind in (SelectChallenge, PasswordChallenge, PasswordSrpChallenge, EmailOtp, SmsOtp, WebAuthn)
    },
    (EmailOtp, ResendCode): InitiateAuth(
        auth_flow="USER_AUTH", auth_parameters={"USERNAME": NAME, "PREFERRED_CHALLENGE": "EMAIL_OTP"}
    ),
    (SmsOtp, ResendCode): InitiateAuth(
        auth_flow="USER_AUTH", auth_parameters={"USERNAME": NAME, "PREFERRED_CHALLENGE": "SMS_OTP"}
    ),
    (CustomChallenge, ResendCode): InitiateAuth(auth_flow="CUSTOM_AUTH", auth_parameters={"USERNAME": NAME}),
    (EmailOtp, EmailCode): respond("EMAIL_OTP", EMAIL_OTP_CODE="555555"),
    (SmsOtp, SmsCode): respond("SMS_OTP", SMS_OTP_CODE="444444"),
    (WebAuthn, PasskeyCredential): respond("WEB_AUTHN", CREDENTIAL=CREDENTIAL),
    (CustomChallenge, CustomAnswer): respond("CUSTOM_CHALLENGE", ANSWER="blue"),
    (MfaSetup, SetUpEmail): respond("MFA_SETUP", EMAIL="ana@example.org"),
    (DeviceSrpAuth, DeviceKeyExchange): respond("DEVICE_SRP_AUTH", DEVICE_KEY=DEVICE.key, SRP_A=PAIR.srp_a),
    (DevicePasswordVerifier, DeviceProof): respond(
        "DEVICE_PASSWORD_VERIFIER",
        PASSWORD_CLAIM_SIGNATURE=srp.claim_signature(
            PAIR, srp.Identity("group", DEVICE.key), "device-secret", SRP_CHALLENGE, WHEN
        ),
        PASSWORD_CLAIM_SECRET_BLOCK=BLOCK,
        TIMESTAMP=WHEN,
        DEVICE_KEY=DEVICE.key,
    ),
    (PasswordVerifier, PasswordProof): respond(
        "PASSWORD_VERIFIER",
        PASSWORD_CLAIM_SIGNATURE=srp.claim_signature(PAIR, srp.Identity("Ab1Cd2Ef3", NAME), "secret", SRP_CHALLENGE, WHEN),
        PASSWORD_CLAIM_SECRET_BLOCK=BLOCK,
        TIMESTAMP=WHEN,
    ),
    (NewPasswordRequired, NewPassword): RespondToAuthChallenge(
        challenge_name="NEW_PASSWORD_REQUIRED",
        session=SESSION,
        challenge_responses={"NEW_PASSWORD": "new-secret", "userAttributes.email": "ana@example.org", "USERNAME": NAME},
    ),
    (SoftwareTokenMfa, SoftwareTokenCode): respond("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="333333"),
    (SmsMfa, SmsCode): respond("SMS_MFA", SMS_MFA_CODE="444444"),
    (SelectMfaType, MfaChoice): respond("SELECT_MFA_TYPE", ANSWER="SMS_MFA"),
    (MfaSetup, SetUpSoftwareToken): AssociateSoftwareToken(session=SESSION),
    (SoftwareTokenPending, SoftwareTokenCode): VerifySoftwareToken(
        session=SESSION, user_code="333333", friendly_device_name="phone"
    ),
    (SoftwareTokenVerified, FinishSetup): respond("MFA_SETUP"),
    (OtherChallenge, ChallengeResponses): respond("RIDDLE", ANSWER="blue"),
    (SignedIn, Refresh): GetTokensFromRefreshToken(refresh_token="refresh"),
    (SignedIn, SignOut): RevokeToken(token="refresh"),
    (SignedIn, SignOutEverywhere): GlobalSignOut(access_token=ACCESS),
    (SignedOut, Registration): SignUp(
        username=TYPED, password="secret", user_attributes=(Attribute(name="email", value="ana@example.org"),)
    ),
    (Unconfirmed, ConfirmationCode): ConfirmSignUp(username=TYPED, confirmation_code="111111", session=SESSION),
    (Unconfirmed, ResendCode): ResendConfirmationCode(username=TYPED),
    (SignedOut, ForgottenPassword): ForgotPassword(username=TYPED),
    (ResetCodeSent, ResetCode): ConfirmForgotPassword(username=TYPED, confirmation_code="222222", password="new-secret"),
    (ResetCodeSent, ResendCode): ForgotPassword(username=TYPED),
}
"""What each move sends first."""


def challenge(name: str, **parameters: str) -> AuthReply:
    return AuthReply(challenge_name=name, session=NEXT, challenge_parameters={"USER_ID_FOR_SRP": NAME, **parameters})


VERIFIER_PARAMETERS: Final = {"SALT": "abcdef", "SRP_B": "1234567", "SECRET_BLOCK": BLOCK}

AUTH_OUTCOMES: Final[dict[type[State], tuple[AuthReply, State]]] = {
    type(state): (reply, state)
    for reply, state in (
        (AuthReply(authentication_result=RESULT), SignedIn(username=NAME, tokens=TOKENS)),
        (
            challenge("PASSWORD_VERIFIER", **VERIFIER_PARAMETERS),
            PasswordVerifier(
                username=NAME,
                user_id=NAME,
                session=NEXT,
                password="secret",
                secret_block=BLOCK,
                pair=PAIR,
                srp=SRP_CHALLENGE,
            ),
        ),
        (
            challenge("NEW_PASSWORD_REQUIRED", requiredAttributes='["userAttributes.email"]', userAttributes='{"name": "A"}'),
            NewPasswordRequired(username=NAME, session=NEXT, required_attributes=("email",), attributes={"name": "A"}),
        ),
        (
            challenge("SOFTWARE_TOKEN_MFA", FRIENDLY_DEVICE_NAME="phone"),
            SoftwareTokenMfa(username=NAME, session=NEXT, device_name="phone"),
        ),
        (
            challenge("SMS_MFA", CODE_DELIVERY_DESTINATION="+*******1234"),
            SmsMfa(username=NAME, session=NEXT, destination="+*******1234"),
        ),
        (
            challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE='["SMS_MFA"]'),
            SelectMfaType(username=NAME, session=NEXT, choices=("SMS_MFA",)),
        ),
        (
            challenge("MFA_SETUP", MFAS_CAN_SETUP='["SOFTWARE_TOKEN_MFA"]'),
            MfaSetup(username=NAME, session=NEXT, choices=("SOFTWARE_TOKEN_MFA",)),
        ),
        (challenge("PASSWORD"), PasswordChallenge(username=NAME, session=NEXT)),
        (challenge("PASSWORD_SRP"), PasswordSrpChallenge(username=NAME, session=NEXT)),
        (
            AuthReply(challenge_name="SELECT_CHALLENGE", session=NEXT, available_challenges=("PASSWORD", "WEB_AUTHN")),
            SelectChallenge(username="?", session=NEXT, choices=("PASSWORD", "WEB_AUTHN")),
        ),
        (
            challenge("EMAIL_OTP", CODE_DELIVERY_DESTINATION="a***@e***"),
            EmailOtp(username=NAME, session=NEXT, destination="a***@e***"),
        ),
        (
            challenge("SMS_OTP", CODE_DELIVERY_DESTINATION="+*******1234"),
            SmsOtp(username=NAME, session=NEXT, destination="+*******1234"),
        ),
        (
            challenge("WEB_AUTHN", CREDENTIAL_REQUEST_OPTIONS=REQUEST_OPTIONS),
            WebAuthn(username=NAME, session=NEXT, request_options=REQUEST_OPTIONS),
        ),
        (
            challenge("CUSTOM_CHALLENGE", QUESTION="?", USERNAME=NAME),
            CustomChallenge(username=NAME, session=NEXT, parameters={"QUESTION": "?"}),
        ),
        (challenge("DEVICE_SRP_AUTH", DEVICE_KEY=DEVICE.key), DeviceSrpAuth(username=NAME, session=NEXT)),
        (
            challenge("DEVICE_PASSWORD_VERIFIER", DEVICE_KEY=DEVICE.key, **VERIFIER_PARAMETERS),
            DevicePasswordVerifier(username=NAME, session=NEXT, secret_block=BLOCK, pair=PAIR, srp=SRP_CHALLENGE),
        ),
        (
            challenge("RIDDLE", QUESTION="?"),
            OtherChallenge(
                username=NAME,
                session=NEXT,
                name="RIDDLE",
                parameters={"USER_ID_FOR_SRP": NAME, "QUESTION": "?"},
            ),
        ),
    )
}
"""An authentication reply for each state that one can lead to, and that state."""

OUTCOMES: Final[dict[type[Operation[Any]], tuple[tuple[Structure, State], ...]]] = {
    **dict.fromkeys((InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge), tuple(AUTH_OUTCOMES.values())),
    AssociateSoftwareToken: (
        (
            AssociateSoftwareTokenReply(secret_code="ABCDEFGHIJKLMNOP", session=NEXT),
            SoftwareTokenPending(username=NAME, session=NEXT, secret_code="ABCDEFGHIJKLMNOP"),
        ),
    ),
    VerifySoftwareToken: (
        (VerifySoftwareTokenReply(status="SUCCESS", session=NEXT), SoftwareTokenVerified(username=NAME, session=NEXT)),
    ),
    GetTokensFromRefreshToken: (
        (GetTokensFromRefreshTokenReply(authentication_result=RESULT), SignedIn(username=NAME, tokens=TOKENS)),
    ),
    RevokeToken: ((NoReply(), SignedOut()),),
    GlobalSignOut: ((NoReply(), SignedOut()),),
    SignUp: (
        (SignUpReply(user_confirmed=True, user_sub="1", session=SESSION), Confirmed(username=TYPED, session=SESSION)),
        (
            SignUpReply(user_confirmed=False, user_sub="1", code_delivery_details=SENT, session=SESSION),
            Unconfirmed(username=TYPED, delivery=SENT, session=SESSION),
        ),
    ),
    ConfirmSignUp: ((ConfirmSignUpReply(session=SESSION), Confirmed(username=TYPED, session=SESSION)),),
    ResendConfirmationCode: (
        (
            ResendConfirmationCodeReply(code_delivery_details=SENT),
            Unconfirmed(username=TYPED, delivery=SENT, session=SESSION),
        ),
    ),
    ForgotPassword: ((ForgotPasswordReply(code_delivery_details=SENT), ResetCodeSent(username=TYPED, delivery=SENT)),),
    ConfirmForgotPassword: ((NoReply(), PasswordReplaced(username=TYPED)),),
}
"""Every reply that an operation can bring, and the state that it stands for."""


VERIFIERS: Final = (PasswordVerifier, DevicePasswordVerifier)
"""Only a step that made a key pair can make one of them."""
TWINS: Final[dict[type[Operation[Any]], type[Operation[Any]]]] = {
    InitiateAuth: AdminInitiateAuth,
    RespondToAuthChallenge: AdminRespondToAuthChallenge,
}
