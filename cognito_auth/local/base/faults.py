"""Cognito's error replies, as the pool raises them: every code and text in one place.

A handler writes ``raise faults.USER_UNKNOWN``; the dispatcher turns the `Fault` into the reply. A fault undoes what its
handler has written, unless it is raised with ``keep=True``: a counted failure has to outlive the refusal.

Texts that Cognito is known to send are its own. Where only the code is known, the text says what is wrong; those stand apart
at the end.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html and each operation's page.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import ClassVar, Final, TypeAlias


class Fault(Exception):
    """An error reply. Each kind is a class of its own, with its code and its text, in which ``{}`` stands for a value."""

    code: ClassVar[str]
    """As on the wire, with the suffix ``Exception``."""
    text: ClassVar[str]

    def __init__(self, *values: object, keep: bool = False) -> None:
        self.message = self.text.format(*values)
        super().__init__(f"{self.code}: {self.message}")
        self.keep = keep
        """Whether what the handler has written stays."""

    @property
    def status(self) -> int:
        """The HTTP status of the reply."""
        return 500 if self.code.startswith("Internal") else 400


@contextmanager
def keeping() -> Generator[None]:
    """What was written stays, whatever is refused within."""
    try:
        yield
    except Fault as fault:
        fault.keep = True
        raise


Refusal: TypeAlias = type[Fault]
"""A kind of fault."""


def _refusal(code: str, text: str) -> Refusal:
    return type(code, (Fault,), {"code": f"{code}Exception", "text": text})


# The protocol
INTERNAL: Final = _refusal("InternalError", "Something went wrong. See the log of the user pool.")
UNKNOWN_OPERATION: Final = _refusal("UnknownOperation", "")
MALFORMED: Final = _refusal("Serialization", "{}")
INVALID_PARAMETER: Final = _refusal("InvalidParameter", "{}")
TOKEN_MISSING: Final = _refusal("MissingAuthenticationToken", "Missing Authentication Token")
INCOMPLETE_SIGNATURE: Final = _refusal("IncompleteSignature", "{}")
INVALID_SIGNATURE: Final = _refusal("InvalidSignature", "{}")
SIGNATURE_WRONG: Final = _refusal(
    "InvalidSignature",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and"
    " signing method. Consult the service documentation for details.",
)
SIGNATURE_EXPIRED: Final = _refusal("InvalidSignature", "Signature expired: {} is now earlier than {} ({} - {}.)")
SIGNATURE_EARLY: Final = _refusal("InvalidSignature", "Signature not yet current: {} is still later than {} ({} + {}.)")
UNRECOGNIZED_CLIENT: Final = _refusal("UnrecognizedClient", "The security token included in the request is invalid.")
ACTION_MISSING: Final = _refusal("MissingAction", "The request must contain the parameter Action.")
ACTION_UNKNOWN: Final = _refusal("UnknownOperation", "There is no operation {}.")
QUERY_INVALID: Final = _refusal("InvalidQueryParameter", "{}")
PARAMETER_COMBINATION: Final = _refusal("InvalidParameterCombination", "The parameter {} is there in two forms.")
MISSING_PARAMETER: Final = _refusal("InvalidParameter", "Missing required parameter {}")
PAGINATION_TOKEN: Final = _refusal("InvalidParameter", "Invalid pagination token.")

# Pools, clients and groups
POOL_UNKNOWN: Final = _refusal("ResourceNotFound", "User pool {} does not exist.")
CLIENT_UNKNOWN: Final = _refusal("ResourceNotFound", "User pool client {} does not exist.")
GROUP_UNKNOWN: Final = _refusal("ResourceNotFound", "Group not found.")
GROUP_EXISTS: Final = _refusal("GroupExists", "A group with the name already exists.")
REQUIRED_CUSTOM: Final = _refusal("InvalidParameter", "Required custom attributes are not supported currently.")
SCHEMA_DUPLICATE: Final = _refusal("InvalidParameter", "custom:{}: Existing attribute already has name {}.")
STANDARD_TYPE: Final = _refusal(
    "InvalidParameter", "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {}"
)
CONSTRAINT_FORM: Final = _refusal("InvalidParameter", "Invalid {} for schema attribute {}")
LENGTH_TOO_LONG: Final = _refusal("InvalidParameter", "user.{}: String attributes cannot have a length of more than 2048")
LENGTH_ORDER: Final = _refusal("InvalidParameter", "Attribute {} cannot have a max length shorter than it's min length")
VALUE_ORDER: Final = _refusal("InvalidParameter", "Attribute {} cannot have a max value smaller than it's min value")
ALIAS_AND_USERNAME: Final = _refusal(
    "InvalidParameter", "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
)
RECOVERY_TWICE: Final = _refusal(
    "InvalidParameter", "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms."
)
RECOVERY_NOT_ALONE: Final = _refusal(
    "InvalidParameter", "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms."
)
PASSWORD_FACTOR: Final = _refusal("InvalidParameter", "Password should be configured as one of the allowed first auth factors.")
UPDATE_UNVERIFIED: Final = _refusal(
    "InvalidParameter",
    "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
)
VALIDITY_DAYS: Final = _refusal(
    "InvalidParameter", "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
)
TOKEN_TRIGGERS: Final = _refusal(
    "InvalidParameter",
    "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
)
SENDER_KEY: Final = _refusal("InvalidParameter", "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.")
TIER_LACKS: Final = _refusal(
    "FeatureUnavailableInTier", "The following features need to be disabled for the {} pricing tier configured: {}"
)
TIER_LACKS_ONE: Final = _refusal(
    "FeatureUnavailableInTier", "The following feature is not available for the {} pricing tier configured: {}"
)
POOL_PROTECTED: Final = _refusal(
    "InvalidParameter",
    "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
)
POOL_HAS_DOMAIN: Final = _refusal(
    "InvalidParameter", "User pool cannot be deleted. It has a domain configured that should be deleted first."
)
MFA_NEEDS_FACTOR: Final = _refusal(
    "InvalidParameter", "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
)
MFA_OFF_WITH_FACTOR: Final = _refusal(
    "InvalidParameter", "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
)
EMAIL_MFA_SENDER: Final = _refusal(
    "InvalidParameter",
    "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.",
)
MIXED_FLOWS: Final = _refusal(
    "InvalidParameter", "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."
)
READ_LIST: Final = _refusal("InvalidParameter", "Invalid read attributes specified while creating a client")
WRITE_LIST: Final = _refusal("InvalidParameter", "Invalid write attributes specified while creating a client")
VALIDITY_RANGE: Final = _refusal("InvalidParameter", "Invalid range for token validity.")
VALIDITY_ORDER: Final = _refusal(
    "InvalidParameter",
    "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
)
CONTEXT_NEEDS_SECRET: Final = _refusal(
    "InvalidParameter", "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"
)
ANALYTICS: Final = _refusal(
    "InvalidParameter",
    "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid",
)
PROVIDER_UNKNOWN: Final = _refusal("InvalidParameter", "The provider {} does not exist for User Pool {}")
URL_NOT_HTTPS: Final = _refusal("InvalidParameter", "{} cannot use the HTTP protocol.")
URL_FRAGMENT: Final = _refusal("InvalidParameter", "{} cannot use fragment")
DEFAULT_REDIRECT: Final = _refusal("InvalidParameter", "The default redirect URI {} is not in the callback URIs list.")
OAUTH_INCOMPLETE: Final = _refusal(
    "InvalidParameter",
    "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
)
OAUTH_MIXED: Final = _refusal(
    "InvalidOAuthFlow", "client_credentials flow can not be selected along with code flow or implicit flow."
)
OAUTH_SECRETLESS: Final = _refusal(
    "InvalidOAuthFlow", "client_credentials flow can not be selected if client does not have a client secret."
)
OAUTH_NO_CALLBACK: Final = _refusal(
    "InvalidOAuthFlow", "CallbackUrls can not be empty when code flow or implicit flow is selected"
)
OAUTH_SCOPE: Final = _refusal("InvalidOAuthFlow", "{} is not supported with client_credentials flow")
SCOPE_UNKNOWN: Final = _refusal("ScopeDoesNotExist", "Invalid scope requested: {}")
DOMAIN_FORM: Final = _refusal(
    "InvalidParameter",
    "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. "
    r"Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?$",
)
DOMAIN_RESERVED: Final = _refusal("InvalidParameter", "Domain cannot contain reserved word: {}")
DOMAIN_TAKEN: Final = _refusal("InvalidParameter", "Domain already associated with another user pool.")
DOMAIN_PRESENT: Final = _refusal("InvalidParameter", "User pool already has a domain configured.")
DOMAIN_UNKNOWN: Final = _refusal("InvalidParameter", "No such domain or user pool exists.")
CUSTOM_DOMAIN_FORM: Final = _refusal("InvalidParameter", "Custom domain is not a valid subdomain")
CERTIFICATE: Final = _refusal(
    "InvalidParameter",
    "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid "
    "certificate chain.",
)
SERVER_UNKNOWN: Final = _refusal("ResourceNotFound", "Resource server {} does not exist.")
SERVER_EXISTS: Final = _refusal("InvalidParameter", "{} already exists in user pool {}.")

FILTER_FORM: Final = _refusal("InvalidParameter", "Error while parsing filter")
SEARCH_ATTRIBUTE: Final = _refusal("InvalidParameter", "Invalid search attribute: {}")

# Who may call
SECRET_HASH_MISSING: Final = _refusal("NotAuthorized", "Client {} is configured with secret but SECRET_HASH was not received")
SECRET_MISSING: Final = _refusal("NotAuthorized", "Client {} is configured for secret but secret was not received")
SECRET_HASH_WRONG: Final = _refusal("NotAuthorized", "Unable to verify secret hash for client {}")
SECRET_HASH_WRONG_ON_REFRESH: Final = _refusal("NotAuthorized", "SecretHash does not match for the client: {}")
ACCESS_TOKEN_INVALID: Final = _refusal("NotAuthorized", "Invalid Access Token")
ACCESS_TOKEN_FORGED: Final = _refusal("NotAuthorized", "Could not verify signature for Access Token")
ACCESS_TOKEN_EXPIRED: Final = _refusal("NotAuthorized", "Access Token has expired")
ACCESS_TOKEN_REVOKED: Final = _refusal("NotAuthorized", "Access Token has been revoked")
ACCESS_TOKEN_UNSCOPED: Final = _refusal("NotAuthorized", "Access Token does not have required scopes")

# Signing in
INCORRECT: Final = _refusal("NotAuthorized", "Incorrect username or password.")
LOCKED_OUT: Final = _refusal("NotAuthorized", "Password attempts exceeded")
USER_DISABLED: Final = _refusal("NotAuthorized", "User is disabled.")
USER_UNKNOWN: Final = _refusal("UserNotFound", "User does not exist.")
USER_UNCONFIRMED: Final = _refusal("UserNotConfirmed", "User is not confirmed.")
RESET_REQUIRED: Final = _refusal("PasswordResetRequired", "Password reset required for the user")
TEMPORARY_EXPIRED: Final = _refusal("NotAuthorized", "Temporary password has expired and must be reset by an administrator.")
METHOD_NOT_SUPPORTED: Final = _refusal("InvalidParameter", "Initiate Auth method not supported.")
PASSWORD_FLOW_OFF: Final = _refusal("InvalidParameter", "USER_PASSWORD_AUTH flow not enabled for this client")
FLOW_OFF: Final = _refusal("InvalidParameter", "{} is not enabled for the client.")
ADMIN_FLOW_OFF: Final = _refusal("InvalidParameter", "Auth flow not enabled for this client")
NO_CUSTOM_TRIGGER: Final = _refusal("InvalidParameter", "Custom auth lambda trigger is not configured for the user pool.")
SESSION_INVALID: Final = _refusal("NotAuthorized", "Invalid session for the user.")
SESSION_EXPIRED: Final = _refusal("NotAuthorized", "Invalid session for the user, session is expired.")
SESSION_USED: Final = _refusal("NotAuthorized", "Invalid session for the user, session can only be used once.")
ALREADY_PROVIDED: Final = _refusal("NotAuthorized", "Cannot modify an already provided {}")

# Triggers
TRIGGER_FAILED: Final = _refusal("UserLambdaValidation", "{} failed with error {}.")
TRIGGER_OUTPUT: Final = _refusal("InvalidLambdaResponse", "Unrecognizable lambda output")
TRIGGER_ABSENT: Final = _refusal("UnexpectedLambda", "{} invocation failed due to configuration.")
MIGRATION_FAILED: Final = _refusal("UserNotFound", "Exception migrating user in app client {}")

# Devices
DEVICE_UNKNOWN: Final = _refusal("ResourceNotFound", "Device does not exist.")

# Second factors
MFA_CODE_WRONG: Final = _refusal("CodeMismatch", "Invalid code or auth state for the user.")
TOTP_WRONG: Final = _refusal("CodeMismatch", "Invalid code received for user")
TOTP_REPLAYED: Final = _refusal("ExpiredCode", "Your software token has already been used once.")
TOTP_NOT_ENABLED: Final = _refusal("EnableSoftwareTokenMFA", "Code mismatch and fail enable Software Token MFA")
TOTP_OFF: Final = _refusal("SoftwareTokenMFANotFound", "Software Token MFA has not been enabled by the userPool")
FACTOR_NOT_SET_UP: Final = _refusal("InvalidParameter", "User does not have delivery config set to turn on {}")

# Tokens
REFRESH_INVALID: Final = _refusal("NotAuthorized", "Invalid Refresh Token")
REFRESH_WITHOUT_DEVICE: Final = _refusal("NotAuthorized", "Invalid Refresh Token.")
REFRESH_EXPIRED: Final = _refusal("NotAuthorized", "Refresh Token has expired")
REFRESH_REVOKED: Final = _refusal("NotAuthorized", "Refresh Token has been revoked")

# Accounts
SIGN_UP_CLOSED: Final = _refusal("NotAuthorized", "SignUp is not permitted for this user pool")
USERNAME_EXISTS: Final = _refusal("UsernameExists", "User already exists")
ACCOUNT_EXISTS: Final = _refusal("UsernameExists", "User account already exists")
NAME_EXISTS: Final = _refusal("UsernameExists", "An account with the given {} already exists.")
ALIAS_EXISTS: Final = _refusal("AliasExists", "An account with the {} already exists.")
USERNAME_LIKE_ALIAS: Final = _refusal(
    "InvalidParameter", "Username cannot be of {} format, since user pool is configured for {} alias."
)
USERNAME_FORM: Final = _refusal("InvalidParameter", "Username should be {}.")
COMBINATION_UNKNOWN: Final = _refusal("UserNotFound", "Username/client id combination not found.")
NOT_CONFIRMABLE: Final = _refusal("NotAuthorized", "User cannot be confirmed. Current status is {}")
ALREADY_CONFIRMED: Final = _refusal("InvalidParameter", "User is already confirmed.")
CODE_WRONG: Final = _refusal("CodeMismatch", "Invalid verification code provided, please try again.")
CODE_EXPIRED: Final = _refusal("ExpiredCode", "Invalid code provided, please request a code again.")
LIMIT_EXCEEDED: Final = _refusal("LimitExceeded", "Attempt limit exceeded, please try after some time.")
NOT_RESETTABLE: Final = _refusal("NotAuthorized", "User password cannot be reset in the current state.")
NO_RECOVERY: Final = _refusal(
    "InvalidParameter",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
)
RECOVERY_BY_ADMIN: Final = _refusal("NotAuthorized", "Contact administrator to reset password.")
PASSWORD_POLICY: Final = _refusal("InvalidPassword", "Password did not conform with policy: {}")
PASSWORD_REUSED: Final = _refusal("PasswordHistoryPolicyViolation", "Password has previously been used")
NO_RESEND: Final = _refusal("UnsupportedUserState", "Resend not possible. {} status is not FORCE_CHANGE_PASSWORD")

# Attributes
ATTRIBUTE_NOT_WRITABLE: Final = _refusal("NotAuthorized", "A client attempted to write unauthorized attribute")
SCHEMA_VIOLATION: Final = _refusal("InvalidParameter", "Attributes did not conform to the schema: {}")
ATTRIBUTE_IMMUTABLE: Final = _refusal(
    "InvalidParameter", "user.{}: Attribute cannot be updated. (changing an immutable attribute)"
)
EMAIL_FORM: Final = _refusal("InvalidParameter", "Invalid email address format.")
PHONE_FORM: Final = _refusal("InvalidParameter", "Invalid phone number format.")
ATTRIBUTE_UNKNOWN: Final = _refusal("InvalidParameter", "{}: Attribute does not exist in the schema.")
EMAIL_ABSENT: Final = _refusal("InvalidParameter", "Email is required to verify/un-verify an email")
PHONE_ABSENT: Final = _refusal("InvalidParameter", "Phone Number is required to verify/un-verify a phone number")

# Only the code is known
NAME_IN_THE_WAY: Final = _refusal("InvalidParameter", "The {} is another user's name by now")
ADDRESS_NEEDED: Final = _refusal("InvalidParameter", "A user of this pool must have one of: {}")
NOT_VERIFIABLE: Final = _refusal("InvalidParameter", "Only email and phone_number can be verified, not {}")
IDENTITIES_LIMIT: Final = _refusal("LimitExceeded", "A user has at most {} linked identities.")
IDENTITY_TAKEN: Final = _refusal("AliasExists", "SourceUser is already another user")
IDENTITY_LINKED: Final = _refusal("InvalidParameter", "SourceUser is already linked to DestinationUser")
IDENTITY_LOCAL: Final = _refusal("InvalidParameter", "SourceUser must be a user of another provider")
ATTRIBUTES_ABSENT: Final = _refusal("InvalidParameter", "One or more requested attributes do not exist.")
SRP_A_INVALID: Final = _refusal("InvalidParameter", "SRP_A is not valid.")
CLIENT_SECRET_WRONG: Final = _refusal("NotAuthorized", "Unable to verify the secret of client {}")
ROTATION_ONLY: Final = _refusal(
    "UnsupportedOperation", "The client rotates refresh tokens: they are renewed by GetTokensFromRefreshToken"
)
ROTATION_CONFLICT: Final = _refusal(
    "InvalidParameter", "ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refresh token rotation"
)
REFRESH_REUSED: Final = _refusal("RefreshTokenReuse", "Refresh Token has been replaced by a newer one")
REVOCATION_OFF: Final = _refusal("UnsupportedOperation", "Token revocation is not enabled for the client")
NOT_A_REFRESH_TOKEN: Final = _refusal("UnsupportedTokenType", "Only refresh tokens can be revoked")
REVOCATION_UNAUTHORIZED: Final = _refusal("Unauthorized", "The client is not allowed to revoke the token")
TOKEN_OR_SESSION: Final = _refusal("InvalidParameter", "Either AccessToken or Session is required")
DEVICES_OFF: Final = _refusal("InvalidUserPoolConfiguration", "The user pool does not remember devices")
DEVICE_EXISTS: Final = _refusal("DeviceKeyExists", "The device is confirmed already")
DEVICE_NOT_OFFERED: Final = _refusal("InvalidParameter", "DeviceKey is not that of the device which the sign-in offered")
DEVICE_VERIFIER_INVALID: Final = _refusal("InvalidParameter", "DeviceSecretVerifierConfig is not valid.")
DEVICE_OWNER_UNKNOWN: Final = _refusal("ResourceNotFound", "User does not exist.")
ONLY_TEXT_MESSAGES: Final = _refusal("InvalidParameter", "MFAOptions may only have SMS to phone_number")
TRACKING_TIER: Final = _refusal("FeatureUnavailableInTier", "Session tracking needs a user pool of the tier ESSENTIALS or PLUS")
USER_SESSION_UNKNOWN: Final = _refusal("ResourceNotFound", "Session {} does not exist.")
USER_SESSION_CURRENT: Final = _refusal("InvalidParameter", "The session of the access token cannot be revoked by itself")
EVENTS_OFF: Final = _refusal("UserPoolAddOnNotEnabled", "Advanced security is not enabled for the user pool")
FIRST_CHALLENGE: Final = _refusal("InvalidParameter", "CHALLENGE_NAME must be SRP_A")
FACTOR_CHOICE: Final = _refusal("InvalidParameter", "ANSWER is not one of the factors that can be chosen")
CHALLENGE_CHOICE: Final = _refusal("InvalidParameter", "ANSWER is not one of the challenges that can be chosen")
PASSKEYS_OFF: Final = _refusal("WebAuthnNotEnabled", "WEB_AUTHN is not a first authentication factor of the user pool")
PASSKEYS_UNCONFIGURED: Final = _refusal(
    "WebAuthnConfigurationMissing", "The user pool has neither a relying party id nor a domain"
)
PASSKEY_CHALLENGE: Final = _refusal("WebAuthnChallengeNotFound", "No registration with this challenge is waiting")
PASSKEY_CLIENT: Final = _refusal("WebAuthnClientMismatch", "The registration was begun with another app client")
PASSKEY_ORIGIN: Final = _refusal("WebAuthnOriginNotAllowed", "The origin does not belong to the relying party")
PASSKEY_PARTY: Final = _refusal("WebAuthnRelyingPartyMismatch", "The passkey is not for the relying party of the user pool")
PASSKEY_UNSUPPORTED: Final = _refusal(
    "WebAuthnCredentialNotSupported", "The passkey could not be verified, or is not supported"
)
PASSKEY_FORM: Final = _refusal("InvalidParameter", "Credential is not a registration response")
PASSKEY_TAKEN: Final = _refusal("InvalidParameter", "The passkey is registered already")
PASSKEY_UNKNOWN: Final = _refusal("ResourceNotFound", "The passkey does not exist")
PASSKEY_WRONG: Final = _refusal("NotAuthorized", "The passkey could not be verified")
PREFERRED_NOT_ENABLED: Final = _refusal("InvalidParameter", "A preferred factor must be enabled: {}")
PREFERRED_TWICE: Final = _refusal("InvalidParameter", "Only one factor can be preferred")
LAST_FACTOR: Final = _refusal("InvalidParameter", "The user pool requires MFA: the last factor cannot be switched off")
REQUIRED_ALIAS: Final = _refusal("InvalidParameter", "preferred_username cannot be both required and an alias")
SCHEMA_NAME: Final = _refusal("InvalidParameter", "A schema attribute needs a name")
CUSTOM_LIMIT: Final = _refusal("InvalidParameter", "A user pool has at most {} custom attributes.")
QUOTA: Final = _refusal("LimitExceeded", "There are at most {} {}.")
QUOTA_UNDECLARED: Final = _refusal("InvalidParameter", "There are at most {} {}.")
"""For an operation that does not declare the other."""
FIRST_FACTOR: Final = _refusal("InvalidParameter", "{} is not supported as a first authentication factor")
PASSWORDLESS_MFA: Final = _refusal("InvalidParameter", "{} cannot be a first authentication factor where MFA is required")
EMAIL_TEMPLATES: Final = _refusal("InvalidParameter", "EmailMessage and EmailMessageByLink exclude each other")
SMS_SENDER: Final = _refusal("InvalidParameter", "SmsConfiguration needs either SnsCallerArn or EumsSms, and not both")
SMS_MFA_SENDER: Final = _refusal("InvalidParameter", "SMS configuration is required for SMS MFA")
ENCRYPTION_KEY: Final = _refusal("InvalidParameter", "KmsKeyArn goes with CUSTOMER_MANAGED_KEY, and only with it")
ACR_LEVEL: Final = _refusal("InvalidParameter", "{} is not an ACR level: Level1, Level2, Level3, Level4")
ACR_UNKNOWN: Final = _refusal("InvalidParameter", "TARGET_ACR_VALUES names no ACR level of the user pool")
ACR_UNREACHABLE: Final = _refusal("InvalidParameter", "The user has no factors for any ACR level in TARGET_ACR_VALUES")
ACR_REACHED: Final = _refusal("InvalidParameter", "ACCESS_TOKEN has the ACR level already")
STEP_UP_WITHOUT_LEVEL: Final = _refusal("InvalidParameter", "ACCESS_TOKEN goes with TARGET_ACR_VALUES")
MAX_AGE_FORM: Final = _refusal("InvalidParameter", "MAX_AGE must be a number of seconds")
ACCESS_TOKEN_FOREIGN: Final = _refusal("NotAuthorized", "Access Token does not belong to the user")
ACR_NAME: Final = _refusal("InvalidParameter", "The names of the ACR levels must be unique")
TAGGING: Final = _refusal("UserPoolTagging", "{}")
NO_SECRETS_MANAGER: Final = _refusal("InvalidParameter", "There is no Secrets Manager here that could keep the secret")
TWO_SECRETS: Final = _refusal("InvalidParameter", "GenerateSecret and ClientSecret exclude each other")
URL_FORM: Final = _refusal("InvalidParameter", "{} is not an absolute URI")
LOGIN_VERSION: Final = _refusal("InvalidParameter", "ManagedLoginVersion must be 1 or 2")
PREFIX_DOMAIN: Final = _refusal("InvalidParameter", "{} is only for custom domains")
SCOPE_TWICE: Final = _refusal("InvalidParameter", "The scope {} is there twice")
OAUTH_OFF: Final = _refusal("InvalidParameter", "AllowedOAuthFlows needs AllowedOAuthFlowsUserPoolClient to be true")
NO_DESTINATION: Final = _refusal("CodeDeliveryFailure", "The user has no address to send the message to")
AUTO_VERIFICATION_OFF: Final = _refusal("InvalidParameter", "Auto verification not turned on.")
