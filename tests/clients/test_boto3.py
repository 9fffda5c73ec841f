"""boto3, unchanged, against a real server process: the flows and the signatures."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from tests.support.aws import PASSWORD, Aws, attributes
from tests.support.local_server import Server, local_server

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture
def aws(server: Server) -> Aws:
    return Aws.first(server)


def test_journey(aws: Aws) -> None:
    tokens = aws.member("bea")
    secret = aws.client.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"]
    aws.client.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=aws.server.totp(secret))
    preferred = {"Enabled": True, "PreferredMfa": True}
    aws.client.set_user_mfa_preference(AccessToken=tokens["AccessToken"], SoftwareTokenMfaSettings=preferred)

    challenge = aws.sign_in("bea")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answered = aws.client.respond_to_auth_challenge(
        ClientId=aws.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "bea", "SOFTWARE_TOKEN_MFA_CODE": aws.server.totp(secret)},
    )
    refreshed = aws.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=answered["AuthenticationResult"]["RefreshToken"])
    user = aws.client.get_user(AccessToken=refreshed["AuthenticationResult"]["AccessToken"])
    assert user["Username"] == "bea"
    assert user["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]


def test_a_wrong_password_fails_by_its_proof(aws: Aws) -> None:
    aws.member("bettina")
    answer = aws.proof("bettina", PASSWORD + "x")
    with pytest.raises(aws.client.exceptions.NotAuthorizedException, match="Incorrect username or password"):
        aws.client.respond_to_auth_challenge(**answer)


@pytest.mark.parametrize(
    ("name", "bit"),
    [("PASSWORD_CLAIM_SIGNATURE", 0), ("PASSWORD_CLAIM_SIGNATURE", 255), ("PASSWORD_CLAIM_SECRET_BLOCK", 9)],
    ids=["first bit of the signature", "last bit of the signature", "secret block"],
)
def test_a_corrupted_proof_fails_with_the_right_password(aws: Aws, name: str, bit: int) -> None:
    username = f"berta-{name}-{bit}"
    aws.member(username)
    answer = aws.proof(username)
    value = bytearray(base64.b64decode(answer["ChallengeResponses"][name]))
    value[bit // 8] ^= 0x80 >> bit % 8
    answer["ChallengeResponses"][name] = base64.b64encode(value).decode()
    with pytest.raises(aws.client.exceptions.NotAuthorizedException):
        aws.client.respond_to_auth_challenge(**answer)
    assert "AuthenticationResult" in aws.sign_in(username)


def test_time_moves_by_the_pools_clock() -> None:
    with local_server() as server:
        aws = Aws.first(server)
        tokens = aws.member("birgit")
        aws.client.get_user(AccessToken=tokens["AccessToken"])
        server.move(tokens["ExpiresIn"] + 1)
        with pytest.raises(aws.client.exceptions.NotAuthorizedException, match="Access Token has expired"):
            aws.client.get_user(AccessToken=tokens["AccessToken"])
        refreshed = aws.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])
        aws.client.get_user(AccessToken=refreshed["AuthenticationResult"]["AccessToken"])


def test_step_up(server: Server) -> None:
    """From the level of a password to that of an app, and what the server refuses."""
    first = Aws.first(server)
    aws = first.with_pool(MfaConfiguration="OPTIONAL").with_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    aws.sign_up("belinda")
    aws.confirm("belinda")
    asked = {"USERNAME": "belinda", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD}
    low = aws.initiate("USER_AUTH", **asked, TARGET_ACR_VALUES="urn:cognito:loa:1")["AuthenticationResult"]
    assert told(low) == ("urn:cognito:loa:1", ["pwd"])
    target = {"USERNAME": "belinda", "TARGET_ACR_VALUES": "urn:cognito:loa:4 urn:cognito:loa:3"}
    with pytest.raises(aws.client.exceptions.InvalidParameterException, match="no factors for any ACR level"):
        aws.initiate("USER_AUTH", **target, ACCESS_TOKEN=low["AccessToken"])

    secret = aws.client.associate_software_token(AccessToken=low["AccessToken"])["SecretCode"]
    aws.client.verify_software_token(AccessToken=low["AccessToken"], UserCode=server.totp(secret))
    preferred = {"Enabled": True, "PreferredMfa": True}
    aws.client.set_user_mfa_preference(AccessToken=low["AccessToken"], SoftwareTokenMfaSettings=preferred)
    challenge = aws.initiate("USER_AUTH", **target, ACCESS_TOKEN=low["AccessToken"], MAX_AGE="600")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    high = aws.client.respond_to_auth_challenge(
        ClientId=aws.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "belinda", "SOFTWARE_TOKEN_MFA_CODE": server.totp(secret)},
    )["AuthenticationResult"]
    assert told(high) == ("urn:cognito:loa:4", ["pwd", "otp", "mfa"])
    with pytest.raises(aws.client.exceptions.InvalidParameterException, match="has the ACR level already"):
        aws.initiate("USER_AUTH", **target, ACCESS_TOKEN=high["AccessToken"])
    anew = aws.initiate("USER_AUTH", **target, ACCESS_TOKEN=high["AccessToken"], MAX_AGE="0")
    assert set(anew["AvailableChallenges"]) == {"PASSWORD", "PASSWORD_SRP"}

    lite = first.with_pool(UserPoolTier="LITE").with_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    with pytest.raises(lite.client.exceptions.FeatureUnavailableInTierException):
        lite.initiate("USER_AUTH", **target)


def told(tokens: Mapping[str, Any]) -> tuple[str, list[str]]:
    """What an access token says of the sign-in."""
    claims = jwt.decode(tokens["AccessToken"], options={"verify_signature": False})
    return claims["acr"], claims["amr"]


# Signatures

ADMINISTRATION: Final[Mapping[str, Callable[[Aws], Any]]] = {
    "CreateUserPool": lambda aws: aws.client.create_user_pool(PoolName="second")["UserPool"]["Id"],
    "CreateUserPoolClient": lambda aws: aws.with_client().client_id,
    "CreateGroup": lambda aws: aws.client.create_group(UserPoolId=aws.user_pool_id, GroupName="staff")["Group"],
    "AdminCreateUser": lambda aws: aws.client.admin_create_user(
        UserPoolId=aws.user_pool_id, Username="bianca", UserAttributes=attributes(email="bianca@example.org")
    )["User"],
    "AdminGetUser": lambda aws: aws.client.admin_get_user(UserPoolId=aws.user_pool_id, Username="bianca")["UserStatus"],
    "AdminSetUserPassword": lambda aws: aws.client.admin_set_user_password(
        UserPoolId=aws.user_pool_id, Username="bianca", Password=PASSWORD, Permanent=True
    ),
    "AdminAddUserToGroup": lambda aws: aws.client.admin_add_user_to_group(
        UserPoolId=aws.user_pool_id, Username="bianca", GroupName="staff"
    ),
    "AdminInitiateAuth": lambda aws: aws.client.admin_initiate_auth(
        UserPoolId=aws.user_pool_id,
        ClientId=aws.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "bianca", "PASSWORD": PASSWORD},
    )["AuthenticationResult"],
}
"""Operations that must be signed, in an order in which each finds what it needs."""


def test_signed_operations_take_any_credentials(aws: Aws) -> None:
    for operation in ADMINISTRATION.values():
        assert operation(aws)


@pytest.mark.parametrize("name", ADMINISTRATION)
def test_signed_operations_are_refused_without_a_signature(server: Server, name: str) -> None:
    unsigned = Aws.first(server, signature_version=UNSIGNED)
    with pytest.raises(ClientError, match="Missing Authentication Token") as raised:
        ADMINISTRATION[name](unsigned)
    error: Any = raised.value
    assert error.operation_name == name
    assert error.response["Error"]["Code"] == "MissingAuthenticationTokenException"


def test_what_is_public_needs_no_signature(server: Server) -> None:
    assert "IdToken" in Aws.first(server, signature_version=UNSIGNED).member("bruna")
