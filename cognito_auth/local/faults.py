"""Cognito's error replies, as the pool raises them: every code and text in one place.

A handler writes ``raise faults.USER_UNKNOWN``; the dispatcher turns the `Fault` into the reply. A fault undoes what its
handler has written, unless it is raised with ``keep=True``: a counted failure has to outlive the refusal.

Texts that Cognito is known to send are its own. Where only the code is known, the text says what is wrong; those stand apart
at the end.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html and each operation's page.
"""

from __future__ import annotations

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
MISSING_PARAMETER: Final = _refusal("InvalidParameter", "Missing required parameter {}")
PAGINATION_TOKEN: Final = _refusal("InvalidParameter", "Invalid pagination token.")

# Pools, clients and groups
POOL_UNKNOWN: Final = _refusal("ResourceNotFound", "User pool {} does not exist.")
CLIENT_UNKNOWN: Final = _refusal("ResourceNotFound", "User pool client {} does not exist.")
GROUP_UNKNOWN: Final = _refusal("ResourceNotFound", "Group not found.")
GROUP_EXISTS: Final = _refusal("GroupExists", "A group with the name already exists.")
REQUIRED_CUSTOM: Final = _refusal("InvalidParameter", "Required custom attributes are not supported currently.")

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

# Second factors
MFA_CODE_WRONG: Final = _refusal("CodeMismatch", "Invalid code or auth state for the user.")
TOTP_WRONG: Final = _refusal("CodeMismatch", "Invalid code received for user")
TOTP_REPLAYED: Final = _refusal("ExpiredCode", "Your software token has already been used once.")
TOTP_NOT_ENABLED: Final = _refusal("EnableSoftwareTokenMFA", "Code mismatch and fail enable Software Token MFA")
TOTP_OFF: Final = _refusal("SoftwareTokenMFANotFound", "Software Token MFA has not been enabled by the userPool")
FACTOR_NOT_SET_UP: Final = _refusal("InvalidParameter", "User does not have delivery config set to turn on {}")

# Tokens
REFRESH_INVALID: Final = _refusal("NotAuthorized", "Invalid Refresh Token")
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

# Only the code is known
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
FACTOR_CHOICE: Final = _refusal("InvalidParameter", "ANSWER is not one of the factors that can be chosen")
PREFERRED_NOT_ENABLED: Final = _refusal("InvalidParameter", "A preferred factor must be enabled: {}")
PREFERRED_TWICE: Final = _refusal("InvalidParameter", "Only one factor can be preferred")
LAST_FACTOR: Final = _refusal("InvalidParameter", "The user pool requires MFA: the last factor cannot be switched off")
MIXED_FLOWS: Final = _refusal("InvalidParameter", "ExplicitAuthFlows mixes values with and without the prefix ALLOW_")
ALIAS_AND_USERNAME: Final = _refusal("InvalidParameter", "AliasAttributes and UsernameAttributes exclude each other")
SCHEMA_DUPLICATE: Final = _refusal("InvalidParameter", "{}: Existing attribute already has name {}.")
STANDARD_TYPE: Final = _refusal("InvalidParameter", "{}: The data type of a standard attribute cannot be changed")
REQUIRED_ALIAS: Final = _refusal("InvalidParameter", "preferred_username cannot be both required and an alias")
ATTRIBUTE_LIST_UNKNOWN: Final = _refusal("InvalidParameter", "Invalid attribute in {}: {}")
REQUIRED_NOT_WRITABLE: Final = _refusal("InvalidParameter", "The required attribute {} must be writable by the client")
OAUTH_OFF: Final = _refusal("InvalidParameter", "AllowedOAuthFlows needs AllowedOAuthFlowsUserPoolClient to be true")
OAUTH_MIXED: Final = _refusal("InvalidOAuthFlow", "client_credentials cannot be combined with code or implicit")
OAUTH_SECRETLESS: Final = _refusal("InvalidOAuthFlow", "client_credentials needs a client with a secret")
VALIDITY_RANGE: Final = _refusal("InvalidParameter", "Invalid range for token validity: {}")
NO_DESTINATION: Final = _refusal("CodeDeliveryFailure", "The user has no address to send the message to")
AUTO_VERIFICATION_OFF: Final = _refusal("InvalidParameter", "Auto verification not turned on.")
