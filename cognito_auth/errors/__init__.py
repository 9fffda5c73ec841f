"""Every error that this library raises.

A tree, drawn by who is to act; each class adds what somebody needs to act on it::

    CognitoAuthError
    ├── ConfigurationError, MissingExtra            the developer: a setting, a package
    ├── IllegalTransition                           an answer that the current state does not take
    ├── InvalidAnswer                               ... or takes, but not with this value
    ├── ProtocolError, TransportError               the service: nonsense, or no answer
    ├── StoreUnavailable (503)                      the application's own store of sessions
    ├── TooManyAttempts (429)                       the application's own limits
    ├── SealError                                   a sealed value that does not open
    │   └── SealExpired
    ├── NotSignedIn (401), AccessDenied (403)       a guard's verdict
    ├── InsufficientAuthentication (401)            ... that another sign-in can change
    ├── KeysUnavailable (503)                       nothing can be verified now
    ├── RequestRejected                             the HTTP request itself
    │   └── BodyTooLarge, HeadersTooLarge, UnsupportedMediaType, CrossSiteRequest
    ├── TokenError (401)                            one class for each check that a token can fail
    │   ├── TokenMalformed
    │   │   └── TokenTooLarge
    │   └── AlgorithmNotAllowed, HeaderNotAllowed, UnknownKey, SignatureInvalid, IssuerMismatch,
    │       TokenUseMismatch, ClientMismatch, AudienceMismatch, ClaimInvalid, TokenExpired,
    │       TokenNotYetValid, TokenRevoked
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
        ├── ResourceNotFound
        │   ├── DeviceNotFound                      the user signs in without the device
        │   └── PasskeyNotFound, UserSessionNotFound
        └── SecretHashMismatch, AttributeNotWritable, NotPermitted, Conflict, PoolMisconfigured,
            TriggerFailed                           the developer or the pool's administrator
"""

from .base import (
    AccessDenied as AccessDenied,
)
from .base import (
    Actor as Actor,
)
from .base import (
    BodyTooLarge as BodyTooLarge,
)
from .base import (
    CognitoAuthError as CognitoAuthError,
)
from .base import (
    ConfigurationError as ConfigurationError,
)
from .base import (
    CrossSiteRequest as CrossSiteRequest,
)
from .base import (
    HeadersTooLarge as HeadersTooLarge,
)
from .base import (
    IllegalTransition as IllegalTransition,
)
from .base import (
    InsufficientAuthentication as InsufficientAuthentication,
)
from .base import (
    InvalidAnswer as InvalidAnswer,
)
from .base import (
    MissingExtra as MissingExtra,
)
from .base import (
    NotSignedIn as NotSignedIn,
)
from .base import (
    ProtocolError as ProtocolError,
)
from .base import (
    RequestRejected as RequestRejected,
)
from .base import (
    Retry as Retry,
)
from .base import (
    SealError as SealError,
)
from .base import (
    SealExpired as SealExpired,
)
from .base import (
    StoreUnavailable as StoreUnavailable,
)
from .base import (
    TooManyAttempts as TooManyAttempts,
)
from .base import (
    TransportError as TransportError,
)
from .base import (
    UnsupportedMediaType as UnsupportedMediaType,
)
from .codes import service_error as service_error
from .service import (
    AccessTokenRejected as AccessTokenRejected,
)
from .service import (
    AliasExists as AliasExists,
)
from .service import (
    AlreadyConfirmed as AlreadyConfirmed,
)
from .service import (
    AttemptLimitExceeded as AttemptLimitExceeded,
)
from .service import (
    AttributeNotWritable as AttributeNotWritable,
)
from .service import (
    CodeDeliveryFailed as CodeDeliveryFailed,
)
from .service import (
    CodeExpired as CodeExpired,
)
from .service import (
    CodeMismatch as CodeMismatch,
)
from .service import (
    Conflict as Conflict,
)
from .service import (
    DeviceNotFound as DeviceNotFound,
)
from .service import (
    FlowNotEnabled as FlowNotEnabled,
)
from .service import (
    IncorrectCredentials as IncorrectCredentials,
)
from .service import (
    InternalError as InternalError,
)
from .service import (
    InvalidParameter as InvalidParameter,
)
from .service import (
    InvalidPassword as InvalidPassword,
)
from .service import (
    NotAuthorized as NotAuthorized,
)
from .service import (
    NotPermitted as NotPermitted,
)
from .service import (
    PasskeyNotFound as PasskeyNotFound,
)
from .service import (
    PasswordAttemptsExceeded as PasswordAttemptsExceeded,
)
from .service import (
    PasswordResetRequired as PasswordResetRequired,
)
from .service import (
    PasswordReused as PasswordReused,
)
from .service import (
    PoolMisconfigured as PoolMisconfigured,
)
from .service import (
    RefreshTokenInvalid as RefreshTokenInvalid,
)
from .service import (
    RefreshTokenReused as RefreshTokenReused,
)
from .service import (
    ResetNotPossible as ResetNotPossible,
)
from .service import (
    ResourceNotFound as ResourceNotFound,
)
from .service import (
    SecretHashMismatch as SecretHashMismatch,
)
from .service import (
    ServiceError as ServiceError,
)
from .service import (
    SessionExpired as SessionExpired,
)
from .service import (
    SessionInvalid as SessionInvalid,
)
from .service import (
    SignUpNotPermitted as SignUpNotPermitted,
)
from .service import (
    SoftwareTokenNotFound as SoftwareTokenNotFound,
)
from .service import (
    TemporaryPasswordExpired as TemporaryPasswordExpired,
)
from .service import (
    TooManyRequests as TooManyRequests,
)
from .service import (
    TriggerFailed as TriggerFailed,
)
from .service import (
    TriggerRefused as TriggerRefused,
)
from .service import (
    UserDisabled as UserDisabled,
)
from .service import (
    UserError as UserError,
)
from .service import (
    UsernameExists as UsernameExists,
)
from .service import (
    UserNotConfirmed as UserNotConfirmed,
)
from .service import (
    UserNotFound as UserNotFound,
)
from .service import (
    UserSessionNotFound as UserSessionNotFound,
)
from .tokens import (
    AlgorithmNotAllowed as AlgorithmNotAllowed,
)
from .tokens import (
    AudienceMismatch as AudienceMismatch,
)
from .tokens import (
    ClaimInvalid as ClaimInvalid,
)
from .tokens import (
    ClientMismatch as ClientMismatch,
)
from .tokens import (
    HeaderNotAllowed as HeaderNotAllowed,
)
from .tokens import (
    IssuerMismatch as IssuerMismatch,
)
from .tokens import (
    KeysUnavailable as KeysUnavailable,
)
from .tokens import (
    SignatureInvalid as SignatureInvalid,
)
from .tokens import (
    TokenError as TokenError,
)
from .tokens import (
    TokenExpired as TokenExpired,
)
from .tokens import (
    TokenMalformed as TokenMalformed,
)
from .tokens import (
    TokenNotYetValid as TokenNotYetValid,
)
from .tokens import (
    TokenRevoked as TokenRevoked,
)
from .tokens import (
    TokenTooLarge as TokenTooLarge,
)
from .tokens import (
    TokenUseMismatch as TokenUseMismatch,
)
from .tokens import (
    UnknownKey as UnknownKey,
)
