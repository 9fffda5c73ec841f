"""pycognito, unchanged, against a real server process: its own SRP, its own token verification."""

from __future__ import annotations

from typing import Any, Final

import jwt
import pytest
import requests
from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.exceptions import ForceChangePasswordException, SMSMFAChallengeException, SoftwareTokenMFAChallengeException
from pycognito.utils import RequestsSrpAuth

from tests.clients.pools import SMS
from tests.support.aws import Aws, attributes
from tests.support.local_server import Server

PASSWORD: Final = "Correct-Horse-7"
NEW_PASSWORD: Final = "Battery-Staple-8"

# pycognito makes the SRP timestamp with a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


def cognito(server: Server, username: str, *, confidential: bool = False) -> Any:
    made: Any = Cognito
    return made(
        server.user_pool_id,
        server.confidential_client_id if confidential else server.client_id,
        client_secret=server.confidential_client_secret if confidential else None,
        username=username,
        boto3_client_kwargs={"endpoint_url": server.endpoint},
    )


def confirmed(server: Server, username: str, *, confidential: bool = False) -> Any:
    user = cognito(server, username, confidential=confidential)
    user.set_base_attributes(email=f"{username}@example.org")
    user.register(username, PASSWORD)
    user.confirm_sign_up(server.code(username), username)
    return user


def signed_in(server: Server, username: str) -> Any:
    user = confirmed(server, username)
    user.authenticate(PASSWORD)
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
    user = confirmed(server, "pia")
    with pytest.raises(ClientError, match="Incorrect username or password") as raised:
        user.authenticate(PASSWORD + "x")
    error: Any = raised.value
    assert error.operation_name == "RespondToAuthChallenge"
    assert error.response["Error"]["Code"] == "NotAuthorizedException"


def test_a_sign_up_is_confirmed_by_the_newest_code(server: Server) -> None:
    user = cognito(server, "paul")
    user.set_base_attributes(email="paul@example.org")
    user.register("paul", PASSWORD)
    user.resend_confirmation_code("paul")
    user.confirm_sign_up(server.code("paul"))
    user.authenticate(PASSWORD)


def test_a_text_message_is_the_second_factor(server: Server) -> None:
    aws = Aws.first(server).with_pool(
        MfaConfiguration="OPTIONAL",
        AutoVerifiedAttributes=["phone_number"],
        SmsConfiguration=SMS,
    )
    aws.sign_up("pelle", UserAttributes=attributes(phone_number="+12065550100"))
    aws.confirm("pelle")
    made: Any = Cognito
    user = made(aws.user_pool_id, aws.client_id, username="pelle", boto3_client_kwargs={"endpoint_url": server.endpoint})
    user.authenticate(PASSWORD)
    user.set_user_mfa_preference(sms_mfa=True, software_token_mfa=False, preferred="SMS")
    with pytest.raises(SMSMFAChallengeException):
        user.authenticate(PASSWORD)
    code = aws.code("pelle")
    with pytest.raises(ClientError, match="Invalid code"):
        user.respond_to_sms_mfa_challenge(f"{(int(code) + 1) % 1_000_000:06}")
    user.respond_to_sms_mfa_challenge(code)
    assert user.access_claims["username"] == "pelle"


# Passwords


def test_a_forgotten_password_is_replaced(server: Server) -> None:
    user = confirmed(server, "petra")
    user.initiate_forgot_password()
    user.confirm_forgot_password(server.code("petra"), NEW_PASSWORD)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        user.authenticate(PASSWORD)
    user.authenticate(NEW_PASSWORD)


def test_a_known_password_is_changed(server: Server) -> None:
    user = signed_in(server, "pablo")
    user.change_password(PASSWORD, NEW_PASSWORD)
    user.authenticate(NEW_PASSWORD)


# Profile


def test_the_profile_is_updated(server: Server) -> None:
    user = signed_in(server, "perla")
    user.update_profile({"given_name": "Perla", "family_name": "Negra"})
    profile = user.get_user()
    profile.family_name = "Blanca"
    profile.email = "perla@example.net"
    profile.save()
    profile = user.get_user()
    assert (profile.given_name, profile.family_name) == ("Perla", "Blanca")
    assert (profile.email, profile.email_verified) == ("perla@example.net", False)

    user.send_verification("email")
    code = server.code("perla")
    with pytest.raises(ClientError, match="Invalid verification code"):
        user.validate_verification(f"{(int(code) + 1) % 1_000_000:06}", "email")
    user.validate_verification(code, "email")
    assert user.get_user().email_verified


def test_a_user_deletes_itself(server: Server) -> None:
    user = signed_in(server, "pedro")
    user.get_user().delete()
    with pytest.raises(ClientError):
        user.authenticate(PASSWORD)


# Tokens


