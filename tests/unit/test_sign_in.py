"""Whole sign-ins and refreshes: a server that computes its half of SRP, and the user names that go into secret hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import (
    AuthenticationResult,
    AuthReply,
    GetTokensFromRefreshToken,
    GetTokensFromRefreshTokenReply,
    InitiateAuth,
    RespondToAuthChallenge,
)
from cognito_auth.api.sign_up import ConfirmSignUp, ConfirmSignUpReply, SignUp, SignUpReply
from cognito_auth.completion import complete
from cognito_auth.config import Settings
from cognito_auth.effects import Compute
from cognito_auth.errors import IncorrectCredentials, RefreshTokenInvalid, ServiceError, service_error
from cognito_auth.flows import advance, answer, refresh_tokens, sign_in, sign_up
from cognito_auth.modexp import G, N
from cognito_auth.secret_hash import secret_hash
from cognito_auth.states import (
    ConfirmationCode,
    Confirmed,
    PlainPassword,
    SignedIn,
    SignedOut,
    SmsCode,
    SrpPassword,
    Tokens,
    Unconfirmed,
)
from tests.support.scripted import CLIENT_SECRET, CONFIDENTIAL, SETTINGS, Scripted, run

VECTORS: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "srp_vectors.json").read_text())
USERS: Final[list[dict[str, Any]]] = [vector for vector in VECTORS["vectors"] if vector["kind"] == "user"]
TYPED: Final = "Typed@example.org"
ISSUED: Final = AuthenticationResult(access_token="opaque", refresh_token="refresh")


class Server:
    """The server's half of SRP, written out from RFC 5054 with a vector's verifier, salt and exponent."""

    def __init__(self, vector: dict[str, Any], *, block: str | None = None, username: str | None = None) -> None:
        given = vector["input"]
        self.vector: Final = vector
        self.block: Final = given["secret_block_b64"] if block is None else block
        self.username: Final = username
        self.v: Final = int(vector["intermediate"]["verifier_padded_hex"], 16)
        self.b: Final = int(given["small_b_hex"], 16)
        self.B: Final = int(vector["wire"]["SRP_B"], 16)
        self.client_public = 0

    def challenge(self, asked: InitiateAuth) -> AuthReply:
        parameters = asked.auth_parameters or {}
        assert parameters["USERNAME"] == TYPED
        self.client_public = int(parameters["SRP_A"], 16)
        return AuthReply(
            challenge_name="PASSWORD_VERIFIER",
            challenge_parameters={
                "USER_ID_FOR_SRP": self.vector["input"]["identity"],
                "SALT": self.vector["wire"]["SALT"],
                "SRP_B": self.vector["wire"]["SRP_B"],
                "SECRET_BLOCK": self.block,
                **({"USERNAME": self.username} if self.username else {}),
            },
        )

    def verdict(self, asked: RespondToAuthChallenge) -> AuthReply | Exception:
        responses, given = asked.challenge_responses or {}, self.vector["input"]
        assert responses["USERNAME"] == (self.username or given["identity"])
        assert responses["TIMESTAMP"] == self.vector["wire"]["TIMESTAMP"]
        assert responses["PASSWORD_CLAIM_SECRET_BLOCK"] == self.block
        u = int.from_bytes(hashlib.sha256(srp.pad(self.client_public) + srp.pad(self.B)).digest())
        key = srp.session_key(u, pow(self.client_public * pow(self.v, u, N), self.b, N))
        names = f"{given['group']}{given['identity']}".encode()
        message = names + b64decode(given["secret_block_b64"]) + responses["TIMESTAMP"].encode()
        if responses["PASSWORD_CLAIM_SIGNATURE"] == b64encode(hmac.digest(key, message, "sha256")).decode():
            return AuthReply(authentication_result=ISSUED)
        return service_error("NotAuthorizedException", "Incorrect username or password.")


def signing_in(vector: dict[str, Any], password: str, server: Server | None = None) -> Scripted:
    """A driver that has signed in with SRP against ``server``."""
    given = vector["input"]
    server = server or Server(vector)
    assert (srp.multiplier() * server.v + pow(G, server.b, N)) % N == server.B
    driver = Scripted(
        [server.challenge, server.verdict],
        settings=Settings(user_pool_id=given["pool_id"], client_id="client1"),
        now=datetime.fromisoformat(given["datetime_utc"]).timestamp(),
    )
    reached = driver.run(advance(SignedOut(), SrpPassword(username=TYPED, password=password)))
    assert reached == SignedIn(
        username=server.username or given["identity"], tokens=Tokens(access_token="opaque", refresh_token="refresh")
    )
    return driver


@pytest.mark.parametrize("vector", USERS, ids=lambda vector: vector["name"])
def test_srp(vector: dict[str, Any]) -> None:
    driver = signing_in(vector, vector["input"]["password"])
    assert sum(isinstance(effect, Compute) for effect in driver.asked) == 2
    assert vector["input"]["password"] not in repr(driver.asked)


def test_a_block_goes_back_as_it_came_and_is_signed_as_its_bytes() -> None:
    vector = USERS[0]
    url_safe = vector["input"]["secret_block_b64"].translate(str.maketrans("+/", "-_"))
    assert url_safe != vector["input"]["secret_block_b64"]
    signing_in(vector, vector["input"]["password"], Server(vector, block=url_safe))


def test_the_answer_names_the_user_as_the_challenge_does_and_the_proof_by_user_id() -> None:
    vector = USERS[0]
    signing_in(vector, vector["input"]["password"], Server(vector, username="found-by-this"))


def test_a_wrong_password_is_refused_by_the_server() -> None:
    with pytest.raises(IncorrectCredentials):
        signing_in(USERS[0], USERS[0]["input"]["password"] + " ")


@pytest.mark.parametrize(
    ("auth_flows", "sent"),
    [
        pytest.param(("USER_SRP_AUTH", "USER_PASSWORD_AUTH"), "USER_SRP_AUTH", id="srp"),
        pytest.param(("USER_PASSWORD_AUTH", "USER_SRP_AUTH"), "USER_PASSWORD_AUTH", id="password"),
    ],
)
def test_the_first_flow_of_the_settings_is_used(auth_flows: Any, sent: str) -> None:
    driver = Scripted([AuthReply(authentication_result=ISSUED)], settings=replace(SETTINGS, auth_flows=auth_flows))
    assert isinstance(driver.run(sign_in(TYPED, "secret")), SignedIn)
    (operation,) = driver.operations
    assert isinstance(operation, InitiateAuth)
    assert operation.auth_flow == sent


def test_the_typed_name_opens_and_the_pool_s_own_name_answers() -> None:
    """With a secret, each message's hash is made with the name that the message carries."""
    posed = AuthReply(challenge_name="SMS_MFA", session="s" * 20, challenge_parameters={"USER_ID_FOR_SRP": "pool-name"})
    first = Scripted([posed], settings=CONFIDENTIAL)
    state = first.run(advance(SignedOut(), PlainPassword(username=TYPED, password="secret")))
    second = Scripted([AuthReply(authentication_result=ISSUED)], settings=CONFIDENTIAL)
    second.run(answer(state, SmsCode(code="123456")))
    opened, answered = (complete(operation, CONFIDENTIAL) for operation in (*first.operations, *second.operations))
    assert isinstance(opened, InitiateAuth)
    assert isinstance(answered, RespondToAuthChallenge)
    assert (opened.auth_parameters or {})["SECRET_HASH"] == secret_hash(TYPED, "client1", CLIENT_SECRET)
    assert (answered.challenge_responses or {})["SECRET_HASH"] == secret_hash("pool-name", "client1", CLIENT_SECRET)


