"""App clients: what is created is described, what is replaced goes back to its default, what is deleted opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import GetTokensFromRefreshToken, RevokeToken
from cognito_auth.api.clients import (
    CreateUserPoolClient,
    DeleteUserPoolClient,
    DescribeUserPoolClient,
    ListUserPoolClients,
    TokenValidityUnits,
    UpdateUserPoolClient,
)
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.structure import Operation
from cognito_auth.local.store.tables import CLIENTS

from .client_settings import DEFAULTS, SETTINGS, create, describe, pool, shown, update
from .support import FLOWS, START, add_client, claims, new_app, new_cognito, refusal, send
from .tables import Tables

# Create, describe and update


@pytest.mark.parametrize("options", [SETTINGS, {}], ids=["everything", "nothing"])
def test_what_is_created_is_described(options: dict[str, Any]) -> None:
    app = pool()
    made = create(app, generate_secret=True, **options)
    assert shown(made) == (options or DEFAULTS)
    assert (made.user_pool_id, made.client_name, made.client_type) == (app.pool_id, "c", "REGULAR")
    assert (len(made.client_id or ""), (made.client_id or "").isalnum(), (made.client_id or "").islower()) == (26, True, True)
    assert len(made.client_secret or "") == 52
    assert made.creation_date is not None
    assert made.creation_date.timestamp() == START
    assert made.last_modified_date == made.creation_date
    assert describe(app, made.client_id) == made


def test_no_setting_is_left_out_of_these_tests() -> None:
    common = {each.name for each in fields(CreateUserPoolClient)} & {each.name for each in fields(UpdateUserPoolClient)}
    assert common - {"user_pool_id", "client_name", "publish_secrets_in_aws_secrets_manager"} == set(SETTINGS)


def test_secrets() -> None:
    app = pool()
    own = "a" * 24
    assert create(app).client_secret is None
    assert create(app, client_secret=own).client_secret == own
    text = "InvalidParameter: GenerateSecret and ClientSecret exclude each other"
    assert refusal(create, app, generate_secret=True, client_secret=own) == text


def test_no_secret_is_kept_elsewhere() -> None:
    app = pool()
    text = "InvalidParameter: There is no Secrets Manager here that could keep the secret"
    elsewhere = {"publish_secrets_in_aws_secrets_manager": True}
    assert refusal(create, app, generate_secret=True, **elsewhere) == text
    made = create(app, generate_secret=True, publish_secrets_in_aws_secrets_manager=False)
    assert made.client_secret is not None
    assert made.client_secret_arn is None
    assert refusal(update, app, made.client_id, **elsewhere) == text
    assert describe(app, made.client_id) == made


def test_an_update_replaces_everything_but_the_secret() -> None:
    app = pool()
    made = create(app, generate_secret=True)
    app.cognito.clock.move(60)
    changed = update(app, made.client_id, client_name="renamed", **SETTINGS)
    assert shown(changed) == SETTINGS
    assert changed.client_name == "renamed"
    assert changed.last_modified_date is not None
    assert changed.last_modified_date.timestamp() == START + 60
    assert describe(app, made.client_id) == changed
    plain = update(app, made.client_id)
    assert shown(plain) == DEFAULTS
    assert plain.client_name == "renamed"
    kept = ("client_id", "client_secret", "user_pool_id", "creation_date", "client_type")
    assert all(getattr(plain, name) == getattr(changed, name) == getattr(made, name) for name in kept)


def test_what_is_described_may_be_sent_back() -> None:
    app = pool()
    made = create(app, generate_secret=True, **SETTINGS)
    assert update(app, made.client_id, **shown(made)) == made


def test_the_secret_still_proves_the_client_after_an_update() -> None:
    app = new_app(generate_secret=True)
    app.create_user()
    update(app, explicit_auth_flows=FLOWS)
    assert app.password_auth().authentication_result is not None
    assert refusal(replace(app, secret=None).password_auth).startswith("NotAuthorized: Client ")


def test_an_update_takes_effect_at_once() -> None:
    app = new_app()
    app.create_user("ana", email="ana@example.com", name="Ana")
    assert claims(app.tokens().id_token)["name"] == "Ana"
    refreshed = app.tokens().refresh_token or ""
    update(
        app,
        explicit_auth_flows=("ALLOW_USER_PASSWORD_AUTH",),
        access_token_validity=10,
        token_validity_units=TokenValidityUnits(access_token="minutes"),
        read_attributes=("email",),
    )
    tokens = app.tokens()
    assert tokens.expires_in == 600
    assert "name" not in claims(tokens.id_token)
    assert refusal(app.srp_challenge) == "InvalidParameter: USER_SRP_AUTH is not enabled for the client."
    assert refusal(app.password_auth, "nobody") == "UserNotFound: User does not exist."
    update(app, explicit_auth_flows=FLOWS, enable_token_revocation=False)
    assert "origin_jti" not in claims(app.tokens().access_token)
    revoke = RevokeToken(client_id=app.client_id, token=refreshed)
    assert refusal(app.send, revoke).startswith("UnsupportedOperation: ")


def test_a_refused_update_changes_nothing() -> None:
    app = pool()
    before = describe(app)
    assert refusal(update, app, client_name="x", access_token_validity=25).startswith("InvalidParameter: ")
    assert describe(app) == before


def test_zero_days_are_thirty() -> None:
    app = pool()
    units = TokenValidityUnits(refresh_token="minutes", access_token="minutes")
    made = create(app, refresh_token_validity=0, token_validity_units=units)
    assert made.refresh_token_validity == 30
    assert made.token_validity_units == TokenValidityUnits(refresh_token="days", access_token="minutes")


# Delete


def test_a_deleted_clients_tokens_and_challenges_open_nothing() -> None:
    app = new_app(pool={"mfa_configuration": "OPTIONAL"})
    stays = add_client(app.cognito, app.pool_id)
    app.create_user()
    tokens, others = app.tokens(), stays.tokens()
    secret = app.set_up_totp(tokens.access_token or "")
    switch_on = SoftwareTokenMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=tokens.access_token or "", software_token_mfa_settings=switch_on))
    challenge = app.password_auth()
    app.send(DeleteUserPoolClient(user_pool_id=app.pool_id, client_id=app.client_id))
    text = f"ResourceNotFound: User pool client {app.client_id} does not exist."
    assert refusal(describe, app) == text
    assert refusal(update, app) == text
    assert refusal(app.send, DeleteUserPoolClient(user_pool_id=app.pool_id, client_id=app.client_id)) == text
    assert refusal(app.password_auth) == text
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == text
    renew = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or "")
    assert refusal(app.send, renew) == text
    assert refusal(app.send, replace(renew, client_id=stays.client_id)) == "NotAuthorized: Invalid Refresh Token"
    assert refusal(app.reply_to, challenge, SOFTWARE_TOKEN_MFA_CODE=app.totp(secret)) == text
    assert app.send(GetUser(access_token=others.access_token or "")).username == "ana"
    kept = GetTokensFromRefreshToken(client_id=stays.client_id, refresh_token=others.refresh_token or "")
    assert app.send(kept).authentication_result is not None


# List


def test_clients_in_pages() -> None:
    app, other = new_app(), new_app()
    made = [app.client_id, *(create(app).client_id for _ in range(4))]
    create(other)
    pages: list[list[str | None]] = []
    token: str | None = None
    while not pages or token:
        reply = app.send(ListUserPoolClients(user_pool_id=app.pool_id, max_results=2, next_token=token))
        pages.append([each.client_id for each in reply.user_pool_clients or ()])
        token = reply.next_token
    assert pages == [made[:2], made[2:4], made[4:]]
    clients = app.send(ListUserPoolClients(user_pool_id=app.pool_id)).user_pool_clients
    assert clients
    first = clients[0]
    assert (first.client_id, first.user_pool_id, first.client_name) == (app.client_id, app.pool_id, "tests")


def test_clients_of_a_type() -> None:
    app = new_app()
    regular = ListUserPoolClients(user_pool_id=app.pool_id, client_type="REGULAR")
    assert len(app.send(regular).user_pool_clients or ()) == 1
    assert app.send(replace(regular, client_type="DCR")).user_pool_clients == ()


def test_listings_that_cannot_be() -> None:
    app = new_app()
    request = ListUserPoolClients(user_pool_id=app.pool_id)
    assert refusal(app.send, replace(request, next_token="x")) == "InvalidParameter: Invalid pagination token."
    for limit in (0, 61):
        assert "at 'maxResults'" in refusal(app.send, replace(request, max_results=limit))


# What is not there, and what is too many


@pytest.mark.parametrize(
    "operation",
    [
        CreateUserPoolClient(user_pool_id="us-east-1_none", client_name="c"),
        DescribeUserPoolClient(user_pool_id="us-east-1_none", client_id="c"),
        UpdateUserPoolClient(user_pool_id="us-east-1_none", client_id="c"),
        DeleteUserPoolClient(user_pool_id="us-east-1_none", client_id="c"),
        ListUserPoolClients(user_pool_id="us-east-1_none"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_pools_that_are_not_there(operation: Any) -> None:
    assert refusal(send, new_cognito(), operation) == "ResourceNotFound: User pool us-east-1_none does not exist."


def test_at_most_a_thousand_clients_in_a_pool() -> None:
    tables = Tables()
    (client,) = tables.records.find(CLIENTS)
    for number in range(998):
        tables.records.insert(CLIENTS, replace(client, id=f"c{number}"))
    last = CreateUserPoolClient(user_pool_id=tables.pool_id, client_name="c")
    tables.run(last)
    assert refusal(tables.run, last) == "LimitExceeded: There are at most 1000 app clients in a user pool."
    tables.run(DeleteUserPoolClient(user_pool_id=tables.pool_id, client_id="c0"))
    tables.run(last)


PLANNED: Final[dict[str, Callable[[Tables], Operation[Any]]]] = {
    "create": lambda tables: CreateUserPoolClient(user_pool_id=tables.pool_id, client_name="c"),
    "list": lambda tables: ListUserPoolClients(user_pool_id=tables.pool_id),
    "delete": lambda tables: DeleteUserPoolClient(user_pool_id=tables.pool_id, client_id=tables.client_id),
}


@pytest.mark.parametrize("operation", PLANNED)
def test_no_table_is_scanned(operation: str) -> None:
    tables = Tables()
    plans = list(tables.plans(PLANNED[operation](tables)))
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
