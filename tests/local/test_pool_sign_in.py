"""How sign-ins begin: flows and their settings, secret hashes, who is told what, and the lock after wrong passwords."""

from __future__ import annotations

import os
from typing import Any

import pytest

from cognito_auth import srp
from cognito_auth.api.auth import AdminInitiateAuth, AdminRespondToAuthChallenge, InitiateAuth
from cognito_auth.api.mfa import AssociateSoftwareToken, VerifySoftwareToken
from cognito_auth.api.pool_settings import UsernameConfiguration
from cognito_auth.api.users import AdminCreateUser, AdminSetUserPassword

from .support import NEW_PASSWORD, PASSWORD, App, Refused, add_client, new_app, refusal, signed_in

INCORRECT = "NotAuthorized: Incorrect username or password."
LOCKED = "NotAuthorized: Password attempts exceeded"


def initiate(app: App, flow: str, **parameters: str) -> Any:
    return app.send(
        InitiateAuth(client_id=app.client_id, auth_flow=flow, auth_parameters=parameters)  # type: ignore[arg-type] # any
    )


def admin_initiate(app: App, flow: str, **parameters: str) -> Any:
    request = AdminInitiateAuth(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        auth_flow=flow,  # type: ignore[arg-type] # any
        auth_parameters=parameters,
    )
    return app.send(request)


