"""Drives an embedded pool as its clients do: typed operations in, typed replies or errors out, real cryptography throughout."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any, Final, TypeVar, cast

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from pyotp.totp import TOTP

from cognito_auth import srp
from cognito_auth.api.auth import AuthenticationResult, AuthReply, InitiateAuth, RespondToAuthChallenge
from cognito_auth.api.clients import CreateUserPoolClient
from cognito_auth.api.mfa import AssociateSoftwareToken, VerifySoftwareToken
from cognito_auth.api.pools import CreateUserPool
from cognito_auth.api.sign_up import ConfirmSignUp, SignUp
from cognito_auth.api.structure import Operation, Structure, reply_type
from cognito_auth.api.types import Attribute
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword
from cognito_auth.api.wire import from_wire, to_wire
from cognito_auth.local import Clock, LocalCognito, Message
from cognito_auth.local.base.keys import generate_key
from cognito_auth.local.base.request import Request
from cognito_auth.secret_hash import secret_hash

R = TypeVar("R")

SIGNED: Final = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260308/us-east-1/cognito-idp/aws4_request, "
    f"SignedHeaders=content-type;host;x-amz-date, Signature={'0' * 64}"
)
SENT: Final = Request(headers={"authorization": SIGNED})
"""What goes with an operation that is called without the helpers below, where it has to be signed."""
START: Final = 1_772_942_706.25
"""Sun Mar 8 04:05:06 UTC 2026, and a quarter of a second."""
PASSWORD: Final = "Corr3ct-Horse!"
NEW_PASSWORD: Final = "N3w-Battery-Staple!"
FLOWS: Final = (
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
)


class Refused(Exception):
    """An error reply: Cognito's code without its suffix, and the text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@cache
def key_pair() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    return generate_key(), generate_key()


@dataclass(slots=True)
class App:
    """An app client of a pool, and what it does."""

    cognito: LocalCognito
    pool_id: str
    client_id: str
    secret: str | None = None

    @property
    def group(self) -> str:
        return self.pool_id.partition("_")[2]

    def send(self, operation: Operation[R]) -> R:
        return send(self.cognito, operation)

    def hashed(self, username: str) -> str | None:
        return secret_hash(username, self.client_id, self.secret) if self.secret else None

    def parameters(self, username: str, **others: str) -> dict[str, str]:
        given = self.hashed(username)
        return {"USERNAME": username, **others, **({"SECRET_HASH": given} if given else {})}

    def create_user(self, username: str = "ana", *, password: str = PASSWORD, **attributes: str) -> None:
        """A confirmed user."""
        self.send(
            AdminCreateUser(
                user_pool_id=self.pool_id,
                username=username,
                user_attributes=listed(attributes or {"email": "ana@example.com", "email_verified": "true"}),
                message_action="SUPPRESS",
            )
        )
        self.send(AdminSetUserPassword(user_pool_id=self.pool_id, username=username, password=password, permanent=True))

    def sign_up(self, username: str = "ana", *, password: str = PASSWORD, **attributes: str) -> str:
        """Sign up; returns the sub."""
        request = SignUp(
            client_id=self.client_id,
            secret_hash=self.hashed(username),
            username=username,
            password=password,
            user_attributes=listed(attributes or {"email": "ana@example.com"}),
        )
        return self.send(request).user_sub

    def confirm(self, username: str = "ana", code: str | None = None, *, force: bool = False) -> None:
        self.send(
            ConfirmSignUp(
                client_id=self.client_id,
                secret_hash=self.hashed(username),
                username=username,
                confirmation_code=code or self.last_message(username).code,
                force_alias_creation=force or None,
            )
        )

    def last_message(self, username: str = "ana") -> Message:
        return self.cognito.outbox(self.pool_id, username)[-1]

    def password_auth(self, username: str = "ana", password: str = PASSWORD, **others: str) -> AuthReply:
        parameters = self.parameters(username, PASSWORD=password, **others)
        return self.send(InitiateAuth(client_id=self.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters))

    def srp_challenge(self, username: str = "ana", **others: str) -> tuple[srp.Ephemeral, AuthReply]:
        pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
        parameters = self.parameters(username, SRP_A=pair.srp_a, **others)
        return pair, self.send(InitiateAuth(client_id=self.client_id, auth_flow="USER_SRP_AUTH", auth_parameters=parameters))

    def srp_claim(self, pair: srp.Ephemeral, reply: AuthReply, password: str = PASSWORD) -> dict[str, str]:
        """The answer to PASSWORD_VERIFIER, as the client computes it."""
        given = reply.challenge_parameters or {}
        block = given["SECRET_BLOCK"]
        name, when = given["USER_ID_FOR_SRP"], srp.timestamp(self.cognito.clock.now())
        challenge = srp.Challenge.parse(given["SALT"], given["SRP_B"], b64decode(block))
        proof = srp.claim_signature(pair, srp.Identity(self.group, name), password, challenge, when)
        return self.parameters(name, PASSWORD_CLAIM_SIGNATURE=proof, PASSWORD_CLAIM_SECRET_BLOCK=block, TIMESTAMP=when)

    def srp_auth(self, username: str = "ana", password: str = PASSWORD) -> AuthReply:
        pair, reply = self.srp_challenge(username)
        return self.answer("PASSWORD_VERIFIER", None, self.srp_claim(pair, reply, password))

    def answer(self, challenge: str, session: str | None, responses: Mapping[str, str]) -> AuthReply:
        return self.send(
            RespondToAuthChallenge(
                client_id=self.client_id, challenge_name=challenge, session=session, challenge_responses=responses
            )
        )

    def reply_to(self, challenge: AuthReply, username: str = "ana", **responses: str) -> AuthReply:
        """Answer the challenge of a reply."""
        return self.answer(challenge.challenge_name or "", challenge.session, self.parameters(username, **responses))

    def tokens(self, username: str = "ana", password: str = PASSWORD) -> AuthenticationResult:
        return signed_in(self.password_auth(username, password))

    def set_up_totp(self, access_token: str) -> str:
        """Register an authenticator app; returns its secret."""
        secret = self.send(AssociateSoftwareToken(access_token=access_token)).secret_code or ""
        self.send(VerifySoftwareToken(access_token=access_token, user_code=self.totp(secret)))
        return secret

    def totp(self, secret: str) -> str:
        """A code that was not used before: the clock moves to the next step."""
        self.cognito.clock.move(30)
        return TOTP(secret).at(int(self.cognito.clock.now()))


