"""What the settings fill in, and with which user name each secret hash is made."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, Final

import pytest

from cognito_auth.api import OPERATIONS
from cognito_auth.api.account import ConfirmForgotPassword, ForgotPassword
from cognito_auth.api.auth import (
    AdminInitiateAuth,
    AdminRespondToAuthChallenge,
    GetTokensFromRefreshToken,
    GlobalSignOut,
    InitiateAuth,
    RespondToAuthChallenge,
    RevokeToken,
)
from cognito_auth.api.clients import CreateUserPoolClient, DeleteUserPoolClient, DescribeUserPoolClient, UpdateUserPoolClient
from cognito_auth.api.pools import DeleteUserPool
from cognito_auth.api.sign_up import ConfirmSignUp, ResendConfirmationCode, SignUp
from cognito_auth.api.structure import FROM_SETTINGS, Operation, members
from cognito_auth.api.users import AdminGetUser
from cognito_auth.completion import complete
from cognito_auth.secret_hash import secret_hash
from tests.support.filled import filled
from tests.support.scripted import CLIENT_SECRET, CONFIDENTIAL, SETTINGS

POOL: Final = SETTINGS.user_pool_id


def hashed(username: str) -> str:
    return secret_hash(username, "client1", CLIENT_SECRET)


def named(flow: str = "USER_SRP_AUTH", **parameters: str) -> InitiateAuth:
    return InitiateAuth(auth_flow=flow, auth_parameters=parameters)  # type: ignore[arg-type]  # any flow's name


CASES: Final[dict[str, tuple[Operation[Any], dict[str, Any]]]] = {
    "SignUp": (SignUp(username="typed"), {"client_id": "client1", "secret_hash": hashed("typed")}),
    "ConfirmSignUp": (
        ConfirmSignUp(username="typed", confirmation_code="1"),
        {"client_id": "client1", "secret_hash": hashed("typed")},
    ),
    "ResendConfirmationCode": (
        ResendConfirmationCode(username="typed"),
        {"client_id": "client1", "secret_hash": hashed("typed")},
    ),
    "ForgotPassword": (ForgotPassword(username="typed"), {"client_id": "client1", "secret_hash": hashed("typed")}),
    "ConfirmForgotPassword": (
        ConfirmForgotPassword(username="typed", confirmation_code="1", password="p"),
        {"client_id": "client1", "secret_hash": hashed("typed")},
    ),
    "InitiateAuth": (
        named(USERNAME="typed", SRP_A="1"),
        {
            "client_id": "client1",
            "auth_parameters": {"USERNAME": "typed", "SRP_A": "1", "SECRET_HASH": hashed("typed")},
        },
    ),
    "InitiateAuth-refresh": (
        named("REFRESH_TOKEN_AUTH", REFRESH_TOKEN="r"),
        {"client_id": "client1", "auth_parameters": {"REFRESH_TOKEN": "r"}},
    ),
    "InitiateAuth-own-hash": (
        named(USERNAME="typed", SECRET_HASH="own"),
        {"client_id": "client1", "auth_parameters": {"USERNAME": "typed", "SECRET_HASH": "own"}},
    ),
    "InitiateAuth-nothing": (
        InitiateAuth(auth_flow="USER_AUTH"),
        {"client_id": "client1", "auth_parameters": None},
    ),
    "AdminInitiateAuth": (
        AdminInitiateAuth(auth_flow="ADMIN_USER_PASSWORD_AUTH", auth_parameters={"USERNAME": "typed"}),
        {
            "client_id": "client1",
            "user_pool_id": POOL,
            "auth_parameters": {"USERNAME": "typed", "SECRET_HASH": hashed("typed")},
        },
    ),
    "RespondToAuthChallenge": (
        RespondToAuthChallenge(challenge_name="SMS_MFA", challenge_responses={"USERNAME": "pool-name"}),
        {
            "client_id": "client1",
            "challenge_responses": {"USERNAME": "pool-name", "SECRET_HASH": hashed("pool-name")},
        },
    ),
    "AdminRespondToAuthChallenge": (
        AdminRespondToAuthChallenge(challenge_name="SMS_MFA", challenge_responses={"USERNAME": "pool-name"}),
        {
            "client_id": "client1",
            "user_pool_id": POOL,
            "challenge_responses": {"USERNAME": "pool-name", "SECRET_HASH": hashed("pool-name")},
        },
    ),
    "GetTokensFromRefreshToken": (
        GetTokensFromRefreshToken(refresh_token="r"),
        {"client_id": "client1", "client_secret": CLIENT_SECRET},
    ),
    "RevokeToken": (RevokeToken(token="r"), {"client_id": "client1", "client_secret": CLIENT_SECRET}),
    "GlobalSignOut": (GlobalSignOut(access_token="a"), {}),
    "AdminGetUser": (AdminGetUser(username="ana"), {"user_pool_id": POOL}),
    "DescribeUserPoolClient": (DescribeUserPoolClient(), {"user_pool_id": POOL, "client_id": "client1"}),
    "UpdateUserPoolClient": (UpdateUserPoolClient(), {"user_pool_id": POOL, "client_id": "client1"}),
    "CreateUserPoolClient": (CreateUserPoolClient(client_name="new"), {"user_pool_id": POOL, "client_secret": None}),
}


@pytest.mark.parametrize(("operation", "expected"), CASES.values(), ids=CASES.keys())
def test_confidential_client(operation: Operation[Any], expected: dict[str, Any]) -> None:
    completed = complete(operation, CONFIDENTIAL)
    for member in members(type(operation)):
        value = expected.get(member.attribute, getattr(operation, member.attribute))
        assert getattr(completed, member.attribute) == value, member.attribute


@pytest.mark.parametrize("operation", [case[0] for case in CASES.values()], ids=CASES.keys())
def test_public_client(operation: Operation[Any]) -> None:
    completed = complete(operation, SETTINGS)
    assert CLIENT_SECRET not in str([getattr(completed, member.attribute) for member in members(type(operation))])
    for member in members(type(operation)):
        filled_in = {"client_id": "client1", "user_pool_id": POOL}.get(member.attribute)
        assert getattr(completed, member.attribute) == (filled_in or getattr(operation, member.attribute))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_is_in_one_of_the_tables(name: str) -> None:
    """One that the settings complete has a case above; any other is left as it is."""
    kind = OPERATIONS[name]
    wanted = {field.name for field in fields(kind) if field.default is not MISSING} & FROM_SETTINGS
    if wanted > {"user_pool_id"}:
        assert name in CASES
    full = filled(kind, "secret", "plain")
    assert complete(full, CONFIDENTIAL) is full


@pytest.mark.parametrize(
    "operation",
    [
        SignUp(username="typed", client_id="client2"),
        InitiateAuth(auth_flow="USER_SRP_AUTH", auth_parameters={"USERNAME": "typed"}, client_id="client2"),
        RespondToAuthChallenge(challenge_name="SMS_MFA", challenge_responses={"USERNAME": "a"}, client_id="client2"),
        GetTokensFromRefreshToken(refresh_token="r", client_id="client2"),
        RevokeToken(token="r", client_id="client2"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_another_client_s_id_gets_neither_secret_nor_hash(operation: Operation[Any]) -> None:
    assert complete(operation, CONFIDENTIAL) is operation


@pytest.mark.parametrize("kind", [DeleteUserPool, DeleteUserPoolClient])
def test_what_is_to_be_deleted_has_to_be_named(kind: type[Operation[Any]]) -> None:
    empty = {member.attribute: "" for member in members(kind)}
    assert complete(kind(**empty), CONFIDENTIAL) == kind(**empty)
    with pytest.raises(TypeError, match="missing"):
        kind()


def test_what_the_caller_gave_is_kept() -> None:
    given = SignUp(username="typed", client_id="client1", secret_hash="own")
    assert complete(given, CONFIDENTIAL) is given
    other_pool = AdminGetUser(username="ana", user_pool_id="eu-west-1_Other")
    assert complete(other_pool, CONFIDENTIAL) is other_pool


def test_the_caller_s_parameters_are_not_changed() -> None:
    parameters = {"USERNAME": "typed"}
    complete(InitiateAuth(auth_flow="USER_SRP_AUTH", auth_parameters=parameters), CONFIDENTIAL)
    assert parameters == {"USERNAME": "typed"}