OFF = [
    ("USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
    ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
    ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
    ("USER_AUTH", "USER_AUTH is not enabled for the client."),
    ("ADMIN_USER_PASSWORD_AUTH", "Initiate Auth method not supported."),
    ("ADMIN_NO_SRP_AUTH", "Initiate Auth method not supported."),
]


@pytest.mark.parametrize(("flow", "text"), OFF, ids=[flow for flow, _ in OFF])
def test_flows_that_are_off(flow: str, text: str) -> None:
    app = new_app(explicit_auth_flows=("ALLOW_REFRESH_TOKEN_AUTH",))
    app.create_user()
    assert refusal(initiate, app, flow, USERNAME="ana", PASSWORD=PASSWORD, SRP_A="2") == f"InvalidParameter: {text}"


@pytest.mark.parametrize("flow", ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH"])
def test_flows_that_are_off_for_administrators(flow: str) -> None:
    app = new_app(explicit_auth_flows=("ALLOW_USER_PASSWORD_AUTH",))
    refused = refusal(admin_initiate, app, flow, USERNAME="ana", PASSWORD=PASSWORD, SRP_A="2")
    assert refused == "InvalidParameter: Auth flow not enabled for this client"


def test_the_password_flow_of_the_public_is_not_for_administrators() -> None:
    refused = refusal(admin_initiate, new_app(), "USER_PASSWORD_AUTH", USERNAME="ana", PASSWORD=PASSWORD)
    assert refused == "InvalidParameter: Initiate Auth method not supported."


def test_custom_flow_without_triggers() -> None:
    app = new_app(explicit_auth_flows=("ALLOW_CUSTOM_AUTH",))
    text = "InvalidParameter: Custom auth lambda trigger is not configured for the user pool."
    assert refusal(initiate, app, "CUSTOM_AUTH", USERNAME="ana") == text


@pytest.mark.parametrize(
    ("flows", "password", "srp", "admin"),
    [
        pytest.param(None, False, True, False, id="unset"),
        pytest.param(("USER_PASSWORD_AUTH",), True, True, False, id="legacy password"),
        pytest.param(("ADMIN_NO_SRP_AUTH",), False, True, True, id="legacy admin"),
        pytest.param(("CUSTOM_AUTH_FLOW_ONLY",), False, False, False, id="legacy custom"),
        pytest.param(("ALLOW_USER_PASSWORD_AUTH",), True, False, False, id="password"),
        pytest.param(("ALLOW_ADMIN_USER_PASSWORD_AUTH",), False, False, True, id="admin"),
    ],
)
def test_what_the_settings_switch_on(flows: tuple[str, ...] | None, *, password: bool, srp: bool, admin: bool) -> None:
    app = new_app(explicit_auth_flows=flows)
    app.create_user()

    def works(run: Any, flow: str, **parameters: str) -> bool:
        try:
            run(app, flow, USERNAME="ana", **parameters)
        except Refused as refused:
            assert "not enabled" in refused.text  # noqa: PT017
            return False
        return True

    assert works(initiate, "USER_PASSWORD_AUTH", PASSWORD=PASSWORD) == password
    assert works(initiate, "USER_SRP_AUTH", SRP_A="2") == srp
    assert works(admin_initiate, "ADMIN_USER_PASSWORD_AUTH", PASSWORD=PASSWORD) == admin


@pytest.mark.parametrize(
    ("flow", "missing"),
    [
        ("USER_PASSWORD_AUTH", "USERNAME"),
        ("USER_PASSWORD_AUTH", "PASSWORD"),
        ("USER_SRP_AUTH", "SRP_A"),
        ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"),
        ("REFRESH_TOKEN", "REFRESH_TOKEN"),
    ],
)
def test_missing_parameters(flow: str, missing: str) -> None:
    given = {"USERNAME": "ana", "PASSWORD": PASSWORD, "SRP_A": "2", "REFRESH_TOKEN": "x", missing: ""}
    assert refusal(initiate, new_app(), flow, **given) == f"InvalidParameter: Missing required parameter {missing}"


def test_administrators_sign_users_in() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    parameters = app.parameters("ana", PASSWORD=PASSWORD)
    for flow in ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"):
        assert signed_in(admin_initiate(app, flow, **parameters)).refresh_token
    pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    challenge = admin_initiate(app, "USER_SRP_AUTH", **app.parameters("ana", SRP_A=pair.srp_a))
    refresh = signed_in(admin_answer(app, "PASSWORD_VERIFIER", app.srp_claim(pair, challenge))).refresh_token or ""
    given = {"REFRESH_TOKEN": refresh, "SECRET_HASH": app.hashed("ana") or ""}
    assert signed_in(admin_initiate(app, "REFRESH_TOKEN_AUTH", **given)).access_token


def admin_answer(app: App, challenge: str, responses: dict[str, str], session: str | None = None) -> Any:
    request = AdminRespondToAuthChallenge(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        challenge_name=challenge,
        challenge_responses=responses,
        session=session,
    )
    return app.send(request)


INVALID = "NotAuthorized: Invalid session for the user."


def test_a_proof_stays_in_its_family() -> None:
    app = new_app()
    app.create_user()
    pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
    claim = app.srp_claim(pair, admin_initiate(app, "USER_SRP_AUTH", **app.parameters("ana", SRP_A=pair.srp_a)))
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, claim) == INVALID
    assert signed_in(admin_answer(app, "PASSWORD_VERIFIER", claim))
    assert refusal(admin_answer, app, "PASSWORD_VERIFIER", app.srp_claim(*app.srp_challenge())) == INVALID


@pytest.mark.parametrize("admin", [True, False], ids=["administrator", "public"])
def test_a_session_stays_in_its_family(*, admin: bool) -> None:
    app = new_app(pool={"mfa_configuration": "ON"})
    app.create_user()
    password = {"USERNAME": "ana", "PASSWORD": PASSWORD}
    begun = admin_initiate(app, "ADMIN_USER_PASSWORD_AUTH", **password) if admin else app.password_auth()
    associated = app.send(AssociateSoftwareToken(session=begun.session))
    code = app.totp(associated.secret_code or "")
    session = app.send(VerifySoftwareToken(session=associated.session, user_code=code)).session
    answer = {"USERNAME": "ana"}
    if admin:
        assert refusal(app.answer, "MFA_SETUP", session, answer) == INVALID
        assert signed_in(admin_answer(app, "MFA_SETUP", answer, session))
    else:
        assert refusal(admin_answer, app, "MFA_SETUP", answer, session) == INVALID
        assert signed_in(app.answer("MFA_SETUP", session, answer))


def test_pools_and_clients_that_are_not_there() -> None:
    app = new_app()
    ghost = App(app.cognito, "us-east-1_nothing", "ghost")
    assert refusal(ghost.password_auth) == "ResourceNotFound: User pool client ghost does not exist."
    unknown = refusal(admin_initiate, ghost, "ADMIN_USER_PASSWORD_AUTH", USERNAME="ana")
    assert unknown == "ResourceNotFound: User pool us-east-1_nothing does not exist."
    elsewhere = App(app.cognito, new_app(app.cognito).pool_id, app.client_id)
    unknown = refusal(admin_initiate, elsewhere, "ADMIN_USER_PASSWORD_AUTH", USERNAME="ana")
    assert unknown == f"ResourceNotFound: User pool client {app.client_id} does not exist."


def test_secret_hashes() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    missing = f"NotAuthorized: Client {app.client_id} is configured with secret but SECRET_HASH was not received"
    wrong = f"NotAuthorized: Unable to verify secret hash for client {app.client_id}"
    assert refusal(initiate, app, "USER_PASSWORD_AUTH", USERNAME="ana", PASSWORD=PASSWORD) == missing
    hashed = app.hashed("bob") or ""
    given = {"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": hashed}
    assert refusal(initiate, app, "USER_PASSWORD_AUTH", **given) == wrong
    claim = app.srp_claim(*app.srp_challenge())
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, {**claim, "SECRET_HASH": hashed}) == wrong
    del claim["SECRET_HASH"]
    assert refusal(app.answer, "PASSWORD_VERIFIER", None, claim) == missing
    public = add_client(app.cognito, app.pool_id)
    wrong = f"NotAuthorized: Unable to verify secret hash for client {public.client_id}"
    assert refusal(initiate, public, "USER_PASSWORD_AUTH", **given) == wrong


