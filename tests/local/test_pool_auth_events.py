"""The history of a user, where the pool keeps one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from cognito_auth.api.account import ChangePassword, ForgotPassword
from cognito_auth.api.auth import AdminInitiateAuth, ContextData, InitiateAuth
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pool_settings import UserPoolAddOns
from cognito_auth.api.sign_up import ResendConfirmationCode
from cognito_auth.api.types import UserContextData
from cognito_auth.api.users import AdminListUserAuthEvents, AuthEvent, EventRisk
from cognito_auth.local.users.auth_events import MOST_EVENTS

from .support import NEW_PASSWORD, PASSWORD, START, App, claims, new_app, refusal, signed_in

WRONG: Final = "Wrong-passw0rd!"


def app_with_history(mode: str = "ENFORCED", **pool: Any) -> App:
    app = new_app(pool={"user_pool_add_ons": UserPoolAddOns(advanced_security_mode=mode), "user_pool_tier": "PLUS", **pool})
    app.create_user()
    return app


def events(app: App, username: str = "ana") -> tuple[AuthEvent, ...]:
    return app.send(AdminListUserAuthEvents(user_pool_id=app.pool_id, username=username)).auth_events or ()


def outline(event: AuthEvent) -> tuple[str | None, str | None, list[tuple[str | None, str | None]]]:
    proofs = [(each.challenge_name, each.challenge_response) for each in event.challenge_responses or ()]
    return event.event_type, event.event_response, proofs


RIGHT: Final = ("Password", "Success")


@pytest.mark.parametrize("mode", ["AUDIT", "ENFORCED"])
def test_a_sign_in_is_kept(mode: str) -> None:
    app = app_with_history(mode)
    tokens = app.tokens()
    (event,) = events(app)
    assert outline(event) == ("SignIn", "Pass", [RIGHT])
    assert event.event_id == claims(tokens.access_token)["event_id"] == claims(tokens.id_token)["event_id"]
    assert event.creation_date == datetime.fromtimestamp(START, UTC)
    assert event.event_risk == EventRisk(risk_decision="NoRisk", compromised_credentials_detected=False)


@pytest.mark.parametrize("settings", [None, UserPoolAddOns(advanced_security_mode="OFF")], ids=["unset", "off"])
def test_where_no_history_is_kept(settings: UserPoolAddOns | None) -> None:
    app = new_app(pool={"user_pool_add_ons": settings})
    app.create_user()
    app.tokens()
    assert refusal(events, app).startswith("UserPoolAddOnNotEnabled: ")


def test_the_rest_of_a_life_is_kept() -> None:
    app = app_with_history()
    app.sign_up("bea", email="bea@example.com")
    app.send(ResendConfirmationCode(client_id=app.client_id, username="bea"))
    app.confirm("bea")
    app.send(ForgotPassword(client_id=app.client_id, username="bea"))
    access_token = app.tokens("bea").access_token or ""
    change = ChangePassword(access_token=access_token, previous_password=PASSWORD, proposed_password=NEW_PASSWORD)
    app.send(change)
    kinds = ["SignUp", "ResendCode", "ForgotPassword", "SignIn", "PasswordChange"]
    assert [(event.event_type, event.event_response) for event in events(app, "bea")] == [(kind, "Pass") for kind in kinds]


def test_who_is_not_there() -> None:
    assert refusal(events, app_with_history(), "nobody") == "UserNotFound: User does not exist."


@pytest.mark.parametrize("way", ["password", "srp"])
def test_a_wrong_password_is_kept(way: str) -> None:
    app = app_with_history()
    sign_in = app.password_auth if way == "password" else app.srp_auth
    refusal(sign_in, "ana", WRONG)
    signed_in(sign_in())
    assert [outline(event) for event in events(app)] == [
        ("SignIn", "Fail", [("Password", "Failure")]),
        ("SignIn", "Pass", [RIGHT]),
    ]


def test_a_closed_account_is_kept() -> None:
    app = app_with_history()
    app.sign_up("bob", email="bob@example.com")
    refusal(app.password_auth, "bob")
    assert ("SignIn", "Fail", [RIGHT]) in [outline(event) for event in events(app, "bob")]


def test_a_second_factor_is_part_of_the_event() -> None:
    app = app_with_history(mfa_configuration="OPTIONAL")
    access = app.tokens().access_token or ""
    secret = app.set_up_totp(access)
    settings = SoftwareTokenMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=settings))
    challenge = app.password_auth()
    seen = [outline(events(app)[-1])]
    moment = events(app)[-1].creation_date
    refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE="000000")
    seen.append(outline(events(app)[-1]))
    tokens = signed_in(app.reply_to(challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)))
    seen.append(outline(events(app)[-1]))
    assert seen == [
        ("SignIn", "InProgress", [RIGHT]),
        ("SignIn", "Fail", [RIGHT, ("Mfa", "Failure")]),
        ("SignIn", "Pass", [RIGHT, ("Mfa", "Success")]),
    ]
    assert len(events(app)) == 2
    assert events(app)[-1].event_id == claims(tokens.access_token)["event_id"]
    assert events(app)[-1].creation_date == moment


def test_the_address_that_is_named() -> None:
    app = app_with_history()
    public = InitiateAuth(
        client_id=app.client_id,
        auth_flow="USER_PASSWORD_AUTH",
        auth_parameters=app.parameters("ana", PASSWORD=PASSWORD),
        user_context_data=UserContextData(ip_address="192.0.2.7"),
    )
    admin = AdminInitiateAuth(
        user_pool_id=app.pool_id,
        client_id=app.client_id,
        auth_flow="ADMIN_USER_PASSWORD_AUTH",
        auth_parameters=app.parameters("ana", PASSWORD=PASSWORD),
        context_data=ContextData(ip_address="2001:db8::7" + "7" * 100, server_name="s", server_path="/", http_headers=()),
    )
    app.send(public)
    app.send(admin)
    app.tokens()
    addresses = [event.event_context_data and event.event_context_data.ip_address for event in events(app)]
    assert addresses == ["192.0.2.7", ("2001:db8::7" + "7" * 100)[:45], None]


def test_pages_and_the_most_that_is_kept() -> None:
    app = app_with_history()
    app.cognito.clock.move(1)
    first = claims(app.tokens().access_token)["event_id"]
    second = claims(app.tokens().access_token)["event_id"]
    for _ in range(MOST_EVENTS - 1):
        app.password_auth()
    request: dict[str, Any] = {"user_pool_id": app.pool_id, "username": "ana"}
    seen: list[AuthEvent] = []
    token = None
    while True:
        page = app.send(AdminListUserAuthEvents(**request, next_token=token))
        assert len(page.auth_events or ()) <= 60
        seen += page.auth_events or ()
        token = page.next_token
        if token is None:
            break
    assert len(seen) == MOST_EVENTS
    ids = [event.event_id for event in seen]
    assert first not in ids
    assert ids[0] == second
    assert len(app.send(AdminListUserAuthEvents(**request, max_results=3)).auth_events or ()) == 3
