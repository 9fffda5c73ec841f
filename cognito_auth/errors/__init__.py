"""Every error that this library raises.

A tree, drawn by who is to act; each class adds what somebody needs to act on it::

    CognitoAuthError
    ├── ConfigurationError, MissingExtra            the developer: a setting, a package
    ├── IllegalTransition                           an answer that the current state does not take
    ├── InvalidAnswer                               ... or takes, but not with this value
    ├── ProtocolError, TransportError               the service: nonsense, or no answer
    ├── SealError                                   a sealed value that does not open
    │   └── SealExpired
    ├── NotSignedIn (401), AccessDenied (403)       a guard's verdict
    ├── KeysUnavailable (503)                       nothing can be verified now
    ├── RequestRejected                             the HTTP request itself
    │   └── BodyTooLarge, UnsupportedMediaType, CrossSiteRequest
    ├── TokenError (401)                            one class for each check that a token can fail
    │   ├── TokenMalformed
    │   │   └── TokenTooLarge
    │   └── AlgorithmNotAllowed, HeaderNotAllowed, UnknownKey, SignatureInvalid, IssuerMismatch,
    │       TokenUseMismatch, ClientMismatch, ClaimInvalid, TokenExpired, TokenNotYetValid
    └── ServiceError                                an error reply of Cognito
        ├── UserError                               the person at the browser can put it right
        │   ├── NotAuthorized
        │   │   ├── IncorrectCredentials, PasswordAttemptsExceeded, UserDisabled, SignUpNotPermitted
        │   │   ├── SessionInvalid
        │   │   │   └── SessionExpired
        │   │   ├── RefreshTokenInvalid
        │   │   │   └── RefreshTokenReused
        │   │   └── AccessTokenRejected, TemporaryPasswordExpired
        │   ├── CodeMismatch, CodeExpired           the challenge stays open
        │   ├── InvalidPassword
        │   │   └── PasswordReused
        │   └── UserNotFound, UserNotConfirmed, PasswordResetRequired, UsernameExists, AliasExists,
        │       AlreadyConfirmed, ResetNotPossible, AttemptLimitExceeded, CodeDeliveryFailed,
        │       SoftwareTokenNotFound, TriggerRefused
        ├── InvalidParameter
        │   └── FlowNotEnabled
        ├── TooManyRequests, InternalError          may pass after a pause
        └── ResourceNotFound, SecretHashMismatch, AttributeNotWritable, NotPermitted, Conflict,
            PoolMisconfigured, TriggerFailed        the developer or the pool's administrator
"""

from .base import (
    AccessDenied as AccessDenied,
    Actor as Actor,
    BodyTooLarge as BodyTooLarge,
    CognitoAuthError as CognitoAuthError,
    ConfigurationError as ConfigurationError,
    CrossSiteRequest as CrossSiteRequest,
    IllegalTransition as IllegalTransition,
    InvalidAnswer as InvalidAnswer,
    MissingExtra as MissingExtra,
    NotSignedIn as NotSignedIn,
    ProtocolError as ProtocolError,
    RequestRejected as RequestRejected,
    Retry as Retry,
    SealError as SealError,
    SealExpired as SealExpired,
    TransportError as TransportError,
    UnsupportedMediaType as UnsupportedMediaType,
)
from .service import (
    AccessTokenRejected as AccessTokenRejected,
    AliasExists as AliasExists,
    AlreadyConfirmed as AlreadyConfirmed,
    AttemptLimitExceeded as AttemptLimitExceeded,
    AttributeNotWritable as AttributeNotWritable,
    CodeDeliveryFailed as CodeDeliveryFailed,
    CodeExpired as CodeExpired,
    CodeMismatch as CodeMismatch,
    Conflict as Conflict,
    FlowNotEnabled as FlowNotEnabled,
    IncorrectCredentials as IncorrectCredentials,
    InternalError as InternalError,
    InvalidParameter as InvalidParameter,
    InvalidPassword as InvalidPassword,
    NotAuthorized as NotAuthorized,
    NotPermitted as NotPermitted,
    PasswordAttemptsExceeded as PasswordAttemptsExceeded,
    PasswordResetRequired as PasswordResetRequired,
    PasswordReused as PasswordReused,
    PoolMisconfigured as PoolMisconfigured,
    RefreshTokenInvalid as RefreshTokenInvalid,
    RefreshTokenReused as RefreshTokenReused,
    ResetNotPossible as ResetNotPossible,
    ResourceNotFound as ResourceNotFound,
    SecretHashMismatch as SecretHashMismatch,
    ServiceError as ServiceError,
    SessionExpired as SessionExpired,
    SessionInvalid as SessionInvalid,
    SignUpNotPermitted as SignUpNotPermitted,
    SoftwareTokenNotFound as SoftwareTokenNotFound,
    TemporaryPasswordExpired as TemporaryPasswordExpired,
    TooManyRequests as TooManyRequests,
    TriggerFailed as TriggerFailed,
    TriggerRefused as TriggerRefused,
    UserDisabled as UserDisabled,
    UserError as UserError,
    UserNotConfirmed as UserNotConfirmed,
    UserNotFound as UserNotFound,
    UsernameExists as UsernameExists,
    service_error as service_error,
)
from .tokens import (
    AlgorithmNotAllowed as AlgorithmNotAllowed,
    ClaimInvalid as ClaimInvalid,
    ClientMismatch as ClientMismatch,
    HeaderNotAllowed as HeaderNotAllowed,
    IssuerMismatch as IssuerMismatch,
    KeysUnavailable as KeysUnavailable,
    SignatureInvalid as SignatureInvalid,
    TokenError as TokenError,
    TokenExpired as TokenExpired,
    TokenMalformed as TokenMalformed,
    TokenNotYetValid as TokenNotYetValid,
    TokenTooLarge as TokenTooLarge,
    TokenUseMismatch as TokenUseMismatch,
    UnknownKey as UnknownKey,
)
