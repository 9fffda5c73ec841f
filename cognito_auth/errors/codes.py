"""The tables that tell which error an error reply of Cognito is.

The code alone does not tell what happened: ``NotAuthorizedException`` means a wrong password, a disabled user, an expired
session, a revoked token or a wrong secret hash. So a second table refines the codes that say too little by the beginning of
the message. A message that the table does not know keeps the general class; nothing is guessed.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html and each operation's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .service import (
    AccessTokenRejected,
    AliasExists,
    AlreadyConfirmed,
    AttemptLimitExceeded,
    AttributeNotWritable,
    CodeDeliveryFailed,
    CodeExpired,
    CodeMismatch,
    Conflict,
    DeviceNotFound,
    FlowNotEnabled,
    IncorrectCredentials,
    InternalError,
    InvalidParameter,
    InvalidPassword,
    NotAuthorized,
    NotPermitted,
    PasswordAttemptsExceeded,
    PasswordResetRequired,
    PasswordReused,
    PoolMisconfigured,
    RefreshTokenInvalid,
    RefreshTokenReused,
    ResetNotPossible,
    ResourceNotFound,
    SecretHashMismatch,
    ServiceError,
    SessionExpired,
    SessionInvalid,
    SignUpNotPermitted,
    SoftwareTokenNotFound,
    TemporaryPasswordExpired,
    TooManyRequests,
    TriggerFailed,
    TriggerRefused,
    UserDisabled,
    UsernameExists,
    UserNotConfirmed,
    UserNotFound,
)

CODES: Final[Mapping[str, type[ServiceError]]] = MappingProxyType(
    {
        "AccessDeniedException": NotPermitted,
        "AliasExistsException": AliasExists,
        "CachedCIMDURLDoesNotExistException": ResourceNotFound,
        "CodeDeliveryFailureException": CodeDeliveryFailed,
        "CodeMismatchException": CodeMismatch,
        "ConcurrentModificationException": Conflict,
        "DeviceKeyExistsException": Conflict,
        "DuplicateProviderException": Conflict,
        "EnableSoftwareTokenMFAException": CodeMismatch,
        "ExpiredCodeException": CodeExpired,
        "ExpiredTokenException": NotPermitted,
        "FeatureUnavailableInTierException": PoolMisconfigured,
        "ForbiddenException": NotPermitted,
        "GroupExistsException": Conflict,
        "InternalErrorException": InternalError,
        "InternalServerException": InternalError,
        "InvalidEmailRoleAccessPolicyException": PoolMisconfigured,
        "InvalidLambdaResponseException": TriggerFailed,
        "InvalidOAuthFlowException": InvalidParameter,
        "InvalidParameterException": InvalidParameter,
        "InvalidPasswordException": InvalidPassword,
        "InvalidSignatureException": NotPermitted,
        "InvalidSmsRoleAccessPolicyException": PoolMisconfigured,
        "InvalidSmsRoleTrustRelationshipException": PoolMisconfigured,
        "InvalidUserPoolConfigurationException": PoolMisconfigured,
        "LimitExceededException": AttemptLimitExceeded,
        "MFAMethodNotFoundException": SoftwareTokenNotFound,
        "ManagedLoginBrandingExistsException": Conflict,
        "MissingAuthenticationTokenException": NotPermitted,
        "NotAuthorizedException": NotAuthorized,
        "OperationNotEnabledException": PoolMisconfigured,
        "PasswordHistoryPolicyViolationException": PasswordReused,
        "PasswordResetRequiredException": PasswordResetRequired,
        "PreconditionNotMetException": PoolMisconfigured,
        "RefreshTokenReuseException": RefreshTokenReused,
        "ResourceNotFoundException": ResourceNotFound,
        "ScopeDoesNotExistException": InvalidParameter,
        "SerializationException": InvalidParameter,
        "ServiceQuotaExceededException": AttemptLimitExceeded,
        "ServiceUnavailable": InternalError,
        "SoftwareTokenMFANotFoundException": SoftwareTokenNotFound,
        "TermsExistsException": Conflict,
        "ThrottlingException": TooManyRequests,
        "TierChangeNotAllowedException": PoolMisconfigured,
        "TooManyFailedAttemptsException": AttemptLimitExceeded,
        "TooManyRequestsException": TooManyRequests,
        "UnauthorizedException": NotPermitted,
        "UnexpectedLambdaException": TriggerFailed,
        "UnknownOperationException": InvalidParameter,
        "UnrecognizedClientException": NotPermitted,
        "UnsupportedIdentityProviderException": InvalidParameter,
        "UnsupportedOperationException": PoolMisconfigured,
        "UnsupportedTokenTypeException": InvalidParameter,
        "UnsupportedUserStateException": Conflict,
        "UserImportInProgressException": Conflict,
        "UserLambdaValidationException": TriggerRefused,
        "UserNotConfirmedException": UserNotConfirmed,
        "UserNotFoundException": UserNotFound,
        "UserPoolAddOnNotEnabledException": PoolMisconfigured,
        "UserPoolTaggingException": InvalidParameter,
        "UsernameExistsException": UsernameExists,
        "WebAuthnChallengeNotFoundException": CodeExpired,
        "WebAuthnClientMismatchException": InvalidParameter,
        "WebAuthnConfigurationMissingException": PoolMisconfigured,
        "WebAuthnCredentialNotSupportedException": InvalidParameter,
        "WebAuthnNotEnabledException": PoolMisconfigured,
        "WebAuthnOriginNotAllowedException": PoolMisconfigured,
        "WebAuthnRelyingPartyMismatchException": PoolMisconfigured,
    }
)
"""Cognito's error code -> class."""

