"""Sets of error codes that many operations declare.

Source: the errors of each operation in the service's own model; a test holds every operation's ``errors`` against it.
"""

from __future__ import annotations

from typing import Final

COMMON: Final = frozenset(
    {
        "InternalErrorException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "OperationNotEnabledException",
        "ResourceNotFoundException",
        "TooManyRequestsException",
    }
)
"""What nearly every operation declares."""

SIGNED_IN: Final = frozenset(
    {"ForbiddenException", "PasswordResetRequiredException", "UserNotConfirmedException", "UserNotFoundException"}
)
"""What the operations of a signed-in user declare."""

SMS: Final = frozenset({"InvalidSmsRoleAccessPolicyException", "InvalidSmsRoleTrustRelationshipException"})
"""What may be wrong with the role that sends text messages."""

SENDING: Final = SMS | {"InvalidEmailRoleAccessPolicyException"}
"""What may be wrong with the roles that send messages."""

TRIGGERS: Final = frozenset({"InvalidLambdaResponseException", "UnexpectedLambdaException", "UserLambdaValidationException"})
"""What may go wrong in a trigger."""
