"""A sign-in begins in one process and is finished in another, which shares nothing with the first but the configuration.

The user pool is a real ``cognito-auth local`` process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.client import CognitoClient
from cognito_auth.client.common import Surroundings
from cognito_auth.config import Settings
from cognito_auth.flows import associate_software_token, prefer_mfa, sign_in, verify_software_token
from cognito_auth.states import SignedIn
from cognito_auth.tokens import TokenVerifier
from cognito_auth.web import ROUTES, Request, WebAuth, WebOptions

from ..support.local_server import Server, local_server
from .world import CREDENTIALS, NEW_PASSWORD, PASSWORD

ROUTE: Final = {route.name: route for route in ROUTES}
SECRET: Final = "a-secret-that-both-processes-seal-with"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with local_server() as running:
        yield running


@pytest.fixture
def config(server: Server, *, confidential: bool) -> dict[str, str]:
    """What both processes are configured with."""
    shared = {
        "COGNITO_ENDPOINT": server.endpoint,
        "COGNITO_USER_POOL_ID": server.user_pool_id,
        "COGNITO_CLIENT_ID": server.client_id,
        "COGNITO_AUTH_SECRET": SECRET,
    }
    if not confidential:
        return shared
    secret = {"COGNITO_CLIENT_SECRET": server.confidential_client_secret}
    return {**shared, "COGNITO_CLIENT_ID": server.confidential_client_id, **secret}


@pytest.fixture
def client(config: dict[str, str], server: Server) -> Iterator[CognitoClient]:
    """A client whose time is the server's, which the tests move."""
    surroundings = Surroundings(now=server.now)
    with CognitoClient(Settings.from_mapping(config), credentials=CREDENTIALS, surroundings=surroundings) as made:
        yield made


def begin(client: CognitoClient, config: Mapping[str, str], username: str, password: str, delivery: str) -> dict[str, Any]:
    """Sign in as far as the first challenge; gives the reply's document."""
    auth = WebAuth(client.settings, WebOptions.from_mapping(config))
    body = json.dumps({"username": username, "password": password, "delivery": delivery}).encode()
    headers = (("Content-Type", "application/json"), ("Host", "app.example.com"))
    reply = client.run(auth.handle(ROUTE["login"], Request(method="POST", scheme="https", headers=headers, body=body)))
    assert reply.document["status"] == "challenge"
    return dict(reply.document)


def finish(config: Mapping[str, str], state: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the challenge in another process."""
    asked = json.dumps({"config": config, "body": {"state": state, "answer": answer}})
    command = [sys.executable, "-m", "tests.scenarios.answering"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=60)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_code_is_given_to_another_process(
    client: CognitoClient, config: dict[str, str], server: Server, *, confidential: bool
) -> None:
    username = f"ana-{confidential:d}"
    client.send(AdminCreateUser(username=username, message_action="SUPPRESS"))
    client.send(AdminSetUserPassword(username=username, password=PASSWORD, permanent=True))
    signed_in = client.run(sign_in(username, PASSWORD))
    assert isinstance(signed_in, SignedIn)
    access_token = signed_in.tokens.access_token
    secret = client.run(associate_software_token(access_token))
    client.run(verify_software_token(access_token, server.totp(secret)))
    client.run(prefer_mfa(access_token, software_token="preferred"))

    told = begin(client, config, username, PASSWORD, "tokens")
    assert told["challenge"]["name"] == "SOFTWARE_TOKEN_MFA"
    assert username not in told["state"]
    code = server.totp(secret)
    assert finish({**config, "COGNITO_AUTH_SECRET": SECRET[::-1]}, told["state"], {"code": code})["status"] == 400
    finished = finish(config, told["state"], {"code": code})
    assert (finished["status"], finished["document"]["username"]) == (200, username)
    verifier = TokenVerifier.for_settings(client.settings)
    assert client.run(verifier.access_token(finished["document"]["access_token"])).username == username


def test_a_new_password_is_given_to_another_process(
    client: CognitoClient, config: dict[str, str], *, confidential: bool
) -> None:
    username, temporary = f"invited-{confidential:d}", "Temp0rary-password"
    client.send(AdminCreateUser(username=username, temporary_password=temporary, message_action="SUPPRESS"))
    told = begin(client, config, username, temporary, "cookie")
    assert told["challenge"]["required_attributes"] == ["email"]
    answer = {"new_password": NEW_PASSWORD, "attributes": {"email": "ana@example.com"}}
    finished = finish(config, told["state"], answer)
    assert (finished["status"], finished["document"]) == (200, {"status": "signed_in", "username": username})
    assert finished["cookies"] > 0, "the delivery that was chosen at the beginning is in the state"
    assert isinstance(client.run(sign_in(username, NEW_PASSWORD)), SignedIn)