def test_an_expired_access_token_is_renewed(server: Server) -> None:
    user = signed_in(server, "penny")
    current = user.access_token
    assert not user.check_token()
    assert user.access_token == current
    # pycognito only looks at the expiry before it renews.
    user.access_token = jwt.encode({"exp": 1}, "k" * 32)
    assert user.check_token()
    assert user.verify_token(user.access_token, "access_token", "access")["username"] == "penny"


def test_tokens_go_with_requests(server: Server) -> None:
    confirmed(server, "phil")
    made: Any = RequestsSrpAuth
    auth = made(
        username="phil",
        password=PASSWORD,
        user_pool_id=server.user_pool_id,
        client_id=server.client_id,
        boto3_client_kwargs={"endpoint_url": server.endpoint},
    )
    request = requests.Request("GET", "https://api.example.org/", auth=auth).prepare()
    scheme, _, token = str(request.headers["Authorization"]).partition(" ")
    assert scheme == "Bearer"
    assert cognito(server, "phil").verify_token(token, "access_token", "access")["username"] == "phil"


def test_signing_out_ends_every_session(server: Server) -> None:
    user = signed_in(server, "pius")
    other = cognito(server, "pius")
    other.authenticate(PASSWORD)
    user.logout()
    with pytest.raises(ClientError, match="Access Token has been revoked"):
        other.get_user()
    with pytest.raises(ClientError, match="Refresh Token has been revoked"):
        other.renew_access_token()
    user.authenticate(PASSWORD)


# Administration


def test_a_user_that_an_administrator_creates(server: Server) -> None:
    user = cognito(server, "pilar")
    user.admin_create_user(
        "pilar", PASSWORD, {"MessageAction": "SUPPRESS"}, email="pilar@example.org", email_verified=True, name="Pilar"
    )
    with pytest.raises(ForceChangePasswordException):
        user.authenticate(PASSWORD)
    user.new_password_challenge(PASSWORD, NEW_PASSWORD)
    assert user.id_claims["email_verified"] is True
    found = user.admin_get_user()
    assert (found.user_status, found.enabled, found.name) == ("CONFIRMED", True, "Pilar")

    found.name = "Pilar Rubio"
    found.save(admin=True)
    assert user.admin_get_user().name == "Pilar Rubio"
    assert "pilar" in {each.username for each in user.get_users()}
    user.admin_delete_user()
    with pytest.raises(ClientError, match="User does not exist"):
        user.admin_get_user()


def test_an_administrator_confirms_signs_in_and_disables(server: Server) -> None:
    user = cognito(server, "placido")
    user.set_base_attributes(email="placido@example.org", preferred_username="placido1")
    user.register("placido", PASSWORD)
    user.admin_confirm_sign_up()
    user.admin_authenticate(PASSWORD)
    assert user.id_claims["preferred_username"] == "placido1"

    user.admin_disable_user("placido")
    with pytest.raises(ClientError, match="User is disabled"):
        user.authenticate(PASSWORD)
    user.admin_enable_user("placido")
    user.authenticate(PASSWORD)


def test_an_administrator_resets_a_password(server: Server) -> None:
    user = confirmed(server, "prisca")
    user.admin_reset_password("prisca")
    with pytest.raises(ClientError) as raised:
        user.authenticate(PASSWORD)
    error: Any = raised.value
    assert error.response["Error"]["Code"] == "PasswordResetRequiredException"
    user.confirm_forgot_password(server.code("prisca"), NEW_PASSWORD)
    user.authenticate(NEW_PASSWORD)


def test_groups(server: Server) -> None:
    user = confirmed(server, "pascal")
    create = Aws.first(server).client.create_group
    for name in ("crew", "guests"):
        create(UserPoolId=server.user_pool_id, GroupName=name, Description=f"The {name}", Precedence=3)
        user.admin_add_user_to_group("pascal", name)
    found = user.get_group("crew")
    assert (found.group_name, found.description, found.precedence) == ("crew", "The crew", 3)
    assert {"crew", "guests"} <= {each.group_name for each in user.get_groups()}
    assert sorted(user.admin_list_groups_for_user("pascal")) == ["crew", "guests"]
    user.admin_remove_user_from_group("pascal", "guests")
    user.authenticate(PASSWORD)
    assert user.id_claims["cognito:groups"] == ["crew"]


def test_app_clients(server: Server) -> None:
    aws = Aws.first(server).with_client()
    admin = cognito(server, "nobody")
    admin.admin_update_user_pool_client(aws.user_pool_id, aws.client_id, ClientName="renamed", RefreshTokenValidity=7)
    settings = admin.describe_user_pool_client(aws.user_pool_id, aws.client_id)
    assert (settings["ClientName"], settings["RefreshTokenValidity"]) == ("renamed", 7)
