"""What is kept: transactions, threads, files, and that no secret is readable where it need not be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cognito_auth.api.account import GetUser
from cognito_auth.api.auth import InitiateAuth
from cognito_auth.api.users import AdminGetUser
from cognito_auth.errors import ConfigurationError
from cognito_auth.local import Clock, LocalCognito
from cognito_auth.local.store.records import User
from cognito_auth.local.store.storage import FORMAT, Span, Storage, Table
from cognito_auth.local.store.tables import TABLES, USERS

from .support import PASSWORD, App, Refused, new_app, new_cognito, send, signed_in
from .tables import many_users


@pytest.fixture(params=["memory", "file"])
def cognito(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalCognito]:
    made = new_cognito(path=tmp_path / "pool.sqlite" if request.param == "file" else None)
    yield made
    made.close()


def test_fifty_sign_ups_make_one_user(cognito: LocalCognito) -> None:
    app = new_app(cognito)

    def attempt(number: int) -> str:
        try:
            return app.sign_up("ana", email=f"{number}@example.com")
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(50) as threads:
        results = list(threads.map(attempt, range(50)))
    assert results.count("UsernameExists") == 49
    assert len(cognito.outbox()) == 1


def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    one, two = new_cognito(path=path), new_cognito(path=path)
    app = new_app(one)

    def attempt(number: int) -> str:
        via = App((one, two)[number % 2], app.pool_id, app.client_id)
        try:
            return via.sign_up("ana", email=f"{number}@example.com")
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(10) as threads:
        results = list(threads.map(attempt, range(20)))
    assert results.count("UsernameExists") == 19
    one.close()
    two.close()


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    first = new_cognito(path=path)
    start = first.first_pool()
    app = App(first, start.user_pool_id, start.client_id)
    app.sign_up()
    app.confirm()
    tokens = app.tokens()
    keys = first.key_set(start.user_pool_id)
    messages = first.outbox()
    first.close()

    second = new_cognito(path=path)
    assert second.first_pool() == start
    assert second.pools() == (start.user_pool_id,)
    assert second.key_set(start.user_pool_id) == keys
    assert second.outbox() == messages
    app = App(second, start.user_pool_id, start.client_id)
    assert app.send(GetUser(access_token=tokens.access_token or "")).username == "ana"
    parameters = {"REFRESH_TOKEN": tokens.refresh_token or ""}
    refresh = InitiateAuth(client_id=app.client_id, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters)
    assert signed_in(app.send(refresh))
    second.close()


def test_a_refusal_leaves_no_trace() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.sign_up("ana", email="ana@example.com")
    app.confirm("ana")
    app.sign_up("eva", email="ana@example.com")
    before = send(app.cognito, AdminGetUser(user_pool_id=app.pool_id, username="eva"))
    app.cognito.clock.move(10)
    code = app.cognito.outbox(app.pool_id, "eva")[-1].code
    with pytest.raises(Refused, match="AliasExists"):
        app.confirm("eva", code)
    assert send(app.cognito, AdminGetUser(user_pool_id=app.pool_id, username="eva")) == before


def test_passwords_and_tokens_are_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    app = new_app(new_cognito(path=path), pool={"mfa_configuration": "ON"})
    app.create_user()
    session = app.password_auth().session or ""
    plain = new_app(app.cognito)
    plain.create_user()
    tokens = plain.tokens()
    app.cognito.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"ana@example.com" in content
    for secret in (PASSWORD, session, tokens.refresh_token, tokens.access_token, tokens.id_token):
        assert secret
        assert secret.encode() not in content


def test_names_and_subs_are_unique_in_the_file_itself() -> None:
    storage = Storage(None, TABLES)
    ana = User(
        pool_id="us-east-1_p",
        name="ana",
        username="ana",
        sub="1",
        status="CONFIRMED",
        enabled=True,
        attributes={},
        created_at=0.0,
        modified_at=0.0,
    )
    with storage.transaction() as records:
        records.insert(USERS, ana)
        records.insert(USERS, replace(ana, name="eva", sub="2"))
        records.insert(USERS, replace(ana, pool_id="us-east-1_q"))
    for clash in (replace(ana, sub="3"), replace(ana, name="bob")):
        with pytest.raises(sqlite3.IntegrityError), storage.transaction() as records:
            records.insert(USERS, clash)
    storage.close()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_index_is_there_once(table: Table[Any]) -> None:
    connection = sqlite3.connect(":memory:")
    for _ in range(2):  # a file that is opened again has its tables already
        for statement in table.schema():
            connection.execute(statement)
    found = {
        tuple(column for (column,) in connection.execute("SELECT name FROM pragma_index_info(?)", (name,)))
        for (name,) in connection.execute("SELECT name FROM pragma_index_list(?)", (table.name,))
    }
    assert found == {table.key, *table.unique, *table.indexes}


def test_a_facet_follows_its_record() -> None:
    storage = Storage(None, TABLES)
    (ana,) = many_users("us-east-1_p", 1)
    with storage.transaction() as records:
        records.insert(USERS, ana)
        records.put(USERS, replace(ana, attributes={"email": "new@example.com"}))
        assert not records.search(USERS, Span.exactly("email", "user-000000@example.com"), limit=9, pool_id="us-east-1_p")
        (found,) = records.search(USERS, Span.exactly("email", "new@example.com"), limit=9, pool_id="us-east-1_p")
        assert found[1].name == ana.name
        records.put(USERS, replace(ana, attributes={}))
        assert not records.search(USERS, Span.starting_with("email", ""), limit=9, pool_id="us-east-1_p")
        records.delete(USERS, pool_id="us-east-1_p", name=ana.name)
        assert not records.search(USERS, Span.starting_with("username", ""), limit=9, pool_id="us-east-1_p")
    storage.close()


def test_new_storages_share_nothing() -> None:
    one, two = Storage(None, TABLES), Storage(None, TABLES)
    (ana,) = many_users("us-east-1_p", 1)
    with one.transaction() as records:
        records.insert(USERS, ana)
    for storage in (two, Storage(None, TABLES)):
        with storage.transaction(writes=False) as records:
            assert records.count(USERS) == 0
        storage.close()
    one.close()


def test_what_is_undone_is_not_read_again() -> None:
    storage = Storage(None, TABLES)
    (ana,) = many_users("us-east-1_p", 1)
    with storage.transaction() as records:
        records.insert(USERS, ana)
    with suppress(KeyError), storage.transaction() as records:
        records.put(USERS, replace(ana, status="RESET_REQUIRED"))
        changed = records.get(USERS, ana.pool_id, ana.name)
        assert changed is not None
        assert changed.status == "RESET_REQUIRED"
        raise KeyError
    with storage.transaction(writes=False) as records:
        assert records.get(USERS, ana.pool_id, ana.name) == ana
    storage.close()


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pool.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(ValueError, match="layout"):
        new_cognito(path=path)


def test_the_first_pool() -> None:
    cognito = new_cognito()
    start = cognito.first_pool()
    assert cognito.first_pool() == start
    assert cognito.pools() == (start.user_pool_id,)
    assert start.confidential_client_secret not in repr(start)
    confidential = App(cognito, start.user_pool_id, start.confidential_client_id, start.confidential_client_secret)
    for app, name in ((App(cognito, start.user_pool_id, start.client_id), "ana"), (confidential, "Eva")):
        app.sign_up(name)
        app.confirm(name)
        assert app.srp_auth(name.upper()).authentication_result
        assert app.password_auth(name).authentication_result
    with pytest.raises(Refused, match="email: The attribute is required"):
        confidential.sign_up("bob", name="Bob")


def test_an_existing_pool_is_the_first_one() -> None:
    app = new_app(generate_secret=True)
    new_app(app.cognito)
    start = app.cognito.first_pool()
    assert start.user_pool_id == app.pool_id
    assert (start.client_id, start.confidential_client_id) == ("", app.client_id)
    assert len(app.cognito.pools()) == 2


def test_the_outbox_by_pool_and_by_any_name() -> None:
    app = new_app(pool={"alias_attributes": ("email",)})
    app.sign_up("ana", email="ana@example.com")
    app.confirm("ana")
    app.sign_up("eva", email="eva@example.com")
    other = new_app(app.cognito)
    other.sign_up("ana")
    sub = send(app.cognito, AdminGetUser(user_pool_id=app.pool_id, username="ana")).user_attributes
    assert sub is not None
    assert [message.username for message in app.cognito.outbox()] == ["ana", "eva", "ana"]
    assert [message.username for message in app.cognito.outbox(app.pool_id)] == ["ana", "eva"]
    assert len(app.cognito.outbox(username="ana")) == 2
    for name in ("ana", "ana@example.com", sub[0].value):
        assert len(app.cognito.outbox(app.pool_id, name)) == 1
    assert app.cognito.outbox(app.pool_id, "nobody") == ()
    assert app.cognito.outbox("us-east-1_none") == ()


def test_the_clock_moves_forward_only() -> None:
    clock = Clock(lambda: 100.0)
    clock.move(5)
    clock.move(0)
    assert clock.now() == 105
    for step in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="forward"):
            clock.move(step)


@pytest.mark.parametrize("region", ["", "../x", "eu west", "EU-WEST-1", "eu-west"])
def test_a_region_that_no_pool_id_can_begin_with_is_refused(region: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        LocalCognito(region=region)
