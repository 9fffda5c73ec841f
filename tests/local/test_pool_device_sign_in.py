"""Signing in with a device: what it replaces, how it proves itself, and the tokens that are bound to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from cognito_auth.api.auth import (
    AdminRespondToAuthChallenge,
    AuthenticationResult,
    GetTokensFromRefreshToken,
    InitiateAuth,
    RespondToAuthChallenge,
)
from cognito_auth.api.devices import AdminForgetDevice, AdminGetDevice, AdminListDevices, AdminUpdateDeviceStatus
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import DeviceConfiguration
from cognito_auth.api.types import UserContextData
from cognito_auth.api.users import AdminDeleteUser, AdminDisableUser
from cognito_auth.modexp import N

from .device_client import ClientDevice, registered
from .support import PASSWORD, START, App, claims, new_app, raw, refusal, send, signed_in
from .test_pool_devices import ALWAYS, NOBODY, UNKNOWN, attributes, new_device_app, seen_by_administrator

STANDS_FOR_FACTOR: Final = DeviceConfiguration(challenge_required_on_new_device=True)
INCORRECT: Final = "NotAuthorized: Incorrect username or password."
INVALID: Final = "NotAuthorized: Invalid session for the user."


def with_totp(configuration: DeviceConfiguration) -> tuple[App, str, ClientDevice]:
    """Ana, with a confirmed device and an authenticator app that is switched on; and the app's secret."""
    app = new_device_app(configuration, mfa_configuration="OPTIONAL")
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    device.confirm(app, tokens.access_token)
    secret = app.set_up_totp(tokens.access_token or "")
    settings = SoftwareTokenMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=tokens.access_token or "", software_token_mfa_settings=settings))
    return app, secret, device


def set_status(app: App, device: ClientDevice, status: Any) -> None:
    request = AdminUpdateDeviceStatus(
        user_pool_id=app.pool_id, username="ana", device_key=device.key, device_remembered_status=status
    )
    app.send(request)


def forget(app: App, device: ClientDevice) -> None:
    app.send(AdminForgetDevice(user_pool_id=app.pool_id, username="ana", device_key=device.key))


# Without a second factor


@pytest.mark.parametrize("secret", [True, False], ids=["with secret", "without secret"])
@pytest.mark.parametrize("status", ["remembered", "not_remembered"])
def test_a_known_device_proves_itself(status: str, *, secret: bool) -> None:
    app = new_app(pool={"device_configuration": ALWAYS}, generate_secret=secret)
    app.create_user()
    device = registered(app)
    set_status(app, device, status)
    app.cognito.clock.move(60)
    challenge = device.password_auth(app)
    assert challenge.challenge_name == "DEVICE_SRP_AUTH"
    parameters = challenge.challenge_parameters or {}
    assert (parameters["USERNAME"], parameters["DEVICE_KEY"]) == ("ana", device.key)
    pair, verifier = device.begin(app, challenge)
    assert verifier.challenge_name == "DEVICE_PASSWORD_VERIFIER"
    assert (verifier.challenge_parameters or {}).keys() == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "DEVICE_KEY"}
    before = seen_by_administrator(app, device.key)
    assert before.device_last_authenticated_date == datetime.fromtimestamp(START, UTC)
    tokens = signed_in(app.answer("DEVICE_PASSWORD_VERIFIER", verifier.session, device.claim(app, pair, verifier)))
    assert tokens.new_device_metadata is None
    assert claims(tokens.access_token)["device_key"] == device.key
    after = seen_by_administrator(app, device.key)
    assert after.device_last_authenticated_date == datetime.fromtimestamp(START + 60, UTC)
    assert after.device_last_modified_date == datetime.fromtimestamp(START, UTC)


def test_the_address_that_the_client_names_is_kept() -> None:
    app = new_device_app()
    device = registered(app)
    request = InitiateAuth(
        client_id=app.client_id,
        auth_flow="USER_PASSWORD_AUTH",
        auth_parameters=app.parameters("ana", PASSWORD=PASSWORD, DEVICE_KEY=device.key),
        user_context_data=UserContextData(ip_address="192.0.2.7"),
    )
    signed_in(device.prove(app, app.send(request)))
    assert attributes(seen_by_administrator(app, device.key))["last_ip_used"] == "192.0.2.7"


