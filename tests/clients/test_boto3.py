"""boto3, unchanged, against a real server process: the flows, its modelled errors, and its signatures.

boto3 has no SRP of its own; the proof comes from pycognito's `AWSSRP`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from cognito_auth.local import faults
from tests.support.local_server import Server, local_server

PASSWORD: Final = "Correct-Horse-7"

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def connect(server: Server, **config: Any) -> Any:
    made: Any = boto3
    settings = Config(retries={"total_max_attempts": 1}, **config)
    return made.client("cognito-idp", endpoint_url=server.endpoint, region_name="us-east-1", config=settings)


@pytest.fixture
def client(server: Server) -> Any:
    return connect(server)


def sign_up(client: Any, server: Server, username: str) -> None:
    client.sign_up(
        ClientId=server.client_id,
        Username=username,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{username}@example.org"}],
    )


def confirm(client: Any, server: Server, username: str) -> None:
    client.confirm_sign_up(ClientId=server.client_id, Username=username, ConfirmationCode=server.code(username))


def proof(client: Any, server: Server, username: str, password: str) -> dict[str, Any]:
    """The answer to PASSWORD_VERIFIER, as arguments of ``respond_to_auth_challenge``."""
    made: Any = AWSSRP
    srp = made(username, password, server.user_pool_id, server.client_id, client=client)
    parameters = srp.get_auth_params()
    challenge = client.initiate_auth(ClientId=server.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
    return {
        "ClientId": server.client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": srp.process_challenge(challenge["ChallengeParameters"], parameters),
        **({"Session": challenge["Session"]} if "Session" in challenge else {}),
    }


def sign_in(client: Any, server: Server, username: str) -> Any:
    return client.respond_to_auth_challenge(**proof(client, server, username, PASSWORD))


def test_journey(client: Any, server: Server) -> None:
    sign_up(client, server, "bea")
    confirm(client, server, "bea")
    tokens = sign_in(client, server, "bea")["AuthenticationResult"]

    secret = client.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"]
    client.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=server.totp(secret))
    preferred = {"Enabled": True, "PreferredMfa": True}
    client.set_user_mfa_preference(AccessToken=tokens["AccessToken"], SoftwareTokenMfaSettings=preferred)

    challenge = sign_in(client, server, "bea")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answered = client.respond_to_auth_challenge(
        ClientId=server.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "bea", "SOFTWARE_TOKEN_MFA_CODE": server.totp(secret)},
    )
    parameters = {"REFRESH_TOKEN": answered["AuthenticationResult"]["RefreshToken"]}
    refreshed = client.initiate_auth(ClientId=server.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)
    user = client.get_user(AccessToken=refreshed["AuthenticationResult"]["AccessToken"])
    assert user["Username"] == "bea"
    assert user["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]


def test_a_wrong_password_fails_by_its_proof(client: Any, server: Server) -> None:
    sign_up(client, server, "bettina")
    confirm(client, server, "bettina")
    answer = proof(client, server, "bettina", PASSWORD + "x")
    with pytest.raises(client.exceptions.NotAuthorizedException, match="Incorrect username or password"):
        client.respond_to_auth_challenge(**answer)


@pytest.mark.parametrize(
    ("name", "bit"),
    [("PASSWORD_CLAIM_SIGNATURE", 0), ("PASSWORD_CLAIM_SIGNATURE", 255), ("PASSWORD_CLAIM_SECRET_BLOCK", 9)],
    ids=["first bit of the signature", "last bit of the signature", "secret block"],
)
def test_a_corrupted_proof_fails_with_the_right_password(client: Any, server: Server, name: str, bit: int) -> None:
    username = f"berta-{name}-{bit}"
    sign_up(client, server, username)
    confirm(client, server, username)
    answer = proof(client, server, username, PASSWORD)
    value = bytearray(base64.b64decode(answer["ChallengeResponses"][name]))
    value[bit // 8] ^= 0x80 >> bit % 8
    answer["ChallengeResponses"][name] = base64.b64encode(value).decode()
    with pytest.raises(client.exceptions.NotAuthorizedException):
        client.respond_to_auth_challenge(**answer)
    assert "AuthenticationResult" in sign_in(client, server, username)


def test_time_moves_by_the_pools_clock() -> None:
    with local_server() as server:
        client = connect(server)
        sign_up(client, server, "birgit")
        confirm(client, server, "birgit")
        tokens = sign_in(client, server, "birgit")["AuthenticationResult"]
        client.get_user(AccessToken=tokens["AccessToken"])
        server.move(tokens["ExpiresIn"] + 1)
        with pytest.raises(client.exceptions.NotAuthorizedException, match="Access Token has expired"):
            client.get_user(AccessToken=tokens["AccessToken"])
        parameters = {"REFRESH_TOKEN": tokens["RefreshToken"]}
        refreshed = client.initiate_auth(ClientId=server.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)
        client.get_user(AccessToken=refreshed["AuthenticationResult"]["AccessToken"])


def group_twice(client: Any, server: Server) -> None:
    for _ in range(2):
        client.create_group(UserPoolId=server.user_pool_id, GroupName="twice")


def sign_up_twice(client: Any, server: Server) -> None:
    for _ in range(2):
        sign_up(client, server, "brigitte")


def sign_in_unconfirmed(client: Any, server: Server) -> None:
    sign_up(client, server, "barbara")
    sign_in(client, server, "barbara")


def expired_code(client: Any, server: Server) -> None:
    sign_up(client, server, "belinda")
    code = server.code("belinda")
    server.move(86400 + 1)
    client.confirm_sign_up(ClientId=server.client_id, Username="belinda", ConfirmationCode=code)


def wrong_code(client: Any, server: Server) -> None:
    sign_up(client, server, "bella")
    wrong = f"{(int(server.code('bella')) + 1) % 1_000_000:06}"
    client.confirm_sign_up(ClientId=server.client_id, Username="bella", ConfirmationCode=wrong)


def wrong_totp_at_set_up(client: Any, server: Server) -> None:
    sign_up(client, server, "beatrix")
    confirm(client, server, "beatrix")
    token = sign_in(client, server, "beatrix")["AuthenticationResult"]["AccessToken"]
    client.associate_software_token(AccessToken=token)
    client.verify_software_token(AccessToken=token, UserCode="000000")


def reset_required(client: Any, server: Server) -> None:
    sign_up(client, server, "benita")
    confirm(client, server, "benita")
    client.admin_reset_user_password(UserPoolId=server.user_pool_id, Username="benita")
    sign_in(client, server, "benita")


ERRORS: Final[Mapping[str, Callable[[Any, Server], object]]] = {
    "CodeMismatchException": wrong_code,
    "EnableSoftwareTokenMFAException": wrong_totp_at_set_up,
    "ExpiredCodeException": expired_code,
    "GroupExistsException": group_twice,
    "InvalidParameterException": lambda client, server: client.initiate_auth(
        ClientId=server.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={}
    ),
    "InvalidPasswordException": lambda client, server: client.sign_up(
        ClientId=server.client_id, Username="short", Password="short-pw"
    ),
    "NotAuthorizedException": lambda client, _: client.get_user(AccessToken="a.b.c"),
    "PasswordResetRequiredException": reset_required,
    "ResourceNotFoundException": lambda client, _: client.describe_user_pool(UserPoolId="us-east-1_nothere00"),
    "UserNotConfirmedException": sign_in_unconfirmed,
    "UserNotFoundException": lambda client, server: client.admin_get_user(UserPoolId=server.user_pool_id, Username="nobody"),
    "UsernameExistsException": sign_up_twice,
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_arrive_as_their_modelled_class(client: Any, server: Server, name: str) -> None:
    with pytest.raises(getattr(client.exceptions, name)) as raised:
        ERRORS[name](client, server)
    reply = raised.value.response
    assert reply["Error"]["Code"] == name
    assert reply["Error"]["Message"]
    assert reply["ResponseMetadata"]["RequestId"]


UNMODELLED: Final = {
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
}
"""Errors of every service that speaks this protocol; the model of the single service does not list them."""


def test_every_error_of_the_pool_is_one_that_the_service_has(client: Any) -> None:
    codes = {f"{value.code}Exception" for value in vars(faults).values() if isinstance(value, faults.Refusal)}
    modelled = set(client.meta.service_model.shape_names)
    assert codes - UNMODELLED <= modelled
    assert not UNMODELLED & modelled


def test_signed_operations_take_any_signature(client: Any) -> None:
    made = client.create_user_pool(PoolName="second")["UserPool"]
    assert client.describe_user_pool(UserPoolId=made["Id"])["UserPool"]["Name"] == "second"
    pages = client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 1})
    assert made["Id"] in [pool["Id"] for page in pages for pool in page["UserPools"]]
    client.delete_user_pool(UserPoolId=made["Id"])
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_user_pool(UserPoolId=made["Id"])


def test_signed_operations_are_refused_without_a_signature(server: Server) -> None:
    unsigned = connect(server, signature_version=UNSIGNED)
    for attempt in (
        lambda: unsigned.create_user_pool(PoolName="third"),
        lambda: unsigned.admin_get_user(UserPoolId=server.user_pool_id, Username="bea"),
    ):
        with pytest.raises(ClientError, match="Missing Authentication Token"):
            attempt()


def test_what_is_public_needs_no_signature(server: Server) -> None:
    unsigned = connect(server, signature_version=UNSIGNED)
    sign_up(unsigned, server, "bruna")
    confirm(unsigned, server, "bruna")
    assert "AuthenticationResult" in sign_in(unsigned, server, "bruna")