def test_the_hash_is_checked_before_the_flow_and_the_user() -> None:
    app = new_app(generate_secret=True, explicit_auth_flows=("ALLOW_USER_SRP_AUTH",))
    given = {"USERNAME": "nobody", "PASSWORD": PASSWORD}
    assert "SECRET_HASH" in refusal(initiate, app, "USER_PASSWORD_AUTH", **given)
    given["SECRET_HASH"] = app.hashed("nobody") or ""
    assert "not enabled" in refusal(initiate, app, "USER_PASSWORD_AUTH", **given)


@pytest.mark.parametrize(
    ("setting", "unknown"),
    [("ENABLED", INCORRECT), ("LEGACY", "UserNotFound: User does not exist."), (None, "UserNotFound: User does not exist.")],
    ids=["enabled", "legacy", "unset"],
)
def test_who_does_not_exist(setting: str | None, unknown: str) -> None:
    app = new_app(prevent_user_existence_errors=setting)
    app.create_user()
    assert refusal(app.password_auth, "nobody") == unknown
    assert refusal(app.srp_auth, "nobody") == unknown
    assert refusal(app.password_auth, "ana", "Wrong-passw0rd") == INCORRECT
    assert refusal(app.srp_auth, "ana", "Wrong-passw0rd") == INCORRECT
    refused = refusal(admin_initiate, app, "ADMIN_USER_PASSWORD_AUTH", USERNAME="nobody", PASSWORD=PASSWORD)
    assert refused == unknown


@pytest.mark.parametrize("name", ["ana@example.com", "+15550001234", "the-ana"], ids=["email", "phone", "preferred"])
def test_aliases_sign_in(name: str) -> None:
    app = new_app(pool={"alias_attributes": ("email", "phone_number", "preferred_username")}, generate_secret=True)
    addresses = {"email": "ana@example.com", "phone_number": "+15550001234", "preferred_username": "the-ana"}
    app.create_user("ana", **addresses, email_verified="true", phone_number_verified="true")
    assert app.srp_auth(name).authentication_result
    assert app.password_auth(name).authentication_result


def test_an_alias_works_only_when_verified() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.create_user("ana", email="ana@example.com")
    assert refusal(app.password_auth, "ana@example.com") == INCORRECT