def new_cognito(**options: Any) -> LocalCognito:
    """Pools in memory, at a fixed time, with keys that all tests share."""
    return LocalCognito(clock=Clock(lambda: START), keys=cycle(key_pair()).__next__, **options)


def new_app(cognito: LocalCognito | None = None, *, pool: dict[str, Any] | None = None, **client: Any) -> App:
    """A pool with an app client."""
    cognito = cognito or new_cognito()
    settings: dict[str, Any] = {"auto_verified_attributes": ("email",), **(pool or {})}
    made = send(cognito, CreateUserPool(pool_name="tests", **settings)).user_pool
    assert made is not None
    assert made.id is not None
    return add_client(cognito, made.id, **client)


def add_client(cognito: LocalCognito, pool_id: str, **client: Any) -> App:
    """An app client of an existing pool."""
    options: dict[str, Any] = {"explicit_auth_flows": FLOWS, "prevent_user_existence_errors": "ENABLED", **client}
    made = send(cognito, CreateUserPoolClient(user_pool_id=pool_id, client_name="tests", **options)).user_pool_client
    assert made is not None
    assert made.client_id is not None
    return App(cognito, pool_id, made.client_id, made.client_secret)


def send(cognito: LocalCognito, operation: Operation[R]) -> R:
    """Carry out an operation over its wire form. Raises `Refused` for an error reply."""
    body = json.dumps(to_wire(operation)).encode()
    document = raw(cognito, type(operation).__name__, body)
    return cast("R", from_wire(cast("type[Structure]", reply_type(type(operation))), document))


def refusal(run: Callable[..., object], *arguments: Any, **parameters: Any) -> str:
    """``"Code: text"`` of the error reply that the call meets."""
    try:
        run(*arguments, **parameters)
    except Refused as refused:
        return str(refused)
    raise AssertionError("the call was not refused")


def raw(cognito: LocalCognito, name: str, body: bytes | dict[str, Any], *, authorization: str | None = SIGNED) -> Any:
    """The JSON of a reply. Raises `Refused` for an error reply."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"authorization": authorization} if authorization is not None else {}
    reply = cognito.call(name, data, sent=Request(headers=headers))
    document = json.loads(reply.body or b"{}")
    if reply.status != 200:
        raise Refused(document["__type"].removesuffix("Exception"), document.get("message", ""))
    return document


def listed(attributes: Mapping[str, str]) -> tuple[Attribute, ...]:
    return tuple(Attribute(name=name, value=value) for name, value in attributes.items())


def signed_in(reply: AuthReply) -> AuthenticationResult:
    assert reply.authentication_result is not None
    return reply.authentication_result


def claims(token: str | None) -> dict[str, Any]:
    """A token's claims, unverified."""
    assert token is not None
    return dict(jwt.decode(token, options={"verify_signature": False}))
