"""The tree of errors: drawn as it is, complete against the service's model, and safe to show."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Final

import pytest

from cognito_auth import errors
from cognito_auth.errors import Actor, CognitoAuthError, Retry, ServiceError, TokenError, UserError, service_error
from cognito_auth.errors.codes import CODES, REFINEMENTS
from tests.support.classes import below
from tests.support.service_model import service_model

ALL: Final = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CognitoAuthError)]


def drawn() -> Iterator[tuple[str, str]]:
    """Class and parent of each name in the drawing."""
    parents: dict[int, str] = {}
    for line in (inspect.getdoc(errors) or "").partition("::\n")[2].splitlines():
        # Four columns for each level; what follows two blanks, or says "...", is a remark.
        found = re.match(r"    (?P<rail>[│├└─ ]*)(?P<names>(?:[A-Z]\w+(?: \(\d+\))?,? ?)+)", line)
        if found is not None:
            depth = len(found["rail"]) // 4
            for name in re.findall(r"[A-Z]\w+", found["names"]):
                if depth:
                    yield name, parents[depth - 1]
                parents[depth] = name


def test_the_drawing_is_the_tree() -> None:
    shown = dict(drawn())
    real = {kind.__name__: kind for kind in ALL if kind is not CognitoAuthError}
    assert shown.keys() == real.keys()
    for name, parent in shown.items():
        assert real[name].__mro__[1].__name__ == parent, name


def test_everything_below_the_root_is_exported() -> None:
    defined = {kind.__name__ for kind in below(CognitoAuthError) if kind.__module__.startswith("cognito_auth.errors")}
    assert defined == {kind.__name__ for kind in ALL} - {"CognitoAuthError"}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_each_class_says_how_it_is_told(kind: type[CognitoAuthError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert kind.http_status in {400, 401, 403, 404, 409, 413, 415, 429, 431, 500, 502, 503}
    assert re.fullmatch(r"[A-Z].*\.", kind.public_message)
    assert isinstance(kind.actor, Actor)
    assert isinstance(kind.retry, Retry)
    assert (kind.__doc__ or "").strip().endswith(".")
    if kind.retry is Retry.BACKOFF:
        assert kind.retry_after
        assert kind.actor is Actor.SERVICE
    if kind.http_status in {429, 503}:
        assert kind.retry_after
    if issubclass(kind, UserError | TokenError):
        assert kind.actor is Actor.USER


def test_a_server_s_fault_tells_nothing_of_the_inside() -> None:
    for kind in ALL:
        if kind.actor is Actor.DEVELOPER and kind.http_status >= 500:
            assert kind.public_message in {
                "Something went wrong.",
                "The sign-in service refused the request.",
                "A value is not acceptable.",
            }


def test_every_code_of_the_service_has_a_class() -> None:
    modelled = {shape.metadata.get("error", {}).get("code", shape.name) for shape in service_model().error_shapes}
    assert modelled
    assert modelled <= CODES.keys(), sorted(modelled - CODES.keys())


@pytest.mark.parametrize("code", sorted(CODES))
def test_codes(code: str) -> None:
    error = service_error(code, "any text", operation="SignUp", request_id="r-1")
    assert type(error) is CODES[code]
    assert (error.aws_code, error.message, error.operation, error.request_id) == (code, "any text", "SignUp", "r-1")
    assert str(error) == f"SignUp: {code}: any text"


def test_a_code_that_nobody_knows_keeps_its_name() -> None:
    error = service_error("RiddleException", "why?")
    assert type(error) is ServiceError
    assert (error.aws_code, str(error)) == ("RiddleException", "Cognito: RiddleException: why?")


REFINED: Final = [
    ("NotAuthorizedException", "Incorrect username or password.", errors.IncorrectCredentials),
    ("NotAuthorizedException", "Password attempts exceeded", errors.PasswordAttemptsExceeded),
    ("NotAuthorizedException", "User is disabled.", errors.UserDisabled),
    ("NotAuthorizedException", "Invalid session for the user, session is expired.", errors.SessionExpired),
    ("NotAuthorizedException", "Invalid session for the user.", errors.SessionInvalid),
    ("NotAuthorizedException", "Unable to verify secret hash for client 1example", errors.SecretHashMismatch),
    ("NotAuthorizedException", "SecretHash does not match for the client: 1example", errors.SecretHashMismatch),
    (
        "NotAuthorizedException",
        "Client 1example is configured with secret but SECRET_HASH was not received",
        errors.SecretHashMismatch,
    ),
    ("NotAuthorizedException", "Refresh Token has been revoked", errors.RefreshTokenInvalid),
    ("NotAuthorizedException", "Refresh Token has expired", errors.RefreshTokenInvalid),
    ("NotAuthorizedException", "Invalid Refresh Token", errors.RefreshTokenInvalid),
    ("NotAuthorizedException", "Access Token has been revoked", errors.AccessTokenRejected),
    ("NotAuthorizedException", "Access Token has expired", errors.AccessTokenRejected),
    ("NotAuthorizedException", "Access Token does not have required scopes", errors.AccessTokenRejected),
    ("NotAuthorizedException", "Invalid Access Token", errors.AccessTokenRejected),
    ("NotAuthorizedException", "Could not verify signature for Access Token", errors.AccessTokenRejected),
    ("NotAuthorizedException", "Temporary password has expired and must be reset", errors.TemporaryPasswordExpired),
    (
        "NotAuthorizedException",
        "User account has expired, it must be reset by an administrator.",
        errors.TemporaryPasswordExpired,
    ),
    ("NotAuthorizedException", "SignUp is not permitted for this user pool", errors.SignUpNotPermitted),
    ("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", errors.AlreadyConfirmed),
    ("NotAuthorizedException", "User password cannot be reset in the current state.", errors.ResetNotPossible),
    ("NotAuthorizedException", "Contact administrator to reset password.", errors.ResetNotPossible),
    ("NotAuthorizedException", "A client attempted to write unauthorized attribute", errors.AttributeNotWritable),
    ("NotAuthorizedException", "", errors.NotAuthorized),
    ("NotAuthorizedException", "The user said: Incorrect username or password.", errors.NotAuthorized),
    ("InvalidParameterException", "User is already confirmed.", errors.AlreadyConfirmed),
    ("InvalidParameterException", "Cannot reset password for the user as there is no verified email", errors.ResetNotPossible),
    ("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client", errors.FlowNotEnabled),
    ("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client.", errors.FlowNotEnabled),
    ("InvalidParameterException", "CUSTOM_AUTH is not enabled for the client.", errors.FlowNotEnabled),
    ("InvalidParameterException", "USER_AUTH is not enabled for the client.", errors.FlowNotEnabled),
    ("ResourceNotFoundException", "Device does not exist.", errors.DeviceNotFound),
    ("InvalidParameterException", "Auth flow not enabled for this client", errors.FlowNotEnabled),
    ("InvalidParameterException", "Username should be an email.", errors.InvalidParameter),
    ("CodeMismatchException", "Incorrect username or password.", errors.CodeMismatch),
]


@pytest.mark.parametrize(
    ("code", "message", "kind"), REFINED, ids=[f"{kind.__name__}-{text[:30]}" for _, text, kind in REFINED]
)
def test_refinements(code: str, message: str, kind: type[ServiceError]) -> None:
    assert type(service_error(code, message)) is kind


def test_every_refinement_is_in_the_table_above_and_can_be_reached() -> None:
    for general, rows in REFINEMENTS.items():
        for beginning, special in rows:
            assert any(text.startswith(beginning) for _, text, _ in REFINED), beginning
            taken = next(kind for start, kind in rows if beginning.startswith(start))
            assert taken is special, f"{beginning} is hidden in {general.__name__}"


@pytest.mark.parametrize(
    "error",
    [
        errors.MissingExtra("Tea", "kettle"),
        errors.IllegalTransition(int, str),
        errors.AccessDenied("no", ("a",)),
        errors.RequestRejected("no"),
        service_error("CodeMismatchException", "no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_have_sentences(error: CognitoAuthError) -> None:
    assert str(error)
    assert error.retry_after is None


def test_a_missing_package_is_told_with_the_command_that_installs_it() -> None:
    assert str(errors.MissingExtra("Tea", "kettle")) == "Tea needs more packages: pip install 'cognito-auth-kit[kettle]'"
    assert issubclass(errors.MissingExtra, ImportError)
    assert issubclass(errors.ConfigurationError, ValueError)
