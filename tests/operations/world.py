"""What a journey starts from: the API, pools and app clients of its own, users with a password, and their tokens."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from pyotp.totp import TOTP

from cognito_auth import srp
from cognito_auth.api import OPERATIONS
from cognito_auth.api.structure import members
from cognito_auth.secret_hash import secret_hash

from .api import Api, Refused, Tools

PASSWORD: Final = "Correct-Horse-7"
NEW_PASSWORD: Final = "Battery-Staple-8"
HOUR: Final = 3600
DAY: Final = 24 * HOUR
FLOWS: Final = (
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
)
_TOTP_PERIOD: Final = 30


@dataclass(slots=True, kw_only=True)
class App:
    """A pool and one of its app clients; both are filled into the operations that have them."""

    api: Api
    tools: Tools
    pool_id: str
    client_id: str = ""
    secret: str | None = None

    def call(self, operation: str, /, **given: Any) -> Mapping[str, Any]:
        """Carry out an operation of this pool and client."""
        wanted = {member.wire_name for member in members(OPERATIONS[operation])}
        own = {"UserPoolId": self.pool_id, "ClientId": self.client_id}
        return self.api.call(operation, **{name: value for name, value in own.items() if name in wanted} | given)

    def refused(self, code: str, operation: str, /, **given: Any) -> str:
        """The text with which an operation is refused; the code must be ``code``, without its suffix."""
        refused = refusal(self.call, operation, **given)
        assert refused.code == f"{code}Exception", str(refused)
        return refused.message

    def attempt(self, operation: str, /, **given: Any) -> None:
        """Carry out an operation that may be refused."""
        with suppress(Refused):
            self.call(operation, **given)

    def sign_in_refused(self, code: str, username: str, password: str = PASSWORD) -> str:
        """The text with which a sign-in by password is refused; the code must be ``code``, without its suffix."""
        parameters = self.parameters(username, PASSWORD=password)
        return self.refused(code, "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)

    def refresh_refused(self, code: str, token: str) -> str:
        """The text with which a refresh is refused; the code must be ``code``, without its suffix."""
        return self.refused(code, "InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})

    def with_client(self, **settings: Any) -> App:
        """A new app client of the same pool."""
        given: dict[str, Any] = {"ClientName": "another", "ExplicitAuthFlows": list(FLOWS), **settings}
        made = self.call("CreateUserPoolClient", **given)["UserPoolClient"]
        return App(
            api=self.api,
            tools=self.tools,
            pool_id=self.pool_id,
            client_id=made["ClientId"],
            secret=made.get("ClientSecret"),
        )

    def group(self, **settings: Any) -> str:
        """A new group's name."""
        name: str = self.call("CreateGroup", GroupName=unique("group"), **settings)["Group"]["GroupName"]
        return name

    def user(self, name: str = "", /, *, password: str = PASSWORD, **attributes: str) -> str:
        """A confirmed user with that password; gives the name. Without attributes, one with a verified address."""
        username = name or unique("user")
        given = attributes or {"email": f"{username}@example.org", "email_verified": "true"}
        self.call("AdminCreateUser", Username=username, UserAttributes=listed(given), MessageAction="SUPPRESS")
        self.call("AdminSetUserPassword", Username=username, Password=password, Permanent=True)
        return username

    def sign_up(self, name: str = "", /, **attributes: str) -> str:
        """A user who has signed up; gives the name."""
        username = name or unique("user")
        given = attributes or {"email": f"{username}@example.org"}
        self.call("SignUp", Username=username, Password=PASSWORD, UserAttributes=listed(given))
        return username

    def confirm(self, username: str) -> None:
        """Confirm a registration with the code that was sent."""
        self.call("ConfirmSignUp", Username=username, ConfirmationCode=self.code(username))

    def code(self, username: str) -> str:
        """The newest code that was sent to the user."""
        return self.tools.code(self.pool_id, username)

    def parameters(self, username: str, **others: str) -> dict[str, str]:
        """Parameters of a sign-in or answers to a challenge, with the secret hash where the client has a secret."""
        hashed = {"SECRET_HASH": secret_hash(username, self.client_id, self.secret)} if self.secret else {}
        return {"USERNAME": username, **others, **hashed}

    def initiate(self, username: str, password: str = PASSWORD, **others: str) -> Mapping[str, Any]:
        """Begin a sign-in by password."""
        parameters = self.parameters(username, PASSWORD=password, **others)
        return self.call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)

    def tokens(self, username: str, password: str = PASSWORD, **others: str) -> Mapping[str, Any]:
        """The tokens of a sign-in by password that meets no challenge."""
        result: Mapping[str, Any] = self.initiate(username, password, **others)["AuthenticationResult"]
        return result

    def member(self, **attributes: str) -> tuple[str, str]:
        """A confirmed user's name and access token."""
        username = self.user(**attributes)
        return username, self.tokens(username)["AccessToken"]

    def refresh(self, token: str, **others: str) -> Mapping[str, Any]:
        """Refresh with the older operation, which every server has."""
        parameters = {"REFRESH_TOKEN": token, **others}
        return self.call("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)

    def answer(self, challenge: Mapping[str, Any], username: str, *, prefix: str = "", **responses: str) -> Mapping[str, Any]:
        """Answer the challenge of a reply; with ``Admin`` as ``prefix``, through the administrator."""
        session = {"Session": challenge["Session"]} if "Session" in challenge else {}
        given = self.parameters(username, **responses)
        return self.call(
            f"{prefix}RespondToAuthChallenge", ChallengeName=challenge["ChallengeName"], ChallengeResponses=given, **session
        )

    def prove(self, username: str, password: str = PASSWORD, *, prefix: str = "") -> Mapping[str, Any]:
        """Sign in by SRP; what comes back may be another challenge. ``prefix`` as `answer`'s."""
        pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
        parameters = self.parameters(username, SRP_A=pair.srp_a)
        challenge = self.call(f"{prefix}InitiateAuth", AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
        identity = srp.Identity(self.pool_id.partition("_")[2], challenge["ChallengeParameters"]["USER_ID_FOR_SRP"])
        return self.answer(challenge, identity.name, prefix=prefix, **self.claim(pair, identity, password, challenge))

    def claim(self, pair: srp.Ephemeral, identity: srp.Identity, password: str, challenge: Mapping[str, Any]) -> dict[str, str]:
        """The proof that answers a verifier's challenge, of a user or of a device."""
        given = challenge["ChallengeParameters"]
        block, when = given["SECRET_BLOCK"], srp.timestamp(self.tools.now())
        parsed = srp.Challenge.parse(given["SALT"], given["SRP_B"], b64decode(block))
        proof = srp.claim_signature(pair, identity, password, parsed, when)
        return {"PASSWORD_CLAIM_SIGNATURE": proof, "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": when}

    def totp(self, secret: str) -> str:
        """A one-time code that the pool has not seen: of the next period, to which its clock moves."""
        self.tools.move(_TOTP_PERIOD)
        return TOTP(secret).at(int(self.tools.now()))

    def authenticator(self, access_token: str, **members: Any) -> str:
        """Register an authenticator app; gives its secret."""
        secret: str = self.call("AssociateSoftwareToken", AccessToken=access_token)["SecretCode"]
        self.call("VerifySoftwareToken", AccessToken=access_token, UserCode=self.totp(secret), **members)
        return secret


@dataclass(slots=True, kw_only=True)
class World:
    """The API, and the tools of the pools behind it. ``app`` is a pool that journeys may share, made when it is first used."""

    api: Api
    tools: Tools
    _app: list[App] = field(default_factory=list[App])

    @property
    def app(self) -> App:
        if not self._app:
            self._app.append(self.new())
        return self._app[0]

    def new(self, *, client: Mapping[str, Any] | None = None, **pool: Any) -> App:
        """A new pool with one app client."""
        given: dict[str, Any] = {"PoolName": unique("pool"), "AutoVerifiedAttributes": ["email"], **pool}
        made = self.api.call("CreateUserPool", **given)["UserPool"]
        return App(api=self.api, tools=self.tools, pool_id=made["Id"]).with_client(**(client or {}))


def refusal(run: Callable[..., object], *arguments: Any, **members: Any) -> Refused:
    """The refusal that a call meets."""
    try:
        reply = run(*arguments, **members)
    except Refused as refused:
        return refused
    raise AssertionError(f"{arguments} was not refused, but answered {reply}")


def unique(stem: str) -> str:
    """A name that nothing else has."""
    return f"{stem}-{uuid4().hex[:12]}"


def listed(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    """Attributes as the API has them."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def named(attributes: list[dict[str, str]]) -> dict[str, str]:
    """Attributes by their names."""
    return {each["Name"]: each.get("Value", "") for each in attributes}