REFINEMENTS: Final[Mapping[type[ServiceError], tuple[tuple[str, type[ServiceError]], ...]]] = MappingProxyType(
    {
        NotAuthorized: (
            ("Incorrect username or password", IncorrectCredentials),
            ("Password attempts exceeded", PasswordAttemptsExceeded),
            ("User is disabled", UserDisabled),
            ("Invalid session for the user, session is expired", SessionExpired),
            ("Invalid session for the user", SessionInvalid),
            ("Unable to verify secret hash", SecretHashMismatch),
            ("SecretHash does not match", SecretHashMismatch),
            ("Client ", SecretHashMismatch),
            ("Refresh Token has", RefreshTokenInvalid),
            ("Invalid Refresh Token", RefreshTokenInvalid),
            ("Access Token has", AccessTokenRejected),
            ("Access Token does not", AccessTokenRejected),
            ("Invalid Access Token", AccessTokenRejected),
            ("Could not verify signature for Access Token", AccessTokenRejected),
            ("Temporary password has expired", TemporaryPasswordExpired),
            ("User account has expired", TemporaryPasswordExpired),
            ("SignUp is not permitted", SignUpNotPermitted),
            ("User cannot be confirmed. Current status is CONFIRMED", AlreadyConfirmed),
            ("User password cannot be reset", ResetNotPossible),
            ("Contact administrator", ResetNotPossible),
            ("A client attempted to write unauthorized attribute", AttributeNotWritable),
        ),
        InvalidParameter: (
            ("User is already confirmed", AlreadyConfirmed),
            ("Cannot reset password for the user", ResetNotPossible),
            ("USER_PASSWORD_AUTH flow not enabled", FlowNotEnabled),
            ("USER_SRP_AUTH is not enabled", FlowNotEnabled),
            ("USER_AUTH is not enabled", FlowNotEnabled),
            ("CUSTOM_AUTH is not enabled", FlowNotEnabled),
            ("Auth flow not enabled", FlowNotEnabled),
        ),
        ResourceNotFound: (("Device does not exist", DeviceNotFound),),
    }
)
"""General class -> beginnings of messages and the class that says more; the first that fits is taken."""


def service_error(aws_code: str, message: str, *, operation: str = "", request_id: str = "") -> ServiceError:
    """The error that an error reply stands for."""
    general = CODES.get(aws_code, ServiceError)
    refined = (special for beginning, special in REFINEMENTS.get(general, ()) if message.startswith(beginning))
    return next(refined, general)(aws_code, message, operation=operation, request_id=request_id)