# SRP: the device is named in the first request, in the answer, or in both


@pytest.mark.parametrize(
    ("first", "answer"),
    [(True, True), (True, False), (False, True)],
    ids=["both", "first", "answer"],
)
def test_where_srp_names_the_device(*, first: bool, answer: bool) -> None:
    app = new_device_app()
    device = registered(app)
    named = {"DEVICE_KEY": device.key}
    pair, challenge = app.srp_challenge("ana", **(named if first else {}))
    claim = {**app.srp_claim(pair, challenge), **(named if answer else {})}
    assert signed_in(device.prove(app, app.answer("PASSWORD_VERIFIER", None, claim)))


def test_a_client_that_learns_that_its_device_was_forgotten_answers_again_without_it() -> None:
    app = new_device_app()
    device = registered(app)
    forget(app, device)
    pair, challenge = app.srp_challenge("ana", DEVICE_KEY=device.key)
    claim = app.srp_claim(pair, challenge)
    named = {**claim, "DEVICE_KEY": device.key}
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, named) == UNKNOWN
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, {**named, "PASSWORD_CLAIM_SIGNATURE": "AAAA"}) == INCORRECT
    # amazon-cognito-identity-js sends null in place of the key, and otherwise the same.
    pair, challenge = app.srp_challenge("ana", DEVICE_KEY=device.key)
    claim = app.srp_claim(pair, challenge)
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, {**claim, "DEVICE_KEY": device.key}) == UNKNOWN
    body = {
        "ClientId": app.client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": {**claim, "DEVICE_KEY": None},
    }
    assert raw(app.cognito, "RespondToAuthChallenge", body)["AuthenticationResult"]["NewDeviceMetadata"]


def test_an_unknown_device_is_told_only_to_who_knows_the_password() -> None:
    app = new_device_app()
    assert refusal(app.password_auth, DEVICE_KEY=NOBODY) == UNKNOWN
    assert refusal(app.password_auth, "ana", "Wrong-passw0rd", DEVICE_KEY=NOBODY) == INCORRECT
    assert refusal(app.password_auth, "nobody", DEVICE_KEY=NOBODY) == INCORRECT


# Beside a second factor


def test_a_remembered_device_stands_for_the_factor() -> None:
    app, secret, device = with_totp(STANDS_FOR_FACTOR)
    assert signed_in(device.prove(app, device.password_auth(app)))
    assert app.password_auth().challenge_name == "SOFTWARE_TOKEN_MFA"
    set_status(app, device, "not_remembered")
    challenge = device.password_auth(app)
    assert challenge.challenge_name == "SOFTWARE_TOKEN_MFA"
    tokens = signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))
    # Known, so that none is offered; not proved, so that nothing is bound to it.
    assert tokens.new_device_metadata is None
    assert "device_key" not in claims(tokens.access_token)


def test_a_device_does_not_stand_for_the_factor_unless_the_pool_says_so() -> None:
    app, secret, device = with_totp(ALWAYS)
    challenge = device.password_auth(app)
    assert challenge.challenge_name == "SOFTWARE_TOKEN_MFA"
    assert signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))


def test_a_new_device_is_offered_after_the_factor() -> None:
    app, secret, first = with_totp(STANDS_FOR_FACTOR)
    tokens = signed_in(app.reply_to(app.password_auth(), SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))
    second = ClientDevice.offered(tokens)
    assert second.key != first.key
    second.confirm(app, tokens.access_token)
    assert signed_in(second.prove(app, second.password_auth(app)))


def test_a_device_stands_for_a_factor_that_is_not_set_up() -> None:
    app = new_device_app(STANDS_FOR_FACTOR)
    device = registered(app)
    # The pool is like one whose MFA was switched on after the device was confirmed.
    app2, _, device2 = with_totp(STANDS_FOR_FACTOR)
    assert device.password_auth(app).challenge_name == device2.password_auth(app2).challenge_name == "DEVICE_SRP_AUTH"


