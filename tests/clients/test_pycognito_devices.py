"""pycognito's devices, unchanged, against a real server process.

Its functions for devices call Cognito's own address, whatever endpoint the rest of it was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from tests.clients.amazon import amazon
from tests.clients.pools import ALWAYS, OPT_IN
from tests.support.aws import PASSWORD, Aws
from tests.support.local_server import Server

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture
def aws(server: Server) -> Aws:
    """A pool that lets users have their devices remembered, in place of the second factor."""
    return Aws.first(server).with_pool(MfaConfiguration="OPTIONAL", DeviceConfiguration=OPT_IN)


@pytest.fixture(autouse=True)
def at_amazons_address(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with amazon(server.endpoint, tmp_path) as there:
        monkeypatch.setenv("HTTPS_PROXY", there.proxy)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(there.certificate))
        for name in ("https_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield


def client(aws: Aws, username: str, **device: str) -> Any:
    made: Any = AWSSRP
    return made(username, PASSWORD, aws.user_pool_id, aws.client_id, client=aws.client, **device)


def with_totp(aws: Aws, access_token: str) -> str:
    secret: str = aws.client.associate_software_token(AccessToken=access_token)["SecretCode"]
    aws.client.verify_software_token(AccessToken=access_token, UserCode=aws.server.totp(secret))
    preferred = {"Enabled": True, "PreferredMfa": True}
    aws.client.set_user_mfa_preference(AccessToken=access_token, SoftwareTokenMfaSettings=preferred)
    return secret


def test_a_remembered_device_stands_in_for_the_second_factor(aws: Aws) -> None:
    aws.sign_up("dora")
    aws.confirm("dora")
    user = client(aws, "dora")
    tokens = user.authenticate_user()
    reply, password = user.confirm_device(tokens, "laptop")
    assert (reply.status_code, reply.json()) == (200, {"UserConfirmationNecessary": True})
    access_token = tokens["AuthenticationResult"]["AccessToken"]
    with_totp(aws, access_token)
    device = {
        "device_key": user.device_key,
        "device_group_key": user.device_group_key,
        "device_password": password,
    }
    with pytest.raises(SoftwareTokenMFAChallengeException):
        client(aws, "dora", **device).authenticate_user()

    assert "200" in user.update_device_status(is_remembered=True, access_token=access_token, device_key=user.device_key)
    result = client(aws, "dora", **device).authenticate_user()["AuthenticationResult"]
    claims = jwt.decode(result["AccessToken"], options={"verify_signature": False})
    assert claims["device_key"] == user.device_key
    with pytest.raises(ClientError, match="Incorrect username or password"):
        client(aws, "dora", **{**device, "device_password": "another"}).authenticate_user()
    with pytest.raises(SoftwareTokenMFAChallengeException):
        client(aws, "dora").authenticate_user()

    assert "200" in user.forget_device(access_token, user.device_key)
    with pytest.raises(ClientError, match="Device does not exist"):
        client(aws, "dora", **device).authenticate_user()


def test_a_device_that_is_remembered_by_the_pool(server: Server) -> None:
    aws = Aws.first(server).with_pool(DeviceConfiguration=ALWAYS)
    aws.sign_up("dina")
    aws.confirm("dina")
    user = client(aws, "dina")
    reply, password = user.confirm_device(user.authenticate_user(), "laptop")
    assert reply.json() == {"UserConfirmationNecessary": False}
    device = {"device_key": user.device_key, "device_group_key": user.device_group_key, "device_password": password}
    result = client(aws, "dina", **device).authenticate_user()["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result
    # Tokens that are bound to a device are not renewed without its key.
    with pytest.raises(aws.client.exceptions.NotAuthorizedException, match="Invalid Refresh Token"):
        aws.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    assert "AuthenticationResult" in aws.initiate(
        "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"], DEVICE_KEY=user.device_key
    )
