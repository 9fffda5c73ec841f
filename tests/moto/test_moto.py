"""Our client against a server that others wrote, moto's, where that is not as Cognito is.

The journeys of `tests.scenarios` run against it too. Where moto differs, the line says so, and why that is accepted here. Its
``SECRET_BLOCK`` is a UUID, which has to come back letter by letter, and its ``USER_ID_FOR_SRP`` is the sub, by which it finds
nobody: ``USERNAME`` is the name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import pytest
from moto.server import ThreadedMotoServer

from cognito_auth.api.clients import CreateUserPoolClient
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminGetUser, AdminSetUserPassword
from cognito_auth.client import AwsCredentials, CognitoClient
from cognito_auth.client.common import Surroundings
from cognito_auth.config import PasswordFlow, Settings
from cognito_auth.errors import (
    IncorrectCredentials,
    UserNotFound,
)
from cognito_auth.flows import advance, sign_in
from cognito_auth.retry import RetryPolicy
from cognito_auth.secret import Secret
from cognito_auth.states import NewPassword, NewPasswordRequired, SignedIn
from cognito_auth.tokens import AccessToken, TokenVerifier

PASSWORD: Final = "Passw0rd!x"
NEW_PASSWORD: Final = "An0ther-password"
TEMPORARY: Final = "Temp0rary-password"
CREDENTIALS: Final = AwsCredentials(access_key_id="local", secret_access_key=Secret("local"))
REGION: Final = "us-east-1"
ONCE: Final = Surroundings(retry=RetryPolicy(attempts=1))
BOTH_FLOWS: Final = pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Moto:
    """A pool of a moto server and one of its clients."""

    settings: Settings
    client: CognitoClient
    verifier: TokenVerifier

    def using(self, flow: PasswordFlow) -> CognitoClient:
        return connect(replace(self.settings, auth_flows=(flow,)))

    def verified(self, state: object) -> AccessToken:
        assert isinstance(state, SignedIn)
        return self.client.run(self.verifier.access_token(state.tokens.access_token))

    def create_user(self, username: str) -> None:
        mail = Attribute(name="email", value=f"{username}@example.com")
        self.client.send(AdminCreateUser(username=username, user_attributes=(mail,), temporary_password=TEMPORARY))
        self.client.send(AdminSetUserPassword(username=username, password=PASSWORD, permanent=True))


def connect(settings: Settings) -> CognitoClient:
    return CognitoClient(settings, credentials=CREDENTIALS, surroundings=ONCE)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module", params=[False, True], ids=["public", "confidential"])
def moto(request: pytest.FixtureRequest, endpoint: str) -> Iterator[Moto]:
    nobody = Settings(user_pool_id="us-east-1_none", client_id="none", endpoint=endpoint)
    with connect(nobody) as admin:
        pool = admin.send(CreateUserPool(pool_name="tests")).user_pool
        assert pool is not None
        operation = CreateUserPoolClient(user_pool_id=pool.id or "", client_name="tests", generate_secret=request.param)
        made = admin.send(operation).user_pool_client
        assert made is not None
    settings = Settings(
        user_pool_id=pool.id or "",
        client_id=made.client_id or "",
        client_secret=Secret(made.client_secret) if made.client_secret else None,
        endpoint=endpoint,
        # moto's tokens name AWS as their issuer, wherever the server is; the key set has to be fetched from the server.
        issuer=f"https://cognito-idp.{REGION}.amazonaws.com/{pool.id}",
        jwks_uri=f"{endpoint}/{pool.id}/.well-known/jwks.json",
        # moto lacks GetTokensFromRefreshToken, and answers it with a status 500 that says nothing.
        refresh_flow="REFRESH_TOKEN_AUTH",
    )
    with connect(settings) as client:
        yield Moto(settings=settings, client=client, verifier=TokenVerifier.for_settings(settings))


def test_a_wrong_password(moto: Moto) -> None:
    moto.create_user("forgets")
    with moto.using("USER_PASSWORD_AUTH") as client, pytest.raises(IncorrectCredentials):
        client.run(sign_in("forgets", "Wr0ng-password"))
    # moto does not check SRP proofs: there, every password is right. The embedded pool and recorded vectors check ours.
    assert isinstance(moto.client.run(sign_in("forgets", "Wr0ng-password")), SignedIn)


@BOTH_FLOWS
def test_an_unknown_user(moto: Moto, flow: PasswordFlow) -> None:
    # moto does not know PreventUserExistenceErrors; our endpoints tell this error as a wrong password.
    with moto.using(flow) as client, pytest.raises(UserNotFound):
        client.run(sign_in("nobody-of-that-name", PASSWORD))


@BOTH_FLOWS
def test_a_temporary_password(moto: Moto, flow: PasswordFlow) -> None:
    username = f"invited-{flow}"
    moto.client.send(AdminCreateUser(username=username, temporary_password=TEMPORARY))
    with moto.using(flow) as client:
        state = client.run(sign_in(username, TEMPORARY))
        # moto leaves requiredAttributes and userAttributes out; they count as empty.
        assert isinstance(state, NewPasswordRequired)
        assert (state.required_attributes, dict(state.attributes or {})) == ((), {})
        moto.verified(client.run(advance(state, NewPassword(password=NEW_PASSWORD))))
    assert moto.client.send(AdminGetUser(username=username)).user_status == "CONFIRMED"
    with moto.using("USER_PASSWORD_AUTH") as client:
        moto.verified(client.run(sign_in(username, NEW_PASSWORD)))