def test_signing_up_gives_attributes_only_where_there_are_some() -> None:
    driver = Scripted([SignUpReply(user_confirmed=True, user_sub="1")])
    assert driver.run(sign_up(TYPED, "secret")) == Confirmed(username=TYPED)
    assert driver.operations == [SignUp(username=TYPED, password="secret")]


@pytest.mark.parametrize("code", ["UnknownOperationException", "UnsupportedOperationException"])
@pytest.mark.parametrize("device_key", [None, "eu-west-1_ab"], ids=["no-device", "device"])
@pytest.mark.parametrize("settings", [SETTINGS, CONFIDENTIAL], ids=["public", "confidential"])
def test_a_refresh_falls_back_to_the_older_flow(settings: Settings, device_key: str | None, code: str) -> None:
    script = [service_error(code, "not here"), AuthReply(authentication_result=AuthenticationResult(access_token="new"))]
    driver = Scripted(script, settings=settings)
    renewed = driver.run(refresh_tokens("refresh", "pool-name", device_key=device_key))
    assert renewed == Tokens(access_token="new", refresh_token="refresh")
    expected = {"REFRESH_TOKEN": "refresh"}
    if settings.client_secret:
        expected["SECRET_HASH"] = secret_hash("pool-name", "client1", CLIENT_SECRET)
    if device_key:
        expected["DEVICE_KEY"] = device_key
    assert driver.operations == [
        GetTokensFromRefreshToken(refresh_token="refresh", device_key=device_key),
        InitiateAuth(auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=expected),
    ]


def test_a_rotated_refresh_token_replaces_the_old_one() -> None:
    result = AuthenticationResult(access_token="new", refresh_token="rotated", expires_in=60)
    renewed = run(refresh_tokens("refresh", "ana"), GetTokensFromRefreshTokenReply(authentication_result=result))
    assert renewed == Tokens(access_token="new", refresh_token="rotated", expires_in=60)


def test_a_refused_refresh_is_not_tried_another_way() -> None:
    driver = Scripted([service_error("NotAuthorizedException", "Refresh Token has been revoked")])
    with pytest.raises(RefreshTokenInvalid):
        driver.run(refresh_tokens("refresh", "ana"))
    assert len(driver.operations) == 1


@pytest.mark.parametrize("text", ["Invalid session for the user.", "Invalid session for the user, session is expired."])
def test_a_code_confirms_although_its_session_is_over(text: str) -> None:
    state, event = Unconfirmed(username=TYPED, session="spent"), ConfirmationCode(code="123456")
    driver = Scripted([service_error("NotAuthorizedException", text), ConfirmSignUpReply()])
    assert driver.run(advance(state, event)) == Confirmed(username=TYPED)
    first, second = driver.operations
    assert first == ConfirmSignUp(username=TYPED, confirmation_code="123456", session="spent")
    assert second == ConfirmSignUp(username=TYPED, confirmation_code="123456")


@pytest.mark.parametrize(
    ("session", "error"),
    [
        (None, service_error("NotAuthorizedException", "Invalid session for the user.")),
        ("good", service_error("CodeMismatchException", "wrong")),
        ("good", service_error("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")),
    ],
    ids=["no session", "a wrong code", "another refusal"],
)
def test_nothing_else_is_tried_again(session: str | None, error: ServiceError) -> None:
    driver = Scripted([error])
    with pytest.raises(type(error)):
        driver.run(advance(Unconfirmed(username=TYPED, session=session), ConfirmationCode(code="123456")))
    assert len(driver.operations) == 1
