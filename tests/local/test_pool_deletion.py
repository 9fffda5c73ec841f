"""Deleting a pool: what it held is gone, and what keeps it from being deleted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cognito_auth.api.account import ForgotPassword, GetUser
from cognito_auth.api.auth import GetTokensFromRefreshToken
from cognito_auth.api.clients import DescribeUserPoolClient
from cognito_auth.api.domains import CreateUserPoolDomain, DeleteUserPoolDomain
from cognito_auth.api.groups import AdminAddUserToGroup, CreateGroup
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings
from cognito_auth.api.pools import DeleteUserPool
from cognito_auth.api.resource_servers import CreateResourceServer
from cognito_auth.local import LocalCognito
from cognito_auth.local.store.tables import TABLES

from .pool_settings import SMS, describe, update
from .support import App, new_app, new_cognito, refusal, send


def populated(cognito: LocalCognito) -> App:
    """A pool with something of everything that a pool holds."""
    app = new_app(cognito, pool={"mfa_configuration": "OPTIONAL", "alias_attributes": ("email",), "sms_configuration": SMS})
    app.create_user()
    app.sign_up("eva", email="eva@example.com")
    app.tokens()
    access = app.tokens().access_token or ""
    app.set_up_totp(access)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=SoftwareTokenMfaSettings(enabled=True)))
    assert app.password_auth().challenge_name == "SOFTWARE_TOKEN_MFA"
    assert refusal(app.password_auth, "ana", "wrong").startswith("NotAuthorized")
    app.send(ForgotPassword(client_id=app.client_id, username="ana"))
    app.send(CreateGroup(user_pool_id=app.pool_id, group_name="staff"))
    app.send(AdminAddUserToGroup(user_pool_id=app.pool_id, group_name="staff", username="ana"))
    app.send(CreateResourceServer(user_pool_id=app.pool_id, identifier="orders", name="Orders"))
    return app


def rows(path: Path) -> dict[str, int]:
    """How many records each table has, but for what is spent, which belongs to no pool."""
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = {name for (name,) in found} - {"sqlite_sequence", "spent"}
        counted = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    connection.close()
    return counted


def test_a_deleted_pool_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    cognito = new_cognito(path=path)
    stays = populated(cognito)
    before = rows(path)
    assert all(before[name] for name in ("users", "sessions", "grants", "refresh_tokens", "codes", "letters", "tallies"))
    goes = populated(cognito)
    assert rows(path)["refresh_tokens"] == 2 * before["refresh_tokens"]
    send(cognito, DeleteUserPool(user_pool_id=goes.pool_id))
    assert rows(path) == before
    cognito.close()
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert stays.pool_id in dump
    assert goes.pool_id not in dump
    assert goes.client_id not in dump


def test_no_table_is_forgotten() -> None:
    """What says which pool it belongs to is found by that; the rest needs a way of its own when a pool is deleted."""
    others = {table.name for table in TABLES if "pool_id" not in table.columns}
    assert others == {"pools", "refresh_tokens", "spent"}


def test_a_deleted_pool_is_gone_for_everybody() -> None:
    app = new_app()
    app.create_user()
    tokens = app.tokens()
    app.send(DeleteUserPool(user_pool_id=app.pool_id))
    gone = f"ResourceNotFound: User pool {app.pool_id} does not exist."
    assert refusal(describe, app.cognito, app.pool_id) == gone
    assert refusal(app.send, DeleteUserPool(user_pool_id=app.pool_id)) == gone
    no_client = f"ResourceNotFound: User pool client {app.client_id} does not exist."
    assert refusal(app.password_auth) == no_client
    renew = GetTokensFromRefreshToken(client_id=app.client_id, refresh_token=tokens.refresh_token or "")
    assert refusal(app.send, renew) == no_client
    assert refusal(app.send, GetUser(access_token=tokens.access_token or "")) == "NotAuthorized: Invalid Access Token"
    assert app.cognito.key_set(app.pool_id) is None
    assert app.cognito.discovery(app.pool_id) is None
    assert app.cognito.outbox() == ()


def test_a_protected_pool_is_not_deleted() -> None:
    app = new_app(pool={"deletion_protection": "ACTIVE"})
    protected = (
        "InvalidParameter: The user pool cannot be deleted because deletion protection is activated. "
        "Deletion protection must be inactivated first."
    )
    assert refusal(app.send, DeleteUserPool(user_pool_id=app.pool_id)) == protected
    app.send(DescribeUserPoolClient(user_pool_id=app.pool_id, client_id=app.client_id))
    update(app.cognito, app.pool_id, deletion_protection="INACTIVE")
    app.send(DeleteUserPool(user_pool_id=app.pool_id))
    assert app.cognito.pools() == ()


def test_a_pool_with_a_domain_is_not_deleted() -> None:
    app = new_app()
    domain = CreateUserPoolDomain(user_pool_id=app.pool_id, domain="example")
    app.send(domain)
    text = "InvalidParameter: User pool cannot be deleted. It has a domain configured that should be deleted first."
    assert refusal(app.send, DeleteUserPool(user_pool_id=app.pool_id)) == text
    app.send(DeleteUserPoolDomain(user_pool_id=app.pool_id, domain="example"))
    app.send(DeleteUserPool(user_pool_id=app.pool_id))
    assert app.cognito.pools() == ()
