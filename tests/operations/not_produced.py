"""What journeys do not see of an operation, and why. Every entry must be true: what is seen after all fails the tests.

Where one machine cannot run into an error by itself, `LocalCognito.fail` brings it about; `test_declared_errors` does so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cognito_auth.api import OPERATIONS

from .samples import has


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Codes and reply members that are not seen of some operations; a member stands for those inside it."""

    names: frozenset[str]
    operations: frozenset[str]
    reason: str


def _unseen(reason: str, names: str, operations: str = "") -> Unseen:
    """Names and operations are separated by blanks; without operations, all that declare the first code."""
    wanted = names.split()
    declaring = (name for name, kind in OPERATIONS.items() if wanted[0] in kind.errors)
    return Unseen(names=frozenset(wanted), operations=frozenset(operations.split() or declaring), reason=reason)


_SENDING_TO_WHOM: Final = "ForgotPassword ResendConfirmationCode SignUp UpdateUserAttributes"
_BEGIN: Final = "AdminInitiateAuth InitiateAuth"
_ANSWER: Final = "AdminRespondToAuthChallenge RespondToAuthChallenge"
_SIGNED: Final = " ".join(
    name
    for name, kind in OPERATIONS.items()
    if kind.signed
    and "NotAuthorizedException" in kind.errors
    and name not in ("AdminConfirmSignUp", "AdminInitiateAuth", "AdminResetUserPassword", "AdminRespondToAuthChallenge")
)
_BY_TOKEN: Final = " ".join(
    name
    for name, kind in OPERATIONS.items()
    if has(name, "AccessToken") and {"PasswordResetRequiredException", "UserNotConfirmedException"} <= kind.errors
)
_PASSKEYS: Final = " ".join(name for name in OPERATIONS if "WebAuthn" in name)

NOT_PRODUCED: Final = (
    _unseen("a defect of the service", "InternalErrorException"),
    _unseen("nobody counts requests on one machine", "TooManyRequestsException"),
    _unseen("needs a replica region", "OperationNotEnabledException"),
    _unseen("needs AWS WAF", "ForbiddenException"),
    _unseen("no trigger is called there", "InvalidLambdaResponseException", "ConfirmDevice"),
    _unseen("needs a role in IAM", "InvalidSmsRoleAccessPolicyException InvalidSmsRoleTrustRelationshipException"),
    _unseen("needs a role in IAM", "InvalidEmailRoleAccessPolicyException"),
    _unseen("needs policies in IAM: the pool takes any credentials", "NotAuthorizedException", _SIGNED),
    _unseen("operations run one at a time", "ConcurrentModificationException"),
    _unseen("needs an import job", "UserImportInProgressException"),
    _unseen("the pool changes its tier freely", "TierChangeNotAllowedException"),
    _unseen("the pool needs no settings of SMS to invite by SMS", "PreconditionNotMetException"),
    _unseen("too many codes are answered with LimitExceeded", "TooManyFailedAttemptsException"),
    _unseen("the quota is a thousand or more", "LimitExceededException", "CreateGroup CreateUserPool CreateUserPoolClient"),
    _unseen(
        "Cognito documents no number",
        "LimitExceededException",
        "AdminConfirmSignUp AdminResetUserPassword CreateUserPoolDomain SignUp",
    ),
    _unseen("Cognito documents no number", "LimitExceededException", "DeleteWebAuthnCredential ListWebAuthnCredentials"),
    _unseen(
        "an access token is a confirmed user's",
        "UserNotConfirmedException",
        f"{_BY_TOKEN} AdminSetUserMFAPreference GlobalSignOut",
    ),
    _unseen(
        "a reset does not end the access tokens there are",
        "PasswordResetRequiredException",
        f"{_BY_TOKEN} {_PASSKEYS} AdminSetUserMFAPreference GlobalSignOut",
    ),
    _unseen("an unknown user is told as an invalid session", "UserNotFoundException", _ANSWER),
    _unseen("a factor is asked for only where the user has it", "MFAMethodNotFoundException"),
    _unseen("a factor is asked for only where the user has it", "SoftwareTokenMFANotFoundException", _ANSWER),
    _unseen(
        "no setting of the pool keeps from signing in",
        "InvalidUserPoolConfigurationException",
        f"{_BEGIN} {_ANSWER} VerifySoftwareToken",
    ),
    _unseen(
        "nothing that the pool does there needs another tier",
        "FeatureUnavailableInTierException",
        "CreateUserPoolClient UpdateUserPoolClient",
    ),
    _unseen(
        "everything sent arrives; who has no address is told so otherwise", "CodeDeliveryFailureException", _SENDING_TO_WHOM
    ),
    _unseen(
        "a registration does not begin where there is no room for it", "LimitExceededException", "CompleteWebAuthnRegistration"
    ),
    _unseen("the operation takes no code", "CodeMismatchException ExpiredCodeException", "UpdateUserAttributes"),
    _unseen("a wrong code is told as EnableSoftwareTokenMFA", "CodeMismatchException", "VerifySoftwareToken"),
    _unseen("nothing can clash when a link is taken away", "AliasExistsException", "AdminDisableProviderForUser"),
    _unseen(
        "a device's password has no policy, and no user's name",
        "InvalidPasswordException UsernameExistsException",
        "ConfirmDevice",
    ),
    _unseen("reading a pool changes no tag", "UserPoolTaggingException", "DescribeUserPool"),
    _unseen("a domain that nobody has is described as empty", "ResourceNotFoundException", "DescribeUserPoolDomain"),
    # Members
    _unseen("a new user has no factors", "User.MFAOptions", "AdminCreateUser"),
    _unseen("a refresh is no new device's", "AuthenticationResult.NewDeviceMetadata", "GetTokensFromRefreshToken"),
    _unseen(
        "the pool judges no risk and knows no places",
        "AuthEvents.EventRisk.RiskLevel AuthEvents.EventContextData.DeviceName AuthEvents.EventContextData.Timezone"
        " AuthEvents.EventContextData.City AuthEvents.EventContextData.Country AuthEvents.EventFeedback",
        "AdminListUserAuthEvents",
    ),
    _unseen(
        "the pool manages no resource server",
        "ResourceServer.ManagedBy",
        "CreateResourceServer DescribeResourceServer UpdateResourceServer",
    ),
    _unseen("the pool manages no resource server", "ResourceServers.ManagedBy", "ListResourceServers"),
    _unseen(
        "sending never fails here",
        "UserPool.SmsConfigurationFailure UserPool.EmailConfigurationFailure",
        "CreateUserPool DescribeUserPool",
    ),
    _unseen("a new pool has no domain", "UserPool.Domain UserPool.CustomDomain", "CreateUserPool"),
    _unseen(
        "there is no Secrets Manager",
        "UserPoolClient.ClientSecretArn",
        "CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient",
    ),
    _unseen("needs a replica region", "UserPools.ReplicaRegions", "ListUserPools"),
    _unseen("a session's address and place are unknown", "Sessions.LastIPAddress Sessions.LastLocation", "ListUserSessions"),
    _unseen("needs a session of managed login", "Sessions.OriginSessionId", "ListUserSessions"),
    _unseen("a page holds all sessions that a user may have", "NextToken", "ListUserSessions"),
)
