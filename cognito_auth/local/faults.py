"""Cognito's error replies, as the pool raises them: every code and text in one place.

A handler writes ``raise faults.USER_UNKNOWN()``; the dispatcher turns the `Fault` into the reply. A fault undoes what its
handler has written, unless it is raised with ``keep=True``: a counted failure has to outlive the refusal.

Texts that Cognito is known to send are its own. Where only the code is known, the text says what is wrong; those stand apart
at the end.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html and each operation's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


class Fault(Exception):
    """An error reply: ``code`` with the ``Exception`` suffix of the wire, and Cognito's text."""

    def __init__(self, code: str, message: str, *, keep: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.keep = keep
        """Whether what the handler has written stays."""

    @property
    def status(self) -> int:
        """The HTTP status of the reply."""
        return 500 if self.code.startswith("Internal") else 400


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of `Fault`: its code without the suffix, and its text with ``{}`` where values go."""

    code: str
    text: str

    def __call__(self, *values: object, keep: bool = False) -> Fault:
        """The fault with ``values`` put into the text."""
        return Fault(f"{self.code}Exception", self.text.format(*values), keep=keep)


# The protocol
INTERNAL: Final = Refusal("InternalError", "Something went wrong. See the log of the user pool.")
UNKNOWN_OPERATION: Final = Refusal("UnknownOperation", "")
MALFORMED: Final = Refusal("Serialization", "{}")
INVALID_PARAMETER: Final = Refusal("InvalidParameter", "{}")
TOKEN_MISSING: Final = Refusal("MissingAuthenticationToken", "Missing Authentication Token")
INCOMPLETE_SIGNATURE: Final = Refusal("IncompleteSignature", "{}")
INVALID_SIGNATURE: Final = Refusal("InvalidSignature", "{}")
MISSING_PARAMETER: Final = Refusal("InvalidParameter", "Missing required parameter {}")

# Pools, clients and groups
POOL_UNKNOWN: Final = Refusal("ResourceNotFound", "User pool {} does not exist.")
CLIENT_UNKNOWN: Final = Refusal("ResourceNotFound", "User pool client {} does not exist.")
GROUP_UNKNOWN: Final = Refusal("ResourceNotFound", "Group not found.")
GROUP_EXISTS: Final = Refusal("GroupExists", "A group with the name already exists.")
REQUIRED_CUSTOM: Final = Refusal("InvalidParameter", "Required custom attributes are not supported currently.")

# Who may call
SECRET_HASH_MISSING: Final = Refusal("NotAuthorized", "Client {} is configured with secret but SECRET_HASH was not received")
SECRET_MISSING: Final = Refusal("NotAuthorized", "Client {} is configured for secret but secret was not received")
SECRET_HASH_WRONG: Final = Refusal("NotAuthorized", "Unable to verify secret hash for client {}")
SECRET_HASH_WRONG_ON_REFRESH: Final = Refusal("NotAuthorized", "SecretHash does not match for the client: {}")
ACCESS_TOKEN_INVALID: Final = Refusal("NotAuthorized", "Invalid Access Token")
ACCESS_TOKEN_FORGED: Final = Refusal("NotAuthorized", "Could not verify signature for Access Token")
ACCESS_TOKEN_EXPIRED: Final = Refusal("NotAuthorized", "Access Token has expired")
ACCESS_TOKEN_REVOKED: Final = Refusal("NotAuthorized", "Access Token has been revoked")
ACCESS_TOKEN_UNSCOPED: Final = Refusal("NotAuthorized", "Access Token does not have required scopes")

# Signing in
INCORRECT: Final = Refusal("NotAuthorized", "Incorrect username or password.")
LOCKED_OUT: Final = Refusal("NotAuthorized", "Password attempts exceeded")
USER_DISABLED: Final = Refusal("NotAuthorized", "User is disabled.")
USER_UNKNOWN: Final = Refusal("UserNotFound", "User does not exist.")
USER_UNCONFIRMED: Final = Refusal("UserNotConfirmed", "User is not confirmed.")
RESET_REQUIRED: Final = Refusal("PasswordResetRequired", "Password reset required for the user")
TEMPORARY_EXPIRED: Final = Refusal(
    "NotAuthorized", "Temporary password has expired and must be reset by an administrator."
)
METHOD_NOT_SUPPORTED: Final = Refusal("InvalidParameter", "Initiate Auth method not supported.")
PASSWORD_FLOW_OFF: Final = Refusal("InvalidParameter", "USER_PASSWORD_AUTH flow not enabled for this client")
FLOW_OFF: Final = Refusal("InvalidParameter", "{} is not enabled for the client.")
ADMIN_FLOW_OFF: Final = Refusal("InvalidParameter", "Auth flow not enabled for this client")
NO_CUSTOM_TRIGGER: Final = Refusal("InvalidParameter", "Custom auth lambda trigger is not configured for the user pool.")
SESSION_INVALID: Final = Refusal("NotAuthorized", "Invalid session for the user.")
SESSION_EXPIRED: Final = Refusal("NotAuthorized", "Invalid session for the user, session is expired.")
SESSION_USED: Final = Refusal("NotAuthorized", "Invalid session for the user, session can only be used once.")
ALREADY_PROVIDED: Final = Refusal("NotAuthorized", "Cannot modify an already provided {}")

# Second factors
MFA_CODE_WRONG: Final = Refusal("CodeMismatch", "Invalid code or auth state for the user.")
TOTP_WRONG: Final = Refusal("CodeMismatch", "Invalid code received for user")
TOTP_REPLAYED: Final = Refusal("ExpiredCode", "Your software token has already been used once.")
TOTP_NOT_ENABLED: Final = Refusal("EnableSoftwareTokenMFA", "Code mismatch and fail enable Software Token MFA")
TOTP_OFF: Final = Refusal("SoftwareTokenMFANotFound", "Software Token MFA has not been enabled by the userPool")
FACTOR_NOT_SET_UP: Final = Refusal("InvalidParameter", "User does not have delivery config set to turn on {}")

# Tokens
REFRESH_INVALID: Final = Refusal("NotAuthorized", "Invalid Refresh Token")
REFRESH_EXPIRED: Final = Refusal("NotAuthorized", "Refresh Token has expired")
REFRESH_REVOKED: Final = Refusal("NotAuthorized", "Refresh Token has been revoked")

# Accounts
SIGN_UP_CLOSED: Final = Refusal("NotAuthorized", "SignUp is not permitted for this user pool")
USERNAME_EXISTS: Final = Refusal("UsernameExists", "User already exists")
ACCOUNT_EXISTS: Final = Refusal("UsernameExists", "User account already exists")
NAME_EXISTS: Final = Refusal("UsernameExists", "An account with the given {} already exists.")
ALIAS_EXISTS: Final = Refusal("AliasExists", "An account with the {} already exists.")
USERNAME_LIKE_ALIAS: Final = Refusal(
    "InvalidParameter", "Username cannot be of {} format, since user pool is configured for {} alias."
)
USERNAME_FORM: Final = Refusal("InvalidParameter", "Username should be {}.")
COMBINATION_UNKNOWN: Final = Refusal("UserNotFound", "Username/client id combination not found.")
NOT_CONFIRMABLE: Final = Refusal("NotAuthorized", "User cannot be confirmed. Current status is {}")
ALREADY_CONFIRMED: Final = Refusal("InvalidParameter", "User is already confirmed.")
CODE_WRONG: Final = Refusal("CodeMismatch", "Invalid verification code provided, please try again.")
CODE_EXPIRED: Final = Refusal("ExpiredCode", "Invalid code provided, please request a code again.")
LIMIT_EXCEEDED: Final = Refusal("LimitExceeded", "Attempt limit exceeded, please try after some time.")
NOT_RESETTABLE: Final = Refusal("NotAuthorized", "User password cannot be reset in the current state.")
NO_RECOVERY: Final = Refusal(
    "InvalidParameter",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
)
RECOVERY_BY_ADMIN: Final = Refusal("NotAuthorized", "Contact administrator to reset password.")
PASSWORD_POLICY: Final = Refusal("InvalidPassword", "Password did not conform with policy: {}")
PASSWORD_REUSED: Final = Refusal("PasswordHistoryPolicyViolation", "Password has previously been used")
NO_RESEND: Final = Refusal("UnsupportedUserState", "Resend not possible. {} status is not FORCE_CHANGE_PASSWORD")

# Attributes
ATTRIBUTE_NOT_WRITABLE: Final = Refusal("NotAuthorized", "A client attempted to write unauthorized attribute")
SCHEMA_VIOLATION: Final = Refusal("InvalidParameter", "Attributes did not conform to the schema: {}")
ATTRIBUTE_UNKNOWN: Final = Refusal("InvalidParameter", "{}: Attribute does not exist in the schema.")
ATTRIBUTE_IMMUTABLE: Final = Refusal(
    "InvalidParameter", "user.{}: Attribute cannot be updated. (changing an immutable attribute)"
)
EMAIL_FORM: Final = Refusal("InvalidParameter", "Invalid email address format.")
PHONE_FORM: Final = Refusal("InvalidParameter", "Invalid phone number format.")

# Only the code is known
SRP_A_INVALID: Final = Refusal("InvalidParameter", "SRP_A is not valid.")
CLIENT_SECRET_WRONG: Final = Refusal("NotAuthorized", "Unable to verify the secret of client {}")
ROTATION_ONLY: Final = Refusal(
    "UnsupportedOperation", "The client rotates refresh tokens: they are renewed by GetTokensFromRefreshToken"
)
ROTATION_CONFLICT: Final = Refusal(
    "InvalidParameter", "ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refresh token rotation"
)
REFRESH_REUSED: Final = Refusal("RefreshTokenReuse", "Refresh Token has been replaced by a newer one")
REVOCATION_OFF: Final = Refusal("UnsupportedOperation", "Token revocation is not enabled for the client")
NOT_A_REFRESH_TOKEN: Final = Refusal("UnsupportedTokenType", "Only refresh tokens can be revoked")
REVOCATION_UNAUTHORIZED: Final = Refusal("Unauthorized", "The client is not allowed to revoke the token")
TOKEN_OR_SESSION: Final = Refusal("InvalidParameter", "Either AccessToken or Session is required")
FACTOR_CHOICE: Final = Refusal("InvalidParameter", "ANSWER is not one of the factors that can be chosen")
PREFERRED_NOT_ENABLED: Final = Refusal("InvalidParameter", "A preferred factor must be enabled: {}")
PREFERRED_TWICE: Final = Refusal("InvalidParameter", "Only one factor can be preferred")
LAST_FACTOR: Final = Refusal("InvalidParameter", "The user pool requires MFA: the last factor cannot be switched off")
MIXED_FLOWS: Final = Refusal("InvalidParameter", "ExplicitAuthFlows mixes values with and without the prefix ALLOW_")
ALIAS_AND_USERNAME: Final = Refusal("InvalidParameter", "AliasAttributes and UsernameAttributes exclude each other")
SCHEMA_DUPLICATE: Final = Refusal("InvalidParameter", "{}: Existing attribute already has name {}.")
STANDARD_TYPE: Final = Refusal("InvalidParameter", "{}: The data type of a standard attribute cannot be changed")
REQUIRED_ALIAS: Final = Refusal("InvalidParameter", "preferred_username cannot be both required and an alias")
ATTRIBUTE_LIST_UNKNOWN: Final = Refusal("InvalidParameter", "Invalid attribute in {}: {}")
REQUIRED_NOT_WRITABLE: Final = Refusal("InvalidParameter", "The required attribute {} must be writable by the client")
OAUTH_OFF: Final = Refusal("InvalidParameter", "AllowedOAuthFlows needs AllowedOAuthFlowsUserPoolClient to be true")
OAUTH_MIXED: Final = Refusal("InvalidOAuthFlow", "client_credentials cannot be combined with code or implicit")
OAUTH_SECRETLESS: Final = Refusal("InvalidOAuthFlow", "client_credentials needs a client with a secret")
VALIDITY_RANGE: Final = Refusal("InvalidParameter", "Invalid range for token validity: {}")
NO_DESTINATION: Final = Refusal("CodeDeliveryFailure", "The user has no address to send the message to")
AUTO_VERIFICATION_OFF: Final = Refusal("InvalidParameter", "Auto verification not turned on.")