# Proofs


def test_a_wrong_device_password() -> None:
    app = new_device_app()
    device = registered(app)
    pair, verifier = device.begin(app, device.password_auth(app))
    right = device.claim(app, pair, verifier)
    other = ClientDevice(device.key, device.group, "x" * 56)
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, other.claim(app, pair, verifier)) == INCORRECT
    used = "NotAuthorized: Invalid session for the user, session can only be used once."
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, right) == used


@pytest.mark.parametrize(
    "change",
    [
        {"USERNAME": "bob"},
        {"USERNAME": "nobody"},
        {"DEVICE_KEY": NOBODY},
        {"TIMESTAMP": "Sun Mar 08 04:05:06 UTC 2026"},
        {"PASSWORD_CLAIM_SIGNATURE": "no base64"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "AAAA"},
    ],
    ids=["other", "unknown", "device", "time", "signature", "block"],
)
def test_wrong_claims(change: dict[str, str]) -> None:
    app = new_device_app()
    app.create_user("bob", email="bob@example.com")
    device = registered(app)
    pair, verifier = device.begin(app, device.password_auth(app))
    claim = {**device.claim(app, pair, verifier), **change}
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == INCORRECT


def test_a_block_of_one_challenge_opens_no_other() -> None:
    app = new_device_app()
    device = registered(app)
    claim = {**app.srp_claim(*app.srp_challenge("ana", DEVICE_KEY=device.key)), "DEVICE_KEY": device.key}
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == INCORRECT
    # It was not even opened, or it would be used up.
    challenge = app.answer("PASSWORD_VERIFIER", None, claim)
    claim = device.claim(app, *device.begin(app, challenge))
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, claim) == INCORRECT
    assert signed_in(app.answer("DEVICE_PASSWORD_VERIFIER", None, claim))


def test_a_proof_grows_old_and_belongs_to_its_client() -> None:
    app = new_device_app()
    device = registered(app)
    pair, verifier = device.begin(app, device.password_auth(app))
    claim = device.claim(app, pair, verifier)
    elsewhere = new_device_app()
    assert refusal(elsewhere.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == INCORRECT
    app.cognito.clock.move(180)
    expired = "NotAuthorized: Invalid session for the user, session is expired."
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == expired


@pytest.mark.parametrize("srp_a", ["0", f"{N:x}", "xyz"], ids=["zero", "N", "no number"])
def test_unusable_srp_a_keeps_the_session(srp_a: str) -> None:
    app = new_device_app()
    device = registered(app)
    challenge = device.password_auth(app)
    refused = refusal(app.reply_to, challenge, DEVICE_KEY=device.key, SRP_A=srp_a)
    assert refused == "InvalidParameter: SRP_A is not valid."
    assert signed_in(device.prove(app, challenge))


def test_a_device_that_is_forgotten_on_the_way() -> None:
    app = new_device_app()
    device = registered(app)
    challenge = device.password_auth(app)
    pair, verifier = device.begin(app, device.password_auth(app))
    claim = device.claim(app, pair, verifier)
    forget(app, device)
    assert refusal(device.begin, app, challenge) == UNKNOWN
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == UNKNOWN


def test_a_user_who_is_disabled_or_gone_on_the_way() -> None:
    app = new_device_app()
    device = registered(app)
    first, second = (device.begin(app, device.password_auth(app)) for _ in range(2))
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    claim = device.claim(app, *first)
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, claim) == "NotAuthorized: User is disabled."
    app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))
    app.create_user()
    assert refusal(app.answer, "DEVICE_PASSWORD_VERIFIER", None, device.claim(app, *second)) == INCORRECT
    assert app.send(AdminListDevices(user_pool_id=app.pool_id, username="ana")).devices == ()


