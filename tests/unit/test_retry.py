"""What is sent again, and after how long."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api import OPERATIONS
from cognito_auth.api.auth import InitiateAuth, RespondToAuthChallenge
from cognito_auth.api.structure import Operation
from cognito_auth.errors import CognitoAuthError, InternalError, ProtocolError, TransportError, service_error
from cognito_auth.retry import REPEATABLE, RetryPolicy, is_repeatable
from tests.support.filled import filled

POLICY: Final = RetryPolicy()
ALMOST_ONE: Final = 1 - 2**-32
THROTTLED: Final = service_error("TooManyRequestsException", "slow down")
INTERNAL: Final = service_error("InternalErrorException", "oops")
NO_ANSWER: Final = TransportError("no answer")

HARMLESS: Final = {
    "AdminAddUserToGroup",
    "AdminGetUser",
    "AdminSetUserPassword",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GlobalSignOut",
    "RevokeToken",
    "SetUserMFAPreference",
}


def test_operations_that_are_repeated_are_named_here_too() -> None:
    """A new one has to be thought about twice."""
    assert {kind.__name__ for kind in REPEATABLE} == HARMLESS


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - {"InitiateAuth"}))
def test_repeatable(name: str) -> None:
    assert is_repeatable(filled(OPERATIONS[name], "s", "p")) == (name in HARMLESS)


@pytest.mark.parametrize(
    ("flow", "repeatable"),
    [
        ("USER_SRP_AUTH", True),
        ("REFRESH_TOKEN_AUTH", True),
        ("REFRESH_TOKEN", True),
        ("USER_PASSWORD_AUTH", False),
        ("CUSTOM_AUTH", False),
        ("USER_AUTH", False),
        ("ADMIN_USER_PASSWORD_AUTH", False),
    ],
)
def test_flows_that_send_no_password_are_repeatable(flow: Any, *, repeatable: bool) -> None:
    assert is_repeatable(InitiateAuth(auth_flow=flow)) == repeatable


ANSWER: Final = RespondToAuthChallenge(challenge_name="SMS_MFA")
SRP: Final = InitiateAuth(auth_flow="USER_SRP_AUTH")


@pytest.mark.parametrize(
    ("error", "operation", "attempt", "longest"),
    [
        pytest.param(THROTTLED, ANSWER, 1, 0.2, id="throttled-answer"),
        pytest.param(THROTTLED, ANSWER, 2, 0.4, id="throttled-answer-again"),
        pytest.param(THROTTLED, ANSWER, 3, None, id="throttled-three-times"),
        pytest.param(NO_ANSWER, SRP, 1, 0.2, id="no-answer"),
        pytest.param(INTERNAL, SRP, 2, 0.4, id="internal-error"),
        pytest.param(NO_ANSWER, ANSWER, 1, None, id="no-answer-to-an-answer"),
        pytest.param(INTERNAL, ANSWER, 1, None, id="internal-error-after-an-answer"),
        pytest.param(ProtocolError("nonsense"), SRP, 1, None, id="nonsense"),
        pytest.param(service_error("NotAuthorizedException", "no"), SRP, 1, None, id="refused"),
        pytest.param(service_error("CodeMismatchException", "no"), ANSWER, 1, None, id="wrong-code"),
        pytest.param(service_error("LimitExceededException", "no"), SRP, 1, None, id="limit-of-the-user"),
    ],
)
def test_pauses(error: CognitoAuthError, operation: Operation[Any], attempt: int, longest: float | None) -> None:
    if longest is None:
        assert POLICY.pause(error, operation, attempt, 0.0) is None
    else:
        assert POLICY.pause(error, operation, attempt, 0.0) == 0.0
        assert POLICY.pause(error, operation, attempt, 0.5) == pytest.approx(longest / 2)
        assert POLICY.pause(error, operation, attempt, ALMOST_ONE) == pytest.approx(longest)


def test_a_pause_is_capped() -> None:
    policy = RetryPolicy(attempts=2000, cap=2.0)
    assert [policy.pause(THROTTLED, SRP, attempt, ALMOST_ONE) for attempt in (4, 5, 1000)] == [
        pytest.approx(1.6),
        pytest.approx(2.0),
        pytest.approx(2.0),
    ]
    assert isinstance(INTERNAL, InternalError)
