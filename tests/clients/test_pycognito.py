"""pycognito, unchanged, against a real server process: its own SRP, its own token verification."""

from __future__ import annotations

from typing import Any, Final

import pytest
from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from tests.support.local_server import Server

PASSWORD: Final = "Correct-Horse-7"

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def cognito(server: Server, username: str, *, confidential: bool) -> Any:
    made: Any = Cognito
    return made(
        server.user_pool_id,
        server.confidential_client_id if confidential else server.client_id,
        client_secret=server.confidential_client_secret if confidential else None,
        username=username,
        boto3_client_kwargs={"endpoint_url": server.endpoint},
    )


def confirmed(server: Server, username: str, *, confidential: bool) -> Any:
    user = cognito(server, username, confidential=confidential)
    user.set_base_attributes(email=f"{username}@example.org")
    user.register(username, PASSWORD)
    user.confirm_sign_up(server.code(username), username)
    return user


@pytest.mark.parametrize("confidential", [False, True], ids=["public", "confidential"])
def test_journey(server: Server, *, confidential: bool) -> None:
    username = f"paula-{confidential}".lower()
    user = confirmed(server, username, confidential=confidential)
    user.authenticate(PASSWORD)
    secret = user.associate_software_token()
    assert user.verify_software_token(server.totp(secret), "phone")
    user.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")

    again = cognito(server, username, confidential=confidential)
    with pytest.raises(SoftwareTokenMFAChallengeException):
        again.authenticate(PASSWORD)
    again.respond_to_software_token_mfa_challenge(server.totp(secret))
    assert again.id_claims["cognito:username"] == username
    assert again.access_claims["client_id"] == again.client_id

    before = again.access_token
    again.renew_access_token()
    again.verify_tokens()
    assert again.access_token != before
    assert again.get_user().email == f"{username}@example.org"


def test_a_wrong_password_fails_by_its_proof(server: Server) -> None:
    user = confirmed(server, "pia", confidential=False)
    with pytest.raises(ClientError, match="Incorrect username or password") as raised:
        user.authenticate(PASSWORD + "x")
    error: Any = raised.value
    assert error.operation_name == "RespondToAuthChallenge"
    assert error.response["Error"]["Code"] == "NotAuthorizedException"


def test_a_changed_password_takes_the_place_of_the_old_one(server: Server) -> None:
    user = confirmed(server, "petra", confidential=False)
    user.initiate_forgot_password()
    user.confirm_forgot_password(server.code("petra"), "Battery-Staple-8")
    with pytest.raises(ClientError, match="Incorrect username or password"):
        user.authenticate(PASSWORD)
    user.authenticate("Battery-Staple-8")