def test_another_device_than_the_one_that_was_named() -> None:
    app = new_device_app()
    first, second = registered(app), registered(app)
    challenge = first.password_auth(app)
    assert refusal(app.reply_to, challenge, SRP_A="2") == "InvalidParameter: Missing required parameter DEVICE_KEY"
    assert refusal(second.begin, app, challenge) == INVALID
    assert signed_in(first.prove(app, challenge))


def test_a_devices_proof_stays_in_its_family() -> None:
    app = new_device_app()
    device = registered(app)
    claim = device.claim(app, *device.begin(app, device.password_auth(app)))
    request = AdminRespondToAuthChallenge(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        challenge_name="DEVICE_PASSWORD_VERIFIER",
        challenge_responses=claim,
    )
    assert refusal(app.send, request) == INVALID
    assert signed_in(app.answer("DEVICE_PASSWORD_VERIFIER", None, claim))


# Clients that send no session (pycognito)


def test_without_a_session_the_device_that_waits_is_meant() -> None:
    app = new_device_app()
    device = registered(app)
    missing = "InvalidParameter: Missing required parameter Session"

    def ask(username: str = "ana") -> Any:
        responses = app.parameters(username, DEVICE_KEY=device.key, SRP_A="2")
        request = RespondToAuthChallenge(
            client_id=app.client_id, challenge_name="DEVICE_SRP_AUTH", challenge_responses=responses
        )
        return send(app.cognito, request)

    assert refusal(ask) == missing
    challenge = device.password_auth(app)
    assert refusal(ask, "nobody") == missing
    assert ask().challenge_name == "DEVICE_PASSWORD_VERIFIER"
    assert refusal(ask) == missing
    used = "NotAuthorized: Invalid session for the user, session can only be used once."
    assert refusal(device.begin, app, challenge) == used
    device.password_auth(app)
    app.cognito.clock.move(180)
    assert refusal(ask) == missing


# Refreshing


def refresh(app: App, token: str | None, **parameters: str) -> AuthenticationResult:
    given = {"REFRESH_TOKEN": token or "", **parameters}
    return signed_in(app.send(InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=given)))


def renew(app: App, token: str | None, device_key: str | None = None) -> AuthenticationResult:
    request = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=token or "", device_key=device_key)
    result = app.send(request).authentication_result
    assert result is not None
    return result


@pytest.mark.parametrize("confirmed", [True, False], ids=["confirmed", "offered"])
def test_tokens_of_a_device_are_renewed_with_its_key(*, confirmed: bool) -> None:
    app = new_device_app()
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    if confirmed:
        device.confirm(app, tokens.access_token)
    other = registered(app)
    token = tokens.refresh_token
    for given in (None, NOBODY, other.key):
        assert refusal(renew, app, token, given) == "NotAuthorized: Invalid Refresh Token."
        named = {"DEVICE_KEY": given} if given else {}
        assert refusal(refresh, app, token, **named) == "NotAuthorized: Invalid Refresh Token."
    for renewed in (renew(app, token, device.key), refresh(app, token, DEVICE_KEY=device.key)):
        assert claims(renewed.access_token)["device_key"] == device.key
        assert renewed.new_device_metadata is None


def test_a_forgotten_devices_tokens_are_not_renewed() -> None:
    app = new_device_app()
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    device.confirm(app, tokens.access_token)
    proved = signed_in(device.prove(app, device.password_auth(app)))
    forget(app, device)
    for token in (tokens.refresh_token, proved.refresh_token):
        assert refusal(renew, app, token, device.key) == UNKNOWN
        assert refusal(refresh, app, token, DEVICE_KEY=device.key) == UNKNOWN


def test_a_device_key_is_not_needed_where_none_is_bound() -> None:
    app, secret, device = with_totp(ALWAYS)
    challenge = device.password_auth(app)
    token = signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret))).refresh_token
    assert renew(app, token)
    assert refresh(app, token, DEVICE_KEY=device.key)


def test_reading_a_device_does_not_change_it() -> None:
    app = new_device_app()
    device = registered(app)
    request = AdminGetDevice(user_pool_id=app.pool_id, username="ana", device_key=device.key)
    assert app.send(request) == app.send(request)
