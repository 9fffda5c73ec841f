"""What is sent again, and after how long."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cognito_auth.api import OPERATIONS
from cognito_auth.api.auth import InitiateAuth, RespondToAuthChallenge
from cognito_auth.api.structure import Operation
from cognito_auth.errors import CognitoAuthError, InternalError, ProtocolError, TransportError, service_error
from cognito_auth.retry import REPEATABLE, RetryPolicy, is_read, is_repeatable
from tests.support.filled import filled
from tests.support.service_model import service_model

POLICY: Final = RetryPolicy()
ALMOST_ONE: Final = 1 - 2**-32
THROTTLED: Final = service_error("TooManyRequestsException", "slow down")
INTERNAL: Final = service_error("InternalErrorException", "oops")
NO_ANSWER: Final = TransportError("no answer")

HARMLESS: Final = {
    "AdminAddUserToGroup",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminSetUserPassword",
    "GetTokensFromRefreshToken",
    "GlobalSignOut",
    "RevokeToken",
    "SetUserMFAPreference",
}


def test_operations_that_are_repeated_are_named_here_too() -> None:
    """A new one has to be thought about twice."""
    assert {kind.__name__ for kind in REPEATABLE} == HARMLESS


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - {"InitiateAuth"}))
def test_repeatable(name: str) -> None:
    assert is_repeatable(filled(OPERATIONS[name], "s", "p")) == (name in HARMLESS or is_read(name))


def test_what_reads_neither_changes_nor_sends_anything() -> None:
    """What an operation declares as errors tells what it does: who reads delivers no codes and calls no triggers."""
    model = service_model()
    telling = {"CodeDeliveryFailureException", "UserLambdaValidationException", "ConcurrentModificationException"}
    reading = [name for name in model.operation_names if is_read(name)]
    assert {"AdminGetUser", "GetUser", "ListUsers", "DescribeUserPool", "GetCSVHeader"} <= set(reading)
    for name in reading:
        assert not telling & {shape.name for shape in model.operation_model(name).error_shapes}, name


@pytest.mark.parametrize(
    "name",
    ["GetTokensFromRefreshToken", "GetUserAttributeVerificationCode", "AdminCreateUser", "Listen", "AdminResetUserPassword"],
)
def test_what_does_more_than_read(name: str) -> None:
    assert not is_read(name)


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