@pytest.mark.parametrize("sensitive", [True, False])
def test_case(*, sensitive: bool) -> None:
    case = UsernameConfiguration(case_sensitive=sensitive)
    app = new_app(pool={"username_configuration": case, "alias_attributes": ("email",)})
    app.create_user("Ana", email="Ana@Example.com", email_verified="true")
    assert app.srp_auth("Ana").authentication_result
    for name in ("aNA", "ana@example.COM"):
        if sensitive:
            assert refusal(app.srp_auth, name) == INCORRECT
        else:
            assert app.srp_auth(name).authentication_result


@pytest.mark.parametrize("way", ["password", "srp", "admin"])
def test_lock_out(way: str) -> None:
    app = new_app()
    app.create_user()

    def attempt(password: str = "Wrong-passw0rd!") -> Any:
        if way == "admin":
            return admin_initiate(app, "ADMIN_USER_PASSWORD_AUTH", USERNAME="ana", PASSWORD=password)
        return app.password_auth("ana", password) if way == "password" else app.srp_auth("ana", password)

    for _ in range(5):
        assert refusal(attempt) == INCORRECT
    assert refusal(attempt, PASSWORD) == LOCKED
    for seconds in (1, 2, 4):
        app.cognito.clock.move(seconds - 0.5)
        assert refusal(attempt, PASSWORD) == LOCKED
        app.cognito.clock.move(0.5)
        assert refusal(attempt) == INCORRECT
    app.cognito.clock.move(8)
    assert signed_in(attempt(PASSWORD))
    for _ in range(5):
        assert refusal(attempt) == INCORRECT
    assert refusal(attempt) == LOCKED


def test_the_longest_lock_and_the_rest() -> None:
    app = new_app()
    app.create_user()
    for _ in range(5):
        refusal(app.password_auth, "ana", "Wrong-passw0rd!")
    for exponent in range(10):
        app.cognito.clock.move(2**exponent)
        assert refusal(app.password_auth, "ana", "Wrong-passw0rd!") == INCORRECT
    app.cognito.clock.move(899)
    assert refusal(app.password_auth) == LOCKED
    app.cognito.clock.move(1)
    for _ in range(5):
        assert refusal(app.password_auth, "ana", "Wrong-passw0rd!") == INCORRECT
    assert refusal(app.password_auth) == LOCKED
    app.cognito.clock.move(900)
    assert refusal(app.password_auth, "ana", "Wrong-passw0rd!") == INCORRECT
    assert app.password_auth().authentication_result


def test_the_lock_does_not_tell_who_exists() -> None:
    app = new_app()
    app.create_user()
    for name in ("ana", "nobody"):
        answers = [refusal(app.password_auth, name, "Wrong-passw0rd!") for _ in range(7)]
        assert answers == [INCORRECT] * 5 + [LOCKED] * 2


def test_one_users_lock_is_not_anothers() -> None:
    app = new_app()
    app.create_user("ana")
    app.create_user("bob", email="bob@example.com")
    for _ in range(6):
        refusal(app.password_auth, "ana", "Wrong-passw0rd!")
    assert app.password_auth("bob").authentication_result


def test_a_status_is_told_only_to_who_knows_the_password() -> None:
    app = new_app()
    app.sign_up()
    assert refusal(app.password_auth, "ana", "Wrong-passw0rd!") == INCORRECT
    assert refusal(app.password_auth) == "UserNotConfirmed: User is not confirmed."


def test_temporary_passwords_grow_old() -> None:
    app = new_app()
    request = AdminCreateUser(user_pool_id=app.pool_id, username="ana", temporary_password=PASSWORD)
    app.send(request)
    assert app.srp_auth().challenge_name == "NEW_PASSWORD_REQUIRED"
    app.cognito.clock.move(7 * 24 * 3600)
    expired = "NotAuthorized: Temporary password has expired and must be reset by an administrator."
    assert refusal(app.srp_auth) == expired
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana", temporary_password=PASSWORD, message_action="RESEND"))
    assert app.srp_auth().challenge_name == "NEW_PASSWORD_REQUIRED"
    app.cognito.clock.move(7 * 24 * 3600)
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=NEW_PASSWORD, permanent=True))
    app.cognito.clock.move(7 * 24 * 3600)
    assert app.srp_auth("ana", NEW_PASSWORD).authentication_result
