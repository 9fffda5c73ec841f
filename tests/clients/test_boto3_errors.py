"""Every error of the embedded pool reaches boto3 as the class that the service's model has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from cognito_auth.local import faults
from tests.support.aws import Aws, attributes
from tests.support.local_server import Server

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def alias_exists(aws: Aws) -> None:
    pool = aws.with_pool(AliasAttributes=["email"])
    for username in ("one", "two"):
        pool.sign_up(username, UserAttributes=attributes(email="shared@example.org"))
        pool.confirm(username)


def code_delivery_failure(aws: Aws) -> None:
    pool = aws.with_pool()
    pool.client.admin_create_user(UserPoolId=pool.user_pool_id, Username="one", DesiredDeliveryMediums=["EMAIL"])


def code_mismatch(aws: Aws) -> None:
    aws.sign_up("mia")
    aws.confirm("mia", f"{(int(aws.code('mia')) + 1) % 1_000_000:06}")


def enable_software_token(aws: Aws) -> None:
    token = aws.member("enya")["AccessToken"]
    aws.client.associate_software_token(AccessToken=token)
    aws.client.verify_software_token(AccessToken=token, UserCode="000000")


def expired_code(aws: Aws) -> None:
    aws.sign_up("eva")
    code = aws.code("eva")
    aws.server.move(24 * 3600 + 1)
    aws.confirm("eva", code)


def group_exists(aws: Aws) -> None:
    for _ in range(2):
        aws.client.create_group(UserPoolId=aws.user_pool_id, GroupName="twice")


def limit_exceeded(aws: Aws) -> None:
    aws.member("lia")
    for _ in range(50):
        aws.client.forgot_password(ClientId=aws.client_id, Username="lia")


def password_history(aws: Aws) -> None:
    policy = {"MinimumLength": 8, "PasswordHistorySize": 2}
    pool = aws.with_pool(Policies={"PasswordPolicy": policy})
    token = pool.member("pat")["AccessToken"]
    old, new = "Correct-Horse-7", "Battery-Staple-8"
    pool.client.change_password(AccessToken=token, PreviousPassword=old, ProposedPassword=new)
    pool.client.change_password(AccessToken=token, PreviousPassword=new, ProposedPassword=old)


def refresh_token_reuse(aws: Aws) -> None:
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    app = aws.with_client(RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    token = app.member("rut")["RefreshToken"]
    for _ in range(2):
        app.client.get_tokens_from_refresh_token(ClientId=app.client_id, RefreshToken=token)


def software_token_not_found(aws: Aws) -> None:
    pool = aws.with_pool(MfaConfiguration="OFF")
    pool.client.associate_software_token(AccessToken=pool.member("sol")["AccessToken"])


def unauthorized(aws: Aws) -> None:
    tokens = aws.member("una")
    other = aws.with_client()
    other.client.revoke_token(ClientId=other.client_id, Token=tokens["RefreshToken"])


def unsupported_operation(aws: Aws) -> None:
    app = aws.with_client(EnableTokenRevocation=False)
    app.client.revoke_token(ClientId=app.client_id, Token=app.member("uli")["RefreshToken"])


def unsupported_token_type(aws: Aws) -> None:
    aws.client.revoke_token(ClientId=aws.client_id, Token=aws.member("uta")["AccessToken"])


def unsupported_user_state(aws: Aws) -> None:
    aws.member("udo")
    aws.client.admin_create_user(UserPoolId=aws.user_pool_id, Username="udo", MessageAction="RESEND")


def user_not_confirmed(aws: Aws) -> None:
    aws.sign_up("nina")
    aws.sign_in("nina")


def username_exists(aws: Aws) -> None:
    for _ in range(2):
        aws.sign_up("nora")


ERRORS: Final[Mapping[str, Callable[[Aws], object]]] = {
    "AliasExistsException": alias_exists,
    "CodeDeliveryFailureException": code_delivery_failure,
    "CodeMismatchException": code_mismatch,
    "EnableSoftwareTokenMFAException": enable_software_token,
    "ExpiredCodeException": expired_code,
    "GroupExistsException": group_exists,
    "InvalidOAuthFlowException": lambda aws: aws.with_client(
        AllowedOAuthFlows=["client_credentials"], AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthScopes=["a/b"]
    ),
    "InvalidParameterException": lambda aws: aws.initiate("USER_SRP_AUTH", USERNAME="somebody"),
    "InvalidPasswordException": lambda aws: aws.sign_up("short", Password="short-pw"),
    "LimitExceededException": limit_exceeded,
    "NotAuthorizedException": lambda aws: aws.client.get_user(AccessToken="a.b.c"),
    "PasswordHistoryPolicyViolationException": password_history,
    "RefreshTokenReuseException": refresh_token_reuse,
    "ResourceNotFoundException": lambda aws: aws.client.create_group(UserPoolId="us-east-1_nothere00", GroupName="staff"),
    "SoftwareTokenMFANotFoundException": software_token_not_found,
    "UnauthorizedException": unauthorized,
    "UnsupportedOperationException": unsupported_operation,
    "UnsupportedTokenTypeException": unsupported_token_type,
    "UnsupportedUserStateException": unsupported_user_state,
    "UserNotConfirmedException": user_not_confirmed,
    "UserNotFoundException": lambda aws: aws.client.admin_get_user(UserPoolId=aws.user_pool_id, Username="nobody"),
    "UsernameExistsException": username_exists,
}
"""Each error of the service's model, and what brings it about."""

UNMODELLED: Final = {
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
}
"""Errors of every AWS service that speaks this protocol; the model of the single service does not list them."""

OUT_OF_REACH: Final = {"InternalErrorException", "PasswordResetRequiredException"}
"""A defect, and a state of a user into which no operation of the embedded pool leads."""


@pytest.mark.parametrize("name", ERRORS)
def test_errors_arrive_as_their_modelled_class(server: Server, name: str) -> None:
    aws = Aws.first(server)
    with pytest.raises(getattr(aws.client.exceptions, name)) as raised:
        ERRORS[name](aws)
    reply: Any = raised.value.response
    assert reply["Error"]["Code"] == name
    assert reply["Error"]["Message"]
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert reply["ResponseMetadata"]["RequestId"]


def test_the_table_has_every_error_of_the_pool(server: Server) -> None:
    kinds = [kind for kind in vars(faults).values() if isinstance(kind, type) and issubclass(kind, faults.Fault)]
    codes = {kind.code for kind in kinds if kind is not faults.Fault}
    assert codes == ERRORS.keys() | UNMODELLED | OUT_OF_REACH
    modelled = set(Aws.first(server).client.meta.service_model.shape_names)
    assert ERRORS.keys() | OUT_OF_REACH <= modelled
    assert not UNMODELLED & modelled
