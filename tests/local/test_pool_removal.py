"""Deleting users: what goes with them, what their tokens are told, and who comes after them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from cognito_auth.api.account import DeleteUser, ForgotPassword, GetUser
from cognito_auth.api.auth import AuthReply, InitiateAuth, RevokeToken
from cognito_auth.api.groups import AdminAddUserToGroup, AdminListGroupsForUser, CreateGroup, ListUsersInGroup
from cognito_auth.api.pool_settings import SmsConfiguration
from cognito_auth.api.providers import AdminLinkProviderForUser, ProviderUserIdentifier
from cognito_auth.api.sign_up import ConfirmSignUp, SignUp
from cognito_auth.api.users import (
    AdminDeleteUser,
    AdminGetUser,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    ListUsers,
)
from cognito_auth.local.store.records import Device
from cognito_auth.local.store.tables import DEVICES, POOLS, TABLES

from .support import NEW_PASSWORD, PASSWORD, START, App, Refused, listed, new_app, refusal
from .tables import Tables

UNKNOWN = "UserNotFound: User does not exist."
SMS = SmsConfiguration(sns_caller_arn="arn:aws:iam::123456789012:role/sms")


def by_an_administrator(app: App, access: str | None) -> None:
    del access
    app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))


def by_the_user(app: App, access: str | None) -> None:
    app.send(DeleteUser(access_token=access or ""))


WAYS = pytest.mark.parametrize("delete", [by_an_administrator, by_the_user])


def get(app: App, username: str = "ana") -> Any:
    return app.send(AdminGetUser(user_pool_id=app.pool_id, username=username))


def refresh(app: App, token: str | None) -> AuthReply:
    parameters = {"REFRESH_TOKEN": token or ""}
    return app.send(InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters))


@WAYS
def test_who_is_deleted_is_gone(delete: Callable[[App, str | None], None]) -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.create_user()
    app.create_user("eva", email="eva@example.com", email_verified="true")
    sub = get(app).user_attributes[0].value
    tokens, others = app.tokens(), app.tokens("eva")
    delete(app, tokens.access_token)
    for name in ("ana", sub, "ana@example.com"):
        assert refusal(get, app, name) == UNKNOWN
    assert [user.username for user in app.send(ListUsers(user_pool_id=app.pool_id)).users or ()] == ["eva"]
    assert refusal(app.password_auth) == "NotAuthorized: Incorrect username or password."
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == UNKNOWN
    assert refusal(refresh, app, tokens.refresh_token) == UNKNOWN
    assert refusal(by_the_user, app, tokens.access_token) == UNKNOWN
    assert refusal(by_an_administrator, app, None) == UNKNOWN
    app.send(RevokeToken(token=tokens.refresh_token or "", client_id=app.client_id))
    assert app.send(GetUser(access_token=others.access_token or "")).username == "eva"


def test_what_a_revoked_token_cannot_do() -> None:
    app = new_app()
    app.create_user()
    tokens = app.tokens()
    app.send(RevokeToken(token=tokens.refresh_token or "", client_id=app.client_id))
    assert refusal(by_the_user, app, tokens.access_token) == "NotAuthorized: Access Token has been revoked"
    assert get(app).username == "ana"


@WAYS
def test_who_comes_after_inherits_nothing(delete: Callable[[App, str | None], None]) -> None:
    app = new_app(pool={"alias_attributes": ("preferred_username",)})
    first = app.sign_up("ana", email="ana@example.com", preferred_username="queen", name="Ana")
    app.confirm()
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name="staff"))
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, group_name="staff", username="ana"))
    link = link_of(app.pool_id)
    app.send(link)
    tokens = app.tokens()
    forgot = ForgotPassword(client_id=app.client_id, username="ana")
    for _ in range(20):
        app.send(forgot)
    for _ in range(7):
        refusal(app.password_auth, "ana", "Wr0ng-one!")
    assert refusal(app.password_auth) == "NotAuthorized: Password attempts exceeded"
    delete(app, tokens.access_token)

    second = app.sign_up("ana", email="new@example.com")
    assert second != first
    assert {each.name for each in get(app).user_attributes} == {"sub", "email", "email_verified"}
    assert [message.to for message in app.cognito.outbox(app.pool_id, "ana")] == ["new@example.com"]
    app.confirm()
    assert app.tokens()
    assert refusal(get, app, "queen") == UNKNOWN
    assert app.send(AdminListGroupsForUser(user_pool_id=app.pool_id, username="ana")).groups == ()
    assert app.send(ListUsersInGroup(user_pool_id=app.pool_id, group_name="staff")).users == ()
    app.send(forgot)
    app.send(link)
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == UNKNOWN
    assert refusal(refresh, app, tokens.refresh_token) == UNKNOWN


def test_a_code_and_a_challenge_of_who_was_deleted() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL", "sms_configuration": SMS})
    app.sign_up()
    code = app.last_message().code
    by_an_administrator(app, None)
    app.create_user()
    app.send(AdminSetUserPassword(user_pool_id=app.pool_id, username="ana", password=PASSWORD))
    challenge = app.password_auth()
    by_an_administrator(app, None)
    app.sign_up()
    assert refusal(app.confirm, "ana", code).startswith("CodeMismatch: ")
    invalid = "NotAuthorized: Invalid session for the user."
    assert refusal(app.reply_to, challenge, NEW_PASSWORD=NEW_PASSWORD) == invalid


def test_a_user_of_the_same_name_in_another_pool_stays() -> None:
    app = new_app()
    other = new_app(app.cognito)
    for each in (app, other):
        each.create_user()
    tokens = other.tokens()
    by_an_administrator(app, None)
    assert other.send(GetUser(access_token=tokens.access_token or "")).username == "ana"
    assert other.password_auth().authentication_result


def link_of(pool_id: str) -> AdminLinkProviderForUser:
    destination = ProviderUserIdentifier(provider_name="Cognito", provider_attribute_value="ana")
    source = ProviderUserIdentifier(
        provider_name="Google", provider_attribute_name="Cognito_Subject", provider_attribute_value="1"
    )
    return AdminLinkProviderForUser(user_pool_id=pool_id, destination_user=destination, source_user=source)


def device_of(pool_id: str, sub: str) -> Device:
    return Device(
        pool_id=pool_id,
        sub=sub,
        key="k",
        group_key="g",
        salt="1",
        verifier="1",
        remembered=True,
        created_at=START,
        modified_at=START,
        authenticated_at=START,
    )


def naming(tables: Tables, *words: str) -> set[str]:
    """The tables in which a document has one of the words."""
    found: set[str] = set()
    for table in TABLES:
        for (document,) in tables.connection.execute(f"SELECT document FROM {table.name}").fetchall():
            if any(word in document for word in words):
                found.add(table.name)
    return found


def test_no_table_names_who_was_deleted() -> None:
    tables = Tables()
    settings = replace(tables.pool.settings, alias_attributes=("email",), auto_verified_attributes=("email",))
    tables.records.put(POOLS, replace(tables.pool, settings=settings))
    pool = tables.pool_id
    profile = listed({"name": "Ana", "email": "ana@example.com"})
    sub = tables.run(SignUp(client_id=tables.client_id, username="ana", password=PASSWORD, user_attributes=profile)).user_sub
    with suppress(Refused):
        tables.run(ConfirmSignUp(client_id=tables.client_id, username="ana", confirmation_code="000"))
    vouch = AdminUpdateUserAttributes(user_pool_id=pool, username="ana", user_attributes=listed({"email_verified": "true"}))
    tables.run(vouch)
    tables.run(link_of(pool))
    tables.run(CreateGroup(user_pool_id=pool, group_name="staff"))
    tables.run(AdminAddUserToGroup(user_pool_id=pool, group_name="staff", username="ana"))
    for permanent in (True, False):
        password = AdminSetUserPassword(user_pool_id=pool, username="ana", password=PASSWORD, permanent=permanent)
        tables.run(password)
        for given in (PASSWORD, "Wr0ng-one!"):
            parameters = {"USERNAME": "ana", "PASSWORD": given}
            with suppress(Refused):
                tables.run(InitiateAuth(client_id=tables.client_id, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters))
    tables.run(AdminUpdateUserAttributes(user_pool_id=pool, username="ana", user_attributes=listed({"email": "new@b"})))
    tables.run(vouch)
    tables.records.insert(DEVICES, device_of(pool, sub))
    mine = {"users", "aliases", "identities", "memberships", "codes", "letters", "tallies", "failures", "sessions", "devices"}
    assert naming(tables, '"ana"', sub) >= {*mine, "grants"}

    tables.run(AdminDeleteUser(user_pool_id=pool, username="ana"))
    assert naming(tables, '"ana"', sub, "ana@example.com") == set()
