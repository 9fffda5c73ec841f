"""boto3 against a local server: the few calls that every test makes, and pools with other settings.

boto3 has no SRP of its own; the proof comes from pycognito's `AWSSRP`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config
from pycognito.aws_srp import AWSSRP

from tests.support.local_server import Server

PASSWORD: Final = "Correct-Horse-7"
FLOWS: Final = ("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")


def connect(server: Server, **config: Any) -> Any:
    """A boto3 client for ``server`` that tries everything once; ``config`` goes to botocore's ``Config``."""
    made: Any = boto3
    settings = Config(retries={"total_max_attempts": 1}, **config)
    return made.client("cognito-idp", endpoint_url=server.endpoint, region_name="us-east-1", config=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """A boto3 client, and the pool and app client that it is used with."""

    server: Server
    client: Any
    user_pool_id: str
    client_id: str

    @classmethod
    def first(cls, server: Server, **config: Any) -> Aws:
        """The pool that the server made at its start."""
        client = connect(server, **config)
        return cls(server=server, client=client, user_pool_id=server.user_pool_id, client_id=server.client_id)

    def with_client(self, **settings: Any) -> Aws:
        """A new app client of the same pool."""
        given: dict[str, Any] = {"ClientName": "another", "ExplicitAuthFlows": FLOWS, **settings}
        made = self.client.create_user_pool_client(UserPoolId=self.user_pool_id, **given)["UserPoolClient"]
        return Aws(server=self.server, client=self.client, user_pool_id=self.user_pool_id, client_id=made["ClientId"])

    def with_pool(self, **settings: Any) -> Aws:
        """A new pool with one app client."""
        given: dict[str, Any] = {"PoolName": "another", "AutoVerifiedAttributes": ["email"], **settings}
        made = self.client.create_user_pool(**given)["UserPool"]
        pool = Aws(server=self.server, client=self.client, user_pool_id=made["Id"], client_id="")
        return pool.with_client()

    def code(self, username: str) -> str:
        """The newest code that was sent to the user."""
        return self.server.code(username, self.user_pool_id)

    def sign_up(self, username: str, **members: Any) -> Any:
        given = {"Password": PASSWORD, "UserAttributes": attributes(email=f"{username}@example.org"), **members}
        return self.client.sign_up(ClientId=self.client_id, Username=username, **given)

    def confirm(self, username: str, code: str | None = None) -> None:
        self.client.confirm_sign_up(ClientId=self.client_id, Username=username, ConfirmationCode=code or self.code(username))

    def initiate(self, flow: str, **parameters: str) -> Any:
        return self.client.initiate_auth(ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters)

    def proof(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        """The answer to PASSWORD_VERIFIER, as arguments of ``respond_to_auth_challenge``."""
        made: Any = AWSSRP
        srp = made(username, password, self.user_pool_id, self.client_id, client=self.client)
        parameters = srp.get_auth_params()
        challenge = self.initiate("USER_SRP_AUTH", **parameters)
        assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
        return {
            "ClientId": self.client_id,
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": srp.process_challenge(challenge["ChallengeParameters"], parameters),
            **({"Session": challenge["Session"]} if "Session" in challenge else {}),
        }

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        """Sign in with SRP; what comes back may be another challenge."""
        return self.client.respond_to_auth_challenge(**self.proof(username, password))

    def member(self, username: str) -> Mapping[str, Any]:
        """Sign up, confirm and sign in; gives the tokens."""
        self.sign_up(username)
        self.confirm(username)
        tokens: Mapping[str, Any] = self.sign_in(username)["AuthenticationResult"]
        return tokens


def attributes(**values: str) -> list[dict[str, str]]:
    """User attributes as the API has them."""
    return [{"Name": name, "Value": value} for name, value in values.items()]
