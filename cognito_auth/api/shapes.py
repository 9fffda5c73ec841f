"""The scalar types of the API with the service's own constraints.

An enumeration that Cognito may answer with is open: a plain string, so that a value added later reaches the caller. One
that is only ever sent is a ``Literal``, so that a type checker finds the typing error.
"""

from typing import Annotated, Literal

from .structure import Constraint

AWSAccountId = Annotated[str, Constraint(max_length=12, pattern=r"[0-9]+")]
AccessTokenValidity = Annotated[int, Constraint(minimum=1, maximum=86400)]
AcrValue = Annotated[str, Constraint(min_length=1, max_length=64, pattern=r"[\x21\x23-\x5B\x5D-\x7E]+")]
AdminCreateUserUnusedAccountValidityDays = Annotated[int, Constraint(minimum=0, maximum=365)]
AdvancedSecurityEnabledMode = Annotated[str, Constraint(enum=("AUDIT", "ENFORCED"))]
AdvancedSecurityMode = Annotated[str, Constraint(enum=("OFF", "AUDIT", "ENFORCED"))]
AliasAttribute = Annotated[str, Constraint(enum=("phone_number", "email", "preferred_username"))]
Arn = Annotated[
    str,
    Constraint(
        min_length=20,
        max_length=2048,
        pattern=r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?",
    ),
]
AttributeDataType = Annotated[str, Constraint(enum=("String", "Number", "DateTime", "Boolean"))]
AttributeName = Annotated[str, Constraint(min_length=1, max_length=32, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+")]
AttributeValue = Annotated[str, Constraint(max_length=2048, sensitive=True)]
AuthEventChallengeName = Annotated[str, Constraint(enum=("Password", "Mfa"))]
AuthEventChallengeOutcome = Annotated[str, Constraint(enum=("Success", "Failure"))]
AuthFactor = Annotated[str, Constraint(enum=("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"))]
AuthFlow = Literal[
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
]
AuthSessionValidity = Annotated[int, Constraint(minimum=3, maximum=15)]
ChallengeName = Annotated[
    str,
    Constraint(
        enum=(
            "SMS_MFA",
            "EMAIL_OTP",
            "SOFTWARE_TOKEN_MFA",
            "SELECT_MFA_TYPE",
            "MFA_SETUP",
            "PASSWORD_VERIFIER",
            "CUSTOM_CHALLENGE",
            "SELECT_CHALLENGE",
            "DEVICE_SRP_AUTH",
            "DEVICE_PASSWORD_VERIFIER",
            "ADMIN_NO_SRP_AUTH",
            "NEW_PASSWORD_REQUIRED",
            "SMS_OTP",
            "PASSWORD",
            "WEB_AUTHN",
            "PASSWORD_SRP",
        )
    ),
]
ClientId = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\w+]+", sensitive=True)]
ClientName = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\w\s+=,.@-]+")]
ClientPermission = Annotated[str, Constraint(min_length=1, max_length=2048)]
ClientQueryLimit = Annotated[int, Constraint(minimum=1, maximum=60)]
ClientSecret = Annotated[str, Constraint(min_length=24, max_length=64, pattern=r"[\w+]+", sensitive=True)]
ClientSecretArn = Annotated[
    str,
    Constraint(
        min_length=20,
        max_length=2048,
        pattern=r"^arn\:(aws|aws-us-gov|aws-eusc)\:secretsmanager\:([\d\w\-]+):(\d{12})\:secret\/[\w+=\/,.@\-]+$",
    ),
]
ClientType = Annotated[str, Constraint(enum=("REGULAR", "DCR"))]
ConfirmationCode = Annotated[str, Constraint(min_length=1, max_length=2048, pattern=r"[\S]+")]
CustomAttributeName = Annotated[str, Constraint(min_length=1, max_length=20, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+")]
CustomEmailSenderLambdaVersion = Annotated[str, Constraint(enum=("V1_0",))]
CustomSMSSenderLambdaVersion = Annotated[str, Constraint(enum=("V1_0",))]
DefaultEmailOption = Annotated[str, Constraint(enum=("CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE"))]
DeletionProtection = Annotated[str, Constraint(enum=("ACTIVE", "INACTIVE"))]
DeliveryMedium = Annotated[str, Constraint(enum=("SMS", "EMAIL"))]
DeviceKey = Annotated[str, Constraint(min_length=1, max_length=55, pattern=r"[\w-]+_[0-9a-f-]+")]
DeviceName = Annotated[str, Constraint(min_length=1, max_length=1024)]
DeviceRememberedStatus = Literal["remembered", "not_remembered"]
Domain = Annotated[str, Constraint(min_length=1, max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$")]
DomainStatus = Annotated[str, Constraint(enum=("CREATING", "DELETING", "UPDATING", "ACTIVE", "FAILED"))]
DomainVersion = Annotated[str, Constraint(min_length=1, max_length=20)]
EmailAddress = Annotated[str, Constraint(pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+")]
EmailInviteMessage = Annotated[str, Constraint(min_length=6, max_length=20000, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*")]
EmailMfaMessage = Annotated[
    str,
    Constraint(
        min_length=6, max_length=20000, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
    ),
]
EmailMfaSubject = Annotated[str, Constraint(pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+")]
EmailSendingAccount = Annotated[str, Constraint(enum=("COGNITO_DEFAULT", "DEVELOPER"))]
EmailVerificationMessage = Annotated[
    str,
    Constraint(
        min_length=6, max_length=20000, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
    ),
]
EmailVerificationMessageByLink = Annotated[
    str,
    Constraint(
        min_length=6,
        max_length=20000,
        pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*",
    ),
]
EmailVerificationSubject = Annotated[str, Constraint(min_length=1, max_length=140, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+")]
EmailVerificationSubjectByLink = Annotated[
    str, Constraint(min_length=1, max_length=140, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+")
]
EncryptionKey = Annotated[str, Constraint(enum=("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY"))]
EncryptionKeyArn = Annotated[
    str,
    Constraint(
        min_length=20,
        max_length=2048,
        pattern=r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?",
    ),
]
Event = Annotated[str, Constraint(enum=("SignIn", "SignUp", "ForgotPassword", "PasswordChange", "ResendCode"))]
EventResponse = Annotated[str, Constraint(enum=("Pass", "Fail", "InProgress"))]
ExplicitAuthFlows = Annotated[
    str,
    Constraint(
        enum=(
            "ADMIN_NO_SRP_AUTH",
            "CUSTOM_AUTH_FLOW_ONLY",
            "USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_TOKEN_EXCHANGE_DELEGATION",
            "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
        )
    ),
]
Feature = Annotated[str, Constraint(enum=("ENABLED", "DISABLED"))]
FeedbackValue = Annotated[str, Constraint(enum=("Valid", "Invalid"))]
GroupDescription = Annotated[str, Constraint(max_length=2048)]
GroupName = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+")]
GroupPrecedence = Annotated[int, Constraint(minimum=0)]
HealthCheckId = Annotated[str, Constraint(max_length=64)]
HexString = Annotated[str, Constraint(pattern=r"^[0-9a-fA-F]+$")]
IdTokenValidity = Annotated[int, Constraint(minimum=1, maximum=86400)]
InboundFederationLambdaVersion = Annotated[str, Constraint(enum=("V1_0",))]
Issuer = Annotated[str, Constraint(enum=("ORIGINAL", "UPDATED"))]
ListResourceServersLimit = Annotated[int, Constraint(minimum=1, maximum=50)]
MessageAction = Literal["RESEND", "SUPPRESS"]
OAuthFlow = Annotated[str, Constraint(enum=("code", "implicit", "client_credentials"))]
OptionalArn = Annotated[
    str,
    Constraint(
        max_length=2048,
        pattern=r"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?",
    ),
]
PaginationKey = Annotated[str, Constraint(min_length=1, pattern=r"[\S]+")]
Password = Annotated[str, Constraint(max_length=256, pattern=r"[\S]+", sensitive=True)]
PasswordHistorySize = Annotated[int, Constraint(minimum=0, maximum=24)]
PasswordPolicyMinLength = Annotated[int, Constraint(minimum=6, maximum=99)]
PoolQueryLimit = Annotated[int, Constraint(minimum=1, maximum=60)]
PoolStatus = Annotated[str, Constraint(enum=("Enabled", "Disabled"))]
PreTokenGenerationLambdaVersion = Annotated[str, Constraint(enum=("V1_0", "V2_0", "V3_0"))]
PreventUserExistenceErrors = Annotated[str, Constraint(enum=("LEGACY", "ENABLED"))]
ProviderName = Annotated[str, Constraint(min_length=1, max_length=32, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+")]
QueryLimit = Annotated[int, Constraint(minimum=0, maximum=60)]
RecoveryOptionName = Annotated[str, Constraint(enum=("verified_email", "verified_phone_number", "admin_only"))]
RecoveryPriority = Annotated[int, Constraint(minimum=1, maximum=2)]
RedirectUrl = Annotated[str, Constraint(min_length=1, max_length=1024, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+")]
RefreshTokenValidity = Annotated[int, Constraint(minimum=0, maximum=315360000)]
RegionCode = Annotated[str, Constraint(min_length=5, max_length=32)]
RegionName = Annotated[str, Constraint(min_length=5, max_length=32)]
RelyingPartyId = Annotated[str, Constraint(min_length=1, max_length=127)]
ResourceServerIdentifier = Annotated[str, Constraint(min_length=1, max_length=256, pattern=r"[\x21\x23-\x5B\x5D-\x7E]+")]
ResourceServerManagedBy = Annotated[str, Constraint(enum=("COGNITO",))]
ResourceServerName = Annotated[str, Constraint(min_length=1, max_length=256, pattern=r"[\w\s+=,.@-]+")]
ResourceServerScopeDescription = Annotated[str, Constraint(min_length=1, max_length=256)]
ResourceServerScopeName = Annotated[
    str, Constraint(min_length=1, max_length=256, pattern=r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+")
]
RetryGracePeriodSeconds = Annotated[int, Constraint(minimum=0, maximum=60)]
RevokeAssociatedSessions = Literal["NONE", "LINKED"]
RiskDecision = Annotated[str, Constraint(enum=("NoRisk", "AccountTakeover", "Block"))]
RiskLevel = Annotated[str, Constraint(enum=("Low", "Medium", "High"))]
S3Bucket = Annotated[str, Constraint(min_length=3, max_length=1024, pattern=r"^[0-9A-Za-z\.\-_]*(?<!\.)$")]
SESConfigurationSet = Annotated[str, Constraint(min_length=1, max_length=64, pattern=r"^[a-zA-Z0-9_-]+$")]
Scope = Annotated[str, Constraint(min_length=1, max_length=256, pattern=r"[\x21\x23-\x5B\x5D-\x7E]+")]
SearchPaginationToken = Annotated[str, Constraint(min_length=1, pattern=r"[\S]+")]
SecretCode = Annotated[str, Constraint(min_length=16, pattern=r"[A-Za-z0-9]+", sensitive=True)]
SecretHash = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\w+=/]+", sensitive=True)]
SecurityPolicy = Annotated[str, Constraint(enum=("TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025"))]
Session = Annotated[str, Constraint(min_length=20, max_length=4096, sensitive=True)]
SessionDevice = Annotated[str, Constraint(max_length=1024)]
SessionId = Annotated[str, Constraint(min_length=28, max_length=28, pattern=r"^(tkn|sso)[a-z0-9]{25}$")]
SessionIpAddress = Annotated[str, Constraint(max_length=128, sensitive=True)]
SessionLocationCity = Annotated[str, Constraint(max_length=256)]
SessionLocationCountry = Annotated[str, Constraint(max_length=256)]
SessionType = Annotated[str, Constraint(enum=("TOKEN", "SSO"))]
SmsInviteMessage = Annotated[str, Constraint(min_length=6, max_length=140, pattern=r"(?s).*")]
SmsVerificationMessage = Annotated[str, Constraint(min_length=6, max_length=140, pattern=r".*\{####\}.*")]
SoftwareTokenMFAUserCode = Annotated[str, Constraint(min_length=6, max_length=6, pattern=r"[0-9]+", sensitive=True)]
TagValue = Annotated[str, Constraint(max_length=256)]
TemporaryPasswordValidityDays = Annotated[int, Constraint(minimum=0, maximum=365)]
TimeUnit = Annotated[str, Constraint(enum=("seconds", "minutes", "hours", "days"))]
TokenModel = Annotated[str, Constraint(pattern=r"[A-Za-z0-9-_=.]+", sensitive=True)]
UserFilter = Annotated[str, Constraint(max_length=256)]
UserPoolId = Annotated[str, Constraint(min_length=1, max_length=55, pattern=r"[\w-]+_[0-9a-zA-Z]+")]
UserPoolMfa = Annotated[str, Constraint(enum=("OFF", "ON", "OPTIONAL"))]
UserPoolName = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\w\s+=,.@-]+")]
UserPoolTier = Annotated[str, Constraint(enum=("LITE", "ESSENTIALS", "PLUS"))]
UserStatus = Annotated[
    str,
    Constraint(
        enum=(
            "UNCONFIRMED",
            "CONFIRMED",
            "ARCHIVED",
            "COMPROMISED",
            "UNKNOWN",
            "RESET_REQUIRED",
            "FORCE_CHANGE_PASSWORD",
            "EXTERNAL_PROVIDER",
        )
    ),
]
UserVerification = Annotated[str, Constraint(enum=("required", "preferred"))]
Username = Annotated[str, Constraint(min_length=1, max_length=128, pattern=r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", sensitive=True)]
UsernameAttribute = Annotated[str, Constraint(enum=("phone_number", "email"))]
VerifiedAttribute = Annotated[str, Constraint(enum=("phone_number", "email"))]
VerifySoftwareTokenStatus = Annotated[str, Constraint(enum=("SUCCESS", "ERROR"))]
WebAuthnFactorConfiguration = Annotated[str, Constraint(enum=("SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"))]
WebAuthnCredentialsQueryLimit = Annotated[int, Constraint(minimum=0, maximum=20)]
AllowedFirstAuthFactors = Annotated[tuple[AuthFactor, ...], Constraint(min_length=1, max_length=5)]
CallbackUrls = Annotated[tuple[RedirectUrl, ...], Constraint(max_length=100)]
ConfiguredUserAuthFactors = Annotated[tuple[AuthFactor, ...], Constraint(max_length=8)]
LogoutUrls = Annotated[tuple[RedirectUrl, ...], Constraint(max_length=100)]
OAuthFlows = Annotated[tuple[OAuthFlow, ...], Constraint(max_length=3)]
Scopes = Annotated[tuple[Scope, ...], Constraint(max_length=50)]
